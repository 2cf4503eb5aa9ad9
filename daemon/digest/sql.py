"""The little SQL that the sections share: scope, hours between two times, counts per week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, true

from daemon.store.spans import hours_between as hours_between


def scoped(column: ColumnElement[Any], esps: frozenset[int] | None) -> ColumnElement[bool]:
    """The condition that keeps to the reader's ESPs."""
    return true() if esps is None else column.in_(sorted(esps))


def within(column: ColumnElement[Any], since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(column >= since, column < until)


def per_week(column: ColumnElement[Any], starts: Sequence[datetime]) -> list[ColumnElement[int]]:
    """One count for each stretch between neighbouring ``starts``."""
    return [
        func.coalesce(func.sum(case((within(column, since, until), 1), else_=0)), 0)
        for since, until in pairwise(starts)
    ]
