"""Every meaning that a rule may have."""

from __future__ import annotations

from enum import StrEnum


class Meaning(StrEnum):
    """Every meaning a rule may have.  ``ON_A_URL`` lists those that give an outcome, most cautious first."""

    PERSON = "person"
    BACK_ONLINE = "back_online"
    REFUSED = "refused"
    INFO_NEEDED = "info_needed"
    NOT_HOSTED = "not_hosted"
    PARTIAL = "partial"
    PENDING = "pending"
    ALREADY_GONE = "already_gone"
    REMOVED = "removed"
    ACKNOWLEDGED = "acknowledged"
    OUT_OF_OFFICE = "out_of_office"
    BOUNCE_HARD = "bounce_hard"
    BOUNCE_SOFT = "bounce_soft"
    WRONG_CHANNEL = "wrong_channel"
    CONTACT_CHANGE = "contact_change"
    ONBOARDING = "onboarding"
    UNRELATED = "unrelated"
    UNREADABLE = "unreadable"  # found by the daemon; a rule may add the wording of portals
    SURVIVOR = "survivor"
    LAW_ENFORCEMENT = "law_enforcement"
    ACCESS_REQUEST = "access_request"
    PUBLIC_REPORT = "public_report"
    PRESS = "press"


ON_A_URL: tuple[Meaning, ...] = tuple(Meaning)[:9]  # most cautious first
CLOSING: frozenset[Meaning] = frozenset({Meaning.REMOVED, Meaning.ALREADY_GONE})
ROUTED: frozenset[Meaning] = frozenset(
    {Meaning.SURVIVOR, Meaning.LAW_ENFORCEMENT, Meaning.ACCESS_REQUEST, Meaning.PUBLIC_REPORT, Meaning.PRESS}
)
