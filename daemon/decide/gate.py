"""The gate: the one place that decides whether a mail may close takedowns without a person.

A mail that does not pass closes nothing at all: its closings wait, filled in, in one review item.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from daemon.decide.reasons import Reason
from daemon.notices.status import Evidence, Outcome

CLOSING = frozenset({Outcome.REMOVED, Outcome.ALREADY_GONE})
PROVEN = frozenset({Evidence.AUTHENTICATED, Evidence.VERIFIED, Evidence.VERIFIED_TWICE})


@dataclass(frozen=True, slots=True)
class Claim:
    """What the mail asserts about one URL of the matched notices (``no_change``: nothing), and how surely."""

    outcome: Outcome
    named: bool = False  # by address or number, by "all", or because the notice has only this one
    clear: bool = True  # no hedge, negation, condition, question or hearsay applies
    contradiction: bool = False
    survivor_linked: bool = False
    esp: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the gate looks at."""

    claims: tuple[Claim, ...]
    strong_match: bool
    evidence: Evidence
    notices: int = 1
    gone_before_notice: bool = False
    unread_sentence: bool = False  # a sentence about one of the URLs says something that no rule knows
    partial_read: bool = False
    require_person_for: tuple[str, ...] = ()  # "survivor-linked", "all", or keys of ESPs
    max_per_mail: int = 200


def gate(facts: Facts) -> tuple[Reason, ...]:
    """Return what keeps the mail's closings waiting for a person; empty when they may close."""
    closings = [claim for claim in facts.claims if claim.outcome in CLOSING]
    if not closings:
        return ()
    return tuple(dict.fromkeys((*_proof(facts), *_statement(facts, closings), *_settings(facts, closings))))


def _proof(facts: Facts) -> Iterator[Reason]:
    if not facts.strong_match:
        yield Reason.WEAK_MATCH
    if facts.evidence not in PROVEN:
        yield Reason.NOT_AUTHENTICATED
    if facts.notices != 1:
        yield Reason.SEVERAL_NOTICES
    if facts.partial_read:
        yield Reason.PARTIAL_READ


def _statement(facts: Facts, closings: list[Claim]) -> Iterator[Reason]:
    if not all(claim.named for claim in closings):
        yield Reason.ITEM_NOT_NAMED
    if not all(claim.clear for claim in closings):
        yield Reason.UNCLEAR_CLAIM
    if any(claim.outcome not in CLOSING for claim in facts.claims):
        yield Reason.MIXED
    if any(claim.contradiction for claim in facts.claims):
        yield Reason.CONTRADICTION
    if facts.gone_before_notice:
        yield Reason.GONE_BEFORE_NOTICE
    if facts.unread_sentence:
        yield Reason.UNREAD_SENTENCE


def _settings(facts: Facts, closings: list[Claim]) -> Iterator[Reason]:
    """Yield what the ``closing:`` block adds; it can only make the gate stricter."""
    asked = set(facts.require_person_for)
    survivor = "survivor-linked" in asked and any(claim.survivor_linked for claim in closings)
    if "all" in asked or survivor or any(claim.esp in asked for claim in closings):
        yield Reason.CLOSING_BLOCK
    if len(closings) > facts.max_per_mail:
        yield Reason.TOO_MANY
