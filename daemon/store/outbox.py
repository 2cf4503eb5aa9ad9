"""Letters that are to leave: queued with what caused them, claimed before they are sent, never sent blindly again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from daemon.store import journal
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow, among, chunks, clean, insert_missing, pairs
from daemon.store.tables import outbox, rungs

HELD, QUEUED, SENDING = "held", "queued", "sending"
SENT, UNKNOWN, FAILED, CANCELLED = "sent", "unknown", "failed", "cancelled"


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter to queue.  ``key`` makes it unique: the same cause never queues twice.

    ``message_id`` is in lower case with its brackets; ``context`` holds ids only: ``notices`` are the rows it is about.
    """

    kind: str  # notice, followup, answer, digest, alert, probe
    key: str
    message_id: str = field(repr=False)
    to_address: str = field(repr=False)
    template: str = ""
    mailbox: str = ""
    esp_id: int | None = None
    subject: str = field(default="", repr=False)
    context: Mapping[str, Any] = field(default_factory=dict)
    survivor_linked: bool = False
    due_at: datetime | None = None  # None: now
    held: bool = False  # until a person approves it
    raw: bytes | None = field(default=None, repr=False)  # composed already (a digest): sent as it is


def queue(conn: Connection, letter: NewLetter, now: datetime, actor: str = "daemon") -> int | None:
    """Queue a letter with its journal row; None if one with this key is there already."""
    return queue_all(conn, [letter], now, actor).get(letter.key)


def queue_all(conn: Connection, letters: Iterable[NewLetter], now: datetime, actor: str = "daemon") -> dict[str, int]:
    """Queue letters with their journal rows; key -> row of those whose key was not there already."""
    new = [(letter, {"state": HELD if letter.held else QUEUED}) for letter in letters]
    return _add(conn, new, now, Entry(now, actor, "letter"))


def adopt(conn: Connection, letter: NewLetter, sent_at: datetime, now: datetime) -> int | None:
    """Take up a letter that left without being known here, with its journal row; None if it is known."""
    state = {"state": SENT, "sent_at": sent_at, "claimed_at": sent_at, "due_at": sent_at}
    entry = Entry(now, "daemon", "letter", details={"reason": "found_in_sent"})
    return _add(conn, [(letter, state)], now, entry).get(letter.key)


def _add(
    conn: Connection, letters: Iterable[tuple[NewLetter, Mapping[str, Any]]], now: datetime, entry: Entry
) -> dict[str, int]:
    """Insert letters, each with the values that say where it stands; ``entry`` is completed for each of them."""
    new = {letter.key: (letter, _row(letter, state, now)) for letter, state in letters}
    rows = insert_missing(conn, outbox, [row for _, row in new.values()], [outbox.c.key, outbox.c.id])
    found: dict[str, int] = {row.key: row.id for row in rows}
    made = ((*new[key], outbox_id) for key, outbox_id in sorted(found.items(), key=lambda pair: pair[1]))
    journal.append(conn, [_told(entry, letter, row["state"], outbox_id) for letter, row, outbox_id in made])
    return found


def _row(letter: NewLetter, state: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "kind": letter.kind,
        "template": letter.template,
        "key": letter.key,
        "message_id": letter.message_id,
        "mailbox": letter.mailbox,
        "esp_id": letter.esp_id,
        "to_address": clean(letter.to_address, 320),
        "subject": clean(letter.subject, 1000),
        "context": dict(letter.context),
        "raw": letter.raw,
        "survivor_linked": letter.survivor_linked,
        "due_at": letter.due_at or now,
        "created_at": now,
        **state,
    }


def _told(entry: Entry, letter: NewLetter, state: str, outbox_id: int) -> Entry:
    details = {"kind": letter.kind, "template": letter.template, "notices": list(letter.context.get("notices", ()))}
    details |= entry.details or {}
    return replace(entry, esp_id=letter.esp_id, outbox_id=outbox_id, new=state, details=details)


def due(conn: Connection, now: datetime, limit: int = 100) -> Sequence[AnyRow]:
    """Queued letters whose time has come: survivor-linked first, then oldest."""
    return conn.execute(_DUE, {"now": now, "limit": limit}).all()


_DUE = (
    select(outbox)
    .where(outbox.c.state == QUEUED, outbox.c.due_at <= bindparam("now"))
    .where(or_(outbox.c.next_try_at.is_(None), outbox.c.next_try_at <= bindparam("now")))
    .order_by(outbox.c.survivor_linked.desc(), outbox.c.due_at, outbox.c.id)
    .limit(bindparam("limit"))
)


def claim(
    conn: Connection, outbox_id: int, raw: bytes, subject: str, now: datetime, by: str, *, anew: bool = False
) -> bool:
    """Make a queued letter ``sending``, with the bytes that will leave; False if it is not queued any more.

    Bytes that were stored before stay, unless ``anew``: a second attempt is the same mail.
    """
    values = {
        "state": SENDING,
        "claimed_by": by,
        "claimed_at": now,
        "attempts": outbox.c.attempts + 1,
        "raw": raw if anew else func.coalesce(outbox.c.raw, raw),
        "subject": clean(subject, 1000),
    }
    done = conn.execute(update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == QUEUED).values(values))
    if done.rowcount:
        journal.append(conn, [Entry(now, "daemon", "letter", outbox_id=outbox_id, old=QUEUED, new=SENDING)])
    return bool(done.rowcount)


def mark(
    conn: Connection,
    outbox_id: int,
    state: str,
    now: datetime,
    *,
    was: str = SENDING,
    reply: str = "",
    reason: str = "",
    next_try_at: datetime | None = None,
    by: str = "daemon",
) -> bool:
    """Move a letter from ``was`` to ``state``, with its journal row; False if it stood elsewhere.

    ``reply`` is a reply code and enhanced status, ``reason`` a word of a closed list.
    """
    values: dict[str, Any] = {"state": state, "reply": clean(reply, 40), "next_try_at": next_try_at}
    if state == SENT:
        values |= {"sent_at": now, "claimed_at": func.coalesce(outbox.c.claimed_at, now)}
    if state == QUEUED:
        values |= {"claimed_by": None, "claimed_at": None}
    mine = update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == was)
    row = conn.execute(mine.values(values).returning(outbox.c.esp_id)).one_or_none()
    if row is None:
        return False
    details = {name: text for name, text in (("reply", clean(reply, 40)), ("reason", reason)) if text}
    entry = Entry(now, by, "letter", esp_id=row.esp_id, outbox_id=outbox_id, old=was, new=state, details=details)
    journal.append(conn, [entry])
    _follow_rungs(conn, outbox_id, state, reason, now)
    return True


def keep_draft(conn: Connection, outbox_id: int, draft: str) -> None:
    """Note the server's id of the draft that a claimed letter will leave as: later attempts send that very draft."""
    row = conn.execute(select(outbox.c.context).where(outbox.c.id == outbox_id)).one()
    values = {"context": {**row.context, "draft": draft}}
    conn.execute(update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == SENDING).values(values))


_RUNG_OUTCOMES = {SENT: "SENT", CANCELLED: "CANCELLED", FAILED: "CANCELLED"}


def _follow_rungs(conn: Connection, outbox_id: int, state: str, reason: str, now: datetime) -> None:
    outcome = _RUNG_OUTCOMES.get(state)
    if outcome:
        values = {"outcome": outcome, "reason": clean(reason, 40), "at": now}
        mine = (rungs.c.outbox_id == outbox_id) & (rungs.c.outcome == "QUEUED")
        conn.execute(update(rungs).where(mine).values(values))


def put_off(conn: Connection, outbox_id: int, until: datetime, why: str = "", now: datetime | None = None) -> None:
    """Look at a queued letter again later; nothing is counted as an attempt.  ``why`` (with ``now``) is journalled."""
    conn.execute(update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == QUEUED).values(next_try_at=until))
    if why and now is not None:
        journal.append(conn, [Entry(now, "daemon", "not_sent", outbox_id=outbox_id, new=why)])


def speaks_of(conn: Connection, outbox_id: int) -> set[int]:
    """The notices whose rungs a letter still carries."""
    query = select(rungs.c.notice_id).where(rungs.c.outbox_id == outbox_id, rungs.c.outcome == "QUEUED")
    return set(conn.execute(query).scalars())


def drop(conn: Connection, outbox_id: int, dropped: Iterable[tuple[int, str]], now: datetime) -> None:
    """Note that a letter no longer speaks of some of its notices: (notice, reason)."""
    for notice_id, reason in dropped:
        mine = (rungs.c.outbox_id == outbox_id) & (rungs.c.notice_id == notice_id)
        values = {"outcome": "CANCELLED", "reason": clean(reason, 40), "at": now}
        conn.execute(update(rungs).where(mine).values(values))
        entry = Entry(now, "daemon", "not_sent", notice_id=notice_id, outbox_id=outbox_id, new=reason)
        journal.append(conn, [entry])


def approve(conn: Connection, outbox_id: int, now: datetime, by: str) -> bool:
    """Let a held letter go; False if it is not held."""
    conn.execute(update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == HELD).values(approved_by=by))
    return mark(conn, outbox_id, QUEUED, now, was=HELD, by=by)


def left_sending(conn: Connection, besides: str = "") -> Sequence[AnyRow]:
    """Letters that a process was sending when it died (all that ``besides`` has not claimed)."""
    query = select(outbox).where(outbox.c.state == SENDING, outbox.c.claimed_by != besides)
    return conn.execute(query.order_by(outbox.c.id)).all()


def in_state(conn: Connection, state: str, limit: int = 1000) -> Sequence[AnyRow]:
    return conn.execute(select(outbox).where(outbox.c.state == state).order_by(outbox.c.id).limit(limit)).all()


def unproven(conn: Connection, now: datetime, limit: int = 1000) -> Sequence[AnyRow]:
    """Letters of which nobody knows whether they left, and whose copy it is time to look for."""
    ready = or_(outbox.c.next_try_at.is_(None), outbox.c.next_try_at <= now)
    query = select(outbox).where(outbox.c.state == UNKNOWN, ready)
    return conn.execute(query.order_by(outbox.c.id).limit(limit)).all()


def look_later(conn: Connection, row: AnyRow, at: datetime, **notes: Any) -> None:
    """Look for the copy of an unknown letter again at ``at``; ``notes`` are kept with it."""
    mine = (outbox.c.id == row.id) & (outbox.c.state == UNKNOWN)
    conn.execute(update(outbox).where(mine).values(next_try_at=at, context={**row.context, **notes}))


def by_message_ids(conn: Connection, message_ids: Iterable[str], *, claimed: bool = True) -> Sequence[AnyRow]:
    """The letters with these Message-IDs; ``claimed``: only those that were claimed at least once."""
    found: list[AnyRow] = []
    for chunk in chunks(set(message_ids) - {""}):
        query = select(outbox).where(outbox.c.message_id.in_(chunk))
        found.extend(conn.execute(query.where(outbox.c.raw.is_not(None)) if claimed else query))
    return found


def by_key(conn: Connection, key: str) -> AnyRow | None:
    return conn.execute(select(outbox).where(outbox.c.key == key)).one_or_none()


def with_key(conn: Connection, beginning: str) -> Sequence[AnyRow]:
    """The letters whose key begins so, oldest first; their bytes included."""
    query = select(outbox).where(outbox.c.key.startswith(beginning, autoescape=True))
    return conn.execute(query.order_by(outbox.c.id)).all()


def planned(conn: Connection, kind: str, template: str, since: datetime, until: datetime) -> int:
    """How many letters of a kind (``template`` as LIKE has it) left, or are to leave, within this time."""
    mine = (outbox.c.kind == kind) & outbox.c.template.like(template)
    within = (outbox.c.due_at >= since) & (outbox.c.due_at < until) & outbox.c.state.not_in((CANCELLED, FAILED))
    return conn.execute(select(func.count()).select_from(outbox).where(mine, within)).scalar_one()


def get(conn: Connection, outbox_id: int) -> AnyRow | None:
    return conn.execute(_GET, {"id": outbox_id}).one_or_none()


_GET = select(outbox).where(outbox.c.id == bindparam("id"))


def of_notice(conn: Connection, notice_id: int) -> Sequence[AnyRow]:
    """The letters whose rungs belong to a notice, and the notice's own letter, oldest first."""
    theirs = select(rungs.c.outbox_id).where(rungs.c.notice_id == notice_id)
    own = and_(outbox.c.kind == "notice", outbox.c.context["notices"][0].as_integer() == notice_id)
    return conn.execute(select(outbox).where(or_(outbox.c.id.in_(theirs), own)).order_by(outbox.c.id)).all()


_AWAY = outbox.c.state.in_((SENDING, SENT, UNKNOWN))


def left_count(conn: Connection, since: datetime, until: datetime, address: str | None = None) -> int:
    """How many letters left or may have left between the two (to ``address``)."""
    given = {"since": since, "until": until}
    if address is None:
        return conn.execute(_LEFT, given).scalar_one()
    return conn.execute(_LEFT_TO, given | {"to": address.lower()}).scalar_one()


def left_between(conn: Connection, since: datetime, until: datetime, addresses: Collection[str]) -> dict[str, int]:
    """address -> letters that left or may have left between the two; ``addresses`` are in lower case."""
    found: dict[str, int] = {}
    for chunk in chunks(addresses):
        given = {"since": since, "until": until, "to": chunk}
        found.update({row[0]: row[1] for row in conn.execute(_LEFT_BETWEEN, given)})
    return found


# the end lies ahead of now: a clock that was set back still counts what left just before that
_RECENT = and_(_AWAY, outbox.c.claimed_at >= bindparam("since"), outbox.c.claimed_at < bindparam("until"))
_to = func.lower(outbox.c.to_address)
_LEFT = select(func.count()).select_from(outbox).where(_RECENT)
_LEFT_TO = _LEFT.where(_to == bindparam("to"))
_LEFT_BETWEEN = select(_to, func.count()).where(_RECENT, _to.in_(bindparam("to", expanding=True))).group_by(_to)


def counts(conn: Connection) -> dict[str, int]:
    """How many letters are in each state."""
    return {row[0]: row[1] for row in conn.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))}


def add_rungs(conn: Connection, new: Sequence[Mapping[str, Any]]) -> None:
    """Record rungs (notice_id, cycle, rung, outbox_id, outcome, reason, at); one that is there stays."""
    insert_missing(conn, rungs, [{"outbox_id": None, "reason": "", **row} for row in new])


def dealt_with(conn: Connection, notice_ids: Iterable[int]) -> set[tuple[int, int, int]]:
    """(notice, cycle, rung) of every rung of these notices that left, waits or was skipped."""
    found: set[tuple[int, int, int]] = set()
    for chunk in chunks(set(notice_ids)):
        query = select(rungs.c.notice_id, rungs.c.cycle, rungs.c.rung).where(rungs.c.notice_id.in_(chunk))
        found.update((row[0], row[1], row[2]) for row in conn.execute(query))
    return found


def left_about(conn: Connection, notice_ids: Iterable[int]) -> dict[int, int]:
    """notice -> how many follow-ups about it have left: rungs that were skipped are none."""
    found: dict[int, int] = {}
    for chunk in chunks(set(notice_ids)):
        found.update(pairs(conn, _LEFT_ABOUT, {"ids": chunk}))
    return found


_LEFT_ABOUT = (
    select(rungs.c.notice_id, func.count())
    .where(among(rungs.c.notice_id), rungs.c.outcome == "SENT")
    .group_by(rungs.c.notice_id)
)


def rungs_of(conn: Connection, notice_id: int) -> Sequence[AnyRow]:
    return conn.execute(_RUNGS, {"notice": notice_id}).all()


_RUNGS = select(rungs).where(rungs.c.notice_id == bindparam("notice")).order_by(rungs.c.id)
