"""Everything that goes into an evidence bundle, asked for once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.store import case, changes, onboardings, overview, register, silences
from daemon.store.case import Case
from daemon.store.rows import AnyRow

RETURNS = ("bounce", "delay", "delivered", "challenge")
RECEIPTS = ("read_receipt", "ticket_receipt", "out_of_office")


def moment(at: datetime | None) -> str:
    """A time as every file of the bundle writes it: UTC, to the second; "" for none."""
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


@dataclass(slots=True)
class Found:
    """Everything that goes into a bundle, asked for once."""

    about: Case
    notices: list[AnyRow] = field(repr=False)
    items: list[AnyRow] = field(repr=False)
    letters: list[AnyRow] = field(repr=False)
    steps: list[AnyRow] = field(repr=False)
    mails: list[AnyRow] = field(repr=False)
    numbers: dict[int, list[str]] = field(repr=False)
    journal: list[dict[str, Any]] = field(repr=False)
    register: list[tuple[str, ...]] = field(default_factory=list, repr=False)

    @property
    def as_of(self) -> datetime | None:
        """The time of the last thing on record: the bundle speaks of that moment."""
        return max((row["at"] for row in self.journal), default=None)


def find(conn: Connection, name: str, since: datetime | None = None, *, open_only: bool = False) -> Case:
    """The case of a notice by its number, or of an ESP by its key or name; PermanentError where it is neither."""
    notice = overview.find_notice(conn, name)
    if notice is not None:
        return case.of_notice(conn, notice[0])
    try:
        return case.of_esp(conn, register.find(conn, name).id, since, open_only=open_only)
    except PermanentError as problem:
        if "there is no ESP" in str(problem):
            raise PermanentError(f'there is neither a notice nor an ESP "{name[:80]}"') from None
        raise


def gather(conn: Connection, about: Case) -> Found:
    """Ask for everything on record."""
    letters, mails = case.letters(conn, about), case.mails(conn, about)
    refs = [row.id for row in mails]
    return Found(
        about,
        list(case.notice_rows(conn, about)),
        list(case.items(conn, about)),
        letters,
        list(case.steps(conn, about)),
        mails,
        dict(case.numbers_of(conn, refs)),
        case.journal_rows(conn, about, [row.id for row in letters], refs),
        list(_register(conn, about)),
    )


def _register(conn: Connection, about: Case) -> Iterator[tuple[str, ...]]:
    """The history of the ESP in the register: silence, introductions, changes."""
    for row in silences.history(conn, about.esp.id):
        yield (
            "silence",
            row.level,
            moment(row.entered_at),
            moment(row.left_at),
            row.confirmed_by or "",
            row.left_by or "",
        )
    for row in onboardings.of_esp(conn, about.esp.id):
        yield "introduction", row.state, moment(row.introduced_at), moment(row.ended_at), row.started_by, ""
    for row in changes.listed(conn, about.esp.id, everything=True):
        yield (
            f"change of {row.kind}",
            row.state,
            moment(row.proposed_at),
            moment(row.ended_at),
            row.proposed_by,
            (row.confirmed_by or ""),
        )
