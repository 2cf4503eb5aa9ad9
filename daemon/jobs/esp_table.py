"""The register of ESPs out into a table and back in: first what it would change, then the change."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.jobs import esp_changes
from daemon.jobs.notices_in import rows
from daemon.notices import esp_settings
from daemon.notices.esp_table import SHOWN, EspRow, cells, guarded, read_rows
from daemon.notices.speaking import UNPROVEN
from daemon.notices.table import Slip
from daemon.store import changes, esps, register
from daemon.store.changes import CONTACT, DOMAIN
from daemon.store.esps import NewEsp
from daemon.store.rows import AnyRow

_WIDTHS = {"key": 20, "name": 30, "contacts": 50, "domains": 40, "channel_where": 30, "note": 40}


@dataclass(slots=True)
class Outcome:
    """What an import does (or would do); nothing was written if there are slips."""

    added: list[str] = field(default_factory=list)
    set: list[tuple[str, str]] = field(default_factory=list)  # (key of the ESP, key of the setting)
    proposed: list[tuple[str, str]] = field(default_factory=list)  # (key of the ESP, contact or domain)
    unchanged: int = 0
    slips: list[Slip] = field(default_factory=list)


def export(conn: Connection) -> list[list[str]]:
    """Every ESP that is its own as a row of texts, below a row that names the columns."""
    found = register.listed(conn)
    contacts = esps.contacts_of(conn, [row.id for row in found])
    domains = register.all_domains(conn)
    return [list(SHOWN)] + [
        cells(
            row.key,
            _values(row),
            [(one.address, one.role) for one in contacts.get(row.id, ()) if one.role != UNPROVEN],
            domains.get(row.id, []),
            row.state,
        )
        for row in found
    ]


def _values(row: AnyRow) -> dict[str, Any]:
    own = row.settings or {}
    return {name: getattr(row, name) if key.column else own.get(name) for name, key in esp_settings.KEYS.items()}


def as_csv(table: Iterable[Iterable[str]]) -> str:
    """A CSV file (RFC 4180) in which no cell is a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([guarded(cell) for cell in row] for row in table)
    return out.getvalue()


def as_xlsx(table: Iterable[Iterable[str]]) -> bytes:
    """A workbook of one sheet, all of whose cells are text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_urls": False, "strings_to_formulas": False})
    page = book.add_worksheet("ESPs")
    page.freeze_panes(1, 0)
    for column, name in enumerate(SHOWN):
        page.set_column(column, column, _WIDTHS.get(name, 12))
    for number, row in enumerate(table):
        for column, cell in enumerate(row):
            page.write_string(number, column, cell)
    book.close()
    return out.getvalue()


def read(path: Path) -> tuple[list[EspRow], list[Slip]]:
    """Read the ESPs of one file with every slip; PermanentError when the file is no table."""
    found = read_rows(rows(path), esps.slug)
    if not found.esps and not found.slips:
        raise PermanentError(f"{path.name}: holds nothing below its first row, which must name the columns")
    return found.esps, found.slips


def bring_in(
    conn: Connection, new: Iterable[EspRow], slips: list[Slip], now: datetime, by: str, *, write: bool
) -> Outcome:
    """Tell what the rows change, and do it if ``write``: all of them, or none if one is wrong.

    A new ESP comes in whole; of one that is there, settings are changed at once, while contacts and domains become
    proposals that another person confirms.  What is not in a row stays.  Doing it again changes nothing.
    """
    done = Outcome(slips=list(slips))
    for one in new:
        try:
            _one(conn, one, now, by, done, write=write and not slips)
        except PermanentError as slip:
            done.slips.append(Slip(one.row, "key", str(slip)))
    if done.slips and write:
        done.added, done.set, done.proposed = [], [], []
    return done


def _one(conn: Connection, one: EspRow, now: datetime, by: str, done: Outcome, *, write: bool) -> None:
    if not esps.ids_of(conn, [one.key]):
        _add(conn, one, now, by, done, write=write)
        return
    row = register.find(conn, one.key)
    before = len(done.set) + len(done.proposed)
    for name, value in one.values.items():
        if _values(row)[name] != value:
            done.set.append((row.key, name))
            if write:
                register.set_value(conn, row.id, name, value, now, by)
    _propose(conn, row, one, now, by, done, write=write)
    done.unchanged += before == len(done.set) + len(done.proposed)


def _add(conn: Connection, one: EspRow, now: datetime, by: str, done: Outcome, *, write: bool) -> None:
    done.added.append(one.key)
    if not write:
        return
    name = one.values.get("name", one.key)
    new = NewEsp(one.key, name, domains=one.domains, contacts=one.contacts, source="table")
    esp_id = esps.ensure(conn, [new], now, by)[one.key]
    for key, value in one.values.items():
        register.set_value(conn, esp_id, key, value, now, by)


def _propose(conn: Connection, row: AnyRow, one: EspRow, now: datetime, by: str, done: Outcome, *, write: bool) -> None:
    """Propose the contacts and domains that the register does not know and nobody has proposed yet."""
    waiting = {(change.kind, change.new) for change in changes.listed(conn, row.id)}
    contacts = esps.contacts_of(conn, [row.id]).get(row.id, ())
    known = {contact.address for contact in contacts if contact.role != UNPROVEN}
    speak = {domain.domain for domain in register.domains_of(conn, row.id)}
    for address, role in one.contacts:
        if address not in known and (CONTACT, address) not in waiting:
            done.proposed.append((row.key, CONTACT))
            if write:
                esp_changes.propose_contact(conn, row.key, address, now, by, role=role)
    for domain in one.domains:
        if domain not in speak and (DOMAIN, domain) not in waiting:
            done.proposed.append((row.key, DOMAIN))
            if write:
                esp_changes.propose_domain(conn, row.key, domain, now, by)
