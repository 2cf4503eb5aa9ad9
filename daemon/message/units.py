"""Puts own lines together into units: paragraphs with their wrapping undone, items, rows, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from daemon.message.answer_line import is_answer_line
from daemon.message.entries import key
from daemon.message.headings import URLISH, heading, is_underlined
from daemon.message.message import Label, Labelled, Line, Shape
from daemon.message.number_words import NUMBER_SIGNS
from daemon.message.pasted import lines_of

_GOES_ON = r"(?:[,;&+/–-]|(?:and|or|und|et|y|e|en|i|и|та|ve)\b)\s?[#\[(]?[0-9]"  # a list of numbers, no bullet
_BOX = r"(?:[✓✔✗✘☑☐❌✅]\ufe0f?|\[[ xX]?\])"
_DOT = r"[-*•·◦▪–—+>→‣●○■□]"
_BULLET = re.compile(
    rf"^\s{{0,12}}(?:(?:{_DOT}\s+)?{_BOX}\s+|{_DOT}\s+|\(?([0-9]{{1,3}})[.):\]]\)?\s+"
    rf"|(?:\[0?([0-9]{{1,3}})\]:?\s*|#([0-9]{{1,3}})[:.)]?\s+)(?!{_GOES_ON})|\(?[a-zA-Z][.)]\s+)(?=\S)"
)
_ENTRY = re.compile(
    r"ad\s\d{1,3}\)|(?:[^\W\d_]{1,14}\.?\s{0,2})?(?:no\.?|nr\.?|n°|#|№)?\s?\d{1,3}(?:\s?(?:-|–|,|/|&|to|and|bis|und|et|à|y|a|e|al|en|i|и|до|ve)\s?\d{1,3}){0,10}\s{0,2}(?:[:=→]|->|=>|\s[–—-]\s)",
    re.IGNORECASE,
)
_SIGN = re.compile(_BOX)
_GAP = re.compile(r"\s{2,}")
_BORDER = re.compile(r"[|\t]")
_NUMBER_CELL = re.compile(r"#?[0-9]{1,3}\s?\|")
_ALONE = re.compile(r"[#\[(]{0,2}([0-9]{1,3})[\]).]{0,2}")
_IN_A_LINE = re.compile(r"[(\[]?1[)\]] .*\s[(\[]?2[)\]] ")
_RULE = re.compile(r"^[\s|+:=_*~─━—–-]{3,}$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")


@dataclass(slots=True)
class Unit:
    """One paragraph, item or row of own text; ``number`` is the number that a list puts before it (-1: none)."""

    text: str = field(repr=False)
    shape: Shape = Shape.TEXT
    number: int = -1
    struck: bool = False
    colour: str = ""
    gap: bool = False  # a blank line stands before it
    cells: tuple[str, ...] = field(default=(), repr=False)
    header: tuple[str, ...] = field(default=(), repr=False)
    links: tuple[str, ...] = field(default=(), repr=False)
    above: int = -1  # the line number of the quoted line right above, -1: none
    given: tuple[str, ...] = field(default=(), repr=False)  # the URLs that the record is about in which it stands
    title: bool = False  # a title in a word above addresses
    indent: int = 0
    sign: str = ""  # a box, tick or cross before it


def units(labelled: Sequence[Labelled], cap: int = 200_000) -> Iterator[Unit]:
    """Yield the units of the sender's own lines, reading at most ``cap`` characters."""
    current: Unit | None = None
    last = ""  # the latest line as written
    gap, quoted, read = True, -1, 0
    header: tuple[str, ...] = ()
    for number, one, line in _read(labelled):
        if one.label is not Label.OWN:
            if current is not None:
                yield current
                current = None
            gap = True
            if line.text.strip(" >\t"):
                quoted = number if one.label is Label.QUOTE else -1
            continue
        text = line.text.strip()
        if not text or (not text[0].isalnum() and _RULE.match(text)):
            if current is not None:
                yield _titled(current, text)
            current, gap = None, True
            header = header if text else ()
            continue
        read += len(text)
        if read > cap:
            break
        made, header = _made(line, header)
        made.gap, made.above = gap, quoted
        made.indent = len(line.text) - len(line.text.lstrip())
        gap = False
        if current is not None and _joins(current, last, made, line):
            _append(current, made)
        else:
            if current is not None:
                yield current
            current = made
        last = line.text
        if quoted >= 0 and made.gap and current is not made:
            quoted = -1
    if current is not None:
        yield current


def _read(labelled: Sequence[Labelled]) -> Iterator[tuple[int, Labelled, Line]]:
    """Yield every line with its number, what a program wrote entry by entry."""
    for number, one in enumerate(labelled):
        for line in lines_of(one.line) if one.label is Label.OWN else (one.line,):
            yield number, one, line


def _made(line: Line, header: tuple[str, ...]) -> tuple[Unit, tuple[str, ...]]:
    """Turn one line into a unit, reading tables and lists drawn with characters."""
    text = line.text.strip()
    if line.shape is Shape.ROW:
        return Unit(
            text, Shape.ROW, -1, line.struck, line.colour, cells=line.cells, header=line.header, links=line.links
        ), ()
    if text.count("|") > 1 or (text.count("|") == 1 and (header or _NUMBER_CELL.match(text))) or text.count("\t") > 1:
        cells = tuple(cell.strip() for cell in _BORDER.split(text.strip("|")))
        cells = tuple(cell for cell in cells if cell) if "|" not in text else cells
        if len(cells) > 1:
            titles = not header and not any(sign.isdecimal() for sign in text) and "/" not in text
            unit = Unit(" | ".join(cells), Shape.ROW, cells=cells, header=header if len(header) == len(cells) else ())
            unit.struck, unit.colour, unit.links = line.struck, line.colour, line.links
            return unit, cells if titles else header
    if words := heading(text):
        return Unit(words, Shape.HEADING, -1, line.struck, line.colour, links=line.links), ()
    columns = _columns(text, header)
    if columns:
        titles = not columns[0].strip("#.[]() ").isdecimal() and not any(map(URLISH.match, columns))
        unit = Unit(" | ".join(columns), Shape.ROW, cells=columns, header=() if titles else header)
        unit.struck, unit.colour, unit.links = line.struck, line.colour, line.links
        return unit, columns if titles else header
    if alone := _ALONE.fullmatch(text):
        return Unit(text, Shape.ITEM, int(alone[1]), line.struck, line.colour, links=line.links), ()
    whole_list = _IN_A_LINE.match(text) is not None  # no bullet
    found = None if whole_list or (text[0].isalpha() and text[1:2] not in ".)") else _BULLET.match(line.text)
    number = -1
    shape = line.shape
    if found is not None:
        digits = found[1] or found[2] or found[3]
        number = int(digits) if digits else -1
        text = line.text[found.end() :].strip()
        shape = Shape.ITEM
    box = _SIGN.search(found[0]) if found is not None else None
    sign = box[0] if box is not None else ""
    crossed = sign.startswith(("✗", "✘", "☐", "❌", "[ ", "[]"))  # what is said of the list is not said of it
    return Unit(text, shape, number, line.struck or crossed, line.colour, links=line.links, sign=sign), ()


def _titled(unit: Unit, below: str) -> Unit:
    """Return a unit as a heading if a rule underlines it."""
    if unit.shape is Shape.TEXT and is_underlined(unit.text, below):
        unit.shape = Shape.HEADING
    return unit


def _columns(text: str, header: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells of a row that is set with blanks, told by an item number, or its title, in the first column."""
    if "  " not in text:
        return ()
    cells = tuple(_GAP.split(text))
    if len(cells) == 2 and cells[0].endswith(":"):
        return ()  # an entry
    first = cells[0].strip("#.[]():- ").casefold()
    numbered = first.isdecimal() and len(first) < 4
    addressed = bool(header) and any(URLISH.match(cell) for cell in cells)
    fits = (numbered or addressed) and (not header or len(header) == len(cells))
    return cells if fits or (first in NUMBER_SIGNS and len(cells) < 6) else ()


def _width(text: str) -> int:
    """Return the printed width, counting Chinese, Japanese and Korean letters double."""
    return len(text) if text.isascii() else len(text) + len(_CJK.findall(text))


def _joins(current: Unit, last: str, made: Unit, line: Line) -> bool:
    """Return whether a line goes on with the unit before it: it was only wrapped."""
    if _ENTRY.match(made.text) or (is_answer_line(made.text) and is_answer_line(last)):
        return False
    if key(made.text) is not None and (key(last.strip()) is not None or key(current.text) is not None):
        return False
    if made.shape is not Shape.TEXT or current.shape in {Shape.ROW, Shape.HEADING} or made.struck != current.struck:
        return False
    if made.colour != current.colour and (made.colour or current.colour):
        return False
    bare = last.rstrip()
    if bare.endswith((":", "：")):
        return False
    indent, before = len(line.text) - len(line.text.lstrip()), len(last) - len(last.lstrip())
    first = made.text[:1]
    if current.shape is Shape.ITEM or (indent > before + 3 and not URLISH.match(made.text)):
        return indent > before or first.islower() or _width(bare) >= 50
    if (
        URLISH.match(bare.strip().rpartition(" ")[2])
        and (first in "./?&=_%" or bare[-1] in "/.-_=&?%")
        and not URLISH.match(made.text)
    ):
        return True
    if URLISH.match(made.text) and (URLISH.match(bare.strip()) or _width(bare) < 50):
        return False
    if first.islower() or first in ",;)":
        return not URLISH.match(bare.strip()) or _width(bare) >= 50
    if URLISH.match(bare.strip()) and not (first.isascii() and _width(bare) >= 60):
        return False
    return _width(bare) >= 50 and not (bare.endswith((",", "!", ".", "。")) and _width(bare) < 30)


def _append(current: Unit, made: Unit) -> None:
    """Undo one line wrap; scripts without blanks join without one."""
    tight = bool(_CJK.match(current.text[-1:])) and bool(_CJK.match(made.text[:1]))
    current.text += made.text if tight else " " + made.text
    current.links += made.links
