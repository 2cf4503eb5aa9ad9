"""Which notices a mail answers, by the ladder of proofs.  A wrong match is worse than none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from daemon.message.message import Kind, Label, Labelled, Message
from daemon.notices import quoted, sender
from daemon.notices.esp import Esp
from daemon.notices.keys import Keys, numbers
from daemon.notices.notice import Notice
from daemon.notices.proof import Matched, Proof
from daemon.notices.register import Register, register_of


@dataclass(frozen=True)
class Known:
    """What the store (or ``notices.csv``) knows about a mail's keys; all values are notice numbers as sent.

    Message-IDs are written as ``keys.bare`` gives them, tokens as ``kind:id``, tickets as (ESP, ticket in upper case).
    ``recent``: per ESP, the notices of the last weeks that are not closed, for the weak proofs only.
    """

    notices: Mapping[str, Notice] = field(default_factory=dict, repr=False)
    by_message_id: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    by_token: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    by_ticket: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, repr=False)
    by_url: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    recent: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    esps: tuple[Esp, ...] = field(default=(), repr=False)

    @property
    def register(self) -> Register:
        return register_of(self.esps)

    @cached_property
    def _by_upper(self) -> Mapping[str, str]:
        return {number.upper(): number for number in self.notices}

    @cached_property
    def written_to(self) -> frozenset[str]:
        """The addresses that our letters went to, lower-case: a bounce names one of them."""
        contacts = {notice.contact.lower() for notice in self.notices.values() if notice.contact}
        known = self.register.contacts
        return known if contacts <= known else known | contacts

    def esp(self, key: str) -> Esp | None:
        return self.register.by_key.get(key)

    def resolve(self, number: str) -> str | None:
        """Return a number as we sent it, whatever case the answer wrote it in; None if it is not ours."""
        return number if number in self.notices else self._by_upper.get(number.upper())


@dataclass(frozen=True, slots=True)
class Match:
    """The notices that a mail answers, best proven first, and the numbers that led nowhere."""

    matched: tuple[Matched, ...] = ()
    foreign: tuple[str, ...] = field(default=(), repr=False)  # numbers of our format: unknown, or another ESP's

    @property
    def is_strong(self) -> bool:
        return any(one.is_strong for one in self.matched)


_WEIGHT: Mapping[Proof, int] = {
    Proof.TOKEN: 8,
    Proof.DSN_MESSAGE_ID: 8,
    Proof.IN_REPLY_TO: 6,
    Proof.NUMBER_SUBJECT: 5,
    Proof.NUMBER_BODY: 4,
    Proof.REFERENCES: 4,
    Proof.QUOTED_NOTICE: 3,
    Proof.TICKET: 2,
    Proof.URLS: 1,
}
_WRITTEN = frozenset({Proof.NUMBER_SUBJECT, Proof.NUMBER_BODY})
_THREAD = frozenset({Proof.TOKEN, Proof.DSN_MESSAGE_ID, Proof.IN_REPLY_TO})
_EXPLICIT = _WRITTEN | _THREAD  # chosen for this very mail, unlike what merely hangs on from before
_RETURNED = frozenset(
    {Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED, Kind.READ_RECEIPT, Kind.FEEDBACK_REPORT, Kind.CHALLENGE}
)
_QUOTES = frozenset({Label.QUOTE, Label.QUOTE_HEAD})


def match(
    message: Message, labelled: tuple[Labelled, ...], kind: Kind, keys: Keys, known: Known, pattern: re.Pattern[str]
) -> Match:
    """Return the notices that ``message`` answers; ``pattern`` finds our notice numbers (``keys.number_pattern``)."""
    own, quote = _texts(message, labelled)
    found: dict[str, list[Proof]] = {}
    for number, proof in (*_by_headers(kind, keys, known), *_by_number(message, own, known, pattern)):
        _note(found, number, proof)
    for number in _quoted(quote, known, pattern, anywhere=not found):
        _note(found, number, Proof.QUOTED_NOTICE)
    speaker = sender.esp_of(message.from_, known.register)
    foreign = _foreign(found, speaker, known) if kind not in _RETURNED else set()
    unknown = tuple(number for number in keys.numbers if known.resolve(number) is None)
    chosen = _narrow({number: proofs for number, proofs in found.items() if number not in foreign})
    if not chosen and not unknown and not foreign:
        chosen = _weak(keys, own, known, speaker, message.date)
    return Match(_ranked(chosen, known), (*unknown, *sorted(foreign)))


def _texts(message: Message, labelled: tuple[Labelled, ...]) -> tuple[str, str]:
    """Return the text of the mail's own hand (signature and footers too) and what it quotes or returns."""
    own = "\n".join(one.line.text for one in labelled if one.label not in _QUOTES)
    quote = "\n".join(one.line.text for one in labelled if one.label in _QUOTES)
    return own, f"{quote}\n{message.report}\n{message.returned}"


def _by_headers(kind: Kind, keys: Keys, known: Known) -> Iterator[tuple[str, Proof]]:
    for found in keys.tokens:
        for number in known.by_token.get(f"{found.kind}:{found.id}", ()):
            yield number, Proof.TOKEN
    returned = Proof.DSN_MESSAGE_ID if kind in _RETURNED else Proof.QUOTED_NOTICE
    answered = ((keys.in_reply_to, Proof.IN_REPLY_TO), (keys.form_ids, Proof.TOKEN), (keys.returned_ids, returned))
    for ids, proof in answered:
        for one in ids:
            for number in known.by_message_id.get(one, ()):
                yield number, proof
    for one in keys.references:
        if one in known.by_message_id:
            yield from ((number, Proof.REFERENCES) for number in known.by_message_id[one])
            return  # older ones are the thread's past


def _by_number(message: Message, own: str, known: Known, pattern: re.Pattern[str]) -> Iterator[tuple[str, Proof]]:
    for text, proof in ((message.subject, Proof.NUMBER_SUBJECT), (own, Proof.NUMBER_BODY)):
        for number in numbers(text, pattern):
            resolved = known.resolve(number)
            if resolved is not None:
                yield resolved, proof


def _quoted(quote: str, known: Known, pattern: re.Pattern[str], *, anywhere: bool) -> Iterable[str]:
    """Return what is quoted: a notice quoted as a whole outweighs numbers that merely stand in the quote.

    ``anywhere``: nothing else was found, so a notice quoted without its number is looked for among all.
    """
    named = [resolved for number in numbers(quote, pattern) if (resolved := known.resolve(number)) is not None]
    candidates = [known.notices[number] for number in named] or (known.notices.values() if anywhere else ())
    written = [notice for notice in candidates if notice.body]
    squeezed = quoted.squeeze(quote) if written else ""
    return [notice.number for notice in written if quoted.is_quoted(notice, squeezed)] or named


def _note(found: dict[str, list[Proof]], number: str, proof: Proof) -> None:
    proofs = found.setdefault(number, [])
    if proof not in proofs:
        proofs.append(proof)


def _foreign(found: Mapping[str, list[Proof]], speaker: Esp | None, known: Known) -> set[str]:
    """Return the notices that went to another registered ESP than the sender's and are tied only by a number."""
    if speaker is None:
        return set()
    written = {Proof.NUMBER_SUBJECT, Proof.NUMBER_BODY, Proof.QUOTED_NOTICE}
    return {
        number
        for number, proofs in found.items()
        if known.notices[number].esp != speaker.key and set(proofs) <= written
    }


def _narrow(found: dict[str, list[Proof]]) -> dict[str, list[Proof]]:
    """Keep what the mail itself points to; a letter about many notices counts for those that the answer names."""
    explicit = {number: proofs for number, proofs in found.items() if _EXPLICIT & set(proofs)}
    if not explicit:
        newest = {number: proofs for number, proofs in found.items() if Proof.REFERENCES in proofs}
        return newest or found
    named = {number for number, proofs in explicit.items() if _WRITTEN & set(proofs)}
    threads = {number for number, proofs in explicit.items() if _THREAD & set(proofs)}
    if named & threads and len(threads) > 1:
        return {number: proofs for number, proofs in explicit.items() if number in named}
    return explicit


def _weak(keys: Keys, own: str, known: Known, speaker: Esp | None, date: datetime | None) -> dict[str, list[Proof]]:
    """Return the one notice that a ticket number, a URL or the end of one points to; two candidates are none."""
    if speaker is None:
        return {}
    by_ticket = known.by_ticket.get((speaker.key, (keys.ticket or "").upper()), ())
    by_url = {number for url in keys.urls for number in known.by_url.get(url, ())}
    theirs = {number for number in by_url if known.notices[number].esp == speaker.key}
    ends = set() if by_ticket or theirs else _by_end(own, known, speaker)
    for candidates, proof in ((set(by_ticket), Proof.TICKET), (theirs, Proof.URLS), (ends, Proof.URLS)):
        earlier = {
            number for number in candidates if number in known.notices and _sent_before(known.notices[number], date)
        }
        if len(earlier) == 1:
            return {earlier.pop(): [proof]}
    return {}


def _by_end(own: str, known: Known, speaker: Esp) -> set[str]:
    """Return the recent notices of an ESP of which the text names the last part of a path ("k1.bin")."""
    found = set()
    for number in known.recent.get(speaker.key, ()):
        ends = {end for item in known.notices[number].items if _TELLING.search(end := _END.split(item.url)[-1])}
        if any(_stands_in(own, end) for end in ends):
            found.add(number)
    return found


def _stands_in(text: str, end: str) -> bool:
    """Tell whether ``end`` stands in ``text`` as a word of its own."""
    place = text.find(end)
    while place >= 0:
        if not _PART_BEFORE.match(text[place - 1 : place]) and not _PART_BEHIND.match(text, place + len(end)):
            return True
        place = text.find(end, place + 1)
    return False


_PART_BEFORE, _PART_BEHIND = re.compile(r"[\w.-]"), re.compile(r"[\w-]")
_END = re.compile(r"[/=]")
_TELLING = re.compile(r"(?=.*\d).{4,}")  # long enough, and with a digit, not to be an ordinary word


def _sent_before(notice: Notice, date: datetime | None) -> bool:
    return date is None or notice.sent_at is None or notice.sent_at <= date


def _ranked(found: Mapping[str, Iterable[Proof]], known: Known) -> tuple[Matched, ...]:
    def weight(proofs: Iterable[Proof]) -> int:
        return sum(_WEIGHT.get(proof, 0) for proof in proofs)

    order = sorted(found.items(), key=lambda pair: -weight(pair[1]))
    return tuple(
        Matched(number, known.notices[number].esp, tuple(sorted(proofs, key=lambda proof: -_WEIGHT.get(proof, 0))))
        for number, proofs in order
    )
