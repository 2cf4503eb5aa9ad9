"""Changes of status: a closed row is never touched, what is shared follows, bodies are sealed, facts are found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from daemon.decide.effects import Action, Change
from daemon.errors import ConfigError, PermanentError, TransientError
from daemon.message.parse import parse
from daemon.notices import keys as key_room
from daemon.notices import token
from daemon.notices.status import Evidence, Outcome, Status
from daemon.store import Store, clocks, esps, journal, kept, ledger, notices, outbox, standing, tables
from daemon.store.bodies import Cipher
from daemon.store.esps import NewEsp, slug
from daemon.store.moves import LONGEST_PAUSE, Because, Moves, carry_out
from daemon.store.outbox import NewLetter
from tests.jobs.house import PATTERN, import_notices, mail, notice
from tests.memory import START

WHY = Because(START, "anna")


def change(store: Store, number: str, position: int, new: Status, **values: Any) -> Change:
    with store.read() as conn:
        row = notices.get(conn, number)
        assert row is not None
        item = next(one for one in notices.items_of(conn, row.id) if one.position == position)
    return Change(
        Action.STATUS,
        notice=number,
        takedown=item.id,
        position=position,
        old=item.status,
        new=new.value,
        outcome=Outcome.REMOVED,
        evidence=Evidence.VERIFIED,
        **values,
    )


def test_a_row_that_was_closed_meanwhile_is_not_touched(store: Store) -> None:
    import_notices(store, [notice(1)])
    wanted = change(store, "N-1", 1, Status.REFUSED)

    def late() -> None:
        with store.write() as conn:
            moves = Moves(conn, START, standing.load(conn, [1]))
            conn.execute(update(tables.takedowns).where(tables.takedowns.c.id == 1).values(is_open=False))
            moves.apply([wanted], WHY)
            moves.flush()

    with pytest.raises(TransientError):
        late()
    with store.read() as conn:
        assert journal.rows_of(conn, takedown_id=1) == []


def test_a_mail_about_two_notices_that_share_a_url_closes_it_once(store: Store) -> None:
    import_notices(store, [notice(1, urls=1), replace(notice(2, urls=1), urls=("https://n1.example/1",))])
    both = [change(store, "N-1", 1, Status.REMOVED), change(store, "N-2", 1, Status.REMOVED)]
    with store.write() as conn:
        carry_out(conn, both, [1, 2], WHY)
    with store.read() as conn:
        assert [row["new"] for row in journal.rows_of(conn, takedown_id=1)] == ["removed"]
        assert set(notices.counts(conn)) == {"resolved"}


def test_a_longer_pause_is_not_cut_short_and_a_mail_cannot_pause_for_ever(store: Store) -> None:
    import_notices(store, [notice(1)])
    ask = Change(Action.PAUSE, notice="N-1", new=str(10**9), rule="later")
    with store.write() as conn:
        carry_out(conn, [ask], [1], WHY)
        first = clocks.standings(conn, [1])[0].paused_until
        carry_out(conn, [replace(ask, new="60")], [1], WHY)
        assert clocks.standings(conn, [1])[0].paused_until == first
        assert first is not None
        assert (first - START).days == LONGEST_PAUSE.days
        assert clocks.standings(conn, [1])[0].pause_by == "rule:later"


def test_a_hold_waits_until_a_person_releases_it(store: Store) -> None:
    import_notices(store, [notice(1)])
    with store.write() as conn:
        carry_out(conn, [Change(Action.HOLD, notice="N-1", new="refused")], [1], WHY)
        assert clocks.standings(conn, [1])[0].hold_reason == "refused"
        clocks.release(conn, 1, "anna", START)
        assert clocks.standings(conn, [1])[0].hold_reason == ""
        assert journal.verify(conn) is None


def test_a_ticket_is_learned_for_the_first_notice_only(store: Store) -> None:
    import_notices(store, [notice(1), notice(2)])
    with store.write() as conn:
        for number in (1, 2):
            learn = Change(Action.TICKET, notice=f"N-{number}", new="t-9")
            carry_out(conn, [learn], [number], WHY)
    with store.read() as conn:
        found = ledger.look_up(conn, [key_room.Keys(ticket="T-9")])
        assert found.by_ticket == {("esp", "T-9"): ("N-1",)}
        assert all("t-9" not in str(row).lower() for row in journal.rows_of(conn))


def test_every_key_of_a_mail_leads_to_its_notice_and_only_to_its_own(store: Store) -> None:
    import_notices(store, [notice(number) for number in range(1, 6)])
    with store.write() as conn:
        own_id = token.make("letter", "k1", b"s" * 32, "hotline.example")
        letter = NewLetter("followup", "k1", own_id, "abuse@esp.example", context={"notices": [2, 3]})
        outbox.queue(conn, letter, START)
        answer = key_room.Keys(
            in_reply_to=("n1@hotline.example",),
            numbers=("N-4", "N-77"),
            tokens=tuple(token.find(own_id, b"s" * 32)),
            urls=("https://n5.example/1",),
        )
        other = key_room.Keys(references=(key_room.bare(own_id),))
        found = ledger.look_up(conn, [answer, other])
    known = found.known(answer)
    assert set(known.notices) == {"N-1", "N-2", "N-3", "N-4", "N-5"}
    assert known.by_message_id == {"n1@hotline.example": ("N-1",)}
    assert known.by_token == {"letter:k1": ("N-2", "N-3")}
    assert known.by_url == {"https://n5.example/1": ("N-5",)}
    assert set(found.known(other).notices) == {"N-2", "N-3"}
    assert [item.position for item in known.notices["N-1"].items] == [1, 2]


def test_a_number_in_another_case_is_the_same_number(store: Store) -> None:
    import_notices(store, [replace(notice(1), number="n-1a")])
    with store.read() as conn:
        assert ledger.look_up(conn, [key_room.Keys(numbers=("N-1A",))]).by_number == {"N-1A": "n-1a"}


def test_a_merged_esp_speaks_as_the_one_it_went_into(store: Store) -> None:
    import_notices(store, [notice(1)])
    with store.write() as conn:
        new = esps.add_one(conn, NewEsp("big", "Big", domains=("big.example",)), START, "anna")
        conn.execute(update(tables.esps).where(tables.esps.c.key == "esp").values(merged_into=new))
        found = esps.register(conn)
        assert [esp.key for esp in found.esps] == ["big"]
        assert found.esps[0].domains == {"big.example", "esp.example"}
        assert notices.as_sent(conn, [1])[1].esp == "big"


@pytest.mark.parametrize(
    ("name", "key"),
    [("Example Host, Inc.", "examplehostinc"), ("Beispiel-Höster", "beispielhoster"), ("例え", "例え"), ("!!", "esp")],
)
def test_the_key_of_an_esp_is_readable(name: str, key: str) -> None:
    assert slug(name) == key


def test_a_stored_mail_is_sealed_and_its_key_can_be_changed() -> None:
    old, new = b"o" * 32, b"n" * 32
    sealed = Cipher([old]).seal(b"canary text " * 50)
    assert b"canary" not in sealed
    both = Cipher([new, old])
    assert both.open(sealed) == b"canary text " * 50
    assert not both.is_current(sealed)
    assert both.is_current(both.seal(b"x"))
    with pytest.raises(PermanentError):
        Cipher([new]).open(sealed)
    with pytest.raises(PermanentError):
        Cipher([old]).open(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(PermanentError):
        Cipher().open(sealed)
    with pytest.raises(ConfigError):
        Cipher([b"short"])


def test_without_a_key_a_stored_mail_is_only_packed() -> None:
    assert Cipher().open(Cipher().seal(b"text")) == b"text"
    assert Cipher([b"k" * 32]).open(Cipher().seal(b"text")) == b"text"


@pytest.mark.parametrize(
    "raw", [mail("N-1 removed", 1), b"", b"Subject: \xff\x00\r\nFrom: a <a@x.example>\r\n\r\n\xff\xfe text"]
)
def test_a_kept_mail_comes_back_as_it_was_read(raw: bytes) -> None:
    message = parse(raw)
    assert kept.unpack(kept.pack(message)) == message
    rows = "<tr><th>URL</th><th>State</th></tr><tr><td>a</td><td style='color:red'><s>b</s></td></tr>"
    html = f"Content-Type: text/html\r\n\r\n<table>{rows}</table><blockquote>q</blockquote>".encode()
    assert kept.unpack(kept.pack(parse(html))) == parse(html)


def test_numbers_in_keys_find_nothing_that_is_not_there(store: Store) -> None:
    with store.read() as conn:
        empty = ledger.look_up(conn, [key_room.keys(parse(mail("N-1 removed", 1)), PATTERN)])
        assert empty.notices == {}
        assert conn.execute(select(tables.journal)).all() == []
