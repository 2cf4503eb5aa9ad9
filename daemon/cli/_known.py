"""What ``classify`` knows without a database: notices.csv, our sent letters, and the domains that speak for ESPs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from daemon.cli._mails import mails
from daemon.errors import UsageError
from daemon.message.message import Message
from daemon.message.parse import parse
from daemon.message.urls import canonical
from daemon.notices import domains
from daemon.notices.esp import Esp
from daemon.notices.keys import bare, number_pattern, numbers
from daemon.notices.match import Known
from daemon.notices.notice import Item, Notice
from daemon.notices.table import NewNotice, Slip, read_rows

_NOT_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Given:
    """The files that the caller named."""

    notices: Path
    sent: Path | None
    esps: Path | None
    number_format: str


def known_of(given: Given) -> tuple[Known, tuple[Slip, ...]]:
    """Read everything; rows with slips are left out and told.  Raises UsageError when a file cannot be read."""
    found = read_rows(_rows(given.notices), ZoneInfo("UTC"))
    esps = _esps(found.notices, _speaking(given.esps))
    key_of = {one.number: _key(one) for one in found.notices}
    notices = {one.number: _notice(one, key_of[one.number]) for one in found.notices}
    for message in _sent(given.sent):
        notices |= _with_letter(message, notices, given.number_format)
    return _indexed(notices, esps), tuple(found.slips)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
            head = file.readline()
            file.seek(0)
            csv.field_size_limit(16 << 20)
            rows = csv.DictReader(file, delimiter=";" if head.count(";") > head.count(",") else ",")
            return [{key: value or "" for key, value in row.items() if key} for row in rows]
    except (OSError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read as a CSV file ({type(error).__name__})") from None


def _speaking(path: Path | None) -> Mapping[str, frozenset[str]]:
    """Return ESP (name or domain, lower-case) -> domains from a CSV whose first column names the ESP."""
    found: dict[str, frozenset[str]] = {}
    for row in _rows(path) if path else []:
        cells = list(row.values())
        speaking = frozenset(re.split(r"[\s;,|]+", " ".join(cells[1:]).strip().lower())) - {""}
        name = cells[0].strip().lower()
        found[name] = found.get(name, frozenset()) | speaking
    return found


def _key(notice: NewNotice) -> str:
    """Return the ESP's key: the name in its domain, as ``rules.yaml`` would call it."""
    name = domains.name(notice.esp_domain) if notice.esp_domain else notice.esp.lower()
    return _NOT_WORD.sub("-", name).strip("-") or notice.esp_domain


def _esps(notices: Iterable[NewNotice], speaking: Mapping[str, frozenset[str]]) -> tuple[Esp, ...]:
    """Return the register that the notices imply, with the domains registered beside them."""
    found: dict[str, Esp] = {}
    for notice in notices:
        key = _key(notice)
        before = found.get(key, Esp(key, notice.esp))
        own = {notice.esp_domain, notice.contact.rpartition("@")[2].lower()} - {""}
        more = speaking.get(notice.esp.lower(), frozenset()) | speaking.get(notice.esp_domain, frozenset())
        found[key] = replace(
            before, domains=before.domains | own | more, contacts=before.contacts | {notice.contact.lower()}
        )
    return tuple(found.values())


def _notice(new: NewNotice, key: str) -> Notice:
    items = tuple(Item(position, url, canonical(url)) for position, url in enumerate(new.urls, 1))
    return Notice(
        number=new.number,
        esp=key,
        items=items,
        message_id=new.message_id,
        sent_at=new.sent_at,
        contact=new.contact,
        subject=new.subject,
        priority=new.priority,
        survivor_linked=new.survivor_linked,
    )


def _sent(path: Path | None) -> Iterator[Message]:
    for one in mails([path]) if path else ():
        if one.raw is not None:
            yield parse(one.raw)


def _with_letter(message: Message, notices: Mapping[str, Notice], number_format: str) -> dict[str, Notice]:
    """Return the notices that a sent letter tells more about: its text, or one more Message-ID."""
    own = bare(message.message_id or "")
    named = {number.upper(): number for number in notices}
    text = "\n".join(line.text for line in message.lines)
    pattern = number_pattern(number_format)
    wanted = [named[number] for number in numbers(f"{message.subject}\n{text}", pattern) if number in named]
    changed = {}
    for notice in (notices[number] for number in wanted):
        if own and own == bare(notice.message_id or ""):
            changed[notice.number] = replace(notice, body=text)
        elif notice.message_id is None and not notice.body:
            changed[notice.number] = replace(notice, body=text, message_id=message.message_id)
        elif own:
            later = (*notice.later_message_ids, message.message_id or "")
            changed[notice.number] = replace(notice, later_message_ids=later, body=notice.body or text)
    return changed


def _indexed(notices: Mapping[str, Notice], esps: tuple[Esp, ...]) -> Known:
    by_id: dict[str, list[str]] = {}
    by_url: dict[str, list[str]] = {}
    recent: dict[str, list[str]] = {}
    for notice in notices.values():
        for one in (notice.message_id, *notice.later_message_ids):
            if one:
                by_id.setdefault(bare(one), []).append(notice.number)
        for item in notice.items:
            by_url.setdefault(item.canonical, []).append(notice.number)
        recent.setdefault(notice.esp, []).append(notice.number)
    return Known(
        notices=notices,
        by_message_id=_frozen(by_id),
        by_url=_frozen(by_url),
        recent=_frozen(recent),
        esps=esps,
    )


def _frozen(found: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(values)) for key, values in found.items()}
