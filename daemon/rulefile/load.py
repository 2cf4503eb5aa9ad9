"""rules.yaml as text in, typed blocks and every problem out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import yaml

from daemon.rulefile.blocks import RuleFile
from daemon.rulefile.build import build
from daemon.rulefile.checks import Known
from daemon.rulefile.compose import compose
from daemon.rulefile.ladders import slips
from daemon.rulefile.lines import Surface, read_lines
from daemon.rulefile.problem import Problem, Severity, has_errors
from daemon.rulefile.table import FACTS, ROOT
from daemon.rulefile.walk import NOTHING, Walk

_MOST_TORN = 20


@dataclass(frozen=True, slots=True)
class Loaded:
    """``file`` is None when a problem is an error; ``draft`` is whatever could be read, for further checks."""

    file: RuleFile | None
    problems: tuple[Problem, ...]
    draft: RuleFile | None = None


def load(
    text: str,
    known_esps: Collection[str] | None = None,
    letters: Collection[str] | None = None,
    facts: Collection[str] = FACTS,
) -> Loaded:
    """Read the file; with ``known_esps`` and ``letters`` also check the names of ESPs and templates."""
    surface = read_lines(text)
    node, torn = _composed(surface)
    if node is None:
        empty = Problem(1, 1, "R202", "The file is empty.", "Start with:  version: 1")
        return Loaded(None, _sorted([*surface.problems, *torn] or [empty]))
    walk = Walk(Known(known_esps, letters, facts), frozenset(surface.damaged))
    tree = walk.read(node, ROOT, "the file")
    said = {problem.line for problem in (*surface.problems, *torn) if problem.severity is Severity.ERROR}
    deeper = [_back(surface, problem) for problem in walk.problems if problem.line not in said]
    problems = _sorted([*surface.problems, *torn, *deeper])
    if tree is NOTHING:
        return Loaded(None, problems)
    draft = build(tree, text)
    problems = _sorted([*problems, *(_back(surface, one) for one in slips(draft.followups) if one.line not in said)])
    return Loaded(None if has_errors(problems) else draft, problems, draft)


def decode(raw: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Read the bytes of a file as UTF-8; where they are not, tell the place and go on as well as possible."""
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        text = raw.decode("utf-16") if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else raw.decode("cp1252", "replace")
        message = "The file is not stored as UTF-8: this letter cannot be read."
        fix = 'Store it again with the encoding "UTF-8" (in the editor: Save as ...).'
        return text, (Problem(line, column, "R101", message, fix),)


def _composed(surface: Surface) -> tuple[yaml.Node | None, list[Problem]]:
    """Compose the mended text; a line that YAML refuses is told, blanked out, and the rest tried again."""
    lines = surface.text.splitlines(keepends=True)
    torn: list[Problem] = []
    for _ in range(_MOST_TORN):
        node, problem = compose("".join(lines))
        if problem is None:
            return node, torn
        if problem.line not in surface.damaged:
            torn.append(_back(surface, problem))
        surface.damaged.add(problem.line)
        place = min(problem.line, len(lines)) - 1
        while place > 0 and not lines[place].strip():
            place -= 1
        if place < 0 or not lines or not lines[place].strip():
            return None, torn
        lines[place] = "\n"
    return None, torn


def _back(surface: Surface, problem: Problem) -> Problem:
    column = surface.origin(problem.line, problem.column)
    return replace(problem, column=column)


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda each: each.rank))
