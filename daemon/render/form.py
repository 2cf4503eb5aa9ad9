"""The form to fill in that may go with a letter: a CSV whose first cell is the letter's Message-ID.

``message.form`` reads it when it comes back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from daemon.message.form import COLUMNS, MARK
from daemon.render.letter import Attached
from daemon.render.values import NoticeValue

NAME = "noticed-form.csv"
_COMMA = frozenset({"en", "zh", "ja", "ko", "ar"})  # elsewhere spreadsheets part columns by a semicolon
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def form(message_id: str, notices: Sequence[NoticeValue], answers: Mapping[str, str], language: str) -> Attached:
    """Return the form about the items of ``notices``; ``answers`` are the words to fill in (``Templates.answers``)."""
    text = io.StringIO()
    comma = language.partition("-")[0] in _COMMA
    writer = csv.writer(text, delimiter="," if comma else ";", lineterminator="\r\n")
    writer.writerow([MARK + message_id.strip("<>"), " / ".join(answers.values())])
    writer.writerow(COLUMNS)
    for notice in notices:
        for item in notice.items:
            writer.writerow([guarded(notice.number), item.position, guarded(item.url), "", "", ""])
    # the mark makes spreadsheets take it for UTF-8
    return Attached(NAME, 'text/csv; charset="utf-8"; header=present', text.getvalue().encode("utf-8-sig"))


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
