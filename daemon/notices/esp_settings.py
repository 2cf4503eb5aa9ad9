"""What staff can set for one ESP: one table of keys, each with what its value must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

from daemon.errors import PermanentError

Read = Callable[[str], Any]
KINDS = ("host", "platform", "cdn", "registrar", "other")
CHANNELS = ("mail", "form", "portal", "api")


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its meaning, how a text becomes its value (ValueError: what it must be), what holds where it is not set.

    ``column``: it stands in a column of the register; the others stand in ``esps.settings``.
    """

    doc: str
    read: Read = field(repr=False)
    default: Any = None
    column: bool = False


def _choice(*words: str) -> Read:
    def read(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"one of: {', '.join(words)}")
        return text.lower()

    return read


def _truth(text: str) -> bool:
    found = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}.get(text.lower())
    if found is None:
        raise ValueError("yes or no")
    return found


def _text(most: int) -> Read:
    def read(text: str) -> str:
        if not 0 < len(text) <= most or not text.isprintable():
            raise ValueError(f"one line of at most {most} characters")
        return text

    return read


def _language(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}([-_][A-Za-z]{2,4})?", text):
        raise ValueError("a language code, like en or pt-BR")
    return text[:2].lower() + text[2:].replace("_", "-")


def _zone(text: str) -> str:
    if text not in available_timezones():
        near = get_close_matches(text, available_timezones(), 1)
        raise ValueError(f"a time zone, like {near[0] if near else 'Europe/Oslo'}")
    return text


KEYS: Mapping[str, Key] = {
    "name": Key("what it is called in letters and lists", _text(200), column=True),
    "kind": Key("host, platform, cdn, registrar or other; it chooses the ladder", _choice(*KINDS), "host", column=True),
    "language": Key("the language of letters to it", _language, column=True),
    "zone": Key("its time zone", _zone, column=True),
    "channel": Key("how it wants notices", _choice(*CHANNELS), "mail"),
    "channel_where": Key("where its form, portal or API is", _text(500)),
    "auto_submitted": Key("mark letters to it as sent by a machine", _truth, default=False),
    "reply_token": Key("answers go to an address that carries our token", _truth, default=False),
    "form": Key("attach a form to fill in; as the settings say if not given", _truth),
    "xarf": Key("attach an XARF report to first notices", _truth, default=False),
    "learning": Key("learn from its answers when reminders make sense", _truth, default=True),
    "note": Key("a remark for ourselves", _text(500)),
}


def key(name: str) -> Key:
    """Return the key of this name; PermanentError with the nearest right one."""
    if name in KEYS:
        return KEYS[name]
    near = get_close_matches(name, KEYS, 1)
    hint = f'; did you mean "{near[0]}"?' if near else f"; there are: {', '.join(KEYS)}"
    raise PermanentError(f'an ESP has no setting "{name[:40]}"{hint}')


def parse(name: str, text: str) -> Any:
    """Return the value that ``text`` stands for; PermanentError says what it must be."""
    try:
        return key(name).read(text.strip())
    except ValueError as slip:
        raise PermanentError(f"{name} must be {slip}") from None


def value(settings: Mapping[str, Any] | None, name: str) -> Any:
    """Return what holds for an ESP with these ``settings`` (the column of that name): its own value or the default."""
    found = (settings or {}).get(name)
    return KEYS[name].default if found is None else found
