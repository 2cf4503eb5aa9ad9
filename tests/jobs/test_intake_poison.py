"""Mail that kills its reader: three strikes, counted before each attempt, and a person is shown what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from daemon.errors import PermanentError, TransientError
from daemon.jobs.intake import Watch
from daemon.store import Store, journal, messages, places, reviews, tables
from tests.jobs.house import House, house, import_notices, mail, notice
from tests.memory import START, MemoryMailbox, PowerCut


def again(inside: House) -> House:
    """The next process."""
    found = House(inside.store, inside.server, inside.clock, inside.power, inside.mailer)
    found.start()
    return found


def test_the_third_strike_is_the_last(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed 1", 1))
    inside.server.deliver(mail("crash", 2))
    inside.server.deliver(mail("N-1 removed 2", 3))
    read = []
    for _ in range(4):
        with pytest.raises(PowerCut):
            inside.walk()
        read.append(inside.judge.read_count)
        inside = again(inside)
    inside.walk()
    with store.read() as conn:
        assert messages.counts(conn) == {"decided": 2, "set_aside": 1}
        assert [item.reason for item in reviews.listed(conn)] == ["three_strikes"]
    assert again(inside).walk().total == 0


def test_a_mail_that_takes_too_long_to_read_is_shown_to_a_person_and_the_others_go_on(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    for number, words in enumerate(("N-1 removed 1", "endless", "N-1 removed 2"), 1):
        inside.server.deliver(mail(words, number))
    inside.walk()
    with store.read() as conn:
        assert messages.counts(conn) == {"decided": 2, "set_aside": 1}
        assert [item.reason for item in reviews.listed(conn)] == ["took_too_long"]
    assert again(inside).walk().total == 0


def test_a_process_that_ended_in_order_leaves_no_mark(store: Store) -> None:
    inside = house(store)
    inside.intake.end()
    later = again(inside)
    later.server.deliver(mail("hello", 1))
    later.server.deliver(mail("hello", 2))
    later.walk()
    assert later.power.names.count("before fetch") == 1  # not one by one


class Flapping(MemoryMailbox):
    """A server that goes away in the middle of every look."""

    def fetch(self, places: Any) -> Any:
        raise TransientError("away")


def test_a_server_that_is_away_is_no_strike_against_a_mail(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = again(house(store))  # the first process died: every mail is taken alone
    inside.server.deliver(mail("N-1 removed 1", 1))
    box = Flapping(inside.server, "main")
    for _ in range(5):
        with pytest.raises(TransientError):
            inside.intake.walk(box, Watch())
    done = inside.walk()
    assert (done.decided, done.set_aside) == (1, 0)


class Unfetchable(MemoryMailbox):
    """A server that cannot give out one message."""

    bad = "1:2"

    def fetch(self, places: Any) -> Any:
        if any(place.uid == self.bad for place in places):
            raise PermanentError("refused")
        return super().fetch(places)


def test_a_mail_that_the_server_cannot_give_out_is_set_aside_and_the_others_go_on(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    for number, subject in enumerate(("N-1 removed 1", "hello", "N-1 removed 2"), 1):
        inside.server.deliver(mail(subject, number))
    box = Unfetchable(inside.server, "main")
    done = inside.intake.walk(box, Watch())
    assert (done.decided, done.set_aside) == (2, 1)
    with store.read() as conn:
        assert [item.reason for item in reviews.listed(conn)] == ["cannot_be_fetched"]
    assert inside.intake.walk(box, Watch()).total == 0


@pytest.mark.parametrize("wrong", [{"rule": 7}, {"reasons": ({"no": object()},)}, {"kind": None}])
def test_a_decision_that_cannot_be_recorded_sets_its_mail_aside_and_the_others_go_on(
    store: Store, wrong: dict[str, Any]
) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    for number, subject in enumerate(("N-1 removed 1", "hello", "N-1 removed 2"), 1):
        inside.server.deliver(mail(subject, number))
    decide = inside.judge.decide

    def wrongly(message: Any, known: Any) -> Any:
        found = decide(message, known)
        return replace(found, **wrong) if message.subject == "hello" else found

    inside.judge.decide = wrongly  # type: ignore[method-assign]
    done = inside.walk()
    assert (done.decided, done.set_aside) == (2, 1)


def test_mail_older_than_the_start_is_recorded_as_it_lies(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed 1", 1), at=START - timedelta(days=3))
    inside.server.deliver(mail("N-1 removed 2", 2), at=START)
    done = inside.intake.walk(inside.box, Watch(start_from=START - timedelta(days=1)))
    assert (done.recorded, done.decided, done.closed) == (1, 1, 1)
    inside.file()
    assert inside.server.count("INBOX") == 1


def test_odd_mail_is_taken_by_every_database(store: Store) -> None:
    inside = house(store)
    odd = [
        b"",
        b"\x00" * 200,
        b"Subject: \xff\xfe\x00 nul\r\nMessage-ID: <a\x00b@x.example>\r\nFrom: a\x00b@x\xff.example\r\n\r\n\x00\xff",
        b"Message-ID: <" + b"m" * 9000 + b"@x.example>\r\nSubject: long\r\n\r\ntext",
        b"Message-ID: <" + b"m" * 9000 + b"@y.example>\r\nSubject: long\r\n\r\ntext",
    ]
    for raw in odd:
        inside.server.deliver(raw)
    assert inside.walk().total == len(odd)
    inside.file()
    assert inside.walk().total == 0


class Substituting(MemoryMailbox):
    """A server that cannot give some mails and says so (or puts a note of its own in their place)."""

    def fetch(self, places: Any) -> Any:
        for found in super().fetch(places):
            yield replace(found, raw=b"", unreadable=True) if b"crash" in found.raw else found


def test_mails_that_the_server_cannot_give_are_each_shown_to_a_person(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    for number, text in enumerate(("crash", "N-1 removed 1", "crash"), 1):
        inside.server.deliver(mail(text, number))
    inside.intake.walk(Substituting(inside.server, "main", inside.power), Watch())
    with store.read() as conn:
        assert messages.counts(conn) == {"decided": 1, "set_aside": 2}
        assert [item.reason for item in reviews.listed(conn)] == ["cannot_be_fetched"] * 2


class Busy(MemoryMailbox):
    """A server that cannot give a mail so many times."""

    times = 0

    def fetch(self, places: Any) -> Any:
        for found in super().fetch(places):
            self.times -= b"N-1 removed 1" in found.raw
            yield replace(found, raw=b"", unreadable=True) if self.times >= 0 and b"removed 1" in found.raw else found


@pytest.mark.parametrize(("times", "read"), [(1, True), (4, True), (9, False)])
def test_a_mail_that_the_server_gives_later_is_judged_then_and_nobody_is_asked_any_more(
    store: Store, times: int, read: bool
) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed 1", 1))
    inside.server.deliver(mail("N-1 removed 2", 2))
    inside.box = box = Busy(inside.server, "main", inside.power)
    box.times = times
    for _ in range(12):
        inside.walk()
        inside.file()
        inside.clock.advance(minutes=5)
    with store.read() as conn:
        assert messages.counts(conn) == {"decided": 2} if read else {"decided": 1, "set_aside": 1}
        assert [item.reason for item in reviews.listed(conn)] == [] if read else ["cannot_be_fetched"]
        assert journal.verify(conn) is None
    assert inside.server.count("INBOX") == (0 if read else 1)
    assert box.times >= -1 or read  # not for ever


@pytest.mark.parametrize("folder", ["Junk", "Noticed/Removed"])
def test_a_mail_outside_the_inbox_that_the_server_gives_later_stays_with_the_person(store: Store, folder: str) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed 1", 1), folder=folder)
    inside.box = box = Busy(inside.server, "main", inside.power)
    box.times = 2
    for _ in range(6):
        inside.walk()
        inside.file()
        inside.clock.advance(minutes=5)
    with store.read() as conn:
        assert messages.counts(conn) == {"set_aside": 1}
        assert [item.reason for item in reviews.listed(conn)] == ["cannot_be_fetched"]
    assert inside.server.count(folder) == 1


@pytest.mark.parametrize("times", [2, 4])
def test_a_known_mail_under_a_new_number_that_the_server_gives_later_is_known_again(store: Store, times: int) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.box = box = Busy(inside.server, "main", inside.power)
    inside.server.deliver(mail("N-1 removed 1 unclear", 1))
    inside.walk()
    inside.file()
    inside.server.renumber("INBOX")
    box.times = times
    for _ in range(8):
        inside.walk()
        inside.file()
        inside.clock.advance(minutes=5)
    with store.read() as conn:
        assert messages.counts(conn) == {"decided": 1, "copy": 1}
        assert [item.reason for item in reviews.listed(conn)] == ["mixed"]
        assert [item.message_ref for item in reviews.listed(conn)] == [1]
        told = [row.action for row in conn.execute(select(tables.journal.c.action).order_by(tables.journal.c.id))]
        assert not {"tagged_by_staff", "left_to_staff"} & set(told)
        [place] = places.of_messages(conn, [1, 2])
        assert (place.message_ref, place.folder) == (1, "INBOX")
    assert inside.server.count("INBOX") == 1


def test_a_mail_that_killed_those_who_fetched_it_is_not_fetched_again(store: Store) -> None:
    inside = house(store)
    inside.server.deliver(mail("hello", 1))

    class Deadly(MemoryMailbox):
        fetched = 0

        def fetch(self, places: Any) -> Any:
            Deadly.fetched += 1
            raise PowerCut

    for _ in range(8):
        inside = again(inside)
        inside.box = Deadly(inside.server, "main", inside.power)
        try:
            inside.walk()
        except PowerCut:
            continue
    before = Deadly.fetched
    for _ in range(4):
        inside.walk()
        inside.file()
    assert Deadly.fetched == before
    with store.read() as conn:
        assert messages.counts(conn) == {"set_aside": 1}


@pytest.mark.parametrize(("apart", "state"), [(True, "decided"), (False, "set_aside")])
def test_processes_that_are_killed_are_no_fault_of_a_mail_that_is_read_in_another(
    store: Store, apart: bool, state: str
) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed", 1))

    class Killed(MemoryMailbox):
        left = 4

        def fetch(self, places: Any) -> Any:
            Killed.left -= 1
            if Killed.left >= 0:
                raise PowerCut
            return super().fetch(places)

    for _ in range(8):
        inside = again(inside)
        inside.judge.reads_apart = apart
        inside.box = Killed(inside.server, "main", inside.power)
        try:
            inside.walk()
        except PowerCut:
            continue
    with store.read() as conn:
        assert messages.counts(conn) == {state: 1}
