"""When silence is watched, and when a lead is asked; the shipped thresholds are those of the design."""

from datetime import UTC, datetime, timedelta

import pytest

from daemon.notices.silence import Facts, is_silent, is_unresponsive
from daemon.rulefile.blocks import Unresponsive
from daemon.rulefile.load import load

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


def facts(notices: int, urls: int, days: float, whole: int = 0) -> Facts:
    return Facts(notices, urls, NOW - timedelta(days=days), whole)


@pytest.mark.parametrize(
    ("notices", "urls", "days", "silent"),
    [(3, 3, 14, True), (1, 10, 14, True), (2, 9, 90, False), (3, 3, 13.9, False), (0, 0, 99, False)],
)
def test_an_esp_is_watched_from_three_notices_or_ten_urls_and_fourteen_days(
    notices: int, urls: int, days: float, silent: bool
) -> None:
    assert is_silent(facts(notices, urls, days), Unresponsive(), NOW) is silent


@pytest.mark.parametrize(
    ("days", "whole", "found"), [(30, 0, True), (29.9, 0, False), (14, 2, True), (14, 1, False), (13, 5, False)]
)
def test_a_lead_is_asked_after_thirty_days_or_two_whole_ladders(days: float, whole: int, found: bool) -> None:
    assert is_unresponsive(facts(3, 3, days, whole), Unresponsive(), NOW) is found


def test_the_thresholds_are_edited_in_the_rules_file() -> None:
    text = "version: 1\nrules:\n  r: {means: removed, says: {en: [the file was removed]}, examples: {en: [The file was removed.]}}\n"
    block = "unresponsive: {watch_notices: 2, watch_after: 7 days}\nregister: {change_waits: 3 days}\n"
    more = "onboarding: {steps: [{after: 2 days, letter: intro-reminder}], give_up: 9 days, a_day: 5}\n"
    loaded = load(text + block + more)
    assert loaded.file is not None, loaded.problems
    assert loaded.file.unresponsive == Unresponsive(watch_notices=2, watch_after=timedelta(days=7))
    assert loaded.file.register.change_waits == timedelta(days=3)
    assert loaded.file.onboarding.a_day == 5
    assert [step.letter for step in loaded.file.onboarding.steps] == ["intro-reminder"]
    assert len(load(text).file.onboarding.steps) == 2  # type: ignore[union-attr]
