"""The register of ESPs that do not answer: watched by the clock, found unresponsive by a lead, left by an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.jobs.desk import Desk
from daemon.notices.life import Event
from daemon.notices.silence import Facts, is_silent, is_unresponsive
from daemon.store import Store, clocks, register, reviews, silences, state
from daemon.store.reviews import NewReview
from daemon.store.rows import AnyRow
from daemon.store.silences import ESCALATED, UNRESPONSIVE, WATCH, Unanswered

ANSWERED, OUTCOME, NOTHING_OPEN, BY_PERSON = "answered", "outcome", "nothing_open", "person"


@dataclass(slots=True)
class Done:
    """What a tick did."""

    entered: int = 0
    found: int = 0
    left: int = 0


def tick(store: Store, desk: Desk, now: datetime) -> Done:
    """Look at every ESP with open URLs, and at every entry; each change is one commit."""
    done = Done()
    with store.read() as conn:
        if state.mode(conn) != "live":
            return done
        opened = {one.esp_id: one for one in silences.unanswered(conn)}
        entries = silences.current(conn)
    for esp_id in sorted(opened.keys() | entries.keys()):
        one, entry = opened.get(esp_id), entries.get(esp_id)
        if entry is None and not (one and is_silent(_facts(one), desk.unresponsive, now)):
            continue
        with store.write() as conn:
            _look(conn, esp_id, one, entry, desk, now, done)
    return done


def _facts(one: Unanswered, whole_ladders: int = 0) -> Facts:
    since = max(one.first_sent, one.last_answer) if one.last_answer else one.first_sent
    return Facts(one.notices, one.urls, since, whole_ladders)


def _look(
    conn: Connection, esp_id: int, one: Unanswered | None, entry: AnyRow | None, desk: Desk, now: datetime, done: Done
) -> None:
    if entry is None:
        assert one is not None
        if register.move_if(conn, esp_id, Event.WATCH, now, "daemon"):
            silences.enter(conn, one, _facts(one).since, now)
            done.entered += 1
        return
    why, message_ref = _leaves(conn, one, entry, desk, now)
    if why:
        _leave(conn, esp_id, why, now, "daemon", message_ref)
        done.left += 1
    elif entry.level == WATCH and entry.found_at is None and one is not None and _is_found(conn, one, desk, now):
        silences.found(conn, esp_id, now)
        which = ("unresponsive_found",)
        reviews.add(conn, NewReview("unresponsive_found", "task", esp_id=esp_id, reasons=which), now)
        done.found += 1


def _leaves(
    conn: Connection, one: Unanswered | None, entry: AnyRow, desk: Desk, now: datetime
) -> tuple[str, int | None]:
    """Why an entry ends, "" if it does not: only an authenticated outcome ends what a lead has confirmed."""
    outcome = silences.first_outcome(conn, entry.esp_id, entry.entered_at)
    if outcome is not None:
        return OUTCOME, outcome
    if entry.level != WATCH:
        return "", None
    last = one.last_answer if one else silences.last_answers(conn, [entry.esp_id]).get(entry.esp_id)
    if last is not None and last > entry.since:
        return ANSWERED, None
    if one is None or not is_silent(_facts(one), desk.unresponsive, now):
        return NOTHING_OPEN, None
    return "", None


def _leave(conn: Connection, esp_id: int, why: str, now: datetime, by: str, message_ref: int | None = None) -> None:
    silences.leave(conn, esp_id, why, now, message_ref)
    register.move(conn, esp_id, Event.ANSWER, now, by, message_ref)
    for task in reviews.open_about(conn, esp_id, "unresponsive_found"):
        reviews.decide(conn, task.id, reviews.OBSOLETE, now, by)


def _is_found(conn: Connection, one: Unanswered, desk: Desk, now: datetime) -> bool:
    """Whether a lead is to be asked; ladders are counted only where time alone does not tell."""
    if is_unresponsive(_facts(one), desk.unresponsive, now):
        return True
    return is_unresponsive(_facts(one, _whole_ladders(conn, one, desk)), desk.unresponsive, now)


def _whole_ladders(conn: Connection, one: Unanswered, desk: Desk) -> int:
    """How many open notices have had every step of their ladder."""
    found = clocks.standings(conn, silences.chased(conn, one.esp_id))
    return sum(1 for each in found if each.rung >= len(desk.rules.ladder(each).steps) > 0)


def confirm(conn: Connection, esp: str, now: datetime, by: str) -> None:
    """A lead finds a watched ESP unresponsive."""
    row, entry = _entry(conn, esp)
    if entry.level != WATCH:
        raise PermanentError(f"{row.key} is {entry.level} already")
    register.move(conn, row.id, Event.FIND_UNRESPONSIVE, now, by)
    silences.confirm(conn, row.id, now, by)
    for task in reviews.open_about(conn, row.id, "unresponsive_found"):
        reviews.decide(conn, task.id, reviews.ACCEPTED, now, by)


def escalate(conn: Connection, esp: str, now: datetime, by: str) -> None:
    """A lead has taken an unresponsive ESP to somebody above it."""
    row, entry = _entry(conn, esp)
    if entry.level != UNRESPONSIVE:
        known = "escalated already" if entry.level == ESCALATED else "only watched: confirm it first"
        raise PermanentError(f"{row.key} is {known}")
    register.move(conn, row.id, Event.ESCALATE, now, by)
    silences.escalate(conn, row.id, now, by)


def leave(conn: Connection, esp: str, now: datetime, by: str) -> None:
    """A lead takes an ESP off the register."""
    row, _ = _entry(conn, esp)
    _leave(conn, row.id, BY_PERSON, now, by)


def _entry(conn: Connection, esp: str) -> tuple[AnyRow, AnyRow]:
    row = register.find(conn, esp, lock=True)
    entry = silences.current(conn, [row.id]).get(row.id)
    if entry is None:
        raise PermanentError(f"{row.key} is not on the register of those that do not answer")
    return row, entry
