"""What composing a letter needs and gives, whichever job queued it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from daemon.followups.planned import Rules
from daemon.followups.reasons import NotSent
from daemon.notices import token
from daemon.render.templates import Templates
from daemon.rulefile.blocks import Onboarding, Register, Unresponsive

_LONGEST_LOCAL = 64  # octets before the @ (RFC 5321 section 4.5.3.1.1)


@dataclass(frozen=True, slots=True)
class Sender:
    """The mailbox that a letter leaves from and is answered to."""

    address: str = field(repr=False)
    name: str = field(default="", repr=False)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True)
class Desk:
    """What composing needs of the settings; ``senders``: mailbox name -> sender, the first is the usual one."""

    senders: Mapping[str, Sender] = field(repr=False)
    key: bytes = field(repr=False)  # signs our Message-IDs
    rules: Rules = field(default_factory=Rules)
    templates: Templates = field(default_factory=Templates)
    organisation: str = "Notice Tracking"
    form: bool = False  # a form to fill in goes with letters to ESPs whose own setting says nothing else
    plain_urls: bool = False  # in first notices; anything else a person reads is defanged
    register: Register = field(default_factory=Register)
    onboarding: Onboarding = field(default_factory=Onboarding)
    unresponsive: Unresponsive = field(default_factory=Unresponsive)

    @property
    def usual(self) -> str:
        """The name of the mailbox that letters leave from when nothing says another one."""
        return next(iter(self.senders))

    def sender(self, mailbox: str) -> Sender:
        return self.senders.get(mailbox) or self.senders[self.usual]

    def message_id(self, key: str, mailbox: str) -> str:
        """The Message-ID of the letter with this key of the outbox: always the same one."""
        return token.make("letter", key, self.key, self.sender(mailbox).domain)

    def reply_address(self, row: int, key: str, mailbox: str) -> str:
        """Our address with the token of a letter of the outbox in it; "" where that would be too long (RFC 5321)."""
        local, _, domain = self.sender(mailbox).address.rpartition("@")
        local = f"{local}+{token.tag(token.REPLY, token.reply_id(row, key), self.key)}"
        return f"{local}@{domain}" if len(local) <= _LONGEST_LOCAL else ""


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter ready to be stored and sent; ``dropped``: the notices it no longer speaks of, and why."""

    raw: bytes = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    dropped: tuple[tuple[int, NotSent], ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The letter is no longer wanted."""

    why: NotSent


@dataclass(frozen=True, slots=True)
class Later:
    """The letter may not leave yet: its hours, or its slot at this address."""

    why: NotSent
    until: datetime


Ready = Composed | Later | Withdrawn
