"""What the digest says of the register of ESPs: the unresponsive, and the funnel of introductions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.digest.build import build
from daemon.digest.page import page
from daemon.digest.view import Week
from daemon.jobs import approval, digest, onboarding, silence
from tests.jobs.registerhouse import BOTH, Register, opened


@pytest.fixture(params=BOTH)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    with opened(request.param, tmp_path) as found:
        furnish(found)
        yield found


def furnish(found: Register) -> None:
    found.esp()


def said(home: Register, *wanted: str, week: int = 47, scope: tuple[str, ...] = ()) -> str:
    with home.store.read() as conn:
        view = digest.view_of(conn, Week(2026, week), home.house.desk, home.now, scope)
        return page(build(conn, view, wanted), view, home.house.desk.templates).text


def silent(home: Register) -> None:
    for number in (1, 2, 3):
        home.house.notice(number, age=24 * 31)
    home.wait()


def test_the_unresponsive_are_shown_with_who_confirmed_them(home: Register) -> None:
    assert "No ESP is watched or unresponsive." in said(home, "unresponsive")
    silent(home)
    home.wait(hours=1)
    assert "a lead is asked" in said(home, "unresponsive")
    with home.store.write() as conn:
        silence.confirm(conn, "host", home.now, "leo")
    home.wait(hours=1)
    text = said(home, "unresponsive")
    assert "unresponsive" in text.split("silent for longest first")[1]
    assert "leo" in text
    assert "noticed case ESP" in text


def test_a_lead_sees_their_own_esps_only(home: Register) -> None:
    home.esp("other")
    silent(home)
    home.wait(hours=1)
    assert "No ESP is watched" in said(home, "unresponsive", scope=("other",))
    assert "Host" in said(home, "unresponsive", scope=("host",))


def test_the_funnel_counts_and_names_who_is_stuck(home: Register) -> None:
    assert "No introduction was begun" in said(home, "new_esps")
    with home.store.write() as conn:
        begun = onboarding.start(conn, "host", home.house.desk, home.now, "anna")
        approval.approve(conn, begun.letter, home.now, "anna")
    home.wait(minutes=1)
    home.wait(minutes=30)
    text = said(home, "new_esps")
    assert "Begun this week: 1, contacts confirmed: 0." in text
    assert "Stuck" not in text.partition("How each figure")[0]
    home.wait(days=15)
    later = said(home, "new_esps", week=49)
    assert "Stuck for 14 days or more" in later
