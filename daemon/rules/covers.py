"""Tells whether one phrase catches whatever another one catches, whatever the text.

Both are read as the words that lead from state to state.  All texts of the narrow phrase are followed at once, word by
word, with the states that the wide one can be in meanwhile: it covers the narrow one if none ends without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from daemon.rulefile.blocks import Phrase
from daemon.rules.choices import choices
from daemon.rules.phrases import PhraseError, Piece, first_char, is_letter_led, is_mark, read
from daemon.rules.words import NotWordwise, Word, words_of
from daemon.rules.wordwise import AROUND, BETWEEN, ENDS_GAP, LONGEST_GAP, MOST_AROUND

_SIGN, _ANY = "\x04", "\x03"  # a word of signs only; a word that no phrase knows
_ENDING, _DIGITS = "\x01", "\x02"  # any ending of a word; any number
_MOST_STATES = 20_000


@dataclass(frozen=True, slots=True)
class _Edge:
    """What leads from a state to the next: a word; any word at all; a word of signs."""

    to: int
    word: Word | None = None
    any: bool = False

    def takes(self, symbol: str) -> bool:
        if self.any:
            return symbol not in ENDS_GAP
        if self.word is None:
            return symbol == _SIGN or AROUND.issuperset(symbol)
        return _takes(self.word, symbol)

    def symbols(self) -> Iterator[str]:
        """Yield a symbol for everything that this edge takes."""
        if self.any or self.word is None:
            yield _ANY if self.any else _SIGN
            return
        yield from self.word.spelled
        yield from (f"{begun}{_ENDING}" for begun in self.word.begun)
        if self.word.digits:
            yield _DIGITS


@dataclass(slots=True)
class Road:
    """A phrase as states; 0 is its end."""

    edges: list[list[_Edge]] = field(default_factory=lambda: [[]])
    free: list[list[int]] = field(default_factory=lambda: [[]])  # states reached without a word
    start: int = 0
    led: bool = False
    words: list[Word] = field(default_factory=list)  # all that its edges take, once they are asked for

    def state(self) -> int:
        self.edges.append([])
        self.free.append([])
        return len(self.edges) - 1

    def reach(self, states: frozenset[int]) -> frozenset[int]:
        found, waiting = set(states), list(states)
        while waiting:
            for state in self.free[waiting.pop()]:
                if state not in found:
                    found.add(state)
                    waiting.append(state)
        return frozenset(found)

    def step(self, states: frozenset[int], symbol: str) -> frozenset[int]:
        return self.reach(frozenset(edge.to for state in states for edge in self.edges[state] if edge.takes(symbol)))

    def alike(self, edge: _Edge) -> list[str]:
        """Return a symbol for each kind of word that ``edge``, of another road, takes: this road treats them alike."""
        if not self.words:
            words = {id(each.word): each.word for edges in self.edges for each in edges if each.word is not None}
            self.words.extend(words.values())
        kinds: dict[tuple[object, ...], str] = {}
        for symbol in edge.symbols():
            known = tuple(number for number, word in enumerate(self.words) if _takes(word, symbol))
            kinds.setdefault((AROUND.issuperset(symbol), *known), symbol)
        return list(kinds.values())


def _takes(word: Word, symbol: str) -> bool:
    return word.digits if symbol == _DIGITS else word.is_in(symbol)


def road(phrase: Phrase) -> Road | None:
    """Return the road of a phrase; None where it may stand inside a word, or has a slip."""
    made = Road()
    try:
        pieces = read(phrase.text, phrase.groups)
        made.start = _row(made, pieces, 0)
    except (NotWordwise, PhraseError):
        return None
    made.led = is_letter_led(first_char(pieces))
    return made


def covers(wide: Road, narrow: Road, whole: bool = False) -> bool:
    """Tell whether ``wide`` stands in every text that ``narrow`` stands in; ``whole``: on the very same words."""
    if narrow.led and not wide.led:
        return False
    begin = wide.reach(frozenset({wide.start}))
    kinds: dict[int, list[str]] = {}
    waiting = [(state, begin) for state in narrow.reach(frozenset({narrow.start}))]
    seen = set(waiting)
    while waiting and len(seen) < _MOST_STATES:
        here, there = waiting.pop()
        if 0 in there and not whole:
            continue
        if here == 0 and 0 not in there:
            return False
        for edge in narrow.edges[here]:
            if id(edge) not in kinds:
                kinds[id(edge)] = wide.alike(edge)
            for symbol in kinds[id(edge)]:
                behind = wide.step(there, symbol)
                behind = behind if whole else behind | begin
                new = {(state, behind) for state in narrow.reach(frozenset({edge.to}))} - seen
                seen |= new
                waiting += new
    return not waiting


def _row(made: Road, pieces: Sequence[Piece], end: int) -> int:
    for number in range(len(pieces) - 1, -1, -1):
        end = _piece(made, pieces[number], pieces[number + 1] if number + 1 < len(pieces) else None, end)
    return end


def _piece(made: Road, piece: Piece, after: Piece | None, end: int) -> int:
    if piece.glued or (after is not None and after.glued):
        raise NotWordwise
    if piece.kind == "gap":
        return _gap(made, end)
    if piece.kind == "group":
        signs = after is not None and piece.choices[0][-1].kind not in {"group", "gap"}
        inner = _row(made, piece.choices[0], _maybe(made, ",:", end) if signs else end)
        return _split(made, [_maybe(made, ",", inner) if signs else inner, end])
    if after is not None:
        end = _around(made, end) if is_mark(piece) or is_mark(after) else _maybe(made, ":", end)
    if piece.kind == "either":
        return _either(made, piece, end)
    for word in reversed(words_of(piece)):
        end = _edge(made, end, word)
    return end


def _either(made: Road, piece: Piece, end: int) -> int:
    found = choices(piece)
    if isinstance(found, Word):
        return _edge(made, end, found)
    starts = [_row(made, pieces, end) for _, pieces in found.steps]
    for row in found.rows:
        place = end
        for word, colon in reversed(row):
            place = _edge(made, place, word)
            place = _maybe(made, ":", place) if colon else place
        starts += [place] if row else []
    return _split(made, starts)


def _edge(made: Road, to: int, word: Word | None = None, every: bool = False) -> int:
    state = made.state()
    made.edges[state].append(_Edge(to, word, every))
    return state


def _split(made: Road, states: Sequence[int]) -> int:
    state = made.state()
    made.free[state] += states
    return state


def _maybe(made: Road, signs: str, end: int) -> int:
    return _split(made, [_edge(made, end, Word(frozenset(signs))), end])


def _around(made: Road, end: int) -> int:
    place = end
    for _ in range(MOST_AROUND):
        place = _split(made, [_edge(made, place), end])
    return place


def _gap(made: Road, end: int) -> int:
    place = end
    for _ in range(LONGEST_GAP):
        behind = _split(made, [_edge(made, place, Word(BETWEEN)), place])
        place = _split(made, [_edge(made, behind, every=True), end])
    return place


def sample(made: Road, number: int) -> str:
    """Return the ``number``-th of some texts that a phrase stands in, in folded form."""
    state, words, turn = made.start, [""], number
    while state:
        ways = [(None, to) for to in made.free[state]] + [(edge, edge.to) for edge in made.edges[state]]
        edge, state = ways[turn % len(ways)]
        turn = turn * 3 + number + 1
        if edge is not None:
            symbols = sorted(edge.symbols())
            words.append(_shown(symbols[turn % len(symbols)]))
    return f"{' '.join(words)} "


def _shown(symbol: str) -> str:
    return {_ANY: "aught", _SIGN: "-", _DIGITS: "7"}.get(symbol, symbol.replace(_ENDING, "ish"))
