"""Carries out the changes of a set of decisions: statuses, clocks, contacts, reviews, each with its journal row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from daemon.decide.decision import Decision
from daemon.decide.effects import Action, Change, ContactNow, Current
from daemon.errors import TransientError
from daemon.notices.status import Status
from daemon.store import chains, journal, standing
from daemon.store.chains import CHILD_CLOSED
from daemon.store.journal import Entry
from daemon.store.rows import chunks, clean, insert_missing, key
from daemon.store.standing import Standing
from daemon.store.tables import contacts, notice_items, notices, reviews, takedowns, tickets

LONGEST_PAUSE = timedelta(days=366)  # whatever the settings allow
RULE = "rule"  # a pause that a rule ordered is "rule:<name>"


@dataclass(frozen=True, slots=True)
class Because:
    """Who changes something, on what ground: the actor of the journal, the message, the version of the rules."""

    at: datetime
    actor: str
    message_ref: int | None = None
    rules_version: str = ""
    esp_id: int | None = None  # whom it is about where no notice tells it


@dataclass(slots=True)
class Moves:
    """Takes the changes of one decision after the other, and writes them all at ``flush``."""

    conn: Connection
    now: datetime
    standing: Standing = field(repr=False)
    entries: list[Entry] = field(default_factory=list, repr=False)  # journal rows, for the caller to append
    takedown_rows: dict[int, dict[str, Any]] = field(default_factory=dict, repr=False)
    notice_rows: dict[int, dict[str, Any]] = field(default_factory=dict, repr=False)
    tickets: list[dict[str, Any]] = field(default_factory=list, repr=False)
    reviews: list[tuple[dict[str, Any], Entry]] = field(default_factory=list, repr=False)

    def current(self, decision: Decision) -> Current:
        """Where everything stands that ``decision`` may change, the set's earlier changes included."""
        known = self.standing
        matched = [found.number for found in decision.matched if found.number in known.numbers]
        bounced = {found.recipient.lower() for found in decision.bounced}
        return Current(
            takedowns=tuple(one.now() for number in matched for one in known.items.get(number, ())),
            contacts=tuple(known.contacts[address] for address in sorted(bounced & set(known.contacts))),
            answered=frozenset(known.answered & set(matched)),
            contact_of=tuple((number, known.notices[known.numbers[number]].contact_address) for number in matched),
        )

    def apply(self, changes: Iterable[Change], why: Because, proposal: Sequence[dict[str, Any]] = ()) -> None:
        """Take the changes of one decision; ``proposal``: what a review item puts before a person."""
        for change in changes:
            _CARRY_OUT[change.action](self, change, why, proposal)

    def flush(self) -> None:
        """Write everything but the journal rows, which wait in ``entries``; derived statuses follow their takedowns."""
        self._write_takedowns()
        self._derive()
        self._write_notices()
        insert_missing(self.conn, tickets, self.tickets)
        self._tell_parents()
        self._write_reviews()

    # -- one change each

    def _status(self, change: Change, why: Because, _proposal: Sequence[dict[str, Any]]) -> None:
        assert change.takedown is not None
        seen = self.standing.by_takedown[change.takedown]
        if seen[0].status.is_closed:
            return  # two matched notices name one takedown: the first closed it
        new = Status(change.new)
        values = self.takedown_rows.setdefault(
            change.takedown, {"key": change.takedown, "was": seen[0].status.value, "awaiting_verification": False}
        )
        values["status"] = new.value
        values["is_open"] = not new.is_closed
        values["closed_at"] = why.at if new.is_closed else None
        values["evidence"] = change.evidence.value
        values["outcome"] = (change.outcome or seen[0].outcome).value
        values["last_message_id"] = why.message_ref
        values["awaiting_verification"] |= change.awaiting_verification
        for one in seen:
            one.status = new
            one.outcome = change.outcome or one.outcome
        self._touch(change.notice)
        self._note(change, why, old=change.old, new=change.new)

    def _first_response(self, change: Change, why: Because, _proposal: Sequence[dict[str, Any]]) -> None:
        if change.notice in self.standing.answered:
            return
        self.standing.answered.add(change.notice)
        self._touch(change.notice, first_response_at=why.at)
        self._note(change, why)

    def _pause(self, change: Change, why: Because, _proposal: Sequence[dict[str, Any]]) -> None:
        row = self.standing.notice(change.notice)
        asked = min(timedelta(seconds=max(0, int(change.new or 0))), LONGEST_PAUSE)
        until = why.at + asked
        if row is None or (row.paused_until and row.paused_until >= until):
            return  # a longer pause, a person's perhaps, stands
        self._touch(change.notice, paused_until=until, pause_by=f"{RULE}:{change.rule}", pause_reason=None)
        self._note(change, why, new=str(int(asked.total_seconds())))

    def _hold(self, change: Change, why: Because, _proposal: Sequence[dict[str, Any]]) -> None:
        row = self.standing.notice(change.notice)
        if row is None or row.hold_reason == change.new:
            return
        self._touch(change.notice, hold_reason=change.new)
        self._note(change, why, old=row.hold_reason, new=change.new)

    def _contact(self, change: Change, why: Because, _proposal: Sequence[dict[str, Any]]) -> None:
        address = change.address.lower()
        self.standing.contacts[address] = ContactNow(address, change.new, change.soft_bounces)
        for contact_id, esp_id in self.standing.contact_rows.get(address, ()):
            values = {"health": change.new, "soft_bounces": change.soft_bounces}
            self.conn.execute(update(contacts).where(contacts.c.id == contact_id).values(values))
            details = {"contact": contact_id, "soft_bounces": change.soft_bounces}
            self.entries.append(
                Entry(
                    why.at,
                    why.actor,
                    change.action.value,
                    esp_id=esp_id,
                    message_ref=why.message_ref,
                    old=change.old,
                    new=change.new,
                    details=details,
                )
            )

    def _ticket(self, change: Change, why: Because, _proposal: Sequence[dict[str, Any]]) -> None:
        row = self.standing.notice(change.notice)
        if row is None:
            return
        ticket = key(change.new).upper()
        self.tickets.append(
            {"esp_id": row.esp_id, "ticket": ticket, "notice_id": row.id, "learned_from": why.message_ref}
        )

    def _queue(self, change: Change, why: Because, proposal: Sequence[dict[str, Any]]) -> None:
        row = self.standing.notice(change.notice)
        kind = "task" if change.action is Action.TASK else "review"
        values: dict[str, Any] = {
            "kind": kind,
            "message_ref": why.message_ref,
            "notice_id": row.id if row is not None else None,
            "esp_id": row.esp_id if row is not None else why.esp_id,
            "reason": clean(change.new, 40),
            "reasons": list(change.reasons),
            "proposal": list(proposal) if kind == "review" else None,
            "state": "open",
            "created_at": why.at,
        }
        if change.referral is not None:
            values |= chains.proposed(self.conn, values["notice_id"], change.referral)
        self.reviews.append((values, self._entry(change, why, new=values["reason"])))

    def _touch(self, number: str, **values: Any) -> None:
        """Change a notice and let its ladder look at it at the next tick."""
        row = self.standing.notice(number)
        if row is not None:
            self.notice_rows.setdefault(row.id, {}).update(values)

    def _note(self, change: Change, why: Because, *, old: str | None = None, new: str | None = None) -> None:
        self.entries.append(self._entry(change, why, old=old, new=new))

    def _entry(self, change: Change, why: Because, *, old: str | None = None, new: str | None = None) -> Entry:
        row = self.standing.notice(change.notice)
        details: dict[str, Any] = {
            "rule": change.rule,
            "line": change.line,
            "sentence": change.sentence,
            "position": change.position,
            "outcome": change.outcome.value if change.outcome else "",
            "evidence": change.evidence.value,
            "rules": why.rules_version,
            "reasons": list(change.reasons),
        }
        return Entry(
            why.at,
            why.actor,
            change.action.value,
            esp_id=row.esp_id if row is not None else why.esp_id,
            notice_id=row.id if row is not None else None,
            takedown_id=change.takedown,
            message_ref=why.message_ref,
            old=old,
            new=new,
            details={name: value for name, value in details.items() if value},
        )

    # -- writing

    def _write_takedowns(self) -> None:
        """A closed row is never touched: the old status is part of the condition, and must have been met."""
        rows = list(self.takedown_rows.values())
        if not rows:
            return
        names = ("status", "is_open", "closed_at", "evidence", "outcome", "last_message_id", "awaiting_verification")
        statement = (
            update(takedowns)
            .where(takedowns.c.id == bindparam("key"), takedowns.c.status == bindparam("was"), takedowns.c.is_open)
            .values({name: bindparam(f"new_{name}") for name in names} | {"updated_at": self.now})
        )
        given = [{"key": row["key"], "was": row["was"]} | {f"new_{name}": row[name] for name in names} for row in rows]
        if self.conn.execute(statement, given).rowcount != len(given):
            raise TransientError("a takedown changed under our hands: the set is taken again")

    def _derive(self) -> None:
        """Recompute the status of every notice that shares a changed takedown."""
        touched: set[int] = set(self.notice_rows)
        for chunk in chunks(self.takedown_rows):
            query = select(notice_items.c.notice_id).where(notice_items.c.takedown_id.in_(chunk))
            touched.update(self.conn.execute(query).scalars())
        for notice_id, (status, old, still) in standing.derived(self.conn, touched, self.now).items():
            values = self.notice_rows.setdefault(notice_id, {})
            values.update(still)
            closed = status in _CLOSED_NOTICE
            values["next_due_at"] = None if closed else self.now
            if status != old:
                values["status"] = status

    def _write_notices(self) -> None:
        alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for notice_id, values in self.notice_rows.items():
            alike[tuple(sorted(values))].append({"key": notice_id} | {f"new_{n}": v for n, v in values.items()})
        for names, rows in alike.items():
            if names:
                new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
                self.conn.execute(update(notices).where(notices.c.id == bindparam("key")).values(new), rows)

    def _tell_parents(self) -> None:
        """Where a URL was passed on and is gone there now, a person is asked about the one who passed it on."""
        gone = [row["key"] for row in self.takedown_rows.values() if row["status"] in _GONE]
        for found in chains.parents_of(self.conn, gone) if gone else ():
            values: dict[str, Any] = {
                "kind": "review",
                "message_ref": None,
                "notice_id": found.notice_id,
                "esp_id": found.esp_id,
            }
            values |= {"reason": CHILD_CLOSED, "reasons": [CHILD_CLOSED], "proposal": found.proposal, "state": "open"}
            entry = Entry(self.now, "daemon", "review", found.esp_id, found.notice_id, new=CHILD_CLOSED)
            self.reviews.append((values | {"created_at": self.now}, entry))

    def _write_reviews(self) -> None:
        if not self.reviews:
            return
        self.conn.execute(insert(reviews), [values for values, _ in self.reviews])
        ids = self._review_ids()
        for values, entry in self.reviews:
            self.entries.append(replace(entry, review_id=ids.get((values["message_ref"], values["kind"]))))

    def _review_ids(self) -> dict[tuple[int, str], int]:
        """(message, kind) -> the item just made: a mail has at most one of each kind."""
        found: dict[tuple[int, str], int] = {}
        for refs in chunks({values["message_ref"] for values, _ in self.reviews} - {None}):
            query = select(reviews.c.message_ref, reviews.c.kind, reviews.c.id).where(reviews.c.message_ref.in_(refs))
            found.update(
                {(ref, kind): review_id for ref, kind, review_id in self.conn.execute(query.order_by(reviews.c.id))}
            )
        return found


def carry_out(conn: Connection, changes: Sequence[Change], notice_ids: Iterable[int], why: Because) -> None:
    """Apply changes that came from no mail (a person's decision, a letter that left), their journal rows included.

    ``notice_ids``: every notice that the changes name.
    """
    addresses = [change.address for change in changes if change.address]
    moves = Moves(conn, why.at, standing.load(conn, notice_ids, addresses))
    moves.apply(changes, why)
    moves.flush()
    journal.append(conn, moves.entries)


_GONE = frozenset({Status.REMOVED.value, Status.ALREADY_GONE.value})
_CLOSED_NOTICE = frozenset({"resolved", "unresolved", "withdrawn"})
_CARRY_OUT = {
    Action.STATUS: Moves._status,  # noqa: SLF001 - the table of what each change does
    Action.ASSERTED: Moves._status,  # noqa: SLF001
    Action.FIRST_RESPONSE: Moves._first_response,  # noqa: SLF001
    Action.PAUSE: Moves._pause,  # noqa: SLF001
    Action.HOLD: Moves._hold,  # noqa: SLF001
    Action.CONTACT: Moves._contact,  # noqa: SLF001
    Action.TICKET: Moves._ticket,  # noqa: SLF001
    Action.REVIEW: Moves._queue,  # noqa: SLF001
    Action.TASK: Moves._queue,  # noqa: SLF001
}
