"""What a tick costs beside many closed takedowns, a letter beside many that left; the outbox job with 500 ESPs."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from bench.figures import Sheet
from bench.store import NOW, Places
from bench.timing import interleaved, wall
from daemon.followups.calendar import WorkingTime
from daemon.followups.plan import Rules
from daemon.jobs import followups, letters
from daemon.jobs.desk import Desk, Sender
from daemon.jobs.outbox import Fuses, Post, Way
from daemon.mailer import Envelope, Result, Sending
from daemon.notices.table import NewNotice
from daemon.store import Store, importing, state, tables

_DUE = 500
DESK = Desk(
    {"esp": Sender("notices@hotline.example", "Hotline")},
    b"k" * 32,
    Rules(working=WorkingTime("Europe/Oslo", holidays=("NO",)), leads=("lead@hotline.example",)),
)


@dataclass
class StillClock:
    """A clock that stands still."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@dataclass
class Taker:
    """A way out that takes everything at once, so that only our own work is measured."""

    taken: list[Envelope] = field(default_factory=list)

    def send(self, envelope: Envelope) -> Sending:
        self.taken.append(envelope)
        return Sending(Result.SENT, "250 2.0.0")

    def close(self) -> None:
        pass


def run(sheet: Sheet, options: Namespace) -> None:
    places = Places()
    try:
        few, many = (_filled(places, count) for count in (10_000, options.takedowns))
        _ticks(sheet, few, many, options)
        _post(sheet, few)
        _letters(sheet, places, options)
    finally:
        places.remove()


def _filled(places: Places, closed: int) -> tuple[Store, int]:
    """Return a database with ``closed`` closed takedowns and the due notices."""
    store = places.fresh()
    with store.write() as conn:
        state.set_mode(conn, "live", NOW, "bench")
        importing.add_notices(conn, list(_notices(closed // 10, 10, "old", age=9000)), _SOURCE)
        conn.execute(
            update(tables.takedowns).values(status="removed", is_open=False, closed_at=NOW - timedelta(hours=99))
        )
        conn.execute(update(tables.notices).values(status="closed", next_due_at=None))
        importing.add_notices(conn, list(_notices(_DUE, 2, "due", age=25)), _SOURCE)
        conn.exec_driver_sql("ANALYZE")
    return store, closed


_SOURCE = importing.Source("import", "bench", NOW, "esp")


def _notices(count: int, urls: int, word: str, *, age: float) -> Sequence[NewNotice]:
    """Make notices of ``word``; every due one went to another ESP."""
    return [
        NewNotice(
            row=number,
            number=f"{word.upper()}-{number:06}",
            esp=f"{word} {number % _DUE}",
            esp_domain=f"{word}{number % _DUE}.example",
            contact=f"abuse@{word}{number % _DUE}.example",
            sent_at=NOW - timedelta(hours=age),
            urls=tuple(f"https://{word}{number % _DUE}.example/{number}/{place}" for place in range(urls)),
            message_id=f"<{word}-{number}@hotline.example>",
            subject=f"[{word.upper()}-{number:06}] Notice",
        )
        for number in range(count)
    ]


def _ticks(sheet: Sheet, few: tuple[Store, int], many: tuple[Store, int], options: Namespace) -> None:
    found: dict[str, followups.Report] = {}

    def again(name: str, store: Store) -> None:
        """A tick whose work is undone, so that the next one meets the same."""
        try:
            with store.write() as conn:
                _tick(conn, store, found, name)
                raise _UndoneError
        except _UndoneError:
            pass

    took = interleaved(
        {"few": lambda: again("few", few[0]), "many": lambda: again("many", many[0])}, max(3, options.runs)
    )
    sheet.check(
        f"{_DUE} letters are due beside {few[1]:,} and beside {many[1]:,} closed takedowns",
        found["few"].letters == found["many"].letters == _DUE,
    )
    sheet.cost(f"a tick beside {many[1]:,} closed takedowns", took["many"], _DUE, "due notice")
    sheet.mark(f"a tick beside {many[1]:,} : beside {few[1]:,} closed takedowns", took["many"] / took["few"], most=1.5)


class _UndoneError(Exception):
    pass


def _letters(sheet: Sheet, places: Places, options: Namespace) -> None:
    """What a letter costs beside those that left within the year before."""
    stores = {"none": places.fresh(), "many": places.fresh()}
    for name, store in stores.items():
        with store.write() as conn:
            state.set_mode(conn, "live", NOW, "bench")
            importing.add_notices(conn, list(_notices(_FEW, 2, "due", age=25)), _SOURCE)
            conn.execute(insert(tables.outbox), [_old(number) for number in range(_OLD if name == "many" else 1)])
        followups.tick(store, DESK, NOW)
    taken = {name: Taker() for name in stores}

    def again(name: str) -> None:
        try:
            with stores[name].write() as conn:
                _poster(_Within(conn), taken[name]).send_due()  # type: ignore[arg-type]
                raise _UndoneError
        except _UndoneError:
            pass

    rounds = max(3, options.runs)
    took = interleaved({"none": lambda: again("none"), "many": lambda: again("many")}, rounds)
    counts = {len(one.taken) for one in taken.values()}
    sheet.check(f"{_FEW} letters leave in each round, beside none and beside {_OLD:,} of the year", len(counts) == 1)
    sheet.mark(f"a letter beside {_OLD:,} that left : beside none", took["many"] / took["none"], most=1.5)


_FEW, _OLD = 100, 50_000


def _old(number: int) -> dict[str, object]:
    left = NOW - timedelta(minutes=10 * number + 10)
    return {
        "kind": "followup",
        "key": f"old-{number}",
        "message_id": f"<old-{number}@hotline.example>",
        "to_address": f"abuse@old{number % _DUE}.example",
        "context": {"notices": []},
        "raw": b"x" * 1000,
        "state": "sent",
        "due_at": left,
        "claimed_at": left,
        "sent_at": left,
        "created_at": left,
    }


def _tick(conn: object, store: Store, found: dict[str, followups.Report], name: str) -> None:
    found[name] = followups.tick(_Within(conn), DESK, NOW)  # type: ignore[arg-type]


class _Within:
    """A store whose transactions are one that is open already."""

    def __init__(self, conn: object) -> None:
        self._conn = conn

    def read(self) -> _Within:
        return self

    write = read

    def __enter__(self) -> object:
        return self._conn

    def __exit__(self, *_: object) -> None:
        pass


def _poster(store: Store, taker: Taker) -> Post:
    return Post(
        store,
        {"esp": Way(taker, "notices@hotline.example")},
        lambda conn, row, now: letters.ready(conn, row, DESK, now),
        StillClock(),
        Fuses(10_000, 10_000, dry_run=False),
        "bench",
    )


def _post(sheet: Sheet, few: tuple[Store, int]) -> None:
    """Claim, compose, send and mark: all that happens around a letter but the network."""
    store = few[0]
    followups.tick(store, DESK, NOW)
    taker = Taker()
    post = _poster(store, taker)
    seconds = wall(lambda: post.send_due(lambda: True))
    with store.read() as conn:
        sent = len(conn.execute(select(tables.outbox.c.id).where(tables.outbox.c.state == "sent")).all())
    sheet.check(f"{len(taker.taken)} of {_DUE} letters taken once, {sent} marked", len(taker.taken) == sent == _DUE)
    sheet.cost("claim, compose, hand over, mark", seconds, _DUE, "letter")
