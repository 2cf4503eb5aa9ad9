"""Finds records: entries right below one another, such as "URL: ..." and "Action taken: removed"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from daemon.message.entries import key
from daemon.message.item_tokens import is_noun
from daemon.message.message import Shape
from daemon.message.number_words import NUMBER_SIGNS
from daemon.message.units import Unit

Record = list[tuple[Unit, str]]  # its lines, each with the key of its entry
_KEY_NUMBER = re.compile(r"(?<=[^\W\d_])\s?#?[0-9]{1,3}(?=\s*[:=])")
_WORD = re.compile(r"[^\W\d_]+")
_STATES = frozenset(
    ("status", "state", "result", "action", "outcome", "ergebnis", "statut", "résultat", "estado", "resultado", "stato")
)


def give_names(found: Sequence[Unit], names_of: Callable[[Unit], tuple[str, ...]]) -> None:
    """Give the lines of a record that name no item the items that its one entry "URL" or "Items" names."""
    for record in _records(found):
        named = [(name, names_of(unit)) for unit, name in record]
        keys = {name for name, names in named if names}
        if len(keys) == 1 and all(map(_names_items, keys)):
            given = tuple(dict.fromkeys(url for _, names in named for url in names))
            for unit, name in record:
                unit.given = () if _names_items(name) else given
                unit.text = _KEY_NUMBER.sub("", unit.text, count=1) if unit.given else unit.text


def _names_items(name: str) -> bool:
    """Tell whether a key says that its entry names items: "URL", "affected items", no "URL status"."""
    words = _WORD.findall(name)
    return words[-1] not in _STATES and any(word in NUMBER_SIGNS or is_noun(word) for word in words)


def _records(found: Sequence[Unit]) -> Iterator[Record]:
    """Yield the records of two lines and more; no key stands in one twice, unless right below itself.

    An entry "URLs:" with nothing behind it goes on in the list below it.
    """
    record: Record = []
    goes_on = False
    for unit in found:
        name = _key(unit)
        if goes_on and name is None and _is_listed(unit):
            record.append((unit, record[-1][1]))
            continue
        if name is None or (unit.gap and not goes_on) or name in {earlier for _, earlier in record[:-1]}:
            if len(record) > 1:
                yield record
            record = []
        if name is not None:
            record.append((unit, name))
        goes_on = name is not None and _names_items(name) and unit.text.rstrip().endswith((":", "："))
    if len(record) > 1:
        yield record


def _key(unit: Unit) -> str | None:
    """Return the key of a line, or of a row that holds a key and a value."""
    if unit.shape is Shape.ROW:
        return key(": ".join(unit.cells)) if len(unit.cells) == 2 and not unit.header else None
    return key(unit.text) if unit.shape is not Shape.HEADING else None


def _is_listed(unit: Unit) -> bool:
    return unit.shape is Shape.ITEM or len(unit.text.split()) == 1
