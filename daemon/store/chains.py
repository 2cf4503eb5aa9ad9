"""Chains of referrals: who passed a URL on to whom, each notice the child of the one before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from daemon.decide.effects import Referral
from daemon.store.rows import AnyRow, chunks, clean
from daemon.store.tables import esps, notice_items, notices, takedowns

NEW_TARGET, LOOP, DEPTH = "new_target", "referral_loop", "referral_depth"
WAITS, CHILD_CLOSED = "referral_waits", "child_closed"
MAX_DEPTH = 3  # referrals in a row; a longer chain leads nowhere by letters
_MOST = 50  # notices of one tree that are shown


@dataclass(frozen=True, slots=True)
class Link:
    """One notice of a chain; ``depth`` 0 is the first one.  ``clock_from``: the URL's first clock."""

    notice_id: int
    number: str
    esp_id: int
    esp: str
    esp_key: str
    status: str
    sent_at: datetime | None
    clock_from: datetime | None
    parent_id: int | None
    depth: int = 0


def ancestry(conn: Connection, notice_id: int) -> list[Link]:
    """The notices from the first one down to this one."""
    found: list[AnyRow] = []
    at: int | None = notice_id
    while at is not None and at not in {row.id for row in found}:
        row = _rows(conn, notices.c.id == at)[0]
        found.append(row)
        at = row.parent_id
    return [_link(row, depth) for depth, row in enumerate(reversed(found))]


def tree(conn: Connection, notice_id: int) -> list[Link]:
    """The whole chain that this notice belongs to, parents before children; a notice that nobody passed on is alone."""
    root = ancestry(conn, notice_id)[0]
    found, waiting = [root], [root]
    while waiting and len(found) < _MOST:
        above = waiting.pop(0)
        below = [_link(row, above.depth + 1) for row in _rows(conn, notices.c.parent_id == above.notice_id)]
        found += below
        waiting += below
    return found


def _rows(conn: Connection, which: Any) -> Sequence[AnyRow]:
    columns = (notices.c.id, notices.c.number, notices.c.status, notices.c.sent_at, notices.c.clock_from)
    own = func.coalesce(esps.c.merged_into, esps.c.id).label("own")
    query = select(*columns, notices.c.parent_id, own, esps.c.name, esps.c.key)
    return conn.execute(query.join(esps, esps.c.id == notices.c.esp_id).where(which).order_by(notices.c.id)).all()


def _link(row: AnyRow, depth: int) -> Link:
    clock = row.clock_from or row.sent_at
    return Link(row.id, row.number, row.own, row.name, row.key, row.status, row.sent_at, clock, row.parent_id, depth)


def problem(chain: Sequence[Link], esp_id: int | None) -> str:
    """Return why this chain may not go on to an ESP: it was there before, or it is long enough; "" if it may."""
    if esp_id is not None and any(link.esp_id == esp_id for link in chain):
        return LOOP
    return DEPTH if len(chain) > MAX_DEPTH else ""


def proposed(conn: Connection, notice_id: int | None, referral: Referral) -> dict[str, Any]:
    """What the review item about a referral holds: the items, who is named, and why it needs more than a click."""
    words = [_word(one.esp, one.domain, one.name) for one in referral.parties]
    chain = ancestry(conn, notice_id) if notice_id is not None else []
    keys = {one.esp for one in referral.parties if one.esp}
    named = conn.execute(select(func.coalesce(esps.c.merged_into, esps.c.id)).where(esps.c.key.in_(keys))).scalars()
    why = next((found for one in (*named, None) if (found := problem(chain, one))), "")
    items = [{"notice": notice, "position": at, "outcome": "not_hosted"} for notice, at in referral.items]
    values: dict[str, Any] = {"proposal": items, "reasons": [why or NEW_TARGET, *words]}
    return values | ({"kind": "alert", "reason": why} if why else {})


def _word(esp: str, domain: str, name: str) -> str:
    about, value = ("esp", esp) if esp else ("domain", domain) if domain else ("name", name)
    return f"{about}:{clean(value, 200)}"


@dataclass(frozen=True, slots=True)
class Parent:
    """A notice with items that are gone where they were passed on to."""

    notice_id: int
    esp_id: int
    proposal: list[dict[str, Any]] = field(default_factory=list, repr=False)


def _parents() -> Select[Any]:
    """The question of ``parents_of``, put together once: it is asked with every closing."""
    theirs, there = takedowns.alias("theirs"), takedowns.alias("there")
    child_items, child = notice_items.alias("child_items"), notices.alias("child")
    closed = child_items.c.takedown_id.in_(bindparam("closed", expanding=True))
    return (
        select(notices.c.id, notices.c.esp_id, notices.c.number, notice_items.c.position)
        .select_from(child_items)
        .join(child, child.c.id == child_items.c.notice_id)
        .join(there, there.c.id == child_items.c.takedown_id)
        .join(notices, notices.c.id == child.c.parent_id)
        .join(notice_items, notice_items.c.notice_id == notices.c.id)
        .join(theirs, theirs.c.id == notice_items.c.takedown_id)
        .where(closed, theirs.c.url_key == there.c.url_key, theirs.c.is_open)
        .order_by(notices.c.id, notice_items.c.position)
    )


_PARENTS = _parents()


def parents_of(conn: Connection, closed: Iterable[int]) -> list[Parent]:
    """The notices that passed these takedowns on and are still open there, with what a person is asked."""
    found: dict[int, Parent] = {}
    for chunk in chunks(closed):
        for notice_id, esp_id, number, position in conn.execute(_PARENTS, {"closed": list(chunk)}):
            one = found.setdefault(notice_id, Parent(notice_id, esp_id))
            one.proposal.append({"notice": number, "position": position, "outcome": "already_gone"})
    return list(found.values())
