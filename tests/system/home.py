"""A home for the real command: settings, rules, a database and a mailbox in a folder of the test's own."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.databases import _template

REPO = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "daemon"]

RULES = """\
version: 1
hedges:
  en: [will/may]
negations:
  en: [not]
rules:
  gone:
    means: removed
    says: [has been removed]
    examples: [The content has been removed.]
working_time: {zone: UTC, days: mon-sun, hours: "00:00-23:59"}
team:
  anna: {address: anna@hotline.example, login: anna}
"""

SETTINGS = """\
[[mailbox]]
name = "notices"
kind = "maildir"
address = "esp-notifications@hotline.example"
path = "Maildir"
authserv_id = "mx.hotline.example"
poll_seconds = 1

[notice]
number_format = 'HLN-20\\d\\d-\\d{6}'

[time]
zone = "Europe/Oslo"

[database]
url = "sqlite:///{home}/noticed.db"

[keys]
message_key = "a key for the tests only, not for use"
"""

NOTICES = """\
notice_id,esp,contact_email,sent_at,urls
HLN-2026-000001,Alpha,abuse@alpha.example,2026-10-12T08:00:00+00:00,https://a.example/1 https://a.example/2
HLN-2026-000002,Beta,abuse@beta.example,2026-10-12T09:00:00+00:00,https://b.example/1
"""


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        """What it said on standard error, without the log lines of the daemon."""
        return [line for line in self.err.splitlines() if line and not line.startswith("{")]

    def json(self) -> object:
        return json.loads(self.out)


class Zygote:
    """The process that commands are forked from; see ``zygote.py``."""

    def __init__(self) -> None:
        command = [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-m", "tests.system.zygote"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=REPO, stdin=pipe, stdout=pipe, text=True)
        atexit.register(self.stop)

    def run(self, wanted: Mapping[str, object]) -> int | None:
        """Return the exit code, or the pid of what goes on in the background; None: it still runs."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline().strip()
        return None if said == "running" else int(said)

    def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)


@cache
def zygote() -> Zygote:
    return Zygote()


@dataclass
class Home:
    """``run`` calls the command as somebody at a terminal would, but with nobody to answer its questions."""

    path: Path
    env: dict[str, str] = field(default_factory=dict)
    plain_user: bool = False  # never as root, who may do everything
    largest: int = 0  # bytes that a file may grow to, 0 for any: a full disk

    def __post_init__(self) -> None:
        for part in ("cur", "new", "tmp"):
            (self.path / "Maildir" / part).mkdir(parents=True, exist_ok=True)
        self.write("noticed.toml", SETTINGS.replace("{home}", str(self.path)))
        self.write("rules.yaml", RULES)
        self.write("notices.csv", NOTICES)
        self.database.write_bytes(_template())

    @property
    def database(self) -> Path:
        return self.path / "noticed.db"

    @property
    def environment(self) -> dict[str, str]:
        own = {"PATH": os.environ["PATH"], "HOME": str(self.path), "USER": "anna", "LANG": "C.UTF-8"}
        return {**own, **self.env}

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def change(self, name: str, old: str, new: str) -> None:
        """Change one thing of a file; it must stand there."""
        text = (self.path / name).read_text()
        assert old in text, f"{name} does not hold what is to be changed"
        self.write(name, text.replace(old, new, 1))

    def arguments(self, *arguments: str) -> list[str]:
        return ["--config", str(self.path / "noticed.toml"), *arguments]

    def run(self, *arguments: str) -> Ran:
        """Run ``noticed`` to its end."""
        return self.bare(*self.arguments(*arguments))

    def bare(self, *arguments: str) -> Ran:
        """Run ``noticed`` with nothing but these arguments."""
        out, err = self.path / ".out", self.path / ".err"
        wanted = {"arguments": arguments, "cwd": str(self.path), "env": self.environment}
        wanted |= {"plain_user": self.plain_user, "largest": self.largest}
        code = zygote().run({**wanted, "out": str(out), "err": str(err)})
        assert code is not None
        return Ran(code, out.read_text(), err.read_text())

    def deliver(self, name: str, raw: bytes) -> None:
        """Put a mail into the Maildir's inbox."""
        self.write(f"Maildir/tmp/{name}", raw)
        (self.path / "Maildir/tmp" / name).rename(self.path / "Maildir/new" / name)
