"""Fills frozen Settings types from plain tables; tells every problem at once, with the nearest right name."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_LAST_PORT = 65535
_PASSWORD = re.compile(r"(?<=://)([^:/@\s]*):[^@\s]*@")  # in the URL of a database
_NAMES: dict[type, str] = {
    str: "a text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a date like 2026-11-01",
    datetime: "a date and time like 2026-11-01T08:00:00Z",
    Path: "a path in quotes",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one value came from, for ``noticed config show``."""

    key: str
    value: str
    source: str
    secret: bool = False


@dataclass(slots=True)
class Filling:
    """One run of filling: where values come from, and the problems and origins gathered on the way."""

    file: str
    base: Path
    env: Mapping[str, str] = field(repr=False)
    credentials: Path | None = None
    problems: list[str] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)

    def problem(self, key: str, text: str) -> None:
        """Note a problem once; ``key`` is where it stands in the file."""
        self._note(f"{self.file}: {key}: {text}")

    def _note(self, text: str) -> None:
        if text not in self.problems:
            self.problems.append(text)

    def table(
        self, cls: type[T], table: object, key: str, extra: frozenset[str] = frozenset(), *, inner: bool = False
    ) -> T | None:
        """Make a ``cls`` from ``table``; None when a problem was found.  ``extra``: keys that others read.

        ``inner``: a table within a table; it takes only credentials that it names by ``<name>_file``.

        A ``cls`` may have ``slips()``: pairs (name, text) of what no single value shows.
        """
        if not isinstance(table, Mapping):
            self.problem(key, f"must be a table: write [{key}]")
            return None
        hints = typing.get_type_hints(cls)
        known = {item.name: item for item in settable(cls)}
        self._unknown(table, known, key, extra)
        values: dict[str, Any] = {}
        before = len(self.problems)
        for name, item in known.items():
            named = not inner or f"{name}_file" in table
            found, value = self._value(item, hints[name], table, f"{key}.{name}", by_credential=named)
            if found:
                values[name] = value
            elif item.default is MISSING and item.default_factory is MISSING and not self._reported(f"{key}.{name}"):
                file = f', or {name}_file = "the file that holds it"' if is_secret(item) else ""
                self.problem(f"{key}.{name}", f"is missing; it needs {wanted(hints[name])}{file}")
        if len(self.problems) > before:
            return None
        made = cls(**values)
        for name, text in getattr(made, "slips", tuple)():
            self.problem(f"{key}.{name}", text)
        return made if len(self.problems) == before else None

    def _reported(self, key: str) -> bool:
        return any(text.startswith(f"{self.file}: {key}") for text in self.problems)

    def _unknown(
        self, table: Mapping[str, Any], known: Mapping[str, Field[Any]], key: str, extra: frozenset[str]
    ) -> None:
        allowed = set(known) | extra | {f"{name}_file" for name, item in known.items() if is_secret(item)}
        for name in table:
            if name not in allowed:
                near = get_close_matches(name, sorted(allowed), 1)
                hint = f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(sorted(allowed))}"
                self.problem(f"{key}.{name}" if key else name, f"is not a setting; {hint}")

    def _value(
        self, item: Field[Any], hint: Any, table: Mapping[str, Any], key: str, *, by_credential: bool
    ) -> tuple[bool, Any]:
        nested = _nested(hint)
        if nested is not None and item.name in table:
            made = self.table(nested, table[item.name], key, inner=True)
            return made is not None, made
        secret = is_secret(item)
        variable = variable_of(key)
        if secret and (text := self._secret_file(item.name, table, key, variable, by_credential)) is not None:
            return bool(text), text
        if variable in self.env:
            return self._converted(self.env[variable], hint, key, f"environment {variable}", secret)
        if item.name in table:
            return self._converted(table[item.name], hint, key, self.file, secret)
        default = item.default if item.default is not MISSING else None
        if item.default is not MISSING or item.default_factory is not MISSING:
            self.origins.append(Origin(key, shown(default, secret), "default", secret))
        return False, None

    def _secret_file(
        self, name: str, table: Mapping[str, Any], key: str, variable: str, by_credential: bool
    ) -> str | None:
        """A secret from ``<VARIABLE>_FILE``, a systemd credential or ``<name>_file``; None: none is given.

        The credential goes before the file: a service may not read what only root may.
        """
        given = self.env.get(f"{variable}_FILE")
        credential = self.credentials / key if self.credentials and by_credential else None
        if not given and credential is not None and credential.is_file():
            path = credential
        elif given := given or table.get(f"{name}_file"):
            path = self.base / str(given)
        else:
            return None
        try:
            text = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            self.problem(f"{key}_file", f"{path} cannot be read: does it exist, and may this user read it?")
            return ""
        if not text:
            self.problem(f"{key}_file", f"{path} is empty")
        self.origins.append(Origin(key, "***", f"file {path}", secret=True))
        return text

    def _converted(self, raw: object, hint: Any, key: str, source: str, secret: bool) -> tuple[bool, Any]:
        try:
            value = convert(raw, hint, self.base)
            slip = _number_slip(value, key)
        except ValueError:
            slip = wanted(hint)
        if slip:
            self._note(f"{source}: {key}: must be {slip}" + ("" if secret else f", not {raw!r}"))
            return False, None
        if value == "" and secret:
            self._note(f"{source}: {key}: is empty")
        self.origins.append(Origin(key, shown(value, secret), source, secret))
        return True, value


def variable_of(key: str) -> str:
    """The environment's name for the setting ``key``."""
    return "NOTICED_" + key.upper().replace(".", "_").replace("-", "_")


def _number_slip(value: object, key: str) -> str:
    """Every number that can be set counts or measures something: none may be zero or less."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if key.endswith(".port"):
        return "" if 0 < value <= _LAST_PORT else f"a port from 1 to {_LAST_PORT}"
    return "" if 0 < value < float("inf") else "above zero"


def settable(cls: type) -> list[Field[Any]]:
    """The fields that a file can fill: a function (a hook between rooms) is none."""
    hints = typing.get_type_hints(cls)
    return [item for item in fields(cls) if item.init and not _is_hook(hints[item.name])]


def _is_hook(hint: Any) -> bool:
    return typing.get_origin(hint) is Callable or any(_is_hook(one) for one in typing.get_args(hint))


def _nested(hint: Any) -> type | None:
    """The Settings type of a table within a table, alone or beside None."""
    return next((one for one in (hint, *typing.get_args(hint)) if isinstance(one, type) and is_dataclass(one)), None)


def is_secret(item: Field[Any]) -> bool:
    """Fields that never reach ``repr`` and are named like secrets may come from a file and are shown as ***."""
    return not item.repr and any(word in item.name for word in ("password", "secret", "key", "token"))


def shown(value: object, secret: bool) -> str:
    if secret:
        return "***" if value else '""'
    if value is None:
        return "-"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(shown(one, secret=False) for one in value) + "]"
    if isinstance(value, str | Path):
        return '"' + _PASSWORD.sub(r"\1:***@", str(value)) + '"'
    return str(value).lower() if isinstance(value, bool) else str(value)


def wanted(hint: Any) -> str:
    """What a person must write for a value of type ``hint``."""
    options = [one for one in typing.get_args(hint) if one is not type(None)]
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return " or ".join(wanted(one) for one in options)
    if typing.get_origin(hint) is tuple:
        return f"a list of {wanted(options[0])}"
    if typing.get_origin(hint) is typing.Literal:
        return "one of " + ", ".join(f'"{one}"' for one in options)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return "one of " + ", ".join(f'"{one}"' for one in hint)
    return _NAMES.get(hint, "a table" if is_dataclass(hint) else "another value")


def convert(raw: object, hint: Any, base: Path) -> Any:
    """Return ``raw`` (a TOML value, or a text from the environment) as ``hint``; ValueError when it does not fit."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Union or isinstance(hint, types.UnionType):
        return _first_fitting(raw, [one for one in args if one is not type(None)], base)
    if origin is typing.Literal:
        if raw not in args:
            raise ValueError
        return raw
    if origin is tuple:
        many = raw.split(",") if isinstance(raw, str) else raw
        if not isinstance(many, list):
            raise ValueError
        return tuple(convert(one.strip() if isinstance(one, str) else one, args[0], base) for one in many if one != "")
    if hint is Path and isinstance(raw, str):
        return base / Path(raw).expanduser()
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(str(raw))
    return _scalar(raw, hint)


def _first_fitting(raw: object, hints: list[Any], base: Path) -> Any:
    for hint in hints:
        try:
            return convert(raw, hint, base)
        except ValueError:
            continue
    raise ValueError


def _scalar(raw: object, hint: Any) -> Any:
    if hint is bool and isinstance(raw, str):
        words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        if raw.lower() not in words:
            raise ValueError
        return words[raw.lower()]
    if hint in (int, float) and isinstance(raw, str):
        return hint(raw)
    if hint is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if hint is datetime and isinstance(raw, str):
        return datetime.fromisoformat(raw)
    if hint is date and isinstance(raw, datetime):
        raise ValueError
    if isinstance(raw, bool) and hint is not bool:
        raise ValueError
    if not isinstance(hint, type) or not isinstance(raw, hint):
        raise ValueError
    return raw
