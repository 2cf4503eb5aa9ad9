"""Learns each ESP once a day: how long it takes, how its receipts and tickets look; shown, and switched off per ESP."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from daemon.followups.learned import WINDOW, Learned, lines
from daemon.followups.planned import Rules
from daemon.message.message import Address
from daemon.notices import esp_settings
from daemon.notices.register import register_of
from daemon.store import Store, esps, learning, state
from daemon.store.rows import AnyRow

EVERY = timedelta(days=1)
_MARK = "learning.at"


def tick(store: Store, now: datetime) -> int:
    """Learn anew once a day; return how many ESPs' reminders it moves.  May be repeated without harm."""
    with store.read() as conn:
        last = state.get(conn, _MARK)
        if last is not None and abs(now - datetime.fromisoformat(last)) < EVERY:
            return 0
        new = _learn(conn, now)
    with store.write() as conn:
        moved = learning.keep(conn, new, now)
        learning.look_again(conn, moved, now)
        esps.changed(conn, now)  # the register carries receipts and forms of tickets
        state.put(conn, _MARK, now.isoformat(), now)
    return len(moved)


def _learn(conn: Connection, now: datetime) -> dict[int, Learned]:
    found = learning.found(conn, now)
    register = esps.register(conn)
    room = register_of(register.esps)
    for domain, wording in learning.receipts(conn, now):
        for esp in room.speaking(Address("", f"any@{domain}")):
            esp_id = register.ids[esp.key]
            one = found.get(esp_id, Learned())
            found[esp_id] = replace(one, receipts=(*one.receipts, wording))
    return found


def said(conn: Connection, row: AnyRow, rules: Rules | None = None) -> list[str]:
    """Say for people what is learned of an ESP (a row of the register); with ``rules`` also when it is reminded."""
    known = learning.of_esp(conn, row.id)
    if known is None:
        return ["Nothing is learned of this ESP yet."]
    found, at = known
    on = esp_settings.value(row.settings, "learning")
    off = "" if on else ", not used: learning is switched off"
    head = f"Learned from the {WINDOW.days} days before {at:%Y-%m-%d}{off}:"
    first = [_reminder(row, found, rules)] if rules is not None and on else []
    return [head, *(f"  {line}" for line in (*lines(found), *first))]


def _reminder(row: AnyRow, found: Learned, rules: Rules) -> str:
    usual = rules.ladders.choose(row.key, row.kind, 2, survivor_linked=False)
    moved = usual.at_pace(found.usual)
    before, after = (f"{one.steps[0].after.total_seconds() / 3600:,.0f} h" for one in (usual, moved))
    if before == after:
        return f"First reminder: after {before}, as in rules.yaml"
    return f"First reminder: after {after} instead of {before}, within the bounds of rules.yaml"


def plain(conn: Connection, row: AnyRow) -> dict[str, Any]:
    """What is learned of an ESP, for programs."""
    known = learning.of_esp(conn, row.id)
    on = bool(esp_settings.value(row.settings, "learning"))
    if known is None:
        return {"esp": row.key, "used": on, "at": None}
    found, at = known
    names = ("happened", "waiting", "median_hours", "p80_hours")
    stored = found.plain()
    return {
        "esp": row.key,
        "used": on,
        "at": at,
        "answer": dict(zip(names, stored["answer"], strict=True)),
        "removal": dict(zip(names, stored["removal"], strict=True)),
        "receipts": len(found.receipts),
        "tickets": list(found.tickets),
        "trust": {"accepted": found.trust.accepted, "corrected": found.trust.corrected, "share": found.trust.share},
    }
