"""Brings text and phrases into one form, so that spelling by machine makes no difference.

The folded text is lower-case, its words and punctuation marks stand apart by single blanks, with one blank at each end.
Scripts written without blanks (Han, Kana) and Hangul, where blanks vary, lose their inner blanks; traditional Chinese
characters are read as the simplified ones.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from daemon.rules.han import SIMPLIFIED

MARKS = "\ue000-\ue00f"
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u31f0-\u31ff\u3005-\u3007"

_SWAP = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ`´ʹ＇", "'"),
        **dict.fromkeys("‐‑‒–—―−﹣－➖", "-"),
        **dict.fromkeys("、､﹐،", ","),
        **dict.fromkeys("。｡﹒۔।", "."),
        **dict.fromkeys("；؛", ";"),
        **dict.fromkeys("؟？", "?"),
        **dict.fromkeys("→⇒➔➜➡⟶", ">"),
        **dict.fromkeys('"*_~<«»„“”‟‹›「」『』【】〔〕《》〈〉[]{}^#・･¿¡', " "),
        "\u0131": "i",
        "ё": "е",
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ۀ": "ه",
        "…": " ... ",
        **SIMPLIFIED,
    }
)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u0640\u064b-\u065f\u0670\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_INNER_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_OUTER_APOSTROPHE = re.compile(r"(?<!\w)'|'(?!\w)")
_ELISION = re.compile(
    r"\b((?:[ldjmtscn]|qu|jusqu|lorsqu|puisqu|quelqu|dell|all|nell|dall|sull|coll|un|quest|quell|cos|dov|com|c|v)')(?=[^\W\d_])"
)
_IS = re.compile(r"\b(it|that|this|there|here|he|she|what|everything|who)'s\b")
_APART = re.compile(rf"([,;:!?()|=>/{MARKS}]|\.(?!\d)|-+(?!\d)|\.\.\.)")
_CJK_EDGE = re.compile(rf"(?<=[{CJK}])(?=[^\s{CJK}])|(?<=[^\s{CJK}])(?=[{CJK}])")
_CJK_BLANK = re.compile(rf"(?<=[{CJK}])\s+(?=[{CJK}])")
_HAS_CJK = re.compile(f"[{CJK}]")


def fold(text: str) -> str:
    """Return ``text`` in the form that phrases are tried on; what people write again and again is remembered."""
    if text.isascii() and text.isalnum():
        return f" {text.lower()} "
    return _remembered(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    text = text.lower().translate(_SWAP) if text.isascii() else _fold_letters(text)
    if "'" in text:
        text = _IS.sub(r"\1 's", _ELISION.sub(r"\1 ", _OUTER_APOSTROPHE.sub(" ", text)))
    if "-" in text:
        text = _INNER_HYPHEN.sub(" ", text)
    text = _APART.sub(r" \1 ", text)
    return " " + " ".join(text.split()) + " "


_SHORT = 400  # characters: no mail can fill the memory with what is remembered
_remembered = lru_cache(maxsize=4096)(_folded)


def _fold_letters(text: str) -> str:
    text = text.replace("\u0130", "i").translate(_SWAP)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = _UNSEEN.sub("", text).translate(_SWAP).replace("i\u0307", "i")
    if _HAS_CJK.search(text):
        text = _CJK_EDGE.sub(" ", _CJK_BLANK.sub("", text))
    return text


def is_cjk(char: str) -> bool:
    return bool(_HAS_CJK.match(char))


def lenient(word: str) -> str:
    """Return a regular expression for a folded word whose inner accents may be missing; "ö" may be written "oe".

    Short words and the last letter keep their accents, and an umlaut is never just dropped: "supprimé" and
    "supprime", "würde" and "wurde" do not mean the same.
    """
    if len(word) < _LENIENT:
        return re.escape(word) if not word.isalnum() else word
    return "".join(_letter(char, last=place == len(word) - 1) for place, char in enumerate(word))


def _letter(char: str, last: bool) -> str:
    base = _base(char)
    if last or base == char or not base.isascii() or not base.isalpha():
        return re.escape(char) if not char.isalnum() else char
    return f"(?:{char}|{base}e)" if char in "äöü" else f"[{char}{base}]"


def spellings(word: str) -> list[tuple[str, ...]]:
    """Return, letter by letter, what ``lenient`` allows for a folded word."""
    if len(word) < _LENIENT or word.isascii():
        return [(char,) for char in word]
    return [_spellings(char, last=place == len(word) - 1) for place, char in enumerate(word)]


def _spellings(char: str, last: bool) -> tuple[str, ...]:
    base = _base(char)
    if last or base == char or not base.isascii() or not base.isalpha():
        return (char,)
    return char, f"{base}e" if char in "äöü" else base


def unaccented(word: str) -> str:
    """Return a folded word without its accents, "ö" as "oe": one form for all spellings that ``lenient`` allows."""
    return word if word.isascii() else word.translate(_PLAIN)


def _plain(char: str) -> str:
    base = _base(char)
    return f"{base}e" if char in "äöü" else base if base.isascii() and base.isalpha() else char


def _base(char: str) -> str:
    return _BASE.get(char) or unicodedata.normalize("NFD", char)[0]


_BASE = {"ł": "l", "ø": "o", "đ": "d"}
_LATIN = (*range(0x80, 0x250), *range(0x1E00, 0x1F00))  # no other letter has an ASCII letter in it
_PLAIN = {code: plain for code in _LATIN if (plain := _plain(chr(code))) != chr(code)}
_LENIENT = 5  # letters; "dès" and "des" are two words
