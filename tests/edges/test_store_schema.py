"""The database opens with a clear word or not at all; the migrations lead to exactly the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text

from daemon.errors import ConfigError, PermanentError, TransientError
from daemon.store import Settings, Store, open_store, schema, tables
from daemon.store.leader import leader
from tests.memory import START


def test_the_migrations_give_exactly_the_tables(store: Store) -> None:
    with store.write() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_upgrading_again_changes_nothing(database_url: str) -> None:
    assert schema.upgrade(Settings(database_url)) == schema.head()
    assert schema.upgrade(Settings(database_url)) == schema.head()


def test_a_database_without_tables_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="noticed db upgrade"):
        open_store(Settings(f"sqlite:///{tmp_path}/new.db"))


@pytest.mark.parametrize(("revision", "word"), [("0000", "newer"), ("ffff", "newer")])
def test_an_unknown_schema_is_taken_for_a_newer_one(database_url: str, revision: str, word: str) -> None:
    store = open_store(Settings(database_url))
    with store.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
    store.close()
    with pytest.raises(ConfigError, match=word):
        open_store(Settings(database_url))


def test_a_schema_that_is_behind_says_so(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "head", lambda: "9999")
    with pytest.raises(ConfigError, match="is behind"):
        open_store(Settings(database_url))


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("nonsense", "no database URL"),
        ("mysql://localhost/x", "does not know"),
        ("sqlite:////nowhere/at/all/x.db", "cannot be opened"),
        ("postgresql://someone@127.0.0.1:1/x", "did not answer"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_clear_sentence(url: str, word: str) -> None:
    with pytest.raises((ConfigError, TransientError), match=word) as caught:
        open_store(Settings(url))
    assert url not in str(caught.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("not a database, but long enough to be looked at " * 40)
    with pytest.raises(ConfigError, match="not an SQLite database"):
        open_store(Settings(f"sqlite:///{tmp_path}/x.db"))


def test_a_database_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    schema.upgrade(Settings(f"sqlite:///{tmp_path}/x.db"))
    with pytest.raises(ConfigError, match="cannot be written"):
        open_store(Settings(f"sqlite:///file:{tmp_path}/x.db?mode=ro&uri=true"))


def test_a_refused_row_tells_no_value(store: Store) -> None:
    row: dict[str, Any] = {"key": "canary-key", "name": "canary", "created_at": START}
    with store.write() as conn:
        conn.execute(insert(tables.esps), [row])
    with pytest.raises(PermanentError) as caught, store.write() as conn:
        conn.execute(insert(tables.esps), [row])
    assert "canary" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_what_was_written_before_an_error_is_not_there(store: Store) -> None:
    def fail() -> None:
        with store.write() as conn:
            conn.execute(insert(tables.esps), [{"key": "a", "name": "A", "created_at": START}])
            raise TransientError("a test")

    with pytest.raises(TransientError):
        fail()
    with store.read() as conn:
        assert conn.execute(select(tables.esps)).all() == []


def test_a_time_without_zone_is_refused_and_a_stored_one_is_aware(store: Store) -> None:
    with store.write() as conn:
        conn.execute(insert(tables.esps), [{"key": "a", "name": "A", "created_at": START}])
    with store.read() as conn:
        assert conn.execute(select(tables.esps.c.created_at)).scalar_one() == START
    with pytest.raises(Exception, match="without zone"), store.write() as conn:
        conn.execute(insert(tables.esps), [{"key": "b", "name": "B", "created_at": START.replace(tzinfo=None)}])


def test_a_reader_sees_one_moment_while_a_writer_writes(store: Store) -> None:
    with store.read() as reading:
        assert reading.execute(select(tables.esps)).all() == []
        with store.write() as conn:
            conn.execute(insert(tables.esps), [{"key": "a", "name": "A", "created_at": START}])
        assert reading.execute(select(tables.esps)).all() == []


def test_sqlite_is_durable_and_keeps_its_foreign_keys(tmp_path: Path) -> None:
    store = open_store(Settings(f"sqlite:///{tmp_path}/x.db"), any_schema=True)
    with store.read() as conn:
        found = {
            name: conn.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    store.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_there_is_one_leader_and_the_next_takes_over_when_it_goes(database_url: str) -> None:
    first, second = leader(Settings(database_url)), leader(Settings(database_url))
    assert first.acquire()
    assert first.held()
    assert not second.acquire()
    assert not second.held()
    first.release()
    assert not first.held()
    assert second.acquire()
    second.release()


@pytest.mark.postgres
def test_a_leader_whose_connection_is_gone_leads_no_more() -> None:
    from tests import databases

    with databases.fresh("postgresql") as url:
        first, second = leader(Settings(url)), leader(Settings(url))
        assert first.acquire()
        store = open_store(Settings(url))
        with store.write() as conn:
            kill = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            conn.execute(text(kill))
        assert not first.held()
        assert second.acquire()
        second.release()
        store.close()
