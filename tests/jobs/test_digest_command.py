"""The commands that show what would leave: digest, simulate, letters; each slip is one sentence and an exit code."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.__main__ import main
from daemon.cli import _common
from tests.jobs.letterhouse import House, house

SETTINGS = """
[notice]
number_format = 'HL-\\d+'
[keys]
message_key = "0123456789abcdef0123456789abcdef"
[database]
url = "sqlite:///{home}/noticed.db"
[paths]
rules = "rules.yaml"
[[mailbox]]
name = "esp"
kind = "maildir"
address = "notices@hotline.example"
authserv_id = "@none"
path = "{home}/mail"
"""
RULES = """
version: 1
rules:
  removed-general:
    means: removed
    says:
      en:
        - has been removed
    examples:
      - The page has been removed.
team: {anna: {address: anna@hotline.example, login: anna}}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    (tmp_path / "noticed.toml").write_text(SETTINGS.format(home=tmp_path))
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "mail").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_common, "login", lambda: "anna")
    found = house(tmp_path)
    found.now = datetime.now(UTC)
    return found


def test_the_preview_writes_html_text_and_workbook_side_by_side(home: House, tmp_path: Path) -> None:
    home.notice(1, age=300)
    assert main(["digest", "--preview", str(tmp_path / "week.html")]) == 0
    assert (tmp_path / "week.html").read_text().startswith("<!DOCTYPE html>")
    assert (tmp_path / "week.txt").read_text().startswith("Notice Tracking, week ")
    assert (tmp_path / "week.xlsx").read_bytes().startswith(b"PK")


def test_a_wrong_week_scope_or_folder_is_told_in_one_sentence(home: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["digest", "--week", "2026-W54"]) == 2
    assert main(["digest", "--week", "2027-W53"]) == 2
    assert main(["digest", "--for", "nobody"]) == 2
    assert main(["digest", "--preview", "/nowhere/at/all.html"]) == 1
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 4
    assert "is not a week; write it like 2026-W47" in told[1]


def test_simulate_tells_domains_only_and_changes_nothing(home: House, capsys: pytest.CaptureFixture[str]) -> None:
    one = home.notice(1, age=1)
    assert main(["simulate", "--days", "7", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["notices"] == 1
    assert {letter["to_domain"] for letter in found["letters"]} == {"host.example"}
    assert [letter["rungs"] for letter in found["letters"]] == sorted(letter["rungs"] for letter in found["letters"])
    assert main(["simulate"]) == 0
    assert "@" not in capsys.readouterr().out
    assert home.row(one).rung == 0


def test_a_letter_is_shown_approved_and_dropped_by_one_of_the_team(
    home: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home.now = datetime(2026, 11, 16, 9, tzinfo=UTC)
    home.esp("host", ("abuse@host.example", "primary"), ("abuse@transit.example", "upstream"))
    home.esp("other", ("abuse@other.example", "primary"), ("abuse@carrier.example", "upstream"))
    home.notice(1, age=97)
    home.notice(2, esp="other", age=97)
    home.tick()
    assert main(["letters", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    numbers = [str(one["number"]) for one in listed]
    assert [one["state"] for one in listed] == ["held", "held"]
    assert main(["letters", "show", numbers[0]]) == 0
    shown = capsys.readouterr().out
    assert "hxxps://" in shown
    assert "https://" not in shown
    assert main(["letters", "approve", numbers[0]]) == 0
    assert main(["letters", "drop", numbers[1]]) == 0
    assert main(["letters", "approve", numbers[0]]) == 1
    assert main(["letters", "approve", "99"]) == 1
    assert "does not wait for approval: it is queued" in capsys.readouterr().err
    monkeypatch.setattr(_common, "login", lambda: "stranger")
    assert main(["letters", "drop", numbers[1]]) == 2


def test_a_letter_is_previewed_as_text_and_html(
    home: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home.now
    assert main(["letters", "preview", "reminder-1", "--language", "pt-BR", "--to", str(tmp_path / "seen")]) == 0
    assert (tmp_path / "seen" / "reminder-1.pt.txt").read_text(encoding="utf-8").startswith("Subject: [")
    assert 'lang="pt"' in (tmp_path / "seen" / "reminder-1.pt.html").read_text(encoding="utf-8")
    assert main(["letters", "preview", "no-such"]) == 1
    assert "there is no letter no-such; known: notice, " in capsys.readouterr().err
