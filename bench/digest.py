"""The weekly digest over many takedowns: time and memory (``--takedowns`` for the size)."""

from __future__ import annotations

from argparse import Namespace
from datetime import timedelta

from sqlalchemy import func, insert, select, update

from bench.figures import Sheet
from bench.followups import DESK
from bench.store import NOW, Places
from bench.timing import forget_peak, peak_mib, wall
from daemon.digest.view import ended
from daemon.jobs.digest import make
from daemon.notices.table import NewNotice
from daemon.store import Store, importing, tables

_SEED = 2_000  # takedowns that are imported; the rest are copies of their rows


def run(sheet: Sheet, options: Namespace) -> None:
    places = Places()
    try:
        store = _filled(places, options.takedowns)
        with store.read() as conn:
            counting = select(func.count()).select_from(tables.takedowns)
            count = conn.execute(counting).scalar_one()
            still_open = conn.execute(counting.where(tables.takedowns.c.is_open)).scalar_one()
        before = forget_peak()
        week = ended(NOW, "UTC")
        texts: list[str] = []

        def work() -> None:
            with store.write() as conn:
                texts.append(make(conn, week, DESK, NOW).text.text)

        seconds = min(wall(work) for _ in range(2))
        sheet.check(f"the digest tells of the {still_open:,} that are open", f"{still_open:,}" in texts[0])
        sheet.note(f"a digest over {count:,} takedowns", seconds=round(seconds, 2))
        sheet.mark(f"seconds for 5 million takedowns, from {count:,} on SQLite", seconds * 5e6 / count, most=10)
        sheet.mark("MiB that the digest took on top", peak_mib() - before, most=24)
    finally:
        places.remove()


def _filled(places: Places, count: int) -> Store:
    """Return a database with ``count`` takedowns of 400 ESPs over two years, one in ten open."""
    store = places.fresh()
    source = importing.Source("import", "bench", NOW, "esp")
    with store.write() as conn:
        importing.add_notices(conn, [_notice(number) for number in range(_SEED)], source)
        _copy(conn, count)
        closed = tables.takedowns.c.id % 10 != 0
        conn.execute(
            update(tables.takedowns)
            .where(closed)
            .values(status="removed", is_open=False, closed_at=NOW - timedelta(days=3), evidence="verified")
        )
        conn.exec_driver_sql("ANALYZE")
    return store


def _notice(number: int) -> NewNotice:
    esp = f"host{number % 400}"
    return NewNotice(
        row=number,
        number=f"HL-{number:06}",
        esp=esp,
        esp_domain=f"{esp}.example",
        contact=f"abuse@{esp}.example",
        sent_at=NOW - timedelta(hours=7 * number % 17_000),
        urls=(f"https://{esp}.example/{number}",),
    )


def _copy(conn: object, count: int) -> None:
    """Multiply the takedowns inside the database, each copy under an address of its own."""
    table = tables.takedowns
    columns = [column for column in table.columns if column.name not in {"id", "url", "url_key"}]
    for turn in range(max(0, count // _SEED - 1)):
        key = func.substr(table.c.url_key, 1, 20) + f"{turn:012}"
        rows = select(*columns, table.c.url + f"/{turn}", key).where(table.c.id <= _SEED)
        names = [*(column.name for column in columns), "url", "url_key"]
        conn.execute(insert(table).from_select(names, rows))  # type: ignore[attr-defined]
