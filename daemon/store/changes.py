"""Changes of who may speak for an ESP and where it is written to: proposed, confirmed by another person, applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from daemon.store import esps, journal
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow, clean
from daemon.store.tables import contacts, esp_changes, notice_items, notices, takedowns

CONTACT, DOMAIN, MERGE = "contact", "domain", "merge"
PROPOSED, WAITING = "proposed", "waiting"
APPLIED, OBJECTED, STOPPED = "applied", "objected", "stopped"
OPEN = (PROPOSED, WAITING, OBJECTED)


@dataclass(frozen=True, slots=True)
class NewChange:
    """A change to propose.  ``old``: the address that is replaced, "" where one is added."""

    esp_id: int
    kind: str
    new: str = field(repr=False)
    old: str = field(default="", repr=False)
    role: str = "primary"
    message_ref: int | None = None


def add(conn: Connection, new: NewChange, now: datetime, by: str) -> int:
    """Put a proposal on record; return its number.  The journal never holds the address."""
    values = {
        "esp_id": new.esp_id,
        "kind": new.kind,
        "old": clean(new.old, 320),
        "new": clean(new.new, 320),
        "role": new.role,
        "state": PROPOSED,
        "message_ref": new.message_ref,
        "proposed_by": by,
        "proposed_at": now,
    }
    number: int = conn.execute(insert(esp_changes).values(values).returning(esp_changes.c.id)).scalar_one()
    details = {"change": number, "kind": new.kind}
    entry = Entry(now, by, "esp_change", new.esp_id, message_ref=new.message_ref, new=PROPOSED, details=details)
    journal.append(conn, [entry])
    return number


def get(conn: Connection, number: int, *, lock: bool = False) -> AnyRow | None:
    query = select(esp_changes).where(esp_changes.c.id == number)
    return conn.execute(query.with_for_update() if lock else query).one_or_none()


def listed(conn: Connection, esp_id: int | None = None, *, everything: bool = False) -> Sequence[AnyRow]:
    """The open changes (or all), oldest first."""
    query = select(esp_changes).order_by(esp_changes.c.id)
    if esp_id is not None:
        query = query.where(esp_changes.c.esp_id == esp_id)
    return conn.execute(query if everything else query.where(esp_changes.c.state.in_(OPEN))).all()


def waiting(conn: Connection, now: datetime) -> Sequence[AnyRow]:
    """Confirmed changes whose waiting time is over."""
    query = select(esp_changes).where(esp_changes.c.state == WAITING, esp_changes.c.apply_at <= now)
    return conn.execute(query.order_by(esp_changes.c.id)).all()


def turn(conn: Connection, row: AnyRow, state: str, now: datetime, by: str, **values: Any) -> bool:
    """Move a change on, with its journal row; False if it stood elsewhere by now."""
    message_ref = values.pop("objection", None)
    if state in (APPLIED, STOPPED):
        values |= {"ended_by": by, "ended_at": now}
    mine = (esp_changes.c.id == row.id) & (esp_changes.c.state == row.state)
    if not conn.execute(update(esp_changes).where(mine).values(state=state, **values)).rowcount:
        return False
    details = {"change": row.id, "kind": row.kind}
    entry = Entry(now, by, "esp_change", row.esp_id, message_ref=message_ref, old=row.state, new=state, details=details)
    journal.append(conn, [entry])
    return True


def put_off(conn: Connection, number: int, until: datetime) -> None:
    """Look again later: the letter to the old address has not left long enough ago."""
    conn.execute(update(esp_changes).where(esp_changes.c.id == number).values(apply_at=until))


def replace_contact(conn: Connection, row: AnyRow, now: datetime) -> None:
    """Write a new contact, in the place of the old one if there is one."""
    theirs = contacts.c.esp_id == row.esp_id
    if row.old:
        conn.execute(update(contacts).where(theirs, contacts.c.address == row.old).values(former_at=now))
    esps.add_contacts(conn, [(row.esp_id, row.new, row.role, "change")], now)
    fresh = {"former_at": None, "role": row.role, "health": "ok", "soft_bounces": 0}
    conn.execute(update(contacts).where(theirs, contacts.c.address == row.new).values(fresh))


def drop_contact(conn: Connection, esp_id: int, address: str, now: datetime, actor: str) -> bool:
    """Write to a contact no longer, nor listen to it; False if the ESP has none of this address."""
    mine = (contacts.c.esp_id == esp_id) & (contacts.c.address == address) & contacts.c.former_at.is_(None)
    row = conn.execute(select(contacts.c.id).where(mine)).one_or_none()
    if row is None:
        return False
    conn.execute(update(contacts).where(contacts.c.id == row.id).values(former_at=now))
    journal.append(conn, [Entry(now, actor, "contact_dropped", esp_id, details={"contact": row.id})])
    esps.changed(conn, now)
    return True


def aim(conn: Connection, esp_id: int, old: str, new: str) -> list[int]:
    """Let the letters about open notices that went to ``old`` go to ``new`` from now on; return these notices."""
    still_open = select(notice_items.c.notice_id).join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
    mine = (notices.c.esp_id == esp_id) & (func.lower(notices.c.contact_address) == old.lower())
    query = select(notices.c.id).where(mine, notices.c.id.in_(still_open.where(takedowns.c.is_open)))
    ids = list(conn.execute(query).scalars())
    conn.execute(update(notices).where(notices.c.id.in_(ids)).values(contact_address=new))
    return ids


def unreached(conn: Connection, esp_id: int, address: str) -> list[int]:
    """The notices to ``address`` of which a letter came back."""
    lost = select(notice_items.c.notice_id).join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
    lost = lost.where(takedowns.c.status == "undeliverable", takedowns.c.esp_id == esp_id)
    mine = (notices.c.esp_id == esp_id) & (func.lower(notices.c.contact_address) == address.lower())
    back = (notices.c.hold_reason == "undeliverable") | notices.c.id.in_(lost)
    return list(conn.execute(select(notices.c.id).where(mine, back)).scalars())


def let_go_on(conn: Connection, notice_ids: Sequence[int], now: datetime) -> None:
    """Let the ladders of these notices be looked at again; only the hold that an address caused ends."""
    mine = notices.c.id.in_(notice_ids)
    conn.execute(update(notices).where(mine, notices.c.hold_reason == "undeliverable").values(hold_reason=None))
    conn.execute(update(notices).where(mine, notices.c.next_due_at.is_(None)).values(next_due_at=now))
