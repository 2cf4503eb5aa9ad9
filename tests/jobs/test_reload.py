"""Rules come into force whole or not at all; a broken file changes nothing and is told once."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from daemon.errors import ConfigError
from daemon.jobs import reload
from daemon.jobs.reload import InForce
from daemon.store import Store, journal, reviews, rule_versions
from tests.memory import START
from tests.system.home import RULES

OTHER = RULES.replace("has been removed]", "has been removed, was deleted]")
BROKEN = RULES.replace("says:", "syas:")
FAILING = RULES.replace("The content has been removed.", "Nothing at all.")


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def start(store: Store, path: Path) -> InForce:
    return reload.start(store, path, ["reminder-1"], START)


def look(store: Store, path: Path, current: InForce | None, **more: bool) -> InForce | None:
    return reload.refresh(store, path, ["reminder-1"], START, current, **more)


def alerts(store: Store) -> int:
    with store.read() as conn:
        return len(reviews.listed(conn, kind="alert"))


def versions(store: Store) -> list[tuple[str, bool]]:
    with store.read() as conn:
        return [(row.sha256, row.active) for row in rule_versions.listed(conn)]


def test_the_first_rules_are_stored_and_journalled(store: Store, tmp_path: Path) -> None:
    current = start(store, written(tmp_path, RULES))
    assert versions(store) == [(current.digest, True)]
    with store.read() as conn:
        assert journal.verify(conn) is None
        assert current.file.rules[0].name == "gone"


def test_a_changed_file_is_taken_and_the_old_one_is_kept(store: Store, tmp_path: Path) -> None:
    first = start(store, written(tmp_path, RULES))
    second = look(store, written(tmp_path, OTHER), first)
    assert second is not None
    assert versions(store) == [(second.digest, True), (first.digest, False)]


def test_the_same_file_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, RULES)
    current = start(store, path)
    assert look(store, path, current) is None
    assert reload.is_active(path, current)
    assert len(versions(store)) == 1


def test_going_back_to_an_old_version_makes_no_new_one(store: Store, tmp_path: Path) -> None:
    first = start(store, written(tmp_path, RULES))
    second = look(store, written(tmp_path, OTHER), first)
    third = look(store, written(tmp_path, RULES), second)
    assert third is not None
    assert third.digest == first.digest
    assert sorted(active for _, active in versions(store)) == [False, True]


@pytest.mark.parametrize("text", [BROKEN, FAILING, "", "rules: [", RULES.encode("utf-16"), b"\xff\xfe\x00"])
def test_a_broken_file_changes_nothing(text: str | bytes, store: Store, tmp_path: Path) -> None:
    first = start(store, written(tmp_path, RULES))
    path = written(tmp_path, text)
    assert look(store, path, first) is None
    assert versions(store) == [(first.digest, True)]
    assert not reload.is_active(path, first)
    assert start(store, path).digest == first.digest  # after a restart as well


def test_a_broken_file_is_told_once_and_again_when_it_breaks_anew(store: Store, tmp_path: Path) -> None:
    first = start(store, written(tmp_path, RULES))
    for _ in range(3):
        look(store, written(tmp_path, BROKEN), first)
    assert alerts(store) == 1
    look(store, written(tmp_path, FAILING), first)
    assert alerts(store) == 2
    second = look(store, written(tmp_path, OTHER), first)
    assert alerts(store) == 0
    look(store, written(tmp_path, FAILING), second)
    assert alerts(store) == 1


def test_a_file_that_is_gone_for_a_moment_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, RULES)
    first = start(store, path)
    path.unlink()
    assert look(store, path, first) is None
    assert start(store, path).digest == first.digest


def test_without_any_good_version_a_broken_file_keeps_the_daemon_from_starting(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='1 problem, the first in line 9: "syas" is not a key'):
        start(store, written(tmp_path, BROKEN))
    with pytest.raises(ConfigError, match="there is no rules file"):
        start(store, tmp_path / "gone.yaml")


def test_a_file_that_somebody_is_still_writing_is_left_for_the_next_look(store: Store, tmp_path: Path) -> None:
    first = start(store, written(tmp_path, RULES))
    path = written(tmp_path, OTHER)
    set_age(path, START, 1.0)
    assert look(store, path, first, at_once=False) is None
    assert look(store, path, first, at_once=True) is not None
    set_age(path, START, 10.0)
    assert look(store, path, first, at_once=False) is not None


def test_a_clock_that_is_behind_the_file_hinders_nothing(store: Store, tmp_path: Path) -> None:
    first = start(store, written(tmp_path, RULES))
    path = written(tmp_path, OTHER)
    set_age(path, START, -3600.0)
    assert look(store, path, first, at_once=False) is not None


def set_age(path: Path, now: datetime, seconds: float) -> None:
    at = now.timestamp() - seconds
    os.utime(path, (at, at))


@pytest.mark.parametrize("mended", [RULES, OTHER])
def test_a_mended_file_takes_its_alert_back(store: Store, tmp_path: Path, mended: str) -> None:
    current = start(store, written(tmp_path, RULES))
    look(store, written(tmp_path, BROKEN), current)
    assert alerts(store) == 1
    look(store, written(tmp_path, mended), current)
    assert alerts(store) == 0


def test_a_file_that_was_just_emptied_is_being_written(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, RULES)
    first = start(store, path)
    path.write_text("")
    os.utime(path, (START.timestamp(), START.timestamp()))
    assert look(store, path, first) is None
    assert alerts(store) == 0
    os.utime(path, (START.timestamp() - 60, START.timestamp() - 60))
    look(store, path, first)
    assert alerts(store) == 1
