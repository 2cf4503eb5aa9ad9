"""The colour that Outlook gives each of our categories, so that a mailbox can be read at a glance."""

from __future__ import annotations

# Outlook counts its colours from 0 (Graph calls them preset0, preset1, ...)
RED, ORANGE, PEACH, YELLOW, GREEN, TEAL, OLIVE, BLUE, PURPLE, MAROON, STEEL, _DARK_STEEL, GREY = range(13)

_MEANINGS = {
    "removed": GREEN,
    "alreadygone": TEAL,
    "refused": RED,
    "nothostedhere": ORANGE,
    "moreinfoneeded": YELLOW,
    "inprogress": BLUE,
    "wrongchannel": PEACH,
    "contactchange": OLIVE,
    "onboarding": OLIVE,
    "bouncehard": MAROON,
    "bouncesoft": MAROON,
    "review": PURPLE,
    "setaside": PURPLE,
    "spoofed": RED,
    "unreadable": PURPLE,
    "survivor": RED,
    "lawenforcement": STEEL,
    "accessrequest": STEEL,
    "publicreport": STEEL,
    "press": STEEL,
}


def colour(tag: str) -> int:
    """Return the number of the colour for a tag of ours (``$NoticedNotHostedHere``); grey for what needs no look."""
    return _MEANINGS.get(tag.removeprefix("$Noticed").lower(), GREY)
