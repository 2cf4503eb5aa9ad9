"""Finds signatures, disclaimers and ticket-system footers at the end of a stretch of own lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daemon.message.message import Label
from daemon.message.quote_words import (
    CONTACT,
    DISCLAIMER,
    DISCLAIMER_HEAD,
    FOOTER,
    FOOTER_BELOW_RULE,
    SENT_FROM,
    SIGN_OFFS,
)

_RULE = re.compile(r"^\s*[-_=*~─━—–]{5,}\s*$")
_CONTACT = re.compile(r"^\W*\S{1,64}@\S{1,80}\.\w+\W*$|^(?:\w{1,8}[.:]? ?)?\+?\(?\d[\d ()/.-]{7,}$")
_MAX_SIGNATURE = 14


def label_tail(texts: Sequence[str], labels: list[Label | None], start: int, end: int) -> None:
    """Label what closes the stretch ``start`` to ``end``, in place.

    The closing formula and the name below it stay the writer's own words; contact data below them are a signature.
    """
    while end > start and not texts[end - 1].strip():
        end -= 1
    end = _footers(texts, labels, start, end)
    delimiter = _delimiter(texts, start, end)
    if delimiter is not None:
        _mark(labels, delimiter, end, Label.SIGNATURE)
        _refine(texts, labels, delimiter, end)
        end = delimiter
    end = _sent_from(texts, labels, start, end)
    card = next((begin for begin, stop in reversed(_paragraphs(texts, start, end)[1:]) if stop == end), end)
    if card < end - 1 and _is_card(texts, card, end, sure=2):
        _mark(labels, card, end, Label.SIGNATURE)
        end = card
    signed = sign_off(texts, start, end)
    if signed is not None:
        _mark(labels, _contact_data(texts, signed + 1, end), end, Label.SIGNATURE)


def _contact_data(texts: Sequence[str], start: int, end: int) -> int:
    """Return where below a closing formula the names end and telephone, address and the like begin."""
    names = 0
    for number in range(start, end):
        text = texts[number].strip()
        if not text:
            continue
        names += 1
        if names > 3 or len(text) > 60 or _RULE.match(text) or CONTACT.holds(text):
            return number
    return end


def _mark(labels: list[Label | None], start: int, end: int, label: Label) -> None:
    for number in range(start, end):
        labels[number] = labels[number] or label


def _paragraphs(texts: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    """Return the runs of lines between blank lines and rules."""
    found, begin = [], -1
    for number in range(start, end):
        if texts[number].strip() and not _RULE.match(texts[number]):
            begin = number if begin < 0 else begin
        elif begin >= 0:
            found.append((begin, number))
            begin = -1
    if begin >= 0:
        found.append((begin, end))
    return found


def _footers(texts: Sequence[str], labels: list[Label | None], start: int, end: int) -> int:
    """Label trailing paragraphs that are disclaimers or a ticket system's; return where they begin."""
    paragraphs = _paragraphs(texts, start, end)
    first = end
    for begin, stop in reversed(paragraphs[1:]):
        text = "\n".join(texts[begin:stop])[:3000]
        kind = _kind(text, ruled=begin > start and _RULE.match(texts[begin - 1]) is not None)
        if kind is None:
            break
        _mark(labels, begin, stop, kind)
        first = begin
    while first > start and (not texts[first - 1].strip() or (_RULE.match(texts[first - 1]) and first < end)):
        if texts[first - 1].strip():
            labels[first - 1] = Label.FOOTER
        first -= 1
    return first


def _kind(text: str, ruled: bool) -> Label | None:
    """Return what a trailing paragraph is, None when it is the sender's own."""
    if DISCLAIMER_HEAD.holds(text[:200]):
        return Label.DISCLAIMER
    legal = DISCLAIMER.distinct(text) if DISCLAIMER.holds(text) else 0
    if legal >= 3 or (legal >= 2 and len(text) > 150):
        return Label.DISCLAIMER
    if len(text) < 400 and FOOTER.holds(text):
        return Label.FOOTER
    if ruled and len(text) < 600 and (FOOTER_BELOW_RULE.holds(text) or FOOTER.holds(text)):
        return Label.FOOTER
    return None


def _delimiter(texts: Sequence[str], start: int, end: int) -> int | None:
    """Return the last line that is "-- " with a short block below."""
    filled = 0
    for number in range(end - 1, max(start, end - 30) - 1, -1):
        text = texts[number]
        if text.strip() in {"--", "—"} and number > start:
            return number if text == "-- " or filled <= _MAX_SIGNATURE else None
        if (
            filled
            and number > start
            and text[:1] in "-_=—─━"
            and _RULE.match(text)
            and _is_card(texts, number + 1, end)
        ):
            return number
        filled += bool(text.strip())
    return None


def _is_card(texts: Sequence[str], start: int, end: int, sure: int = 1) -> bool:
    """Return whether the lines are nothing but a name and contact data, ``sure`` of them a telephone or a mailbox."""
    lines = [text for number in range(start, end) if (text := texts[number].strip())]
    if not 1 < len(lines) <= 12:
        return False
    if any(len(line) > 60 or line.endswith((".", "!", "?", ":", "。")) for line in lines):
        return False
    paths = any("/" in line.partition("://")[2].rstrip("/") for line in lines)
    return not paths and sum(_CONTACT.search(line) is not None for line in lines) >= sure


def _refine(texts: Sequence[str], labels: list[Label | None], start: int, end: int) -> None:
    """Inside a signature, tell disclaimers apart."""
    for begin, stop in _paragraphs(texts, start + 1, end):
        if _kind("\n".join(texts[begin:stop])[:3000], ruled=False) is Label.DISCLAIMER:
            for number in range(begin, stop):
                labels[number] = Label.DISCLAIMER


def sign_off(texts: Sequence[str], start: int, end: int) -> int | None:
    """Return the line with which the writer takes leave, if only a name and contact data follow."""
    filled = 0
    for number in range(end - 1, start - 1, -1):
        text = texts[number].strip()
        if not text:
            continue
        filled += 1
        if filled > _MAX_SIGNATURE:
            return None
        if is_sign_off(text):
            return number if number > start or filled > 1 else None
        if len(text) > 90 or (text.endswith((".", "!", "?", "。")) and len(text) > 45 and not CONTACT.holds(text)):
            return None
    return None


def is_sign_off(text: str) -> bool:
    """Return whether a line is a closing formula and nothing else, or one with a name behind a comma."""
    if len(text) > 60:
        return False
    low = text.casefold().replace("&", "and").replace("+", "and").strip(" ,.!;:-–—。、，！")
    if low in SIGN_OFFS:
        return True
    head, comma, tail = low.partition(",")
    return bool(comma) and head.strip() in SIGN_OFFS and len(tail.split()) <= 4


def _sent_from(texts: Sequence[str], labels: list[Label | None], start: int, end: int) -> int:
    """Label "Sent from my phone" and what follows it; return where it begins."""
    seen, first = 0, end
    for number in range(end - 1, start - 1, -1):
        text = texts[number].strip()
        if text and len(text) < 90 and SENT_FROM.holds(text):
            _mark(labels, number, end, Label.SIGNATURE)
            seen, first = 0, number
        seen += bool(text) and first != number
        if seen > 3:
            break
    return first
