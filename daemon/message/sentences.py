# ruff: noqa: E501, SIM905 - word lists read best as words
"""Splits own text into sentences ready to be judged: URLs and items as marks, names, governance, questions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from daemon.message import answer_line
from daemon.message.catalogue import Catalogue, Mention, catalogue
from daemon.message.closing import is_sign_off, sign_off
from daemon.message.exceptions import left_out
from daemon.message.items import Reach, reach, relative_split
from daemon.message.known_urls import find_known
from daemon.message.legends import explained
from daemon.message.message import Label, Labelled, Mark, Message, Sentence, Shape
from daemon.message.number_words import ABOVE_WORDS, FOLLOWING, ITEM_NOUNS, NUMBER_SIGNS
from daemon.message.numbering import is_numbered, number_lines
from daemon.message.pronouns import points_above, refers_back, says_the_same
from daemon.message.quote_heads import bare
from daemon.message.read import compiled
from daemon.message.records import give_names
from daemon.message.series import plain_series
from daemon.message.split import is_question, parts_of_list, split
from daemon.message.subject import own_subject
from daemon.message.titles import mark_titles
from daemon.message.units import Unit, units
from daemon.message.url_ranges import with_ranges
from daemon.message.urls import free, refang, unwrap

_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_DATE = re.compile(
    r"\b(?:20\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d{2}:\d{2}(?::\d{2})?Z?)?|\d{1,2}[./-]\d{1,2}[./-](?:20)?\d\d|\d{1,2}\.\d{1,2}\.(?!\d)"
    r"|\d{1,2}(?:st|nd|rd|th|\.|º|er)? (?:de |of )?(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|enero|janv|févr|avr|juin|juil|août|gen|mag|giu|lug|ago|set|ott|dic|out(?!\s+of\b)|abr|fev)[^\W\d_]*\.?(?:,? (?:de )?20\d\d)?)(?!\w)"
    r"|(?:20\d\d年)?\d{1,2}月\d{1,2}日",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile("[0-9]")
_YES = frozenset("yes y x ✓ ✔ ☑ ok done ja oui sí si sim tak да так evet نعم はい 是 已 예 ○ ✅ true".split())
_NO = frozenset("no n ✗ ✘ ☐ nein non não nee nie нет ні hayır لا いいえ 否 아니오 × ❌ false - – —".split())
_TICK = re.compile("(?:[✅✔✓☑🟢👍🗑🚮]\ufe0f?)+")  # beside words; alone in a cell it says what the title says
_ELSE = re.compile(  # titles of columns that are not about the URL itself, or not about what was done
    r"\b(?:cache|cdn|edge|search|index|thumbnail|preview|ticket|case|dns|mirror|backup|previous|earlier|last month|requested|request|wanted|planned|eta|due|target)\b",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"\[[^\W\d_][^\W\d_ .'’-]{0,24}\]:?\s+(?=\S)")  # the name of who answers inline
_MAX_SENTENCES = 3000


@dataclass(slots=True)
class _Draft:
    """A sentence on its way."""

    text: str = field(repr=False)
    marks: list[tuple[Mark, str]] = field(default_factory=list, repr=False)
    stands_for: list[tuple[str, ...]] = field(default_factory=list, repr=False)
    names: tuple[str, ...] = field(default=(), repr=False)
    every: bool = False
    ambiguous: tuple[str, ...] = field(default=(), repr=False)


def sentences(
    message: Message,
    labelled: Sequence[Labelled],
    items: Sequence[tuple[int, str]] = (),
    number_format: str | None = None,
    ticket: str | None = None,
    our_subjects: Sequence[str] = (),
    by_notice: Mapping[str, Mapping[int, str]] = MappingProxyType({}),
) -> tuple[Sentence, ...]:
    """Return the subject's and the own text's sentences.

    ``items`` are (position, URL) of the matched notices; ``number_format`` is the regular expression of our notice numbers;
    ``our_subjects`` are the subjects of the letters that this may answer: their words are not the sender's; ``by_notice`` are
    the items of each matched notice, by its number in upper case.
    """
    maker = _Maker(message, labelled, catalogue(items), number_format, ticket, by_notice)
    maker.add_subject(own_subject(message, our_subjects, number_format))
    maker.add_body()
    return tuple(maker.made)


class _Maker:
    """Builds the sentences of one mail in order."""

    def __init__(
        self,
        message: Message,
        labelled: Sequence[Labelled],
        items: Catalogue,
        number_format: str | None,
        ticket: str | None,
        by_notice: Mapping[str, Mapping[int, str]],
    ) -> None:
        self.made: list[Sentence] = []
        self._labelled = labelled
        self._items = items
        self._format = compiled(number_format)
        self._ticket = ticket
        self._own_host = message.from_.domain if message.from_ is not None else ""
        self._date = message.date
        self._before: Unit | None = None
        self._by_notice = by_notice
        self._about = ""  # the notice that the latest lines are about
        self._exact = ""  # the same, while its items are named
        self._answer = ""  # the words of the latest inline answer
        self._named: dict[str, None] = {}
        self._heading: int | None = None
        self._listed = False  # items or addresses stand under the heading
        self._lead: int | None = None
        self._lead_depth = -1  # how far the item is set in whose own list that is, -1: no item
        self._bare: list[int] = []  # the latest sentences that only name URLs

    def add_subject(self, text: str) -> None:
        for piece in split(text)[:5]:
            self._add(self._draft(piece), subject=True)

    def add_body(self) -> None:
        """Add every unit of own text."""
        found = explained(list(units(_without_leave(self._labelled))))
        number_lines(found, self._items)
        counted = is_numbered(found, self._items)
        give_names(found, self._names_of)
        mark_titles(found, self._is_listed)
        headers = {unit.header for unit in found if unit.header}
        for place, unit in enumerate(found):
            if len(self.made) > _MAX_SENTENCES:
                break
            if unit.shape is Shape.ROW and unit.cells in headers:
                continue
            following = found[place + 1] if place + 1 < len(found) else None
            self._unit(unit, following, counted)

    def _unit(self, unit: Unit, following: Unit | None, counted: bool) -> None:
        """Add one unit: a row whole, anything else sentence by sentence."""
        inherited = self._inherited(unit)
        text = _row_text(unit) if unit.shape is Shape.ROW else unit.text
        if unit.above >= 0 and (signed := _SIGNED.match(text)) is not None:
            text = text[signed.end() :]
        if unit.above >= 0 and says_the_same(text) and self._answer:
            text = self._answer
        self._answer = text if unit.above >= 0 else ""
        self._exact = ""
        pieces = [text] if unit.shape is Shape.ROW else self._answer_line(unit) or self._pieces(text)
        first = len(self.made)
        for number, piece in enumerate(pieces):
            draft = self._draft(piece, unit if not number else None, counted)
            for part in _relative_parts(draft):
                self._place(part, unit, inherited, number)
        if len(self.made) > first:
            self._after(unit, first, following)
        self._before, self._exact = unit, ""

    def _pieces(self, text: str) -> list[str]:
        """Return the sentences of a text, a list in one line entry by entry."""
        return [part for piece in split(text) for part in parts_of_list(piece, self._items.count)]

    def _answer_line(self, unit: Unit) -> list[str]:
        """Return the parts of an answer in one line, with the addresses of the notice whose number stands before it.

        What goes on with the line above, or stands below "planned for Friday:", is no answer by itself.
        """
        above = self._before.text if self._before is not None else ""
        if self._format is not None:
            above = self._format.sub("", above).strip(" :：")
        number, line = self._number_before(unit.text)
        about = number or (self._about if not above or answer_line.is_answer_line(above) else "")
        self._about = about or (number if not line else "")
        if not line or not answer_line.stands_alone(above, leads=self._lead is not None, gap=unit.gap):
            return []
        if len(self._by_notice) > 1 if not about else about not in self._by_notice:
            return []  # of which notice, or of one that this is no answer to
        urls = self._by_notice.get(about)
        found = answer_line.parts(line, urls if urls is not None else self._items.by_position, self._date)
        if not found or urls is None:
            return list(found)
        self._exact = about
        return [answer_line.addressed(part, urls) for part in found]

    def _number_before(self, text: str) -> tuple[str, str]:
        """Return the notice number that a line begins with, in upper case, and what stands behind it."""
        number = self._format.match(text) if self._format is not None else None
        if number is None:
            return "", text
        return number[0].upper(), text[number.end() :].lstrip(" :：,-–")

    def _place(self, draft: _Draft, unit: Unit, inherited: tuple[str, ...], number: int) -> None:
        """Add one sentence of a unit with what governs it."""
        answers = False
        if draft.every and unit.above >= 0 and points_above(draft.text) and self._is_between_items(unit.above):
            draft.every, draft.ambiguous = False, self._items.urls
        if not draft.names and not draft.ambiguous and inherited and not _has_mark(draft) and not draft.every:
            draft.names, answers = inherited, unit.above >= 0
        self._refer_back(draft)
        if unit.shape is Shape.HEADING or (self._listed and self._ends_section(unit)):
            self._heading = None
        under = tuple(one for one in (self._governor(unit, draft, number), self._heading) if one is not None)
        self._add(draft, unit, under=tuple(dict.fromkeys(under)), answers=answers)

    def _ends_section(self, unit: Unit) -> bool:
        """Return whether a paragraph goes on with something else below the list that stands under a heading."""
        return unit.gap and unit.shape is Shape.TEXT and not self._is_address(unit) and not unit.given

    def _refer_back(self, draft: _Draft) -> None:
        """Give a sentence that says "they" the URLs of the sentence before it, if it names none itself."""
        if draft.names or draft.every or draft.ambiguous or not self.made or _has_mark(draft):
            return
        before = self.made[-1]
        if (before.every or len(before.names) > 1) and not before.subject and refers_back(draft.text):
            draft.names, draft.every = before.names, before.every

    def _governor(self, unit: Unit, draft: _Draft, number: int) -> int | None:
        """Return the number of the sentence whose list this unit belongs to."""
        if unit.title or (unit.shape is Shape.ITEM and unit.indent <= self._lead_depth):
            self._lead, self._lead_depth = None, -1
        if self._lead is None or unit.shape is Shape.HEADING:
            return None
        starts = draft.text.lstrip(" -*\"'(")[:1]
        listed = unit.shape in {Shape.ITEM, Shape.ROW} or (not number and starts in {Mark.URL.value, Mark.ITEM.value})
        if listed or (not unit.gap and number == 0):
            return self._lead
        if unit.gap and not listed:
            self._lead = None
        return self._lead

    def _after(self, unit: Unit, first: int, following: Unit | None) -> None:
        """Note what this unit governs or leaves to the next."""
        last = self.made[-1]
        text = unit.text.rstrip(" *_")
        self._listed = self._listed or unit.shape in {Shape.ITEM, Shape.ROW} or _is_bare(self.made[first], unit)
        if unit.shape is Shape.HEADING:
            self._heading, self._lead, self._bare, self._listed = last.number, None, [], False
        elif (text.endswith((":", "：")) or unit.title) and not (_is_label(last)):
            self._lead, self._lead_depth, self._bare = last.number, -1, []
        elif unit.shape is Shape.ITEM and self._has_own_list(unit, following) and not last.names:
            self._lead, self._lead_depth, self._bare = last.number, unit.indent, []
        elif _is_bare(self.made[first], unit):
            self._bare.append(first)
        elif unit.shape is Shape.TEXT:
            if (
                following is not None
                and (following.shape is Shape.ITEM or not following.gap or self._is_address(following))
                and not last.names
                and _leads(last.text)
            ):
                self._lead, self._lead_depth = last.number, -1
            elif unit.gap and self._lead is not None and last.number != self._lead and not last.names:
                self._lead = None
            self._bare = []

    def _has_own_list(self, unit: Unit, following: Unit | None) -> bool:
        """Return whether items stand below an item, set in further."""
        return following is not None and following.indent > unit.indent and self._is_listed(following)

    def _is_address(self, unit: Unit) -> bool:
        """Tell whether a unit is nothing but one of the notice's addresses."""
        if not self._items.urls or len(unit.text.split()) > 2:
            return False
        return bool(find_known(refang(unit.text), self._items.urls))

    def _is_listed(self, unit: Unit) -> bool:
        """Tell whether a unit is an address, or an item of a list that names one."""
        return self._is_address(unit) or (unit.shape is Shape.ITEM and bool(self._names_of(unit)))

    def _names_of(self, unit: Unit) -> tuple[str, ...]:
        """Return the URLs that a unit names by itself."""
        draft = self._draft(unit.text, unit)
        return self._items.urls if draft.every else draft.names

    def _inherited(self, unit: Unit) -> tuple[str, ...]:
        """Return the URLs that a unit speaks of without naming them: by the quoted line or the bare address above it."""
        if unit.above >= 0:
            return self._quoted_names(unit.above)
        if unit.given or unit.title:
            return unit.given
        if unit.shape is not Shape.TEXT or not self._bare:
            return ()
        ends = self.made[self._bare[-1]]
        low = unit.text.casefold()
        if (unit.text[:1].islower() or any(word in low for word in ABOVE_WORDS)) and not ends.under:
            return tuple(name for number in self._bare for name in self.made[number].names)
        if len(self._bare) == 1 or not unit.gap:
            short = len(_WORD.findall(unit.text)) <= 25
            if short and not unit.gap and not unit.text.rstrip().endswith((":", "：")):
                return ends.names
            if short and not ends.under and not unit.text.rstrip().endswith((":", "：")):
                return ends.names
        return ()

    def _quoted_names(self, line: int) -> tuple[str, ...]:
        """Return the URLs of the quoted item right above an inline answer."""
        names: list[str] = []
        number, seen = line, 0
        while number >= 0 and seen < 4 and self._labelled[number].label is Label.QUOTE:
            text = bare(self._labelled[number].line.text)
            found = find_known(refang(text), self._items.urls) if text else []
            if text and not found:
                seen += 1
                if names or seen > 1:
                    break
            names[:0] = [url for one in found for url in one.urls if one.clear]
            if len(names) > 1 and not self._is_interleaved():
                return ()
            number -= 1
        return tuple(dict.fromkeys(names))

    def _is_interleaved(self) -> bool:
        """Return whether own words stand below several quoted lines, so that each answers what is right above it."""
        turns, last = 0, None
        for one in self._labelled:
            if one.line.text.strip(" >\t"):
                turns += one.label is Label.OWN and last is Label.QUOTE
                last = one.label
        return turns > 1

    def _is_between_items(self, line: int) -> bool:
        """Tell whether items are quoted both up to ``line`` and below it: own words between them speak of the first."""
        return all(map(self._quotes_items, (self._labelled[: line + 1], self._labelled[line + 1 :])))

    def _quotes_items(self, lines: Sequence[Labelled]) -> bool:
        quoted = (each.line.text for each in lines if each.label is Label.QUOTE)
        return any(find_known(refang(bare(text)), self._items.urls) for text in quoted)

    def _draft(self, piece: str, unit: Unit | None = None, counted: bool = False) -> _Draft:
        """Replace URLs, addresses, numbers and dates of one sentence by marks, and find out what it names."""
        text = refang((piece if piece.isascii() else _TICK.sub(" ", piece)).strip() or piece)
        spans = with_ranges(text, self._spans(text), self._items.by_position)
        names = {url for _, _, kind, _, urls, clear in spans if kind is Mark.URL and clear for url in urls}
        draft = _marked(text, spans)
        if self._items.count:
            self._reach(draft, unit, counted, bool(names))
        if len(draft.marks) > 1:
            draft.text = plain_series(draft.text)
        if unit is not None and unit.links and not names:
            linked = [
                url
                for link in unit.links
                for one in find_known(unwrap(link), self._items.urls)
                if one.clear
                for url in one.urls
            ]
            if linked:
                draft.names = tuple(dict.fromkeys(linked))
                draft.stands_for = [
                    draft.names if mark is Mark.ITEM else urls
                    for (mark, _), urls in zip(draft.marks, draft.stands_for, strict=True)
                ]
        return draft

    def _spans(self, text: str) -> list[tuple[int, int, Mark, str, tuple[str, ...], bool]]:
        """Return what marks will stand for: (start, end, mark, value, URLs, clear), in order and without overlap."""
        spans: list[tuple[int, int, Mark, str, tuple[str, ...], bool]] = []
        if self._items.urls:
            known = find_known(text, self._items.urls, self._own_host)
            spans += [(one.start, one.end, Mark.URL, text[one.start : one.end], one.urls, one.clear) for one in known]
        if "://" in text or "www." in text:
            spans += [(start, end, Mark.URL, url, (), True) for start, end, url in free(text)]
        if "@" in text:
            spans += [(hit.start(), hit.end(), Mark.EMAIL, hit[0], (), True) for hit in _EMAIL.finditer(text)]
        if self._format is not None:
            spans += [(hit.start(), hit.end(), Mark.NOTICE, hit[0], (), True) for hit in self._format.finditer(text)]
        if self._ticket and self._ticket in text:
            place = text.find(self._ticket)
            spans.append((place, place + len(self._ticket), Mark.TICKET, self._ticket, (), True))
        if _DIGIT.search(text) is not None:
            spans += [(hit.start(), hit.end(), Mark.DATE, hit[0], (), True) for hit in _DATE.finditer(text)]
        return _without_overlap(spans)

    def _reach(self, draft: _Draft, unit: Unit | None, counted: bool, addressed: bool) -> None:
        """Add item numbers, "all", "all but" and "the rest" to a draft."""
        found = reach(draft.text, self._items, tuple(self._named))
        if found.mentions:
            _insert(draft, found.mentions)
        if unit is not None and not addressed and unit.number >= 0 and (counted or len(_WORD.findall(draft.text)) <= 3):
            urls = self._items.by_position.get(unit.number, ())
            draft.text = f"{Mark.ITEM.value} {draft.text}"
            draft.marks.insert(0, (Mark.ITEM, str(unit.number)))
            draft.stands_for.insert(0, urls)
        draft.every = found.every
        self._settle(draft, found)
        if found.part and not draft.names and not draft.ambiguous:
            draft.ambiguous = self._items.urls

    def _settle(self, draft: _Draft, found: Reach) -> None:
        """Work out which URLs the sentence names, leaving out what an exception takes away."""
        lost_marks = left_out(draft.text)
        if not lost_marks:
            draft.names = tuple(dict.fromkeys(url for urls in draft.stands_for for url in urls))
            return
        kept: dict[str, None] = {}
        lost: set[str] = set()
        for number, urls in enumerate(draft.stands_for):
            if number in lost_marks:
                lost.update(urls)
            else:
                kept.update(dict.fromkeys(urls))
        base = tuple(url for url in kept if url not in lost)
        draft.names = base or tuple(url for url in self._items.urls if found.every and lost and url not in lost)
        if not draft.names and not found.every:
            draft.ambiguous = self._items.urls  # something is left out of we do not know what
        draft.every = False

    def _add(
        self,
        draft: _Draft,
        unit: Unit | None = None,
        under: tuple[int, ...] = (),
        subject: bool = False,
        answers: bool = False,
    ) -> None:
        """Append a finished sentence."""
        if not draft.text.strip():
            return
        self._named.update(dict.fromkeys(draft.names))
        self.made.append(
            Sentence(
                number=len(self.made),
                text=draft.text,
                names=draft.names,
                marks=tuple(draft.marks),
                under=under,
                subject=subject,
                shape=unit.shape if unit is not None else Shape.TEXT,
                question=is_question(draft.text),
                every=draft.every,
                ambiguous=draft.ambiguous,
                struck=unit.struck if unit is not None else False,
                stands_for=tuple(draft.stands_for),
                answers=answers,
                notice=self._exact,
            )
        )


def _without_overlap(
    spans: list[tuple[int, int, Mark, str, tuple[str, ...], bool]],
) -> list[tuple[int, int, Mark, str, tuple[str, ...], bool]]:
    """Keep the first found of overlapping spans, in order of place."""
    if len(spans) < 2:
        return spans
    taken: list[tuple[int, int, Mark, str, tuple[str, ...], bool]] = []
    for span in sorted(enumerate(spans), key=lambda pair: (pair[1][0], pair[0])):
        if not taken or span[1][0] >= taken[-1][1]:
            taken.append(span[1])
    return taken


def _marked(text: str, spans: Sequence[tuple[int, int, Mark, str, tuple[str, ...], bool]]) -> _Draft:
    """Put one mark in place of every span."""
    draft, end = _Draft(""), 0
    pieces: list[str] = []
    unclear: list[str] = []
    for start, stop, mark, value, urls, clear in spans:
        pieces += [text[end:start], mark.value]
        draft.marks.append((mark, urls[0] if len(urls) == 1 and clear else value))
        draft.stands_for.append(urls if clear else ())
        if not clear:
            unclear.extend(urls)
        end = stop
    pieces.append(text[end:])
    draft.text = "".join(pieces)
    draft.names = tuple(dict.fromkeys(url for urls in draft.stands_for for url in urls))
    draft.ambiguous = tuple(dict.fromkeys(unclear))
    return draft


def _insert(draft: _Draft, mentions: Sequence[Mention]) -> None:
    """Replace item numbers by marks, keeping the order of marks in the text."""
    entries: list[tuple[int, int, tuple[Mark, str], tuple[str, ...]]] = []
    place = 0
    for mark, urls in zip(draft.marks, draft.stands_for, strict=True):
        place = draft.text.find(mark[0].value, place)
        entries.append((place, place + 1, mark, urls))
        place += 1
    entries += [(one.start, one.end, (Mark.ITEM, one.value), one.urls) for one in mentions]
    entries.sort(key=lambda entry: entry[0])
    pieces, end = [], 0
    for start, stop, mark, _ in entries:
        pieces += [draft.text[end:start], mark[0].value]
        end = max(stop, end)
    draft.text = "".join([*pieces, draft.text[end:]])
    draft.marks = [mark for _, _, mark, _ in entries]
    draft.stands_for = [urls for _, _, _, urls in entries]


def _relative_parts(draft: _Draft) -> list[_Draft]:
    """Split ``all but item 3, which ...`` so that what is said of the exception is said of it alone."""
    if not left_out(draft.text):
        return [draft]
    cut = relative_split(draft.text)
    if cut < 0:
        return [draft]
    count = sum(1 for sign in draft.text[:cut] if "\ue000" <= sign <= "\ue00f")
    first = replace_draft(draft, draft.text[:cut].rstrip(" ,"), draft.marks[:count], draft.stands_for[:count])
    second = _Draft(draft.text[cut:], draft.marks[count:], draft.stands_for[count:])
    second.names = tuple(dict.fromkeys(url for urls in second.stands_for for url in urls)) or (
        first.stands_for[-1] if first.stands_for else ()
    )
    return [first, second]


def replace_draft(draft: _Draft, text: str, marks: list[tuple[Mark, str]], stands_for: list[tuple[str, ...]]) -> _Draft:
    """Return a copy of ``draft`` with other words."""
    return replace(draft, text=text, marks=marks, stands_for=stands_for)


def _without_leave(labelled: Sequence[Labelled]) -> Sequence[Labelled]:
    """Set the closing formula and the names below it apart: they say nothing about a URL."""
    texts = [one.line.text for one in labelled]
    kept = list(labelled)
    end = len(kept)
    for number in range(len(kept) - 1, -2, -1):
        if number >= 0 and kept[number].label is Label.OWN:
            end = end if end > number + 1 and kept[number + 1].label is Label.OWN else number + 1
            continue
        start = number + 1
        if start < end and start < len(kept) and kept[start].label is Label.OWN:
            leave = sign_off(texts, start, end)
            if leave is not None:
                kept[leave:end] = [Labelled(one.line, Label.SIGNATURE) for one in kept[leave:end]]
        end = number
    return kept


def _has_mark(draft: _Draft) -> bool:
    return any(mark in {Mark.URL, Mark.ITEM} for mark, _ in draft.marks)


def _is_label(sentence: Sentence) -> bool:
    """Return whether a sentence is the mere label of an address on its own line."""
    return bool(sentence.names)


def _is_bare(sentence: Sentence, unit: Unit) -> bool:
    """Return whether a unit only names URLs: no words but "URL:", "Link 2" and the like."""
    if not sentence.names or unit.shape is Shape.ROW:
        return False
    words = [word.casefold() for word in _WORD.findall(sentence.text) if not "\ue000" <= word[0] <= "\ue00f"]
    return all(word in ITEM_NOUNS or word in NUMBER_SIGNS or word.isdecimal() for word in words) and len(words) <= 3


def _leads(text: str) -> bool:
    low = text.casefold()
    return any(word in low for word in FOLLOWING)


def _row_text(unit: Unit) -> str:
    """Return a row as words: a tick below a title says the title, a cross says it not."""
    cells = []
    addressed = any("/" in cell or "[.]" in cell for cell in unit.cells)  # the row's number may be the sender's own
    for place, cell in enumerate(unit.cells):
        title = unit.header[place] if place < len(unit.header) else ""
        low = cell.casefold().strip(" .")
        title = title.rstrip(" ?？:：")
        if title and low in _YES and title.casefold().strip("# .") not in NUMBER_SIGNS:
            cells.append(title)
        elif (title and low in _NO and low not in {"-", "–", "—"}) or (cell and _ELSE.search(title) is not None):
            cells.append(f"{title}: {cell}")
        elif (
            not addressed
            and cell.strip("#.[]() ").isdecimal()
            and (place == 0 or title.casefold().strip("# .:") in NUMBER_SIGNS)
        ):
            cells.append(f"#{int(cell.strip('#.[]() ')[:6])}")
        else:
            cells.append(cell)
    return " | ".join(cell for cell in cells if cell)


__all__ = ["is_sign_off", "sentences", "sign_off"]
