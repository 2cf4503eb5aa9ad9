"""Long lists of wording as one RE2 pattern each: linear in any text, and fast.

RE2 reads ``\\b``, ``\\w`` and ``\\s`` as ASCII; the lists are written with that in mind.
"""

from __future__ import annotations

import re
from functools import lru_cache

import re2


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 64 << 20
    return options


_OPTIONS = _options()
_SHORT, _MOST = 120, 512  # letters of a line that is remembered, and how many are: mails share most of their lines
_LONE = re.compile("[\ud800-\udfff]")


def _sound(text: str) -> str:
    """Return ``text`` without the lone surrogates that RE2 cannot take."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8") if _LONE.search(text) is not None else text


class Wording:
    """Tells whether any of many phrases stands in a text; case makes no difference."""

    def __init__(self, *phrases: str) -> None:
        self._pattern = "|".join(phrases)
        self._set = re2.Set.SearchSet(_OPTIONS)
        self._set.Add(self._pattern)
        self._set.Compile()
        self._regexp: re2._Regexp | None = None
        self._remembered = lru_cache(maxsize=_MOST)(self._matches)

    def holds(self, text: str) -> bool:
        """Return whether a phrase is found."""
        return self._remembered(text) if len(text) <= _SHORT else self._matches(text)

    def _matches(self, text: str) -> bool:
        return bool(self._set.Match(_sound(text)))  # no match is None with ``re2.Set``

    def behind(self, text: str) -> str:
        """Return what stands behind the last phrase found, the whole text if there is none."""
        if self._regexp is None:
            self._regexp = re2.compile(self._pattern, _OPTIONS)
        text, end = _sound(text), 0
        for found in self._regexp.finditer(text):
            end = found.end()
        return text[end:]

    def distinct(self, text: str) -> int:
        """Count the different phrases found."""
        if self._regexp is None:
            self._regexp = re2.compile(self._pattern, _OPTIONS)
        return len({found[0].casefold() for found in self._regexp.finditer(_sound(text))})


class Wordings:
    """Tells at once which of several lists of phrases occur in a text."""

    def __init__(self, **lists: tuple[str, ...]) -> None:
        self._names = tuple(lists)
        self._set = re2.Set.SearchSet(_OPTIONS)
        for phrases in lists.values():
            self._set.Add("|".join(phrases))
        self._set.Compile()

    def found(self, text: str) -> frozenset[str]:
        """Return the names of the lists that occur."""
        return frozenset(self._names[number] for number in self._set.Match(_sound(text)) or ())
