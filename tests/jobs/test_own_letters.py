"""A database restored from an older backup: what left since lies in Sent, and does not leave once more."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.jobs import first_notices, sent
from daemon.jobs.first_notices import Wish
from daemon.jobs.sent import Found, Reader
from daemon.store import Settings, journal, notices, open_store, outbox
from tests.jobs.letterhouse import DESK, House, house
from tests.jobs.test_first_notices import draft
from tests.memory import FakeClock, MemoryMailbox, Server

READER = Reader(r"HL-\d+", frozenset({"hotline.example"}), DESK.key, DESK.rules.latest_due)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    found = house(tmp_path)
    yield found
    found.store.close()


def backup(home: House, file: Path) -> Path:
    with closing(sqlite3.connect(str(home.store.engine.url.database))) as now, closing(sqlite3.connect(file)) as copy:
        now.backup(copy)
    return file


def restored(home: House, file: Path) -> House:
    """A house on the database as it was, at the time that it is now; what left lies in Sent."""
    again = House(open_store(Settings(f"sqlite:///{file}")), home.now)
    assert look(again, home) == Found(len(home.sent), taken_up=len(home.sent))
    assert look(again, home).taken_up == 0
    return again


def look(again: House, home: House) -> Found:
    server = Server()
    server.folder("Sent")
    for at, _, letter in home.sent:
        server.deliver(letter.raw, at, folder="Sent")
    return sent.walk(again.store, MemoryMailbox(server, "esp"), READER, FakeClock(again.now))


def rungs(*homes: House) -> Counter[tuple[int, int]]:
    """How often each rung of each notice left."""
    found: Counter[tuple[int, int]] = Counter()
    for home in homes:
        for _, row, _ in home.sent:
            found.update(zip(row.context["notices"], row.context["rungs"], strict=True))
    return found


@pytest.mark.parametrize("hours", [1, 20, 24, 60, 200])
def test_no_rung_leaves_again_and_none_is_missed(home: House, tmp_path: Path, hours: int) -> None:
    for number in (1, 2, 3):
        home.notice(number, "other" if number == 3 else "host", linked=number == 2)
    file = backup(home, tmp_path / "backup.db")
    for _ in range(3):
        home.tick(hours=hours / 3)
    again = restored(home, file)
    before = rungs(home)
    for _ in range(120):
        again.tick(hours=6)
        home.tick(hours=6)
    assert before + rungs(again) == rungs(home)  # as if it had never been restored
    assert set(rungs(home).values()) == {1}
    with again.store.read() as conn:
        assert journal.verify(conn) is None


def test_a_letter_that_waited_at_the_backup_and_left_since_is_not_sent_again(home: House, tmp_path: Path) -> None:
    one = home.notice(1)
    home.post, post = lambda: None, home.post  # type: ignore[method-assign]
    home.tick()
    file = backup(home, tmp_path / "backup.db")
    post()
    again = restored(home, file)
    again.post()
    assert again.sent == []
    assert again.rungs(one) == [(1, "SENT", "found_in_sent")]


def test_a_first_notice_that_left_since_starts_the_clocks_as_it_did(home: House, tmp_path: Path) -> None:
    one, two = draft(home, 1), draft(home, 2)
    wish = Wish("anna", home.now, second_person=False)
    with home.store.write() as conn:
        first_notices.send(conn, [one], home.desk, wish)
    file = backup(home, tmp_path / "backup.db")
    with home.store.write() as conn:
        first_notices.send(conn, [two], home.desk, wish)
    home.post()
    home.now += timedelta(hours=1)
    again = restored(home, file)
    again.post()
    assert again.sent == []
    sent_as = {row.context["notices"][0]: row.message_id.strip("<>") for _, row, _ in home.sent}
    for notice in (one, two):
        assert again.row(notice).sent_at == home.sent[0][0]
        assert again.row(notice).message_id == sent_as[notice]
        assert again.row(notice).body
        with again.store.read() as conn:
            assert [item.status for item in notices.items_of(conn, notice)] == ["sent", "sent"]
            assert [letter.state for letter in outbox.of_notice(conn, notice)] == ["sent"]


def test_a_notice_that_takes_the_row_of_another_after_the_restore_is_chased_all_the_same(
    home: House, tmp_path: Path
) -> None:
    file = backup(home, tmp_path / "backup.db")
    home.notice(1)
    home.tick()
    again = restored(home, file)
    again.notice(2)
    again.tick(hours=24)
    (letter,) = again.sent
    assert letter[1].message_id != home.sent[0][1].message_id


def test_only_what_carries_our_keyed_message_id_is_taken_up(home: House) -> None:
    home.notice(1)
    server = Server()
    server.folder("Sent")
    for message_id in ("<letter.followup-contact-1.aaaaaaaaaaaaaaaaaaaa@hotline.example>", "<1@hotline.example>"):
        raw = (
            f"From: a@hotline.example\r\nTo: abuse@host.example\r\nSubject: [HL-1]\r\nMessage-ID: {message_id}\r\n\r\n"
        )
        server.deliver(raw.encode(), folder="Sent")
    assert sent.walk(home.store, MemoryMailbox(server, "esp"), READER, FakeClock(home.now)).taken_up == 0
    home.tick()
    assert len(home.sent) == 1
