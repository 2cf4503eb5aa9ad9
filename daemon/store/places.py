"""Where messages lie now, what has been seen of each folder, and the strikes against mail that kills its reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, tuple_, update

from daemon.store.rows import AnyRow, chunks, upsert
from daemon.store.tables import folder_states, places, strikes

MET, FILED = "met", "filed"  # listed there, or put there by us: our own echo
Spot = tuple[str, str]  # folder and the backend's own id in it


class Bound(NamedTuple):
    """A message and the place where it lies."""

    message_ref: int
    mailbox: str
    folder: str
    uid: str
    how: str = MET


def bind(conn: Connection, found: Iterable[Bound], now: datetime) -> None:
    """Record where messages lie; a place that was taken is bound anew."""
    rows = {
        (one.mailbox, one.folder, one.uid): {
            "mailbox": one.mailbox,
            "folder": one.folder,
            "uid": one.uid,
            "message_ref": one.message_ref,
            "how": one.how,
            "at": now,
        }
        for one in found
    }
    upsert(conn, places, list(rows.values()), ["mailbox", "folder", "uid"])


def bound(conn: Connection, mailbox: str, folder: str, uids: Iterable[str]) -> dict[str, int]:
    """uid -> message, for the places of ``folder`` that are known."""
    found: dict[str, int] = {}
    for chunk in chunks(uids):
        query = select(places.c.uid, places.c.message_ref)
        query = query.where(places.c.mailbox == mailbox, places.c.folder == folder, places.c.uid.in_(chunk))
        found.update({row.uid: row.message_ref for row in conn.execute(query)})
    return found


def release(conn: Connection, mailbox: str, spots: Iterable[Spot]) -> None:
    """Forget places where nothing lies any more."""
    for chunk in chunks(spots):
        where = tuple_(places.c.folder, places.c.uid).in_(chunk)
        conn.execute(delete(places).where(places.c.mailbox == mailbox, where))


def messages_at(conn: Connection, mailbox: str, spots: Iterable[Spot]) -> set[int]:
    """The messages that lie at these places."""
    found: set[int] = set()
    for chunk in chunks(spots):
        where = tuple_(places.c.folder, places.c.uid).in_(chunk)
        found.update(conn.execute(select(places.c.message_ref).where(places.c.mailbox == mailbox, where)).scalars())
    return found


def stale(conn: Connection, mailbox: str, folder: str, uids: Iterable[str]) -> list[Spot]:
    """The places known in ``folder`` that are not among ``uids``, all that lie there now."""
    there = set(uids)
    query = select(places.c.uid).where(places.c.mailbox == mailbox, places.c.folder == folder)
    return [(folder, uid) for uid in conn.execute(query).scalars() if uid not in there]


def of_messages(conn: Connection, refs: Iterable[int]) -> Sequence[AnyRow]:
    """All places of these messages."""
    found: list[AnyRow] = []
    for chunk in chunks(refs):
        found.extend(conn.execute(select(places).where(places.c.message_ref.in_(chunk)).order_by(places.c.id)))
    return found


def folders_of(conn: Connection, mailbox: str, refs: Iterable[int]) -> dict[int, frozenset[str]]:
    """message -> the folders of ``mailbox`` in which it is known to lie, or to have lain under numbers now void."""
    found: dict[int, set[str]] = {ref: set() for ref in refs}
    for row in of_messages(conn, found):
        if row.mailbox == mailbox:
            found[row.message_ref].add(row.folder)
    return {ref: frozenset(folders) for ref, folders in found.items()}


def state_of(conn: Connection, mailbox: str, folder: str) -> str | None:
    """What was seen of ``folder``, in the backend's own words; None if it was never looked at."""
    return seen_of(conn, mailbox, folder)[0]


def seen_of(conn: Connection, mailbox: str, folder: str) -> tuple[str | None, int]:
    """What was seen of ``folder``, and how many of its last listings in a row told that its ids are void."""
    query = select(folder_states.c.text, folder_states.c.resets)
    query = query.where(folder_states.c.mailbox == mailbox, folder_states.c.folder == folder)
    row = conn.execute(query).one_or_none()
    return (row.text, row.resets) if row is not None else (None, 0)


def states_of(conn: Connection, mailbox: str) -> Mapping[str, str]:
    """Folder -> what was seen of it."""
    query = select(folder_states.c.folder, folder_states.c.text).where(folder_states.c.mailbox == mailbox)
    return {row.folder: row.text for row in conn.execute(query)}


def store_state(conn: Connection, mailbox: str, folder: str, text: str, now: datetime, resets: int = 0) -> None:
    row = {"mailbox": mailbox, "folder": folder, "text": text, "resets": resets, "updated_at": now}
    upsert(conn, folder_states, [row], ["mailbox", "folder"])


def strikes_of(conn: Connection, mailbox: str, spots: Iterable[Spot]) -> dict[Spot, int]:
    """How often reading a message ended in a dead process."""
    found: dict[Spot, int] = {}
    for chunk in chunks(spots):
        query = select(strikes).where(strikes.c.mailbox == mailbox, tuple_(strikes.c.folder, strikes.c.uid).in_(chunk))
        found.update({(row.folder, row.uid): row.count for row in conn.execute(query)})
    return found


def strike(conn: Connection, mailbox: str, spot: Spot, now: datetime) -> int:
    """Count an attempt that is about to begin; return how many there were before it."""
    before = strikes_of(conn, mailbox, [spot]).get(spot, 0)
    row = {"mailbox": mailbox, "folder": spot[0], "uid": spot[1], "count": before + 1, "last_at": now}
    upsert(conn, strikes, [row], ["mailbox", "folder", "uid"])
    return before


def take_back(conn: Connection, mailbox: str, spot: Spot) -> None:
    """Uncount the last strike: the attempt ended for a reason that is not the message's."""
    mine = (strikes.c.mailbox == mailbox) & (strikes.c.folder == spot[0]) & (strikes.c.uid == spot[1])
    conn.execute(update(strikes).where(mine, strikes.c.count > 0).values(count=strikes.c.count - 1))


def forgive(conn: Connection, mailbox: str, spots: Iterable[Spot]) -> None:
    """Forget the strikes of messages that have been dealt with."""
    for chunk in chunks(spots):
        where = tuple_(strikes.c.folder, strikes.c.uid).in_(chunk)
        conn.execute(delete(strikes).where(strikes.c.mailbox == mailbox, where))


def move(conn: Connection, mailbox: str, moved: Mapping[Spot, tuple[str, str | None]], now: datetime) -> None:
    """Record our own filing: each old spot is released, the new one (if the server told it) bound as ours."""
    known: dict[Spot, int] = {}
    for chunk in chunks(moved):
        query = select(places.c.folder, places.c.uid, places.c.message_ref).where(
            places.c.mailbox == mailbox, tuple_(places.c.folder, places.c.uid).in_(chunk)
        )
        known.update({(row.folder, row.uid): row.message_ref for row in conn.execute(query)})
    release(conn, mailbox, known)
    new = [
        Bound(known[old], mailbox, folder, uid, FILED)
        for old, (folder, uid) in moved.items()
        if uid is not None and old in known
    ]
    bind(conn, new, now)
