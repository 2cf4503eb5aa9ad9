"""Parts own words from the attribution that a mail program wrote behind them on the same line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from daemon.message.message import Line, Shape
from daemon.message.quote_words import VERBS

_LEAD = re.compile(
    r"(?<=[^\s:：])[ \t]*(?:-{2,}[ \t]*|[ \t])"
    r"(?P<head>(?:On|Am|Le|El|Il|Em|Op|Den|Dne|Dnia|W dniu|På) (?:[^\W\d_]{2,12}\.?,? ){0,3}(?:\d{1,4})\b)"
)
_LEADS = ("On ", "Am ", "Le ", "El ", "Il ", "Em ", "Op ", "Den ", "Dne ", "Dnia ", "dniu ", "På ")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+[\w.-]*")
_MOST_LINES = 3
_LONGEST = 300  # characters of an attribution


def parted(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines, "Removed. On Mon, 9 Nov 2026, Anna wrote:" as two."""
    whole = "\n".join(line.text for line in lines)
    leads = [word for word in _LEADS if word in whole]
    if not leads:
        return lines
    likely = (number for number, line in enumerate(lines) if any(word in line.text for word in leads))
    places = {number: place for number in likely if (place := _head_in(lines, number)) > 0}
    if not places:
        return lines
    made: list[Line] = []
    for number, line in enumerate(lines):
        place = places.get(number, 0)
        if place:
            made.append(replace(line, text=line.text[:place].rstrip(" \t-")))
        made.append(replace(line, text=line.text[place:]))
    return made


def _head_in(lines: Sequence[Line], number: int) -> int:
    """Return where on a line an attribution begins that goes on to its colon, 0 if none does."""
    line = lines[number]
    if line.quoted or line.shape is not Shape.TEXT:
        return 0
    found = _LEAD.search(line.text)
    if found is None:
        return 0
    joined, last = line.text[found.start("head") :].strip(), number
    while (
        joined[-1:] not in ":：" and last + 1 < min(number + _MOST_LINES, len(lines)) and lines[last + 1].text.strip()
    ):
        last += 1
        joined = f"{joined} {lines[last].text.strip()}"
    ends = joined[-1:] in ":：" and len(joined) < _LONGEST and VERBS.holds(joined)
    following = next((one for one in lines[last + 1 : last + 4] if one.text.strip()), None)
    into_quote = following is not None and following.quoted
    return found.start("head") if ends and (into_quote or _ADDRESS.search(joined) is not None) else 0
