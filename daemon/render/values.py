"""What a letter's template may use, and samples of it to check templates with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from daemon.redact import defang
from daemon.render.letter import clean

MAX_ITEMS = 500  # of one letter


@dataclass(frozen=True, slots=True)
class ItemValue:
    """One numbered item; ``position`` is its number in the notice, so that an answer to either mail means the same."""

    position: int
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoticeValue:
    """One notice of a letter.  ``sent``: the day, in the ESP's zone; ``more``: items that did not fit."""

    number: str
    sent: str
    days: int
    reminder: int
    urgent: bool
    items: tuple[ItemValue, ...]
    more: int = 0
    esp: str = ""


@dataclass(frozen=True, slots=True)
class LetterValues:
    """Everything that letters about notices may use; the names are those in the templates."""

    organisation: str
    our_address: str = field(repr=False)
    esp: str
    notices: tuple[NoticeValue, ...]
    first_contact: str = field(default="", repr=False)  # where the notices went
    our_contact: str = field(default="", repr=False)  # the address of the ESP that we know
    token: str = ""
    form: bool = False  # a form to fill in is attached
    plain: bool = False  # addresses are written so that programs link them

    def mapping(self) -> Mapping[str, Any]:
        """Return the template's variables, with the totals and the subject's tag."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        values["items"] = sum(len(notice.items) + notice.more for notice in self.notices)
        values["oldest_days"] = max((notice.days for notice in self.notices), default=0)
        values["urgent"] = any(notice.urgent for notice in self.notices)
        values["tag"] = tag([notice.number for notice in self.notices])
        return values


@dataclass(frozen=True, slots=True)
class RegisterValues:
    """Everything that letters to an ESP about itself may use: introductions, and changes of its contacts."""

    organisation: str
    our_address: str = field(repr=False)
    esp: str
    our_contact: str = field(default="", repr=False)  # the address that is introduced to, or replaced
    token: str = ""
    kind: str = ""  # of a change: contact (one takes another's place), more (one is added), domain
    new: str = field(default="", repr=False)  # the new address or domain
    until: str = ""  # the day until which they may object

    def mapping(self) -> Mapping[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


def tag(numbers: Sequence[str]) -> str:
    """Return the notice numbers as the subject begins with them, if they are few enough to be read there."""
    return f"[{', '.join(numbers)}] " if 0 < len(numbers) <= 3 else ""


def item(position: int, url: str, *, plain: bool = False) -> ItemValue:
    return ItemValue(position, clean(url if plain else defang(url)))


def notice(
    number: str,
    sent_at: datetime,
    now: datetime,
    zone: str,
    items: Iterable[ItemValue],
    *,
    reminder: int = 0,
    urgent: bool = False,
    room: int = MAX_ITEMS,
    esp: str = "",
) -> NoticeValue:
    """Return a notice as a letter shows it, with at most ``room`` of its items."""
    listed = tuple(items)
    return NoticeValue(
        clean(number),
        sent_at.astimezone(ZoneInfo(zone)).date().isoformat(),
        max((now - sent_at).days, 0),
        reminder,
        urgent,
        listed[:room],
        max(len(listed) - room, 0),
        clean(esp),
    )


def samples() -> tuple[Mapping[str, Any], ...]:
    """Values to try letter templates with: one notice with one item, several with more than fit, a form attached."""
    one = NoticeValue("HL-2026-0001", "2026-10-12", 1, 1, False, (item(1, "https://a.example.com/1"),), esp="Host")
    many = tuple(
        NoticeValue(f"HL-2026-000{n}", "2026-10-12", n, 0, n == 2, (one.items[0], item(2, "https://b.example/2")), n)
        for n in range(2, 7)
    )
    usual = LetterValues(
        "Hotline", "notices@hotline.example", "Example Host", (one,), "abuse@a.example", "b@a.example", "t"
    )
    five = tuple(item(n, f"https://img.host.example/gallery/{n:03}.jpg") for n in range(1, 6))
    two = (replace(one, items=five, reminder=2, days=3), replace(many[0], number="HL-2026-0007", more=0, urgent=True))
    return usual.mapping(), replace(usual, notices=many).mapping(), replace(usual, notices=two, form=True).mapping()


def register_samples() -> tuple[Mapping[str, Any], ...]:
    """Values to try the letters about an ESP itself with: a contact that changes, one more, and a domain."""
    one = RegisterValues(
        "Hotline", "notices@hotline.example", "Example Host", "b@a.example", "t", "contact", "c@a.example", "2026-10-12"
    )
    return one.mapping(), replace(one, kind="more").mapping(), replace(one, kind="domain", new="b.example").mapping()


def daily_sample() -> Mapping[str, Any]:
    waiting = [
        {"what": "review", "esp": "Example Host", "waits": "2 days", "how": "noticed review show 1", "urgent": True}
    ]
    return {"organisation": "Hotline", "waiting": waiting}


def alert_sample() -> Mapping[str, Any]:
    found = {"kind": "press", "review": 7}
    counts = [{"kind": "press", "count": 1}]
    return {"organisation": "Hotline", "total": 1, "urgent": False, "counts": counts, "waiting": [found], "more": 1}
