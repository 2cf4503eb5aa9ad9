"""What commands share: the settings, the store, who is calling, and how data is printed."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import combining, east_asian_width

import click

from daemon.config.load import find, load
from daemon.config.settings import Settings
from daemon.errors import ConfigError, UsageError

if TYPE_CHECKING:  # what takes long to import waits until a command needs it
    from sqlalchemy import Connection

    from daemon.rulefile.blocks import Member, RuleFile
    from daemon.store.engine import Settings as StoreSettings
    from daemon.store.engine import Store

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def settings_of(config: Path | None) -> Settings:
    """The settings in force; raises ConfigError with every problem."""
    return load(find(config, os.environ), os.environ).settings


def store_settings(settings: Settings) -> StoreSettings:
    from daemon.store.engine import Settings as StoreSettings

    return StoreSettings(settings.database_url, settings.keys.body_key)


def store_of(settings: Settings) -> Store:
    """The opened store with the schema at head; raises ConfigError with what to do."""
    from daemon.store import open_store

    return open_store(store_settings(settings))


def rule_file(settings: Settings) -> RuleFile:
    """rules.yaml as it stands in the file; raises ConfigError when it has problems."""
    from daemon.jobs import reload
    from daemon.rulefile.load import load as load_rules

    path = settings.paths.rules
    loaded = load_rules(reload.read_file(path))
    if loaded.file is None:
        raise reload.broken(path, loaded.problems)
    return loaded.file


@lru_cache(maxsize=1)
def login() -> str:
    """The login of the person who calls, through sudo too."""
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or getpass.getuser()


def person(settings: Settings) -> str:
    """The name in ``team:`` of the person who calls; UsageError when a decision may not be taken by them.

    While the rules file is broken, the team of the version in force decides: a brake must work at any time.
    """
    name = login()
    try:
        team = rule_file(settings).team
    except ConfigError:
        in_force = _team_in_force(settings)
        if in_force is None:
            raise
        team = in_force
    for member, entry in team.items():
        if entry.login == name:
            return member
    raise UsageError(f'only the team may decide: add "login: {name}" to a person under "team:" in rules.yaml')


def lead(settings: Settings) -> str:
    """The name in ``team:`` of the lead who calls; UsageError for anybody else."""
    name = person(settings)
    if not rule_file(settings).team[name].lead:
        raise UsageError(f'only a lead may decide this: {name} has no "lead: true" under "team:" in rules.yaml')
    return name


@dataclass(frozen=True, slots=True)
class Act:
    """Who decides something, when, and the transaction that it is written in."""

    conn: Connection
    now: datetime
    by: str


@contextmanager
def deciding(settings: Settings, who: Callable[[Settings], str] = person) -> Iterator[Act]:
    """A decision of the person who calls (``who``: ``person`` or ``lead``), all of it written or none."""
    from daemon.clock import SystemClock

    by = who(settings)
    store = store_of(settings)
    try:
        with store.write() as conn:
            yield Act(conn, SystemClock().now(), by)
    finally:
        store.close()


def _team_in_force(settings: Settings) -> Mapping[str, Member] | None:
    from daemon.rulefile.load import load as load_rules
    from daemon.store import rule_versions

    store = store_of(settings)
    try:
        with store.read() as conn:
            last = rule_versions.active(conn)
    finally:
        store.close()
    file = load_rules(last.text).file if last is not None else None
    return file.team if file is not None else None


def paused_thing(settings: Settings, what: str | None, mailbox: str | None, word: str) -> str:
    """What ``noticed pause`` and ``resume`` are about, as the store names it; raises UsageError."""
    from daemon.store import state

    names = [one.common.name for one in settings.mailboxes]
    if (what is None) == (mailbox is None):
        raise click.UsageError(f"say what to {word}: --sending, --closing or --mailbox NAME")
    if mailbox is not None and mailbox not in names:
        raise UsageError(f"there is no mailbox of this name; known: {', '.join(names)}")
    return what or state.mailbox(mailbox or "")


def print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def table(head: Sequence[str], rows: Iterable[Sequence[object]], right: frozenset[int] = frozenset()) -> str:
    """A plain table in columns; ``right``: the columns whose cells end flush."""
    cells = [list(head), *([_cell(one) for one in row] for row in rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(head))]
    rule = ["-" * width for width in widths]
    lines = []
    for row in (cells[0], rule, *cells[1:]):
        padded = [
            _blanks(width, text) + text if column in right else text + _blanks(width, text)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    """The columns of a terminal that ``text`` takes: East Asian characters take two, marks on a letter none."""
    return sum(0 if combining(one) else 1 + (east_asian_width(one) in "WF") for one in text)


def _blanks(width: int, text: str) -> str:
    return " " * (width - _width(text))


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def bar(length: int, label: str) -> Any:
    """A progress bar on standard error, shown only when a terminal is there."""
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
