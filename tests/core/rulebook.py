"""The shipped rules, loaded once, and a short way to judge a text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from daemon.rulefile.blocks import RuleFile
from daemon.rulefile.load import load
from daemon.rules import specimen
from daemon.rules.judge import judge
from daemon.rules.mail import MailFacts
from daemon.rules.ruleset import RuleSet
from daemon.rules.ruleset import compile as compiled
from daemon.rules.verdict import CLOSING, Verdict

SHIPPED = Path(__file__).resolve().parents[2] / "rules.yaml"
URL = specimen.EXAMPLE_URL


@cache
def shipped_file() -> RuleFile:
    loaded = load(SHIPPED.read_text(encoding="utf-8"))
    assert loaded.file is not None, [(one.line, one.code) for one in loaded.problems[:5]]
    return loaded.file


@cache
def shipped() -> RuleSet:
    return compiled(shipped_file())


def judged(text: str, urls: tuple[str, ...] = (URL,), ruleset: RuleSet | None = None) -> Verdict:
    return judge(ruleset or shipped(), specimen.body(text, "", urls), urls, MailFacts())


def closes(text: str, ruleset: RuleSet | None = None) -> bool:
    verdict = judged(text, ruleset=ruleset)
    return verdict.urls[URL].meaning in CLOSING and not verdict.doubts
