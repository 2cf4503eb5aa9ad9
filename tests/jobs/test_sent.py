"""The Sent folder: notices that others sent from the mailbox come in once, and never twice or by mistake."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from daemon.jobs import sent
from daemon.jobs.sent import Found, Reader
from daemon.mailbox import Fetched, Place
from daemon.notices import token
from daemon.notices.table import NewNotice
from daemon.store import Settings, Store, esps, journal, notices, open_store, overview
from tests.databases import fresh
from tests.jobs.house import import_notices, notice
from tests.memory import START, FakeClock, MemoryMailbox, Power, PowerCut, Server, cut_store

KEY = b"a key for the tests"
READER = Reader(r"N-\d+", frozenset({"hotline.example"}), KEY)


def letter(
    number: int = 1,
    *,
    to: str = "abuse@esp.example",
    urls: str = "hxxps://n1[.]example/1\r\nhttps://n1.example/2",
    message_id: str | None = None,
    head: str = "",
    subject: str | None = None,
) -> bytes:
    own_id = f"<n{number}@hotline.example>" if message_id is None else message_id
    said = subject or f"[N-{number}] Takedown notice"
    return (
        f"From: notices@hotline.example\r\nTo: {to}\r\nSubject: {said}\r\n{head}"
        f"Message-ID: {own_id}\r\nDate: Mon, 12 Oct 2026 06:00:00 +0000\r\n\r\n"
        f"Please remove:\r\n\r\n{urls}\r\n\r\nSee https://www.hotline.example/about\r\n"
    ).encode()


def walk(store: Store, server: Server, more: object = None) -> Found:
    box = MemoryMailbox(server)
    return sent.walk(store, box, READER, FakeClock(), more or (lambda: True))  # type: ignore[arg-type]


def with_sent(*letters: bytes) -> Server:
    server = Server()
    server.folder("Sent")
    for one in letters:
        server.deliver(one, folder="Sent")
    return server


def urls_of(store: Store, number: str = "N-1") -> list[str]:
    with store.read() as conn:
        found = overview.find_notice(conn, number)
        assert found is not None
        return [one.url for one in overview.items_of(conn, found[0])]


def row_of(store: Store, number: str = "N-1") -> object:
    with store.read() as conn:
        return notices.get(conn, number)


def count(store: Store) -> int:
    with store.read() as conn:
        return int(overview.figures(conn, START)["notices"])


def imported(number: int = 1, *, message_id: str | None = None, sent_at: object = START) -> NewNotice:
    from dataclasses import replace

    return replace(notice(number), message_id=message_id, sent_at=sent_at)  # type: ignore[arg-type]


def test_a_notice_that_nobody_imported_comes_in_with_its_urls_and_clock(store: Store) -> None:
    done = walk(store, with_sent(letter()))
    assert (done.looked_at, done.new, done.completed) == (1, 1, 0)
    assert urls_of(store) == ["https://n1.example/1", "https://n1.example/2"]
    row = row_of(store)
    assert row.sent_at.isoformat() == "2026-10-12T06:00:00+00:00"  # type: ignore[attr-defined]
    assert row.message_id == "n1@hotline.example"  # type: ignore[attr-defined]
    assert "Please remove" in row.body  # type: ignore[attr-defined]
    assert row.mailbox == "main"  # type: ignore[attr-defined]
    assert row.next_due_at is not None  # type: ignore[attr-defined]


def test_an_esp_that_nobody_knows_becomes_one_to_be_researched(store: Store) -> None:
    walk(store, with_sent(letter(), letter(2, urls="https://n2.example/1")))
    with store.read() as conn:
        (esp,) = esps.listed(conn)
        register = esps.register(conn)
    assert (esp.state, esp.name) == ("researching", "esp.example")
    assert register.esps[0].contacts == {"abuse@esp.example"}


def test_an_esp_is_known_by_its_contact_or_by_a_domain_that_is_its_own(store: Store) -> None:
    import_notices(store, [notice(9)])
    walk(store, with_sent(letter(), letter(2, to="dmca@mail.esp.example", urls="https://n2.example/1")))
    with store.read() as conn:
        assert len(esps.listed(conn)) == 1


def test_a_shared_mail_domain_makes_no_two_contacts_one_esp(store: Store) -> None:
    server = with_sent(letter(1, to="one@gmail.com"))
    walk(store, server)
    server.deliver(letter(2, to="two@gmail.com", urls="https://n2.example/1"), folder="Sent")
    walk(store, server)
    with store.read() as conn:
        register = esps.register(conn)
        names = sorted(esp.name for esp in esps.listed(conn))
    assert names == ["one@gmail.com", "two@gmail.com"]
    assert all(len(esp.contacts) == 1 for esp in register.esps)


def test_a_notice_known_from_a_table_gets_its_letter_and_keeps_its_urls(store: Store) -> None:
    import_notices(store, [imported()])
    done = walk(store, with_sent(letter()))
    assert (done.new, done.completed) == (0, 1)
    row = row_of(store)
    assert row.message_id == "n1@hotline.example"  # type: ignore[attr-defined]
    assert "Please remove" in row.body  # type: ignore[attr-defined]
    assert count(store) == 1


def test_the_letter_of_a_draft_starts_its_clocks(store: Store) -> None:
    import_notices(store, [imported(sent_at=None)])
    walk(store, with_sent(letter()))
    row = row_of(store)
    assert row.status == "sent"  # type: ignore[attr-defined]
    assert row.sent_at.isoformat() == "2026-10-12T06:00:00+00:00"  # type: ignore[attr-defined]


def test_a_later_letter_with_the_same_number_never_takes_the_place_of_the_first(store: Store) -> None:
    """A reminder that staff or a case system sent, before or after the daemon sees the notice itself."""
    import_notices(store, [imported(message_id="<first@hotline.example>")])
    done = walk(store, with_sent(letter(message_id="<reminder@hotline.example>")))
    assert done.completed == 0
    assert row_of(store).message_id == "first@hotline.example"  # type: ignore[attr-defined]


def test_a_letter_about_other_urls_is_not_the_letter_of_a_known_notice(store: Store) -> None:
    import_notices(store, [imported()])
    assert walk(store, with_sent(letter(urls="https://elsewhere.example/1"))).completed == 0
    assert row_of(store).body is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "raw",
    [
        letter(head="In-Reply-To: <question@esp.example>\r\n"),
        letter(message_id=token.make("letter", "followup:1:1", KEY, "hotline.example")),
        letter(subject="Minutes of our meeting"),
        letter(urls="nothing to remove"),
        letter(to="colleague@hotline.example"),
        letter(to="lead@team.hotline.example"),
        letter(urls="> https://n1.example/1"),
    ],
    ids=["answer", "ours", "no-number", "no-url", "colleague", "colleague-below", "quoted-only"],
)
def test_what_is_no_notice_does_not_become_one(raw: bytes, store: Store) -> None:
    done = walk(store, with_sent(raw))
    assert (done.looked_at, done.new) == (1, 0)
    assert count(store) == 0


def test_addresses_of_our_own_domain_are_never_chased(store: Store) -> None:
    walk(store, with_sent(letter()))
    assert not [url for url in urls_of(store) if "hotline" in url]


def test_what_was_taken_in_once_is_not_looked_at_again(store: Store) -> None:
    server = with_sent(letter())
    walk(store, server)
    server.deliver(letter(2, urls="https://n2.example/1"), folder="Sent")
    done = walk(store, server)
    assert (done.looked_at, done.new) == (1, 1)
    assert walk(store, server).looked_at == 0


def test_the_same_letter_at_two_places_is_one_notice(store: Store) -> None:
    done = walk(store, with_sent(letter(), letter()))
    assert (done.looked_at, done.new) == (2, 1)
    assert count(store) == 1


def test_a_mailbox_without_sent_folder_is_no_problem(store: Store) -> None:
    assert walk(store, Server()).looked_at == 0


class Stumbling(Reader):
    """Meets a bug in the first notice."""

    def read(self, fetched: Fetched) -> sent.Letter | sent.Own | None:
        if b"[N-1]" in fetched.raw:
            raise ValueError("a bug")
        return super().read(fetched)


def test_a_letter_that_meets_a_bug_does_not_hide_the_others(store: Store) -> None:
    server = with_sent(letter(), letter(2, urls="https://n2.example/1"))
    reader = Stumbling(READER.number_format, READER.ours, KEY)
    done = sent.walk(store, MemoryMailbox(server), reader, FakeClock())
    assert (done.looked_at, done.new) == (2, 1)


def test_a_letter_that_the_database_refuses_does_not_hide_the_others() -> None:
    with fresh("sqlite") as url:
        store = open_store(Settings(url))
        with store.write() as conn:
            conn.exec_driver_sql(
                "CREATE TRIGGER no BEFORE INSERT ON notices WHEN NEW.number = 'N-1' BEGIN SELECT RAISE(ABORT, ''); END"
            )
        server = with_sent(letter(), letter(2, urls="https://n2.example/1"))
        assert walk(store, server).new == 1
        assert walk(store, server).looked_at == 0
        store.close()


def test_it_stops_between_two_sets_when_told_and_goes_on_there(store: Store) -> None:
    server = with_sent(*(letter(n, urls=f"https://n{n}.example/1") for n in range(sent.SET + 10)))
    assert walk(store, server, lambda: False).new == sent.SET
    assert walk(store, server).new == 10


def crossings(kind: str) -> Iterator[tuple[int, Store, Power]]:
    for after in range(1, 30):
        with fresh(kind) as url:
            power = Power(after)
            store = cut_store(url, power)
            yield after, store, power
            store.close()
            if power.after is not None:
                return


def test_a_power_cut_at_any_crossing_loses_no_notice_and_doubles_none() -> None:
    for _, store, power in crossings("sqlite"):
        server = with_sent(letter(), letter(2, urls="https://n2.example/1"))
        box = MemoryMailbox(server, power=power)
        try:
            sent.walk(store, box, READER, FakeClock())
        except PowerCut:
            pass
        left = power.after
        power.after = None
        sent.walk(store, box, READER, FakeClock())
        power.after = left
        assert count(store) == 2
        with store.read() as conn:
            assert journal.verify(conn) is None


def test_a_place_that_vanished_meanwhile_is_no_problem(store: Store) -> None:
    server = with_sent(letter())

    class Vanishing(MemoryMailbox):
        def fetch(self, places: list[Place]) -> Iterator[object]:  # type: ignore[override]
            server.folders["Sent"].messages.clear()
            return super().fetch(places)  # type: ignore[return-value]

    done = sent.walk(store, Vanishing(server), READER, FakeClock())
    assert (done.looked_at, done.new) == (1, 0)
