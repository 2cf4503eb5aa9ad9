"""What judging a reply by rules gives: one verdict per URL, the kinds of mail, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Hit:
    """One phrase that matched one sentence; ``cancelled`` names what took its effect away ("" if nothing did)."""

    rule: str
    meaning: Meaning
    line: int  # the phrase's line in rules.yaml
    sentence: int
    urls: tuple[str, ...] = field(repr=False)  # the URLs it speaks of; empty: it reaches none by itself
    named: bool = False  # the sentence (or its governing list) names these URLs itself
    cancelled: str = ""  # hedge, negation, question, hearsay, condition, but_not, instead_of, watch, struck ...
    word: str = field(default="", repr=False)  # the cancelling word


@dataclass(frozen=True, slots=True)
class UrlVerdict:
    """What the reply says of one URL: the winner, and whether that is safe to act on."""

    meaning: Meaning | None  # None: nothing was said
    hit: Hit | None = None
    losers: tuple[Hit, ...] = ()
    contradiction: bool = False  # a closing together with something more cautious


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole judgement.  ``urls`` has one entry for every URL asked about."""

    urls: Mapping[str, UrlVerdict] = field(repr=False)
    kinds: tuple[Hit, ...] = ()  # hits with a meaning that gives no outcome
    hits: tuple[Hit, ...] = ()  # every hit, cancelled ones too
    doubts: tuple[str, ...] = ()  # reasons, from a closed list, why a person must see the mail
    rules_version: str = ""
