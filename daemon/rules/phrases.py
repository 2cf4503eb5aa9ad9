"""Phrases of rules.yaml as RE2: the signs ``...``, ``a/b``, ``(word)``, ``word*`` and ``<url>`` and its kin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import re2

from daemon.message.message import Mark
from daemon.rulefile.blocks import Groups, Phrase
from daemon.rulefile.near import did_you_mean
from daemon.rules.fold import fold, is_cjk, lenient
from daemon.rules.whose import OTHER_EMAIL, OTHER_PAGE, PAGE

_PLAIN = r"[^\s()（）/<>….*\\^$]+"
_TOKENS = re.compile(
    rf"(?<!\S){_PLAIN}(?:/{_PLAIN})+(?!\S)|"  # plain words, any one of them
    r"\s+|\.\.\.|…|[()（）]|/|<[^<>\s]*>|(?:(?!\.\.\.)[^\s()（）/<>…])+|[<>]"
)
_MARKS = {mark.name.lower(): mark.value for mark in Mark} | {"page": PAGE, "outside": OTHER_PAGE}
_EMIT = {
    "number": f"(?:{Mark.NUMBER.value}|[0-9]+)",
    "url": f"[{Mark.URL.value}{PAGE}{OTHER_PAGE}]",
    "email": f"[{Mark.EMAIL.value}{OTHER_EMAIL}]",
    "outside": f"[{OTHER_PAGE}{OTHER_EMAIL}]",
}
_AROUND_MARK = "(?: [-:=>|,.()/]+){0,3} "
_GAP = "((?:[^ ;]+ (?:[,:()-] )?){0,8}?)"
_GAP_CJK = "([^.;!?]{0,24}?)"
CONJUNCTIONS = "وف"  # written as one with the word that they lead
_LETTER_LED = re.compile("[\u0620-\u064a]")


class PhraseError(ValueError):
    """A phrase that breaks the signs' rules: ``offset`` and ``width`` in the phrase, and the mend."""

    def __init__(self, code: str, message: str, fix: str, offset: int = 0, width: int = 1) -> None:
        super().__init__(message)
        self.code, self.message, self.fix, self.offset, self.width = code, message, fix, offset, width


@dataclass(slots=True)
class Piece:
    """One element: ``kind`` is word, mark, gap, group (optional)."""

    kind: str
    choices: list[list[Piece]] = field(default_factory=list)  # of a group or of a/b
    text: str = ""
    glued: bool = False  # nothing stands between it and the piece before
    group: Group | None = None  # the word group that it stands for; its choices are then shared

    def add(self, choice: list[Piece]) -> None:
        """Add a choice to an "either"."""
        self.choices, self.group = [*self.choices, choice], None

    def lengthen(self, piece: Piece) -> None:
        """Add a piece to the last choice of an "either"."""
        self.choices, self.group = [*self.choices[:-1], [*self.choices[-1], piece]], None


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The words of one group, read once for all phrases that name it."""

    choices: list[list[Piece]] = field(repr=False)


def regex_of(phrase: Phrase) -> str:
    """Return the RE2 expression for a phrase of the file, its word groups spelled out."""
    return to_regex(phrase.text, phrase.groups)


@lru_cache(maxsize=16384)
def to_regex(phrase: str, groups: Groups | None = None) -> str:
    """Return the RE2 expression for ``phrase``; every ``...`` is a capturing group, nothing else captures."""
    pieces = read(phrase, groups)
    lead = "" if _may_start_cjk(pieces) else " "
    if is_letter_led(first_char(pieces)):
        lead += f"[{CONJUNCTIONS}]?"
    return lead + _emit(pieces)


@lru_cache(maxsize=512)
def read(phrase: str, groups: Groups | None) -> list[Piece]:
    """Read a phrase, or remember it: its form and its words are asked for one after the other."""
    pieces = _parse(phrase, groups or _NO_GROUPS)
    if not any(piece.kind in {"word", "mark", "either"} for piece in pieces):
        raise PhraseError(
            "R302", "This phrase has no word of its own.", "Write words that must be there.", 0, len(phrase)
        )
    return pieces


def is_letter_led(char: str) -> bool:
    """Tell whether a word that begins with ``char`` may have a conjunction of one letter written in front of it."""
    return bool(_LETTER_LED.match(char))


def obligatory(phrase: Phrase) -> list[frozenset[str]]:
    """Return the folded words that must be there: one set of alternatives for each place, marks as "<>"."""
    pieces = read(phrase.text, phrase.groups)
    return [frozenset(_words_of(piece)) for piece in pieces if piece.kind not in {"group", "gap"}]


def _words_of(piece: Piece) -> Iterator[str]:
    if piece.kind == "mark":
        yield "<>"
    elif piece.kind == "word":
        yield _folded(piece.text)
    for choice in piece.choices:
        yield " ".join(word for each in choice for word in _words_of(each))


def compile_regex(expression: str) -> re2._Regexp:
    return re2.compile(expression, _OPTIONS)


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 16 << 20
    return options


_OPTIONS = _options()


def _parse(phrase: str, groups: Groups) -> list[Piece]:
    stack: list[list[Piece]] = [[]]
    opened: list[int] = []
    glued, either = False, False
    for found in _TOKENS.finditer(phrase):
        part, at = found[0], found.start()
        if part.isspace():
            if either:
                raise PhraseError("R302", 'A blank stands next to "/".', "Write a/b without blanks around it.", at)
            glued = False
            continue
        if part in "(（":
            opened.append(at)
            stack.append([])
            stack[-2].append(Piece("group", [stack[-1]], glued=glued or either))
            glued = either = False
            continue
        if part in ")）":
            if not opened:
                raise PhraseError(
                    "R302", '")" closes nothing.', 'Put "(" in front of the words that may be missing.', at
                )
            if not stack.pop():
                raise PhraseError("R302", "Nothing stands in the brackets.", "Write the words that may be missing.", at)
            opened.pop()
            glued = True
            continue
        if part == "/":
            if not glued or not stack[-1]:
                raise PhraseError("R302", '"/" needs a word on both sides.', "Write a/b without blanks around it.", at)
            either = True
            continue
        if "/" in part:  # plain words, any one of them
            stack[-1].append(Piece("either", [[Piece("word", text=word)] for word in part.split("/")]))
            glued, either = True, False
            continue
        _add(stack[-1], _piece(part, at, groups), glued, either)
        glued, either = True, False
    if opened:
        raise PhraseError("R302", '"(" is never closed.', 'Put ")" after the words that may be missing.', opened[-1])
    if either:
        raise PhraseError(
            "R302", '"/" needs a word on both sides.', "Write a/b without blanks around it.", len(phrase) - 1
        )
    pieces = stack[0]
    if pieces and "gap" in {pieces[0].kind, pieces[-1].kind}:
        at = 0 if pieces[0].kind == "gap" else len(phrase.rstrip()) - 3
        raise PhraseError("R303", '"..." at the edge of a phrase does nothing.', "Take it away.", at, 3)
    return pieces


def _add(pieces: list[Piece], piece: Piece, glued: bool, either: bool) -> None:
    """Append ``piece``, joined to the one before by "/" or without a blank."""
    if either:
        last = pieces.pop()
        if last.kind == "either":
            last.add([piece])
            pieces.append(last)
        else:
            head = [last]
            while head[0].glued and pieces and head[0].kind != "either":
                head.insert(0, pieces.pop())
            joined = Piece("either", [head, [piece]], glued=head[0].glued)
            head[0].glued = False
            pieces.append(joined)
    elif glued and pieces and pieces[-1].kind == "either":
        piece.glued = True
        pieces[-1].lengthen(piece)
    else:
        piece.glued = glued and piece.kind == "word" and bool(pieces) and pieces[-1].kind in {"group", "word"}
        pieces.append(piece)


def _piece(part: str, at: int, groups: Groups) -> Piece:
    if part in {"...", "…"}:
        return Piece("gap")
    if part[0] == "<":
        name = part[1:-1].lower()
        if name in _MARKS:
            return Piece("mark", text=_EMIT.get(name, _MARKS[name]))
        if name in groups.words:
            return _group(name, at, len(part), groups)
        fix = did_you_mean(name, [*_MARKS, *groups.words])
        fix = fix.replace('"', "<", 1).replace('"', ">", 1) if fix.startswith("Did") else f"Use one of: {_MARK_LIST}."
        raise PhraseError(
            "R301", f'"{part}" is not one of the signs for URLs, numbers and the like.', fix, at, len(part)
        )
    if part == ">":
        raise PhraseError("R301", '">" stands alone.', f"The signs are: {_MARK_LIST}.", at)
    star = part.endswith("*")
    plain = part[:-1] if star else part
    if "*" in plain:
        raise PhraseError(
            "R302", '"*" may only stand at the end of a word.', "Write word* for any ending.", at + part.index("*")
        )
    if "\\" in plain or plain.startswith("^") or plain.endswith("$"):
        raise PhraseError(
            "R307",
            "This looks like a regular expression; a phrase is plain words.",
            'Use the key "pattern" for it, or write words.',
            at,
            len(part),
        )
    if not plain:
        raise PhraseError(
            "R302", '"*" needs a word in front of it.', "Write word* for any ending, ... for words between.", at
        )
    return Piece("word", text=part)


def _group(name: str, at: int, width: int, groups: Groups) -> Piece:
    """The words of a group, any one of them."""
    words = groups.words[name]
    if not words:
        raise PhraseError(
            "R308",
            f"The group <{name}> has no words in this phrase's language.",
            "Add words for that language to the group, or write them here.",
            at,
            width,
        )
    try:
        group = _read_group(words)
    except PhraseError as slip:
        raise PhraseError("R308", f"The group <{name}> holds a word with a slip: {slip}", slip.fix, at, width) from None
    return Piece("either", group.choices, group=group)


@lru_cache(maxsize=1024)
def _read_group(words: tuple[str, ...]) -> Group:
    """Read the words of a group, the longest first."""
    return Group([_parse(word, _NO_GROUPS) for word in sorted(words, key=len, reverse=True)])


_NO_GROUPS = Groups()
_MARK_LIST = " ".join(f"<{name}>" for name in _MARKS)


def _emit(pieces: list[Piece]) -> str:
    """Every piece brings the blank after it along, so that optional pieces leave nothing behind."""
    parts = []
    for place, piece in enumerate(pieces):
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        parts.append(_emit_one(piece, pieces[place - 1] if place else None, after))
    return "".join(parts)


def _emit_one(piece: Piece, before: Piece | None, after: Piece | None) -> str:
    joined = after is not None and after.glued
    if piece.kind == "gap":
        cjk = (before is not None and _ends_cjk(before)) or (after is not None and _may_start_cjk([after]))
        return _GAP_CJK if cjk else _GAP
    if piece.kind == "group":
        inner = _emit(piece.choices[0])
        if not piece.glued and not joined and after is not None and inner.endswith(" "):
            inner = f"(?:, )?{inner}(?:[:,] )?"
        if piece.glued or joined:  # file(s): the blank belongs to what follows the group
            inner = inner.removesuffix(" ").removesuffix(" ?")
            return f"(?:{inner})?" + ("" if joined else _blank(piece, after))
        return f"(?:{inner})?"
    if piece.kind == "either":
        choices = _emit_group(piece.group) if piece.group is not None else _emit_choices(piece.choices)
        return f"(?:{choices})" + ("" if joined else _blank(piece, after))
    text = piece.text if piece.kind == "mark" else _word(piece.text)
    return text + ("" if joined else _blank(piece, after))


def _emit_choices(choices: list[list[Piece]]) -> str:
    return "|".join(_emit(choice).removesuffix(" ?").removesuffix(" ") for choice in choices)


@lru_cache(maxsize=1024)
def _emit_group(group: Group) -> str:
    return _emit_choices(group.choices)


def _blank(piece: Piece, after: Piece | None) -> str:
    if after is not None and (is_mark(piece) or is_mark(after)):
        return _AROUND_MARK
    if _ends_cjk(piece):
        return " ?" if after is None else "(?: ?: | )?"
    return " " if after is None else " (?:: )?"


def is_mark(piece: Piece) -> bool:
    """Tell whether a piece is a mark, or may be one."""
    if piece.kind == "either":
        return any(choice and is_mark(choice[0]) for choice in piece.choices)
    return piece.kind == "mark"


@lru_cache(maxsize=16384)
def _word(text: str) -> str:
    folded, star = spelled(text)
    if not folded:
        return ""
    return " ".join(lenient(part) for part in folded.split(" ")) + ("[^ ]*" if star else "")


@lru_cache(maxsize=32768)  # the words of the largest file are read several times over
def spelled(text: str) -> tuple[str, bool]:
    """Return one word of a phrase as the folded text has it, and whether any ending may follow."""
    plain = text.removesuffix("*")
    folded = fold(plain).strip()
    if plain.endswith(("'", "’")):  # n' and its like stand apart from the next word, with their apostrophe
        folded = fold(f"{plain}a").strip().removesuffix("a").strip()
    if plain.startswith(("'", "’")):  # 's stands apart from "it" in the folded text
        folded = fold(f"it{plain}").split()[-1]
    return folded, text.endswith("*")


@lru_cache(maxsize=16384)
def _folded(word: str) -> str:
    return fold(word.removesuffix("*")).strip()


def _chars(pieces: list[Piece], last: bool) -> list[str]:
    """The first (last) characters that ``pieces`` may start (end) with."""
    found: list[str] = []
    for piece in reversed(pieces) if last else pieces:
        if piece.group is not None:
            found += _chars_of_group(piece.group, last)
        elif piece.kind in {"group", "either"}:
            for choice in piece.choices:
                found += _chars(choice, last)
        elif piece.kind == "word":
            found.append(_folded(piece.text)[-1 if last else 0 :][:1])
        else:
            found.append("")
        if piece.kind != "group":
            break
    return found


@lru_cache(maxsize=1024)
def _chars_of_group(group: Group, last: bool) -> list[str]:
    return list(dict.fromkeys(char for choice in group.choices for char in _chars(choice, last)))


def _ends_cjk(piece: Piece) -> bool:
    if piece.kind == "mark" or (piece.kind == "word" and piece.text.isascii()):
        return False
    return any(char and is_cjk(char) for char in _chars([piece], last=True))


def _may_start_cjk(pieces: list[Piece]) -> bool:
    return any(char and is_cjk(char) for char in _chars(pieces, last=False))


def first_char(pieces: list[Piece]) -> str:
    """Return the first character that a phrase may begin with ("" for none)."""
    return next((char for char in _chars(pieces, last=False) if char), "")
