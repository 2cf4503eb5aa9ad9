"""The little SQL that the sections share: scope, hours between two times, counts per week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, func, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class hours_between(GenericFunction[int]):  # noqa: N801 - named as it reads in a query
    """Whole hours from the first time to the second, rounded down."""

    type = Integer()
    inherit_cache = True


@compiles(hours_between, "sqlite")
def _sqlite(element: hours_between, compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST((julianday({second}) - julianday({first})) * 24 + 0.0001 AS INTEGER)"


@compiles(hours_between, "postgresql")
def _postgresql(element: hours_between, compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM ({second}) - ({first})) / 3600) AS INTEGER)"


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
