"""Notices from the rows of a table (CSV, XLSX): strict per row, each problem with its row and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

_SPELLINGS: dict[str, tuple[str, ...]] = {
    "number": ("notice_id", "notice", "notice_number", "number", "reference"),
    "esp": ("esp", "esp_name", "provider"),
    "esp_domain": ("esp_domain", "domain", "provider_domain"),
    "contact": ("contact_email", "contact", "email", "address", "to"),
    "sent_at": ("sent_at", "sent", "date"),
    "urls": ("urls", "url", "links"),
    "message_id": ("message_id", "message-id"),
    "priority": ("priority",),
    "survivor_linked": ("survivor_linked", "survivor"),
    "subject": ("subject",),
    "language": ("language",),
    "kind": ("kind", "esp_kind"),
    "xarf": ("xarf", "xarf_type"),
    "url_count": ("url_count",),
}
_COLUMNS = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings}
_REQUIRED = ("number", "esp", "contact", "urls")
_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+")
_PRIORITIES = {"": 2, "1": 1, "2": 2, "3": 3, "high": 1, "normal": 2, "low": 3}
_FLAGS = {"": False, "yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
_XARF = re.compile(r"[a-z]+/[a-z_]+(?: [a-z_]+=[^\s=]+)*")
_KINDS = ("", "host", "platform", "cdn", "registrar", "other")
MAX_URLS = 10_000  # of one notice
ODD = "\0odd"  # the key under which a reader of files says what is wrong with the shape of a row


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong in one row, without quoting an address or a URL.  ``row``: as a spreadsheet counts, header = 1."""

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        place = f", column {self.column}" if self.column else ""
        return f"row {self.row}{place}: {self.text}"


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice as a table tells of it; ``sent_at`` None means that it has not been sent yet."""

    row: int
    number: str
    esp: str
    esp_domain: str
    contact: str = field(repr=False)
    sent_at: datetime | None
    urls: tuple[str, ...] = field(repr=False)
    message_id: str | None = field(default=None, repr=False)
    priority: int = 2
    survivor_linked: bool = False
    subject: str = field(default="", repr=False)
    language: str = ""
    kind: str = ""
    xarf: str = ""  # category/type of XARF v4, and what that type asks for, as name=value


@dataclass(slots=True)
class Reading:
    """The notices found, in order, and every slip."""

    notices: list[NewNotice] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    headless: bool = False  # the first row does not name the columns: nothing below it could be read


def read_rows(rows: Iterable[Mapping[str, str]], zone: ZoneInfo | None = None, number_format: str = "") -> Reading:
    """Read a table whose header names are the mappings' keys; rows with one number are one notice with more URLs.

    ``zone`` is taken for times without a zone, which are slips otherwise; the number must fit ``number_format``.
    """
    found = Reading()
    by_number: dict[str, int] = {}
    pattern = re.compile(number_format) if number_format else None
    names: dict[str, str] | None = None
    for row, cells in enumerate(rows, 2):
        if names is None:
            names, slips = columns(cells)
            if slips:
                found.slips.extend(slips)
                found.headless = True
                return found
        if cells.get(ODD):
            found.slips.append(Slip(row, "", cells[ODD]))
            continue
        if not any(value.strip() for value in cells.values() if value):
            continue
        values = {names[head]: (value or "").strip() for head, value in cells.items() if head in names}
        _take(found, by_number, _notice(row, values, zone, pattern, found.slips))
    return found


def columns(cells: Mapping[str, str]) -> tuple[dict[str, str], list[Slip]]:
    """Map the header's spellings to our names; a missing column is a slip of row 1 that says what is there instead."""
    names = {
        head: _COLUMNS[key] for head in cells if head and (key := head.strip().lower().replace(" ", "_")) in _COLUMNS
    }
    names, slips = _once(names)
    if not names:
        text = f"does not name the columns; these are needed: {', '.join(_SPELLINGS[one][0] for one in _REQUIRED)}"
        return names, [Slip(1, "", text)]
    for wanted in _REQUIRED:
        if wanted not in names.values():
            near = get_close_matches(
                _SPELLINGS[wanted][0], [head for head in cells if head and head not in names], 1, 0.5
            )
            hint = f'; is "{near[0]}" meant?' if near else f"; call it one of: {', '.join(_SPELLINGS[wanted])}"
            slips.append(Slip(1, _SPELLINGS[wanted][0], f"is missing{hint}"))
    return names, slips


def _once(names: dict[str, str]) -> tuple[dict[str, str], list[Slip]]:
    """Of several heads with one meaning the column's own name is taken, and the others are left alone."""
    slips = []
    for wanted in dict.fromkeys(names.values()):
        heads = [head for head, name in names.items() if name == wanted]
        own = [head for head in heads if head.strip().lower() == _SPELLINGS[wanted][0]]
        if len(heads) > 1 and len(own) != 1:
            slips.append(
                Slip(1, heads[1], f'means the same as "{heads[0]}"; call the right one {_SPELLINGS[wanted][0]}')
            )
        elif own:
            names = {head: name for head, name in names.items() if name != wanted or head in own}
    return names, slips


def _take(found: Reading, by_number: dict[str, int], notice: NewNotice | None) -> None:
    if notice is None:
        return
    at = by_number.get(notice.number)
    if at is None:
        by_number[notice.number] = len(found.notices)
        found.notices.append(notice)
        return
    first = found.notices[at]
    if (first.esp, first.contact, first.sent_at) != (notice.esp, notice.contact, notice.sent_at):
        text = f"this number stands in row {first.row} with another ESP, contact or time; one notice has one of each"
        found.slips.append(Slip(notice.row, "notice_id", text))
        return
    found.notices[at] = replace(first, urls=tuple(dict.fromkeys(first.urls + notice.urls)))


def _notice(
    row: int, values: dict[str, str], zone: ZoneInfo | None, pattern: re.Pattern[str] | None, slips: list[Slip]
) -> NewNotice | None:
    problems = list(_slips(row, values, pattern))
    sent_at, problem = sent_time(values.get("sent_at", ""), zone)
    if problem:
        problems.append(Slip(row, "sent_at", problem))
    slips.extend(problems)
    if problems:
        return None
    contact = values["contact"]
    return NewNotice(
        row=row,
        number=values["number"],
        esp=values["esp"],
        esp_domain=(values.get("esp_domain") or contact.rpartition("@")[2]).lower(),
        contact=contact,
        sent_at=sent_at,
        urls=tuple(dict.fromkeys(values["urls"].split())),
        message_id=values.get("message_id") or None,
        priority=_PRIORITIES[values.get("priority", "").lower()],
        survivor_linked=_FLAGS[values.get("survivor_linked", "").lower()],
        subject=values.get("subject", ""),
        language=values.get("language", "").lower(),
        kind=values.get("kind", "").lower(),
        xarf=" ".join(values.get("xarf", "").split()),
    )


def _slips(row: int, values: dict[str, str], pattern: re.Pattern[str] | None) -> Iterator[Slip]:
    number, urls = values.get("number", ""), values.get("urls", "").split()
    if not number:
        yield Slip(row, "notice_id", "is empty; every notice needs its number")
    elif pattern and not pattern.fullmatch(number):
        yield Slip(row, "notice_id", "does not fit number_format in the settings")
    if not values.get("esp"):
        yield Slip(row, "esp", "is empty; write the ESP's name")
    if not _ADDRESS.fullmatch(values.get("contact", "")):
        yield Slip(row, "contact_email", "is not one e-mail address")
    if not urls:
        yield Slip(row, "urls", "is empty; a notice needs at least one URL")
    if len(urls) > MAX_URLS:
        yield Slip(row, "urls", f"holds {len(urls)} URLs; at most {MAX_URLS} fit one notice")
    bad = sum(1 for url in urls if not looks_like_url(url))
    if bad:
        yield Slip(
            row,
            "urls",
            f"{bad} of {len(urls)} is not a URL; separate URLs by blanks and begin each with http:// or https://",
        )
    if (count := values.get("url_count", "")) and count != str(len(urls)):
        yield Slip(row, "url_count", f"says {count}, but the row holds {len(urls)} URLs")
    if values.get("priority", "").lower() not in _PRIORITIES:
        yield Slip(row, "priority", "must be 1, 2 or 3 (high, normal, low)")
    if values.get("survivor_linked", "").lower() not in _FLAGS:
        yield Slip(row, "survivor_linked", "must be yes or no")
    if not _is_xarf(" ".join(values.get("xarf", "").split())):
        yield Slip(row, "xarf", "must read category/type, and if need be name=value after it, as XARF v4 names them")
    if values.get("kind", "").lower() not in _KINDS:
        yield Slip(row, "kind", "must be one of host, platform, cdn, registrar, other")


def _is_xarf(text: str) -> bool:
    return not text or _XARF.fullmatch(text) is not None


def looks_like_url(url: str) -> bool:
    scheme, mark, rest = url.partition("://")
    return bool(mark) and scheme.lower() in ("http", "https", "hxxp", "hxxps") and len(rest.partition("/")[0]) > 1


def sent_time(text: str, zone: ZoneInfo | None) -> tuple[datetime | None, str]:
    """Return the time of sending in UTC, or what is wrong with ``text`` (ISO 8601: no other order is unambiguous)."""
    if not text:
        return None, ""
    try:
        at = datetime.fromisoformat(text.replace(" UTC", "Z").replace(" ", "T", 1))
    except ValueError:
        return None, "is not a time like 2026-10-12T08:30:00+00:00"
    if at.tzinfo is None:
        if zone is None:
            return None, "has no time zone; add it (+00:00) or name the zone of the whole file with --zone"
        at = at.replace(tzinfo=zone)
    return at.astimezone(UTC), ""
