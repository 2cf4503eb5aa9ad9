"""The words for where a takedown stands, what was asserted about it, and on what evidence."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where the work on one takedown (URL x ESP x cycle) stands."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    INFO_REQUESTED = "info_requested"
    PARTIAL = "partial"
    NOT_HOSTED = "not_hosted"
    REFUSED = "refused"
    UNDELIVERABLE = "undeliverable"
    REMOVED = "removed"
    ALREADY_GONE = "already_gone"
    WITHDRAWN = "withdrawn"
    UNRESOLVED = "unresolved"

    @property
    def is_closed(self) -> bool:
        return self in CLOSED


CLOSED = frozenset({Status.REMOVED, Status.ALREADY_GONE, Status.WITHDRAWN, Status.UNRESOLVED})


class Outcome(StrEnum):
    """What a reply asserts about one URL."""

    REMOVED = "removed"
    ALREADY_GONE = "already_gone"
    PARTIAL = "partial"
    PENDING = "pending"
    REFUSED = "refused"
    NOT_HOSTED = "not_hosted"
    INFO_NEEDED = "info_needed"
    NO_CHANGE = "no_change"


class Evidence(StrEnum):
    """How well an assertion is proven, weakest first."""

    NONE = "none"
    CLAIMED = "claimed"
    AUTHENTICATED = "authenticated"
    VERIFIED = "verified"
    VERIFIED_TWICE = "verified_twice"


class NoticeStatus(StrEnum):
    """Derived from the takedowns of a notice, never typed."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENT = "sent"
    OPEN = "open"
    PARTLY_RESOLVED = "partly_resolved"
    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    WITHDRAWN = "withdrawn"
    UNDELIVERABLE = "undeliverable"


class Category(StrEnum):
    """The gist of a mail, for labels, folders and statistics."""

    REMOVED = "removed"
    ALREADY_GONE = "already_gone"
    REFUSED = "refused"
    NOT_HOSTED_HERE = "not_hosted_here"
    MORE_INFO_NEEDED = "more_info_needed"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    WRONG_CHANNEL = "wrong_channel"
    CONTACT_CHANGE = "contact_change"
    ONBOARDING = "onboarding"
    OUT_OF_OFFICE = "out_of_office"
    BOUNCE_HARD = "bounce_hard"
    BOUNCE_SOFT = "bounce_soft"
    UNRELATED = "unrelated"
    SPOOFED = "spoofed"
    UNREADABLE = "unreadable"
    OTHER = "other"
