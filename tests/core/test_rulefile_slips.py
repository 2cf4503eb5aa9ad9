"""Every typical slip is found at its line and column, with the mend, in one run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from daemon.rulefile.load import decode
from daemon.rulefile.problem import Problem, apply_edits
from daemon.rules.check import check

SLIPS = sorted((Path(__file__).resolve().parents[1] / "slips").glob("*.yaml"))
FINE = next(path for path in SLIPS if path.stem == "fine")
_HEAD = re.compile(r"# (\d+):(\d+) (R\d{3}) \| (.+)")


def problems(path: Path) -> tuple[str, tuple[Problem, ...]]:
    text, first = decode(path.read_bytes())
    return text, (*first, *check(text).problems)


def test_forty_slips_are_written_down() -> None:
    assert len(SLIPS) > 40


def test_the_file_without_a_slip_is_accepted() -> None:
    assert problems(FINE)[1] == ()


@pytest.mark.parametrize("path", [path for path in SLIPS if path != FINE], ids=lambda path: path.stem)
def test_a_slip_is_found_at_its_place_with_its_mend(path: Path) -> None:
    text, found = problems(path)
    head = _HEAD.match(text)
    assert head is not None
    line, column, code, mend = int(head[1]), int(head[2]), head[3], head[4]
    here = [(one.line, one.column, one.code) for one in found]
    assert (line, column, code) in here
    told = next(one for one in found if (one.line, one.column, one.code) == (line, column, code))
    assert mend in told.fix or mend in told.message


@pytest.mark.parametrize("path", [path for path in SLIPS if path != FINE], ids=lambda path: path.stem)
def test_a_certain_mend_mends_and_leaves_the_rest_byte_for_byte(path: Path) -> None:
    text, found = problems(path)
    edits = sorted(edit for one in found for edit in one.edits) if False else [e for one in found for e in one.edits]
    mended = apply_edits(text, found)
    if not edits:
        assert mended == text
        return
    assert len(check(mended).problems) < len(found)
    outside = [line for number, line in enumerate(text.splitlines(), 1) if number not in {one.line for one in found}]
    assert [line for line in outside if line not in mended.splitlines()] == []


def test_several_slips_are_told_in_one_run() -> None:
    text = FINE.read_text(encoding="utf-8")
    text = text.replace("means: acknowledged", "means: acknowlegded").replace("to: second_contact", "to: secnd_contact")
    text = text.replace("- from the cache", "- from the cache: x").replace("zone: Europe/Oslo", "zone: Oslo")
    assert {one.code for one in check(text).problems} >= {"R209", "R105", "R216"}


def test_a_problem_reads_as_staff_see_it() -> None:
    text = "version: 1\nrules:\n  a:\n    means: remvoed\n"
    told = next(one for one in check(text).problems if one.code == "R209")
    assert told.render("rules.yaml", text) == (
        'rules.yaml:4:12: error R209: "remvoed" is not one of the values of "means".\n'
        "     4 |     means: remvoed\n"
        "       |            ^^^^^^^\n"
        '       = Did you mean "removed"?'
    )


def test_yes_no_dates_and_numbers_are_text() -> None:
    text = FINE.read_text(encoding="utf-8").replace(
        "- from the cache", "- no\n      - 2026-10-02\n      - 12.50\n      - yes"
    )
    assert check(text).problems == ()
