# ruff: noqa: E501 - word lists read best as words
"""The items of the matched notices, and stretches of text that name some of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a sentence that names items by number; ``urls`` is empty for a number that the notice does not have."""

    start: int
    end: int
    value: str
    urls: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The items of the matched notices: their positions, how many there are."""

    by_position: Mapping[int, tuple[str, ...]] = field(repr=False)
    urls: tuple[str, ...] = field(repr=False)

    @property
    def count(self) -> int:
        return len(self.urls)


def catalogue(items: Sequence[tuple[int, str]]) -> Catalogue:
    """Build the catalogue of (position, URL) pairs."""
    by_position: dict[int, tuple[str, ...]] = {}
    for position, url in items:
        by_position[position] = (*by_position.get(position, ()), url)
    return Catalogue(by_position, tuple(dict.fromkeys(url for _, url in items)))


def mention_of(items: Catalogue, start: int, end: int, value: int) -> Mention:
    return Mention(start, end, str(value), items.by_position.get(value, ()))
