"""Looks at the ladders that are due and queues the letters that may leave, in one commit with the moved-on dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon.errors import TransientError
from daemon.followups.addressee import addressee
from daemon.followups.ladder import Target
from daemon.followups.plan import plan
from daemon.followups.planned import Letter, Moved, Plan, Rules, Traffic, slot
from daemon.followups.reasons import NotSent
from daemon.followups.standing import Standing
from daemon.jobs.desk import Desk
from daemon.jobs.letters import manners
from daemon.store import Store, clocks, journal, outbox, reviews, state
from daemon.store.journal import Entry
from daemon.store.outbox import NewLetter
from daemon.store.reviews import NewReview

BATCH = 20_000  # notices in one commit: those of one address should meet in one letter
_ROUNDS = 50
_ROWS_OF_OVERTAKEN = 50  # rungs that get a row of their own when a clock jumped; the journal names the whole range
_SET_ASIDE = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MARK = "followups.mark"  # when the ladders were last looked at (to the hour), and by which rules


@dataclass(slots=True)
class Report:
    """What one tick did."""

    looked_at: int = 0
    letters: int = 0
    held: int = 0
    set_aside: int = 0
    silent: Counter[NotSent] = field(default_factory=Counter)


def tick(store: Store, desk: Desk, now: datetime) -> Report:
    """Deal with every notice that is due by ``now``; may be repeated without harm."""
    report = Report()
    for _ in range(_ROUNDS):
        with store.read() as conn:
            known = state.get(conn, _MARK) or {}
            stopped, waits = state.why_nothing_leaves(conn), clocks.is_due(conn, now)
        if _must_heed(known, desk.rules, now):
            _heed(store, known, desk.rules, now)
        elif stopped:  # what waits behind a brake or in observe mode stays due: when it ends, the latest rung leaves
            report.silent[NotSent.SENDING_STOPPED] += 1
            _set_clocks(store, desk.rules, now)
            return report
        elif not waits:
            return report
        else:
            _deal(store, None, desk, now, report)
    return report


def _must_heed(known: Mapping[str, str], rules: Rules, now: datetime) -> bool:
    return not known or known["rules"] != rules.digest or abs(now - datetime.fromisoformat(known["at"])) > _HOUR


def _heed(store: Store, known: Mapping[str, str], rules: Rules, now: datetime) -> None:
    """Look at every notice again after staff changed the ladders, or after the clock went back by more than an hour."""
    with store.write() as conn:
        if known and datetime.fromisoformat(known["at"]) - now > _HOUR:
            details = {"notices": clocks.rewind(conn, now)}
            journal.append(conn, [Entry(now, "daemon", "clock_went_back", details=details)])
        elif known and known["rules"] != rules.digest:
            details = {"notices": clocks.look_at_all(conn, now)}
            journal.append(conn, [Entry(now, "daemon", "ladders_changed", details=details)])
        state.put(conn, _MARK, {"at": now.isoformat(), "rules": rules.digest}, now)


def _set_clocks(store: Store, rules: Rules, now: datetime) -> None:
    """Nothing leaves, but what is overdue is told: set the clocks of notices that no tick has looked at."""
    with store.read() as conn:
        new = clocks.without_clocks(conn, now)
    if new:
        with store.write() as conn:
            clocks.set_clocks(conn, {one.id: rules.patience(one) for one in clocks.standings(conn, new)})


def _deal(store: Store, ids: Sequence[int] | None, desk: Desk, now: datetime, report: Report) -> bool:
    """Deal with these notices (None: with those that are due) in one commit; False if there were none.

    If one of them breaks it, the set is halved until that one is found; it is set aside and the others go on.
    """
    try:
        with store.write() as conn:
            due = clocks.due(conn, now, BATCH) if ids is None else clocks.standings(conn, ids)
            found = as_they_wait(conn, due)
            done = plan(found, desk.rules, now, traffic(conn, found, desk, now))
            write(conn, done, found, desk, now)
    except TransientError:
        raise
    except Exception:  # noqa: BLE001 - a bug in one notice's data must not stop the others
        _halve(store, _ids(store, now) if ids is None else ids, desk, now, report)
        return True
    _count(report, done)
    return bool(found)


def as_they_wait(conn: Connection, found: Sequence[Standing]) -> list[Standing]:
    """The notices, of which only those wait whose letter is about to leave, not those that nobody has approved."""
    return [replace(one, waits=_is_leaving(conn, one.id)) if one.waits else one for one in found]


def _is_leaving(conn: Connection, notice_id: int) -> bool:
    """Whether a letter of the notice is about to leave; one not approved, or lost, must not silence the ladder."""
    waiting = [rung.outbox_id for rung in outbox.rungs_of(conn, notice_id) if rung.outcome == "QUEUED"]
    letters = (outbox.get(conn, one) for one in waiting if one is not None)
    return any(letter is not None and letter.state in (outbox.QUEUED, outbox.SENDING) for letter in letters)


def _ids(store: Store, now: datetime) -> list[int]:
    with store.read() as conn:
        return [one.id for one in clocks.due(conn, now, BATCH)]


def _halve(store: Store, ids: Sequence[int], desk: Desk, now: datetime, report: Report) -> None:
    if len(ids) <= 1:
        for notice_id in ids:
            _set_aside(store, notice_id, now)
            report.set_aside += 1
        return
    middle = len(ids) // 2
    for half in (ids[:middle], ids[middle:]):
        _deal(store, half, desk, now, report)


def _count(report: Report, done: Plan) -> None:
    report.looked_at += len(done.moved)
    report.letters += len(done.letters)
    report.held += sum(1 for letter in done.letters if letter.held)
    report.silent.update(moved.why for moved in done.moved if moved.why)


def traffic(conn: Connection, found: Sequence[Standing], desk: Desk, now: datetime) -> dict[str, Traffic]:
    """What already went, or waits to go, in the slots that these notices may write in."""
    working, caps = desk.rules.working, desk.rules.caps
    midnight, end = working.midnight(now), working.midnight(now, days=1)
    slots = {where: to for one in found for where, to in _slots(one, desk.rules.leads)}
    addresses = set(slots.values())
    today = clocks.followups_between(conn, midnight, end, addresses)
    recent = clocks.followups_between(conn, now - caps.survivor_gap, now + caps.survivor_gap, addresses)
    waiting, held = clocks.waiting_slots(conn), clocks.held_slots(conn)
    left = outbox.left_between(conn, midnight, end, addresses)
    return {
        where: Traffic(
            grouped=today.get(where, (0, None))[0],
            automatic=left.get(to, 0) + len(waiting.get(where, ())),
            last_survivor=recent.get(where, (0, None))[1],
            waits=False in waiting.get(where, ()),
            survivor_waits=True in waiting.get(where, ()),
            held=where in held,
        )
        for where, to in slots.items()
    }


def _slots(one: Standing, leads: Sequence[str]) -> Iterable[tuple[str, str]]:
    """(slot, address in lower case) of everybody whom a notice may write to."""
    found = ((addressee(one, target, leads), one.esp_id if target.is_third_party else None) for target in Target)
    return ((slot(to, about), to.lower()) for to, about in found if to)


def write(conn: Connection, done: Plan, found: Sequence[Standing], desk: Desk, now: datetime) -> None:
    """Write a plan: letters, rungs, the notices' next dates, the reasons; everything in the caller's transaction."""
    esps = {one.id: one.esp_id for one in found}
    _queue(conn, _not_dealt_with(conn, done.letters), desk, now)
    outbox.add_rungs(conn, [row for one in done.moved for row in _overtaken(one, now)])
    clocks.move_on(conn, done.moved)
    journal.append(conn, [entry for one in done.moved for entry in _entries(one, esps[one.notice], now)])
    _ask_a_person(conn, done, esps, now)


def _not_dealt_with(conn: Connection, letters: Sequence[Letter]) -> list[Letter]:
    """The letters without rungs dealt with before: a notice restored from a backup forgets them, their rows do not."""
    dealt = outbox.dealt_with(conn, (part.notice for letter in letters for part in letter.parts))
    left = (
        replace(one, parts=tuple(part for part in one.parts if (part.notice, part.cycle, part.rung) not in dealt))
        for one in letters
    )
    return [one for one in left if one.parts]


def _queue(conn: Connection, letters: Sequence[Letter], desk: Desk, now: datetime) -> None:
    """Put letters into the outbox with the rungs they carry; one to a third party waits there for approval.

    Where the same rungs were queued before, the notices only move on.
    """
    spoken = manners(conn, [(letter.esp_id, letter.to) for letter in letters])
    new = [_new(letter, spoken[letter.esp_id, letter.to], desk) for letter in letters]
    ids = outbox.queue_all(conn, new, now)
    queued = [(letter, ids[letter.key]) for letter in letters if letter.key in ids]
    outbox.add_rungs(conn, [row for letter, outbox_id in queued for row in _rungs(letter, outbox_id, now)])
    for letter, outbox_id in queued:
        _tell_a_person(conn, letter, outbox_id, now)


def _new(letter: Letter, spoken: Mapping[str, str], desk: Desk) -> NewLetter:
    notices, rungs = [part.notice for part in letter.parts], [part.rung for part in letter.parts]
    return NewLetter(
        kind="followup",
        key=letter.key,
        message_id=desk.message_id(letter.key, letter.mailbox),
        to_address=letter.to,
        template=letter.template,
        mailbox=letter.mailbox,
        esp_id=letter.esp_id,
        context={"notices": notices, "to": letter.target.value, "rungs": rungs, **spoken},
        survivor_linked=letter.survivor_linked,
        due_at=letter.due_at,
        held=letter.held,
    )


def _rungs(letter: Letter, outbox_id: int, now: datetime) -> Iterable[dict[str, object]]:
    why = NotSent.NEEDS_APPROVAL.value if letter.held else ""
    return (
        {
            "notice_id": part.notice,
            "cycle": part.cycle,
            "rung": part.rung,
            "outbox_id": outbox_id,
            "outcome": "QUEUED",
            "reason": why,
            "at": now,
        }
        for part in letter.parts
    )


def _tell_a_person(conn: Connection, letter: Letter, outbox_id: int, now: datetime) -> None:
    """A letter to a third party waits for an approval; one to the lead leaves a decision to a person."""
    for reason, asked in (("letter_approval", letter.held), ("lead_decides", letter.target is Target.LEAD)):
        if asked:
            which = (reason, f"outbox:{outbox_id}")
            item = NewReview(reason, "task", None, letter.parts[0].notice, letter.esp_id, outbox_id, which)
            reviews.add(conn, item, now)


def _overtaken(one: Moved, now: datetime) -> Iterable[dict[str, object]]:
    """The rungs that never left because a later one did."""
    return (
        {
            "notice_id": one.notice,
            "cycle": one.cycle,
            "rung": rung,
            "outcome": "SKIPPED",
            "reason": NotSent.OVERTAKEN.value,
            "at": now,
        }
        for rung in one.overtaken[-_ROWS_OF_OVERTAKEN:]
    )


def _entries(one: Moved, esp_id: int, now: datetime) -> Iterable[Entry]:
    """Journal rows: rungs overtaken, and why a rung that was due did not leave."""
    if one.overtaken:
        details = {"from": one.overtaken[0], "to": one.overtaken[-1], "cycle": one.cycle}
        why = NotSent.OVERTAKEN.value
        yield Entry(now, "daemon", "rungs_skipped", esp_id, one.notice, new=why, details=details)
    if one.why and one.due:
        details = {"rung": one.due, "cycle": one.cycle}
        yield Entry(now, "daemon", "not_sent", esp_id, one.notice, new=one.why.value, details=details)


def _ask_a_person(conn: Connection, done: Plan, esps: Mapping[int, int], now: datetime) -> None:
    """Steps had nobody to write to: somebody should find a contact, or decide; one task per ESP and step."""
    missing: dict[tuple[int, Target], list[int]] = {}
    for one in done.moved:
        if one.missing:
            missing.setdefault((esps[one.notice], one.missing), []).append(one.notice)
    for (esp_id, target), notices in missing.items():
        reason = "lead_decides" if target is Target.LEAD else "contact_missing"
        which = (reason, f"to:{target.value}", f"notices:{len(notices)}")
        reviews.add(conn, NewReview(reason, "task", None, notices[0], esp_id, reasons=which), now)


def _set_aside(store: Store, notice_id: int, now: datetime) -> None:
    """A notice whose ladder cannot be reckoned: a person is told, and it is tried again tomorrow."""
    with store.write() as conn:
        one = next(iter(clocks.standings(conn, [notice_id])), None)
        clocks.look_again(conn, [notice_id], now + _SET_ASIDE)
        esp_id = one.esp_id if one else None
        reviews.add(conn, NewReview("ladder_failed", "alert", None, notice_id, esp_id), now)
