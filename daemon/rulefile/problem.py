"""A slip in rules.yaml: where it is, what it is, how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Severity(IntEnum):
    """Errors keep a file from becoming active; warnings do not."""

    ERROR = 0
    WARNING = 1

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Edit:
    """A certain mend: the characters from ``start`` to ``end`` of the whole text become ``text``."""

    start: int
    end: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """``line`` and ``column`` count characters from 1; ``width`` is the length of the caret."""

    line: int
    column: int
    code: str
    message: str
    fix: str = ""
    severity: Severity = Severity.ERROR
    width: int = 1
    edits: tuple[Edit, ...] = field(default=(), repr=False)  # empty: no certain mend

    @property
    def rank(self) -> tuple[int, int, int, str]:
        return (self.severity, self.line, self.column, self.code)

    def render(self, file: str, text: str) -> str:
        """Return the problem as staff read it: place, line, caret, mend."""
        lines = text.splitlines()
        shown = lines[self.line - 1] if 0 < self.line <= len(lines) else ""
        pad = "".join("\t" if char == "\t" else " " for char in shown[: self.column - 1])
        pad = pad.ljust(self.column - 1)
        rows = [
            f"{file}:{self.line}:{self.column}: {self.severity.word} {self.code}: {self.message}",
            f"{self.line:6} | {shown}".rstrip(),
            f"       | {pad}{'^' * max(1, self.width)}",
        ]
        return "\n".join(rows + [f"       = {part}" for part in self.fix.splitlines()])


def has_errors(problems: tuple[Problem, ...]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def apply_edits(text: str, problems: tuple[Problem, ...]) -> str:
    """Return ``text`` with every certain mend made, the rest byte for byte; of overlapping ones the first wins."""
    end_of_last = len(text) + 1
    edits = {(edit.start, edit.end, edit.text): edit for problem in problems for edit in problem.edits}
    chosen: list[Edit] = []
    for edit in sorted(edits.values(), key=lambda each: (each.start, each.end)):
        if not chosen or edit.start >= chosen[-1].end:
            chosen.append(edit)
    for edit in reversed(chosen):
        if edit.end <= end_of_last:
            text = text[: edit.start] + edit.text + text[edit.end :]
            end_of_last = edit.start
    return text
