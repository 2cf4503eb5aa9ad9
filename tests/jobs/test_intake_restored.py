"""A database restored from an old backup meets a mailbox that went on: nothing is lost, moved or done a second time."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from daemon.store import Store, journal, tables
from daemon.store.bodies import Cipher
from daemon.store.engine import engine_of
from tests import databases
from tests.jobs.house import House, house, import_notices, mail, notice


@pytest.fixture
def store() -> Iterator[Store]:
    with databases.fresh("sqlite") as url:
        made = Store(engine_of(url), Cipher())
        yield made
        made.close()


def turn(inside: House, times: int = 1) -> None:
    for _ in range(times):
        inside.walk()
        inside.file()
        inside.clock.advance(minutes=5)


def restored(inside: House, backup: Path) -> House:
    """The next process, on the database as it was."""
    store = Store(engine_of(f"sqlite:///{backup}"), Cipher())
    again = House(store, inside.server, inside.clock, inside.power, inside.mailer)
    again.start()
    return again


def statuses(store: Store) -> list[Any]:
    with store.read() as conn:
        return list(conn.execute(select(tables.takedowns.c.status).order_by(tables.takedowns.c.id)).scalars())


def test_what_was_recorded_and_filed_since_the_backup_is_recorded_once_more_and_moved_no_more(
    store: Store, tmp_path: Path
) -> None:
    import_notices(store, [notice(number) for number in (1, 2, 3)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed", 1), inside.clock.now())
    turn(inside)
    inside.server.deliver(mail("N-2 refused", 2), inside.clock.now())
    inside.walk()  # decided, and not filed yet
    with closing(sqlite3.connect(str(store.engine.url.database))) as now:
        now.backup(sqlite3.connect(tmp_path / "backup.db"))
    inside.server.deliver(mail("N-3 removed 1", 3), inside.clock.now())
    inside.server.deliver(mail("N-3 removed 2 unclear", 4), inside.clock.now())
    turn(inside, 2)
    lying = Counter((folder, one.raw) for folder, _, one in inside.server.everywhere())

    again = restored(inside, tmp_path / "backup.db")
    turn(again, 4)
    assert Counter((folder, one.raw) for folder, _, one in inside.server.everywhere()) == lying
    assert again.box.moved == []
    assert statuses(again.store) == statuses(store) == ["removed"] * 2 + ["refused"] * 2 + ["removed", "sent"]
    with again.store.read() as conn:
        assert journal.verify(conn) is None
        told = Counter(
            conn.execute(
                select(tables.journal.c.message_ref).where(tables.journal.c.action.in_(["decided", "judged"]))
            ).scalars()
        )
        assert sorted(told.values()) == [1] * 4
        assert conn.execute(select(tables.strays)).all() == []
        actions = set(conn.execute(select(tables.journal.c.action)).scalars())
        assert not actions & {"moved_by_staff", "moved_back", "left_to_staff", "tagged_by_staff"}
    again.store.close()
