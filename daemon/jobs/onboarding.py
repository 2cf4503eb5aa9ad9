"""Getting to know an ESP: an introduction, its reminders, and the authenticated answer that confirms the contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon.decide.decision import Decision
from daemon.errors import PermanentError
from daemon.jobs import esp_letters
from daemon.jobs.desk import Desk
from daemon.message.message import Kind
from daemon.notices import speaking
from daemon.notices.life import Event
from daemon.notices.status import Category
from daemon.rulefile.blocks import Onboarding, Step
from daemon.store import Store, esps, onboardings, outbox, register, reviews, state
from daemon.store.onboardings import CHASING, CONFIRMED, INTRODUCED, NO_CONTACT, STARTED, STOPPED, UNANSWERED
from daemon.store.reviews import NewReview
from daemon.store.rows import AnyRow

INTRO, THANKS = "intro", "intro-thanks"
_LOOK_AGAIN = timedelta(minutes=10)
_DAYS = 366  # that introductions are spread over at most
_YES = frozenset({Category.ONBOARDING, Category.OTHER, Category.WRONG_CHANNEL, Category.CONTACT_CHANGE})


@dataclass(frozen=True, slots=True)
class Begun:
    """An introduction that is queued: its row, its letter, and when the letter may leave."""

    onboarding: int
    letter: int
    due_at: datetime


def start(
    conn: Connection, esp: str, desk: Desk, now: datetime, by: str, *, address: str = "", held: bool = True
) -> Begun:
    """Queue the introduction to an ESP's contact; PermanentError if it has none, or is known already.

    ``held``: it waits for ``noticed letters approve``.
    """
    row = register.find(conn, esp, lock=True)
    register.require(row, Event.INTRODUCE)
    to = _contact(conn, row, address)
    if not desk.key:
        raise PermanentError("introductions need [keys] message_key: it signs the token that the answer carries")
    attempt = onboardings.add(conn, row.id, to, now, by)
    due_at = slot(conn, desk, now)
    letter = esp_letters.introduce(conn, attempt, INTRO, 0, desk, due_at, now, held=held)
    assert letter is not None
    if held:
        which = ("letter_approval", f"outbox:{letter}")
        reviews.add(conn, NewReview("letter_approval", "task", esp_id=row.id, outbox_id=letter, reasons=which), now)
    onboardings.turn(conn, attempt, STARTED, now, by, next_due_at=due_at)
    return Begun(attempt.id, letter, due_at)


def _contact(conn: Connection, row: AnyRow, address: str) -> str:
    """The address to introduce ourselves to: the one named, or the first that can be reached."""
    known = esps.contacts_of(conn, [row.id]).get(row.id, [])
    if address:
        found = speaking.address(address)
        if found not in {one.address for one in known if one.role != speaking.UNPROVEN}:
            raise PermanentError(f"{row.key} has no contact with this address; see: noticed esps show {row.key}")
        return found
    reachable = [one for one in known if one.role == "primary" and one.health not in ("hard", "policy")]
    if not reachable:
        raise PermanentError(
            f"{row.key} has no contact that can be reached: noticed esps contact propose {row.key} ..."
        )
    return str(reachable[0].address)


def slot(conn: Connection, desk: Desk, now: datetime) -> datetime:
    """When the next letter of this kind may leave: in working time, on a day that has room for it."""
    working = desk.rules.working
    at = working.next_start(now)
    for _ in range(_DAYS):
        since, until = working.midnight(at), working.midnight(at, days=1)
        if outbox.planned(conn, esp_letters.KIND, "intro%", since, until) < desk.onboarding.a_day:
            return at
        at = working.day_after(at)
    return at


def answered(conn: Connection, number: int, decision: Decision, message_ref: int, now: datetime) -> bool:
    """A mail carries the token of an introduction; return whether it confirmed the contact.

    It does once, if the sender is proven to be of that ESP and the mail says nothing against it.
    """
    row = onboardings.get(conn, number, lock=True)
    if row is None or decision.category is Category.SPOOFED:
        return False
    esp = register.get(conn, row.esp_id)
    proven = bool(decision.speaks_for) and decision.speaks_for == esp.key
    fits = decision.kind is Kind.REPLY and decision.plain_yes and decision.category in _YES
    confirmed = proven and fits and row.state in UNANSWERED
    if confirmed:
        _confirm(conn, row, now, "rules", message_ref)
    word = "onboarding_confirmed" if confirmed else "onboarding_answer" if proven else "onboarding_claimed"
    which = (word, f"onboarding:{row.id}")
    if not any(which[1] in one.reasons for one in reviews.of_message(conn, message_ref)):  # it may be judged again
        reviews.add(conn, NewReview(word, "task", message_ref, esp_id=esp.id, reasons=which), now, "rules")
    return confirmed


def confirm(conn: Connection, esp: str, now: datetime, by: str) -> None:
    """A person knows that the contact is right (they rang up, or read the answer)."""
    row = register.find(conn, esp, lock=True)
    attempt = onboardings.open_of(conn, row.id, lock=True)
    if attempt is None or attempt.state not in UNANSWERED:
        raise PermanentError(f"no introduction to {row.key} waits for an answer; see: noticed onboard list")
    _confirm(conn, attempt, now, by)


def _confirm(conn: Connection, row: AnyRow, now: datetime, by: str, message_ref: int | None = None) -> None:
    onboardings.turn(
        conn, row, CONFIRMED, now, by, message_ref, confirmed_at=now, confirmed_ref=message_ref, next_due_at=now
    )
    register.confirm_contact(conn, row.esp_id, row.address, now, by, message_ref)
    register.move_if(conn, row.esp_id, Event.CONFIRM, now, by)


def stop(conn: Connection, esp: str, now: datetime, by: str) -> None:
    """End an introduction; a letter of it that has not left never leaves."""
    row = register.find(conn, esp, lock=True)
    attempt = onboardings.open_of(conn, row.id, lock=True)
    if attempt is None:
        raise PermanentError(f"{row.key} is not being introduced; see: noticed onboard list")
    _end(conn, attempt, STOPPED, now, by)


def _end(conn: Connection, row: AnyRow, state_: str, now: datetime, by: str) -> None:
    onboardings.turn(conn, row, state_, now, by, ended_at=now, ended_by=by, next_due_at=None)


@dataclass(slots=True)
class Done:
    """What a tick did."""

    introduced: int = 0
    reminded: int = 0
    thanked: int = 0
    given_up: int = 0


def tick(store: Store, desk: Desk, now: datetime) -> Done:
    """Look at every introduction that is due; each is one commit, may be repeated without harm."""
    done = Done()
    with store.read() as conn:
        if state.mode(conn) != "live" or state.paused(conn, "sending") is not None:
            return done
        numbers = [row.id for row in onboardings.due(conn, now)]
    for number in numbers:
        with store.write() as conn:
            row = onboardings.get(conn, number, lock=True)
            if row is not None and row.next_due_at is not None and row.next_due_at <= now:
                _look(conn, row, desk, now, done)
    return done


def _look(conn: Connection, row: AnyRow, desk: Desk, now: datetime, done: Done) -> None:
    if row.state == CONFIRMED:
        esp_letters.introduce(conn, row, THANKS, _THANKS_STEP, desk, desk.rules.working.next_start(now), now)
        onboardings.turn(conn, row, CONFIRMED, now, "daemon", next_due_at=None)
        done.thanked += 1
    elif row.state == STARTED:
        _has_left(conn, row, desk.onboarding, now, done)
    elif is_lost(conn, row) or now >= row.introduced_at + desk.onboarding.give_up:
        _give_up(conn, row, now, done)
    else:
        _remind(conn, row, desk, now, done)


_THANKS_STEP = 1000  # behind every reminder


def _has_left(conn: Connection, row: AnyRow, rules: Onboarding, now: datetime, done: Done) -> None:
    """Follow the letter with the introduction: the reminders count from the moment it left."""
    letter = outbox.by_key(conn, esp_letters.key_of(row.id, 0))
    if letter is None or letter.state == outbox.CANCELLED:
        _end(conn, row, STOPPED, now, "daemon")
    elif letter.state == outbox.FAILED:
        _give_up(conn, row, now, done)
    elif letter.state in (outbox.SENT, outbox.UNKNOWN):
        left = letter.sent_at or letter.claimed_at or now
        at = _next(rules, left, 0)
        onboardings.turn(conn, row, INTRODUCED, now, "daemon", introduced_at=left, next_due_at=at)
        register.move_if(conn, row.esp_id, Event.INTRODUCE, now, "daemon")
        done.introduced += 1
    else:
        onboardings.turn(conn, row, STARTED, now, "daemon", next_due_at=now + _LOOK_AGAIN)


def _next(rules: Onboarding, introduced_at: datetime, steps: int) -> datetime:
    """When to look again after so many reminders: at the next one, or when it is given up."""
    later = [step.after for step in steps_of(rules)[steps:] if step.after < rules.give_up]
    return introduced_at + (later[0] if later else rules.give_up)


def steps_of(rules: Onboarding) -> Sequence[Step]:
    """The reminders of an introduction, in order of time."""
    return sorted(rules.steps, key=lambda step: step.after)


def _remind(conn: Connection, row: AnyRow, desk: Desk, now: datetime, done: Done) -> None:
    """Queue the latest reminder that is due; those it overtakes never leave."""
    steps = steps_of(desk.onboarding)
    due = [number for number, step in enumerate(steps) if row.introduced_at + step.after <= now]
    number = due[-1] if due else -1
    if number >= row.steps:
        at = slot(conn, desk, now)
        esp_letters.introduce(conn, row, steps[number].letter, number + 1, desk, at, now)
        register.move_if(conn, row.esp_id, Event.CHASE, now, "daemon")
        done.reminded += 1
    dealt = max(number + 1, row.steps)
    next_due_at = _next(desk.onboarding, row.introduced_at, dealt)
    onboardings.turn(conn, row, CHASING if dealt else row.state, now, "daemon", steps=dealt, next_due_at=next_due_at)


def is_lost(conn: Connection, row: AnyRow) -> bool:
    """Whether the address of an introduction cannot be written to any more."""
    mine = [one for one in esps.contacts_of(conn, [row.esp_id]).get(row.esp_id, ()) if one.address == row.address]
    return not mine or mine[0].health in ("hard", "policy")


def _give_up(conn: Connection, row: AnyRow, now: datetime, done: Done) -> None:
    """Nobody answers there: somebody should find another contact."""
    _end(conn, row, NO_CONTACT, now, "daemon")
    register.move_if(conn, row.esp_id, Event.GIVE_UP, now, "daemon")
    which = ("onboarding_stuck", f"onboarding:{row.id}")
    reviews.add(conn, NewReview("onboarding_stuck", "task", esp_id=row.esp_id, reasons=which), now)
    done.given_up += 1
