"""Takes many notices at once: each number once, each URL linked to its one open takedown or opened anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from daemon.notices.domains import within
from daemon.notices.keys import bare
from daemon.notices.speaking import OTHERS, UNPROVEN
from daemon.notices.status import Status
from daemon.notices.table import NewNotice
from daemon.notices.takedown import Event, notice_status, step
from daemon.store import esps, journal
from daemon.store.changes import CONTACT, DOMAIN
from daemon.store.esps import NewEsp, slug
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow, chunks, clean, key, number_key, pairs, url_key
from daemon.store.tables import imports, notice_items, notices, takedowns

_AT_ONCE = 2000
Pair = tuple[int, str]  # ESP, digest of the canonical URL


@dataclass(slots=True)
class Imported:
    """What an import did; ``differing`` are (row, number) of numbers that are there with other content: not touched.

    ``others``: (ESP, contact or domain, which) that rows name and the register does not have: two persons add them.
    """

    rows: int = 0
    added: int = 0
    already_there: int = 0
    opened: int = 0
    linked: int = 0
    reopened: int = 0
    differing: list[tuple[int, str]] = field(default_factory=list)
    ids: list[int] = field(default_factory=list, repr=False)
    there: set[str] = field(default_factory=set, repr=False)  # keys of ESPs that were there before
    others: set[tuple[int, str, str]] = field(default_factory=set, repr=False)  # what rows would add to these


@dataclass(frozen=True, slots=True)
class Source:
    """Where notices come from: ``kind`` import, sent, drop or noticed; ``mailbox``: where their answers arrive."""

    kind: str
    actor: str
    now: datetime
    mailbox: str = ""
    canonical: Callable[[str], str] = field(default=str, repr=False)


@dataclass(slots=True)
class _Wanted:
    """A takedown that some notice of the chunk needs."""

    url: str
    sent_at: datetime | None
    survivor: bool
    priority: int


@dataclass(frozen=True, slots=True)
class _Fresh:
    notice: NewNotice
    esp: int
    content: str
    urls: tuple[tuple[str, str], ...]  # (as written, canonical)


def add_notices(
    conn: Connection, new: Sequence[NewNotice], source: Source, progress: Callable[[int], None] | None = None
) -> Imported:
    """Import ``new`` in this transaction; a number that is there with the same content changes nothing.

    ``progress`` is called with the number of notices dealt with.  The caller rolls back if ``differing`` is an error.
    """
    done = Imported(rows=len(new))
    known: dict[str, int] = {}
    for chunk in chunks(new, _AT_ONCE):
        _know_esps(conn, chunk, source, known, done)
        fresh = _fresh(conn, chunk, source, known, done)
        _add(conn, fresh, source, done)
        if progress:
            progress(len(chunk))
    return done


@dataclass(frozen=True, slots=True)
class Child:
    """A notice about items of another one, at whom is said to store them.  ``items``: (as written, canonical)."""

    parent: AnyRow = field(repr=False)
    number: str
    esp_id: int
    items: tuple[tuple[str, str], ...] = field(repr=False)
    survivor_linked: bool
    priority: int


def add_child(conn: Connection, new: Child, source: Source) -> int:
    """Open the notice and its takedowns, not sent yet; the first clock is the parent's.  Returns its row."""
    urls = tuple(url for url, _ in new.items)
    notice = NewNotice(0, new.number, "", "", "", None, urls, None, new.priority, new.survivor_linked)
    content = content_hash(notice, [url for _, url in new.items])
    done = Imported()
    _add(conn, [_Fresh(notice, new.esp_id, content, new.items)], source, done)
    first = new.parent.clock_from or new.parent.sent_at
    values = {"parent_id": new.parent.id, "clock_from": first, "next_due_at": None}
    conn.execute(update(notices).where(notices.c.id == done.ids[0]).values(values))
    return done.ids[0]


def note_import(conn: Connection, done: Imported, source: Source, sha256: str = "") -> None:
    """Keep a line about an import of a file."""
    conn.execute(
        insert(imports).values(
            at=source.now,
            source=source.kind,
            actor=source.actor,
            rows=done.rows,
            added=done.added,
            already_there=done.already_there,
            sha256=sha256,
        )
    )


def _know_esps(
    conn: Connection, chunk: Sequence[NewNotice], source: Source, known: dict[str, int], done: Imported
) -> None:
    """Make sure of the ESPs; what rows would add to those that were there before goes to ``done.others``."""
    new = list({(one.esp, one.esp_domain, one.contact.lower()): _esp(one, source) for one in chunk}.values())
    done.there |= {key for key in esps.ids_of(conn, {one.key for one in new}) if key not in known}
    ours = [(known[one.key], one) for one in new if one.key in known and one.key not in done.there]
    known.update(esps.ensure(conn, new, source.now, source.actor))
    if ours:  # added by rows above these
        esps.add_domains(conn, [(esp_id, name, one.source) for esp_id, one in ours for name in one.domains], source.now)
        esps.add_contacts(conn, [(esp_id, *to, one.source) for esp_id, one in ours for to in one.contacts], source.now)
    _note_others(conn, [(known[one.key], one) for one in new if one.key in done.there], source, done)


def _esp(notice: NewNotice, source: Source) -> NewEsp:
    return NewEsp(
        slug(notice.esp),
        notice.esp,
        notice.kind or "host",
        domains=(notice.esp_domain,),
        contacts=((notice.contact, "primary"),),
        language=notice.language or None,
        source=source.kind,
    )


def _note_others(conn: Connection, named: Sequence[tuple[int, NewEsp]], source: Source, done: Imported) -> None:
    """Addresses are kept for their health only, until two persons have made contacts of them."""
    contacts = esps.contacts_of(conn, {esp_id for esp_id, _ in named})
    domains = esps.domains_of(conn, {esp_id for esp_id, _ in named})
    for esp_id, one in named:
        proven = {row.address: row.role for row in contacts.get(esp_id, ()) if row.role != UNPROVEN}
        speak = domains.get(esp_id, set()) | {
            to.rpartition("@")[2] for to, role in proven.items() if role not in OTHERS
        }
        addresses = {to for raw, _ in one.contacts if (to := clean(raw, 320).strip().lower()) and to not in proven}
        names = {name for raw in one.domains if (name := clean(raw, 253).strip().strip(".").lower())}
        esps.add_contacts(conn, [(esp_id, to, UNPROVEN, source.kind) for to in addresses], source.now)
        done.others.update((esp_id, CONTACT, to) for to in addresses)
        done.others.update((esp_id, DOMAIN, name) for name in names if not any(within(name, of) for of in speak))


def _fresh(
    conn: Connection, chunk: Sequence[NewNotice], source: Source, known: dict[str, int], done: Imported
) -> list[_Fresh]:
    """The notices of ``chunk`` that are not there yet; the others are counted."""
    there: dict[str, str] = {}
    for numbers in chunks({number_key(notice.number) for notice in chunk}):
        query = select(notices.c.number_key, notices.c.content_hash).where(notices.c.number_key.in_(numbers))
        there.update(pairs(conn, query))
    fresh = []
    for notice in chunk:
        urls = tuple((clean(url), clean(source.canonical(url))) for url in notice.urls)
        found = _Fresh(notice, known[slug(notice.esp)], content_hash(notice, [url for _, url in urls]), urls)
        number = number_key(notice.number)
        if number not in there:
            fresh.append(found)
        elif there[number] == found.content:
            done.already_there += 1
        else:
            done.differing.append((notice.row, notice.number))
        there.setdefault(number, found.content)
    return fresh


def content_hash(notice: NewNotice, canonical: Sequence[str]) -> str:
    """What makes a notice the same notice when its number comes again."""
    sent_at = notice.sent_at.isoformat(timespec="seconds") if notice.sent_at else ""
    content = [
        slug(notice.esp),
        notice.contact.lower(),
        sent_at,
        notice.priority,
        notice.survivor_linked,
        notice.subject,
        list(canonical),
        *([notice.xarf] if notice.xarf else []),  # numbers imported before there was such a column stay the same
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _add(conn: Connection, fresh: Sequence[_Fresh], source: Source, done: Imported) -> None:
    if not fresh:
        return
    wanted = _wanted(fresh)
    ids, statuses, entries = _takedowns(conn, wanted, source, done)
    rows = [_row(found, source, [statuses[pair] for pair in _pairs(found)]) for found in fresh]
    returned = conn.execute(insert(notices).returning(notices.c.number, notices.c.id), rows)
    numbers: dict[str, int] = {row.number: row.id for row in returned}
    items = [
        {"notice_id": numbers[row["number"]], "position": position, "url_as_written": url, "takedown_id": ids[pair]}
        for row, found in zip(rows, fresh, strict=True)
        for position, ((url, _), pair) in enumerate(zip(found.urls, _pairs(found), strict=True), 1)
    ]
    if items:
        conn.execute(insert(notice_items), items)
    for row in rows:
        details = {"source": source.kind}
        added = Entry(source.now, source.actor, "notice_added", row["esp_id"], numbers[row["number"]])
        entries.append(replace(added, new=row["status"], details=details))
    journal.append(conn, entries)
    done.added += len(rows)
    done.ids.extend(numbers[row["number"]] for row in rows)


def _pairs(found: _Fresh) -> Iterator[Pair]:
    return ((found.esp, url_key(canonical)) for _, canonical in found.urls)


def _wanted(fresh: Sequence[_Fresh]) -> dict[Pair, _Wanted]:
    wanted: dict[Pair, _Wanted] = {}
    for found in fresh:
        notice = found.notice
        for (_, canonical), pair in zip(found.urls, _pairs(found), strict=True):
            new = _Wanted(canonical, notice.sent_at, notice.survivor_linked, notice.priority)
            wanted[pair] = _joined(wanted[pair], new) if pair in wanted else new
    return wanted


def _joined(left: _Wanted, right: _Wanted) -> _Wanted:
    """What two notices about one URL ask for together: the earlier clock, the greater urgency."""
    sent = [at for at in (left.sent_at, right.sent_at) if at is not None]
    return _Wanted(
        left.url, min(sent, default=None), left.survivor or right.survivor, min(left.priority, right.priority)
    )


def _takedowns(
    conn: Connection, wanted: dict[Pair, _Wanted], source: Source, done: Imported
) -> tuple[dict[Pair, int], dict[Pair, Status], list[Entry]]:
    """Find or open the takedown of each pair; return ids, statuses and the journal rows about them."""
    ids: dict[Pair, int] = {}
    statuses: dict[Pair, Status] = {}
    entries: list[Entry] = []
    cycles: dict[Pair, tuple[int, Any]] = {}
    for row in _newest(conn, wanted):
        pair = (row.esp_id, row.url_key)
        if row.is_open:
            ids[pair] = row.id
            statuses[pair] = _link(conn, row, wanted[pair], source, entries)
            done.linked += 1
        else:
            cycles[pair] = (row.cycle, row)
    opening = [pair for pair in wanted if pair not in ids]
    opened = _open(conn, {pair: wanted[pair] for pair in opening}, {p: c for p, (c, _) in cycles.items()}, source)
    for pair in opening:
        ids[pair] = opened[pair]
        statuses[pair] = Status.SENT if wanted[pair].sent_at else Status.DRAFT
        if pair in cycles:
            old = cycles[pair][1]
            details = {"cycle": old.cycle + 1, "after": old.id}
            reopened = Entry(source.now, source.actor, "reopened", pair[0], takedown_id=opened[pair])
            entries.append(replace(reopened, old=old.status, new=statuses[pair].value, details=details))
    done.opened += len(opening)
    done.reopened += len(cycles)
    return ids, statuses, entries


def _newest(conn: Connection, wanted: dict[Pair, _Wanted]) -> Iterator[Any]:
    """The newest cycle of each wanted pair that there is."""
    found: dict[Pair, Any] = {}
    columns = (
        takedowns.c.id,
        takedowns.c.esp_id,
        takedowns.c.url_key,
        takedowns.c.cycle,
        takedowns.c.status,
        takedowns.c.is_open,
        takedowns.c.survivor_linked,
        takedowns.c.priority,
        takedowns.c.sent_at,
    )
    for part in chunks({digest for _, digest in wanted}):
        query = select(*columns).where(takedowns.c.url_key.in_(part)).order_by(takedowns.c.cycle)
        found.update({(row.esp_id, row.url_key): row for row in conn.execute(query)})
    return (row for pair, row in found.items() if pair in wanted)


def _link(conn: Connection, row: Any, wanted: _Wanted, source: Source, entries: list[Entry]) -> Status:
    """Tie a notice to an open takedown: urgency only grows, a draft becomes sent when the notice was."""
    old = Status(row.status)
    new = (step(old, Event.SENT) if wanted.sent_at else None) or old
    values = {
        "status": new.value,
        "sent_at": row.sent_at or wanted.sent_at,
        "survivor_linked": row.survivor_linked or wanted.survivor,
        "priority": min(row.priority, wanted.priority),
    }
    if all(getattr(row, name) == value for name, value in values.items()):
        return old
    conn.execute(update(takedowns).where(takedowns.c.id == row.id).values(updated_at=source.now, **values))
    linked = Entry(source.now, source.actor, "linked", row.esp_id, takedown_id=row.id)
    entries.append(replace(linked, old=old.value, new=new.value))
    return new


def _open(conn: Connection, wanted: dict[Pair, _Wanted], cycles: dict[Pair, int], source: Source) -> dict[Pair, int]:
    rows = [
        {
            "esp_id": pair[0],
            "url": need.url,
            "url_key": pair[1],
            "cycle": cycles.get(pair, 0) + 1,
            "status": (Status.SENT if need.sent_at else Status.DRAFT).value,
            "survivor_linked": need.survivor,
            "priority": need.priority,
            "is_open": True,
            "opened_at": source.now,
            "sent_at": need.sent_at,
            "updated_at": source.now,
        }
        for pair, need in wanted.items()
    ]
    if not rows:
        return {}
    columns = (takedowns.c.esp_id, takedowns.c.url_key, takedowns.c.id)
    returned = conn.execute(insert(takedowns).returning(*columns), rows)
    return {(esp, digest): takedown for esp, digest, takedown in returned}


def _row(found: _Fresh, source: Source, statuses: Sequence[Status]) -> dict[str, Any]:
    notice = found.notice
    return {
        "number": key(notice.number),
        "number_key": number_key(notice.number),
        "esp_id": found.esp,
        "contact_address": clean(notice.contact, 320),
        "mailbox": source.mailbox,
        "subject": clean(notice.subject, 1000),
        "message_id": key(bare(notice.message_id)) if notice.message_id else None,
        "sent_at": notice.sent_at,
        "priority": notice.priority,
        "survivor_linked": notice.survivor_linked,
        "status": notice_status(statuses).value,
        "clock_from": notice.sent_at,
        "source": source.kind,
        "content_hash": found.content,
        "xarf": clean(notice.xarf, 1000) or None,
        "imported_at": source.now,
        "next_due_at": notice.sent_at,  # "look at it": the ladder says at the next tick when it is due
    }
