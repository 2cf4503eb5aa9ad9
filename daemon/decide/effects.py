"""What one decision changes, given where everything stands: one value for each journal row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from daemon.decide import reasons
from daemon.decide.decision import Decision, ItemDecision, Party, Standing
from daemon.message.message import BounceClass, BouncedRecipient
from daemon.notices import takedown
from daemon.notices.status import Category, Evidence, Outcome, Status
from daemon.notices.takedown import Event
from daemon.rules.verdict import Meaning

SOFT_LIMIT = 3  # the third soft bounce of one contact makes it undeliverable


class Action(StrEnum):
    """What is written into the journal."""

    STATUS = "status"  # a takedown: old and new status
    ASSERTED = "asserted"  # a takedown: an outcome is on record, its status stays
    FIRST_RESPONSE = "first_response"  # a notice: its first-response clock stops
    PAUSE = "pause"  # a notice: reminders wait, ``new`` is the number of seconds asked for
    HOLD = "hold"  # a notice: the ladder waits for a person, ``new`` says why
    CONTACT = "contact"  # a contact: old and new health, or one more soft bounce
    TICKET = "ticket"  # the ESP's ticket number is learned for this notice
    REVIEW = "review"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class TakedownNow:
    """Where one item of a matched notice stands before the mail is recorded."""

    notice: str
    position: int
    takedown: int
    status: Status
    survivor_linked: bool = False
    outcome: Outcome = Outcome.NO_CHANGE


@dataclass(frozen=True, slots=True)
class ContactNow:
    """The health of one contact: ``ok``, ``hard``, ``soft``, ``full``, ``policy``."""

    address: str = field(repr=False)
    health: str = "ok"
    soft_bounces: int = 0


@dataclass(frozen=True, slots=True)
class Current:
    """Everything the effects of one decision depend on."""

    takedowns: tuple[TakedownNow, ...] = ()
    contacts: tuple[ContactNow, ...] = ()
    answered: frozenset[str] = frozenset()  # notices whose first response is already on record
    contact_of: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (notice number, address it went to)


@dataclass(frozen=True, slots=True)
class Referral:
    """What a mail proposes for the items that are not hosted here: (notice, position) of each, and who is named."""

    items: tuple[tuple[str, int], ...]
    parties: tuple[Party, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One change and one journal row; fields that do not apply are empty."""

    action: Action
    notice: str = ""
    takedown: int | None = None
    position: int = 0
    old: str = ""
    new: str = ""
    outcome: Outcome | None = None
    evidence: Evidence = Evidence.NONE
    rule: str = ""
    line: int = 0
    sentence: int = 0
    closes: bool = False
    awaiting_verification: bool = False
    address: str = field(default="", repr=False)
    soft_bounces: int = 0
    reasons: tuple[str, ...] = ()
    referral: Referral | None = None


def effects(decision: Decision, current: Current) -> tuple[Change, ...]:
    """Return what recording ``decision`` changes, in the order to write it; a repeated call after that gives less."""
    if decision.standing is Standing.SPOOFED:
        return tuple(_queues(decision))
    return (
        *_moves(decision, current),
        *_bounces(decision, current),
        *_clocks(decision, current),
        *_ticket(decision),
        *_queues(decision),
    )


def _moves(decision: Decision, current: Current) -> Iterator[Change]:
    """Yield the takedowns that the mail moves; a mail that waits for a person moves none."""
    if decision.needs_human and reasons.blocks(decision.reasons):
        return
    proven = {matched.number for matched in decision.matched if matched.is_strong}  # a guess only proposes
    items = {(item.notice, item.position): item for item in decision.items if item.notice in proven}
    for now in current.takedowns:
        item = items.get((now.notice, now.position))
        if item is not None:
            yield from _move(decision, item, now)


def _move(decision: Decision, item: ItemDecision, now: TakedownNow) -> Iterator[Change]:
    event = takedown.event_of(item.outcome)
    if event is None and decision.category is Category.ACKNOWLEDGED and decision.first_response:
        event = Event.ACKNOWLEDGED
    if event is None or (event in _CLOSING and not (item.closes and not decision.needs_human)):
        return
    new = takedown.step(now.status, event)
    if new is None and (now.status.is_closed or item.outcome in {Outcome.NO_CHANGE, now.outcome}):
        return
    yield Change(
        Action.ASSERTED if new is None else Action.STATUS,
        notice=now.notice,
        takedown=now.takedown,
        position=now.position,
        old=now.status.value,
        new=(new or now.status).value,
        outcome=item.outcome,
        evidence=decision.evidence,
        rule=item.rule or decision.rule,
        line=item.line,
        sentence=item.sentence,
        closes=event in _CLOSING,
        awaiting_verification=event in _CLOSING and now.survivor_linked,
    )


_CLOSING = frozenset({Event.REMOVED, Event.ALREADY_GONE})


def _bounces(decision: Decision, current: Current) -> Iterator[Change]:
    """Yield the health of bounced contacts, and the takedowns whose letter cannot be delivered."""
    if decision.category not in {Category.BOUNCE_HARD, Category.BOUNCE_SOFT}:
        return
    bounced = {recipient.recipient.lower(): recipient for recipient in decision.bounced}
    lost: set[str] = set()
    for contact in current.contacts:
        recipient = bounced.get(contact.address.lower())
        if recipient is None:
            continue
        change = _health(contact, recipient)
        if change is not None:
            yield change
        if _undeliverable(contact, recipient):
            lost.add(contact.address.lower())
    went_to = dict(current.contact_of)
    for now in current.takedowns:
        if went_to.get(now.notice, "").lower() in lost:
            yield from _unreached(decision, now)


def _health(contact: ContactNow, recipient: BouncedRecipient) -> Change | None:
    soft = recipient.klass is not BounceClass.HARD and recipient.klass is not BounceClass.POLICY
    count = contact.soft_bounces + soft
    word = _WORDS[recipient.klass] if count < SOFT_LIMIT or not soft else "hard"
    if (word, count) == (contact.health, contact.soft_bounces):
        return None
    return Change(Action.CONTACT, old=contact.health, new=word, address=contact.address, soft_bounces=count)


_WORDS = {
    BounceClass.HARD: "hard",
    BounceClass.SOFT: "soft",
    BounceClass.FULL: "full",
    BounceClass.POLICY: "policy",
    BounceClass.EXPIRED: "soft",
}


def _undeliverable(contact: ContactNow, recipient: BouncedRecipient) -> bool:
    """Tell whether this contact is lost: a hard bounce, or the third soft one.  A filter's refusal loses nobody."""
    if recipient.klass in {BounceClass.HARD, BounceClass.POLICY}:
        return recipient.klass is BounceClass.HARD
    return contact.soft_bounces + 1 >= SOFT_LIMIT


def _unreached(decision: Decision, now: TakedownNow) -> Iterator[Change]:
    new = takedown.step(now.status, Event.UNDELIVERED)
    if new is not None:
        yield Change(
            Action.STATUS,
            notice=now.notice,
            takedown=now.takedown,
            position=now.position,
            old=now.status.value,
            new=new.value,
            evidence=decision.evidence,
            rule=decision.rule,
        )


def _clocks(decision: Decision, current: Current) -> Iterator[Change]:
    """Yield what happens to the notices' clocks: first response, a pause asked for, a hold until a person decides."""
    for matched in decision.matched:
        if not matched.is_strong:
            continue
        if decision.first_response and matched.number not in current.answered:
            yield Change(Action.FIRST_RESPONSE, notice=matched.number, evidence=decision.evidence)
        if decision.pause is not None:
            seconds = int(decision.pause.total_seconds())
            yield Change(Action.PAUSE, notice=matched.number, new=str(seconds), rule=decision.rule)
        hold = _hold(decision, matched.number)
        if hold:
            yield Change(Action.HOLD, notice=matched.number, new=hold)


def _hold(decision: Decision, number: str) -> str:
    """Return why the ladder of a notice waits for a person, "" if it goes on."""
    if decision.category is Category.BOUNCE_HARD:
        return "undeliverable"
    if decision.standing is not Standing.AUTHENTICATED:
        return ""  # nobody stops our reminders without proof
    said = {item.outcome for item in decision.items if item.notice == number}
    if decision.needs_human and said & {Outcome.REMOVED, Outcome.ALREADY_GONE}:
        return "closing_waits"
    return next((outcome.value for outcome in _HOLDS if outcome in said), "")


_HOLDS = (Outcome.REFUSED, Outcome.INFO_NEEDED, Outcome.NOT_HOSTED)


def _ticket(decision: Decision) -> Iterator[Change]:
    """Yield the ticket number to learn, only where the mail proves which single notice it is about."""
    strong = [matched for matched in decision.matched if matched.is_strong]
    if decision.ticket and len(strong) == 1 and Meaning.UNRELATED not in decision.meanings:
        yield Change(Action.TICKET, notice=strong[0].number, new=decision.ticket)


def _queues(decision: Decision) -> Iterator[Change]:
    notices: Iterable[str] = [matched.number for matched in decision.matched] or [""]
    first = next(iter(notices))
    if decision.needs_human:
        yield Change(Action.REVIEW, notice=first, reasons=decision.reasons, new=decision.reasons[0])
    if decision.task:
        yield Change(Action.TASK, notice=first, new=decision.task, referral=_referral(decision))


def _referral(decision: Decision) -> Referral | None:
    """Return what is passed on, by strongly matched notices only: a guess proposes nothing for a third party."""
    if decision.task != reasons.Task.NEW_TARGET:
        return None
    proven = {matched.number for matched in decision.matched if matched.is_strong}
    items = (one for one in decision.items if one.outcome is Outcome.NOT_HOSTED and one.notice in proven)
    return Referral(tuple((one.notice, one.position) for one in items), decision.referred_to)
