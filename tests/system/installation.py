"""noticed as an administrator installs it: its own folder, settings and database, run as the real command."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy

HOST = "hotline.example"
LOGIN = "tester"

_TOML = """
[[mailbox]]
name = "notices"
kind = "imap"
address = "esp-notifications@{host}"
host = "127.0.0.1"
port = {imap_port}
tls = "none"
user = "{user}"
password_file = "password"
authserv_id = "mx.{host}"

[smtp]
host = "127.0.0.1"
port = {smtp_port}
tls = "none"

[notice]
number_format = 'HLN-20\\d\\d-\\d{{6}}'

[database]
url = "{database}"

[keys]
message_key = "a key of the tests, for nothing else"
"""


_RULES = f"""
version: 1
rules:
  removed:
    means: removed
    says: {{en: [has been removed]}}
    examples: {{en: [The image has been removed.]}}
working_time: {{zone: UTC, days: mon-sun, hours: "00:00-23:59"}}
followups:
  normal:
    steps: [{{after: 24 h, letter: reminder-1}}]
  survivor-linked:
    steps: [{{after: 24 h, letter: reminder-1}}]
team: {{tester: {{address: tester@{HOST}, login: {LOGIN}}}}}
"""


@dataclass(frozen=True)
class Installation:
    folder: Path
    database: str

    @classmethod
    def make(cls, folder: Path, *, imap_port: int, user: str, password: str, smtp_port: int) -> Installation:
        """Write settings and small rules: one meaning, one reminder, work at all hours, a team of one."""
        database = f"sqlite:///{folder / 'noticed.db'}"
        (folder / "password").write_text(password)
        (folder / "noticed.toml").write_text(
            _TOML.format(host=HOST, imap_port=imap_port, user=user, smtp_port=smtp_port, database=database)
        )
        (folder / "rules.yaml").write_text(_RULES)
        made = cls(folder, database)
        made.run("db", "upgrade")
        return made

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [str(Path(sys.executable).with_name("noticed")), "--config", str(self.folder / "noticed.toml")]
        environment = {"PATH": os.environ["PATH"], "USER": LOGIN, "LANG": "C.UTF-8", "HOME": str(self.folder)}
        with (self.folder / "log.jsonl").open("ab") as log:
            return subprocess.Popen(
                [*command, *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )

    def run(self, *arguments: str, seconds: float = 120) -> int:
        """Run a command to its end and demand that it went well."""
        process = self.start(*arguments)
        try:
            code = process.wait(seconds)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()
        assert code == 0, f"noticed {' '.join(arguments)} ended with {code}:\n{self.log()[-3000:]}"
        return code

    def log(self) -> str:
        return (self.folder / "log.jsonl").read_text(errors="replace")

    def import_notices(self, rows: Sequence[dict[str, str]]) -> None:
        path = self.folder / "notices.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        self.run("notices", "import", str(path))

    def rows(self, query: str) -> list[tuple[object, ...]]:
        engine = sqlalchemy.create_engine(self.database)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(sqlalchemy.text(query))]
        finally:
            engine.dispose()


def number(index: int) -> str:
    return f"HLN-2026-{index:06}"


def notice(index: int, *, hours_ago: float) -> dict[str, str]:
    """A notice about one URL to an ESP of its own."""
    domain = f"esp{index}.example"
    return {
        "notice_id": number(index),
        "esp": f"ESP {index}",
        "esp_domain": domain,
        "contact_email": f"abuse@{domain}",
        "urls": f"https://img.{domain}/i/{index:05}",
        "message_id": f"<{number(index)}.1@{HOST}>",
        "sent_at": (datetime.now(UTC) - timedelta(hours=hours_ago)).isoformat(timespec="seconds"),
    }


def answer(index: int) -> bytes:
    """The ESP's proven answer to ``notice(index)``: it was removed."""
    domain = f"esp{index}.example"
    return (
        f"Authentication-Results: mx.{HOST}; spf=pass smtp.mailfrom={domain};\r\n"
        f"\tdkim=pass header.d={domain} header.s=s1;\r\n\tdmarc=pass header.from={domain}\r\n"
        f"Received: from mail.{domain} by mx.{HOST}; Mon, 12 Oct 2026 13:34:46 +0300\r\n"
        f"Date: Mon, 12 Oct 2026 13:34:42 +0300\r\nFrom: Abuse desk <abuse@{domain}>\r\n"
        f"To: esp-notifications@{HOST}\r\nSubject: Re: [{number(index)}] Takedown notice\r\n"
        f"Message-ID: <answer{index}@{domain}>\r\nIn-Reply-To: <{number(index)}.1@{HOST}>\r\n"
        f"References: <{number(index)}.1@{HOST}>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        "Hello,\r\n\r\nthe image from your notice has been removed.\r\n\r\nRegards,\r\nAbuse desk\r\n"
    ).encode()
