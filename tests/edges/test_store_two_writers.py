"""Two writers at once: the chain stays one chain, a letter is claimed by one, a mail is recorded by one."""

from __future__ import annotations

import threading
from collections.abc import Callable

from daemon.store import Settings, Store, journal, messages, open_store, outbox
from daemon.store.journal import Entry
from daemon.store.messages import NewMessage
from daemon.store.outbox import NewLetter
from tests.counts import count
from tests.memory import START

ROUNDS = count(20, 300)


def together(url: str, *work: Callable[[Store], None]) -> None:
    """Run each in a thread with a connection pool of its own; raise what any of them raised."""
    failed: list[BaseException] = []

    def run(one: Callable[[Store], None]) -> None:
        store = open_store(Settings(url))
        try:
            one(store)
        except BaseException as error:
            failed.append(error)
        finally:
            store.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if failed:
        raise failed[0]


def test_two_writers_make_one_chain(database_url: str) -> None:
    def write(store: Store) -> None:
        for number in range(ROUNDS):
            with store.write() as conn:
                journal.append(conn, [Entry(START, "rules", "status", notice_id=number) for _ in range(3)])

    together(database_url, write, write, write)
    store = open_store(Settings(database_url))
    with store.read() as conn:
        assert journal.verify(conn) is None
        assert len(journal.rows_of(conn)) == 9 * ROUNDS
    store.close()


def test_a_letter_is_claimed_by_one(database_url: str) -> None:
    store = open_store(Settings(database_url))
    with store.write() as conn:
        for number in range(ROUNDS):
            outbox.queue(conn, NewLetter("followup", f"k{number}", f"<k{number}@x.example>", "a@x.example"), START)
    claimed: list[int] = []

    def claim(mine: Store) -> None:
        for number in range(1, ROUNDS + 1):
            with mine.write() as conn:
                if outbox.claim(conn, number, b"raw", "subject", START, "me"):
                    claimed.append(number)

    together(database_url, claim, claim)
    assert sorted(claimed) == list(range(1, ROUNDS + 1))
    store.close()


def test_a_mail_is_recorded_by_one(database_url: str) -> None:
    new: list[int] = []

    def record(store: Store) -> None:
        for number in range(ROUNDS):
            with store.write() as conn:
                row = NewMessage((f"<{number}@x.example>", "f"), "main", START, "decided")
                new.extend(messages.record(conn, [row], START).values())

    together(database_url, record, record)
    assert len(new) == ROUNDS
