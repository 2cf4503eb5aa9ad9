"""Reads from an element's attributes whether its text is shown, struck out or coloured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_HIDDEN = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all"
    r"|font-size:(?:0+(?:\.0+)?(?:px|pt|em|rem|%)?|0*1(?:\.0+)?p[xt]|0?\.[01]\d*r?em)(?:;|!|$)"
    r"|opacity:0*(?:\.0+)?(?:;|!|$)"
    r"|max-height:0(?:px)?(?:;|!|$)(?=.*overflow:hidden)|line-height:0(?:px)?(?:;|!|$)(?=.*overflow:hidden)"
    r"|(?:^|;)(?:width|height):0(?:px)?(?:;|!|$)(?=.*overflow:hidden)|text-indent:-\d{3,}|left:-\d{3,}"
)
_COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
_BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;!]+)")
_RGB = re.compile(r"rgba?\((\d{1,3})[, ]+(\d{1,3})[, ]+(\d{1,3})")
_NAMES = {
    "black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#008000", "lime": "#00ff00", "blue": "#0000ff",
    "yellow": "#ffff00", "orange": "#ffa500", "gray": "#808080", "grey": "#808080",
    "silver": "#c0c0c0", "maroon": "#800000",
    "navy": "#000080", "purple": "#800080", "teal": "#008080", "darkred": "#8b0000", "darkgreen": "#006400",
    "crimson": "#dc143c", "forestgreen": "#228b22", "darkorange": "#ff8c00", "gold": "#ffd700", "magenta": "#ff00ff",
    "fuchsia": "#ff00ff", "aqua": "#00ffff", "cyan": "#00ffff", "lightgreen": "#90ee90", "pink": "#ffc0cb",
    "brown": "#a52a2a",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks: foreground and background as #rrggbb ("" is the page's own)."""

    foreground: str = ""
    background: str = ""
    hidden: bool = False
    struck: bool = False

    @property
    def shown(self) -> str:
        """The colour that sets the text apart: its own unless it is black, grey or white, else its background."""
        if self.foreground and not _is_grey(self.foreground):
            return self.foreground
        return self.background if self.background and not _is_grey(self.background) else ""


STANDARD = Look()


def read_look(tag: str, attributes: dict[str, str | None], outer: Look) -> Look:
    """Return the look inside an element with these attributes."""
    style = attributes.get("style") or ""
    colour = attributes.get("color") or "" if tag == "font" else ""
    back = attributes.get("bgcolor") or ""
    hidden = outer.hidden or "hidden" in attributes or "preheader" in (attributes.get("class") or "").lower()
    if not (style or colour or back or hidden):
        return outer
    return _look(style[:2000], colour[:40], back[:40], outer, hidden)


@lru_cache(maxsize=512)
def _look(style: str, colour: str, back: str, outer: Look, hidden: bool) -> Look:
    """Read a style; cached, since a mail repeats its few styles."""
    css = "".join(style.lower().split())
    own = _COLOUR.search(css)
    ground = _BACKGROUND.search(css)
    foreground = as_hex(own[1]) if own is not None else as_hex(colour) or outer.foreground
    background = as_hex(ground[1]) if ground is not None else as_hex(back)
    background = background or outer.background
    hidden = hidden or _HIDDEN.search(css) is not None
    if foreground and (own is not None or colour) and _near(foreground, background or "#ffffff"):
        hidden = True
    return Look(foreground, background, hidden, outer.struck or "line-through" in css)


def as_hex(colour: str) -> str:
    """Return a CSS or HTML colour as #rrggbb, "" when it is none."""
    text = colour.strip().lower()
    if text in _NAMES:
        return _NAMES[text]
    found = _RGB.match(text)
    if found is not None:
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in found.groups())
    digits = text.removeprefix("#")
    if not digits or any(sign not in "0123456789abcdef" for sign in digits):
        return ""
    if len(digits) in {3, 4}:
        return "#" + "".join(sign * 2 for sign in digits[:3])
    return "#" + digits[:6] if len(digits) in {6, 8} else ""


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _near(first: str, second: str) -> bool:
    return all(abs(a - b) < 14 for a, b in zip(_channels(first), _channels(second), strict=True))


@lru_cache(maxsize=256)
def _is_grey(colour: str) -> bool:
    channels = _channels(colour)
    return max(channels) - min(channels) < 40
