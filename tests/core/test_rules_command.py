"""``noticed rules``: what it prints, how it exits, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from daemon.__main__ import main
from tests.core.rulebook import SHIPPED
from tests.core.test_rulefile_slips import FINE, SLIPS

RULES = ["--rules", str(FINE)]


def test_many_files_give_one_json_list(capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(path) for path in SLIPS]
    assert main(["rules", "check", "--json", *paths]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [row["file"] for row in rows] == paths
    assert [row["ok"] for row in rows] == [path == FINE for path in SLIPS]
    for row in rows:
        for problem in row["problems"]:
            assert {"line", "column", "code", "message", "fix"} <= problem.keys()


def test_a_right_file_exits_with_zero_and_an_unreadable_one_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check", str(FINE)]) == 0
    assert main(["rules", "check", "/nowhere/rules.yaml"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_fix_makes_the_certain_mends_and_keeps_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    slip = next(one for one in SLIPS if one.stem == "curly-quotes")
    path.write_bytes(slip.read_bytes())
    main(["rules", "check", "--fix", str(path)])
    before, after = slip.read_text(encoding="utf-8").splitlines(), path.read_text(encoding="utf-8").splitlines()
    assert [one for one, two in zip(before, after, strict=True) if one != two] == ["      - “we have received”"]
    assert main(["rules", "check", str(path)]) == 0


def test_try_says_who_won_and_what_cancelled(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "try", "The page has been removed.", *RULES]) == 0
    told = capsys.readouterr().out.splitlines()
    assert "removed by removed, line " in told[1]
    assert "(has/have been removed), sentence 0" in told[1]
    assert len(told) == len(set(told))
    assert main(["rules", "try", "The page has not, so to say, been removed; has been removed soon", *RULES]) == 0
    assert "cancelled by" in capsys.readouterr().out


def test_try_reads_its_text_as_a_mail_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    shipped = ["--rules", str(SHIPPED)]
    urls = ["--url", "https://a.example/1", "--url", "https://a.example/2"]
    assert main(["rules", "try", "REMOVED 1; NOT OURS 2", *urls, *shipped]) == 0
    told = capsys.readouterr().out
    assert "1. hxxps://a[.]example/1: removed\n" in told
    assert "2. hxxps://a[.]example/2: not_hosted\n" in told
    assert (
        main(
            ["rules", "try", "We removed https://a.example/1 but https://a.example/2 is still online", *urls, *shipped]
        )
        == 0
    )
    assert 'cancelled by reversal "but <url> is still' in capsys.readouterr().out


def test_explain_and_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mail = tmp_path / "a.eml"
    mail.write_text("From: a@b.example\nSubject: x\n\nThe page has been removed soon.\n", encoding="utf-8")
    assert main(["rules", "explain", str(mail), "--why-not", "removed", *RULES]) == 0
    assert "cancelled by hedge soon" in capsys.readouterr().out
    assert main(["rules", "explain", str(mail), "--why-not", "receipt", *RULES]) == 0
    assert "not there: we" in capsys.readouterr().out
    assert main(["rules", "explain", str(mail), "--why-not", "remvoed", *RULES]) == 2
    assert 'did you mean "removed"' in capsys.readouterr().err


def test_help_and_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "help", "r108"]) == 0
    assert "comment" in capsys.readouterr().out
    assert main(["rules", "help", "R999"]) == 2
    capsys.readouterr()
    assert main(["rules", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["properties"]["rules"]["additionalProperties"]["properties"]["means"]["enum"]
    assert json.loads((SHIPPED.parent / "docs" / "rules.schema.json").read_text(encoding="utf-8")) == schema


def test_fmt_changes_blanks_only(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(
        FINE.read_text(encoding="utf-8").replace("version: 1\n", "version: 1   \n") + "\n\n", encoding="utf-8"
    )
    assert main(["rules", "fmt", "--check", str(path)]) == 1
    assert main(["rules", "fmt", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == FINE.read_text(encoding="utf-8")


def test_the_shipped_file_has_no_slip_and_its_examples_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check", str(SHIPPED)]) == 0
    assert main(["rules", "test", str(SHIPPED)]) == 0
    assert "examples" in capsys.readouterr().out
