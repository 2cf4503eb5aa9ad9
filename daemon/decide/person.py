"""Why a person must see a mail, beside what the gate says about its closings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from daemon.decide import referral
from daemon.decide.category import is_listed, is_unrelated, kinds, meanings_said
from daemon.decide.decision import ItemDecision, Party
from daemon.decide.gate import CLOSING as CLOSES
from daemon.decide.policy import Policy
from daemon.decide.reading import Reading
from daemon.decide.reasons import Reason, Task
from daemon.decide.routes import route
from daemon.message.message import BounceClass, Kind, Sentence, Shape
from daemon.notices.match import Known
from daemon.notices.status import Category, Outcome
from daemon.rules.verdict import CLOSING, ON_A_URL, Meaning, UrlVerdict

_BY_CATEGORY = {
    Category.SPOOFED: Reason.SPOOFED,
    Category.REFUSED: Reason.REFUSED,
    Category.MORE_INFO_NEEDED: Reason.INFO_NEEDED,
    Category.CONTACT_CHANGE: Reason.CONTACT_CHANGE,
    Category.ONBOARDING: Reason.ONBOARDING,
    Category.UNREADABLE: Reason.UNREADABLE,
}
_BY_OUTCOME = {
    Outcome.REFUSED: Reason.REFUSED,
    Outcome.INFO_NEEDED: Reason.INFO_NEEDED,
    Outcome.PARTIAL: Reason.PARTIAL,
}
_BY_KIND = {Kind.EMPTY: Reason.EMPTY, Kind.CALENDAR: Reason.CALENDAR, Kind.CHALLENGE: Reason.CHALLENGE}
_IN_PART = frozenset(
    {"limit", "exception", "reversal", "subject"}
)  # what may take a closing's effect away and leave a deed
_SILENT = frozenset(
    {Category.SPOOFED, Category.BOUNCE_HARD, Category.BOUNCE_SOFT, Category.UNRELATED, Category.UNREADABLE}
)


def reasons(
    reading: Reading, gist: Category, items: tuple[ItemDecision, ...], known: Known, policy: Policy
) -> Iterator[Reason]:
    """Yield every reason, the weightiest kind first."""
    if route(reading) is Meaning.SURVIVOR:
        yield Reason.SURVIVOR
    if gist in _BY_CATEGORY:
        yield _BY_CATEGORY[gist]
    yield from _of_bounce(reading, gist)
    if gist is Category.UNRELATED and not (is_unrelated(reading) or is_listed(reading)):
        yield Reason.NOTHING_MATCHED  # a stranger's mail that only seems to have nothing to do with us
    if gist in _SILENT:
        return
    yield from _of_kind(reading, gist, policy)
    yield from _of_match(reading, items)
    yield from _of_words(reading, gist, items)
    yield from reading.form.slips
    if reading.form.outcomes - {hit.sentence for hit in reading.verdict.hits}:
        yield Reason.FORM_WORD
    if Outcome.NOT_HOSTED in {item.outcome for item in items} and not parties(reading, known, policy):
        yield Reason.NO_TARGET


def _of_bounce(reading: Reading, gist: Category) -> Iterator[Reason]:
    if gist not in {Category.BOUNCE_HARD, Category.BOUNCE_SOFT}:
        return
    classes = {one.klass for one in reading.signals.bounced}
    final = any(one.status.startswith("5") for one in reading.signals.bounced)
    if BounceClass.POLICY in classes:
        yield Reason.REFUSED_BY_POLICY
    if BounceClass.EXPIRED in classes:
        yield Reason.GIVEN_UP
    if BounceClass.FULL in classes and final:
        yield Reason.MAILBOX_FULL
    if reading.signals.kind is Kind.CHALLENGE:
        yield Reason.CHALLENGE


def _of_kind(reading: Reading, gist: Category, policy: Policy) -> Iterator[Reason]:
    """Yield what the kind of mail asks for, and mail that belongs to other people of ours."""
    if gist is Category.OTHER and reading.signals.kind in _BY_KIND:
        yield _BY_KIND[reading.signals.kind]
    found = kinds(reading)
    whose = route(reading)
    if whose is not None:
        yield Reason(whose.value)
    if Meaning.CONTACT_CHANGE in found and gist is Category.OUT_OF_OFFICE:
        yield Reason.CONTACT_CHANGE
    if reading.message.from_ is not None and reading.message.from_.domain in policy.our_domains:
        yield Reason.FORWARDED
    if reading.message.partial_read:
        yield Reason.PARTIAL_READ


def _of_match(reading: Reading, items: tuple[ItemDecision, ...]) -> Iterator[Reason]:
    """Yield the doubts about the notice, where the mail carries a status."""
    live = any(not hit.cancelled and hit.meaning in ON_A_URL for hit in reading.verdict.hits)
    if not live and all(item.outcome is Outcome.NO_CHANGE for item in items):
        return
    if reading.match.foreign and not reading.match.is_strong:
        yield Reason.FOREIGN_NUMBER
    if not reading.match.matched:
        yield Reason.NO_NOTICE
    elif not reading.match.is_strong:
        yield Reason.WEAK_MATCH
    elif len(reading.match.matched) > 1 and not reading.names_notices:
        yield Reason.SEVERAL_NOTICES


def _of_words(reading: Reading, gist: Category, items: tuple[ItemDecision, ...]) -> Iterator[Reason]:
    outcomes = {item.outcome for item in items}
    yield from (reason for outcome, reason in _BY_OUTCOME.items() if outcome in outcomes)
    if len(outcomes) > 1:
        yield Reason.MIXED
    said = meanings_said(reading)
    live = {hit.meaning for hit in reading.verdict.hits if not hit.cancelled}
    if Meaning.PERSON in said | live:
        yield Reason.PERSON_RULE
    if Meaning.BACK_ONLINE in live:
        yield Reason.BACK_ONLINE
    if any(_outvoted(one) for one in reading.verdict.urls.values()):
        yield Reason.CONTRADICTION
    taken_back = {hit.cancelled for hit in reading.verdict.hits if hit.meaning in CLOSING}
    if "hearsay" in taken_back:
        yield Reason.HEARSAY
    if taken_back & _IN_PART and not outcomes & CLOSES and not reading.signals.automatic:
        yield Reason.UNCLEAR_CLAIM  # something was removed, but not all, not for all, or not for good
    if said & CLOSING and not outcomes & CLOSES:
        yield Reason.ITEM_NOT_NAMED
    if outcomes & CLOSES and is_vague(reading):
        yield Reason.VAGUE_CLAIM
    if gist is Category.OUT_OF_OFFICE and outcomes & CLOSES:
        yield Reason.UNCLEAR_CLAIM  # who is not there has hardly removed anything


def _outvoted(one: UrlVerdict) -> bool:
    """Tell whether a URL is said to be off, and something more cautious is said of it as well."""
    if one.meaning is None or one.meaning in CLOSING:
        return False
    return any(hit.meaning in CLOSING and not hit.cancelled for hit in one.losers)


def is_vague(reading: Reading) -> bool:
    """Tell whether every closing is a single word that names nothing, or stands in the subject alone."""
    closing = {hit.sentence for hit in reading.verdict.hits if not hit.cancelled and hit.meaning in CLOSING}
    said = [sentence for sentence in reading.sentences if sentence.number in closing]
    if any(closing.intersection(sentence.under) and sentence.names for sentence in reading.sentences):
        return False  # one word above a list that names what it is about
    return bool(said) and all(sentence.subject or _is_one_word(sentence) for sentence in said)


def _is_one_word(sentence: Sentence) -> bool:
    if sentence.names or sentence.every or sentence.under or sentence.shape is not Shape.TEXT:
        return False
    words = _WORD.findall(sentence.text)
    return len(words) <= 1 and sum(len(word) for word in words if not _SPACED.search(word)) <= _ONE_WORD


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SPACED = re.compile(r"^[^\u3040-\u30ff\u3400-\u9fff]+$")  # scripts that put a blank between words
_ONE_WORD = 4  # signs of Chinese or Japanese


def parties(reading: Reading, known: Known, policy: Policy) -> tuple[Party, ...]:
    """Return whom the mail names as the one to turn to instead."""
    own = reading.notices[0].esp if reading.notices else reading.sender.esp
    return referral.parties(
        reading.labelled,
        reading.message.from_.domain if reading.message.from_ else "",
        (item.url for _, item in reading.items),
        policy.our_domains,
        known.esps,
        own,
    )


def task(reading: Reading, gist: Category) -> Task | None:
    """Return the work that a person has although no status waits for it."""
    if gist is Category.BOUNCE_HARD:
        return Task.REPAIR_CONTACT
    found = kinds(reading)
    if Meaning.WRONG_CHANNEL in found and gist is not Category.SPOOFED:
        return Task.OTHER_CHANNEL
    if Meaning.NOT_HOSTED in meanings_said(reading):
        return Task.NEW_TARGET
    if Meaning.CONTACT_CHANGE in found and gist is not Category.CONTACT_CHANGE:
        return Task.CHECK_CONTACT
    return None
