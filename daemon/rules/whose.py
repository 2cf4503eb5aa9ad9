"""Tells whose the addresses in a sentence are: a page of the sender's own, or somebody else's page or mailbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from daemon.message.message import Mark, Sentence
from daemon.message.urls import host_of
from daemon.notices.domains import registrable

PAGE = "\ue008"  # a page of the sender's site that is none of the notice's URLs
OTHER_EMAIL, OTHER_PAGE = "\ue009", "\ue00a"  # of neither the sender, nor ourselves, nor the site of a noticed URL
SIGNS = PAGE + OTHER_EMAIL + OTHER_PAGE
_MARKS = frozenset(mark.value for mark in Mark)


class Places:
    """The domains that nobody is referred to by: the sender's, the ESP's, our own, those of the noticed URLs."""

    def __init__(self, sender: str, familiar: Iterable[str], targets: Iterable[str]) -> None:
        self._sender, self._familiar, self._targets = sender, familiar, targets

    @cached_property
    def _home(self) -> str:
        return registrable(self._sender) if self._sender else ""

    @cached_property
    def _known(self) -> set[str]:
        targets = (registrable(host_of(url)) for url in self._targets)
        return {self._home, *map(registrable, self._familiar), *targets}

    def names(self) -> frozenset[str]:
        """The names that all these domains begin with, as their owners are called by them."""
        return frozenset(domain.partition(".")[0] for domain in self._known) - {""}

    def told_apart(self, sentence: Sentence) -> str:
        """Return the sentence's text with the marks of addresses told apart; those of the notice stay as they are."""
        if not any(mark in _ADDRESSES for mark, _ in sentence.marks) or sentence.ambiguous:
            return sentence.text
        signs = iter(self._signs(sentence))
        return "".join(next(signs, char) if char in _MARKS else char for char in sentence.text)

    def _signs(self, sentence: Sentence) -> Iterator[str]:
        aligned = len(sentence.stands_for) == len(sentence.marks)
        for place, (mark, value) in enumerate(sentence.marks):
            named = sentence.stands_for[place] if aligned else value in sentence.names
            yield mark.value if named else self._sign(mark, value)

    def _sign(self, mark: Mark, value: str) -> str:
        if mark not in _ADDRESSES:
            return mark.value
        place = registrable(value.rpartition("@")[2].lower() if mark is Mark.EMAIL else host_of(value))
        if not self._home or not place:
            return mark.value
        if mark is Mark.EMAIL:
            return mark.value if place in self._known else OTHER_EMAIL
        if place == self._home:
            return PAGE
        return mark.value if place in self._known else OTHER_PAGE


_ADDRESSES = frozenset({Mark.URL, Mark.EMAIL})
