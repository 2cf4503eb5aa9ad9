"""Switches that outlive the process: observe or live, pauses, brakes; every turn is journalled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from daemon.store import journal
from daemon.store.journal import Entry
from daemon.store.rows import upsert
from daemon.store.tables import settings_state

MODE = "mode"  # "observe" or "live"
PAUSE_SENDING = "pause.sending"  # {"reason": ...}
PAUSE_CLOSING = "pause.closing"
_DOWN = "down."  # and a mailbox: it cannot be read; changed_at: since when

# put together once: asked for at every tick and every letter
_GET = select(settings_state.c.value).where(settings_state.c.key == bindparam("key"))
_SOME = select(settings_state.c.key, settings_state.c.value).where(
    settings_state.c.key.in_(bindparam("keys", expanding=True))
)


def get(conn: Connection, key: str) -> Any:
    """The value of a switch, None if it was never turned."""
    return conn.execute(_GET, {"key": key}).scalar_one_or_none()


def some(conn: Connection, *keys: str) -> dict[str, Any]:
    """The values of those of these switches that were turned, in one question."""
    return {row.key: row.value for row in conn.execute(_SOME, {"keys": keys})}


def put(conn: Connection, key: str, value: Any, now: datetime, by: str = "daemon") -> None:
    """Turn a switch without a word in the journal: for marks of the daemon's own."""
    upsert(conn, settings_state, [{"key": key, "value": value, "changed_at": now, "changed_by": by}], ["key"])


def clear(conn: Connection, key: str) -> bool:
    """Take a switch away; True if it was there."""
    return conn.execute(delete(settings_state).where(settings_state.c.key == key)).rowcount > 0


def mode(conn: Connection) -> str:
    """``observe`` until somebody said ``live``."""
    return str(get(conn, MODE) or "observe")


def set_mode(conn: Connection, new: str, now: datetime, by: str) -> None:
    old = mode(conn)
    if old != new:
        put(conn, MODE, new, now, by)
        journal.append(conn, [Entry(now, by, "mode", old=old, new=new)])


def mailbox(name: str) -> str:
    """What is paused when a mailbox is read no more."""
    return f"mailbox.{name}"[:70]


def pause_of(what: str) -> str:
    """The switch of a pause."""
    return f"pause.{what}"


def pause(conn: Connection, what: str, reason: str, now: datetime, by: str) -> None:
    """Pause ``sending``, ``closing`` or a mailbox until ``resume``; ``status`` shows the reason, not the journal."""
    put(conn, pause_of(what), {"reason": reason}, now, by)
    journal.append(conn, [Entry(now, by, "pause", new=what)])


def resume(conn: Connection, what: str, now: datetime, by: str) -> bool:
    """End a pause; True if there was one."""
    was = clear(conn, pause_of(what))
    if was:
        journal.append(conn, [Entry(now, by, "resume", old=what)])
    return was


def paused(conn: Connection, what: str) -> str | None:
    """The reason of the pause of ``sending``, ``closing`` or a mailbox, None if there is none."""
    value = get(conn, pause_of(what))
    return None if value is None else str(value.get("reason", ""))


def set_down(conn: Connection, mailbox: str, now: datetime) -> None:
    """Note that a mailbox cannot be read; if that is known already, the time of the first note stays."""
    if get(conn, _DOWN + mailbox) is None:
        put(conn, _DOWN + mailbox, {}, now)


def set_up(conn: Connection, mailbox: str) -> None:
    clear(conn, _DOWN + mailbox)


def down(conn: Connection) -> dict[str, datetime]:
    """The mailboxes that cannot be read, and since when."""
    query = select(settings_state.c.key, settings_state.c.changed_at).where(settings_state.c.key.startswith(_DOWN))
    return {row.key.removeprefix(_DOWN): row.changed_at for row in conn.execute(query)}


def why_nothing_leaves(conn: Connection) -> str:
    """OBSERVING or PAUSED while no letter may leave, else ""."""
    found = some(conn, MODE, PAUSE_SENDING)
    if found.get(MODE) != "live":
        return "OBSERVING"
    return "PAUSED" if PAUSE_SENDING in found else ""


def pauses(conn: Connection) -> dict[str, str]:
    """What is paused, with the reason."""
    query = select(settings_state.c.key, settings_state.c.value).where(settings_state.c.key.startswith("pause."))
    return {row.key.removeprefix("pause."): str(row.value.get("reason", "")) for row in conn.execute(query)}
