"""A notice with its items as matching and judging need to see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered item; ``url`` as written in the notice, ``canonical`` as keyed, ``takedown`` its row if stored."""

    position: int
    url: str = field(repr=False)
    canonical: str = field(repr=False)
    takedown: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What was sent, to whom, when.  ``body`` is the text we sent, when we know it (for cutting quotes)."""

    number: str
    esp: str  # the ESP's key in the register
    items: tuple[Item, ...] = field(repr=False)
    message_id: str | None = field(default=None, repr=False)
    sent_at: datetime | None = None
    contact: str = field(default="", repr=False)  # the address that it went to
    subject: str = field(default="", repr=False)
    priority: int = 2  # 1 high, 2 normal, 3 low
    survivor_linked: bool = False
    body: str = field(default="", repr=False)
    later_message_ids: tuple[str, ...] = field(default=(), repr=False)  # reminders and other letters about it

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(item.url for item in self.items)
