"""What a person does with one ESP of the register: adds it, and says where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.notices import esp_settings, speaking
from daemon.notices.life import Event, Life
from daemon.store import Store, esps, onboardings, register, state
from daemon.store.esps import NewEsp

MARKS = {
    "research": Event.RESEARCH,
    "agree": Event.AGREE,
    "activate": Event.ACTIVATE,
    "decline": Event.DECLINE,
    "give_up": Event.GIVE_UP,
    "retire": Event.RETIRE,
    "revive": Event.REVIVE,
}
_ATTEMPTS = {  # what the mark means for an introduction that is under way: its new state, and whether it ends
    Event.AGREE: (onboardings.AGREED, False),
    Event.ACTIVATE: (onboardings.ACTIVE, True),
    Event.DECLINE: (onboardings.DECLINED, True),
    Event.GIVE_UP: (onboardings.NO_CONTACT, True),
    Event.RETIRE: (onboardings.STOPPED, True),
}
_TIMES = {Event.AGREE: "agreed_at", Event.ACTIVATE: "active_at"}


def new_esp(
    name: str,
    kind: str,
    contacts: Iterable[tuple[str, str]],
    domains: Iterable[str],
    language: str | None,
    zone: str | None,
) -> NewEsp:
    """Check what is said of a new ESP; PermanentError in one sentence."""
    return NewEsp(
        esps.slug(name),
        esp_settings.parse("name", name),
        esp_settings.parse("kind", kind),
        domains=tuple(speaking.domain(one) for one in domains),
        contacts=tuple((speaking.address(address), speaking.role(role)) for address, role in contacts),
        language=esp_settings.parse("language", language) if language else None,
        zone=esp_settings.parse("zone", zone) if zone else None,
        source="person",
    )


def add(conn: Connection, new: NewEsp, now: datetime, by: str) -> str:
    """Add an ESP, return its key; PermanentError if there is one with its key: what is there is changed by two."""
    if esps.ids_of(conn, [new.key]):
        raise PermanentError(f'"{new.key}" is in the register already; see: noticed esps show {new.key}')
    esps.ensure(conn, [new], now, by)
    return new.key


def mark(conn: Connection, esp_id: int, word: str, now: datetime, by: str) -> Life:
    """Say where an ESP stands; an introduction that is under way follows."""
    event = MARKS[word]
    life = register.move(conn, esp_id, event, now, by)
    attempt = onboardings.open_of(conn, esp_id, lock=True)
    if attempt is not None and event in _ATTEMPTS:
        new, ends = _ATTEMPTS[event]
        values: dict[str, Any] = {"ended_at": now, "ended_by": by, "next_due_at": None} if ends else {}
        if event in _TIMES:
            values[_TIMES[event]] = now
        onboardings.turn(conn, attempt, new, now, by, **values)
    return life


def tick(store: Store, now: datetime) -> int:
    """Suspend the contacts of ESPs that all bounce, and restore those that work again; return how many changed."""
    with store.read() as conn:
        if state.mode(conn) != "live":
            return 0
        lost, works = register.suspended(conn)
        lives = register.lives(conn, lost | works)
    turned = [(one, Event.SUSPEND) for one in lost if not lives[one].is_suspended]
    turned += [(one, Event.RESTORE) for one in works if lives[one].is_suspended]
    done = 0
    for esp_id, event in turned:
        with store.write() as conn:
            done += register.move_if(conn, esp_id, event, now, "daemon")
    return done
