"""One ESP of the register: what is known of it, its settings, its contacts' health, and the steps of its life."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from daemon.errors import PermanentError
from daemon.notices import esp_settings, life
from daemon.notices.esp import EspState
from daemon.notices.life import Event, Life
from daemon.store import esps, journal
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow, chunks, pairs
from daemon.store.tables import contacts, esp_domains, notices, takedowns
from daemon.store.tables import esps as table

_LOST = ("hard", "policy")
_WRITTEN_TO = ("primary", "second")


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is of one ESP."""

    notices: int = 0
    urls: int = 0
    open: int = 0


def find(conn: Connection, name: str, *, lock: bool = False) -> AnyRow:
    """The ESP with this key or name; PermanentError where there is none, or where it was merged into another."""
    key = esps.slug(name)
    query = select(table).where(table.c.key.in_((key, name)) | (table.c.name == name)).order_by(table.c.id)
    rows = conn.execute(query.with_for_update() if lock else query).all()
    exact = next((one for one in rows if name in (one.key, one.name)), None)  # before what only makes the same key
    row = exact or (rows[0] if rows else None)
    if row is None:
        raise PermanentError(f'there is no ESP "{name[:80]}"; see: noticed esps list')
    if row.merged_into is not None:
        into = get(conn, row.merged_into)
        raise PermanentError(f'"{row.key}" was merged into "{into.key}"; name that one')
    return row


def get(conn: Connection, esp_id: int, *, lock: bool = False) -> AnyRow:
    query = select(table).where(table.c.id == esp_id)
    return conn.execute(query.with_for_update() if lock else query).one()


def listed(conn: Connection, state: str | None = None, kind: str | None = None) -> Sequence[AnyRow]:
    """The ESPs by name, those merged into others only when asked for by their state."""
    query = select(table).order_by(table.c.name, table.c.id)
    if state is not None:
        query = query.where((table.c.state == state) | (table.c.line == state))
    else:
        query = query.where(table.c.merged_into.is_(None))
    return conn.execute(query if kind is None else query.where(table.c.kind == kind)).all()


def life_of(row: AnyRow) -> Life:
    return Life(EspState(row.line), frozenset(EspState(one) for one in row.beside or ()))


def require(row: AnyRow, event: Event) -> None:
    """Raise PermanentError where ``event`` may not happen to an ESP now."""
    life.step(life_of(row), event)


def move(
    conn: Connection, esp_id: int, event: Event, now: datetime, actor: str, message_ref: int | None = None
) -> Life:
    """Let ``event`` happen to an ESP, with its journal row; PermanentError where it may not."""
    old = life_of(get(conn, esp_id, lock=True))
    new = life.step(old, event)
    values = {"state": new.shown.value, "line": new.line.value, "beside": sorted(new.beside)}
    conn.execute(update(table).where(table.c.id == esp_id).values(values))
    details = {"event": event.value, "line": new.line.value}
    said = Entry(now, actor, "esp_state", esp_id, message_ref=message_ref, details=details)
    journal.append(conn, [replace(said, old=old.shown.value, new=new.shown.value)])
    return new


def move_if(conn: Connection, esp_id: int, event: Event, now: datetime, actor: str) -> bool:
    """Let ``event`` happen where it may; False where it may not."""
    if not life.may(life_of(get(conn, esp_id, lock=True)), event):
        return False
    move(conn, esp_id, event, now, actor)
    return True


def set_value(conn: Connection, esp_id: int, name: str, value: Any, now: datetime, actor: str) -> bool:
    """Set what ``esp_settings`` knows as ``name`` (None: back to the default); False if it stands so already.

    The journal names the key only: a value may be an address or a name.
    """
    row = get(conn, esp_id, lock=True)
    if esp_settings.key(name).column:
        if value is None and name in ("name", "kind"):
            raise PermanentError(f"every ESP has a {name}; write the new one")
        old, values = getattr(row, name), {name: value}
    else:
        settings = dict(row.settings or {})
        old = settings.pop(name, None)
        values = {"settings": settings if value is None else {**settings, name: value}}
    if old == value:
        return False
    conn.execute(update(table).where(table.c.id == esp_id).values(values))
    journal.append(conn, [Entry(now, actor, "esp_set", esp_id, details={"key": name})])
    esps.changed(conn, now)
    return True


def domains_of(conn: Connection, esp_id: int) -> Sequence[AnyRow]:
    """The registered domains (domain, source, created_at) of an ESP."""
    return conn.execute(select(esp_domains).where(esp_domains.c.esp_id == esp_id).order_by(esp_domains.c.domain)).all()


def all_domains(conn: Connection) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for esp_id, domain in conn.execute(select(esp_domains.c.esp_id, esp_domains.c.domain).order_by(esp_domains.c.id)):
        found.setdefault(esp_id, []).append(domain)
    return found


def drop_domain(conn: Connection, esp_id: int, domain: str, now: datetime, actor: str) -> bool:
    """Let a domain speak for the ESP no longer; False if it did not."""
    mine = (esp_domains.c.esp_id == esp_id) & (esp_domains.c.domain == domain)
    if not conn.execute(esp_domains.delete().where(mine)).rowcount:
        return False
    journal.append(conn, [Entry(now, actor, "esp_domain_dropped", esp_id)])
    esps.changed(conn, now)
    return True


def former_contacts(conn: Connection, esp_id: int) -> Sequence[AnyRow]:
    """The contacts that were replaced."""
    mine = (contacts.c.esp_id == esp_id) & contacts.c.former_at.is_not(None)
    return conn.execute(select(contacts).where(mine).order_by(contacts.c.id)).all()


def confirm_contact(
    conn: Connection, esp_id: int, address: str, now: datetime, actor: str, message_ref: int | None = None
) -> bool:
    """Note that a contact was confirmed; False if the ESP has none of this address."""
    mine = (contacts.c.esp_id == esp_id) & (contacts.c.address == address.lower()) & contacts.c.former_at.is_(None)
    contact = conn.execute(select(contacts.c.id).where(mine)).scalar_one_or_none()
    if contact is None:
        return False
    conn.execute(update(contacts).where(contacts.c.id == contact).values(confirmed_at=now))
    details = {"contact": contact}
    journal.append(conn, [Entry(now, actor, "contact_confirmed", esp_id, message_ref=message_ref, details=details)])
    return True


def suspended(conn: Connection) -> tuple[set[int], set[int]]:
    """(ESPs whose every first and second contact is lost, ESPs that have one that works)."""
    lost, works = set[int](), set[int]()
    mine = contacts.c.former_at.is_(None) & contacts.c.role.in_(_WRITTEN_TO)
    for esp_id, health in conn.execute(select(contacts.c.esp_id, contacts.c.health).where(mine).distinct()):
        (lost if health in _LOST else works).add(esp_id)
    return lost - works, works


def lives(conn: Connection, esp_ids: Iterable[int]) -> dict[int, Life]:
    found: dict[int, Life] = {}
    for chunk in chunks(set(esp_ids)):
        for row in conn.execute(select(table.c.id, table.c.line, table.c.beside).where(table.c.id.in_(chunk))):
            found[row.id] = life_of(row)
    return found


def counts(conn: Connection, esp_id: int | None = None) -> Mapping[int, Counts]:
    """How many notices and URLs each ESP (or this one) has, and how many URLs are open."""
    given_query = select(notices.c.esp_id, func.count()).group_by(notices.c.esp_id)
    still = func.count().filter(takedowns.c.is_open)
    query = select(takedowns.c.esp_id, func.count().label("urls"), still.label("open")).group_by(takedowns.c.esp_id)
    if esp_id is not None:
        given_query, query = given_query.where(notices.c.esp_id == esp_id), query.where(takedowns.c.esp_id == esp_id)
    given = pairs(conn, given_query)
    found = {one: Counts(number) for one, number in given.items()}
    for row in conn.execute(query):
        found[row.esp_id] = Counts(given.get(row.esp_id, 0), row.urls, row.open)
    return found


@dataclass(frozen=True, slots=True)
class Whole:
    """An ESP with everything that the register knows of it."""

    row: Any = field(repr=False)
    domains: Sequence[Any] = field(repr=False)
    contacts: Sequence[Any] = field(repr=False)
    former: Sequence[Any] = field(repr=False)
    counts: Counts


def whole(conn: Connection, name: str) -> Whole:
    row = find(conn, name)
    known = esps.contacts_of(conn, [row.id]).get(row.id, [])
    figures = counts(conn, row.id).get(row.id, Counts())
    return Whole(row, domains_of(conn, row.id), known, former_contacts(conn, row.id), figures)
