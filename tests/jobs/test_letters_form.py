"""The form goes with letters to the ESPs that want it, and what comes back of it finds the letter it went with."""

from __future__ import annotations

import email
import email.policy
from base64 import b64encode
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import update

from daemon.app.apart import Apart
from daemon.app.wiring import Judge
from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.decide.policy import Policy
from daemon.decide.reading import ask
from daemon.jobs.arrivals import Recorded
from daemon.jobs.folders import Folders
from daemon.jobs.intake import Intake, Watch
from daemon.message.form import MARK, read_form
from daemon.store import journal, ledger, notices, state
from daemon.store.tables import esps as esp_table
from tests.edges.test_render_echo import shipped
from tests.edges.test_render_form import HEAD
from tests.jobs.letterhouse import DESK, House, house
from tests.memory import FakeClock, MemoryMailbox, Server

POLICY = Policy(
    number_format=r"HL-\d+",
    authserv_id="mx.hotline.example",
    secret=DESK.key,
    our_addresses=frozenset({"notices@hotline.example"}),
)


@pytest.fixture
def home(tmp_path: Path) -> House:
    found = house(tmp_path)
    found.desk = replace(DESK, form=True)
    found.esp("host", ("abuse@host.example", "primary"), language="de")
    return found


def attached(home: House) -> list[EmailMessage]:
    raw = home.sent[-1][2].raw
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return [part for part in found.iter_attachments() if isinstance(part, EmailMessage)]


def form_of(home: House) -> bytes:
    (part,) = attached(home)
    assert (part.get_content_type(), part.get_filename()) == ("text/csv", "noticed-form.csv")
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def wish(home: House, value: bool) -> None:
    with home.store.write() as conn:
        conn.execute(update(esp_table).values(settings={"form": value}))


def test_a_reminder_carries_the_form_of_its_items_under_its_own_message_id(home: House) -> None:
    home.notice(1, urls=3)
    home.tick()
    found = read_form(form_of(home))
    assert found is not None
    assert f"<{found.token}>" == home.sent[-1][1].message_id
    assert [(row.notice, row.item, row.url) for row in found.rows] == [
        ("HL-1", n, f"hxxps://host[.]example/1/{n}") for n in (1, 2, 3)
    ]
    assert b"ENTFERNT" in form_of(home)
    assert "Formular" in home.sent[-1][2].body


def test_an_esp_s_own_wish_goes_before_the_setting(home: House) -> None:
    wish(home, value=False)
    home.notice(1)
    home.tick()
    assert attached(home) == []
    assert "Formular" not in home.sent[-1][2].body
    home.desk = DESK
    wish(home, value=True)
    home.tick(hours=24)
    assert len(attached(home)) == 1


def test_a_letter_to_our_own_people_carries_none(home: House) -> None:
    home.notice(1, age=24 * 7 + 1)
    home.tick()
    assert home.sent[-1][1].template == "lead"
    assert attached(home) == []


def answer(home: House, data: bytes) -> Decision:
    mail = HEAD.format(text="", dmarc="pass", kind="text/csv", name="form.csv", data=b64encode(data).decode())
    message = Apart().read(mail.encode())
    assert message.forms
    with home.store.read() as conn:
        keys = ask(message, POLICY)
        return decide(message, ledger.look_up(conn, [keys]).known(keys), shipped(), POLICY)


def test_what_comes_back_is_applied_to_the_items_of_its_letter(home: House) -> None:
    home.notice(1, urls=2)
    home.tick()
    text = form_of(home).decode("utf-8-sig").replace("/1/1;", "/1/1;ENTFERNT;;").replace("/1/2;", "/1/2;Entfernt;;")
    decision = answer(home, text.encode("cp1252"))
    assert decision.reasons == ()
    assert [(one.outcome.value, one.closes) for one in decision.items] == [("removed", True), ("removed", True)]


def arrive(home: House, data: bytes, *, observe: bool = False) -> Recorded:
    """The form comes back into the mailbox, and the daemon's own walk takes it."""
    mail = HEAD.format(text="", dmarc="pass", kind="text/csv", name="form.csv", data=b64encode(data).decode())
    server = Server()
    server.deliver(mail.replace("\n", "\r\n").encode())
    judge = Judge(shipped(), POLICY)
    intake = Intake(home.store, judge, Folders(), FakeClock(home.now))
    watch = Watch(folders=Folders().all, junk="Junk")
    if observe:
        with home.store.write() as conn:
            state.set_mode(conn, "observe", home.now, "test")
        intake.walk(MemoryMailbox(server, "esp"), watch)
        with home.store.write() as conn:
            state.set_mode(conn, "live", home.now, "test")
    return intake.walk(MemoryMailbox(server, "esp"), watch)


@pytest.mark.parametrize("observe", [False, True])
def test_the_daemon_closes_what_the_form_says_also_from_the_kept_mail(home: House, *, observe: bool) -> None:
    one = home.notice(1, urls=2)
    home.tick()
    text = form_of(home).decode("utf-8-sig").replace("/1/1;", "/1/1;ENTFERNT;;").replace("/1/2;", "/1/2;Entfernt;;")
    done = arrive(home, text.encode("cp1252"), observe=observe)
    assert (done.set_aside, done.closed) == (0, 2)
    with home.store.read() as conn:
        found = [(item.status, item.evidence) for item in notices.items_of(conn, one)]
        assert journal.verify(conn) is None
    assert found == [("removed", "authenticated")] * 2


def test_rows_about_a_notice_that_its_letter_did_not_name_move_nothing(home: House) -> None:
    home.notice(1)
    home.tick()
    home.notice(2)
    text = form_of(home).decode("utf-8-sig").replace("HL-1;1;hxxps://host[.]example/1/1;", "HL-2;1;;ENTFERNT")
    decision = answer(home, text.encode())
    assert "form_row" in decision.reasons
    assert not any(one.closes for one in decision.items)
    assert text.startswith(MARK)
