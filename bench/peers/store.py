"""The few rows that the plain script writes: the message, its class, the state of each URL."""

from __future__ import annotations

import sqlite3
from dataclasses import astuple, dataclass

SCHEMA = """
create table message(id integer primary key, uid integer not null, message_id text unique, sender text, subject text,
                     received text, size integer);
create table classification(message integer not null, rule text not null, notice text);
create table url_status(message integer not null, notice text, url text not null, status text not null);
create index url_status_url on url_status(url);
create index classification_notice on classification(notice);
"""


@dataclass(frozen=True)
class Seen:
    """One mail as the script records it."""

    uid: int
    message_id: str
    sender: str
    subject: str
    date: str
    size: int


def open_store(path: str) -> sqlite3.Connection:
    store = sqlite3.connect(path)
    store.execute("pragma journal_mode=wal")
    store.execute("pragma synchronous=FULL")
    store.executescript(SCHEMA)
    return store


def save(store: sqlite3.Connection, seen: Seen, rule: str, notice: str | None, urls: list[str]) -> None:
    row = store.execute(
        "insert or ignore into message(uid, message_id, sender, subject, received, size) values(?,?,?,?,?,?)",
        astuple(seen),
    ).lastrowid
    store.execute("insert into classification values(?,?,?)", (row, rule, notice))
    store.executemany("insert into url_status values(?,?,?,?)", [(row, notice, url, rule) for url in urls])
