"""A list of what a person or a tool found at addresses: still up, or gone; strict per row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.notices.table import ODD, Slip, looks_like_url, sent_time

_SPELLINGS = {
    "url": ("url", "urls", "link"),
    "found": ("found", "state", "status", "result"),
    "esp": ("esp", "esp_name", "provider"),
    "checked_at": ("checked_at", "checked", "date"),
}
_COLUMNS = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings}
_UP = frozenset({"", "up", "reachable", "still reachable", "online", "yes"})
_GONE = frozenset({"gone", "down", "offline", "removed", "not reachable", "no"})


@dataclass(frozen=True, slots=True)
class Checked:
    """One address as it was found; ``at``: when, None if the list does not say."""

    row: int
    url: str = field(repr=False)
    is_up: bool
    at: datetime | None = None
    esp: str = ""


def read_checked(
    rows: Iterable[Mapping[str, str]], now: datetime, zone: ZoneInfo | None = None
) -> tuple[list[Checked], list[Slip]]:
    """Read a table with a column ``url``, and if known ``found`` (up, gone; left out: up), ``checked_at``, ``esp``."""
    found: list[Checked] = []
    slips: list[Slip] = []
    for number, cells in enumerate(rows, 2):
        values = {
            name: (value or "").strip()
            for head, value in cells.items()
            if head and (name := _COLUMNS.get(head.strip().lower().replace(" ", "_")))
        }
        if "url" not in values:
            return [], [Slip(1, "url", "is missing; the first row must name a column url")]
        if cells.get(ODD):
            slips.append(Slip(number, "", cells[ODD]))
        elif any(values.values()):
            _take(number, values, now, zone, found, slips)
    return found, slips


def _take(
    row: int,
    values: Mapping[str, str],
    now: datetime,
    zone: ZoneInfo | None,
    found: list[Checked],
    slips: list[Slip],
) -> None:
    said = values.get("found", "").lower()
    at, wrong = sent_time(values.get("checked_at", ""), zone)
    if at is not None and at > now:
        wrong = "lies in the future"
    before = len(slips)
    if wrong:
        slips.append(Slip(row, "checked_at", wrong))
    if said not in _UP | _GONE:
        slips.append(Slip(row, "found", "must be up or gone"))
    if not looks_like_url(values["url"]):
        slips.append(Slip(row, "url", "is not a URL; it begins with http:// or https://"))
    if len(slips) == before:
        found.append(Checked(row, values["url"], said in _UP, at, values.get("esp", "")))
