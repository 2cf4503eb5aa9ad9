"""One value of a line: quote marks, and the signs that YAML reads otherwise than staff mean them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from daemon.rulefile.problem import Severity

_CURLY = "“”„‟«»‘’‚‛＂"
_CURLY_PAIR = re.compile(f"[{_CURLY}](.*?)[{_CURLY}]?\\s*$")
_BLOCK_SCALAR = re.compile(r"[|>][+-]?\d?[+-]?\s*$")
_ODD = re.compile("[\u00a0\u00ad\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\ufeff\t]")


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip in a value: place and width within it, and how it reads mended (None: it may stay for the parser)."""

    at: int
    code: str
    message: str
    fix: str
    width: int = 1
    edit: tuple[int, int, str] | None = field(default=None, repr=False)
    mended: str | None = field(default=None, repr=False)
    severity: Severity = Severity.ERROR


def quoted(text: str) -> str:
    """Return ``text`` in single quotes, the form in which YAML reads every sign as itself."""
    return "'" + text.replace("'", "''") + "'"


def check_value(value: str, phrase: bool) -> Iterator[Slip]:
    """Yield the slips of ``value``; ``phrase`` if it is an item of a list of phrases or examples."""
    if not value:
        return
    if value[0] == '"':
        yield from _double(value)
    elif value[0] == "'":
        yield from _single(value)
    elif value[0] in _CURLY:
        yield _curly(value)
    else:
        yield from _plain(value, phrase)
    yield from _odd_blanks(value, phrase)


def _double(value: str) -> Iterator[Slip]:
    end = _end_of_double(value)
    if end < 0:
        yield _unclosed(value, '"')
        return
    inner, rest = value[1:end], value[end + 1 :]
    if rest.strip() and not rest.startswith((" #", "\t#")):
        yield _after_quote(value, end)
        return
    at = inner.find("\\")
    if at >= 0:
        plain = inner.replace('\\"', '"')
        mended = quoted(plain)
        message = "Within double quotes a backslash changes the text."
        edit = None if "\\" in plain else (0, end + 1, mended)
        yield Slip(at + 1, "R109", message, f"Use single quotes:  {mended}", 2, edit, mended + rest)


def _end_of_double(value: str) -> int:
    at = 1
    while at < len(value):
        if value[at] == "\\":
            at += 2
            continue
        if value[at] == '"':
            return at
        at += 1
    return -1


def _single(value: str) -> Iterator[Slip]:
    at = 1
    while at < len(value):
        if value[at] == "'":
            if value[at + 1 : at + 2] != "'":
                rest = value[at + 1 :]
                if rest.strip() and not rest.startswith((" #", "\t#")):
                    yield _after_quote(value, at)
                return
            at += 1
        at += 1
    yield _unclosed(value, "'")


def _unclosed(value: str, sign: str) -> Slip:
    mended = quoted(value if sign == "'" and not value.endswith("'") else value[1:])
    message = f"The quote mark {sign} is opened here and never closed."
    return Slip(0, "R110", message, f"Write the whole text in single quotes:  {mended}", 1, None, mended)


def _after_quote(value: str, end: int) -> Slip:
    mended = quoted(value.rstrip())
    message = "Something stands after the closing quote mark; YAML cannot read that."
    at = end + 1 + (len(value[end + 1 :]) - len(value[end + 1 :].lstrip()))
    fix = f"Write the whole text in single quotes:  {mended}"
    return Slip(at, "R110", message, fix, len(value) - at, (0, len(value.rstrip()), mended), mended)


def _curly(value: str) -> Slip:
    found = _CURLY_PAIR.match(value)
    inner = found[1] if found else value[1:]
    mended = quoted(inner) if re.search(r"[:#\[\]{}&*!|>%@`'\"\\]|^[-?]", inner) else inner
    message = "These are a word processor's quote marks; for YAML they are letters of the text."
    return Slip(0, "R104", message, f"Write:  {mended}", len(value.rstrip()), (0, len(value.rstrip()), mended), mended)


def _plain(value: str, phrase: bool) -> Iterator[Slip]:
    comment = re.search(r"(?:^|\s)#", value)
    if comment and phrase:
        yield _comment(value, value.index("#", comment.start()))
        if value.startswith("#"):
            return
        value = value[: comment.start()]
    elif comment:
        value = value[: comment.start()]
    text = value.rstrip()
    mended = quoted(text)
    fix = f"Put the whole text into single quotes:  {mended}"
    edit = (0, len(text), mended)
    if phrase and text[:1] in "[{":
        yield Slip(
            0, "R106", f'"{text[0]}" at the start makes YAML read a list or block, not a text.', fix, 1, edit, mended
        )
    elif (
        text[:1] in "&*!%@`,]}"
        or (text[:2] in {"? ", "- ", ": "})
        or (text[:1] in "|>" and not _BLOCK_SCALAR.match(text))
    ):
        yield Slip(0, "R107", f'"{text[0]}" at the start means something else to YAML.', fix, 1, edit, mended)
    elif found := re.search(r":(?=\s|$)", text):
        message = "A colon and a blank make YAML read a key and a value here, not one text."
        yield Slip(found.start(), "R105", message, fix, 1, edit, mended)


def _comment(value: str, at: int) -> Slip:
    lost = value[at:].rstrip()
    message = f'Everything from "{lost}" on is silently dropped: after a space, "#" starts a comment.'
    fix = f"If it belongs to the phrase, quote it:  - {quoted(value.rstrip())}"
    return Slip(at, "R108", message, fix, len(lost), None, quoted(value.rstrip()) if at == 0 else None)


def _odd_blanks(value: str, phrase: bool) -> Iterator[Slip]:
    found = _ODD.search(value)
    if found is None:
        return
    tab = found[0] == "\t"
    edit = (found.start(), found.start() + 1, "" if found[0] in "\u00ad\u200b\u2060\ufeff" else " ")
    severity = Severity.WARNING if phrase and not tab else Severity.ERROR
    message = "A tab stands in the text." if tab else "An invisible or odd blank stands in the text."
    code = "R102" if tab else "R103"
    yield Slip(found.start(), code, message, "Type an ordinary blank here.", 1, edit, None, severity)
