"""What every verb needs: text that any database takes, lists cut for ``IN``, inserts that leave what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Executable, Row, Select, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
IN = 500  # values in one IN list
_MAX_KEY = 500  # an index takes no text of any length


def chunks(values: Iterable[T], size: int = IN) -> Iterator[list[T]]:
    source = iter(values)
    while chunk := list(islice(source, size)):
        yield chunk


def clean(text: str, limit: int = 100_000) -> str:
    """``text`` without what PostgreSQL refuses (NUL, lone surrogates), at most ``limit`` characters."""
    return text[:limit].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def key(text: str) -> str:
    """``text`` as an indexed key: one of unusual length is replaced by its digest."""
    kept = clean(text)
    return kept if len(kept) <= _MAX_KEY else f"sha256:{sha256(kept.encode()).hexdigest()}"


def number_key(number: str) -> str:
    """A notice number as it is looked up: answers write it in any case."""
    return key(number).upper()


def pairs(conn: Connection, query: Select[Any, Any], given: Mapping[str, Any] | None = None) -> dict[Any, Any]:
    """The two columns of ``query`` as key and value."""
    return {row[0]: row[1] for row in conn.execute(query, given)}


def among(column: Column[Any]) -> ColumnElement[bool]:
    """``column`` is one of ``ids``, which are given when the statement is executed: it is put together once."""
    return column.in_(bindparam("ids", expanding=True))


def url_key(canonical: str) -> str:
    """The indexed digest of a canonical URL."""
    return sha256(canonical.encode("utf-8", "replace")).hexdigest()[:32]


def insert_missing(
    conn: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    returning: Sequence[Column[Any]] = (),
) -> Sequence[AnyRow]:
    """Insert ``rows``, leaving alone those that a unique key says are there; return ``returning`` of the new ones."""
    if not rows:
        return ()
    make = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    statement = make(table).on_conflict_do_nothing()
    if not returning:
        conn.execute(statement, rows)
        return ()
    return conn.execute(statement.returning(*returning), rows).all()


def upsert(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], on: Sequence[str]) -> None:
    """Insert ``rows``; where the key ``on`` is there, overwrite the other given columns."""
    if rows:
        conn.execute(_upsert(conn.dialect.name, table, tuple(rows[0]), tuple(on)), rows)


@lru_cache(maxsize=100)
def _upsert(dialect: str, table: Table, names: tuple[str, ...], on: tuple[str, ...]) -> Executable:
    """The statement, put together once: this takes longer than most of them run."""
    statement = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)
    new = {name: statement.excluded[name] for name in names if name not in on}
    return statement.on_conflict_do_update(index_elements=list(on), set_=new)
