"""What a mail program says to log in with an access token, in IMAP and in SMTP."""

from __future__ import annotations


def said(auth: str, user: str, token: str) -> tuple[bytes, bytes]:
    """Return (the first message, the answer to a refusal) for ``xoauth2`` or ``oauthbearer`` (RFC 7628).

    A refusal comes as one more challenge, and is ended with a message that says nothing.
    """
    if auth == "xoauth2":
        return f"user={user}\1auth=Bearer {token}\1\1".encode(), b""
    escaped = user.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={escaped},\1auth=Bearer {token}\1\1".encode(), b"\1"
