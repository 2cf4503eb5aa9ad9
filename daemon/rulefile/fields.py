"""The shapes a value in rules.yaml may have; the field table is built of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text.  ``check`` names what it must be: "", "address", "sender", "esp", "letter", "zone", ..."""

    check: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """Any text, also of several lines."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed list of words."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: "24 h", "7 days"."""


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number."""

    least: int = 0
    most: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Truth:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days of the week: "mon-fri", "mon, wed"."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A span of the day: "08:00-16:00"."""


@dataclass(frozen=True, slots=True)
class When:
    """A weekly moment: "mon 07:00", "daily 07:00", "mon-fri 07:00"."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases, or language -> phrases.  ``kind``: "phrase" (signs allowed), "example" (plain sentences)."""

    kind: str = "phrase"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression in RE2 syntax."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list.  ``word``: a single word that may stand instead of the list ("all")."""

    of: Shape
    word: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping from names that staff choose to values.  ``keys``: what a name must be (like ``Text.check``)."""

    of: Shape
    keys: str = "name"


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping with the keys of the table."""

    fields: Mapping[str, Field] = field(repr=False)


Shape = (
    Text | Prose | Choice | Length | Count | Truth | Days | Hours | When | Phrases | Pattern | Listed | Named | Block
)


@dataclass(frozen=True, slots=True)
class Field:
    """One key: what its value must be, and what it means in words (shown by ``help`` and by editors)."""

    shape: Shape
    doc: str
    required: bool = False
