"""Makes sentences of examples and tests as simply as possible."""

from __future__ import annotations

import re
from dataclasses import replace

from daemon.message.message import Mark, Sentence

_MARKED = re.compile(
    r"(?P<URL>\b(?:https?|hxxps?)://[^\s<>\"]*[^\s<>\".,;:!?)\]])"
    r"|(?P<EMAIL>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<DATE>\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b)",
    re.IGNORECASE,
)


def sentence(text: str, number: int = 0, targets: tuple[str, ...] = ()) -> Sentence:
    """One sentence with URLs, addresses and dates as marks; every URL among ``targets`` is named by it."""
    marks: list[tuple[Mark, str]] = []

    def mark(found: re.Match[str]) -> str:
        kind = Mark[found.lastgroup or "URL"]
        marks.append((kind, found[0]))
        return kind.value

    marked = _MARKED.sub(mark, text)
    named = tuple(dict.fromkeys(value for kind, value in marks if kind is Mark.URL and value in targets))
    return Sentence(
        number, marked, names=named, marks=tuple(marks), question=marked.rstrip(" \"')").endswith(("?", "？", "؟"))
    )


EXAMPLE_URL = "https://url.example/1"
SENDER = "abuse@esp.example"
OWN_PAGES = ("https://help.esp.example/", "https://elsewhere.example/")  # in an example: not what the notice is about


def example(text: str) -> tuple[Sentence, tuple[str, ...]]:
    """An example as a sentence about a notice of one URL, or of the URLs that it names."""
    marked = sentence(text)
    pages = (value for kind, value in marked.marks if kind is Mark.URL)
    targets = tuple(page for page in pages if not page.startswith(OWN_PAGES)) or (EXAMPLE_URL,)
    return sentence(text, 0, targets), targets


def body(text: str, subject: str, targets: tuple[str, ...]) -> list[Sentence]:
    """The sentences of a test's mail: lines and full stops end them; a line that ends in ":" governs its list."""
    found: list[Sentence] = []
    if subject:
        found.append(_placed(sentence(subject, 0, targets), subject=True))
    heading: int | None = None
    for line in text.splitlines():
        item = _ITEM.match(line)
        words = line[item.end() :] if item else line.strip()
        if not words:
            continue
        if not item:
            heading = None
        for part in _STOP.split(words):
            number = len(found)
            found.append(_placed(sentence(part, number, targets), under=(heading,) if heading is not None else ()))
        if words.rstrip().endswith((":", "：")) and not item:
            heading = len(found) - 1
    return found


_ITEM = re.compile(r"\s*(?:[-*•–]|\d{1,3}[.)])\s+")
_STOP = re.compile(r"(?<=[.!?。！？])\s+(?=\S)")


def _placed(made: Sentence, under: tuple[int, ...] = (), subject: bool = False) -> Sentence:
    every = bool(_EVERY.search(made.text))
    return replace(made, under=under, subject=subject, every=every and not made.names)


_EVERY = re.compile(r"\b(all|both|every|each|alle|beide|tous|toutes|todos|todas|ambos)\b", re.IGNORECASE)
