"""The journal: who changed what, when, on what evidence; append-only and chained by hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from daemon.store.rows import insert_missing
from daemon.store.tables import journal, settings_state

_HEAD = "journal.head"
_START = "0" * 64
_READ_HEAD = select(settings_state.c.value).where(settings_state.c.key == _HEAD)
_LOCK_HEAD = _READ_HEAD.with_for_update()
_WRITE_HEAD = update(settings_state).where(settings_state.c.key == _HEAD)
_ADD = insert(journal)
_COLUMNS = (
    "at",
    "actor",
    "action",
    "esp_id",
    "notice_id",
    "takedown_id",
    "message_ref",
    "outbox_id",
    "review_id",
    "old",
    "new",
    "details",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to append.  ``details``: ids, names of rules and counts only, never text, an address or a URL."""

    at: datetime
    actor: str  # "rules", "daemon", "mailbox" or a login
    action: str
    esp_id: int | None = None
    notice_id: int | None = None
    takedown_id: int | None = None
    message_ref: int | None = None
    outbox_id: int | None = None
    review_id: int | None = None
    old: str | None = None
    new: str | None = None
    details: Mapping[str, Any] | None = None


class Broken(NamedTuple):
    """The first place where the chain does not hold; ``seq`` counts from 1."""

    seq: int
    row: int | None
    why: str  # changed, removed, inserted, cut


def append(conn: Connection, entries: Iterable[Entry], *, seal: bool = True) -> None:
    """Append ``entries`` in this transaction; ``seal`` False leaves the chaining to the leader (see ``seal``)."""
    rows = [dict(zip(_COLUMNS, _values(entry), strict=True)) for entry in entries]
    if not rows:
        return
    if not seal:
        conn.execute(_ADD, rows)
        return
    head = _head(conn)
    for row in rows:
        head = _chain(row, head)
    conn.execute(_ADD, rows)
    _store_head(conn, head)


def seal(conn: Connection, limit: int = 5000) -> int:
    """Chain up to ``limit`` unsealed rows in the order of their ids; return how many were."""
    head = _head(conn)
    rows = conn.execute(select(journal).where(journal.c.seq.is_(None)).order_by(journal.c.id).limit(limit)).mappings()
    count = 0
    for row in rows.all():
        values = {name: row[name] for name in _COLUMNS}
        head = _chain(values, head)
        sealed = {name: values[name] for name in ("seq", "prev_hash", "hash")}
        conn.execute(update(journal).where(journal.c.id == row["id"]).values(sealed))
        count += 1
    if count:
        _store_head(conn, head)
    return count


def verify(conn: Connection) -> Broken | None:
    """Walk the whole chain; return the first row that was changed, removed or inserted, None if all stand."""
    seq, previous = 0, _START
    rows = conn.execution_options(yield_per=2000).execute(
        select(journal).where(journal.c.seq.is_not(None)).order_by(journal.c.seq)
    )
    for row in rows.mappings():
        seq += 1
        if row["seq"] != seq:
            return Broken(seq, None, "removed")
        if row["prev_hash"] != previous:
            return Broken(seq, row["id"], "inserted")
        if row["hash"] != _digest(dict(row), seq, previous):
            return Broken(seq, row["id"], "changed")
        previous = row["hash"]
    if (seq, previous) != _stored_head(conn):
        return Broken(seq + 1, None, "cut")
    return None


def unsealed(conn: Connection) -> int:
    return conn.execute(select(func.count()).where(journal.c.seq.is_(None))).scalar_one()


def rows_of(conn: Connection, **where: int) -> Sequence[RowMapping]:
    """The rows of a notice, a takedown, a message ... (``notice_id=7``), in order."""
    query = select(journal).order_by(journal.c.id)
    for column, value in where.items():
        query = query.where(journal.c[column] == value)
    return conn.execute(query).mappings().all()


_values = attrgetter(*_COLUMNS)


def _chain(row: dict[str, Any], head: tuple[int, str]) -> tuple[int, str]:
    seq, previous = head[0] + 1, head[1]
    row.update(seq=seq, prev_hash=previous, hash=_digest(row, seq, previous))
    return seq, row["hash"]


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode


@lru_cache(maxsize=16)
def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _digest(row: Mapping[str, Any], seq: int, previous: str) -> str:
    """SHA-256 over the previous hash and the row as canonical JSON."""
    values = {name: value for name in _COLUMNS if (value := row[name]) is not None}
    values["at"] = _moment(row["at"])
    values["seq"] = seq
    return hashlib.sha256((previous + _encode(values)).encode("ascii")).hexdigest()


def _stored_head(conn: Connection, *, lock: bool = False) -> tuple[int, str]:
    value = conn.execute(_LOCK_HEAD if lock else _READ_HEAD).scalar_one_or_none()
    return (value["seq"], value["hash"]) if value else (0, _START)


def _head(conn: Connection) -> tuple[int, str]:
    """The end of the chain, locked until this transaction ends: two writers cannot chain to the same row."""
    head = _stored_head(conn, lock=True)
    if head == (0, _START):  # the very first rows: two writers must not both take themselves for the first
        insert_missing(conn, settings_state, [{"key": _HEAD, "changed_by": "daemon", **_head_values(head)}])
        head = _stored_head(conn, lock=True)
    return head


def _store_head(conn: Connection, head: tuple[int, str]) -> None:
    conn.execute(_WRITE_HEAD, _head_values(head))


def _head_values(head: tuple[int, str]) -> dict[str, Any]:
    return {"value": {"seq": head[0], "hash": head[1]}, "changed_at": datetime(1970, 1, 1, tzinfo=UTC)}
