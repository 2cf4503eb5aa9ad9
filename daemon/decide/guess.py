"""What a mail that no rule knows probably is, by its shape and words: a proposal for the person who must read it."""

from __future__ import annotations

from collections.abc import Iterator

from daemon.decide.policy import Policy
from daemon.decide.reading import Reading
from daemon.message.message import Kind, Mark
from daemon.message.urls import host_of
from daemon.notices import domains
from daemon.notices.status import Category, Outcome
from daemon.rules.verdict import CLOSING, Meaning

OUTCOME = {
    Category.REFUSED: Outcome.REFUSED,
    Category.MORE_INFO_NEEDED: Outcome.INFO_NEEDED,
    Category.NOT_HOSTED_HERE: Outcome.NOT_HOSTED,
    Category.IN_PROGRESS: Outcome.PENDING,
}
_LIKE = {
    Meaning.REFUSED: Category.REFUSED,
    Meaning.INFO_NEEDED: Category.MORE_INFO_NEEDED,
    Meaning.NOT_HOSTED: Category.NOT_HOSTED_HERE,
    Meaning.PENDING: Category.IN_PROGRESS,
    Meaning.WRONG_CHANNEL: Category.WRONG_CHANNEL,
    Meaning.ACKNOWLEDGED: Category.ACKNOWLEDGED,
    Meaning.CONTACT_CHANGE: Category.CONTACT_CHANGE,
    Meaning.ONBOARDING: Category.ONBOARDING,
    Meaning.UNRELATED: Category.UNRELATED,
}
_NOT_YET = frozenset({"hedge", "guess", "condition"})


def guess(reading: Reading, policy: Policy) -> Category | None:
    """Return the likeliest category of an answer that no rule decides, in any language; None if nothing stands out.

    A removal that others report, or that is planned, is work in progress.  A question wants to be answered; somebody
    else's address is a referral, a new one of their own a new contact; a page of their own is the form to use; an
    automatic mail with a ticket number is a receipt.  Beyond that, it is what the examples say that it is most like.
    """
    if reading.signals.kind is not Kind.REPLY or not reading.sender.esp:
        return None
    if reading.verdict.hits:
        return _of_removals(reading) or _by_words(reading)
    if reading.signals.automatic and reading.signals.ticket:
        return Category.ACKNOWLEDGED
    if any(sentence.question for sentence in reading.sentences if not sentence.subject):
        return Category.MORE_INFO_NEEDED
    return _by_addresses(reading, policy) or _by_words(reading)


def _of_removals(reading: Reading) -> Category | None:
    """Return work in progress for a removal that was taken back only because others report it or it is yet to come."""
    hits = reading.verdict.hits
    if any(not hit.cancelled for hit in hits):
        return None
    taken_back = {hit.cancelled for hit in hits if hit.meaning in CLOSING}
    promised = bool(taken_back & _NOT_YET) and not reading.signals.automatic
    return Category.IN_PROGRESS if "hearsay" in taken_back or promised else None


def _by_words(reading: Reading) -> Category | None:
    return _LIKE.get(reading.verdict.like) if reading.verdict.like is not None else None


def _by_addresses(reading: Reading, policy: Policy) -> Category | None:
    message = reading.message
    home = domains.registrable(message.from_.domain) if message.from_ else ""
    known = {message.from_.address.lower() if message.from_ else "", *(one.contact.lower() for one in reading.notices)}
    ours = {domains.registrable(domain) for domain in policy.our_domains}
    for address in _marked(reading, Mark.EMAIL):
        place = domains.registrable(address.rpartition("@")[2])
        if place not in ours and address.lower() not in known:
            return Category.CONTACT_CHANGE if place == home else Category.NOT_HOSTED_HERE
    noticed = {domains.registrable(host_of(item.url)) for _, item in reading.items}
    pages = {domains.registrable(host_of(url)) for url in _marked(reading, Mark.URL)} - noticed
    return Category.WRONG_CHANNEL if home in pages else None


def _marked(reading: Reading, kind: Mark) -> Iterator[str]:
    """Yield what the marks of one kind stand for, in order."""
    for sentence in reading.sentences:
        yield from (value for mark, value in sentence.marks if mark is kind)
