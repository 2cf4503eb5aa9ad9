"""A house whose mail is read by the real judge and the shipped rules, for tests of the register of ESPs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daemon.app.wiring import Judge
from daemon.decide.policy import Policy
from daemon.jobs import esp_changes, esp_register, onboarding, silence
from daemon.jobs.folders import Folders
from daemon.jobs.intake import Intake, Watch
from daemon.notices import token
from daemon.rulefile import blocks
from daemon.store import changes, esps, onboardings, outbox, register, reviews
from tests.core.rulebook import shipped
from tests.jobs.letterhouse import DESK, MONDAY
from tests.jobs.letterhouse import house as letterhouse
from tests.memory import FakeClock, MemoryMailbox, Server
from tests.postgres import server

POLICY = Policy(
    number_format=r"HL-\d+",
    authserv_id="mx.hotline.example",
    our_addresses=frozenset({"notices@hotline.example"}),
    secret=DESK.key,
)


class Register:
    """The letter house with a mailbox: mail comes in, time passes, and what the register says can be asked."""

    def __init__(self, home: Path | str) -> None:
        self.house = letterhouse(home)
        self.store, self.server, self.clock = self.house.store, Server(), FakeClock(MONDAY)
        self.box = MemoryMailbox(self.server, "esp")
        self.intake = Intake(self.store, Judge(shipped(), POLICY), Folders(), self.clock)
        self.house.desk = replace(DESK, onboarding=blocks.Onboarding(), register=blocks.Register())
        self._mails = 0

    @property
    def now(self) -> datetime:
        return self.house.now

    def wait(self, **by: float) -> None:
        """Let time pass, tend the register, and post what is queued."""
        self.house.now += timedelta(**by)
        self.clock.at = self.house.now
        esp_changes.tick(self.store, self.house.desk, self.now)
        onboarding.tick(self.store, self.house.desk, self.now)
        esp_register.tick(self.store, self.now)
        silence.tick(self.store, self.house.desk, self.now)
        self.house.post()

    def mail(
        self,
        sender: str,
        text: str,
        *,
        subject: str = "Re: your mail",
        dmarc: str = "pass",
        head: str = "",
        folder: str = "INBOX",
    ) -> int:
        """Receive a mail, read it, and return its row."""
        self._mails += 1
        domain = sender.rpartition("@")[2].rstrip(">")
        raw = (
            f"Authentication-Results: mx.hotline.example; dmarc={dmarc} header.from={domain}\r\n"
            f"From: {sender}\r\nTo: notices@hotline.example\r\nSubject: {subject}\r\n"
            f"Message-ID: <m{self._mails}@{domain}>\r\nDate: Mon, 16 Nov 2026 09:00:00 +0000\r\n{head}\r\n{text}\r\n"
        )
        self.server.deliver(raw.encode(), self.now, folder)
        self.intake.walk(self.box, Watch(junk="Junk"))
        with self.store.read() as conn:
            return int(conn.exec_driver_sql("SELECT max(id) FROM messages").scalar_one())

    def esp(self, key: str = "host", *more: tuple[str, str]) -> None:
        self.house.esp(key, (f"abuse@{key}.example", "primary"), *more)

    def state(self, key: str = "host") -> tuple[str, list[str]]:
        """How far the acquaintance has come, and what stands beside it."""
        with self.store.read() as conn:
            life = register.life_of(register.find(conn, key))
        return life.line.value, sorted(life.beside)

    def knows(self, key: str = "host") -> tuple[set[str], set[str]]:
        """(contacts, domains) that speak for an ESP, as every judgement sees them."""
        with self.store.read() as conn:
            found = next(esp for esp in esps.register(conn).esps if esp.key == key)
        return set(found.contacts), set(found.domains)

    def change(self, number: int = 1) -> Any:
        with self.store.read() as conn:
            return changes.get(conn, number)

    def attempt(self, number: int = 1) -> Any:
        with self.store.read() as conn:
            return onboardings.get(conn, number)

    def waits(self) -> list[str]:
        """Why something waits for a person."""
        with self.store.read() as conn:
            return [row.reason for row in reviews.listed(conn)]

    def letters(self) -> list[tuple[str, str]]:
        """(template, address) of everything that left."""
        return [(row.template, row.to_address) for _, row, _ in self.house.sent]

    def token(self, number: int = 1) -> str:
        return token.tag("onboard", str(number), DESK.key)

    def message_id(self, template: str) -> str:
        """The Message-ID of the last letter of this template."""
        return next(row.message_id for _, row, _ in reversed(self.house.sent) if row.template == template)

    def letter_states(self) -> list[tuple[str, str]]:
        with self.store.read() as conn:
            rows = [row for one in ("held", "queued", "sent", "cancelled") for row in outbox.in_state(conn, one)]
        return [(row.template, row.state) for row in rows]


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Register]:
    """A house on a fresh database of ``kind`` (``databases.KINDS``), gone afterwards."""
    url = server().url() if kind == "postgresql" else None
    found = Register(url or folder)
    yield found
    found.store.close()
    if url is not None:
        server().drop(url)


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
