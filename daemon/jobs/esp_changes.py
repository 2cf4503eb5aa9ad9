"""Who may speak for an ESP and where it is written to: changed by two persons and told to the old address, never by
a mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.jobs import esp_letters
from daemon.jobs.desk import Desk
from daemon.notices import speaking
from daemon.notices.life import ENDED, Event
from daemon.notices.takedown import Event as Happens
from daemon.store import Store, changes, esps, merging, notices, outbox, register, reviews, state
from daemon.store.changes import CONTACT, DOMAIN, MERGE, NewChange
from daemon.store.journal import Entry
from daemon.store.reviews import NewReview
from daemon.store.rows import AnyRow

_SPOKEN_TO = ("primary", "second")
_AWAY = (outbox.SENT, outbox.UNKNOWN, outbox.FAILED, outbox.CANCELLED)
_LOOK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What confirming came to: the letters to old addresses, and from when the change holds (None: at once)."""

    letters: tuple[int, ...] = ()
    apply_at: datetime | None = None


def propose_contact(
    conn: Connection,
    esp: str,
    new: str,
    now: datetime,
    by: str,
    *,
    old: str = "",
    role: str = "",
    message_ref: int | None = None,
) -> int:
    """Propose another contact (in the place of ``old``, or beside those there are); return the change's number."""
    row = register.find(conn, esp, lock=True)
    found = speaking.address(new)
    theirs = esps.contacts_of(conn, [row.id]).get(row.id, ())
    known = {one.address: one for one in theirs if one.role != speaking.UNPROVEN}
    replaced = speaking.address(old) if old else ""
    if found in known:
        raise PermanentError(f"{row.key} has this contact already")
    if replaced and replaced not in known:
        raise PermanentError(f"{row.key} has no contact with the address to be replaced; see: noticed esps show")
    wanted = speaking.role(role) if role else known[replaced].role if replaced else "primary"
    return _propose(conn, row, NewChange(row.id, CONTACT, found, replaced, wanted, message_ref), now, by)


def propose_domain(
    conn: Connection, esp: str, domain: str, now: datetime, by: str, message_ref: int | None = None
) -> int:
    """Propose that a domain may speak for an ESP as a whole; return the change's number."""
    row = register.find(conn, esp, lock=True)
    found = speaking.domain(domain)
    if found in {one.domain for one in register.domains_of(conn, row.id)}:
        raise PermanentError(f"this domain speaks for {row.key} already")
    return _propose(conn, row, NewChange(row.id, DOMAIN, found, message_ref=message_ref), now, by)


def propose_named(conn: Connection, named: Iterable[tuple[int, str, str]], now: datetime, by: str) -> list[int]:
    """Propose (ESP, contact or domain, which) that a table of notices names; return the changes' numbers.

    What was proposed before, whatever came of it, is left out, and so is what can never speak for an ESP.
    """
    numbers = []
    for esp_id, kind, new in sorted(named):
        if any((one.kind, one.new) == (kind, new) for one in changes.listed(conn, esp_id, everything=True)):
            continue
        propose = propose_contact if kind == CONTACT else propose_domain
        with suppress(PermanentError):
            numbers.append(propose(conn, register.get(conn, esp_id).key, new, now, by))
    return numbers


def propose_merge(conn: Connection, esp: str, into: str, now: datetime, by: str) -> int:
    """Propose that ``esp`` becomes part of ``into``, whose notices its domains may then answer."""
    row, other = register.find(conn, esp, lock=True), register.find(conn, into, lock=True)
    merging.check(row, other)
    return _propose(conn, other, NewChange(other.id, MERGE, str(row.id)), now, by)


def _propose(conn: Connection, row: AnyRow, new: NewChange, now: datetime, by: str) -> int:
    alike = [one for one in changes.listed(conn, row.id) if (one.kind, one.new) == (new.kind, new.new)]
    if alike:
        raise PermanentError(f"this waits already as change {alike[0].id}; see: noticed esps changes")
    if register.life_of(row).line in ENDED:
        raise PermanentError(f"{row.key} is {row.line}: nothing about it changes any more")
    number = changes.add(conn, new, now, by)
    register.move_if(conn, row.id, Event.PROPOSE_CHANGE, now, by)
    reason = (f"change:{number}",)
    reviews.add(
        conn, NewReview("esp_change", "task", new.message_ref, esp_id=row.id, reasons=("esp_change", *reason)), now, by
    )
    return number


def confirm(conn: Connection, number: int, desk: Desk, now: datetime, by: str, login: str = "") -> Confirmed:
    """Confirm a change as a second person: the old address is told, and the waiting time begins.

    ``login``: under which ``by`` is known to the machine, and may have proposed it.
    """
    row = _open(conn, number)
    if row.state == changes.WAITING:
        raise PermanentError(f"change {number} is confirmed already, by {row.confirmed_by}")
    if row.proposed_by.casefold() in {by.casefold(), login.casefold()}:
        raise PermanentError(f"change {number} was proposed by you: somebody else must confirm it")
    signed = {"confirmed_by": by, "confirmed_at": now}
    if row.kind == MERGE:
        changes.turn(conn, row, changes.APPLIED, now, by, **signed)
        merging.merge(conn, int(row.new), row.esp_id, now, by)
        _ended(conn, row, now, by)
        return Confirmed()
    apply_at = now + desk.register.change_waits
    queued = [esp_letters.tell_old(conn, row, contact, desk, apply_at, now) for contact in _told(conn, row)]
    letters = tuple(one for one in queued if one is not None)
    sent = letters[0] if letters else row.outbox_id
    changes.turn(conn, row, changes.WAITING, now, by, **signed, apply_at=apply_at, outbox_id=sent)
    _close_tasks(conn, row, now, by)
    return Confirmed(letters, apply_at)


def _told(conn: Connection, row: AnyRow) -> Sequence[AnyRow]:
    """The old address; where one is added or the old one is lost, whoever of the ESP can be reached."""
    known = [
        one
        for one in esps.contacts_of(conn, [row.esp_id]).get(row.esp_id, ())
        if one.role in _SPOKEN_TO and one.health not in ("hard", "policy")
    ]
    return [one for one in known if one.address == row.old] or known


def stop(conn: Connection, number: int, now: datetime, by: str) -> None:
    """Stop a change that is not applied yet."""
    row = _open(conn, number)
    changes.turn(conn, row, changes.STOPPED, now, by)
    letter = outbox.get(conn, row.outbox_id) if row.outbox_id else None
    if letter is not None and letter.state == outbox.QUEUED:
        outbox.mark(conn, letter.id, outbox.CANCELLED, now, was=outbox.QUEUED, reason="CHANGE_STOPPED", by=by)
    _ended(conn, row, now, by)


def objected(conn: Connection, number: int, now: datetime, message_ref: int) -> bool:
    """Somebody answered our letter to the old address: the change waits for a person, whatever the answer says."""
    row = changes.get(conn, number, lock=True)
    if row is None or row.state != changes.WAITING:
        return False
    changes.turn(conn, row, changes.OBJECTED, now, "rules", objection=message_ref)
    said = NewReview(
        "change_objected", "alert", message_ref, esp_id=row.esp_id, reasons=("change_objected", f"change:{number}")
    )
    reviews.add(conn, said, now)
    return True


@dataclass(slots=True)
class Done:
    """What a tick applied, and what it could not."""

    applied: list[int] = field(default_factory=list)
    waits: int = 0


def tick(store: Store, desk: Desk, now: datetime) -> Done:
    """Apply what two persons wanted and nobody objected to; each change is one commit."""
    done = Done()
    with store.read() as conn:
        if state.mode(conn) != "live":
            return done
        numbers = [row.id for row in changes.waiting(conn, now)]
    for number in numbers:
        with store.write() as conn:
            row = changes.get(conn, number, lock=True)
            if row is None or row.state != changes.WAITING or not _has_waited(conn, row, desk, now):
                done.waits += 1
            else:
                _apply(conn, row, now)
                done.applied.append(number)
    return done


def _has_waited(conn: Connection, row: AnyRow, desk: Desk, now: datetime) -> bool:
    """The waiting time runs from the moment at which the letter to the old address left."""
    letter = outbox.get(conn, row.outbox_id) if row.outbox_id else None
    if letter is None:
        return True
    if letter.state not in _AWAY:
        changes.put_off(conn, row.id, now + _LOOK_AGAIN)
        return False
    over = letter.sent_at + desk.register.change_waits if letter.sent_at else row.apply_at
    if over > now:
        changes.put_off(conn, row.id, over)
    return bool(over <= now)


def _apply(conn: Connection, row: AnyRow, now: datetime) -> None:
    by = row.confirmed_by
    changes.turn(conn, row, changes.APPLIED, now, by)
    if row.kind == DOMAIN:
        esps.add_domains(conn, [(row.esp_id, row.new, "change")], now)
    else:
        changes.replace_contact(conn, row, now)
        if row.old:
            waiting = changes.unreached(conn, row.esp_id, row.old)
            changes.aim(conn, row.esp_id, row.old, row.new)
            go_on(conn, waiting, now, by)
    _ended(conn, row, now, by)


def repaired(conn: Connection, esp: str, address: str, now: datetime, by: str) -> int:
    """A person says that a contact works again; return how many notices go on."""
    row = register.find(conn, esp, lock=True)
    found = speaking.address(address)
    if found not in {one.address for one in esps.contacts_of(conn, [row.id]).get(row.id, ())}:
        raise PermanentError(f"{row.key} has no contact with this address; see: noticed esps show")
    esps.set_health(conn, found, "ok", 0, Entry(now, by, "contact"))
    waiting = changes.unreached(conn, row.id, found)
    go_on(conn, waiting, now, by)
    return len(waiting)


def go_on(conn: Connection, notice_ids: Sequence[int], now: datetime, by: str) -> None:
    """Let the ladders of notices go on whose letters came back: the next one goes to an address that works."""
    if notice_ids:
        notices.advance(conn, list(notice_ids), Happens.SENT, now, by)
        changes.let_go_on(conn, notice_ids, now)


def _open(conn: Connection, number: int) -> AnyRow:
    row = changes.get(conn, number, lock=True)
    if row is None:
        raise PermanentError(f"there is no change {number}; see: noticed esps changes")
    if row.state not in changes.OPEN:
        raise PermanentError(f"change {number} is {row.state} already")
    return row


def _ended(conn: Connection, row: AnyRow, now: datetime, by: str) -> None:
    """Close the tasks about a change; the ESP waits for nothing once its last change has ended."""
    _close_tasks(conn, row, now, by)
    if not changes.listed(conn, row.esp_id):
        register.move_if(conn, row.esp_id, Event.END_CHANGE, now, by)


def _close_tasks(conn: Connection, row: AnyRow, now: datetime, by: str) -> None:
    """What a change asked of people is done."""
    for task in reviews.open_about(conn, row.esp_id, f"change:{row.id}"):
        reviews.decide(conn, task.id, reviews.ACCEPTED, now, by)
