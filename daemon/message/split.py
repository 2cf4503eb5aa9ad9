# ruff: noqa: E501, SIM905 - word lists read best as words
"""Splits text into sentences in any script; knows abbreviations, initials, numbering and lower-case writers."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*(?=\s)|(?<![。！？｡؟۔।])[。！？｡؟۔।]++[』”’）)]*")
_ANY_END = re.compile("[.!?…。！？｡؟۔।]")
_LAST_WORD = re.compile(r"([^\s.(\[\"'„“«]+(?:\.[^\s.(\[]+)*)\.$")
_ABBREVIATIONS = frozenset(
    """
    e.g eg i.e ie incl excl etc approx no nos mr mrs ms dr st vs inc ltd co corp dept ref re resp tel ext fig sec art vol jan feb mar apr jun jul aug sep sept oct nov dec
    z.b bzw ca nr usw u.a d.h inkl ggf evtl abs str hr fr z.t i.d.r vgl bspw o.ä s.o s.u zzgl bez mfg ing dipl
    p.ex env m mme mlle cf av réf tél p.ej sr sra srta ud uds núm dpto págs pág aprox etc dra
    exmo exma sr.a dott sig sig.ra spett n art.li ecc p.es avv geom dhr mevr bijv o.a d.w.z m.b.t t.a.v i.v.m
    np tzn itd itp m.in ul al pl tj prof mgr inż pkt zob г гг т.е т.д т.п т.к ул д п ст см стр тел руб др им и.о напр вул буд тис млн
    örn vb vs sn cad sok tl alm mah bl osv f.eks bl.a ca pga mvh evt kl inkl nr pkt tlf t.ex m.m dvs esim mm ns klo tzv napr např atd apod č tj pl kb stb ún σελ κ.λπ π.χ
    """.split()
)


def split(text: str) -> list[str]:
    """Return the sentences of one paragraph, each with its end mark; marks for URLs and the like are ordinary words."""
    if _ANY_END.search(text) is None:
        return [text.strip()] if text.strip() else []
    found, start = [], 0
    for end in _END.finditer(text):
        if end[0].strip() == "|":
            continue
        stop = end.end()
        if stop < len(text) and not _ends(text, end.start(), stop):
            continue
        piece = text[start:stop].strip()
        if piece:
            found.append(piece)
        start = stop
        if len(found) > 2000:
            break
    rest = text[start:].strip()
    if rest:
        found.append(rest)
    return found


def _ends(text: str, dot: int, stop: int) -> bool:
    """Return whether the mark at ``dot`` ends a sentence, looking at the words on both sides."""
    if text[dot] in "。！？｡؟۔।" or text[stop - 1] in "。！？｡؟۔।":
        return True
    after = text[stop : stop + 40].lstrip()
    following = after[:1]
    if not following:
        return True
    if text[dot] in "!?":
        return True
    if text[dot : dot + 2] == ".." or text[dot] == "…":
        return not following.islower()
    window = text[max(0, dot - 24) : dot + 1]
    word = _LAST_WORD.search(window)
    last = word[1].casefold() if word is not None else ""
    if last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()):
        return False
    if last.isdecimal() and (len(last) <= 3 or following.islower()):
        return not (
            following.islower() or following.isdecimal() or dot - len(last) <= 2 or _starts(text, dot - len(last))
        )
    if last[-1:].isdecimal() and following.islower():
        return False
    return not following.islower() or len(last) >= 2


def _starts(text: str, place: int) -> bool:
    """Return whether a number stands at the start of its line or sentence, as in "1. First"."""
    before = text[max(0, place - 3) : place].strip()
    return not before or before[-1] in ".:;"


_QUESTION_ENDS = ("か", "吗", "嗎", "呢", "么", "까", "까요", "나요", "ですか", "ますか", "でしょうか")


def is_question(text: str) -> bool:
    """Return whether a sentence asks: by its mark, or by its ending where none is written."""
    bare = text.rstrip(" \"'”’»)]}」』）.。…!！*_")
    if bare.endswith(("?", "？", "؟", "⸮")):
        return True
    return not bare.isascii() and (
        bare.endswith(_QUESTION_ENDS) or (bare.endswith(";") and "\u0370" <= bare[-2:-1] <= "\u03ff")
    )


_NUMBERS = r"#?[0-9]{1,3}(?:\s?(?:[-–/,&+]|and|to)\s?#?[0-9]{1,3}){0,9}"
_LED = rf"{_NUMBERS}\s?(?:[:=]|=>|->|[-–—](?![0-9]))\s?[^\W\d_]"
_PART = re.compile(rf"[,;.]\s+(?={_LED})", re.IGNORECASE)
_FIRST = re.compile(_LED, re.IGNORECASE)
_LEADING = re.compile(_NUMBERS, re.IGNORECASE)
_RANGE = re.compile(r"([0-9]+)(?:\s?(?:[-–]|to)\s?#?([0-9]+))?", re.IGNORECASE)
_BRACKET = re.compile(r"(?:^|(?<=[\s,;.]))[(\[]?([0-9]{1,3})[)\]]:?\s+(?=[^\W\d_])")


def parts_of_list(text: str, items: int = 0) -> list[str]:
    """Return the parts of "1 - removed, 2 - not ours" or "1) removed 2) not ours", or the text if it is no such list.

    Bracketed numbers must count through all ``items`` of the notice: "1) we removed it 2) we warned the user" tells steps.
    """
    marks = list(_BRACKET.finditer(text)) if items > 1 else []
    if marks and not marks[0].start() and [int(mark[1]) for mark in marks] == list(range(1, items + 1)):
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        return [f"#{mark[1]}: {text[mark.end() : end].strip(' ,;.')}" for mark, end in zip(marks, ends, strict=True)]
    if _FIRST.match(text) is None or _PART.search(text) is None:
        return [text]
    return [f"#{part}" if items > 1 and part[0].isdecimal() else part for part in _whole(_PART.split(text))]


def _whole(parts: list[str]) -> Iterator[str]:
    """Yield the parts, bare numbers together with what is said of them: "1, 2: removed" is one part."""
    numbers = ""
    for part in parts:
        if any(sign.isalpha() for sign in part):
            yield numbers + part
            numbers = ""
        else:
            numbers += f"{part}, " if part.strip() else ""
    if numbers:
        yield numbers.rstrip(", ")


def leading_numbers(text: str) -> frozenset[int]:
    """Return the numbers in front of what a line says of them: 1, 2 and 3 for "1-3: removed"."""
    leading = _LEADING.match(text) if _FIRST.match(text) is not None else None
    found: set[int] = set()
    for low, high in _RANGE.findall(leading[0]) if leading is not None else ():
        found.update(range(int(low), int(high or low) + 1))
    return frozenset(found)
