"""Six numbers of the week, each with its change and its usual range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, func, select

from daemon.digest.blocks import Cell, Section, Sheet, Table, columns, row
from daemon.digest.sql import per_week, scoped
from daemon.digest.view import View
from daemon.store.messages import COPY
from daemon.store.tables import messages, notices, outbox, takedowns

ORDER = 2
WEEKS = 8  # before this one, for the usual range
ENOUGH = 3  # weeks with anything in them before a range means something
REMOVED = ("removed", "already_gone")
HOW = (
    "Six numbers: a notice or letter counts in the week it left, a URL in the week its notice left or it was closed, "
    "an answer in the week it arrived. Removed means closed as removed or as already gone. A URL is one URL at one ESP "
    "in one cycle: reported again after closing, it counts again. The usual range is the lowest and highest of the "
    "eight weeks before, from the first that has any; below, within and above compare this week with it; it is not "
    "shown until three of them have figures."
)


@dataclass(frozen=True, slots=True)
class Number:
    """``weeks``: the weeks before, oldest first, then this one."""

    name: str
    weeks: tuple[int, ...]


def ask(conn: Connection, view: View) -> list[Number]:
    starts = view.week_starts(WEEKS)
    sent = _count(conn, takedowns, takedowns.c.sent_at, starts, view)
    closed = _count(conn, takedowns, takedowns.c.closed_at, starts, view)
    letters = outbox.c.kind.in_(("notice", "followup", "answer")) & (outbox.c.state == "sent")
    return [
        Number("Notices sent", _count(conn, notices, notices.c.sent_at, starts, view)),
        Number("URLs reported", sent),
        Number(
            "URLs removed",
            _count(conn, takedowns, takedowns.c.closed_at, starts, view, takedowns.c.status.in_(REMOVED)),
        ),
        Number("URLs open at the end", _open(conn, view, sent, closed)),
        Number("Answers read", _count(conn, messages, messages.c.received_at, starts, view, messages.c.state != COPY)),
        Number("Letters sent by the daemon", _count(conn, outbox, outbox.c.sent_at, starts, view, letters)),
    ]


def word(numbers: Sequence[Number], _view: View) -> Section:
    rows = tuple(
        row(number.name, Cell(f"{number.weeks[-1]:,}", loud=True), _change(number.weeks), _usual(number.weeks))
        for number in numbers
    )
    by_name = {number.name: number.weeks[-1] for number in numbers}
    headline = {"removed": by_name["URLs removed"], "open": by_name["URLs open at the end"]}
    table = Table("The week in six numbers", columns("Number", ">This week", ">Change", ">Usual range"), rows)
    return Section("Six numbers", (table,), headline)


def sheet(_conn: Connection, view: View, numbers: Sequence[Number]) -> Sheet:
    """The numbers of this week and those before, a row for each week."""
    weeks = [str(view.week.later(-ago)) for ago in range(WEEKS, -1, -1)]
    rows = [(week, *(number.weeks[at] for number in numbers)) for at, week in enumerate(weeks)]
    return Sheet("Numbers", ("Week", *(number.name for number in numbers)), rows, (12, *(22 for _ in numbers)), "line")


def _count(
    conn: Connection,
    table: FromClause,
    at: ColumnElement[Any],
    starts: Sequence[datetime],
    view: View,
    *more: ColumnElement[bool],
) -> tuple[int, ...]:
    query = select(*per_week(at, starts)).select_from(table)
    where = (at >= starts[0], at < starts[-1], scoped(table.c.esp_id, view.esps), *more)
    return tuple(int(count) for count in conn.execute(query.where(*where)).one())


def _open(conn: Connection, view: View, sent: Sequence[int], closed: Sequence[int]) -> tuple[int, ...]:
    """Open at the end of each week: counted at the end of this one, then reckoned back."""
    scope = scoped(takedowns.c.esp_id, view.esps)
    gone_since = takedowns.c.closed_at >= view.until
    query = select(func.count()).where(takedowns.c.sent_at < view.until, scope)
    still = conn.execute(query.where(takedowns.c.is_open)).scalar_one()
    still += conn.execute(query.where(gone_since)).scalar_one()
    ends = [int(still)]
    for came, went in zip(reversed(sent[1:]), reversed(closed[1:]), strict=True):
        ends.append(ends[-1] - came + went)
    return tuple(reversed(ends))


def _change(weeks: Sequence[int]) -> str:
    change = weeks[-1] - weeks[-2]
    return f"{change:+,}" if change else "none"


def _usual(weeks: Sequence[int]) -> str:
    before, now = list(dropwhile(lambda count: not count, weeks[:-1])), weeks[-1]
    if len(before) < ENOUGH:
        return "too early to say"
    low, high = min(before), max(before)
    verdict = "below" if now < low else "above" if now > high else "within"
    return f"{low:,} to {high:,}: {verdict}"
