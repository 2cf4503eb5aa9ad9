"""What judging a reply by rules gives: one verdict per URL, the kinds of mail, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from daemon.rulefile.meanings import CLOSING, ON_A_URL, ROUTED, Meaning

__all__ = ["CLOSING", "DENIABLE", "ON_A_URL", "ROUTED", "STATES", "Hit", "Meaning", "UrlVerdict", "Verdict"]

STATES = frozenset({Meaning.PARTIAL, Meaning.BACK_ONLINE})  # planned, asked for or conditional they are none yet
DENIABLE = CLOSING | STATES


@dataclass(frozen=True, slots=True)
class Hit:
    """One phrase that matched one sentence; ``cancelled`` names what took its effect away ("" if nothing did)."""

    rule: str
    meaning: Meaning
    line: int  # the phrase's line in rules.yaml
    sentence: int
    urls: tuple[str, ...] = field(repr=False)  # the URLs it speaks of; empty: it reaches none by itself
    named: bool = False  # the sentence (or its governing list) names these URLs itself
    cancelled: str = (
        ""  # hedge, negation, question, hearsay, condition, but_not, instead_of, completed, watch, struck ...
    )
    word: str = field(default="", repr=False)  # the cancelling word
    span: tuple[int, int] = (0, 0)  # in its sentence: where its clause starts, if it closes, and where its phrase ends


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
    pause: timedelta | None = None  # the longest ``pause_reminders`` of the rules that count
    reply_with: str = ""  # the template of the ``info_needed`` rule that counts, if it names one
    like: Meaning | None = None  # where no phrase counts: the meaning whose examples the words are most like
