"""The register of ESPs: their domains, contacts and the health of these."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, func, select, update

from daemon.followups.learned import Learned
from daemon.notices import speaking
from daemon.notices.esp import Esp, LetterMarks
from daemon.store import journal, learning, state
from daemon.store.journal import Entry
from daemon.store.rows import AnyRow, among, chunks, clean, insert_missing, pairs
from daemon.store.tables import contacts, esp_domains, esps, notices

_VERSION = "register.version"


@dataclass(frozen=True, slots=True)
class Register:
    """All ESPs that are still their own; ``by_id`` leads from a merged one to the one it went into."""

    esps: tuple[Esp, ...] = field(default=(), repr=False)
    by_id: Mapping[int, Esp] = field(default_factory=dict, repr=False)
    ids: Mapping[str, int] = field(default_factory=dict, repr=False)  # key -> row


@dataclass(frozen=True, slots=True)
class NewEsp:
    """An ESP as an import or a person names it."""

    key: str
    name: str
    kind: str = "host"
    state: str = "seen"
    domains: tuple[str, ...] = field(default=(), repr=False)
    contacts: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (address, role)
    language: str | None = None
    zone: str | None = None
    source: str = "import"


def slug(name: str) -> str:
    """The key of an ESP by its name: lower-case letters and digits; other scripts keep their letters."""
    folded = unicodedata.normalize("NFKD", clean(name, 200)).casefold()
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return re.sub(r"[^\w]+|_", "", bare) or "esp"


def ensure(conn: Connection, new: Sequence[NewEsp], now: datetime, actor: str) -> dict[str, int]:
    """Make sure that these ESPs exist, new ones with their domains and contacts; return key -> id.

    Nothing that is there is changed: what may speak for an ESP, and where it is written to, two persons change.
    """
    known = ids_of(conn, {esp.key for esp in new})
    missing = {esp.key: esp for esp in new if esp.key not in known}
    rows = [
        {
            "key": esp.key,
            "name": clean(esp.name),
            "kind": esp.kind or "host",
            "state": esp.state,
            "line": esp.state,
            "language": esp.language or None,
            "zone": esp.zone,
            "created_at": now,
        }
        for esp in missing.values()
    ]
    added = {row.key: row.id for row in insert_missing(conn, esps, rows, [esps.c.key, esps.c.id])}
    journal.append(conn, [Entry(now, actor, "esp_added", esp_id=esp_id) for esp_id in added.values()])
    known.update(added or ids_of(conn, missing))
    fresh = [(added[esp.key], esp) for esp in new if esp.key in added]
    add_domains(conn, [(esp_id, domain, esp.source) for esp_id, esp in fresh for domain in esp.domains], now)
    add_contacts(conn, [(esp_id, *contact, esp.source) for esp_id, esp in fresh for contact in esp.contacts], now)
    return known


def add_domains(conn: Connection, found: Iterable[tuple[int, str, str]], now: datetime) -> None:
    """Register (esp, domain, source); those known stay as they are."""
    rows = {
        (esp, domain): {"esp_id": esp, "domain": domain, "source": source, "created_at": now}
        for esp, raw, source in found
        if (domain := clean(raw, 253).strip().strip(".").lower())
    }
    insert_missing(conn, esp_domains, list(rows.values()))
    changed(conn, now)


def add_contacts(conn: Connection, found: Iterable[tuple[int, str, str, str]], now: datetime) -> None:
    """Register (esp, address, role, source); those known stay as they are.  Ladders that lacked one go on."""
    rows = {
        (esp, address): {"esp_id": esp, "address": address, "role": role, "source": source, "created_at": now}
        for esp, raw, role, source in found
        if (address := clean(raw, 320).strip().lower())
    }
    added = insert_missing(conn, contacts, list(rows.values()), [contacts.c.esp_id])
    _wake(conn, {row.esp_id for row in added}, now)
    changed(conn, now)


def changed(conn: Connection, now: datetime) -> None:
    """Tell whoever keeps a ``Register`` that it is to be read again."""
    state.put(conn, _VERSION, uuid4().hex, now)


def version(conn: Connection) -> str:
    """Changes whenever the register may have; who keeps a ``Register`` compares it."""
    return str(state.get(conn, _VERSION))


def ids_of(conn: Connection, keys: Iterable[str]) -> dict[str, int]:
    """key -> row; that of a merged ESP is the one that it went into."""
    found: dict[str, int] = {}
    row = func.coalesce(esps.c.merged_into, esps.c.id)
    for chunk in chunks(keys):
        found.update(pairs(conn, select(esps.c.key, row).where(esps.c.key.in_(chunk))))
    return found


def register(conn: Connection) -> Register:
    """All ESPs with the domains that may speak for them (their own contacts' included, not those of third parties)."""
    domains: defaultdict[int, set[str]] = defaultdict(set)
    addresses: defaultdict[int, set[str]] = defaultdict(set)
    others: defaultdict[int, set[str]] = defaultdict(set)
    found = conn.execute(select(esps.c.id, esps.c.key, esps.c.name, esps.c.merged_into).order_by(esps.c.id)).all()
    into = {row.id: row.merged_into or row.id for row in found}
    home = {esp_id: _end(esp_id, into) for esp_id in into}
    for esp_id, domain in conn.execute(select(esp_domains.c.esp_id, esp_domains.c.domain)):
        domains[home[esp_id]].add(domain)
    current = select(contacts.c.esp_id, contacts.c.address, contacts.c.role).where(
        contacts.c.former_at.is_(None), contacts.c.role != speaking.UNPROVEN
    )
    for esp_id, address, role in conn.execute(current):
        if role in speaking.OTHERS:
            others[home[esp_id]].add(address)
            continue
        addresses[home[esp_id]].add(address)
        domains[home[esp_id]].add(address.rpartition("@")[2])
    taught = learning.in_use(conn)
    own = {
        row.id: _esp(row, (domains[row.id], addresses[row.id], others[row.id]), taught.get(row.id))
        for row in found
        if home[row.id] == row.id
    }
    by_id = {esp_id: own[end] for esp_id, end in home.items()}
    return Register(tuple(own.values()), by_id, {esp.key: esp_id for esp_id, esp in own.items()})


def _esp(row: AnyRow, known: tuple[set[str], set[str], set[str]], taught: Learned | None) -> Esp:
    """``known``: domains and addresses that speak for it, addresses of others."""
    domains, addresses, others = map(frozenset, known)
    learned = taught or Learned()
    return Esp(row.key, row.name, domains, addresses, frozenset(learned.receipts), learned.tickets, others)


def _end(esp_id: int, into: Mapping[int, int]) -> int:
    """Where a chain of merges ends; a ring, which nobody should have made, ends where it is found out."""
    for _ in range(len(into)):
        if into[esp_id] == esp_id:
            return esp_id
        esp_id = into[esp_id]
    return esp_id


def contacts_of(conn: Connection, esp_ids: Iterable[int]) -> Mapping[int, list[AnyRow]]:
    """The contacts (address, role, health, language, soft_bounces, confirmed_at) of each ESP, oldest first.

    Those that were replaced are left out; those that no two persons made contacts are there (``speaking.UNPROVEN``).
    """
    found: defaultdict[int, list[AnyRow]] = defaultdict(list)
    for chunk in chunks(esp_ids):
        for row in conn.execute(_CONTACTS, {"ids": chunk}):
            found[row.esp_id].append(row)
    return found


_CONTACTS = select(contacts).where(among(contacts.c.esp_id), contacts.c.former_at.is_(None)).order_by(contacts.c.id)


def domains_of(conn: Connection, esp_ids: Iterable[int]) -> dict[int, set[str]]:
    """The registered domains of each ESP."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for chunk in chunks(esp_ids):
        for esp_id, domain in conn.execute(_DOMAINS, {"ids": chunk}):
            found[esp_id].add(domain)
    return found


_DOMAINS = select(esp_domains.c.esp_id, esp_domains.c.domain).where(among(esp_domains.c.esp_id))


def by_address(conn: Connection, addresses: Iterable[str]) -> Sequence[AnyRow]:
    """The contacts with one of these addresses."""
    found: list[AnyRow] = []
    for chunk in chunks({address.lower() for address in addresses}):
        found.extend(conn.execute(select(contacts).where(contacts.c.address.in_(chunk)).order_by(contacts.c.id)))
    return found


def _wake(conn: Connection, esp_ids: Iterable[int], now: datetime) -> None:
    """Let the ladders that stand still at these ESPs be looked at: somebody can be written to again."""
    for chunk in chunks(esp_ids):
        still = notices.c.esp_id.in_(chunk) & notices.c.next_due_at.is_(None) & notices.c.status.in_(_RUNNING)
        conn.execute(update(notices).where(still).values(next_due_at=now))


_RUNNING = ("sent", "open", "partly_resolved", "undeliverable")
_DEAD = ("hard", "policy")


def set_health(conn: Connection, address: str, health: str, soft_bounces: int, entry: Entry) -> None:
    """Record the health of a contact; ``entry`` says why and is completed with the ESP, old and new."""
    for row in by_address(conn, [address]):
        if (row.health, row.soft_bounces) == (health, soft_bounces):
            continue
        if row.health in _DEAD and health not in _DEAD:
            _wake(conn, [row.esp_id], entry.at)
        values = {"health": health, "soft_bounces": soft_bounces}
        conn.execute(update(contacts).where(contacts.c.id == row.id).values(values))
        details = {**(entry.details or {}), "contact": row.id, "soft_bounces": soft_bounces}
        journal.append(
            conn,
            [
                Entry(
                    entry.at,
                    entry.actor,
                    entry.action,
                    esp_id=row.esp_id,
                    message_ref=entry.message_ref,
                    old=row.health,
                    new=health,
                    details=details,
                )
            ],
        )


def letter_marks(conn: Connection, esp_ids: Iterable[int]) -> dict[int, LetterMarks]:
    """What the settings of these ESPs say about the headers of letters to them."""
    found: dict[int, LetterMarks] = {}
    for chunk in chunks(set(esp_ids)):
        found.update({row.id: LetterMarks.of(row.settings) for row in conn.execute(_MARKS, {"ids": chunk})})
    return found


_MARKS = select(esps.c.id, esps.c.settings).where(among(esps.c.id))


def listed(conn: Connection) -> Sequence[AnyRow]:
    """All ESPs by name."""
    return conn.execute(select(esps).order_by(esps.c.name)).all()


def get_many(conn: Connection, esp_ids: Iterable[int]) -> dict[int, AnyRow]:
    found: dict[int, AnyRow] = {}
    for chunk in chunks(esp_ids):
        found.update({row.id: row for row in conn.execute(_ESPS, {"ids": chunk})})
    return found


_ESPS = select(esps).where(among(esps.c.id))


def named(conn: Connection, name: str) -> int | None:
    """The first ESP with exactly this name."""
    query = select(esps.c.id).where(esps.c.name == name).order_by(esps.c.id).limit(1)
    return conn.execute(query).scalar_one_or_none()


def home_of(conn: Connection, esp_id: int) -> int:
    """The ESP itself, or the one that it was merged into."""
    into: dict[int, int] = {
        row.id: row.merged_into or row.id for row in conn.execute(select(esps.c.id, esps.c.merged_into))
    }
    return _end(esp_id, into)


def add_one(conn: Connection, new: NewEsp, now: datetime, actor: str) -> int:
    return ensure(conn, [new], now, actor)[new.key]
