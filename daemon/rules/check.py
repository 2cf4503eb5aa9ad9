"""The whole check of a rules.yaml: form, names, phrases, examples, tests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from daemon.registry import modules
from daemon.rulefile.blocks import RuleFile
from daemon.rulefile.load import load
from daemon.rulefile.problem import Problem, has_errors
from daemon.rules.examples import check_rules
from daemon.rules.ruleset import RuleSet
from daemon.rules.ruleset import compile as compiled


@dataclass(frozen=True, slots=True)
class Checked:
    """``file`` and ``ruleset`` are None when a problem is an error.  The most serious problems come first."""

    file: RuleFile | None
    ruleset: RuleSet | None
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return self.file is not None


def check(text: str, known_esps: Collection[str] | None = None, letters: Collection[str] | None = None) -> Checked:
    """Check ``text`` completely; every problem is found in one run."""
    loaded = load(text, known_esps, letters, tuple(modules("daemon.rules.facts")))
    if loaded.draft is None:
        return Checked(None, None, tuple(sorted(set(loaded.problems), key=_rank)))
    ruleset = compiled(loaded.draft)
    problems = tuple(sorted({*loaded.problems, *check_rules(loaded.draft, ruleset)}, key=_rank))
    return Checked(None, None, problems) if has_errors(problems) else Checked(loaded.draft, ruleset, problems)


def _rank(problem: Problem) -> tuple[int, int, int, str]:
    return problem.rank
