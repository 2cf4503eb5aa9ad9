"""Sending: one small port, one module per way out (smtp, capture, ...)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Envelope:
    """A finished letter: ``raw`` is RFC 5322 with CRLF and carries ``message_id``; addresses are RFC 5321 mailboxes."""

    message_id: str = field(repr=False)
    sender: str = field(repr=False)
    recipients: tuple[str, ...] = field(repr=False)
    raw: bytes = field(repr=False)
    draft: str = ""  # the server's own id of the draft made of it, see ``Drafting``


class Result(StrEnum):
    SENT = "sent"  # the other side accepted it
    REFUSED = "refused"  # a permanent no, nothing was accepted
    DEFERRED = "deferred"  # a temporary no, nothing was accepted: try later
    UNKNOWN = "unknown"  # the answer was lost after everything was said: it may or may not have left


@dataclass(frozen=True, slots=True)
class Sending:
    """How one attempt ended.  ``reply`` is the reply code and enhanced status only, never the server's text."""

    result: Result
    reply: str = ""
    retry_after: float | None = None  # seconds


class Mailer(Protocol):
    """What the daemon asks of a way out; it keeps one connection for many letters and has a deadline on every step."""

    def send(self, envelope: Envelope) -> Sending:
        """Try once.  Raises ConfigError (login refused) or TransientError (not reached: nothing was said)."""

    def close(self) -> None:
        """Let go of the connection; never raises."""


class Drafting(Mailer, Protocol):
    """A way out that first stores a letter with the server; its id is committed before ``send`` is called with it.

    A draft can leave once only, so a second attempt with the same ``Envelope.draft`` is that very letter.
    """

    def draft(self, envelope: Envelope) -> str | Sending:
        """Store the letter without sending it; return its id, or how it ended if it is refused.  Raises as ``send``."""

    def look_at(self, envelope: Envelope) -> Result:
        """Tell where the letter of a draft is, sending nothing: SENT, DEFERRED (still a draft, at rest) or UNKNOWN."""
