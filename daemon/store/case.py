"""Everything on record about one notice or one ESP, as it goes into an evidence bundle: reads only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from daemon.errors import PermanentError
from daemon.store.overview import JOINED
from daemon.store.rows import AnyRow, chunks
from daemon.store.tables import (
    decisions,
    journal,
    message_notices,
    messages,
    notice_items,
    notices,
    outbox,
    rungs,
    takedowns,
)
from daemon.store.tables import esps as esp_table

EXPORTED = "case"  # the journal's action when a bundle is made; such rows are in none, or no two would be alike
MOST = 20_000  # notices of one bundle
_SET = 500


@dataclass(frozen=True, slots=True)
class Case:
    """What a bundle is about: an ESP, and its notices (or the one that was asked for)."""

    esp: Any = field(repr=False)
    notice_ids: tuple[int, ...]
    whole: bool = False  # about the ESP as a whole, not about one notice
    part: bool = False  # only about some of its notices

    @property
    def sets(self) -> Iterator[Sequence[int]]:
        """The notices in sets, so that memory does not grow with them."""
        return (self.notice_ids[at : at + _SET] for at in range(0, len(self.notice_ids), _SET))


def of_notice(conn: Connection, notice_id: int) -> Case:
    row = conn.execute(select(notices.c.esp_id).where(notices.c.id == notice_id)).one()
    return Case(_esp(conn, row.esp_id), (notice_id,))


def of_esp(conn: Connection, esp_id: int, since: datetime | None = None, *, open_only: bool = False) -> Case:
    """The case of an ESP; ``since``: only notices sent from then on, ``open_only``: only those with open URLs.

    Raises PermanentError where it would be too large to be read by anybody.
    """
    query = select(notices.c.id).where(notices.c.esp_id == esp_id).order_by(notices.c.id)
    if since is not None:
        query = query.where(notices.c.sent_at >= since)
    if open_only:
        tied = select(notice_items.c.notice_id).join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
        query = query.where(notices.c.id.in_(tied.where(takedowns.c.esp_id == esp_id, takedowns.c.is_open)))
    ids = tuple(conn.execute(query.limit(MOST + 1)).scalars())
    if len(ids) > MOST:
        raise PermanentError(f"this would hold more than {MOST:,} notices; narrow it down with --since or --open")
    return Case(_esp(conn, esp_id), ids, whole=True, part=open_only or since is not None)


def _esp(conn: Connection, esp_id: int) -> AnyRow:
    return conn.execute(select(esp_table).where(esp_table.c.id == esp_id)).one()


def notice_rows(conn: Connection, case: Case) -> Iterator[AnyRow]:
    for ids in case.sets:
        yield from conn.execute(select(notices).where(notices.c.id.in_(ids)).order_by(notices.c.id))


def items(conn: Connection, case: Case) -> Iterator[AnyRow]:
    """Each item of each notice with its takedown, and the number of the notice."""
    query = (
        select(notices.c.number, notice_items.c.position, notice_items.c.notice_id, takedowns)
        .join(notices, notices.c.id == notice_items.c.notice_id)
        .join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
    )
    for ids in case.sets:
        here = query.where(notice_items.c.notice_id.in_(ids))
        yield from conn.execute(here.order_by(notice_items.c.notice_id, notice_items.c.position))


def letters(conn: Connection, case: Case) -> list[AnyRow]:
    """The letters about the notices (for an ESP: all to it), oldest first, without their bytes."""
    query = select(*[column for column in outbox.c if column.name != "raw"])
    found: dict[int, AnyRow] = {}
    for ids in case.sets:
        theirs = select(rungs.c.outbox_id).where(rungs.c.notice_id.in_(ids))
        own = outbox.c.context["notices"][0].as_integer().in_(ids)
        named = or_(outbox.c.id.in_(theirs), outbox.c.kind.in_(("notice", "answer", "followup")) & own)
        found.update({row.id: row for row in conn.execute(query.where(named))})
    if case.whole:
        about_itself = outbox.c.kind == "register" if case.part else outbox.c.kind.not_in(("digest", "alert"))
        rows = conn.execute(query.where(outbox.c.esp_id == case.esp.id, about_itself))
        found.update({row.id: row for row in rows})
    return [found[one] for one in sorted(found)]


def raw_of(conn: Connection, outbox_id: int) -> bytes | None:
    """The bytes of a letter, None if it never had any."""
    found: bytes | None = conn.execute(select(outbox.c.raw).where(outbox.c.id == outbox_id)).scalar_one()
    return found


def body_of(conn: Connection, message_ref: int) -> bytes | None:
    """The sealed text of a mail, None if it is not kept any more."""
    found: bytes | None = conn.execute(select(messages.c.body_enc).where(messages.c.id == message_ref)).scalar_one()
    return found


def steps(conn: Connection, case: Case) -> Iterator[AnyRow]:
    """The rungs of the ladders, with the number of their notice: sent, skipped, cancelled, and why."""
    query = select(rungs, notices.c.number).join(notices, notices.c.id == rungs.c.notice_id)
    for ids in case.sets:
        yield from conn.execute(query.where(rungs.c.notice_id.in_(ids)).order_by(rungs.c.notice_id, rungs.c.id))


def mails(conn: Connection, case: Case) -> list[AnyRow]:
    """The mails that answer the notices (for an ESP: all of it), with what was decided about each last."""
    columns = [column for column in messages.c if column.name != "body_enc"]
    last = select(func.max(decisions.c.id)).where(decisions.c.message_ref == messages.c.id).correlate(messages)
    said = (decisions.c.standing, decisions.c.evidence, decisions.c.rule)
    query = select(*columns, *said).outerjoin(decisions, decisions.c.id == last.scalar_subquery())
    found: dict[int, AnyRow] = {}
    for ids in case.sets:
        tied = select(message_notices.c.message_ref).where(message_notices.c.notice_id.in_(ids))
        found.update({row.id: row for row in conn.execute(query.where(messages.c.id.in_(tied)))})
    if case.whole and not case.part:
        found.update({row.id: row for row in conn.execute(query.where(messages.c.esp_id == case.esp.id))})
    return [found[one] for one in sorted(found)]


def numbers_of(conn: Connection, refs: Sequence[int]) -> Mapping[int, list[str]]:
    """mail -> the numbers of the notices that it answers."""
    found: dict[int, list[str]] = {}
    query = select(message_notices.c.message_ref, notices.c.number).join(
        notices, notices.c.id == message_notices.c.notice_id
    )
    for some in chunks(refs):
        rows = conn.execute(query.where(message_notices.c.message_ref.in_(some)).order_by(notices.c.id))
        for ref, number in rows:
            found.setdefault(ref, []).append(number)
    return found


def journal_rows(
    conn: Connection, case: Case, letter_ids: Sequence[int], mail_ids: Sequence[int]
) -> list[dict[str, Any]]:
    """Every journal row about the notices, their takedowns, letters and mails (for an ESP: about it), in order."""
    found: dict[int, dict[str, Any]] = {}

    def take(where: ColumnElement[bool]) -> None:
        for row in conn.execute(select(journal).where(where, journal.c.action != EXPORTED)).mappings():
            found[row["id"]] = dict(row)

    for ids in case.sets:
        tied = select(notice_items.c.takedown_id).where(notice_items.c.notice_id.in_(ids))
        joined = select(journal.c.takedown_id).where(journal.c.notice_id.in_(ids), journal.c.action == JOINED)
        take(journal.c.notice_id.in_(ids) | journal.c.takedown_id.in_(tied) | journal.c.takedown_id.in_(joined))
    for column, wanted in ((journal.c.outbox_id, letter_ids), (journal.c.message_ref, mail_ids)):
        for some in chunks(wanted):
            take(column.in_(some))
    if case.whole:
        of_its_own = journal.c.notice_id.is_(None) & journal.c.takedown_id.is_(None)
        take((journal.c.esp_id == case.esp.id) & (of_its_own if case.part else true()))
    return [found[one] for one in sorted(found)]


def as_json(value: Any) -> str:
    """JSON with one spelling for one value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_plain)


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="microseconds") if hasattr(value, "isoformat") else str(value)
