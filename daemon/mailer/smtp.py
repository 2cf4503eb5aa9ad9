"""Sends by SMTP over one kept connection, and knows of every letter whether it left, did not, or may have."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from daemon.accounts.oauth import Auth, OAuthSettings, auth_slips
from daemon.accounts.tls import Tls
from daemon.accounts.tokens import Use, source
from daemon.errors import TransientError
from daemon.mailer import Envelope, Result, Sending
from daemon.mailer._smtp_letter import Letter, letter
from daemon.mailer._smtp_login import connect, login_refused

__all__ = ["SmtpMailer", "SmtpSettings", "open_mailer"]

_LOST = (smtplib.SMTPException, OSError)
_PER_CONNECTION = 200  # letters; some servers end a connection that sends more


@dataclass(frozen=True)
class SmtpSettings:
    """One way out.  ``token`` gives an access token and is asked at every connect; times are in seconds."""

    name: str
    host: str
    port: int = 587
    tls: Tls = Tls.STARTTLS
    ca_file: str | None = None
    user: str = field(default="", repr=False)  # "": no login
    password: str = field(default="", repr=False)
    auth: Auth = "password"
    oauth: OAuthSettings | None = None
    token: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    helo: str = ""  # "": the domain of the first letter's sender
    connect_seconds: float = 20.0
    command_seconds: float = 60.0
    final_seconds: float = 300.0  # the answer to the final dot may take long (RFC 5321 section 4.5.3.2.6)

    def slips(self) -> Iterator[tuple[str, str]]:
        return auth_slips(self.auth, self.oauth)


def open_mailer(settings: SmtpSettings) -> SmtpMailer:
    if settings.oauth is not None and settings.token is None:
        where = f"sending by {settings.name}"
        settings = replace(settings, token=source(settings.oauth, Use.SMTP, settings.user, where))
    return SmtpMailer(settings)


class SmtpMailer:
    """See ``Mailer``.  Used by one thread at a time."""

    def __init__(self, settings: SmtpSettings) -> None:
        self.settings = settings
        self._smtp: smtplib.SMTP | None = None
        self._used = 0

    def send(self, envelope: Envelope) -> Sending:
        kept = self._smtp is not None
        try:
            return self._try(envelope)
        except TransientError:
            if not kept:
                raise
            return self._try(envelope)  # the kept connection had died, and nothing was said on it

    def open(self) -> None:
        """Connect and log in, to see that it works; raises as ``send`` does."""
        self._connected("localhost")

    def close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(2.0)
            smtp.quit()
        except (smtplib.SMTPException, OSError):
            smtp.close()

    def _try(self, envelope: Envelope) -> Sending:
        if self._used >= _PER_CONNECTION:
            self.close()
        smtp = self._connected(envelope.sender.rpartition("@")[2])
        ready = letter(envelope, smtp.esmtp_features)
        if isinstance(ready, Sending):
            return ready
        self._used += 1
        try:
            refused = self._envelope(smtp, ready)
            if refused is not None:
                return refused
            smtp.send(ready.body)
        except _LOST:
            self._drop()
            raise TransientError(f"{self._where}: the connection was lost before the letter was complete") from None
        return self._final_dot(smtp)

    @property
    def _where(self) -> str:
        return f"sending by {self.settings.name}: {self.settings.host}"

    def _connected(self, domain: str) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = connect(self.settings, self.settings.helo or domain)
            self._used = 0
        return self._smtp

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _envelope(self, smtp: smtplib.SMTP, ready: Letter) -> Sending | None:
        """Say MAIL, RCPT and DATA; return how it ended if it did.  One refused recipient ends it for all."""
        for command in ready.commands:
            code, text = smtp.docmd(command)
            if not 200 <= code < 300:
                return self._ended(smtp, code, text)
        code, text = smtp.docmd("DATA")
        return None if code == 354 else self._ended(smtp, code, text)

    def _ended(self, smtp: smtplib.SMTP, code: int, text: bytes) -> Sending:
        """Tell a refusal before the letter was said, and clear the connection for the next one."""
        if code == 530 or code == 535:
            self._drop()
            raise login_refused(self._where)
        if not 400 <= code < 600:
            raise smtplib.SMTPServerDisconnected("not SMTP")
        if code == 421:
            self._drop()
        else:
            self._reset(smtp)
        return _sending(code, text)

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            code, _ = smtp.docmd("RSET")
        except _LOST:
            code = 0
        if code != 250:
            self._drop()

    def _final_dot(self, smtp: smtplib.SMTP) -> Sending:
        """From the first byte of the final dot on, a lost connection means that nobody knows."""
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self.settings.final_seconds)
            smtp.send(b".\r\n")
            code, text = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self.settings.command_seconds)
        except (smtplib.SMTPException, OSError):
            self._drop()
            return Sending(Result.UNKNOWN)
        if code == 421 or not 200 <= code < 600:
            self._drop()
        return _sending(code, text)


def _sending(code: int, text: bytes) -> Sending:
    """Return the result that a final reply means; the reply without the server's words (RFC 3463 gives the rest)."""
    reply = " ".join([str(code), *enhanced(text)])
    if 200 <= code < 300:
        return Sending(Result.SENT, reply)
    if 400 <= code < 500:
        return Sending(Result.DEFERRED, reply)
    if 500 <= code < 600:
        return Sending(Result.REFUSED, reply)
    return Sending(Result.UNKNOWN)


def enhanced(text: bytes) -> list[str]:
    """Return the enhanced status code at the start of a reply's text, if there is one."""
    first = text.split(maxsplit=1)[:1]
    parts = first[0].decode("ascii", "replace").split(".") if first else []
    right = len(parts) == 3 and parts[0] in ("2", "4", "5") and all(p.isdigit() and len(p) <= 3 for p in parts)
    return [".".join(parts)] if right else []
