"""Labels every line: the sender's own words, quote, quote head, signature, disclaimer, footer.  Labels, never cuts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from daemon.message.closing import label_tail
from daemon.message.message import Label, Labelled, Line, Message
from daemon.message.quote_heads import bare, find_heads
from daemon.message.quote_words import ABOVE
from daemon.message.shared_lines import parted
from daemon.message.urls import refang

_INITIALS = re.compile(r"^\s{0,3}[A-Za-z][A-Za-z.]{0,4}>{1,3}(?:\s|$)")
_ADDRESS = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:)]")
_PATH = re.compile(r"\w\.\w[\w.-]*/\w")
_LINK = re.compile(r"\s*\(https?://[^\s()]+\)\s*>?")  # alone on a line, in brackets
_SIGNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # of writing direction
_WORD = re.compile(r"[^\W_]+")
_MAX_COMPARED = 400


def label(mail: Message | Sequence[Line], notice_text: str | Sequence[str] | None = None) -> tuple[Labelled, ...]:
    """Label a mail's lines.  The lines of ``notice_text``, which we sent, are quotes even where nothing marks them."""
    lines = parted(mail.lines if isinstance(mail, Message) else mail)
    if notice_text is not None and not isinstance(notice_text, str):
        notice_text = "\n".join(notice_text)
    texts = [line.text if line.text.isascii() else _SIGNS.sub("", line.text) for line in lines]
    quoted = _quoted(lines, texts)
    labels: list[Label | None] = [Label.QUOTE if mark else None for mark in quoted]
    open_from = _apply_heads(texts, quoted, labels)
    if notice_text:
        _apply_notice(texts, labels, open_from, notice_text)
    _apply_above(texts, labels)
    _apply_armour(texts, labels)
    for start, end in _own_runs(labels):
        label_tail(texts, labels, start, end)
    made = tuple(Labelled(line, mark or Label.OWN) for line, mark in zip(lines, labels, strict=True))
    return _with_answers(made, _sent(notice_text).items) if notice_text else made


def _with_answers(labelled: tuple[Labelled, ...], items: Mapping[str, str]) -> tuple[Labelled, ...]:
    """Part what was written behind an address of ours on a quoted line from that line."""
    if not items or not any(one.label is Label.QUOTE for one in labelled):
        return labelled
    parted: list[Labelled] = []
    for one in labelled:
        ours, added = _added(one.line.text, items) if one.label is Label.QUOTE else ("", "")
        if added:
            parted.append(Labelled(replace(one.line, text=ours), Label.QUOTE))
            parted.append(Labelled(Line(added, colour=one.line.colour), Label.OWN))
        else:
            parted.append(one)
    return tuple(parted)


def _added(line: str, items: Mapping[str, str]) -> tuple[str, str]:
    """Return a quoted line and the words that stand on it behind one of our addresses, if we did not write them."""
    if "/" not in line:
        return "", ""
    text = refang(line)
    for found in _ADDRESS.finditer(text):
        if found[0] in items:
            added = text[found.end() :]
            squeezed = "".join(_WORD.findall(added.casefold()))
            if squeezed and squeezed != items[found[0]] and any(sign.isalpha() for sign in squeezed):
                return text[: found.end()], added.strip(" \t-=:<>→–—|")
    return "", ""


def _quoted(lines: Sequence[Line], texts: Sequence[str]) -> list[bool]:
    """Return for each line whether its layout marks it as quoted: ">", a block quote, or the writer's initials."""
    quoted = [line.quoted for line in lines]
    if not all(quoted) and any(">" in text[:9] and not mark for text, mark in zip(texts, quoted, strict=True)):
        prefixes = [text.split(">", 1)[0].strip() if _INITIALS.match(text) else "" for text in texts]
        seen = Counter(prefixes)
        for number, prefix in enumerate(prefixes):
            if prefix and seen[prefix] > 1:
                quoted[number] = True
    if any(quoted):
        _mend_breaks(texts, quoted)
    return quoted


def _mend_breaks(texts: Sequence[str], quoted: list[bool]) -> None:
    """Undo what a mailer broke: an address parted before its ">", a quoted line whose end fell off its mark."""
    for number in range(1, len(texts)):
        line, above = texts[number], texts[number - 1]
        if quoted[number] and not quoted[number - 1]:
            if len(line) < 24 and line[-1:] in ":：" and above.rfind("<") > above.rfind(">"):
                quoted[number] = False
        elif quoted[number - 1] and not quoted[number] and line and _fell_off(above, line):
            quoted[number] = number + 1 < len(texts) and quoted[number + 1]


def _fell_off(above: str, line: str) -> bool:
    """Return whether a line is the end of the quoted one above: it goes on mid-sentence, where no room was left."""
    first = line.split(" ", 1)[0]
    if _LINK.fullmatch(line) is not None:
        return True
    if above.count("(") > above.count(")") and "(http" in above and line[-1] == ")" and "(" not in line:
        return True  # the rest of a link
    return (
        line[0].islower()
        and len(line) < 72
        and 70 < len(above) < 82
        and len(above) + len(first) > 72
        and above[-1] not in ".!?:;/"
        and "://" not in above[-40:]
    )


def _apply_heads(texts: Sequence[str], quoted: Sequence[bool], labels: list[Label | None]) -> int:
    """Label quote heads, and all below a head whose quote has no marks; return where that open quote begins."""
    count = open_from = len(texts)
    for head in find_heads(texts, quoted):
        labels[head.start : head.end] = [Label.QUOTE_HEAD] * (head.end - head.start)
        following = head.end
        while following < count and not texts[following].strip():
            following += 1
        if following < count and not quoted[following]:
            open_from = min(open_from, head.end)
    for number in range(open_from, count):
        labels[number] = labels[number] or Label.QUOTE
    return open_from


@dataclass(frozen=True, slots=True)
class _Sent:
    """What we sent, in the forms in which its lines are recognised."""

    raw: frozenset[str] = field(repr=False)  # lines as written, stripped
    listed: frozenset[str] = field(repr=False)  # the same of its list of addresses
    items: dict[str, str] = field(repr=False)  # address -> the letters and digits behind it on its line
    lines: frozenset[str] = field(repr=False)  # letters and digits only
    runs: frozenset[tuple[str, ...]] = field(repr=False)  # of three words


@lru_cache(maxsize=64)
def _sent(notice_text: str) -> _Sent:
    """Prepare a letter of ours."""
    text = refang(notice_text).casefold()
    words = _WORD.findall(text)[:5000]
    raw = frozenset(line.strip() for line in notice_text.split("\n") if len(line) > 12 and not _is_item(line))
    listed = frozenset(line.strip() for line in notice_text.split("\n") if len(line) > 12 and _is_item(line))
    lines = frozenset(compact for line in text.split("\n") if (compact := "".join(_WORD.findall(line))))
    items = {
        found[0]: "".join(_WORD.findall(line[found.end() :].casefold()))
        for line in refang(notice_text).split("\n")[:2000]
        for found in _ADDRESS.finditer(line)
    }
    return _Sent(raw, listed, items, lines, frozenset(zip(words, words[1:], words[2:], strict=False)))


def _apply_notice(texts: Sequence[str], labels: list[Label | None], open_from: int, notice_text: str) -> None:
    """Find the notice's own lines where nothing marks them, and answers that stand between them in an open quote."""
    sent = _sent(notice_text)
    count = min(len(texts), _MAX_COMPARED)
    alike = [
        _likeness(texts[number], sent) if labels[number] is None or number >= open_from else 0
        for number in range(count)
    ]
    if not any(alike):
        return
    for number in range(min(open_from, count)):
        if labels[number] is None and alike[number] >= 2:
            labels[number] = Label.QUOTE
    for number in range(min(open_from, count)):
        if labels[number] is None and alike[number] == 1 and _beside(labels, alike, number):
            labels[number] = Label.QUOTE
    _apply_list(texts, labels, alike, sent)
    sure = [number for number in range(open_from, count) if alike[number] >= 2]
    if sure:
        for number in range(sure[0], sure[-1] + 1):
            if (
                labels[number] is Label.QUOTE
                and not alike[number]
                and texts[number].strip()
                and not _is_marked(texts[number])
            ):
                labels[number] = None


def _apply_list(texts: Sequence[str], labels: list[Label | None], alike: Sequence[int], sent: _Sent) -> None:
    """Label the lines of our list as we wrote them, where they stand amid our letter."""
    sure = [number for number, likeness in enumerate(alike) if likeness >= 2]
    for number in range(sure[0], sure[-1]) if len(sure) > 2 else ():
        if labels[number] is None and texts[number].strip() in sent.listed:
            labels[number] = Label.QUOTE


def _is_marked(text: str) -> bool:
    return text.lstrip()[:1] in ">＞|"


def _likeness(text: str, sent: _Sent) -> int:
    """Return 2 for a line that is surely the notice's, 1 for one that may be (a bare address, a short line), 0 else."""
    if not text:
        return 0
    if text.strip() in sent.raw:
        return 2
    words = _WORD.findall(refang(text).casefold())
    if not words:
        return 0
    if "".join(words) in sent.lines:
        return 2 if len(words) > 3 and not _is_item(text) else 1
    if len(words) < 5 or _is_item(text):
        return 0
    hits = [run in sent.runs for run in zip(words, words[1:], words[2:], strict=False)]
    whole = hits[0] and hits[-1]  # words in front or behind are not ours: an answer on our own line
    return 2 if whole and sum(hits) >= 0.7 * len(hits) else 0


def _is_item(text: str) -> bool:
    """Return whether a line is an address or a numbered item, which the sender may well repeat in his own list."""
    return "://" in text or "xx" in text[:12].lower() or "[" in text or _PATH.search(text) is not None


def _beside(labels: Sequence[Label | None], alike: Sequence[int], number: int) -> bool:
    """Return whether the nearest other lines are the notice's too."""
    for step in (-1, 1):
        place = number + step
        while 0 <= place < len(alike) and alike[place] < 2 and abs(place - number) < 12:
            if not alike[place] and labels[place] is None and abs(place - number) > 2:
                break
            place += step
        if 0 <= place < len(alike) and alike[place] >= 2:
            return True
    return False


def _apply_above(texts: Sequence[str], labels: list[Label | None]) -> None:
    """Label "reply above this line"; what stands below is a quote only if an answer stands above."""
    for number, text in enumerate(texts[:200]):
        if labels[number] is None and 8 < len(text) < 160 and text.strip()[:1] in "-#=*_>[(" and ABOVE.holds(text):
            labels[number] = Label.FOOTER
            if any(labels[place] is None and len(texts[place].strip()) > 2 for place in range(number)):
                for place in range(number + 1, len(texts)):
                    labels[place] = labels[place] or Label.QUOTE


def _apply_armour(texts: Sequence[str], labels: list[Label | None]) -> None:
    """Label the frame of a signed OpenPGP mail (RFC 9580 section 7): its text stays the sender's."""
    inside = False
    for number, text in enumerate(texts):
        if text.startswith("-----BEGIN PGP SIGNED"):
            labels[number] = Label.FOOTER
            if number + 1 < len(texts) and texts[number + 1].startswith("Hash:"):
                labels[number + 1] = Label.FOOTER
        inside = inside or text.startswith("-----BEGIN PGP SIGNATURE")
        if inside:
            labels[number] = Label.SIGNATURE
            inside = not text.startswith("-----END PGP SIGNATURE")


def _own_runs(labels: Sequence[Label | None]) -> list[tuple[int, int]]:
    """Return the stretches of lines that are still nobody's but the sender's."""
    runs, start = [], -1
    for number, mark in enumerate([*labels, Label.QUOTE]):
        if mark is None and start < 0:
            start = number
        elif mark is not None and start >= 0:
            runs.append((start, number))
            start = -1
    return runs


__all__ = ["bare", "label"]
