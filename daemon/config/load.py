"""Reads the settings file and the environment into one checked value."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import singledispatch
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from daemon import mailbox as mailbox_room
from daemon import mailer as mailer_room
from daemon.config.fill import Filling, Origin, is_secret, settable, variable_of
from daemon.config.settings import (
    HealthSettings,
    KeySettings,
    Mailbox,
    MailboxSettings,
    NoticeSettings,
    PathSettings,
    SendingSettings,
    Settings,
    TimeSettings,
)
from daemon.errors import ConfigError
from daemon.registry import exported, names

T = TypeVar("T")
DEFAULT_FILE = Path("/etc/noticed/noticed.toml")
_TABLES = ("mailbox", "notice", "time", "database", "sending", "paths", "health", "keys", "smtp")
_MIN_KEY = 16  # characters of message_key
_LISTEN = re.compile(r"(127\.0\.0\.1|localhost|\[?::1\]?):[1-9]\d{0,4}|unix:/.+")


@dataclass(frozen=True, slots=True)
class _Database:
    url: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings and, for ``noticed config show``, where each value came from."""

    settings: Settings
    origins: tuple[Origin, ...]


def find(given: Path | None, env: Mapping[str, str]) -> Path:
    """The settings file: the option, else $NOTICED_CONFIG, else ./noticed.toml, else /etc/noticed/noticed.toml."""
    if given is not None:
        return given
    if env.get("NOTICED_CONFIG"):
        return Path(env["NOTICED_CONFIG"])
    here = Path("noticed.toml")
    return here if here.is_file() else DEFAULT_FILE


def load(path: Path, env: Mapping[str, str]) -> Loaded:
    """Return the settings of ``path``; raises ConfigError with every problem at once."""
    table = _read(path)
    credentials = Path(env["CREDENTIALS_DIRECTORY"]) if env.get("CREDENTIALS_DIRECTORY") else None
    filling = Filling(path.name, path.resolve().parent, env, credentials)
    for name in table:
        if name not in _TABLES:
            near = get_close_matches(name, _TABLES, 1)
            filling.problem(name, f'is not a setting; did you mean "{near[0]}"?' if near else "is not a setting")
    settings = _settings(path, table, filling)
    if filling.problems or settings is None:
        raise ConfigError(*filling.problems)
    return Loaded(settings, tuple(dict.fromkeys(filling.origins)))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no settings file; make one with: noticed init") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: is a folder; name the settings file in it") from None
    except OSError:
        raise ConfigError(f"{path}: cannot be read; may this user read it?") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not valid TOML: {error}") from None


def _settings(path: Path, table: Mapping[str, Any], filling: Filling) -> Settings | None:
    def part(cls: type[T], name: str) -> T | None:
        return filling.table(cls, table.get(name, {}), name)

    notice, keys, database = part(NoticeSettings, "notice"), part(KeySettings, "keys"), part(_Database, "database")
    time, sending = part(TimeSettings, "time"), part(SendingSettings, "sending")
    paths, health = part(PathSettings, "paths"), part(HealthSettings, "health")
    mailboxes = _mailboxes(table, filling)
    for one in (notice, keys, time, health, *mailboxes):
        _check(one, filling)
    if not (notice and keys and database and time and sending and paths and health) or filling.problems:
        return None
    paths = replace(paths, rules=filling.base / paths.rules, state=filling.base / paths.state)
    url = absolute_url(database.url, filling.base)
    return Settings(path, mailboxes, notice, keys, url, time, sending, paths, health)


def absolute_url(url: str, base: Path) -> str:
    """A database file without a full path stands beside the settings, wherever the command is called."""
    scheme, mark, file = url.partition(":///")
    inside = scheme.startswith("sqlite") and mark and file and not file.startswith((":", "/", "file:"))
    return f"{scheme}:///{base / file}" if inside else url


def _mailboxes(table: Mapping[str, Any], filling: Filling) -> tuple[Mailbox, ...]:
    given = table.get("mailbox", [])
    if not isinstance(given, list) or not given:
        filling.problem("mailbox", "at least one [[mailbox]] is needed (with two pairs of brackets)")
        return ()
    found = [_mailbox(one, table, filling, number) for number, one in enumerate(given, 1)]
    names_seen: set[str] = set()
    for one in found:
        if one and one.common.name in names_seen:
            filling.problem(f"mailbox.{one.common.name}", "two mailboxes have this name; give each its own")
        if one:
            names_seen.add(one.common.name)
    return tuple(one for one in found if one)


def _mailbox(table: object, whole: Mapping[str, Any], filling: Filling, number: int) -> Mailbox | None:
    if not isinstance(table, Mapping):
        filling.problem("mailbox", "must be a table: write [[mailbox]]")
        return None
    key = f"mailbox.{table.get('name', number)}"
    if kind := filling.env.get(variable_of(f"{key}.kind")):
        table = {**table, "kind": kind}
    settings_type = _plugin(mailbox_room.__name__, str(table.get("kind", "")), f"{key}.kind", filling)
    if settings_type is None:
        return None
    beside = frozenset({"smtp"})
    backend = filling.table(settings_type, table, key, _field_names(MailboxSettings) | beside)
    common = filling.table(MailboxSettings, table, key, _field_names(settings_type) | beside)
    out_kind, out = _way_out(table, whole, key, filling, backend)
    return Mailbox(common, backend, out_kind, out) if common and backend else None


def _way_out(
    table: Mapping[str, Any], whole: Mapping[str, Any], key: str, filling: Filling, backend: object
) -> tuple[str, Any]:
    """The mailbox's own [mailbox.smtp], else the way that its kind has itself, else the common [smtp], else none.

    Without one, letters stay in the outbox.
    """
    kind = str(table.get("kind", ""))
    if table.get("smtp") is None and kind in names(mailer_room.__name__):
        return kind, backend
    for given, name in ((table.get("smtp"), f"{key}.smtp"), (whole.get("smtp"), "smtp")):
        if given is not None:
            settings_type = _plugin(mailer_room.__name__, "smtp", name, filling)
            filled = {"name": name, **given} if isinstance(given, Mapping) else given
            return "smtp", filling.table(settings_type, filled, name) if settings_type else None
    return "", None


def _plugin(room: str, kind: str, key: str, filling: Filling) -> Any:
    known = names(room)
    if kind not in known:
        near = get_close_matches(kind, known, 1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        filling.problem(key, f"{'must be' if kind else 'is missing; it must be'} one of {', '.join(known)}{hint}")
        return None
    try:
        return exported(import_module(f"{room}.{kind}"), "Settings")
    except ModuleNotFoundError as error:
        filling.problem(key, f'"{kind}" needs the package {error.name}, which is not installed')
        return None


def _field_names(cls: type) -> frozenset[str]:
    own = settable(cls)
    return frozenset({item.name for item in own} | {f"{item.name}_file" for item in own if is_secret(item)})


@singledispatch
def _check(_settings: object, filling: Filling) -> None:
    """Tell what a type does not show of one table's values."""


@_check.register
def _(notice: NoticeSettings, filling: Filling) -> None:
    if not notice.number_format:
        text = "is empty; write the pattern of your notice numbers, like 'HLN-20\\d\\d-\\d{6}'"
        filling.problem("notice.number_format", text)
    try:
        re.compile(notice.number_format)
    except re.error as error:
        filling.problem("notice.number_format", f"is not a regular expression: {error}")


@_check.register
def _(time: TimeSettings, filling: Filling) -> None:
    try:
        ZoneInfo(time.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        filling.problem("time.zone", "is not a time zone; write one like Europe/Oslo")


@_check.register
def _(keys: KeySettings, filling: Filling) -> None:
    if len(keys.message_key) < _MIN_KEY:
        text = f"is too short; it needs at least {_MIN_KEY} characters (noticed init makes one)"
        filling.problem("keys.message_key", text)


@_check.register
def _(health: HealthSettings, filling: Filling) -> None:
    if health.listen and not _LISTEN.fullmatch(health.listen):
        text = 'must be like "127.0.0.1:9464" (this machine only) or "unix:/run/noticed/health"'
        filling.problem("health.listen", text)


@_check.register
def _(mailbox: Mailbox, filling: Filling) -> None:
    key = f"mailbox.{mailbox.common.name}"
    if "@" not in mailbox.common.address:
        filling.problem(f"{key}.address", "is not an e-mail address")
    if not mailbox.common.authserv_id:
        text = 'is missing; write the name that your mail server puts in Authentication-Results, or "@none"'
        filling.problem(f"{key}.authserv_id", text)
