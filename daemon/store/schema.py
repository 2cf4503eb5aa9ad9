"""The schema's version: where the database stands, where this program needs it, and the way there (Alembic)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from daemon.errors import ConfigError
from daemon.registry import shipped
from daemon.store.engine import Settings, Store, open_store, translated

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory


def home() -> Path:
    """The folder of the migrations."""
    place = shipped("migrations")
    if not (place / "env.py").is_file():
        raise ConfigError("the folder 'migrations' is missing from this installation: install noticed again")
    return place


def head() -> str:
    """The revision that this program needs."""
    revision = _script().get_current_head()
    assert revision is not None
    return revision


def current(conn: Connection) -> str | None:
    """The revision that the database stands at, None for one without our tables."""
    from alembic.runtime.migration import MigrationContext

    with translated():
        return MigrationContext.configure(conn).get_current_revision()


def check(store: Store) -> None:
    """Raise ConfigError unless the database stands exactly at ``head``."""
    with store.read() as conn:
        found = current(conn)
    needed = head()
    if found == needed:
        return
    if found is None:
        raise ConfigError("the database has no tables yet: run 'noticed db upgrade'")
    if any(found == known.revision for known in _script().walk_revisions()):
        raise ConfigError(f"the database's schema is behind ({found}, needed {needed}): run 'noticed db upgrade'")
    raise ConfigError(f"the database's schema ({found}) is newer than this program knows: install the newer noticed")


def upgrade(settings: Settings, revision: str = "head") -> str:
    """Bring the database to ``revision`` in one transaction; return the revision reached.  May be repeated."""
    from alembic import command

    store = open_store(settings, any_schema=True)
    try:
        with store.write() as conn:
            config = _config()
            config.attributes["connection"] = conn
            command.upgrade(config, revision)
            return current(conn) or ""
    finally:
        store.close()


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(home()).replace("%", "%%"))
    return config


def _script() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())
