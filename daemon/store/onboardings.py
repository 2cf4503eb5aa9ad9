"""Getting to know ESPs: each attempt is a row from its introduction until it is active or has ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from daemon.errors import PermanentError
from daemon.store import journal
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow, pairs
from daemon.store.tables import onboardings

STARTED, INTRODUCED, CHASING = "started", "introduced", "chasing"
CONFIRMED, AGREED, ACTIVE = "contact_confirmed", "channel_agreed", "active"
DECLINED, NO_CONTACT, STOPPED = "declined", "no_contact", "stopped"
UNANSWERED = (STARTED, INTRODUCED, CHASING)
FUNNEL = (STARTED, INTRODUCED, CHASING, CONFIRMED, AGREED, ACTIVE, DECLINED, NO_CONTACT, STOPPED)


def add(conn: Connection, esp_id: int, address: str, now: datetime, by: str) -> AnyRow:
    """Begin with an ESP; PermanentError if it is being introduced already."""
    values = {"esp_id": esp_id, "address": address, "state": STARTED, "started_by": by, "started_at": now}
    if conn.execute(select(onboardings.c.id).where(onboardings.c.esp_id == esp_id, _open())).first() is not None:
        raise PermanentError("this ESP is being introduced already; see: noticed onboard list")
    number: int = conn.execute(insert(onboardings).values(values).returning(onboardings.c.id)).scalar_one()
    journal.append(conn, [Entry(now, by, "onboarding", esp_id, new=STARTED, details={"onboarding": number})])
    row = get(conn, number)
    assert row is not None
    return row


def _open() -> Any:
    return onboardings.c.ended_at.is_(None)


def get(conn: Connection, number: int, *, lock: bool = False) -> AnyRow | None:
    query = select(onboardings).where(onboardings.c.id == number)
    return conn.execute(query.with_for_update() if lock else query).one_or_none()


def of_esp(conn: Connection, esp_id: int) -> Sequence[AnyRow]:
    """All attempts with an ESP, oldest first."""
    return conn.execute(select(onboardings).where(onboardings.c.esp_id == esp_id).order_by(onboardings.c.id)).all()


def open_of(conn: Connection, esp_id: int, *, lock: bool = False) -> AnyRow | None:
    query = select(onboardings).where(onboardings.c.esp_id == esp_id, _open())
    return conn.execute(query.with_for_update() if lock else query).one_or_none()


def listed(conn: Connection, state: str | None = None, limit: int = 1000) -> Sequence[AnyRow]:
    """Those under way (or in ``state``), oldest first."""
    query = select(onboardings).order_by(onboardings.c.id).limit(limit)
    return conn.execute(query.where(_open() if state is None else onboardings.c.state == state)).all()


def due(conn: Connection, now: datetime, limit: int = 500) -> Sequence[AnyRow]:
    query = select(onboardings).where(onboardings.c.next_due_at <= now, _open())
    return conn.execute(query.order_by(onboardings.c.next_due_at, onboardings.c.id).limit(limit)).all()


def turn(
    conn: Connection, row: AnyRow, state: str, now: datetime, by: str, message_ref: int | None = None, **values: Any
) -> None:
    """Move an attempt on, with its journal row where the state changes."""
    conn.execute(update(onboardings).where(onboardings.c.id == row.id).values(state=state, **values))
    if row.state != state:
        details = {"onboarding": row.id}
        said: dict[str, Any] = {"old": row.state, "new": state, "details": details}
        journal.append(conn, [Entry(now, by, "onboarding", row.esp_id, message_ref=message_ref, **said)])


def funnel(conn: Connection, since: datetime | None = None) -> dict[str, int]:
    """How many attempts (begun since then) stand where."""
    query = select(onboardings.c.state, func.count()).group_by(onboardings.c.state)
    found = pairs(conn, query if since is None else query.where(onboardings.c.started_at >= since))
    return {state: found.get(state, 0) for state in FUNNEL}
