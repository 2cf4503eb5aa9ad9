"""Fresh databases with the schema in them: SQLite by copying a file, PostgreSQL by copying a template database."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from daemon.store import Settings, Store, open_store, schema
from tests.postgres import server

KINDS = ("sqlite", "postgresql")


def _memory() -> str | None:
    """A file system that forgets: the power is only cut in these tests, never lost."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


@cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        path = Path(folder) / "t.db"
        schema.upgrade(Settings(f"sqlite:///{path}"))
        return path.read_bytes()


@contextmanager
def fresh(kind: str) -> Iterator[str]:
    """The URL of a new database of ``kind``, gone afterwards."""
    if kind == "sqlite":
        folder = Path(tempfile.mkdtemp(prefix="noticed-db-", dir=_memory()))
        (folder / "noticed.db").write_bytes(_template())
        try:
            yield f"sqlite:///{folder / 'noticed.db'}"
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    else:
        url = server().url()
        try:
            yield url
        finally:
            server().drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database with the schema in it; the test runs on SQLite and on PostgreSQL."""
    with fresh(request.param) as url:
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    found = open_store(Settings(database_url))
    yield found
    found.close()
