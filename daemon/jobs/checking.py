"""Takes a list of what was found at addresses: opens anew what is up, verifies what is gone, closes nothing."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.followups.addressee import addressee
from daemon.followups.ladder import Target
from daemon.followups.standing import CHASED, Standing
from daemon.jobs.desk import Desk
from daemon.jobs.letters import manners
from daemon.jobs.notices_in import rows
from daemon.message.urls import canonical, refang
from daemon.notices.checked import Checked, read_checked
from daemon.notices.status import Status
from daemon.notices.table import Slip
from daemon.notices.takedown import Recurrence, reopens
from daemon.store import checks, clocks, outbox
from daemon.store.esps import slug
from daemon.store.outbox import NewLetter
from daemon.store.rows import AnyRow, url_key

TEMPLATE = "still-reachable"
RUNG = 0  # of a new cycle: the letter that says why it was opened


@dataclass(frozen=True, slots=True)
class Wish:
    """Who brings the list, when, and in which zone times without one are; ``dry_run``: say what would happen."""

    by: str
    now: datetime
    zone: ZoneInfo | None = None
    dry_run: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of the rows; ``slips``: rows that cannot be read, of which none was taken then."""

    rows: int = 0
    reopened: int = 0
    still_open: int = 0  # found up, and chased already
    verified: int = 0
    gone: int = 0  # found gone: noted, closed by nobody
    outdated: int = 0  # looked at before it was closed
    settled: int = 0  # withdrawn by us: not opened by a list
    unknown: int = 0
    letters: int = 0
    slips: list[Slip] = field(default_factory=list)


def take(conn: Connection, path: Path, desk: Desk, wish: Wish) -> Outcome:
    """Take the list at ``path`` in the caller's transaction; PermanentError if it is no table or was taken before."""
    found, slips = read_checked(rows(path), wish.now, wish.zone)
    if slips:
        return Outcome(len(found), slips=slips)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if checks.was_imported(conn, sha256):
        raise PermanentError(f"{path.name}: this very list was taken before; what it found is not news any more")
    done = _take(conn, found, desk, wish)
    if not wish.dry_run:
        checks.counted(conn, wish.now, wish.by, len(found), sha256)
    return done


def _take(conn: Connection, found: Sequence[Checked], desk: Desk, wish: Wish) -> Outcome:
    done, opened = Outcome(len(found)), defaultdict[int, list[int]](list)
    keys = {one.row: url_key(canonical(refang(one.url))) for one in found}
    known = checks.newest(conn, keys.values())
    seen: set[str] = set()
    for one in found:
        digest = keys[one.row]
        wanted = [row for row in known.get(digest, ()) if one.esp in ("", row.esp_key) or slug(one.esp) == row.esp_key]
        if not wanted:
            done.unknown += 1
        elif digest + one.esp not in seen:
            seen.add(digest + one.esp)
            _one(conn, one, wanted, done, opened, wish)
    if opened and not wish.dry_run:
        checks.next_cycle(conn, list(opened), wish.now)
        done.letters = _write_to_them(conn, opened, desk, wish.now)
    return done


def _one(
    conn: Connection,
    one: Checked,
    known: Sequence[AnyRow],
    done: Outcome,
    opened: Mapping[int, list[int]],
    wish: Wish,
) -> None:
    """Deal with one address at the ESPs that had it; where it is chased at one of them, it is opened at none.

    What waits at an ESP that does not host it, or refuses, is chased nowhere.
    """
    at, chased = one.at or wish.now, [row for row in known if row.is_open and row.status in CHASED]
    for row in chased or known:
        what = _what(row, at, is_up=one.is_up)
        setattr(done, what, getattr(done, what) + 1)
        if wish.dry_run:
            continue
        checks.note(conn, row, "up" if one.is_up else "gone", at, wish.now, wish.by)
        if what == "reopened" and (new := checks.reopen(conn, row, wish.now, wish.by)):
            opened[new[0]].append(new[1])
        elif what == "verified":
            checks.verify(conn, row, wish.now, wish.by)


def _what(row: AnyRow, at: datetime, *, is_up: bool) -> str:
    """Say what a finding means for one takedown, by the name of its count; what lies before the closing is no news."""
    if row.is_open:
        return "still_open" if is_up else "gone"
    if row.closed_at is not None and at < row.closed_at:
        return "outdated"
    if is_up:
        return "reopened" if reopens(Status(row.status), Recurrence.STILL_REACHABLE) else "settled"
    return "verified" if row.awaiting_verification else "gone"


def _write_to_them(conn: Connection, opened: Mapping[int, list[int]], desk: Desk, now: datetime) -> int:
    """Queue one letter for each address, about all that was opened anew; return how many."""
    groups: dict[tuple[Any, ...], list[Standing]] = {}
    for one in clocks.standings(conn, opened):
        to = addressee(one, Target.CONTACT)
        if to is not None:
            groups.setdefault((one.esp_id, to, one.mailbox, one.survivor_linked), []).append(one)
    spoken = manners(conn, [(esp_id, to) for esp_id, to, _, _ in groups])
    for (esp_id, to, mailbox, survivor_linked), members in groups.items():
        key = f"still-{members[0].number}-{members[0].cycle}"
        mailbox = mailbox or desk.usual
        notices = [one.id for one in members]
        takedowns = [takedown for one in notices for takedown in opened[one]]
        context = {"notices": notices, "to": Target.CONTACT.value, "takedowns": takedowns, **spoken[esp_id, to]}
        new = NewLetter(
            kind="followup",
            key=key,
            message_id=desk.message_id(key, mailbox),
            to_address=to,
            template=TEMPLATE,
            mailbox=mailbox,
            esp_id=esp_id,
            context=context,
            survivor_linked=survivor_linked,
        )
        outbox_id = outbox.queue(conn, new, now)
        rungs = [
            {
                "notice_id": one.id,
                "cycle": one.cycle,
                "rung": RUNG,
                "outbox_id": outbox_id,
                "outcome": "QUEUED",
                "at": now,
            }
            for one in members
        ]
        outbox.add_rungs(conn, rungs)
    return len(groups)
