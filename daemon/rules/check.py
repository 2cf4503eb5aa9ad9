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
    deeper = check_rules(loaded.draft) if loaded.draft is not None else []
    problems = tuple(sorted({*loaded.problems, *deeper}, key=lambda each: each.rank))
    if loaded.draft is None or has_errors(problems):
        return Checked(None, None, problems)
    return Checked(loaded.draft, compiled(loaded.draft), problems)
