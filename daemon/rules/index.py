"""Finds the few phrases that may stand in a text among thousands, by the words of the text; nothing is compiled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from daemon.rules.atoms import Place, atoms_in

_SHORT, _MOST = 40, 4096  # letters of a word that is remembered, and how many are


class Index:
    """Phrases by the places that they need; what is held by no word of a text cannot stand in it."""

    def __init__(self, phrases: Sequence[tuple[Place, ...]]) -> None:
        numbers: dict[Place, int] = {}
        needs = [frozenset(numbers.setdefault(place, len(numbers)) for place in each) for each in phrases]
        self._by_atom: dict[str, list[int]] = {}
        for place, number in numbers.items():
            for atom in place:
                self._by_atom.setdefault(atom, []).append(number)
        self._longest = max(map(len, self._by_atom), default=0)
        self._always = tuple(number for number, each in enumerate(needs) if not each)
        self._by_place = _spread(needs)
        self._leads = frozenset(self._by_place)
        self._met: dict[str, frozenset[int]] = {}

    def candidates(self, text: str) -> list[int]:
        """Return the numbers of all phrases that may stand in folded ``text``, in order."""
        met, held = self._met, set[int]()
        for word in text.split():
            places = met.get(word)
            held |= self._places(word) if places is None else places
        found = list(self._always)
        for place in held & self._leads:
            for needed, number in self._by_place[place]:
                if needed <= held:
                    found.append(number)
        found.sort()
        return found

    def _places(self, word: str) -> frozenset[int]:
        """Return the places that one word of a text holds, and remember those of short words."""
        held = frozenset(place for atom in atoms_in(word, self._longest) for place in self._by_atom.get(atom, ()))
        if len(word) <= _SHORT:
            if len(self._met) >= _MOST:
                self._met.clear()
            self._met[word] = held
        return held


def _spread(needs: Iterable[frozenset[int]]) -> dict[int, list[tuple[frozenset[int], int]]]:
    """Put every phrase under the one of its places that the fewest phrases need."""
    needs = list(needs)
    wanted = Counter(place for each in needs for place in each)
    found: dict[int, list[tuple[frozenset[int], int]]] = {}
    for number, each in enumerate(needs):
        if each:
            found.setdefault(min(each, key=lambda place: (wanted[place], place)), []).append((each, number))
    return found
