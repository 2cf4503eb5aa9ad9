"""Puts an answer into a plain mail and decides it by the shipped rules."""

from __future__ import annotations

from dataclasses import dataclass

from tests.corpus.test_paraphrases import decided
from tests.corpus.wordings import CLOSING, OUTCOMES

KINDS = ("acknowledged", "wrong_channel", "contact_change", "onboarding", "out_of_office", "unrelated")


@dataclass(frozen=True, slots=True)
class Judged:
    """What was decided about one answer."""

    category: str
    outcome: str
    closes: bool
    person: bool
    reasons: tuple[str, ...]

    def fits(self, says: str) -> bool:
        """Whether this is what an answer under the heading ``says`` must come to."""
        if says == "open":
            return not self.closes
        if says in CLOSING:
            return self.closes and self.outcome == says
        if says in KINDS:
            return self.category == says and not self.closes
        return self.outcome == OUTCOMES[says] and not self.closes


def judged(text: str) -> Judged:
    body = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    found = decided(body)
    item = found.items[0] if found.items else None
    return Judged(
        found.category.value,
        item.outcome.value if item else "no_change",
        any(one.closes for one in found.items),
        found.needs_human,
        found.reasons,
    )
