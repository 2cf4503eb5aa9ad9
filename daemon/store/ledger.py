"""What the store knows about the keys of a set of mails, asked for all of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import Connection, select

from daemon.notices import token
from daemon.notices.esp import Esp
from daemon.notices.keys import Keys
from daemon.notices.match import Known
from daemon.notices.notice import Item, Notice
from daemon.store import esps
from daemon.store.esps import Register
from daemon.store.rows import chunks, number_key, url_key
from daemon.store.tables import notice_items, notices, outbox, takedowns, tickets

_URLS_A_MAIL = 50
Names = dict[str, tuple[str, ...]]


@dataclass(slots=True)
class Ledger:
    """The facts for one set of mails; ``learn`` adds what an earlier mail of the set taught."""

    notices: dict[str, Notice] = field(default_factory=dict, repr=False)
    ids: dict[str, int] = field(default_factory=dict, repr=False)  # notice number -> row
    esp_ids: dict[str, int] = field(default_factory=dict)  # ESP key -> row
    by_number: dict[str, str] = field(default_factory=dict, repr=False)  # in upper case -> as sent
    by_message_id: Names = field(default_factory=dict, repr=False)
    by_letter: Names = field(default_factory=dict, repr=False)  # key of a letter of ours -> notices
    by_reply: Names = field(default_factory=dict, repr=False)  # id of a reply address of ours -> notices
    by_ticket: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, repr=False)
    by_url: Names = field(default_factory=dict, repr=False)  # digest of the canonical URL -> notices
    esps: tuple[Esp, ...] = field(default=(), repr=False)

    def known(self, keys: Keys) -> Known:
        """What of this concerns one mail."""
        by_id = {one: self.by_message_id[one] for one in keys.message_ids if one in self.by_message_id}
        by_token = {f"{one.kind}:{one.id}": found for one in keys.tokens if (found := self._of_token(one.kind, one.id))}
        ticket = (keys.ticket or "").upper()
        by_ticket = {pair: found for pair, found in self.by_ticket.items() if pair[1] == ticket}
        by_url = {url: some for url in keys.urls[:_URLS_A_MAIL] if (some := self.by_url.get(url_key(url)))}
        numbers = [self.by_number[key] for one in keys.numbers if (key := number_key(one)) in self.by_number]
        named = chain(numbers, *by_id.values(), *by_token.values(), *by_ticket.values(), *by_url.values())
        return Known(
            notices={number: self.notices[number] for number in dict.fromkeys(named)},
            by_message_id=by_id,
            by_token=by_token,
            by_ticket=by_ticket,
            by_url=by_url,
            esps=self.esps,
        )

    def _of_token(self, kind: str, id_: str) -> tuple[str, ...]:
        if kind == token.REPLY:
            return self.by_reply.get(id_, ())
        number = self.by_number.get(number_key(id_)) if kind == "notice" else None
        return (number,) if number else self.by_letter.get(id_, ())

    def learn(self, number: str, ticket: str) -> None:
        """Note that the ESP calls this notice ``ticket``."""
        notice = self.notices.get(number)
        if notice is not None:
            self.by_ticket.setdefault((notice.esp, ticket.upper()), (number,))


def look_up(conn: Connection, wanted: Sequence[Keys], register: Register | None = None) -> Ledger:
    """Ask for everything that the ``wanted`` keys may lead to, in a few queries however many mails there are."""
    register = esps.register(conn) if register is None else register
    found = Ledger(esps=register.esps, esp_ids=dict(register.ids))
    ids: set[int] = set()
    by_message_id = _by_message_id(conn, set(chain.from_iterable(keys.message_ids for keys in wanted)))
    by_letter = _by_letter(conn, {one.id for keys in wanted for one in keys.tokens})
    by_reply = _by_reply(conn, {one.id for keys in wanted for one in keys.tokens if one.kind == token.REPLY})
    by_ticket = _by_ticket(conn, {keys.ticket.upper() for keys in wanted if keys.ticket})
    by_url = _by_url(conn, {url_key(url) for keys in wanted for url in keys.urls[:_URLS_A_MAIL]})
    numbers = {number_key(number) for keys in wanted for number in keys.numbers}
    numbers |= {number_key(one.id) for keys in wanted for one in keys.tokens if one.kind == "notice"}
    for table in (by_message_id, by_letter, by_reply, by_ticket, by_url):
        for some in table.values():
            ids |= some
    ids |= _by_number(conn, numbers)
    names = _notices(conn, ids, register, found)
    found.by_message_id = {one: _named(some, names) for one, some in by_message_id.items()}
    found.by_letter = {one: _named(some, names) for one, some in by_letter.items()}
    found.by_reply = {one: _named(some, names) for one, some in by_reply.items()}
    found.by_url = {one: _named(some, names) for one, some in by_url.items()}
    for (esp_id, ticket), some in by_ticket.items():
        found.by_ticket[register.by_id[esp_id].key, ticket] = _named(some, names)
    return found


def _named(ids: Iterable[int], names: dict[int, str]) -> tuple[str, ...]:
    return tuple(names[notice_id] for notice_id in sorted(ids) if notice_id in names)


def _by_message_id(conn: Connection, wanted: set[str]) -> dict[str, set[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for chunk in chunks(wanted):
        query = select(notices.c.message_id, notices.c.id).where(notices.c.message_id.in_(chunk))
        for message_id, notice_id in conn.execute(query):
            found[message_id].add(notice_id)
        ours = select(outbox.c.message_id, outbox.c.context).where(
            outbox.c.message_id.in_([f"<{one}>" for one in chunk])
        )
        for message_id, context in conn.execute(ours):
            found[message_id.strip("<>")].update(context.get("notices", ()))
    return found


def _by_letter(conn: Connection, wanted: set[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for chunk in chunks(wanted):
        for key, context in conn.execute(select(outbox.c.key, outbox.c.context).where(outbox.c.key.in_(chunk))):
            found[key] = set(context.get("notices", ()))
    return found


def _by_reply(conn: Connection, wanted: set[str]) -> dict[str, set[int]]:
    """The notices of the letters that were to be answered to these addresses; the id names the row and its key."""
    found: dict[str, set[int]] = {}
    for chunk in chunks({int(row) for one in wanted if (row := one.partition("-")[0]).isdecimal() and len(row) < 19}):
        query = select(outbox.c.id, outbox.c.key, outbox.c.context).where(outbox.c.id.in_(chunk))
        for row, key, context in conn.execute(query):
            found[token.reply_id(row, key)] = set(context.get("notices", ()))
    return {one: found[one] for one in wanted if one in found}


def _by_ticket(conn: Connection, wanted: set[str]) -> dict[tuple[int, str], set[int]]:
    found: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    for chunk in chunks(wanted):
        query = select(tickets.c.esp_id, tickets.c.ticket, tickets.c.notice_id).where(tickets.c.ticket.in_(chunk))
        for esp_id, ticket, notice_id in conn.execute(query):
            found[esp_id, ticket].add(notice_id)
    return found


def _by_url(conn: Connection, wanted: set[str]) -> dict[str, set[int]]:
    """The notices of the open takedowns of each URL."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    tied = takedowns.join(notice_items, notice_items.c.takedown_id == takedowns.c.id)
    for chunk in chunks(wanted):
        query = select(takedowns.c.url_key, notice_items.c.notice_id).select_from(tied)
        for digest, notice_id in conn.execute(query.where(takedowns.c.url_key.in_(chunk), takedowns.c.is_open)):
            found[digest].add(notice_id)
    return found


def _by_number(conn: Connection, wanted: set[str]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(wanted):
        found.update(conn.execute(select(notices.c.id).where(notices.c.number_key.in_(chunk))).scalars())
    return found


def _notices(conn: Connection, ids: set[int], register: Register, found: Ledger) -> dict[int, str]:
    """Load the notices into ``found``; return row -> number."""
    names: dict[int, str] = {}
    for notice_id, (_, notice) in load(conn, ids, register).items():
        names[notice_id] = notice.number
        found.notices[notice.number] = notice
        found.ids[notice.number] = notice_id
        found.by_number[number_key(notice.number)] = notice.number
    return names


def load(conn: Connection, ids: Iterable[int], register: Register) -> dict[int, tuple[int, Notice]]:
    """The notices with their items: row -> (row of the ESP, Notice)."""
    found: dict[int, tuple[int, Notice]] = {}
    for chunk in chunks(sorted(ids)):
        items = _items(conn, chunk)
        for row in conn.execute(select(notices).where(notices.c.id.in_(chunk))):
            found[row.id] = (
                row.esp_id,
                Notice(
                    number=row.number,
                    esp=register.by_id[row.esp_id].key,
                    items=tuple(items.get(row.id, ())),
                    message_id=f"<{row.message_id}>" if row.message_id else None,
                    sent_at=row.sent_at,
                    contact=row.contact_address,
                    subject=row.subject,
                    priority=row.priority,
                    survivor_linked=row.survivor_linked,
                    body=row.body or "",
                ),
            )
    return found


def _items(conn: Connection, notice_ids: Sequence[int]) -> dict[int, list[Item]]:
    found: defaultdict[int, list[Item]] = defaultdict(list)
    query = (
        select(
            notice_items.c.notice_id,
            notice_items.c.position,
            notice_items.c.url_as_written,
            takedowns.c.url,
            notice_items.c.takedown_id,
        )
        .join(takedowns, notice_items.c.takedown_id == takedowns.c.id)
        .where(notice_items.c.notice_id.in_(notice_ids))
        .order_by(notice_items.c.notice_id, notice_items.c.position)
    )
    for notice_id, position, written, canonical, takedown in conn.execute(query):
        found[notice_id].append(Item(position, written, canonical, takedown))
    return found
