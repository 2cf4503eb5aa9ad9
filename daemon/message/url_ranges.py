"""Reads a range of addresses: "a7.jpg bis a9.jpg" names what the notice lists from the one to the other.

A dash between two addresses may as well part the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daemon.message.message import Mark

Span = tuple[int, int, Mark, str, tuple[str, ...], bool]
_SIGNS = frozenset({"...", "…", "bis", "through", "thru", "à", "al", "tot", "t/m", "do", "до", "по"})


def with_ranges(text: str, spans: Sequence[Span], by_position: Mapping[int, tuple[str, ...]]) -> list[Span]:
    """Return the spans with two addresses, the sign between them and all between them as one span."""
    kept: list[Span] = []
    for span in spans:
        between = _between(text, kept[-1], span, by_position) if kept else ()
        if between:
            start, _, mark, value, _, _ = kept.pop()
            kept.append((start, span[1], mark, text[start : span[1]] or value, between, True))
        else:
            kept.append(span)
    return kept


def _between(text: str, first: Span, last: Span, by_position: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the URLs from one span to the other, if a range's sign stands between them and they share a folder."""
    if text[first[1] : last[0]].strip().casefold() not in _SIGNS or len(first[4]) != 1 or len(last[4]) != 1:
        return ()
    low, high = first[4][0], last[4][0]
    places = {urls[0]: place for place, urls in by_position.items() if len(urls) == 1}
    if not first[5] or not last[5] or low not in places or places[low] >= places.get(high, -1):
        return ()
    named = tuple(by_position[place][0] for place in sorted(places.values()) if places[low] <= place <= places[high])
    folder = low.rpartition("/")[0]
    return named if all(url.rpartition("/")[0] == folder for url in named) else ()
