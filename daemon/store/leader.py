"""One leader: an advisory lock on PostgreSQL, a locked file beside an SQLite database; freed when the process dies."""

from __future__ import annotations

import fcntl
import os
from typing import Protocol

from sqlalchemy import Connection, Engine, exc, make_url, text
from sqlalchemy.pool import NullPool

from daemon.errors import ConfigError
from daemon.store.engine import Settings, engine_of, translated

_LOCK = 0x6E6F7469  # "noti"


class Leader(Protocol):
    """``acquire`` never waits; ``held`` asks anew whether the lock is still ours."""

    def acquire(self) -> bool: ...
    def held(self) -> bool: ...
    def release(self) -> None: ...


def leader(settings: Settings) -> Leader:
    """The lock of this database."""
    url = make_url(settings.url)
    if url.get_backend_name() == "sqlite":
        return _File(f"{url.database}.leader" if url.database not in {None, "", ":memory:"} else "")
    return _Advisory(settings)


class _File:
    def __init__(self, path: str) -> None:
        self._path = path
        self._fd: int | None = None

    def acquire(self) -> bool:
        if self._fd is not None or not self._path:
            return True
        try:
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            raise ConfigError("the lock file beside the database cannot be written by this user") from None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            return False
        self._fd = fd
        return True

    def held(self) -> bool:
        return self._fd is not None or not self._path

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


class _Advisory:
    """Held by a connection of its own: when that is lost, so is the lock."""

    def __init__(self, settings: Settings) -> None:
        self._engine: Engine = engine_of(settings.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._conn: Connection | None = None

    def acquire(self) -> bool:
        if self.held():
            return True
        with translated():
            conn = self._engine.connect()
            if conn.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}).scalar_one():
                self._conn = conn
                return True
            conn.close()
            return False

    def held(self) -> bool:
        if self._conn is None:
            return False
        try:
            query = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objid = :key"
            return self._conn.execute(text(query), {"key": _LOCK}).scalar_one_or_none() is not None
        except exc.SQLAlchemyError:
            self._drop()
            return False

    def release(self) -> None:
        if self._conn is not None:
            self._drop()

    def _drop(self) -> None:
        """Close the connection: the server frees the lock with it."""
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.invalidate()
            conn.close()
