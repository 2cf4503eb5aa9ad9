"""Whole answers to notices of one to five URLs, written from the language, not from the rules.

``<language>-<n>.txt`` holds answers, each under a line "@ WHAT n=URLS": an outcome for every URL, ``open`` where nothing may
close, or one outcome per item ("1-3=removed 4=refused").  "cat=pending|other" names the categories that are right, ``person``
says that somebody must look, ``alone`` that nobody need.  "S: " is a subject of its own; ``{u1}`` is the first URL, ``{d1}``
the same defanged, ``{p1}`` its path, ``{i1}`` its last part, ``{q1}`` a quoted line of the notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from daemon.notices.status import Outcome

HERE = Path(__file__).parent
URLS = tuple(f"https://img.host.example/i/{name}" for name in ("a41c07", "77b210", "c90e5d", "1f33aa", "e80b14"))
CLOSING = frozenset({"removed", "already_gone"})
OUTCOMES = frozenset(outcome.value for outcome in Outcome)


@dataclass(frozen=True, slots=True)
class Mail:
    """One answer; ``outcomes`` has one word for each URL of the notice, or none where anything but a closing may follow."""

    place: str
    urls: tuple[str, ...]
    outcomes: tuple[str, ...]
    subject: str
    body: str = field(repr=False)
    categories: tuple[str, ...] = ()
    person: bool | None = None  # not said

    @property
    def closes(self) -> bool:
        gone = bool(self.outcomes) and set(self.outcomes) <= CLOSING and len(set(self.outcomes)) == 1
        return gone and self.person is not True


def mails(name: str) -> Iterator[Mail]:
    """Yield the answers of one file."""
    text = (HERE / f"{name}.txt").read_text(encoding="utf-8")
    for number, part in enumerate(re.split(r"^@ ", text, flags=re.MULTILINE)[1:], 1):
        head, _, body = part.partition("\n")
        subject = ""
        if body.startswith("S: "):
            subject, _, body = body[3:].partition("\n")
        yield _mail(f"{name} {number}", head.split(), subject, body)


def _mail(place: str, words: list[str], subject: str, body: str) -> Mail:
    count = next(int(word[2:]) for word in words if word.startswith("n="))
    outcomes: dict[int, str] = {}
    for word in words:
        items, _, outcome = word.partition("=")
        if word in OUTCOMES:
            outcomes = dict.fromkeys(range(1, count + 1), word)
        elif outcome and items not in {"n", "cat"}:
            first, _, last = items.partition("-")
            outcomes.update(dict.fromkeys(range(int(first), int(last or first) + 1), outcome))
    said = tuple(outcomes.get(item, "no_change") for item in range(1, count + 1)) if outcomes else ()
    categories = next((tuple(word[4:].split("|")) for word in words if word.startswith("cat=")), ())
    person = True if "person" in words else False if "alone" in words else None
    return Mail(place, URLS[:count], said, subject, _filled(body), categories, person)


def _filled(body: str) -> str:
    for item, url in enumerate(URLS, 1):
        defanged = url.replace("https", "hxxps").replace(".example", "[.]example")
        for sign, written in (("u", url), ("d", defanged), ("p", url.split("/", 3)[3]), ("i", url.rsplit("/", 1)[1])):
            body = body.replace(f"{{{sign}{item}}}", written)
        body = body.replace(f"{{q{item}}}", f"> {item}. {defanged}")
    return body


def files() -> list[str]:
    return sorted(file.stem for file in HERE.glob("*.txt"))
