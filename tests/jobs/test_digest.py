"""Each week's digest is sent once to each lead, also when it is empty or late; its figures are honest and defined."""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, insert, text

from daemon import registry
from daemon.digest import page as pages
from daemon.digest.blocks import Sheet
from daemon.digest.build import build, sections
from daemon.digest.page import page
from daemon.digest.sections import open_by_age, time_to_removal
from daemon.digest.view import Week
from daemon.jobs import digest
from daemon.render.check import problems_of
from daemon.render.templates import Templates, Text
from daemon.rulefile.blocks import Digest as Wanted
from daemon.store import alerts, digests, esps, outbox, reviews, state
from daemon.store.reviews import NewReview
from daemon.store.tables import messages, takedowns
from tests.jobs.letterhouse import House, house
from tests.jobs.test_followups import become
from tests.postgres import server

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 11, 23, 6, tzinfo=UTC)  # seven o'clock in Oslo
LEADS = {"leads": Wanted("leads", ("lead@hotline.example", "Deputy@hotline.example"))}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = None if request.param == "sqlite" else server().url()
    found = house(tmp_path if url is None else url)
    found.now = SUNDAY
    yield found
    found.store.close()
    if url is not None:
        server().drop(url)


def queue(home: House, at: datetime, wanted: dict[str, Wanted] = LEADS) -> int:
    home.now = at
    return digest.tick(home.store, home.desk, wanted, at)


def made(home: House, *scope: str) -> Text:
    with home.store.read() as conn:
        view = digest.view_of(conn, Week(2026, 47), home.desk, home.now, scope)
        return page(build(conn, view), view, home.desk.templates)


def read(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_it_leaves_on_monday_at_seven_once_for_each_recipient(home: House) -> None:
    assert queue(home, MONDAY_MORNING - timedelta(minutes=1)) == 0
    assert queue(home, MONDAY_MORNING) == 2
    assert queue(home, MONDAY_MORNING + timedelta(days=6)) == 0
    home.post()
    assert sorted(row.to_address for _, row, _ in home.sent) == ["Deputy@hotline.example", "lead@hotline.example"]
    with home.store.read() as conn:
        assert digests.get(conn, "2026-W47", "LEAD@hotline.example") is not None


def test_it_is_sent_although_there_is_nothing_to_say(home: House) -> None:
    queue(home, MONDAY_MORNING)
    home.post()
    text = home.sent[0][2]
    assert text.subject == "Notice Tracking week 47: nothing needs you, 0 removed, 0 open"
    assert "Nothing needs you this week." in text.body
    assert "Open at the end of the week: 0. To verify: 0." in text.body


def test_a_message_id_belongs_to_the_week_and_the_recipient(home: House) -> None:
    queue(home, MONDAY_MORNING)
    home.post()
    ids = {row.message_id for _, row, _ in home.sent}
    assert len(ids) == 2
    assert ids == {read(letter.raw)["message-id"] for _, _, letter in home.sent}


def test_it_says_that_a_machine_made_it(home: House) -> None:
    queue(home, MONDAY_MORNING)
    home.post()
    head = read(home.sent[0][2].raw)
    assert head["auto-submitted"] == "auto-generated"
    assert head["x-auto-response-suppress"] == "OOF, AutoReply"
    assert head["list-id"] == "<digest.hotline.example>"


def test_late_weeks_are_made_up_for_and_marked(home: House) -> None:
    queue(home, MONDAY_MORNING)
    assert queue(home, MONDAY_MORNING + timedelta(weeks=3, days=2)) == 6
    home.post()
    subjects = {letter.subject.partition(":")[0] for _, row, letter in home.sent if row.to_address.startswith("lead")}
    late = [f"Notice Tracking week {number} (late)" for number in (48, 49, 50)]
    assert subjects == {"Notice Tracking week 47", *late}


def test_nothing_leaves_in_observe_mode(home: House) -> None:
    with home.store.write() as conn:
        state.set_mode(conn, "observe", home.now, "anna")
    assert queue(home, MONDAY_MORNING) == 0


def test_it_leaves_at_the_wanted_day_and_hour(home: House) -> None:
    wanted = {"leads": Wanted("leads", ("lead@hotline.example",), frozenset({1}), time(9, 30))}
    assert queue(home, datetime(2026, 11, 24, 8, 29, tzinfo=UTC), wanted) == 0
    assert queue(home, datetime(2026, 11, 24, 8, 30, tzinfo=UTC), wanted) == 1


def test_the_figures_are_those_of_the_end_of_the_week(home: House) -> None:
    first, second = home.notice(1, age=48, urls=3), home.notice(2, age=24)
    home.now = SUNDAY + timedelta(hours=6)
    become(home, first, "removed")
    home.now = MONDAY_MORNING + timedelta(days=2)
    become(home, second, "removed")
    found = made(home)
    assert found.subject == "Notice Tracking week 47: nothing needs you, 1 removed, 3 open"
    assert re.search(r"URLs reported +4 ", found.text)
    assert re.search(r"^All URLs +4 +3 ", found.text, re.MULTILINE)


def test_open_urls_count_in_the_time_to_removal(home: House) -> None:
    one = home.notice(1, age=96, urls=9)
    become(home, one, "removed")
    home.now = MONDAY_MORNING
    line = next(line for line in made(home).text.splitlines() if line.startswith("All URLs"))
    assert line.split() == ["All", "URLs", "9", "8", "not", "yet", "not", "yet", "0", "%", "0", "%", "0", "%"]


def test_hours_are_counted_alike_by_every_database(home: House) -> None:
    for number, age in enumerate((0.5, 1.0, 23.99, 24.0, 71.5), 1):
        become(home, home.notice(number, age=age), "removed")
    home.now = MONDAY_MORNING
    with home.store.read() as conn:
        view = digest.view_of(conn, Week(2026, 47), home.desk, home.now)
        assert sorted(one.hours for one in time_to_removal.ask(conn, view)) == [0, 1, 23, 24, 71]


def test_a_survivor_linked_url_is_always_shown(home: House) -> None:
    home.notice(1, age=30, linked=True)
    home.now = MONDAY_MORNING
    text = made(home).text
    assert "Open at the end of the week: 1. To verify: 0." in text
    assert re.search(r"^HL-1 +1 +host +41 h", text, re.MULTILINE)


def test_a_lead_sees_only_the_esps_in_scope(home: House) -> None:
    home.notice(1, esp="mine", urls=2)
    home.notice(2, esp="theirs", urls=5, linked=True)
    with home.store.write() as conn:
        theirs = esps.ids_of(conn, ["theirs"])["theirs"]
        reviews.add(conn, NewReview("mixed", "alert", None, None, theirs), home.now)
    home.now = MONDAY_MORNING
    assert made(home, "mine").subject == "Notice Tracking week 47: nothing needs you, 0 removed, 2 open"
    assert "theirs" not in made(home, "mine").text.lower()
    assert made(home).subject == "Notice Tracking week 47: 1 thing needs you, 0 removed, 7 open"


@pytest.mark.parametrize(
    ("category", "automatic", "answers"),
    [
        ("acknowledged", True, False),
        ("out_of_office", True, False),
        ("bounce_hard", True, False),
        ("other", True, False),
        ("other", False, True),
        ("refused", False, True),
        ("removed", True, True),
    ],
)
def test_a_receipt_is_no_answer(home: House, category: str, automatic: bool, answers: bool) -> None:
    notice = home.notice(1, age=20 * 24, urls=2)
    with home.store.write() as conn:
        conn.execute(
            insert(messages).values(
                message_id="m",
                fingerprint="f",
                mailbox="esp",
                received_at=home.now - timedelta(days=3),
                recorded_at=home.now,
                category=category,
                automatic=automatic,
                state="decided",
                esp_id=home.row(notice).esp_id,
            )
        )
    home.now = MONDAY_MORNING
    said = "Every ESP with open URLs answered" if answers else "Silent for 14 days or more: 1 ESP."
    assert said in made(home).text


def test_a_letter_that_waits_for_approval_is_one_thing_not_two(home: House) -> None:
    home.esp("host", ("abuse@host.example", "primary"), ("abuse@transit.example", "upstream"))
    home.now = datetime(2026, 11, 19, 9, tzinfo=UTC)
    home.notice(1, age=97)
    home.tick()
    home.now = MONDAY_MORNING
    assert made(home).subject.startswith("Notice Tracking week 47: 1 thing needs you")


def test_what_waits_for_a_person_is_named_with_owner_and_command(home: House) -> None:
    home.esp("host", ("abuse@host.example", "primary"), ("abuse@transit.example", "upstream"))
    home.now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    home.notice(1, age=97)
    home.tick()
    home.now = MONDAY_MORNING
    with home.store.write() as conn:
        reviews.add(conn, NewReview("mixed"), home.now - timedelta(hours=23))
        reviews.add(conn, NewReview("contradiction"), home.now - timedelta(hours=25))
        state.pause(conn, "sending", "a reason that is private", home.now, "anna")
        assert outbox.counts(conn)["held"] == 1
    text = made(home).text
    needs = text[text.index("1. Needs you") : text.index("2. Six numbers")]
    assert "Sending is stopped: no letter leaves" in needs
    assert "contradiction" in needs
    assert "mixed" not in needs
    assert "private" not in needs


def test_the_workbook_lies_beside_it_and_is_the_same_each_time(home: House) -> None:
    home.notice(1, age=30, urls=3)
    queue(home, MONDAY_MORNING)
    home.post()
    attached = list(read(home.sent[0][2].raw).iter_attachments())
    assert [part.get_filename() for part in attached] == ["Notice-Tracking-2026-W47.xlsx"]
    with home.store.read() as conn:
        again = [digest.make(conn, Week(2026, 47), home.desk, home.now).workbook for _ in range(2)]
    assert again[0] == again[1]
    assert attached[0].get_content() == again[0]


def test_in_the_workbook_text_stays_text_and_times_are_times(home: House) -> None:
    home.notice(1, esp='=HYPERLINK("https://a.example")', age=400, urls=2, linked=True)
    home.notice(2, esp="https://b.example/x", age=30, urls=1)
    home.now = MONDAY_MORNING
    with home.store.read() as conn:
        raw = digest.make(conn, Week(2026, 47), home.desk, home.now).workbook
    book = CalamineWorkbook.from_object(io.BytesIO(raw))
    assert book.sheet_names == [
        "Numbers",
        "Survivor-linked",
        "Time to removal",
        "Open URLs",
        "Silent ESPs",
        "Unresponsive ESPs",
        "New ESPs",
        "Definitions",
    ]
    rows = book.get_sheet_by_name("Open URLs").to_python()
    assert rows[1][2] == '=HYPERLINK("https://a.example")'
    assert isinstance(rows[1][5], datetime)
    assert all(str(row[3]).startswith("hxxps://") for row in rows[1:])
    assert len(rows) == 4
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        parts = b"".join(packed.read(name) for name in packed.namelist())
    assert b"<f>" not in parts
    assert b"<hyperlink" not in parts


def test_a_broken_sheet_costs_the_workbook_not_the_digest(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Sheet:
        return Sheet("Bad", ("a",), (1 // 0 for _ in range(2)))

    monkeypatch.setattr(open_by_age, "sheet", broken)
    queue(home, MONDAY_MORNING)
    home.post()
    assert list(read(home.sent[0][2].raw).iter_attachments()) == []
    assert "Open by age" in home.sent[0][2].body


class Outline(HTMLParser):
    """Collects what a mail program that knows little would stumble over."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.data.append(data)


def outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    return found


def test_outlook_can_show_it_and_a_screen_reader_can_read_it(home: House) -> None:
    home.notice(1, age=30, urls=3, linked=True)
    home.now = MONDAY_MORNING
    html = made(home).html or ""
    found = outline(html)
    names = {tag for tag, _ in found.tags}
    assert not names & {"img", "svg", "style", "link", "script", "a", "div"}
    assert not re.search(r"flex|grid|radius|var\(|url\(|https?:|class=|width: *[0-9]+%", html)
    for tag, attributes in found.tags:
        if tag == "th":
            assert attributes["scope"] in ("col", "row")
        if tag == "html":
            assert attributes["lang"] == "en"
        if tag == "body":
            assert attributes["bgcolor"]
    tables = [attributes for tag, attributes in found.tags if tag == "table"]
    layout = sum(1 for attributes in tables if attributes.get("role") == "presentation")
    assert len(tables) - layout == sum(1 for tag, _ in found.tags if tag == "caption")
    bars = [attributes for tag, attributes in found.tags if attributes.get("bgcolor") == "#2f6f9f"]
    assert bars
    assert all(str(one["width"]).isdigit() for one in bars)


def test_html_and_text_say_the_same(home: House) -> None:
    home.notice(1, age=30, urls=3, linked=True)
    home.notice(2, esp="a<b>&amp;", age=400, urls=2)
    home.now = MONDAY_MORNING
    found = made(home)
    html = " ".join(" ".join(outline(found.html or "").data).split()).replace("\xa0", "")
    text = " ".join(re.sub(r"^[-= ]{3,}$|#+", "", found.text, flags=re.MULTILINE).split())
    words = {word for word in text.split() if word != "-"}
    assert words - set(html.split()) == set()


def test_a_large_digest_stays_below_what_gmail_cuts_off(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 40):
        home.notice(number, esp="x" * 150 + str(number), age=400 + number, linked=True, urls=5)
    home.now = MONDAY_MORNING
    assert len((made(home).html or "").encode()) < pages.MAX_HTML
    monkeypatch.setattr(pages, "MAX_HTML", 40_000)
    short = made(home)
    assert len((short.html or "").encode()) < 40_000
    assert "(the first 5 of 15)" in short.text


def test_no_url_and_no_address_stands_in_it(home: House) -> None:
    home.notice(1, age=400, urls=3, linked=True)
    home.now = MONDAY_MORNING
    found = made(home)
    for part in (found.text, found.html or ""):
        assert "host.example" not in part
        assert "@" not in part


def test_one_broken_section_does_not_cost_the_others(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(conn: Connection, _view: object) -> None:
        conn.execute(text("SELECT 'abuse@host.example' FROM nowhere"))

    monkeypatch.setattr(time_to_removal, "ask", broken)
    home.now = MONDAY_MORNING
    found = made(home)
    assert found.text.count("This part could not be counted") == 1
    assert "5. Open by age" in found.text
    assert "abuse@" not in found.text


def test_every_section_says_how_it_counts_and_the_document_says_the_same() -> None:
    known = (Path(__file__).parents[2] / "docs" / "figures.md").read_text(encoding="utf-8")
    flat = " ".join(known.split())
    orders = []
    for _, module in sections():
        assert module.HOW in flat, module.__name__
        orders.append(module.ORDER)
    assert orders == sorted(set(orders))


def test_a_broken_digest_template_is_told_before_the_start(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "digest.html.j2").write_text("<p>{{ weak }}</p>")
    problems = list(problems_of(Templates(tmp_path), more={"digest": pages.sample()}))
    assert len(problems) == 1
    assert problems[0].startswith("templates/en/digest.html.j2, line 1: 'weak' is undefined; it may use: ")
    assert list(problems_of(Templates(), more={"digest": pages.sample()})) == []


def test_sections_are_found_by_their_files() -> None:
    assert [name for name, _ in sections()][:6] == [
        "needs_you",
        "six_numbers",
        "survivor_linked",
        "time_to_removal",
        "open_by_age",
        "silent_esps",
    ]
    assert [name for name, _ in sections(["open_by_age"])] == ["open_by_age"]
    assert set(registry.modules("daemon.digest.sections")) == {name for name, _ in sections()}


def test_mail_of_others_is_counted_by_whose_it_is(home: House) -> None:
    assert "No mail of others came, and none waits." in made(home).text
    home.now = SUNDAY
    with home.store.write() as conn:
        first = reviews.add(conn, NewReview("survivor"), home.now)
        reviews.add(conn, NewReview("press"), home.now - timedelta(days=9))
        alerts.take(conn, [first], "anna@hotline.example", home.now + timedelta(minutes=4))
    home.now = MONDAY_MORNING
    text = made(home).text
    assert re.search(r"^Survivors and families +1 +1 +18 h +4 min", text, re.MULTILINE)
    assert re.search(r"^Press +0 +1 ", text, re.MULTILINE)
    assert "Survivors and families wait for an answer" in text


def test_a_url_that_was_passed_on_is_charged_to_its_esp_only_until_then(home: House) -> None:
    one = home.notice(1, age=96, urls=1)
    with home.store.write() as conn:
        conn.execute(takedowns.update().values(referred_at=home.now - timedelta(hours=90)))
    become(home, one, "already_gone")  # a person closed it, after the one who stores it had removed it
    home.now = MONDAY_MORNING
    with home.store.read() as conn:
        view = digest.view_of(conn, Week(2026, 47), home.desk, home.now)
        assert [(one.removed, one.hours) for one in time_to_removal.ask(conn, view)] == [(False, 6)]


def test_what_waits_to_be_passed_on_is_counted(home: House) -> None:
    assert "No ESP named another one" in made(home).text
    with home.store.write() as conn:
        for reason, kind in (("new_target", "task"), ("new_target", "task"), ("referral_loop", "alert")):
            proposal = [{"notice": "HL-1", "position": 1, "outcome": "not_hosted"}]
            reviews.add(conn, NewReview(reason, kind, proposal=proposal), home.now)
        reviews.add(conn, NewReview("new_target", "task"), home.now)
    text = made(home).text
    assert re.search(r"^Proposed: waits for a person +2 ", text, re.MULTILINE)
    assert re.search(r"^Rings and long chains +1 ", text, re.MULTILINE)
