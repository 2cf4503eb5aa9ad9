"""Whether a draft would go where its letter is to go: Exchange sends it to whom its headers name."""

from __future__ import annotations

from collections.abc import Iterable
from email import message_from_bytes
from email.utils import getaddresses

from daemon.mailer import Envelope


def named_are_meant(envelope: Envelope) -> bool:
    """Whether the headers name the envelope's recipients.

    A copy to the sender himself needs no header: the one in Sent serves the same end.
    """
    message = message_from_bytes(envelope.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    headers = [str(value) for header in ("To", "Cc", "Bcc") for value in message.get_all(header, [])]
    named = _lower(address for _, address in getaddresses(headers))
    meant = _lower(envelope.recipients)
    return bool(named) and named in (meant, meant - _lower([envelope.sender]))


def _lower(addresses: Iterable[str]) -> set[str]:
    return {address.lower() for address in addresses if address}
