"""The journal: what was written stays, and whoever changes it past the triggers is found."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, insert, select, text

from daemon.errors import PermanentError
from daemon.store import Store, journal, tables
from daemon.store.journal import Entry
from tests.counts import count
from tests.memory import START


def write(store: Store, number: int, *, seal: bool = True) -> None:
    entries = [
        Entry(START, "rules", "status", notice_id=i, old="sent", new="removed", details={"line": i})
        for i in range(number)
    ]
    with store.write() as conn:
        journal.append(conn, entries, seal=seal)


def disarm(conn: Connection) -> None:
    """Take the triggers away, as somebody with the run of the database could."""
    if conn.dialect.name == "sqlite":
        for trigger in ("journal_keeps", "journal_stays"):
            conn.execute(text(f"DROP TRIGGER {trigger}"))
    else:
        conn.execute(text("DROP FUNCTION journal_append_only() CASCADE"))


def tamper(store: Store, statement: str) -> journal.Broken | None:
    with store.write() as conn:
        disarm(conn)
        conn.execute(text(statement))
    with store.read() as conn:
        return journal.verify(conn)


def test_an_untouched_chain_verifies(store: Store) -> None:
    with store.read() as conn:
        assert journal.verify(conn) is None
    for _ in range(3):
        write(store, 7)
    with store.read() as conn:
        assert journal.verify(conn) is None
        assert conn.execute(select(tables.journal.c.seq)).scalars().all() == list(range(1, 22))


@pytest.mark.parametrize(
    "statement", ["UPDATE journal SET new = 'sent' WHERE id = 3", "DELETE FROM journal WHERE id = 3"]
)
def test_a_sealed_row_can_be_neither_changed_nor_removed(store: Store, statement: str) -> None:
    write(store, 5)
    with pytest.raises(PermanentError), store.write() as conn:
        conn.execute(text(statement))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("new", "'sent'"),
        ("old", "NULL"),
        ("actor", "'anna'"),
        ("action", "'other'"),
        ("notice_id", "77"),
        ("takedown_id", "1"),
        ("message_ref", "1"),
        ("details", "'{}'"),
        ("hash", "'00'"),
    ],
)
def test_a_changed_row_is_found(store: Store, column: str, value: str) -> None:
    write(store, 5)
    broken = tamper(store, f"UPDATE journal SET {column} = {value} WHERE seq = 3")
    assert broken is not None
    assert (broken.seq, broken.why) == (3, "changed")


def test_a_removed_row_is_found(store: Store) -> None:
    write(store, 5)
    broken = tamper(store, "DELETE FROM journal WHERE seq = 3")
    assert broken is not None
    assert (broken.seq, broken.why) == (3, "removed")


def test_the_last_rows_cut_off_are_found(store: Store) -> None:
    write(store, 5)
    broken = tamper(store, "DELETE FROM journal WHERE seq > 3")
    assert broken is not None
    assert (broken.seq, broken.why) == (4, "cut")


def test_an_inserted_row_is_found(store: Store) -> None:
    write(store, 5)
    with store.write() as conn:
        row = dict(conn.execute(select(tables.journal).where(tables.journal.c.seq == 5)).mappings().one())
        row.update(id=99, seq=6, new="partial")
        conn.execute(insert(tables.journal), [row])
    with store.read() as conn:
        broken = journal.verify(conn)
    assert broken is not None
    assert (broken.seq, broken.why) == (6, "inserted")


def test_rows_put_into_another_order_are_found(store: Store) -> None:
    write(store, 5)
    statement = "UPDATE journal SET seq = CASE seq WHEN 2 THEN 30 WHEN 3 THEN 2 ELSE seq END WHERE seq IN (2, 3)"
    assert tamper(store, statement) is not None


def test_unsealed_rows_are_chained_later_in_the_order_of_their_ids(store: Store) -> None:
    write(store, 3)
    write(store, 4, seal=False)
    write(store, 2)
    with store.read() as conn:
        assert journal.unsealed(conn) == 4
        assert journal.verify(conn) is None
    with store.write() as conn:
        assert journal.seal(conn) == 4
    with store.read() as conn:
        assert journal.unsealed(conn) == 0
        assert journal.verify(conn) is None
        assert conn.execute(select(tables.journal.c.id).order_by(tables.journal.c.seq)).scalars().all() == [
            1,
            2,
            3,
            8,
            9,
            4,
            5,
            6,
            7,
        ]


def test_a_rolled_back_change_leaves_no_row_and_no_gap(store: Store) -> None:
    write(store, 2)

    def fail() -> None:
        with store.write() as conn:
            journal.append(conn, [Entry(START, "rules", "status")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    write(store, 2)
    with store.read() as conn:
        assert journal.verify(conn) is None


def test_a_long_chain_is_walked_in_pieces(store: Store) -> None:
    write(store, count(3000, 100_000))
    with store.read() as conn:
        assert journal.verify(conn) is None
