"""An ESP and the domains that may speak for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class EspState(StrEnum):
    """The life of an ESP in the register."""

    SEEN = "seen"
    RESEARCHING = "researching"
    INTRODUCED = "introduced"
    CHASING = "chasing"
    CONTACT_CONFIRMED = "contact_confirmed"
    CHANNEL_AGREED = "channel_agreed"
    ACTIVE = "active"
    DECLINED = "declined"
    NO_CONTACT = "no_contact"
    CONTACT_SUSPENDED = "contact_suspended"
    CONTACT_CHANGE_PENDING = "contact_change_pending"
    WATCH = "watch"
    UNRESPONSIVE = "unresponsive"
    ESCALATED = "escalated"
    MERGED = "merged"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Esp:
    """``domains``: all that may speak for it (its own, its contacts', registered speaking domains), lower-case.

    ``others``: third parties that letters about it go to (upstream, registrar, partner, authority); none speaks for it.
    """

    key: str  # a slug, used in rules.yaml
    name: str
    domains: frozenset[str] = field(default=frozenset(), repr=False)
    contacts: frozenset[str] = field(default=frozenset(), repr=False)
    receipts: frozenset[str] = field(default=frozenset(), repr=False)  # wordings learned, see ``message.wording``
    ticket_forms: tuple[str, ...] = ()  # learned, see ``followups.learned.form``
    others: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class LetterMarks:
    """What one ESP's settings say about the headers of letters to it, and what goes with them; nothing is usual.

    ``by_machine``: the letter says that a machine wrote it (Auto-Submitted, X-Auto-Response-Suppress), for an ESP whose
    own robot would answer each; many helpdesks drop such mail.  ``reply_token``: answers go to our address with our
    token in it, ``notices+TOKEN@…``, for an ESP whose helpdesk loses threads; our mail server must deliver those.
    ``form``: whether a form to fill in goes along, None: as our own settings say.  ``xarf``: first notices carry
    reports in XARF v4.  ``by_mail``: it takes notices by mail, not by a form, a portal or an API.
    """

    by_machine: bool = False
    reply_token: bool = False
    form: bool | None = None
    xarf: bool = False
    by_mail: bool = True

    @classmethod
    def of(cls, settings: Mapping[str, Any] | None) -> LetterMarks:
        """Read the keys ``auto_submitted``, ``reply_token``, ``form``, ``xarf``, ``channel``; only ``true`` is yes."""
        found = settings or {}
        return cls(
            by_machine=found.get("auto_submitted") is True,
            reply_token=found.get("reply_token") is True,
            form=found["form"] is True if found.get("form") is not None else None,
            xarf=found.get("xarf") is True,
            by_mail=found.get("channel") in (None, "mail"),
        )
