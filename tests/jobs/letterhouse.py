"""A house with a real database for tests of what leaves: notices with ESPs, contacts and takedowns, and a post."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from daemon.followups.calendar import WorkingTime
from daemon.followups.planned import Rules
from daemon.jobs import followups
from daemon.jobs.letters import Composed, Desk, Later, Sender, Withdrawn, ready
from daemon.notices.table import NewNotice
from daemon.store import Settings, Store, clocks, esps, importing, journal, notices, open_store, outbox, schema, state
from daemon.store.esps import NewEsp

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
DESK = Desk(
    {"esp": Sender("notices@hotline.example", "Hotline")},
    b"k" * 32,
    Rules(working=WorkingTime("Europe/Oslo", holidays=("NO",)), leads=("lead@hotline.example",)),
)


@dataclass
class House:
    """The database, the clock, and what left."""

    store: Store
    now: datetime = MONDAY
    desk: Desk = DESK
    sent: list[tuple[datetime, Any, Composed]] = field(default_factory=list)
    withdrawn: list[Withdrawn] = field(default_factory=list)

    def esp(self, key: str, *contacts: tuple[str, str], language: str = "en") -> None:
        """Register an ESP, or more contacts of one; each contact is (address, role)."""
        with self.store.write() as conn:
            esp_id = esps.ensure(conn, [NewEsp(key, key.title(), language=language)], self.now, "test")[key]
            esps.add_contacts(conn, [(esp_id, *contact, "test") for contact in contacts], self.now)

    def notice(self, number: int, esp: str = "host", *, age: float = 25, urls: int = 1, linked: bool = False) -> int:
        """A notice that left ``age`` hours ago; return its row."""
        new = NewNotice(
            row=number,
            number=f"HL-{number}",
            esp=esp,
            esp_domain=f"{esp}.example",
            contact=f"abuse@{esp}.example",
            sent_at=self.now - timedelta(hours=age),
            urls=tuple(f"https://{esp}.example/{number}/{n}" for n in range(1, urls + 1)),
            message_id=f"<hl-{number}@hotline.example>",
            survivor_linked=linked,
            subject=f"[HL-{number}] Takedown notice",
        )
        with self.store.write() as conn:
            done = importing.add_notices(conn, [new], importing.Source("import", "test", self.now, "esp"))
        return done.ids[0]

    def tick(self, **hours: float) -> followups.Report:
        """Let time pass, look at the ladders, and post what is queued."""
        self.now += timedelta(**hours)
        report = followups.tick(self.store, self.desk, self.now)
        self.post()
        return report

    def post(self) -> None:
        """Claim, compose and send every letter that is due, as the outbox job does."""
        with self.store.write() as conn:
            for row in outbox.due(conn, self.now):
                found = ready(conn, row, self.desk, self.now)
                if isinstance(found, Later):
                    outbox.put_off(conn, row.id, found.until, found.why.value, self.now)
                    continue
                if isinstance(found, Withdrawn):
                    outbox.mark(conn, row.id, "cancelled", self.now, was="queued", reason=found.why.value)
                    self.withdrawn.append(found)
                    continue
                assert outbox.claim(conn, row.id, found.raw, found.subject, self.now, "test")
                assert outbox.mark(conn, row.id, "sent", self.now)
                self.sent.append((self.now, row, found))

    def reasons(self) -> list[str]:
        """Why letters that were due did not leave, from the journal."""
        with self.store.read() as conn:
            rows = journal.rows_of(conn)
        return [row["new"] for row in rows if row["action"] == "not_sent"]

    def row(self, notice_id: int) -> Any:
        with self.store.read() as conn:
            return notices.get_many(conn, [notice_id])[notice_id]

    def rungs(self, notice_id: int) -> list[tuple[int, str, str]]:
        with self.store.read() as conn:
            return sorted((rung.rung, rung.outcome, rung.reason) for rung in outbox.rungs_of(conn, notice_id))

    def look(self, notice_id: int) -> None:
        with self.store.write() as conn:
            clocks.look_again(conn, [notice_id], self.now)


def house(home: Path | str) -> House:
    """A live house; ``home`` is a folder for SQLite or the URL of a database with the schema in it."""
    url = home if isinstance(home, str) else f"sqlite:///{home / 'noticed.db'}"
    if not isinstance(home, str):
        schema.upgrade(Settings(url))
    store = open_store(Settings(url))
    with store.write() as conn:
        state.set_mode(conn, "live", MONDAY, "test")
    return House(store)
