"""What commands share: the settings, the store, who is calling, and how data is printed."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import click

from daemon.config.load import find, load
from daemon.config.settings import Settings
from daemon.errors import ConfigError, UsageError
from daemon.rulefile.blocks import RuleFile
from daemon.rulefile.load import load as load_rules
from daemon.store.engine import Settings as StoreSettings
from daemon.store.engine import Store, open_store

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def settings_of(config: Path | None) -> Settings:
    """The settings in force; raises ConfigError with every problem."""
    return load(find(config, os.environ), os.environ).settings


def store_settings(settings: Settings) -> StoreSettings:
    return StoreSettings(settings.database_url, settings.keys.body_key)


def store_of(settings: Settings) -> Store:
    """The opened store with the schema at head; raises ConfigError with what to do."""
    return open_store(store_settings(settings))


def rule_file(settings: Settings) -> RuleFile:
    """rules.yaml as it stands in the file; raises ConfigError when it has problems."""
    path = settings.paths.rules
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no rules file; copy the one that noticed ships") from None
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"{path}: cannot be read as UTF-8 text") from None
    loaded = load_rules(text)
    if loaded.file is None:
        count = len(loaded.problems)
        raise ConfigError(f"{path}: {count} problem{'s' * (count != 1)}; see them with: noticed rules check {path}")
    return loaded.file


@lru_cache(maxsize=1)
def login() -> str:
    """The login of the person who calls, through sudo too."""
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or getpass.getuser()


def person(settings: Settings) -> str:
    """The name in ``team:`` of the person who calls; UsageError when a decision may not be taken by them."""
    name = login()
    for member, entry in rule_file(settings).team.items():
        if entry.login == name:
            return member
    raise UsageError(f'only the team may decide: add "login: {name}" to a person under "team:" in rules.yaml')


def print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def table(head: Sequence[str], rows: Iterable[Sequence[object]], right: frozenset[int] = frozenset()) -> str:
    """A plain table in columns; ``right``: the columns whose cells end flush."""
    cells = [list(head), *([_cell(one) for one in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    rule = ["-" * width for width in widths]
    lines = []
    for row in (cells[0], rule, *cells[1:]):
        padded = [
            text.rjust(width) if column in right else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


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
