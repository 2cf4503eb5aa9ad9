"""Answers as abuse desks word them, by language and by what they say; written from the language, not from the rules.

``<language>.txt`` holds headings ("# removed") and one answer a line below each ("\\n" for a line break). An answer is the
whole own text of a reply to a notice with one URL. ``python -m tests.corpus.wordings [LANGUAGE...]`` tells what is missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CLOSING = ("removed", "already_gone")
# heading -> what the one URL's outcome must be; "" where the mail says nothing about the URL
OUTCOMES = {
    "removed": "removed",
    "already_gone": "already_gone",
    "partial": "partial",
    "in_progress": "pending",
    "refused": "refused",
    "not_hosted_here": "not_hosted",
    "more_info_needed": "info_needed",
    "acknowledged": "no_change",
    "wrong_channel": "no_change",
    "contact_change": "no_change",
    "onboarding": "no_change",
    "out_of_office": "no_change",
    "unrelated": "no_change",
    "open": "",  # anything may follow but a closing: denied, planned, asked, reported, conditional, vague
}


@dataclass(frozen=True, slots=True)
class Wording:
    """One answer; ``says`` is its heading."""

    language: str
    says: str
    text: str


def wordings(language: str) -> Iterator[Wording]:
    """Yield the answers of one language."""
    says = ""
    for line in (HERE / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            says = line[2:].strip()
            assert says in OUTCOMES, says
        elif line.strip():
            yield Wording(language, says, line.strip().replace("\\n", "\n"))


def languages() -> list[str]:
    return sorted(file.stem for file in HERE.glob("*.txt"))
