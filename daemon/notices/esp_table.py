"""ESPs from the rows of a table (CSV, XLSX), and back: each problem with its row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from daemon.errors import PermanentError
from daemon.notices import esp_settings, speaking
from daemon.notices.table import ODD, Slip

LISTS = ("contacts", "domains")
COLUMNS = ("key", *esp_settings.KEYS, *LISTS)
SHOWN = (*COLUMNS, "state")  # of an export; ``state`` is not read back
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with one of these a cell is reckoned by spreadsheets


@dataclass(frozen=True, slots=True)
class EspRow:
    """One ESP as a table tells of it; what is not given in a cell is not in ``values``."""

    row: int
    key: str
    values: Mapping[str, Any] = field(repr=False)
    contacts: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (address, role)
    domains: tuple[str, ...] = field(default=(), repr=False)


@dataclass(slots=True)
class Reading:
    """The ESPs found, in order, and every slip."""

    esps: list[EspRow] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)


def read_rows(rows: Iterable[Mapping[str, str]], slug: Callable[[str], str]) -> Reading:
    """Read a table whose first row names the columns; ``slug`` gives the key of a row that has a name only."""
    found, seen = Reading(), dict[str, int]()
    for number, cells in enumerate(rows, 2):
        if number == 2:
            found.slips.extend(_head(cells))
            if found.slips:
                return found
        values = {(head or "").strip().lower(): bare(value or "").strip() for head, value in cells.items() if head}
        if cells.get(ODD):
            found.slips.append(Slip(number, "", cells[ODD]))
        elif any(values.values()):
            _take(found, seen, number, values, slug)
    return found


def _head(cells: Mapping[str, str]) -> Iterator[Slip]:
    heads = [head.strip().lower() for head in cells if head and head != ODD]
    if "key" not in heads and "name" not in heads:
        yield Slip(1, "key", f"is missing; the first row names the columns: {', '.join(COLUMNS)}")
    for head in heads:
        if head not in SHOWN:
            near = get_close_matches(head, COLUMNS, 1)
            yield Slip(1, head[:40], f"is no column{f'; is {near[0]} meant?' if near else ''}")


def _take(
    found: Reading, seen: dict[str, int], number: int, cells: Mapping[str, str], slug: Callable[[str], str]
) -> None:
    key = slug(cells.get("key") or cells.get("name") or "")
    slips: list[Slip] = []
    if not (cells.get("key") or cells.get("name")):
        slips.append(Slip(number, "key", "is empty, and so is name"))
    if key in seen:
        slips.append(Slip(number, "key", f"stands in row {seen[key]} already"))
    seen.setdefault(key, number)
    values = {name: _parsed(number, name, cells[name], slips) for name in esp_settings.KEYS if cells.get(name)}
    contacts = [_contact(number, text, slips) for text in _listed(cells.get("contacts", ""))]
    domains = [_domain(number, text, slips) for text in _listed(cells.get("domains", ""))]
    found.slips.extend(slips)
    if not slips:
        found.esps.append(EspRow(number, key, values, tuple(filter(None, contacts)), tuple(filter(None, domains))))


def _listed(cell: str) -> list[str]:
    return cell.replace(",", " ").replace(";", " ").split()


def _parsed(row: int, name: str, text: str, slips: list[Slip]) -> Any:
    try:
        return esp_settings.parse(name, text)
    except PermanentError as slip:
        slips.append(Slip(row, name, str(slip).removeprefix(f"{name} ")))
        return None


def _contact(row: int, text: str, slips: list[Slip]) -> tuple[str, str] | None:
    address, _, role = text.partition("=")
    try:
        return speaking.address(address), speaking.role(role or "primary")
    except PermanentError as slip:
        slips.append(Slip(row, "contacts", str(slip)))
        return None


def _domain(row: int, text: str, slips: list[Slip]) -> str | None:
    try:
        return speaking.domain(text)
    except PermanentError as slip:
        slips.append(Slip(row, "domains", str(slip)))
        return None


def cells(
    key: str, values: Mapping[str, Any], contacts: Sequence[tuple[str, str]], domains: Sequence[str], state: str
) -> list[str]:
    """One ESP as a row of an export, in the order of ``SHOWN``."""
    said = [_said(values.get(name)) for name in esp_settings.KEYS]
    return [key, *said, " ".join(f"{address}={role}" for address, role in contacts), " ".join(domains), state]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def guarded(text: str) -> str:
    """Return a cell of a CSV file that no spreadsheet reckons, whoever wrote its text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def bare(text: str) -> str:
    """Return what a guarded cell holds."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
