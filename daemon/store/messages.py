"""Messages by their identity (Message-ID, fingerprint), what was decided about them, their text while it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, tuple_, update

from daemon.store.rows import AnyRow, chunks, clean, insert_missing, key
from daemon.store.tables import decisions, message_notices, messages

DECIDED = "decided"  # judged, with its effects
SET_ASIDE = "set_aside"  # unreadable or a bug: a person must look
RECORDED = "recorded"  # known, without effects: observe mode, or older than the first start
OUTSIDE = "outside"  # met first outside the inbox: judged, never moved
COPY = "copy"  # set aside unread, and turned out to be a mail that was known already

Identity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to record; ``body`` is kept, compressed and encrypted, if it is given."""

    identity: Identity = field(repr=False)  # (Message-ID or "", fingerprint)
    mailbox: str
    received_at: datetime
    state: str
    fingerprint_version: int = 1
    from_domain: str = field(default="", repr=False)
    kind: str = "reply"
    category: str = "other"
    automatic: bool = False
    esp_id: int | None = None
    ticket: str | None = field(default=None, repr=False)
    notice_id: int | None = None
    size: int = 0
    body: bytes | None = field(default=None, repr=False)  # as Cipher.seal gives it
    twin_of: int | None = None
    wording: str = ""


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision about a recorded message; ``items``, ``reasons`` and ``proofs`` hold words, numbers and ids only."""

    message_ref: int
    at: datetime
    by: str
    category: str
    needs_human: bool = False
    evidence: str = "none"
    standing: str = "claimed"
    rules_version: str = ""
    items: Sequence[dict[str, Any]] = ()
    reasons: Sequence[str] = ()
    rule: str = ""
    task: str = ""
    live: bool = True


def identity(message_id: str | None, fingerprint: str) -> Identity:
    """The identity as it is stored: the Message-ID cut to what an index takes, "" for none."""
    return key(message_id or ""), fingerprint


def known(conn: Connection, wanted: Iterable[Identity]) -> dict[Identity, int]:
    """identity -> message, for those that are recorded."""
    found: dict[Identity, int] = {}
    for chunk in chunks(set(wanted)):
        pair = tuple_(messages.c.message_id, messages.c.fingerprint)
        for row in conn.execute(select(messages.c.id, *pair.clauses).where(pair.in_(chunk))):
            found[row.message_id, row.fingerprint] = row.id
    return found


def twins(conn: Connection, message_ids: Iterable[str]) -> dict[str, int]:
    """Message-ID -> the first recorded message that has it ("" is nobody's)."""
    found: dict[str, int] = {}
    for chunk in chunks(set(message_ids) - {""}):
        query = select(messages.c.id, messages.c.message_id).where(messages.c.message_id.in_(chunk))
        for row in conn.execute(query.order_by(messages.c.id.desc())):
            found[row.message_id] = row.id
    return found


def record(conn: Connection, new: Sequence[NewMessage], now: datetime) -> dict[Identity, int]:
    """Record messages; return identity -> id of those that were not there (another writer may have been faster)."""
    rows = {one.identity: _row(one, now) for one in new}
    returned = insert_missing(
        conn, messages, list(rows.values()), [messages.c.message_id, messages.c.fingerprint, messages.c.id]
    )
    return {(row.message_id, row.fingerprint): row.id for row in returned}


def _row(one: NewMessage, now: datetime) -> dict[str, Any]:
    return {
        "message_id": one.identity[0],
        "fingerprint": one.identity[1],
        "fingerprint_version": one.fingerprint_version,
        "mailbox": one.mailbox,
        "received_at": one.received_at,
        "recorded_at": now,
        "from_domain": clean(one.from_domain, 253),
        "kind": one.kind,
        "category": one.category,
        "automatic": one.automatic,
        "state": one.state,
        "esp_id": one.esp_id,
        "ticket": key(one.ticket).upper() if one.ticket else None,
        "notice_id": one.notice_id,
        "size": one.size,
        "body_enc": one.body,
        "twin_of": one.twin_of,
        "wording": one.wording,
    }


_JUDGED = ("kind", "category", "automatic", "state", "esp_id", "ticket", "notice_id", "wording")


def judged_again(conn: Connection, new: Mapping[int, NewMessage], now: datetime) -> None:
    """Write what a second look found about recorded messages; identity, times and body stay."""
    for ref, one in new.items():
        row = _row(one, now)
        values = {name: row[name] for name in _JUDGED}
        conn.execute(update(messages).where(messages.c.id == ref).values(values))


def read_at_last(conn: Connection, message_ref: int, one: NewMessage) -> None:
    """Write what is known of a message that could not be read when it was recorded."""
    names = ("message_id", "fingerprint", "fingerprint_version", "received_at", "from_domain", "size", "body_enc")
    row = _row(one, one.received_at)
    values = {name: row[name] for name in names}
    conn.execute(update(messages).where(messages.c.id == message_ref).values(values))


def is_a_copy(conn: Connection, message_ref: int) -> None:
    """Note that a message which could not be read is a mail that was known already."""
    conn.execute(update(messages).where(messages.c.id == message_ref).values(state=COPY))


def set_category(conn: Connection, message_ref: int, category: str) -> None:
    """Write the category that a person gave a message."""
    conn.execute(update(messages).where(messages.c.id == message_ref).values(category=category))


def record_decisions(conn: Connection, new: Sequence[NewDecision]) -> None:
    rows = [
        {
            "message_ref": one.message_ref,
            "at": one.at,
            "by": one.by,
            "rules_version": one.rules_version,
            "category": one.category,
            "needs_human": one.needs_human,
            "evidence": one.evidence,
            "standing": one.standing,
            "items": list(one.items),
            "reasons": list(one.reasons),
            "rule": clean(one.rule, 200),
            "task": one.task,
            "live": one.live,
        }
        for one in new
    ]
    if rows:
        conn.execute(insert(decisions), rows)


def tie(conn: Connection, tied: Iterable[tuple[int, int, Sequence[str]]]) -> None:
    """Record (message, notice, proofs) of messages that answer notices."""
    rows = [{"message_ref": ref, "notice_id": notice, "proofs": list(proofs)} for ref, notice, proofs in tied]
    insert_missing(conn, message_notices, rows)


def get(conn: Connection, message_ref: int) -> AnyRow | None:
    return conn.execute(select(messages).where(messages.c.id == message_ref)).one_or_none()


def get_many(conn: Connection, refs: Iterable[int]) -> dict[int, AnyRow]:
    """Messages by id, without their bodies."""
    columns = [column for column in messages.c if column.name != "body_enc"]
    found: dict[int, AnyRow] = {}
    for chunk in chunks(set(refs)):
        found.update({row.id: row for row in conn.execute(select(*columns).where(messages.c.id.in_(chunk)))})
    return found


def decisions_of(conn: Connection, message_ref: int) -> Sequence[AnyRow]:
    """All decisions about a message, oldest first; the last one stands."""
    query = select(decisions).where(decisions.c.message_ref == message_ref).order_by(decisions.c.id)
    return conn.execute(query).all()


def notices_of(conn: Connection, message_ref: int) -> Sequence[AnyRow]:
    """(notice_id, proofs) of the notices that a message answers."""
    query = select(message_notices.c.notice_id, message_notices.c.proofs)
    return conn.execute(query.where(message_notices.c.message_ref == message_ref)).all()


def of_notice(conn: Connection, notice_id: int) -> Sequence[AnyRow]:
    """The messages that answer a notice, in the order of recording, without their bodies."""
    columns = [column for column in messages.c if column.name != "body_enc"]
    query = select(*columns).join(message_notices, message_notices.c.message_ref == messages.c.id)
    return conn.execute(query.where(message_notices.c.notice_id == notice_id).order_by(messages.c.id)).all()


def counts(conn: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    query = select(messages.c.state, func.count()).group_by(messages.c.state)
    return {row[0]: row[1] for row in conn.execute(query)}


def observed(conn: Connection, mailbox: str, limit: int) -> Sequence[AnyRow]:
    """Messages that were judged while observing and have had no effect yet, oldest first, with their bodies."""
    judged = select(decisions.c.message_ref).where(decisions.c.live.is_(False))
    waiting = (messages.c.state == RECORDED, messages.c.mailbox == mailbox, messages.c.body_enc.is_not(None))
    query = select(messages).where(*waiting, messages.c.id.in_(judged)).order_by(messages.c.id).limit(limit)
    return conn.execute(query).all()


def purge_bodies(conn: Connection, before: datetime, limit: int = 1000) -> int:
    """Drop the text of messages received before ``before``; return how many (call again until 0)."""
    due = select(messages.c.id).where(messages.c.body_enc.is_not(None), messages.c.received_at < before).limit(limit)
    done = conn.execute(update(messages).where(messages.c.id.in_(due)).values(body_enc=None))
    return done.rowcount
