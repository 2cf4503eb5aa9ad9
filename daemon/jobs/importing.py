"""Notices from a table into the store: all or nothing, unless bad rows may be skipped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from daemon.errors import PermanentError
from daemon.jobs import esp_changes
from daemon.jobs.notices_in import rows
from daemon.message.urls import canonical, refang
from daemon.notices.table import NewNotice, Slip, read_rows
from daemon.store.engine import Store
from daemon.store.importing import Imported, Source, add_notices, note_import

_DIFFERS = "is there already with another ESP, contact, time or URLs; an import never changes a notice"


@dataclass(frozen=True, slots=True)
class Import:
    """One wish to import: by whom, when, in which zone times without one are, and whether bad rows may be skipped."""

    actor: str
    now: datetime
    kind: str = "import"
    mailbox: str = ""
    zone: ZoneInfo | None = None
    number_format: str = ""
    skip_bad: bool = False
    latest: datetime | None = None  # no notice was sent after this
    proposer: str = ""  # the name in ``team:`` of ``actor``, if there is one


@dataclass(slots=True)
class Outcome:
    """What an import did, and every row that was refused; nothing was written if ``refused``.

    ``proposed``: the changes of known ESPs that a second person must confirm.
    """

    done: Imported = field(default_factory=Imported)
    slips: list[Slip] = field(default_factory=list)
    refused: bool = False
    proposed: list[int] = field(default_factory=list)


def read(path: Path, wish: Import) -> tuple[list[NewNotice], list[Slip]]:
    """Read the notices of one file with every slip; PermanentError when the file is no table."""
    found = read_rows(rows(path), wish.zone, wish.number_format)
    if found.headless:
        raise PermanentError(f"{path.name}: " + "; ".join(str(slip) for slip in found.slips))
    if not found.notices and not found.slips:
        raise PermanentError(f"{path.name}: holds nothing below its first row, which must name the columns")
    good, slips = [], found.slips
    for one in found.notices:
        if wish.latest and one.sent_at and one.sent_at > wish.latest:
            slips.append(Slip(one.row, "sent_at", "lies in the future"))
        else:
            good.append(one)
    return good, sorted(slips, key=lambda slip: slip.row)


def import_file(store: Store, path: Path, wish: Import, progress: Callable[[int], None] | None = None) -> Outcome:
    """Import ``path``; ``progress`` is called with counts of notices written."""
    new, slips = read(path, wish)
    return import_notices(store, new, slips, wish, hashlib.sha256(path.read_bytes()).hexdigest(), progress)


def import_notices(
    store: Store,
    new: list[NewNotice],
    slips: list[Slip],
    wish: Import,
    sha256: str = "",
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Write ``new`` in one transaction; a number that is there with other content is a slip like any other."""
    if slips and not wish.skip_bad:
        return Outcome(Imported(rows=len(new)), slips, refused=True)
    source = Source(wish.kind, wish.actor, wish.now, wish.mailbox, lambda url: canonical(refang(url)))
    try:
        with store.write() as conn:
            done = add_notices(conn, new, source, progress)
            differing = [Slip(row, "notice_id", _DIFFERS) for row, _ in done.differing]
            if differing and not wish.skip_bad:
                raise _RefusedError(differing)
            note_import(conn, done, source, sha256)
            proposed = esp_changes.propose_named(conn, done.others, wish.now, wish.proposer or wish.actor)
    except _RefusedError as refused:
        return Outcome(Imported(rows=len(new)), slips + refused.slips, refused=True)
    return Outcome(done, slips + differing, proposed=proposed)


class _RefusedError(Exception):
    """Rolls the transaction back."""

    def __init__(self, slips: list[Slip]) -> None:
        super().__init__()
        self.slips = slips
