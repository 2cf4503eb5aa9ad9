"""Opens the database, SQLite (WAL) or PostgreSQL; translates its failures into ours, without a value in their text."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.pool import StaticPool

from daemon.errors import ConfigError, PermanentError, TransientError
from daemon.store.bodies import Cipher

_BUSY_MS = 20_000
_CONNECT_S = 10
_URLS = "write sqlite:////var/lib/noticed/noticed.db or postgresql://user@host/name"


@dataclass(frozen=True, slots=True)
class Settings:
    """``url`` as SQLAlchemy writes it; ``body_key`` encrypts stored mail, ``old_body_keys`` still decrypt it."""

    url: str = field(repr=False)
    body_key: str = field(default="", repr=False)
    old_body_keys: tuple[str, ...] = field(default=(), repr=False)


class Store:
    """The database: ``read()`` and ``write()`` give one connection in one transaction each."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self.engine = engine
        self.cipher = cipher

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may change rows: committed at the end, rolled back when anything is raised."""
        with translated(), self.engine.begin() as conn:
            yield conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction with a steady view that changes nothing and blocks no writer."""
        with translated(), self.engine.connect() as raw:
            conn = raw.execution_options(**_reading(self.is_sqlite))
            with conn.begin() as transaction:
                yield conn
                transaction.rollback()

    def close(self) -> None:
        self.engine.dispose()


def _reading(sqlite: bool) -> dict[str, Any]:
    return {"noticed_reads": True} if sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def open_store(settings: Settings, *, any_schema: bool = False) -> Store:
    """Open the database and check that it answers and has this version's schema (unless ``any_schema``).

    Raises ConfigError with what to do: a wrong URL, a file that cannot be written, a refused login, no tables yet, a
    schema that is behind or newer; TransientError for a server that does not answer, a full disk, a locked file.
    """
    store = Store(engine_of(settings.url), Cipher(_keys(settings)))
    try:
        with store.engine.begin() as conn:
            _check_writable(conn)
    except exc.DBAPIError as error:
        store.close()
        raise _cannot_open(error, settings.url) from None
    if not any_schema:
        from daemon.store import schema

        try:
            schema.check(store)
        except ConfigError:
            store.close()
            raise
    return store


def _cannot_open(error: exc.DBAPIError, url: str) -> ConfigError | TransientError:
    """What it means that the database cannot be opened; the place is told without user and password."""
    parsed = make_url(url)
    host = parsed.host or parsed.query.get("host") or "this machine"
    place = parsed.database if parsed.get_backend_name() == "sqlite" else f"{host}, database {parsed.database}"
    found = _translate(error)
    lasting = isinstance(found, PermanentError) or _sqlite_kind(error.orig) in _LASTING
    return (ConfigError if lasting else TransientError)(f"database.url: {place}: {found}")


def _keys(settings: Settings) -> list[bytes]:
    return [key.encode() for key in (settings.body_key, *settings.old_body_keys) if key]


def engine_of(url: str, **options: Any) -> Engine:
    """The engine for ``url``; ``options`` are SQLAlchemy's, for PostgreSQL."""
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        raise ConfigError(f"database.url is no database URL: {_URLS}") from None
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, memory=parsed.database in {None, "", ":memory:"})
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(url, options)
    raise ConfigError(f"database.url names a database that noticed does not know: {_URLS}")


def _sqlite(url: str, *, memory: bool) -> Engine:
    options: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    _make_private(make_url(url).database or "")
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_MS / 1000}, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(file: str) -> None:
    """A file that is not there yet is made readable by its owner only: it will hold addresses and URLs."""
    if file and not file.startswith((":", "file:")):
        with suppress(OSError):  # opening it says what is wrong
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Full durability, foreign keys, and transactions that begin where we say so."""
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {_BUSY_MS}",
        "cache_size = -16000",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(conn: Connection) -> None:
    """A writer takes the lock at once: a lock taken half-way cannot be waited for."""
    conn.exec_driver_sql("BEGIN" if conn.get_execution_options().get("noticed_reads") else "BEGIN IMMEDIATE")


def _postgresql(url: str, options: dict[str, Any]) -> Engine:
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(
        parsed,
        hide_parameters=True,
        **({"pool_pre_ping": True} | options),
        connect_args={
            "connect_timeout": _CONNECT_S,
            "application_name": "noticed",
            "options": "-c timezone=UTC -c lock_timeout=20000 -c idle_in_transaction_session_timeout=300000",
        },
    )


def _check_writable(conn: Connection) -> None:
    """Fail now if the file may be read but not written."""
    if conn.dialect.name == "sqlite":
        version = conn.exec_driver_sql("PRAGMA user_version").scalar_one()
        conn.exec_driver_sql(f"PRAGMA user_version = {int(version)}")
    else:
        conn.exec_driver_sql("SELECT 1")


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's exceptions into ours; their own texts may hold values, so they are left behind."""
    try:
        yield
    except exc.TimeoutError:
        raise TransientError("the database gave no connection in time") from None
    except exc.DBAPIError as error:
        raise _translate(error) from None


def _translate(error: exc.DBAPIError) -> TransientError | PermanentError:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return _translate_sqlite(original)
    state = getattr(original, "sqlstate", None)
    if state is None and _REFUSED.search(str(original)):
        return PermanentError("the database server refused: check user, password and the name of the database")
    if error.connection_invalidated or isinstance(error, exc.OperationalError | exc.InterfaceError):
        said = f" (SQLSTATE {state})" if state else ": is it running, and can this machine reach it?"
        return TransientError("the database server did not answer or gave up" + said)
    return PermanentError(f"the database refused a row or a statement ({type(original).__name__}, SQLSTATE {state})")


_SQLITE_SAYS = {
    "SQLITE_CANTOPEN": "the database file cannot be opened: does its folder exist, and may this user write there?",
    "SQLITE_READONLY": "the database file cannot be written by this user",
    "SQLITE_NOTADB": "the database file is not an SQLite database",
    "SQLITE_CORRUPT": "the database file is damaged: restore the last backup",
    "SQLITE_FULL": "the disk of the database is full",
    "SQLITE_BUSY": "the database is locked by another program",
    "SQLITE_IOERR": "the disk of the database gave an error",
}


_LASTING = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_NOTADB", "SQLITE_CORRUPT")
# libpq gives no SQLSTATE for a connection that the server itself turned down (28000, 28P01, 3D000)
_REFUSED = re.compile(
    r"FATAL:.*(does not exist|authentication failed|no pg_hba\.conf entry)|password supplied", re.DOTALL
)


def _sqlite_kind(error: BaseException | None) -> str:
    return "_".join((getattr(error, "sqlite_errorname", None) or "SQLITE_ERROR").split("_")[:2])


def _translate_sqlite(error: sqlite3.Error) -> TransientError | PermanentError:
    kind = _sqlite_kind(error)
    if kind in _SQLITE_SAYS:
        return TransientError(_SQLITE_SAYS[kind])
    name = getattr(error, "sqlite_errorname", None) or kind
    return PermanentError(f"the database refused a row or a statement ({name})")
