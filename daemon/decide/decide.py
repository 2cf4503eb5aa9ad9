"""The whole way from a parsed mail and what we know to one Decision; the same for the daemon and for ``classify``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from daemon.decide import person, routes
from daemon.decide.before import gone_before
from daemon.decide.category import category, kinds, meanings_said, winning_hit
from daemon.decide.decision import Decision, ItemDecision, Standing
from daemon.decide.gate import CLOSING, Claim, Facts, gate
from daemon.decide.guess import OUTCOME, guess
from daemon.decide.known_receipt import is_known_receipt
from daemon.decide.policy import Policy
from daemon.decide.reading import Reading, take_in
from daemon.decide.reasons import Reason, Task
from daemon.decide.unread import has_unread
from daemon.message.message import Kind, Message
from daemon.message.wording import wording
from daemon.notices.match import Known
from daemon.notices.notice import Item, Notice
from daemon.notices.proof import Matched
from daemon.notices.status import Category, Evidence, Outcome
from daemon.rules.ruleset import RuleSet
from daemon.rules.verdict import Hit, Meaning, UrlVerdict

_OUTCOME = {
    Meaning.REFUSED: Outcome.REFUSED,
    Meaning.INFO_NEEDED: Outcome.INFO_NEEDED,
    Meaning.NOT_HOSTED: Outcome.NOT_HOSTED,
    Meaning.PARTIAL: Outcome.PARTIAL,
    Meaning.PENDING: Outcome.PENDING,
    Meaning.ALREADY_GONE: Outcome.ALREADY_GONE,
    Meaning.REMOVED: Outcome.REMOVED,
}
_NO_OUTCOME = frozenset(
    {Category.SPOOFED, Category.BOUNCE_HARD, Category.BOUNCE_SOFT, Category.UNREADABLE, Category.UNRELATED}
)
_NOBODY_ANSWERED = _NO_OUTCOME | {Category.OUT_OF_OFFICE}
_WORDED = frozenset({Kind.REPLY, Kind.TICKET_RECEIPT})
_MACHINE = frozenset({Kind.READ_RECEIPT, Kind.DELIVERED, Kind.FEEDBACK_REPORT})


def decide(message: Message, known: Known, ruleset: RuleSet, policy: Policy) -> Decision:
    """Return what ``message`` changes; pure: the same facts always give the same decision."""
    return conclude(take_in(message, known, ruleset, policy), known, policy)


def conclude(reading: Reading, known: Known, policy: Policy) -> Decision:
    """Return the decision about a mail that has been read."""
    whose = routes.route(reading)
    if whose is not None and routes.is_theirs(reading, policy):
        return _theirs(reading, whose)
    gist, guessed = category(reading), None
    if gist is Category.OTHER:
        guessed = guess(reading, policy)
    evidence = _evidence(reading)
    items = tuple(_items(reading, gist))
    held = gate(_gate_facts(reading, items, evidence, policy))
    reasons = dict.fromkeys((*held, *person.reasons(reading, gist, items, known, policy)))
    if any(item.outcome in CLOSING for item in items):
        reasons |= {Reason(word): None for word in reading.verdict.doubts if word in set(Reason)}
        if reading.sender.esp == "" and Reason.NOT_AUTHENTICATED in reasons:
            reasons |= {Reason.OTHER_DOMAIN: None}
    if gist is Category.OTHER and not reasons:
        reasons = {Reason.NOTHING_MATCHED: None}
    if guessed is not None:
        gist, items = guessed, tuple(replace(item, outcome=OUTCOME.get(guessed, item.outcome)) for item in items)
    if reasons == {Reason.NOTHING_MATCHED: None} and is_known_receipt(reading, known):
        gist, reasons = Category.ACKNOWLEDGED, {}
        items = tuple(replace(item, outcome=Outcome.NO_CHANGE) for item in items)
    decision = _decision(reading, gist, evidence, items, tuple(reasons), whose, policy.longest_pause)
    elsewhere = decision.task == Task.NEW_TARGET or Outcome.NOT_HOSTED in decision.outcomes.values()
    return replace(decision, referred_to=person.parties(reading, known, policy)) if elsewhere else decision


def _theirs(reading: Reading, whose: Meaning) -> Decision:
    """Return the decision about mail of others: it asserts nothing, moves nothing, and a person answers it."""
    partial = (Reason.PARTIAL_READ.value,) if reading.message.partial_read else ()
    return Decision(
        category=Category.OTHER,
        matched=reading.match.matched,
        items=tuple(_item(notice, item, Outcome.NO_CHANGE, None) for notice, item in reading.items),
        standing=reading.sender.standing,
        evidence=Evidence.NONE,
        needs_human=True,
        automatic=reading.signals.automatic,
        kind=reading.signals.kind,
        reasons=(whose.value, *partial),
        rule=next((hit.rule for hit in reading.verdict.kinds if hit.meaning is whose), ""),
        rules_version=reading.verdict.rules_version,
        meanings=tuple(sorted(kinds(reading))),
        route=whose,
        routed=True,
        answerable=False,
        verdict=reading.verdict,
    )


def _decision(
    reading: Reading,
    gist: Category,
    evidence: Evidence,
    items: tuple[ItemDecision, ...],
    reasons: tuple[Reason, ...],
    whose: Meaning | None,
    longest: timedelta,
) -> Decision:
    task, hit, found = person.task(reading, gist), winning_hit(reading, gist), kinds(reading)
    matched: tuple[Matched, ...] = reading.match.matched
    believed = whose is None or reading.sender.is_proven  # else it may be no ESP's answer at all
    return Decision(
        category=gist,
        matched=matched,
        items=tuple(_closing(items)) if not reasons else items,
        standing=reading.sender.standing,
        evidence=evidence,
        needs_human=bool(reasons),
        automatic=reading.signals.automatic,
        kind=reading.signals.kind,
        reasons=tuple(reason.value for reason in reasons),
        task=task.value if task else "",
        rule=hit.rule if hit else "",
        rules_version=reading.verdict.rules_version,
        ticket=reading.signals.ticket,
        wording=wording(reading.message, reading.labelled) if reading.signals.kind in _WORDED else "",
        meanings=tuple(sorted(found)),
        bounced=reading.signals.bounced,
        returns_on=reading.signals.returns_on,
        pause=_pause(reading, longest) if believed and gist not in _NO_OUTCOME else None,
        reply_with=reading.verdict.reply_with if whose is None and gist is Category.MORE_INFO_NEEDED else "",
        route=whose,
        first_response=believed and gist not in _NOBODY_ANSWERED and reading.signals.kind not in _MACHINE,
        answerable=reading.signals.answerable and whose is None,
        plain_yes=reading.plain_yes,
        speaks_for=reading.sender.esp if reading.sender.is_genuine else "",
        verdict=reading.verdict,
    )


def _pause(reading: Reading, longest: timedelta) -> timedelta | None:
    """How long the ESP's answer lets our reminders wait, capped by the administrator."""
    asked = reading.verdict.pause
    return None if asked is None else min(asked, longest)


def _evidence(reading: Reading) -> Evidence:
    """Grade what the mail asserts: proven sender and strongly matched notice, or only a claim."""
    if not reading.match.matched or reading.signals.kind in {Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED}:
        return Evidence.NONE
    if reading.sender.is_proven and reading.match.is_strong:
        return Evidence.AUTHENTICATED
    return Evidence.NONE if reading.sender.standing is Standing.SPOOFED else Evidence.CLAIMED


def _items(reading: Reading, gist: Category) -> Iterator[ItemDecision]:
    """Yield what is asserted about every item of the matched notices."""
    unnamed = _unnamed(reading)
    for notice, item in reading.items:
        one = reading.verdict.urls.get(item.url)
        if gist in _NO_OUTCOME or one is None:
            yield _item(notice, item, Outcome.NO_CHANGE, None)
        elif one.meaning is None and unnamed is not None:
            yield _item(notice, item, _OUTCOME[unnamed.meaning], unnamed)
        else:
            outcome = _outcome(one)
            if gist is Category.OUT_OF_OFFICE and outcome not in CLOSING:
                outcome = Outcome.NO_CHANGE
            yield _item(notice, item, outcome, one.hit)


def _outcome(one: UrlVerdict) -> Outcome:
    """Return what is asserted of one URL: the winner, but a deed in part stays one beside "no more" or "not us"."""
    if one.meaning in _NO_MORE and any(hit.meaning is Meaning.PARTIAL and not hit.cancelled for hit in one.losers):
        return Outcome.PARTIAL
    return _OUTCOME.get(one.meaning, Outcome.NO_CHANGE) if one.meaning else Outcome.NO_CHANGE


_NO_MORE = frozenset({Meaning.REFUSED, Meaning.NOT_HOSTED})


def _unnamed(reading: Reading) -> Hit | None:
    """Return a removal that names no item, where nothing else is said: proposed for every item, closing none."""
    if any(one.meaning is not None for one in reading.verdict.urls.values()):
        return None
    said = meanings_said(reading)
    hits = [hit for hit in reading.verdict.hits if not hit.cancelled and hit.meaning in said]
    return next((hit for hit in hits if hit.meaning in {Meaning.REMOVED, Meaning.ALREADY_GONE}), None)


def _item(notice: Notice, item: Item, outcome: Outcome, hit: Hit | None) -> ItemDecision:
    return ItemDecision(
        notice=notice.number,
        position=item.position,
        url=item.url,
        outcome=outcome,
        rule=hit.rule if hit else "",
        line=hit.line if hit else 0,
        sentence=hit.sentence if hit else 0,
    )


def _closing(items: tuple[ItemDecision, ...]) -> Iterator[ItemDecision]:
    """Yield the items of a mail that passed the gate, its closings marked as such."""
    for item in items:
        yield replace(item, closes=True) if item.outcome in CLOSING else item


def _gate_facts(reading: Reading, items: tuple[ItemDecision, ...], evidence: Evidence, policy: Policy) -> Facts:
    linked = {notice.number: (notice.survivor_linked, notice.esp) for notice in reading.notices}
    doubts = set(reading.verdict.doubts)
    closes = any(item.outcome in CLOSING for item in items)  # nothing else is kept waiting
    claims = []
    for item in items:
        one = reading.verdict.urls.get(item.url)
        hit = one.hit if one is not None else None
        claims.append(
            Claim(
                outcome=item.outcome,
                named=hit is not None and item.url in hit.urls,
                clear=Reason.UNCLEAR_CLAIM not in doubts,
                contradiction=one is not None and one.contradiction,
                survivor_linked=linked[item.notice][0],
                esp=linked[item.notice][1],
            )
        )
    return Facts(
        claims=tuple(claims),
        strong_match=reading.match.is_strong,
        evidence=evidence,
        notices=1 if reading.names_notices else len(reading.match.matched),
        gone_before_notice=closes and gone_before(reading),
        unread_sentence=closes and has_unread(reading),
        partial_read=reading.message.partial_read,
        require_person_for=policy.closing.require_person_for,
        max_per_mail=policy.closing.max_per_mail,
    )
