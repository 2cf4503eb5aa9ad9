"""The register of ESPs by the real command: two persons, a table out and in, introductions, evidence."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pytest

from tests.system.home import Home, Ran
from tests.system.test_process import answer

NEW = "abuse@alpha-new.example"


@pytest.fixture
def home(place: Path) -> Home:
    found = Home(place)
    found.change(
        "rules.yaml",
        "  anna: {address: anna@hotline.example, login: anna}\n",
        "  anna: {address: anna@hotline.example, login: anna}\n"
        "  bert: {address: bert@hotline.example, login: bert, lead: true}\n",
    )
    ok(found.run("notices", "import", "notices.csv"))
    return found


def ok(ran: Ran) -> str:
    assert ran.code == 0, ran.sentences
    return ran.out


def as_bert(home: Home, *words: str) -> Ran:
    home.env["USER"] = "bert"
    try:
        return home.run(*words)
    finally:
        del home.env["USER"]


def test_an_esp_is_added_set_and_shown(home: Home):
    assert '"gamma" is in the register' in ok(
        home.run("esps", "add", "Gamma", "--kind", "cdn", "--contact", "abuse@gamma.example", "--language", "de")
    )
    ok(home.run("esps", "set", "gamma", "zone", "Europe/Oslo"))
    ok(home.run("esps", "set", "gamma", "channel", "form"))
    shown = ok(home.run("esps", "show", "Gamma"))
    assert "abuse@gamma.example" in shown
    found = home.run("esps", "show", "gamma", "--json").json()
    assert found["settings"]["channel"] == "form"  # type: ignore[index]
    listed = home.run("esps", "list", "--json").json()
    assert [one["key"] for one in listed] == ["alpha", "beta", "gamma"]  # type: ignore[index]
    again = home.run("esps", "add", "GAMMA")
    assert (again.code, again.sentences) == (
        1,
        ['noticed: "gamma" is in the register already; see: noticed esps show gamma'],
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("esps set alpha lnguage de", 'an ESP has no setting "lnguage"; did you mean "language"?'),
        ("esps set alpha zone Oslo", "zone must be a time zone"),
        ("esps show nobody", 'there is no ESP "nobody"'),
        ("esps domain propose alpha gmail.com", "this domain cannot speak for an ESP: it is a free-mail service"),
        ("esps confirm 7", "there is no change 7"),
        ("esps mark alpha activate", "an ESP that is seen cannot become active"),
        ("esps unresponsive confirm alpha", "only a lead may decide this"),
        ("onboard confirm alpha", "no introduction to alpha waits for an answer"),
        ("case nobody --out x.zip", 'there is neither a notice nor an ESP "nobody"'),
        ("esps import nothing.csv", "there is no such file"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(home: Home, words: str, says: str):
    ran = home.run(*words.split())
    assert ran.code in (1, 2)
    assert any(says in one for one in ran.sentences), ran.err


def test_a_contact_changes_by_two_persons_only(home: Home):
    ok(home.run("esps", "contact", "propose", "alpha", NEW, "--instead-of", "abuse@alpha.example"))
    refused = home.run("esps", "confirm", "1")
    assert "somebody else must confirm it" in refused.sentences[0]
    assert "the old address is told" in ok(as_bert(home, "esps", "confirm", "1"))
    waiting = home.run("esps", "changes", "--json").json()
    assert (waiting[0]["state"], waiting[0]["confirmed_by"]) == ("waiting", "bert")  # type: ignore[index]
    assert "contact-change" in ok(home.run("letters", "list"))
    assert "Change 1 is stopped." in ok(home.run("esps", "stop", "1"))


def test_a_mail_that_names_another_contact_shows_how_to_propose_it(home: Home):
    rule = "  moved:\n    means: contact_change\n    says: [address has changed]\n    examples: [Our address has changed.]\n"
    home.change("rules.yaml", "rules:\n", "rules:\n" + rule)
    ok(home.run("live", "--yes"))
    home.deliver("m1", answer(1, f"Our abuse address has changed. Please write to {NEW}."))
    ok(home.run("once"))
    command = f"noticed esps contact propose alpha {NEW} --instead-of abuse@alpha.example --mail 1"
    assert command in ok(home.run("review", "show", "1"))


def test_a_merger_asks_and_is_for_good(home: Home):
    ok(home.run("esps", "merge", "beta", "alpha"))
    assert as_bert(home, "esps", "confirm", "1").code != 0  # nobody there to say yes
    ok(as_bert(home, "esps", "confirm", "1", "--yes"))
    found = home.run("esps", "show", "alpha", "--json").json()
    assert found["notices"] == 2  # type: ignore[index]
    assert 'was merged into "alpha"' in home.run("esps", "show", "beta").sentences[0]


def test_the_register_goes_out_and_in(home: Home):
    for name in ("esps.csv", "esps.xlsx"):
        assert "2 ESPs in" in ok(home.run("esps", "export", name))
        assert "It would give: 0 new ESPs, 0 settings changed" in ok(home.run("esps", "import", name))
    home.write("more.csv", "name,contacts,language\nDelta,abuse@delta.example,xx-yy-zz\n")
    bad = home.run("esps", "import", "more.csv", "--write")
    assert bad.code == 1
    assert bad.sentences[0].startswith("more.csv, row 2, column language: must be a language code")
    home.write("more.csv", "name,contacts,language\nDelta,abuse@delta.example,fr\n")
    assert "1 new ESP" in ok(home.run("esps", "import", "more.csv", "--write"))


def test_an_introduction_waits_and_is_listed(home: Home):
    assert "waits for approval (noticed letters approve 1)" in ok(home.run("onboard", "start", "alpha"))
    assert "1 started" in ok(home.run("onboard", "list"))
    letter = ok(home.run("letters", "show", "1"))
    assert "Alpha" in letter
    assert "onboard.1." in letter
    ok(home.run("onboard", "show", "alpha"))
    ok(home.run("onboard", "stop", "alpha"))
    assert "1 stopped" in ok(home.run("onboard", "list"))


def test_a_bundle_is_written_for_its_owner_only(home: Home):
    assert "keep it safe" in ok(home.run("case", "alpha", "--out", "case.zip"))
    path = home.path / "case.zip"
    assert path.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(path) as packed:
        assert "summary.html" in packed.namelist()
    before = path.read_bytes()
    ok(home.run("case", "HLN-2026-000001", "--out", "other.zip"))
    ok(home.run("case", "alpha", "--out", "case.zip"))
    assert path.read_bytes() == before
    assert home.run("audit", "verify").code == 0


def test_no_change_holds_while_an_objection_may_lie_unread(home: Home):
    ok(home.run("live", "--yes"))
    ok(home.run("esps", "contact", "propose", "alpha", NEW, "--instead-of", "abuse@alpha.example"))
    ok(as_bert(home, "esps", "confirm", "1"))
    with sqlite3.connect(home.database) as base:
        base.execute("UPDATE outbox SET state = 'sent', sent_at = '2026-01-05 09:00:00'")
        base.execute("UPDATE esp_changes SET apply_at = '2026-01-12 09:00:00'")
    (home.path / "Maildir").rename(home.path / "away")
    (home.path / "Maildir").write_text("no folder")
    assert home.run("once").code != 0
    assert home.run("esps", "changes", "--json").json()[0]["state"] == "waiting"  # type: ignore[index]
    (home.path / "Maildir").unlink()
    (home.path / "away").rename(home.path / "Maildir")
    ok(home.run("once"))
    assert ok(home.run("esps", "changes")) == "No change waits.\n"
    assert NEW in ok(home.run("esps", "show", "alpha"))
