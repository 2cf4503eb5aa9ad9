"""The register of ESPs that do not answer: who is watched, unresponsive or escalated, and who came off it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from daemon.digest.blocks import Paragraph, Section, Sheet, Table, columns, row
from daemon.digest.sql import scoped, within
from daemon.digest.view import View
from daemon.store.rows import AnyRow
from daemon.store.tables import esps, silences, takedowns

ORDER = 7
MOST = 15
HOW = (
    "Unresponsive: watched means that enough has been open for long enough without an answer (the thresholds stand "
    "under unresponsive: in rules.yaml); unresponsive, that a lead confirmed it; escalated, that a lead took it to "
    "somebody above. An ESP comes off the register at its first proven outcome; while it is only watched, at any "
    "answer. As of the end of the week; open URLs as of now."
)


@dataclass(frozen=True, slots=True)
class Entry:
    esp: str
    level: str
    since: datetime
    urls: int
    asked: bool
    confirmed_by: str | None


@dataclass(frozen=True, slots=True)
class Found:
    entries: Sequence[Entry]
    entered: int
    left: int


def ask(conn: Connection, view: View) -> Found:
    mine = scoped(silences.c.esp_id, view.esps)
    still = silences.c.left_at.is_(None) | (silences.c.left_at >= view.until)
    opened = (
        select(func.count())
        .where(takedowns.c.esp_id == silences.c.esp_id, takedowns.c.is_open)
        .correlate(silences)
        .scalar_subquery()
    )
    query = (
        select(silences, esps.c.name, opened.label("open"))
        .join(esps, esps.c.id == silences.c.esp_id)
        .where(mine, silences.c.entered_at < view.until, still)
        .order_by(silences.c.since, silences.c.id)
    )
    entries = [_entry(one, view) for one in conn.execute(query)]
    count = select(func.count()).select_from(silences).where(mine)
    entered = conn.execute(count.where(within(silences.c.entered_at, view.since, view.until))).scalar_one()
    left = conn.execute(count.where(within(silences.c.left_at, view.since, view.until))).scalar_one()
    return Found(entries, entered, left)


def _entry(one: AnyRow, view: View) -> Entry:
    """An entry as it stood at the end of the week."""
    escalated = one.escalated_at is not None and one.escalated_at < view.until
    confirmed = one.confirmed_at is not None and one.confirmed_at < view.until
    level = "escalated" if escalated else "unresponsive" if confirmed else "watched"
    return Entry(one.name, level, one.since, one.open, one.found_at is not None, one.confirmed_by)


def word(found: Found, view: View) -> Section:
    title = "Unresponsive ESPs"
    moved = f"On to the register this week: {found.entered:,}, off it: {found.left:,}."
    if not found.entries:
        return Section(title, (Paragraph(f"No ESP is watched or unresponsive. {moved}"),), {"unresponsive": 0})
    rows = tuple(
        row(
            one.esp,
            one.level,
            f"{(view.until - one.since).days} days",
            one.urls,
            one.confirmed_by or ("a lead is asked" if one.asked else "-"),
            "noticed esps unresponsive list" if one.level == "watched" else "noticed case ESP --out case.zip",
        )
        for one in found.entries[:MOST]
    )
    heads = columns("ESP", "Level", ">Silent for", ">URLs open", "Confirmed by", "How")
    more = len(found.entries) - MOST
    rest = (Paragraph(f"And {more:,} more."),) if more > 0 else ()
    table = Table("ESPs on the register, silent for longest first", heads, rows)
    return Section(title, (Paragraph(moved), table, *rest), {"unresponsive": len(found.entries)})


def sheet(_conn: Connection, _view: View, found: Found) -> Sheet:
    """All entries."""
    rows = [(one.esp, one.level, one.since, one.urls, one.confirmed_by) for one in found.entries]
    heads = ("ESP", "Level", "Silent since", "URLs open", "Confirmed by")
    return Sheet("Unresponsive ESPs", heads, rows, (30, 14, 17, 10, 20))
