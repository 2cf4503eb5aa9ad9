"""How a mail was tied to a notice, and what its sender was proven to be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Proof(StrEnum):
    """How a mail was tied to a notice; strong proofs may close, weak ones only propose."""

    TOKEN = "token"  # noqa: S105 - the word for a proof, no secret
    IN_REPLY_TO = "in_reply_to"
    REFERENCES = "references"
    DSN_MESSAGE_ID = "dsn_message_id"
    NUMBER_SUBJECT = "number_subject"
    NUMBER_BODY = "number_body"
    QUOTED_NOTICE = "quoted_notice"
    TICKET = "ticket"
    URLS = "urls"
    SENDER_DOMAIN = "sender_domain"
    DATE = "date"

    @property
    def is_strong(self) -> bool:
        return self in _STRONG


_STRONG = frozenset(
    {
        Proof.TOKEN,
        Proof.IN_REPLY_TO,
        Proof.REFERENCES,
        Proof.DSN_MESSAGE_ID,
        Proof.NUMBER_SUBJECT,
        Proof.NUMBER_BODY,
        Proof.QUOTED_NOTICE,
    }
)


class Standing(StrEnum):
    """What the sender was proven to be."""

    AUTHENTICATED = "authenticated"  # a registered domain of the notice's ESP, proven by our own mail server
    CLAIMED = "claimed"
    SPOOFED = "spoofed"


@dataclass(frozen=True, slots=True)
class Matched:
    """One notice that the mail answers; ``proofs`` strongest first."""

    number: str
    esp: str
    proofs: tuple[Proof, ...]

    @property
    def is_strong(self) -> bool:
        return any(proof.is_strong for proof in self.proofs)
