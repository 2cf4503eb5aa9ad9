"""Lists of what was found at addresses: what is up is opened anew with its history kept; nothing is closed by a list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from daemon.__main__ import main
from daemon.cli import _common
from daemon.errors import PermanentError
from daemon.jobs import checking, letters
from daemon.jobs.checking import Outcome, Wish
from daemon.jobs.desk import Later
from daemon.store import esps, journal, notices, outbox
from daemon.store.rows import url_key
from daemon.store.tables import takedowns
from tests.jobs.letterhouse import House, house
from tests.jobs.test_digest_command import RULES, SETTINGS
from tests.jobs.test_followups import become
from tests.postgres import server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = "" if request.param == "sqlite" else server().url()
    found = house(url or tmp_path)
    found.esp("host", ("abuse@host.example", "primary"), language="fr")
    yield found
    found.store.close()
    if url:
        server().drop(url)


def listed(tmp_path: Path, *lines: str, head: str = "url,found") -> Path:
    file = tmp_path / f"list{len(list(tmp_path.glob('list*.csv')))}.csv"
    file.write_text("\n".join([head, *lines]) + "\n")
    return file


def take(home: House, file: Path, *, dry_run: bool = False) -> Outcome:
    with home.store.write() as conn:
        return checking.take(conn, file, home.desk, Wish("anna", home.now, dry_run=dry_run))


def items(home: House, notice_id: int) -> list[tuple[int, str, int]]:
    with home.store.read() as conn:
        return [(one.position, one.status, one.cycle) for one in notices.items_of(conn, notice_id)]


def rows_of(home: House, url: str) -> list[Any]:
    with home.store.read() as conn:
        query = select(takedowns).where(takedowns.c.url_key == url_key(url)).order_by(takedowns.c.cycle)
        return list(conn.execute(query))


def closed(home: House, number: int = 1, *, urls: int = 2, linked: bool = False) -> int:
    one = home.notice(number, urls=urls, linked=linked)
    for position in range(1, urls + 1):
        become(home, one, "removed", position)
    home.now += timedelta(hours=1)
    return one


def actions(home: House) -> list[tuple[str, str | None, str | None]]:
    with home.store.read() as conn:
        found = [(row["action"], row["old"], row["new"]) for row in journal.rows_of(conn)]
        assert journal.verify(conn) is None
    return [one for one in found if one[0] in {"checked", "reopened", "verified"}]


def test_what_is_up_although_closed_is_opened_anew_with_its_history_kept(home: House, tmp_path: Path) -> None:
    one = closed(home)
    assert home.row(one).status == "resolved"
    done = take(home, listed(tmp_path, "hxxps://host[.]example/1/2,up"))
    assert (done.reopened, done.letters) == (1, 1)
    assert items(home, one) == [(1, "removed", 1), (2, "sent", 2)]
    assert home.row(one).status == "partly_resolved"
    old, new = rows_of(home, "https://host.example/1/2")
    assert (old.status, old.is_open, old.cycle) == ("removed", False, 1)
    assert (new.status, new.is_open, new.cycle) == ("sent", True, 2)
    assert ("reopened", "removed", "sent") in actions(home)


def test_the_esp_is_told_once_in_its_language_of_what_is_up_alone(home: House, tmp_path: Path) -> None:
    one, two = closed(home), closed(home, 2)
    take(home, listed(tmp_path, "https://host.example/1/2,up", "https://host.example/2/1,up"))
    home.post()
    ((_, row, letter),) = home.sent
    assert (row.template, row.to_address, row.context["notices"]) == (
        "still-reachable",
        "abuse@host.example",
        [one, two],
    )
    assert "Toujours accessibles : 2 URL" in letter.subject
    assert "2. hxxps://host[.]example/1/2" in letter.body
    assert "1. hxxps://host[.]example/2/1" in letter.body
    assert "1/1" not in letter.body
    assert f"In-Reply-To: <{home.row(one).message_id}>".encode() in letter.raw


def test_the_ladder_starts_again_from_the_check(home: House, tmp_path: Path) -> None:
    one = closed(home)
    take(home, listed(tmp_path, "https://host.example/1/1,up"))
    home.tick()
    assert [row.template for _, row, _ in home.sent] == ["still-reachable"]
    home.tick(hours=25)
    assert [row.template for _, row, _ in home.sent] == ["still-reachable", "reminder-1"]
    assert home.row(one).cycle == 2


def test_a_notice_that_is_chased_anyway_keeps_its_rung(home: House, tmp_path: Path) -> None:
    one = home.notice(1, urls=2, age=49)
    home.tick()
    before = home.row(one).rung
    with home.store.write() as conn:
        closing = takedowns.c.url.endswith("/1")
        conn.execute(update(takedowns).where(closing).values(status="removed", is_open=False, closed_at=home.now))
    home.now += timedelta(hours=1)
    take(home, listed(tmp_path, "https://host.example/1/1,up"))
    assert items(home, one) == [(1, "sent", 2), (2, "sent", 1)]
    assert (before, home.row(one).rung) == (2, 2)


def test_an_address_that_is_chased_is_only_noted(home: House, tmp_path: Path) -> None:
    one = home.notice(1)
    done = take(home, listed(tmp_path, "https://host.example/1/1,up"))
    assert (done.still_open, done.reopened, done.letters) == (1, 0, 0)
    assert items(home, one) == [(1, "sent", 1)]
    assert actions(home) == [("checked", "sent", "up")]


def test_gone_closes_nothing(home: House, tmp_path: Path) -> None:
    one = home.notice(1)
    assert take(home, listed(tmp_path, "https://host.example/1/1,gone")).gone == 1
    assert items(home, one) == [(1, "sent", 1)]
    assert actions(home) == [("checked", "sent", "gone")]


def test_gone_verifies_a_closing_that_waited_for_it(home: House, tmp_path: Path) -> None:
    closed(home, linked=True, urls=1)
    with home.store.write() as conn:
        conn.execute(update(takedowns).values(awaiting_verification=True, evidence="authenticated"))
    assert take(home, listed(tmp_path, "https://host.example/1/1,gone")).verified == 1
    (row,) = rows_of(home, "https://host.example/1/1")
    assert (row.status, row.evidence, row.awaiting_verification) == ("removed", "verified", False)
    assert ("verified", "authenticated", "verified") in actions(home)


def test_what_was_looked_at_before_it_was_closed_is_no_news(home: House, tmp_path: Path) -> None:
    one = closed(home)
    early = (home.now - timedelta(hours=2)).isoformat()
    file = listed(tmp_path, f"https://host.example/1/1,up,{early}", head="url,found,checked_at")
    assert take(home, file).outdated == 1
    assert items(home, one) == [(1, "removed", 1), (2, "removed", 1)]


def test_a_list_is_taken_once(home: House, tmp_path: Path) -> None:
    one = closed(home)
    file = listed(tmp_path, "https://host.example/1/1,up")
    take(home, file)
    become(home, one, "removed")
    home.now += timedelta(hours=1)
    with pytest.raises(PermanentError, match="taken before"):
        take(home, file)


def test_an_address_opened_at_one_esp_is_not_opened_at_another(home: House, tmp_path: Path) -> None:
    one = closed(home, urls=1)
    home.esp("other", ("abuse@other.example", "primary"))
    two = home.notice(2, "other", urls=1)
    with home.store.write() as conn:
        same = {"url": "https://host.example/1/1", "url_key": url_key("https://host.example/1/1")}
        conn.execute(update(takedowns).where(takedowns.c.url.contains("other")).values(**same))
    done = take(home, listed(tmp_path, "https://host.example/1/1,up"))
    assert (done.still_open, done.reopened) == (1, 0)
    named = take(home, listed(tmp_path, "https://host.example/1/1,up,host", head="url,found,esp"))
    assert named.reopened == 1
    assert items(home, one) == [(1, "sent", 2)]
    assert items(home, two) == [(1, "sent", 1)]


def test_who_took_it_over_is_asked_again_although_the_first_one_is_still_open(home: House, tmp_path: Path) -> None:
    one = closed(home, urls=1)
    home.esp("other", ("abuse@other.example", "primary"))
    two = home.notice(2, "other", urls=1)
    become(home, two, "not_hosted")
    with home.store.write() as conn:
        same = {"url": "https://host.example/1/1", "url_key": url_key("https://host.example/1/1")}
        conn.execute(update(takedowns).where(takedowns.c.url.contains("other")).values(**same))
    done = take(home, listed(tmp_path, "https://host.example/1/1,up"))
    assert (done.still_open, done.reopened) == (1, 1)
    assert items(home, one) == [(1, "sent", 2)]
    assert items(home, two) == [(1, "not_hosted", 1)]


def test_the_letter_waits_for_working_time_and_the_letter_of_the_day(home: House, tmp_path: Path) -> None:
    closed(home)
    home.notice(2)
    home.tick()
    assert [row.template for _, row, _ in home.sent] == ["reminder-1"]
    take(home, listed(tmp_path, "https://host.example/1/1,up"))
    with home.store.write() as conn:
        (row,) = outbox.due(conn, home.now)
        found = letters.ready(conn, row, home.desk, home.now)
    assert isinstance(found, Later)
    assert found.why == "ALREADY_TODAY"


def test_a_letter_whose_urls_were_closed_again_is_withdrawn(home: House, tmp_path: Path) -> None:
    one = closed(home)
    take(home, listed(tmp_path, "https://host.example/1/1,up"))
    become(home, one, "removed")
    home.post()
    assert home.sent == []
    assert [found.why for found in home.withdrawn] == ["CLOSED_SINCE"]


def test_no_letter_goes_to_an_address_that_bounced(home: House, tmp_path: Path) -> None:
    one = closed(home)
    take(home, listed(tmp_path, "https://host.example/1/1,up"))
    with home.store.write() as conn:
        esps.set_health(conn, "abuse@host.example", "hard", 0, journal.Entry(home.now, "daemon", "contact"))
    home.post()
    assert home.sent == []
    assert [found.why for found in home.withdrawn] == ["ADDRESS_BOUNCED"]
    assert take(home, listed(tmp_path, "https://host.example/1/2,up")).letters == 0
    assert [status for _, status, _ in items(home, one)] == ["sent", "sent"]


def test_a_dry_run_changes_nothing(home: House, tmp_path: Path) -> None:
    one = closed(home)
    file = listed(tmp_path, "https://host.example/1/1,up")
    assert take(home, file, dry_run=True).reopened == 1
    assert items(home, one) == [(1, "removed", 1), (2, "removed", 1)]
    assert actions(home) == []
    assert take(home, file).reopened == 1


def test_a_row_that_cannot_be_read_stops_the_whole_list(home: House, tmp_path: Path) -> None:
    one = closed(home)
    later = (home.now + timedelta(days=1)).isoformat()
    lines = (
        "https://host.example/1/1,up,",
        "nothing,up,",
        "https://host.example/1/2,perhaps,",
        f"https://a.example/,up,{later}",
    )
    done = take(home, listed(tmp_path, *lines, head="url,found,checked_at"))
    assert [str(slip) for slip in done.slips] == [
        "row 3, column url: is not a URL; it begins with http:// or https://",
        "row 4, column found: must be up or gone",
        "row 5, column checked_at: lies in the future",
    ]
    assert items(home, one) == [(1, "removed", 1), (2, "removed", 1)]


def test_the_command_says_what_became_of_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = house(tmp_path)
    (tmp_path / "noticed.toml").write_text(SETTINGS.format(home=tmp_path))
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "mail").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_common, "login", lambda: "anna")
    closed(home)
    file = listed(tmp_path, "https://host.example/1/1", "https://nowhere.example/", head="url")
    assert main(["notices", "still-reachable", str(file), "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["reopened"] == 1
    assert main(["notices", "still-reachable", str(file)]) == 0
    out = capsys.readouterr().out
    assert "1 found up although closed: opened anew" in out
    assert "1 not in any notice" in out
    assert main(["notices", "still-reachable", str(file)]) == 1
    assert main(["notices", "still-reachable", str(listed(tmp_path, "x", head="address"))]) == 1
    assert "must name a column url" in capsys.readouterr().err
