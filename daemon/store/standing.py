"""Where everything stands that a set of decisions may change: loaded at once, and locked until the transaction ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from daemon.decide.effects import ContactNow, TakedownNow
from daemon.followups.standing import is_our_turn
from daemon.notices.status import Outcome, Status
from daemon.notices.takedown import notice_status
from daemon.store.rows import AnyRow, chunks
from daemon.store.tables import contacts, notice_items, notices, takedowns


@dataclass(slots=True)
class Item:
    """One item of a notice with its takedown; two notices may share a takedown."""

    notice_id: int
    notice: str
    position: int
    takedown: int
    status: Status
    outcome: Outcome
    survivor_linked: bool

    def now(self) -> TakedownNow:
        return TakedownNow(self.notice, self.position, self.takedown, self.status, self.survivor_linked, self.outcome)


@dataclass(slots=True)
class Standing:
    """Notices, takedowns and contacts; kept up to date in memory while the set's decisions are applied."""

    numbers: dict[str, int] = field(default_factory=dict, repr=False)  # notice number -> row
    notices: dict[int, AnyRow] = field(default_factory=dict, repr=False)
    items: dict[str, list[Item]] = field(default_factory=dict, repr=False)
    by_takedown: dict[int, list[Item]] = field(default_factory=dict, repr=False)
    contacts: dict[str, ContactNow] = field(default_factory=dict, repr=False)
    contact_rows: dict[str, list[tuple[int, int]]] = field(default_factory=dict, repr=False)  # (contact, ESP)
    answered: set[str] = field(default_factory=set, repr=False)

    def notice(self, number: str) -> AnyRow | None:
        notice_id = self.numbers.get(number)
        return None if notice_id is None else self.notices[notice_id]


def load(conn: Connection, notice_ids: Iterable[int], addresses: Iterable[str] = ()) -> Standing:
    """Load and lock these notices, and the contacts with these addresses."""
    found = Standing()
    for ids in chunks(sorted(set(notice_ids))):
        for row in conn.execute(select(notices).where(notices.c.id.in_(ids)).order_by(notices.c.id)):
            found.notices[row.id] = row
            found.numbers[row.number] = row.id
            if row.first_response_at is not None:
                found.answered.add(row.number)
        for one in _locked(conn, ids):
            found.items.setdefault(one.notice, []).append(one)
            found.by_takedown.setdefault(one.takedown, []).append(one)
    for some in chunks({address.lower() for address in addresses}):
        for row in conn.execute(select(contacts).where(contacts.c.address.in_(some))):
            found.contacts[row.address] = ContactNow(row.address, row.health, row.soft_bounces)
            found.contact_rows.setdefault(row.address, []).append((row.id, row.esp_id))
    return found


def _locked(conn: Connection, notice_ids: Sequence[int]) -> list[Item]:
    columns = (takedowns.c.id, takedowns.c.status, takedowns.c.outcome, takedowns.c.survivor_linked)
    query = (
        select(notice_items.c.notice_id, notices.c.number, notice_items.c.position, *columns)
        .join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
        .join(notices, notices.c.id == notice_items.c.notice_id)
        .where(notice_items.c.notice_id.in_(notice_ids))
        .order_by(takedowns.c.id, notice_items.c.id)  # always in one order: two writers cannot wait for each other
        .with_for_update(of=takedowns)
    )
    found = [
        Item(notice_id, number, position, takedown, Status(status), Outcome(outcome), survivor)
        for notice_id, number, position, takedown, status, outcome, survivor in conn.execute(query)
    ]
    return sorted(found, key=lambda one: (one.notice_id, one.position))


_OF_NOTICE = (notices.c.id, notices.c.status, notices.c.still_since, notices.c.still_seconds)


def derived(
    conn: Connection, notice_ids: Iterable[int], now: datetime
) -> dict[int, tuple[str, str, dict[str, object]]]:
    """notice -> (status derived from its takedowns, status stored, what changes of the time their clocks stand)."""
    found: dict[int, tuple[str, str, dict[str, object]]] = {}
    for chunk in chunks(sorted(notice_ids)):
        statuses: defaultdict[int, list[Status]] = defaultdict(list)
        query = (
            select(notice_items.c.notice_id, takedowns.c.status)
            .join(takedowns, takedowns.c.id == notice_items.c.takedown_id)
            .where(notice_items.c.notice_id.in_(chunk))
        )
        for notice_id, status in conn.execute(query):
            statuses[notice_id].append(Status(status))
        for row in conn.execute(select(*_OF_NOTICE).where(notices.c.id.in_(chunk))):
            still = _still(row, is_our_turn(statuses[row.id]), now)
            found[row.id] = (notice_status(statuses[row.id]).value, row.status, still)
    return found


def _still(row: AnyRow, ours: bool, now: datetime) -> dict[str, object]:
    """Their clocks stop when they ask us, and go on when it is their turn again."""
    if ours == (row.still_since is not None):
        return {}
    if ours:
        return {"still_since": now}
    stood = max(int((now - row.still_since).total_seconds()), 0)
    return {"still_since": None, "still_seconds": row.still_seconds + stood}
