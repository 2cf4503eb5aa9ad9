"""rules.yaml as text in, typed blocks and every problem out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from daemon.rulefile.blocks import RuleFile
from daemon.rulefile.build import build
from daemon.rulefile.checks import Known
from daemon.rulefile.compose import compose
from daemon.rulefile.problem import Problem, has_errors
from daemon.rulefile.table import FACTS, ROOT
from daemon.rulefile.walk import NOTHING, Walk


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
    node, problem = compose(text)
    if node is None:
        found = problem or Problem(1, 1, "R202", "The file is empty.", "Start with:  version: 1")
        return Loaded(None, (found,))
    walk = Walk(Known(known_esps, letters, facts))
    tree = walk.read(node, ROOT, "the file")
    problems = tuple(sorted(walk.problems, key=lambda each: each.rank))
    if tree is NOTHING:
        return Loaded(None, problems)
    draft = build(tree, text)
    return Loaded(None if has_errors(problems) else draft, problems, draft)
