"""An ESP and the domains that may speak for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


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
    """``domains``: all that may speak for it (its own, its contacts', registered speaking domains), lower-case."""

    key: str  # a slug, used in rules.yaml
    name: str
    domains: frozenset[str] = field(default=frozenset(), repr=False)
    contacts: frozenset[str] = field(default=frozenset(), repr=False)
