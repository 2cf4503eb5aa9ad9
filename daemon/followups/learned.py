"""What is learned of one ESP: how long answers and removals take, what receipts and tickets look like, trust."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from daemon.followups.survival import curve

WINDOW = timedelta(days=180)  # before the look: what is older tells nothing of today
LEAST = 10  # answers, or removals, before a time is learned
SHARE = 0.8
LEAST_RECEIPTS = 5  # of one wording
LEAST_TICKETS, TICKET_SHARE = 5, 0.8  # of one form
MOST_FORMS = 3

Bucket = tuple[int, bool, int]  # whole hours, whether it happened, how many


@dataclass(frozen=True, slots=True)
class Pace:
    """How long something takes; hours are elapsed hours, rounded up, what still waits counted in (Kaplan-Meier).

    ``median`` and ``p80``: None where fewer than ``LEAST`` happened, or so many still wait that it is not reached.
    """

    happened: int = 0
    waiting: int = 0
    median: int | None = None
    p80: int | None = None


def pace(buckets: Iterable[Bucket]) -> Pace:
    """Return the pace of counts per hour; see ``survival.curve``."""
    found = curve(buckets)
    if found.removed < LEAST:
        return Pace(found.removed, found.open)
    return Pace(found.removed, found.open, found.quantile(0.5), found.quantile(SHARE))


def form(ticket: str) -> str:
    """Return what a ticket number looks like: ``ABC-12345`` is ``AAA-99999``; other signs stand for themselves."""
    return re.sub("[0-9]", "9", re.sub("[A-Z]", "A", ticket.upper()))


def forms(tickets: Iterable[str]) -> tuple[str, ...]:
    """Return the forms that most ticket numbers have, the commonest first; () where they are too few or too mixed."""
    counted = Counter(form(one) for one in tickets)
    known = [
        (one, count) for one, count in counted.most_common(MOST_FORMS) if count >= LEAST_TICKETS and is_telling(one)
    ]
    covered = sum(count for _, count in known)
    return tuple(one for one, _ in known) if known and covered >= TICKET_SHARE * counted.total() else ()


def is_telling(one: str) -> bool:
    """Tell whether a form is more than a word or a small number that stands in any text."""
    digits = one.count("9")
    return digits >= 6 or (digits >= 4 and len(one) > digits)


@dataclass(frozen=True, slots=True)
class Trust:
    """How often persons left what the rules proposed from this ESP's mails as it was."""

    accepted: int = 0
    corrected: int = 0

    @property
    def share(self) -> float | None:
        """None where persons looked at fewer than ``LEAST``."""
        seen = self.accepted + self.corrected
        return self.accepted / seen if seen >= LEAST else None


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything that is learned of one ESP.  ``receipts``: digests of wordings, see ``message.wording``."""

    answer: Pace = Pace()
    removal: Pace = Pace()
    receipts: tuple[str, ...] = field(default=(), repr=False)
    tickets: tuple[str, ...] = ()
    trust: Trust = Trust()

    @property
    def usual(self) -> timedelta | None:
        """The time after which a reminder makes sense: within it four of five URLs are removed, if it is known."""
        return None if self.removal.p80 is None else timedelta(hours=self.removal.p80)

    def plain(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "answer": _plain(self.answer),
            "removal": _plain(self.removal),
            "receipts": list(self.receipts),
            "tickets": list(self.tickets),
            "trust": [self.trust.accepted, self.trust.corrected],
        }


def of_plain(stored: Mapping[str, Any]) -> Learned:
    """Read what ``plain`` wrote."""
    return Learned(
        Pace(*stored["answer"]),
        Pace(*stored["removal"]),
        tuple(stored["receipts"]),
        tuple(stored["tickets"]),
        Trust(*stored["trust"]),
    )


def _plain(one: Pace) -> list[int | None]:
    return [one.happened, one.waiting, one.median, one.p80]


def lines(found: Learned) -> tuple[str, ...]:
    """Say what is learned, for people."""
    return (
        f"First answer: {_paced(found.answer, 'answered')}",
        f"Removal: {_paced(found.removal, 'removed')}",
        f"Receipts: {len(found.receipts)} {'wording' if len(found.receipts) == 1 else 'wordings'} known",
        f"Ticket numbers: {', '.join(found.tickets) or 'no common form'}",
        f"Trust: {_trusted(found.trust)}",
    )


def _paced(one: Pace, done: str) -> str:
    counted = f"{one.happened:,} {done}, {one.waiting:,} waiting"
    if one.happened < LEAST:
        return f"not known yet, {LEAST} are needed ({counted})"
    median, p80 = (f"{hours:,} h" if hours is not None else "not reached" for hours in (one.median, one.p80))
    return f"half within {median}, four of five within {p80} ({counted})"


def _trusted(one: Trust) -> str:
    counted = f"{one.accepted:,} accepted, {one.corrected:,} corrected by persons"
    return f"not known yet ({counted})" if one.share is None else f"{one.share:.0%} ({counted})"
