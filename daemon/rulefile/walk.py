"""Walks the nodes of the file along the field table: every value read as text, every slip kept with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from daemon.rulefile import values
from daemon.rulefile.blocks import Phrase
from daemon.rulefile.checks import CHECKS, Known
from daemon.rulefile.fields import (
    Block,
    Choice,
    Count,
    Days,
    Field,
    Hours,
    Length,
    Listed,
    Named,
    Pattern,
    Phrases,
    Prose,
    Shape,
    Text,
    Truth,
    When,
)
from daemon.rulefile.near import did_you_mean
from daemon.rulefile.problem import Problem, Severity
from daemon.rulefile.table import ROOT, RULE

NOTHING = object()  # what a value with a slip is read as
Tree = dict[str, Any]

_SINGLE: Mapping[type, tuple[Callable[[str], Any], str, str, str]] = {
    Length: (values.length, "R210", "a length of time", 'Write a number and a unit, like "24 h" or "7 days".'),
    Truth: (values.truth, "R212", "true or false", "Write true or false."),
    Days: (values.days, "R213", "a list of days", 'Write them like "mon-fri" or "mon, wed".'),
    Hours: (values.hours, "R214", "a span of hours", 'Write it like "08:00-16:00".'),
    When: (values.when, "R214", "a day and time", 'Write it like "mon 07:00" or "daily 07:00".'),
}


@dataclass(slots=True)
class Walk:
    """Collects the slips of one file; ``damaged`` are the lines that could not be read as they stand."""

    known: Known
    damaged: frozenset[int] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def say(self, node: yaml.Node, code: str, message: str, fix: str = "", severity: Severity = Severity.ERROR) -> None:
        start, end = node.start_mark, node.end_mark
        width = end.column - start.column if end.line == start.line else 1
        self.problems.append(Problem(start.line + 1, start.column + 1, code, message, fix, severity, max(1, width)))

    def read(self, node: yaml.Node, shape: Shape, name: str) -> Any:
        """Return the value of ``node``, or NOTHING with the slip told."""
        if id(node) in self.seen:
            self.say(node, "R116", "YAML's & and * (anchors and aliases) are not used here.", "Write the text out.")
            return NOTHING
        self.seen.add(id(node))
        if isinstance(shape, Block):
            return self._block(node, shape, name)
        if isinstance(shape, Named):
            return self._named(node, shape, name)
        if isinstance(shape, Listed):
            return self._listed(node, shape, name)
        if isinstance(shape, Phrases):
            return self._phrases(node, name)
        return self._single(node, shape, name)

    def _single(self, node: yaml.Node, shape: Shape, name: str) -> Any:
        found = self._text(node, name, several=isinstance(shape, Prose))
        if found is NOTHING or isinstance(shape, Prose | Pattern):
            return found
        if isinstance(shape, Text):
            return self._checked(node, found, shape.check)
        if isinstance(shape, Choice):
            return self._chosen(node, found, shape, name)
        if isinstance(shape, Count):
            return self._counted(node, found, shape, name)
        read, code, what, fix = _SINGLE[type(shape)]
        value = read(found.text)
        if value is None:
            self.say(node, code, f'"{found.text}" is not {what}.', fix)
            return NOTHING
        return value

    def _text(self, node: yaml.Node, name: str, several: bool = False) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            kind = "a list" if isinstance(node, yaml.SequenceNode) else "a block of keys"
            self.say(
                node, "R203", f'"{name}" needs a single text, but has {kind}.', f"Write it on one line:  {name}: text"
            )
            return NOTHING
        if not node.value.strip():
            self.say(node, "R206", f'"{name}" has no value.', "Write one after it, or take the line out.")
            return NOTHING
        if len(node.value) > (100_000 if several else 10_000):
            self.say(node, "R203", f'The value of "{name}" is too long.', "Shorten it; is a quote mark missing?")
            return NOTHING
        return Phrase(node.value, node.start_mark.line + 1, node.start_mark.column + 1)

    def _checked(self, node: yaml.Node, found: Phrase, check: str) -> Any:
        slip = CHECKS[check](found.text, self.known)
        if slip is None:
            return found
        self.say(node, *slip)
        return NOTHING

    def _chosen(self, node: yaml.Node, found: Phrase, shape: Choice, name: str) -> Any:
        if found.text in shape.values:
            return found
        self.say(
            node,
            "R209",
            f'"{found.text}" is not one of the values of "{name}".',
            did_you_mean(found.text, shape.values),
        )
        return NOTHING

    def _counted(self, node: yaml.Node, found: Phrase, shape: Count, name: str) -> Any:
        value = values.count(found.text)
        if value is not None and shape.least <= value <= shape.most:
            return value
        self.say(
            node,
            "R211",
            f'"{found.text}" is not a number that "{name}" may have.',
            f"Write a whole number from {shape.least} to {shape.most}.",
        )
        return NOTHING

    def _listed(self, node: yaml.Node, shape: Listed, name: str) -> Any:
        if isinstance(node, yaml.ScalarNode) and shape.word and node.value == shape.word:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self._not_a_list(node, name)
            return NOTHING
        if not node.value:
            self.say(node, "R206", f'The list "{name}" is empty.', "Write an item, or take the key out.")
            return NOTHING
        read = [self.read(item, shape.of, name) for item in node.value]
        return tuple(value for value in read if value is not NOTHING)

    def _not_a_list(self, node: yaml.Node, name: str) -> None:
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            fix = f"Write a list:  {name}: [{node.value}]"
        else:
            fix = f'Write a list: one item a line, each with "- " in front, under "{name}:".'
        self.say(node, "R203", f'"{name}" needs a list.', fix)

    def _phrases(self, node: yaml.Node, name: str) -> Any:
        if not isinstance(node, yaml.MappingNode):
            return self._phrase_list(node, name, "")
        found: list[Phrase] = []
        for key, value in self._pairs(node, name):
            if key.value in RULE.fields:
                self.say(
                    key,
                    "R204",
                    f'"{key.value}" stands too deep: inside "{name}" it is read as a language.',
                    f'Move it to the left, to the column of "{name}:".',
                )
            elif self._checked(key, Phrase(key.value), "language") is not NOTHING:
                found += self._phrase_list(value, key.value, key.value)
        return tuple(found)

    def _phrase_list(self, node: yaml.Node, name: str, language: str) -> tuple[Phrase, ...]:
        if not isinstance(node, yaml.SequenceNode):
            self._not_a_list(node, name)
            return ()
        found = []
        for item in node.value:
            value = self._item(item, name)
            if value is not NOTHING:
                found.append(Phrase(value.text, value.line, value.column, language))
        return tuple(found)

    def _item(self, node: yaml.Node, name: str) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return self._text(node, name, several=True)
        self.say(
            node,
            "R203",
            "A phrase must be a single text; this is read as something else.",
            "Put single quotes around the whole phrase:  - 'text'",
        )
        return NOTHING

    def _named(self, node: yaml.Node, shape: Named, name: str) -> Any:
        found: Tree = {}
        if not isinstance(node, yaml.MappingNode):
            self._not_a_block(node, name)
            return NOTHING
        for key, value in self._pairs(node, name):
            if isinstance(shape.of, Block) and self._misplaced(key, value, shape.of, name):
                continue
            if self._checked(key, Phrase(key.value), shape.keys) is NOTHING:
                continue
            read = self.read(value, shape.of, key.value)
            if read is not NOTHING:
                found[key.value] = (Phrase(key.value, key.start_mark.line + 1, key.start_mark.column + 1), read)
        return found

    def _misplaced(self, key: yaml.Node, value: yaml.Node, shape: Block, name: str) -> bool:
        """Tell of a key of the inner block that stands among the names of the outer one."""
        fits = isinstance(value, yaml.MappingNode) and any(each.value in shape.fields for each, _ in value.value)
        if key.value not in shape.fields or fits:
            return False
        self.say(
            key,
            "R204",
            f'"{key.value}" stands too far to the left: here it is read as a name in "{name}".',
            "Indent it, so that it stands with the keys of the entry above it.",
        )
        return True

    def _not_a_block(self, node: yaml.Node, name: str) -> None:
        empty = isinstance(node, yaml.ScalarNode) and not node.value.strip()
        message = f'"{name}" is empty.' if empty else f'"{name}" needs keys with values below it.'
        self.say(node, "R206" if empty else "R203", message, "Write them on the next lines, indented:  key: value")

    def _block(self, node: yaml.Node, shape: Block, name: str) -> Any:
        if not isinstance(node, yaml.MappingNode):
            self._not_a_block(node, name)
            return NOTHING
        found: Tree = {"": Phrase(name, node.start_mark.line + 1, node.start_mark.column + 1)}
        for key, value in self._pairs(node, name):
            at = shape.fields.get(key.value)
            if at is None:
                at = self._other(key, shape, name)
            if at is not None:
                read = self.read(value, at.shape, key.value)
                if read is not NOTHING:
                    found[key.value] = read
        self._missing(node, shape, name)
        return found

    def _other(self, key: yaml.Node, shape: Block, name: str) -> Field | None:
        """A key that the table does not name: one of the editor's own where that is allowed, else a slip."""
        keys = [known for known in shape.fields if known != "*"]
        meant = did_you_mean(key.value, keys)
        if "*" in shape.fields and not meant.startswith("Did"):
            return shape.fields["*"]
        if name != "the file" and key.value in ROOT.fields:
            self.say(
                key, "R204", f'"{key.value}" stands too deep.', "It belongs at the left margin: take the blanks away."
            )
        elif key.value in RULE.fields and shape is not RULE:
            self.say(
                key,
                "R204",
                f'"{key.value}" stands at the wrong depth: it is a key of a rule.',
                "Indent it under its rule.",
            )
        else:
            self.say(key, "R201", f'"{key.value}" is not a key of {_place(name)}.', meant)
        return None

    def _missing(self, node: yaml.Node, shape: Block, name: str) -> None:
        lines = range(node.start_mark.line + 1, node.end_mark.line + 2)
        if any(line in self.damaged for line in lines):
            return
        written = {key.value for key, _ in node.value}
        for key, at in shape.fields.items():
            if (
                at.required
                and key not in written
                and not any(did_you_mean(w, [key]).startswith("Did") for w in written)
            ):
                self.problems.append(
                    Problem(
                        node.start_mark.line + 1,
                        node.start_mark.column + 1,
                        "R202",
                        f'{_place(name).capitalize()} has no "{key}".',
                        f"Add a line:  {key}: ...   {at.doc}",
                    )
                )

    def _pairs(self, node: yaml.MappingNode, name: str) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        """The keys and values of a mapping; tells of keys that stand twice or are no text."""
        found: dict[str, int] = {}
        pairs = []
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.say(key, "R203", "A key must be a single word.", "Is something not quoted here?")
            elif key.value == "<<":
                self.say(key, "R116", 'YAML\'s merge key "<<" is not used here.', "Write the keys out.")
            elif key.value in found:
                self.say(
                    key,
                    "R205",
                    f'"{key.value}" stands twice in {_place(name)}; the first one is in line {found[key.value]}.',
                    "Join the two, or rename one: YAML would silently keep only the last.",
                )
            else:
                found[key.value] = key.start_mark.line + 1
                pairs.append((key, value))
        return pairs


def _place(name: str) -> str:
    return name if name == "the file" else f'"{name}"'
