"""The gist of a mail: one category, by the order of the labels."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.decide.decision import Standing
from daemon.decide.reading import Reading
from daemon.message.message import BounceClass, Kind, Mark
from daemon.notices.status import Category
from daemon.rules.verdict import CLOSING, ON_A_URL, ROUTED, Hit, Meaning

_BY_MEANING: Mapping[Meaning, Category] = {
    Meaning.PERSON: Category.OTHER,
    Meaning.BACK_ONLINE: Category.OTHER,
    Meaning.REFUSED: Category.REFUSED,
    Meaning.INFO_NEEDED: Category.MORE_INFO_NEEDED,
    Meaning.NOT_HOSTED: Category.NOT_HOSTED_HERE,
    Meaning.PARTIAL: Category.IN_PROGRESS,
    Meaning.PENDING: Category.IN_PROGRESS,
    Meaning.ALREADY_GONE: Category.ALREADY_GONE,
    Meaning.REMOVED: Category.REMOVED,
    Meaning.OUT_OF_OFFICE: Category.OUT_OF_OFFICE,
    Meaning.BOUNCE_HARD: Category.BOUNCE_HARD,
    Meaning.BOUNCE_SOFT: Category.BOUNCE_SOFT,
    Meaning.UNREADABLE: Category.UNREADABLE,
    Meaning.UNRELATED: Category.UNRELATED,
    Meaning.CONTACT_CHANGE: Category.CONTACT_CHANGE,
    Meaning.ONBOARDING: Category.ONBOARDING,
    Meaning.WRONG_CHANNEL: Category.WRONG_CHANNEL,
    Meaning.ACKNOWLEDGED: Category.ACKNOWLEDGED,
}
_RECEIPTS = frozenset({Kind.READ_RECEIPT, Kind.DELIVERED, Kind.TICKET_RECEIPT})
_LOST = frozenset({BounceClass.HARD, BounceClass.POLICY})


def category(reading: Reading) -> Category:
    """Return the gist: first the kinds that rule alone, then what is said of the URLs, then the rest."""
    alone = _alone(reading)
    if alone is not None:
        return alone
    said, found = meanings_said(reading), kinds(reading)
    if said <= {Meaning.PERSON} and _is_form_letter(reading):
        said = frozenset()
    for meaning in (Meaning.REMOVED, Meaning.ALREADY_GONE, *ON_A_URL):
        if meaning in said:
            return _BY_MEANING[meaning]
    for meaning in (Meaning.WRONG_CHANNEL, Meaning.ACKNOWLEDGED):
        if meaning in found:
            return _BY_MEANING[meaning]
    if reading.signals.kind in _RECEIPTS:
        return Category.ACKNOWLEDGED
    return Category.UNRELATED if is_stranger(reading) and not found & ROUTED else Category.OTHER


def _is_form_letter(reading: Reading) -> bool:
    """Tell whether the gist is another channel or a ticket's state; that a person must read it changes no gist."""
    found = kinds(reading)
    return Meaning.WRONG_CHANNEL in found or (Meaning.ACKNOWLEDGED in found and reading.signals.automatic)


def kinds(reading: Reading) -> frozenset[Meaning]:
    """Return the meanings found that give no outcome."""
    return frozenset(hit.meaning for hit in reading.verdict.kinds)


def meanings_said(reading: Reading) -> frozenset[Meaning]:
    """Return what is said of URLs: of each URL the winner, and closings that do not say which URL they mean."""
    live = [hit for hit in reading.verdict.hits if not hit.cancelled and hit.meaning in ON_A_URL]
    if is_stranger(reading):
        return frozenset()
    if not reading.verdict.urls:
        return frozenset(hit.meaning for hit in live)
    won = {one.meaning for one in reading.verdict.urls.values() if one.meaning is not None}
    return frozenset(won | {hit.meaning for hit in live if hit.meaning in CLOSING and not hit.urls})


def is_stranger(reading: Reading) -> bool:
    """Tell whether somebody writes who is no ESP of the register and answers no notice: he reports on no takedown."""
    return not reading.match.matched and not reading.sender.esp


def _alone(reading: Reading) -> Category | None:
    """Return the category of a mail whose kind decides, whatever else it says."""
    kind, found = reading.signals.kind, kinds(reading)
    if reading.sender.standing is Standing.SPOOFED:
        return Category.SPOOFED
    bounce = _bounce(reading)
    if bounce is not None:
        return bounce
    if is_listed(reading):
        return Category.UNRELATED
    if _is_absence(reading):
        return Category.OUT_OF_OFFICE
    if kind is Kind.UNREADABLE or (Meaning.UNREADABLE in found and not meanings_said(reading)):
        return Category.UNREADABLE
    if is_unrelated(reading):
        return Category.UNRELATED
    if meanings_said(reading):
        return None
    if Meaning.CONTACT_CHANGE in found and not (Meaning.WRONG_CHANNEL in found and not _names_mailbox(reading)):
        return Category.CONTACT_CHANGE
    return Category.ONBOARDING if Meaning.ONBOARDING in found else None


def _names_mailbox(reading: Reading) -> bool:
    """Tell whether an address is named to write to: a mailbox that is only closed for a form is no new contact."""
    return any(mark is Mark.EMAIL for sentence in reading.sentences for mark, _ in sentence.marks)


def _bounce(reading: Reading) -> Category | None:
    kind, found = reading.signals.kind, kinds(reading)
    if kind in {Kind.DELAY, Kind.CHALLENGE}:
        return Category.BOUNCE_SOFT
    if kind is Kind.BOUNCE:
        hard = not reading.signals.bounced or any(one.klass in _LOST for one in reading.signals.bounced)
        return Category.BOUNCE_HARD if hard else Category.BOUNCE_SOFT
    for meaning in (Meaning.BOUNCE_HARD, Meaning.BOUNCE_SOFT):
        if meaning in found and reading.signals.automatic and not meanings_said(reading):
            return _BY_MEANING[meaning]
    return None


def is_unrelated(reading: Reading) -> bool:
    """Tell whether the words have nothing to do with any notice, and nothing ties the mail to one.

    A survivor who may be writing is never taken for an advertisement.
    """
    return not _is_tied(reading) and Meaning.UNRELATED in kinds(reading) and Meaning.SURVIVOR not in kinds(reading)


def is_listed(reading: Reading) -> bool:
    """Tell whether it is bulk mail of a list that answers none of our notices, offers no contact, asks for nobody."""
    if _is_tied(reading) or reading.signals.kind is Kind.TICKET_RECEIPT:
        return False
    listed = any(name in {"list-unsubscribe", "list-id"} for name, _ in reading.message.headers)
    return listed and not kinds(reading) & (ROUTED | {Meaning.CONTACT_CHANGE, Meaning.ONBOARDING})


def _is_tied(reading: Reading) -> bool:
    """Tell whether the mail answers a notice, or names one that we cannot find."""
    return bool(reading.match.matched or reading.match.foreign)


def _is_absence(reading: Reading) -> bool:
    """Tell whether nobody is there; a form letter that looks like an absence note but names a form is none."""
    found = kinds(reading)
    if reading.signals.kind is Kind.OUT_OF_OFFICE:
        return Meaning.WRONG_CHANNEL not in found or Meaning.OUT_OF_OFFICE in found
    if reading.signals.kind is Kind.TICKET_RECEIPT:
        return False  # "this is an automatic answer" is said by receipts as well
    told = Meaning.OUT_OF_OFFICE in found and Meaning.WRONG_CHANNEL not in found
    return told and reading.signals.automatic and not meanings_said(reading)


def winning_hit(reading: Reading, gist: Category) -> Hit | None:
    """Return the hit whose meaning gave the category, if a rule did."""
    hits = [one.hit for one in reading.verdict.urls.values() if one.hit is not None]
    hits += [hit for hit in reading.verdict.hits if not hit.cancelled]
    return next((hit for hit in hits if _BY_MEANING.get(hit.meaning) is gist), None)
