"""Which rules are in force: a changed rules.yaml is checked whole and then taken; a broken one changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from daemon.errors import ConfigError
from daemon.rulefile.blocks import RuleFile
from daemon.rulefile.load import load
from daemon.rulefile.problem import Problem, Severity
from daemon.rules.examples import check_rules
from daemon.rules.ruleset import RuleSet
from daemon.rules.ruleset import compile as compiled
from daemon.store import esps, reviews, rule_versions, state
from daemon.store.engine import Store
from daemon.store.reviews import NewReview

log = logging.getLogger("noticed.rules")
_TOLD = "rules.told"  # the broken version that a person has been told of
_BROKEN = "rules_file_broken"
QUIET_SECONDS = 2.0  # a file that was written a moment ago may be half-written


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules that judge: the file's blocks, compiled; ``digest`` is the SHA-256 of the text."""

    file: RuleFile
    ruleset: RuleSet = field(repr=False)
    digest: str


def checked(text: str, known_esps: Collection[str], letters: Collection[str]) -> tuple[RuleFile | None, list[Problem]]:
    """Check ``text`` as ``noticed rules check`` does, examples and tests included."""
    loaded = load(text, known_esps or None, letters)
    problems = list(loaded.problems)
    if loaded.file is not None:
        problems += check_rules(loaded.file, compiled(loaded.file))
    broken = any(problem.severity is Severity.ERROR for problem in problems)
    return (None if broken else loaded.file), problems


def broken(path: Path, problems: Iterable[Problem]) -> ConfigError:
    """One sentence about a rules file that cannot be taken: how many slips, the first of them, where to see all."""
    errors = [one for one in problems if one.severity is Severity.ERROR]
    many = f"{len(errors)} problem{'s' * (len(errors) != 1)}, the first in line {errors[0].line}: {errors[0].message}"
    return ConfigError(f"{path}: {many}  See all: noticed rules check {path}")


def read_file(path: Path) -> str:
    """The text of the rules file; ConfigError in one sentence when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no rules file; copy the one that noticed ships") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    except OSError:
        raise ConfigError(f"{path}: cannot be read; may this user read it?") from None


def start(store: Store, path: Path, letters: Collection[str], now: datetime) -> InForce:
    """The rules to start with: the file's if it is right, else the last good version; ConfigError if there is none."""
    taken = refresh(store, path, letters, now, None)
    if taken is not None:
        return taken
    with store.read() as conn:
        last = rule_versions.active(conn)
    if last is None:
        raise broken(path, checked(read_file(path), (), letters)[1])
    return _compiled(last.text)


def refresh(
    store: Store,
    path: Path,
    letters: Collection[str],
    now: datetime,
    current: InForce | None,
    *,
    at_once: bool = True,
) -> InForce | None:
    """Take the file into force if it changed and is right; None: nothing changes.  A broken file is told once.

    Unless ``at_once``, a file written a moment ago is left for the next look; one just emptied always is.
    """
    try:
        text = read_file(path)
        if (not at_once or not text.strip()) and _is_fresh(path, now):
            return None
    except ConfigError:
        if current is None and not _has_version(store):
            raise
        return None
    digest = sha256(text.encode()).hexdigest()
    if current is not None and current.digest == digest:
        _mended(store, now)
        return None
    with store.read() as conn:
        known = [row.key for row in esps.listed(conn)]
        last = rule_versions.active(conn)
    if last is not None and last.sha256 == digest:
        return _compiled(last.text)
    file, problems = checked(text, known, letters)
    if file is None:
        _tell(store, digest, problems, now)
        return None
    with store.write() as conn:
        rule_versions.store(conn, text, now)
        rule_versions.activate(conn, digest, now, "rules.yaml")
    _mended(store, now)
    log.info("rules_active", extra={"ids": {"version": digest[:12], "rules": len(file.rules)}})
    return InForce(file, compiled(file), digest)


def _mended(store: Store, now: datetime) -> None:
    """Take back the alerts about a broken file, if there are any."""
    with store.read() as conn:
        if state.get(conn, _TOLD) is None:
            return
    with store.write() as conn:
        state.clear(conn, _TOLD)
        for row in reviews.listed(conn, kind="alert"):
            if row.reason == _BROKEN:
                reviews.decide(conn, row.id, reviews.OBSOLETE, now, "daemon")


def _is_fresh(path: Path, now: datetime) -> bool:
    """Whether somebody may still be writing; a time in the future tells nothing."""
    try:
        age = now.timestamp() - path.stat().st_mtime
    except OSError:
        return False
    return 0 <= age < QUIET_SECONDS


def is_active(path: Path, current: InForce) -> bool:
    """Whether the file is what is in force, computed anew each time."""
    try:
        return sha256(read_file(path).encode()).hexdigest() == current.digest
    except ConfigError:
        return False


def _has_version(store: Store) -> bool:
    with store.read() as conn:
        return rule_versions.active(conn) is not None


def _compiled(text: str) -> InForce:
    file = load(text).file
    if file is None:
        raise ConfigError("the rules that were in force last cannot be read by this version: mend rules.yaml")
    return InForce(file, compiled(file), sha256(text.encode()).hexdigest())


def _tell(store: Store, digest: str, problems: list[Problem], now: datetime) -> None:
    """Put one alert into the queue for each broken version, however often it is met."""
    errors = sum(1 for one in problems if one.severity is Severity.ERROR)
    with store.write() as conn:
        if state.get(conn, _TOLD) == digest:
            return
        state.put(conn, _TOLD, digest, now)
        reviews.add(conn, NewReview(_BROKEN, kind="alert"), now)
    log.warning("rules_file_broken", extra={"ids": {"version": digest[:12], "errors": errors}})
