"""First notices that noticed sends: asked for by a person, sent once, and nothing runs before they are proven to have left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, update

from daemon.__main__ import main
from daemon.cli import _common
from daemon.errors import PermanentError
from daemon.followups.reasons import NotSent
from daemon.jobs import approval, first_notices, letters
from daemon.jobs.desk import Composed, Ready, Withdrawn
from daemon.jobs.first_notices import Queued, Wish
from daemon.jobs.outbox import Fuses, Post, Way
from daemon.mailer import Result, Sending
from daemon.notices.table import NewNotice
from daemon.store import importing, journal, notices, outbox, reviews
from daemon.store.tables import contacts, takedowns
from daemon.store.tables import esps as esp_table
from daemon.store.tables import notices as notice_table
from tests.jobs.letterhouse import House, house
from tests.jobs.test_digest_command import RULES, SETTINGS
from tests.memory import FakeClock, MemoryMailer
from tests.postgres import server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = "" if request.param == "sqlite" else server().url()
    found = house(url or tmp_path)
    yield found
    found.store.close()
    if url:
        server().drop(url)


def draft(home: House, number: int = 1, *, urls: int = 2, linked: bool = False) -> int:
    """A notice that was imported without a time of sending."""
    new = NewNotice(
        row=number,
        number=f"HL-{number}",
        esp="host",
        esp_domain="host.example",
        contact="abuse@host.example",
        sent_at=None,
        urls=tuple(f"https://host.example/{number}/{n}" for n in range(1, urls + 1)),
        survivor_linked=linked,
    )
    with home.store.write() as conn:
        return importing.add_notices(conn, [new], importing.Source("import", "test", home.now, "esp")).ids[0]


def ask(home: House, *ids: int, by: str = "anna", second_person: bool = False) -> list[Queued]:
    with home.store.write() as conn:
        return first_notices.send(conn, ids, home.desk, Wish(by, home.now, second_person))


def statuses(home: House, notice_id: int) -> list[str]:
    with home.store.read() as conn:
        return [one.status for one in notices.items_of(conn, notice_id)]


def leave(home: House, *answers: Sending) -> None:
    """The outbox sends what is due; ``home.sent`` and ``home.withdrawn`` tell what became of it."""
    mailer, composed = MemoryMailer(answers=list(answers)), {}

    def compose(conn: Connection, row: Any, now: datetime) -> Ready:
        found = composed[row.message_id] = letters.ready(conn, row, home.desk, now)
        if isinstance(found, Withdrawn):
            home.withdrawn.append(found)
        return found

    way = Way(mailer, "notices@hotline.example")
    Post(home.store, {"esp": way}, compose, FakeClock(home.now), Fuses(), "test").send_due()
    for envelope in mailer.left:
        with home.store.read() as conn:
            (row,) = outbox.by_message_ids(conn, [envelope.message_id])
        found = composed[envelope.message_id]
        assert isinstance(found, Composed)
        home.sent.append((home.now, row, found))


def test_the_clocks_start_when_the_letter_is_proven_to_have_left(home: House) -> None:
    one = draft(home)
    assert home.row(one).status == "draft"
    (queued,) = ask(home, one)
    assert statuses(home, one) == ["queued", "queued"]
    assert home.row(one).sent_at is None
    home.now += timedelta(minutes=7)
    leave(home)
    assert statuses(home, one) == ["sent", "sent"]
    assert home.row(one).sent_at == home.row(one).clock_from == home.now
    _, row, letter = home.sent[0]
    assert (row.id, row.to_address) == (queued.outbox_id, "abuse@host.example")
    assert b"In-Reply-To" not in letter.raw
    assert "1. hxxps://host[.]example/1/1" in letter.body


def test_its_message_id_is_known_before_it_leaves(home: House) -> None:
    one = draft(home)
    ask(home, one)
    with home.store.read() as conn:
        (row,) = outbox.in_state(conn, "queued")
    assert row.message_id == home.desk.message_id(row.key, "esp")
    leave(home)
    assert f"<{home.row(one).message_id}>" == row.message_id


def test_a_notice_is_asked_for_twice_and_sent_once(home: House) -> None:
    one = draft(home)
    ask(home, one)
    assert [found.why_not for found in ask(home, one)] == [NotSent.LETTER_WAITS]
    leave(home)
    assert [found.why_not for found in ask(home, one)] == [NotSent.NOTHING_DUE]
    leave(home)
    assert len(home.sent) == 1


def test_a_letter_of_unknown_fate_is_not_followed_by_another(home: House) -> None:
    one = draft(home)
    ask(home, one)
    leave(home, Sending(Result.UNKNOWN))
    assert statuses(home, one) == ["queued", "queued"]
    assert [found.why_not for found in ask(home, one)] == [NotSent.LETTER_WAITS]


def test_what_certainly_never_left_may_be_asked_for_again(home: House) -> None:
    one = draft(home)
    for end in ("cancelled", "failed"):
        ask(home, one)
        with home.store.write() as conn:
            (row,) = outbox.due(conn, home.now)
            outbox.mark(conn, row.id, end, home.now, was="queued")
    (found,) = ask(home, one)
    assert found.why_not is None
    leave(home)
    assert len(home.sent) == 1


def test_it_waits_for_working_time_unless_it_is_survivor_linked(home: House) -> None:
    home.now = home.now.replace(hour=22)
    late, linked = draft(home), draft(home, 2, linked=True)
    found = ask(home, late, linked)
    assert found[0].due_at == datetime(2026, 11, 17, 7, tzinfo=UTC)  # eight o'clock in Oslo
    assert found[1].due_at == home.now
    leave(home)
    assert [row.context["notices"] for _, row, _ in home.sent] == [[linked]]


def test_a_letter_approved_at_night_still_waits_for_the_morning(home: House) -> None:
    one = draft(home)
    (found,) = ask(home, one, second_person=True)
    home.now = home.now.replace(hour=22)
    with home.store.write() as conn:
        approval.approve(conn, found.outbox_id, home.now, "berta")
    leave(home)
    assert home.sent == []
    home.now += timedelta(hours=11)
    leave(home)
    assert len(home.sent) == 1


def test_a_second_person_approves_where_the_settings_say_so(home: House) -> None:
    one = draft(home)
    (found,) = ask(home, one, by="anna", second_person=True)
    assert statuses(home, one) == ["draft", "draft"]
    leave(home)
    assert home.sent == []
    with home.store.write() as conn, pytest.raises(PermanentError, match="a second person approves it"):
        approval.approve(conn, found.outbox_id, home.now, "anna")
    with home.store.write() as conn:
        approval.approve(conn, found.outbox_id, home.now, "berta")
        assert reviews.listed(conn) == []
    assert statuses(home, one) == ["queued", "queued"]
    leave(home)
    assert statuses(home, one) == ["sent", "sent"]
    with home.store.read() as conn:
        moves = [(row["actor"], row["new"]) for row in journal.rows_of(conn, outbox_id=found.outbox_id)]
    assert ("anna", "held") in moves
    assert ("berta", "queued") in moves


def test_a_dropped_letter_leaves_the_notice_a_draft(home: House) -> None:
    one = draft(home)
    (found,) = ask(home, one, second_person=True)
    with home.store.write() as conn:
        approval.drop(conn, found.outbox_id, home.now, "berta")
    assert home.row(one).status == "draft"
    assert ask(home, one)[0].why_not is None


def bounce(home: House) -> None:
    with home.store.write() as conn:
        conn.execute(update(contacts).values(health="hard"))


def test_no_notice_goes_to_an_address_that_bounced(home: House) -> None:
    one, two = draft(home), draft(home, 2)
    ask(home, one)
    bounce(home)
    assert [found.why_not for found in ask(home, two)] == [NotSent.NO_CONTACT]
    leave(home)
    assert home.sent == []
    assert [found.why for found in home.withdrawn] == [NotSent.ADDRESS_BOUNCED]


def test_what_is_closed_meanwhile_is_left_out(home: House) -> None:
    one = draft(home, urls=2)
    ask(home, one)
    with home.store.write() as conn:
        conn.execute(update(takedowns).where(takedowns.c.url.endswith("/1")).values(status="withdrawn", is_open=False))
    leave(home)
    assert "1/2" in home.sent[0][2].body
    assert "1/1" not in home.sent[0][2].body


def test_looking_queues_nothing(home: House) -> None:
    one = draft(home)
    with home.store.write() as conn:
        (found,) = first_notices.look(conn, [one], home.desk, Wish("anna", home.now))
        assert outbox.counts(conn) == {}
    assert (found.number, found.items, found.outbox_id) == ("HL-1", 2, 0)
    assert statuses(home, one) == ["draft", "draft"]


def test_a_form_goes_along_where_it_is_wanted(home: House) -> None:
    home.desk = replace(home.desk, form=True)
    ask(home, draft(home))
    leave(home)
    assert b"noticed-form.csv" in home.sent[0][2].raw


def test_an_esp_with_another_channel_is_left_to_a_person(home: House) -> None:
    one = draft(home)
    with home.store.write() as conn:
        conn.execute(update(esp_table).values(settings={"channel": "portal"}))
    assert [found.why_not for found in ask(home, one)] == [NotSent.OTHER_CHANNEL]


def wants_xarf(home: House, classified: str) -> None:
    with home.store.write() as conn:
        conn.execute(update(esp_table).values(settings={"xarf": True}))
        conn.execute(update(notice_table).values(xarf=classified or None))


def test_reports_go_along_where_the_esp_wants_them_and_the_import_classified_it(home: House) -> None:
    one, two = draft(home), draft(home, 2)
    ask(home, two)
    leave(home)
    assert b"xarf" not in home.sent[0][2].raw
    wants_xarf(home, "content/phishing")
    ask(home, one)
    leave(home)
    assert home.sent[1][2].raw.count(b'filename="xarf-') == 2


def test_a_notice_that_nobody_classified_leaves_without(home: House) -> None:
    one = draft(home)
    wants_xarf(home, "")
    ask(home, one)
    leave(home)
    assert b"xarf" not in home.sent[0][2].raw


def test_a_slip_in_the_classification_is_told_to_who_asks(home: House) -> None:
    one = draft(home)
    wants_xarf(home, "content/remote_compromise")
    with pytest.raises(PermanentError, match=r"notice HL-1: .* compromise_type is missing; mend the column xarf"):
        ask(home, one)


@pytest.fixture
def desk_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    home = house(tmp_path)
    (tmp_path / "noticed.toml").write_text(SETTINGS.format(home=tmp_path))
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "mail").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_common, "login", lambda: "anna")
    return home


def test_the_command_sends_drafts_and_says_why_others_stay(desk_at: House, capsys: pytest.CaptureFixture[str]) -> None:
    draft(desk_at)
    desk_at.notice(2)
    assert main(["notices", "send", "--all-drafts", "--dry-run", "--json"]) == 0
    assert [one["number"] for one in json.loads(capsys.readouterr().out)] == ["HL-1"]
    assert main(["notices", "send", "HL-1", "hl-2", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(one["number"], one["why_not"], one["to_domain"]) for one in found] == [
        ("HL-1", "", "host.example"),
        ("HL-2", "NOTHING_DUE", "host.example"),
    ]
    assert main(["notices", "send", "--all-drafts"]) == 0
    assert "No notice waits to be sent." in capsys.readouterr().out
    assert main(["notices", "send", "HL-9"]) == 1
    assert "there is no notice HL-9" in capsys.readouterr().err
    assert main(["notices", "send"]) == 2
