"""Time to removal: median, p90 and shares with the open URLs counted in, by group and by ESP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, case, func, literal, select, true

from daemon.digest.blocks import Cell, Column, Paragraph, Section, Sheet, Table, columns, hours, row, share
from daemon.digest.sql import hours_between, scoped
from daemon.digest.view import View
from daemon.followups.survival import Curve, curve
from daemon.store.tables import esps, takedowns

ORDER = 4
COHORT = timedelta(days=90)
FEW = 5  # an ESP with fewer URLs is not ranked
MOST = 10
HOW = (
    "Time to removal: URLs whose notice left in the 90 days before the end of the week, from sending to closing as "
    "removed or already gone. URLs still open (and those given up) count in with the time they have been up so far "
    "(Kaplan-Meier); withdrawn ones are left out. A URL that was passed on counts there until its ESP said who stores "
    "it, and at the next one from our letter to them. Hours are elapsed hours, rounded up. Not yet: so many are still "
    "open that the middle (or 90 %) has not come yet. ESPs with fewer than five URLs are not ranked."
)


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many URLs of one ESP stood ``hours`` before they were removed, or stand for that long."""

    esp: str
    kind: str
    survivor_linked: bool
    priority: int
    removed: bool
    hours: int
    count: int


def ask(conn: Connection, view: View) -> list[Bucket]:
    """Counts per ESP and hour, made by the database: what comes back does not grow with the URLs."""
    closed_by_then = takedowns.c.closed_at < view.until
    passed_on = takedowns.c.referred_at < view.until
    gone = takedowns.c.status.in_(("removed", "already_gone")) & closed_by_then & func.coalesce(~passed_on, true())
    removed = case((gone, 1), else_=0)
    until = literal(view.until, takedowns.c.sent_at.type)
    end = case((removed == 1, takedowns.c.closed_at), (passed_on, takedowns.c.referred_at), else_=until)
    age = hours_between(takedowns.c.sent_at, end)
    keys = (esps.c.name, esps.c.kind, takedowns.c.survivor_linked, takedowns.c.priority, removed, age)
    query = (
        select(*keys, func.count())
        .join(esps, esps.c.id == takedowns.c.esp_id)
        .where(
            takedowns.c.sent_at >= view.until - COHORT,
            takedowns.c.sent_at < view.until,
            takedowns.c.status != "withdrawn",
            scoped(takedowns.c.esp_id, view.esps),
        )
        .group_by(*keys)
    )
    return [
        Bucket(name, kind, bool(linked), priority, bool(gone), max(int(at), 0), count)
        for name, kind, linked, priority, gone, at, count in conn.execute(query)
    ]


def word(buckets: Sequence[Bucket], _view: View) -> Section:
    if not buckets:
        return Section("Time to removal", (Paragraph("No URL was reported in the last 90 days."),))
    groups: list[tuple[str, Callable[[Bucket], bool]]] = [
        ("All URLs", lambda _: True),
        ("Survivor-linked", lambda one: one.survivor_linked),
        ("Not survivor-linked", lambda one: not one.survivor_linked),
        ("High priority", lambda one: one.priority == 1),
    ]
    groups += [(f"At {_KINDS.get(kind, kind)}", _of_kind(kind)) for kind in sorted({one.kind for one in buckets})]
    rows = tuple(_row(name, found) for name, keep in groups if (found := _curve(buckets, keep)).total)
    table = Table(
        "By group, open URLs counted in; the last columns are the shares removed within 24, 48 and 72 hours",
        _heads("Group"),
        rows,
    )
    return Section("Time to removal", (table, *_ranking(buckets)))


def sheet(_conn: Connection, _view: View, buckets: Sequence[Bucket]) -> Sheet:
    """Every ESP with enough URLs, slowest first; hours as numbers, empty where they are not reached yet."""
    rows = (
        (name, found.total, found.open, found.quantile(0.5), found.quantile(0.9), *map(found.within, (24, 48, 72)))
        for name, found in _ranked(buckets)
    )
    heads = ("ESP", "URLs", "Open", "Median (h)", "90 % by (h)", "Within 24 h", "Within 48 h", "Within 72 h")
    return Sheet("Time to removal", heads, rows, (30, *(12 for _ in heads[1:])))


_KINDS = {"host": "hosts", "platform": "platforms", "cdn": "CDNs", "registrar": "registrars", "other": "other ESPs"}


def _of_kind(kind: str) -> Callable[[Bucket], bool]:
    return lambda one: one.kind == kind


def _heads(first: str) -> tuple[Column, ...]:
    return columns(first, ">URLs", ">Open", ">Median", ">90 % by", ">24 h", ">48 h", ">72 h")


def _curve(buckets: Sequence[Bucket], keep: Callable[[Bucket], bool]) -> Curve:
    return curve((one.hours, one.removed, one.count) for one in buckets if keep(one))


def _row(name: str, found: Curve) -> tuple[Cell, ...]:
    within = [share(found.within(hour)) for hour in (24, 48, 72)]
    return row(name, found.total, found.open, hours(found.quantile(0.5)), hours(found.quantile(0.9)), *within)


def _ranking(buckets: Sequence[Bucket]) -> tuple[Table, ...]:
    rows = tuple(_row(name, found) for name, found in _ranked(buckets)[:MOST])
    return (Table("The slowest ESPs by median time to removal", _heads("ESP"), rows),) if rows else ()


def _ranked(buckets: Sequence[Bucket]) -> list[tuple[str, Curve]]:
    """The slowest ESPs by median; where it is not reached, by the share still open."""
    by_esp: dict[str, list[Bucket]] = {}
    for one in buckets:
        by_esp.setdefault(one.esp, []).append(one)
    curves = [(name, _curve(some, lambda _: True)) for name, some in by_esp.items()]
    return sorted((pair for pair in curves if pair[1].total >= FEW), key=_slowness)


def _slowness(pair: tuple[str, Curve]) -> tuple[float, float, str]:
    name, found = pair
    median = found.quantile(0.5)
    return (-median if median is not None else float("-inf"), -found.open / found.total, name)
