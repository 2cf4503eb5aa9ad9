"""Checks every template before the daemon starts: each is rendered with sample values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from daemon.errors import ConfigError
from daemon.render.templates import Templates
from daemon.render.values import alert_sample, daily_sample, register_samples, samples

LETTERS = (
    "notice",
    "reminder-1",
    "reminder-2",
    "second-contact",
    "escalation",
    "authority",
    "repeat",
    "still-reachable",
    "more-info",
    "lead",
)
REGISTER = ("intro", "intro-reminder", "intro-thanks", "contact-change")  # to an ESP about itself
Samples = Mapping[str, Mapping[str, Any]]


def check(templates: Templates, named: frozenset[str] = frozenset(), more: Samples = MappingProxyType({})) -> None:
    """Raise ConfigError with one sentence per problem.

    ``named``: the letters that rules.yaml asks for; ``more``: values to try templates with that are no letters.
    """
    problems = list(problems_of(templates, named, more))
    if problems:
        raise ConfigError(*problems)


def problems_of(
    templates: Templates, named: frozenset[str] = frozenset(), more: Samples = MappingProxyType({})
) -> Iterator[str]:
    """Yield one sentence for each template that is missing or cannot be rendered."""
    if templates.folder is not None and not templates.folder.is_dir():
        yield f"paths.templates: {templates.folder} is not a folder"
        return
    names = sorted(
        {(language, file.removesuffix(".txt.j2")) for language, file in templates.names() if ".txt." in file}
    )
    there = {name for _, name in names}
    for missing in sorted((frozenset(LETTERS) | frozenset(REGISTER) | named) - there):
        yield f"templates/en/{missing}.txt.j2: is missing."
    told: set[str] = set()
    for language, name in names:
        for values in _tries(name, more):
            problem = _problem(templates, name, language, values)
            if problem and problem not in told:
                told.add(problem)
                yield problem


def _tries(name: str, more: Samples) -> tuple[Mapping[str, Any], ...]:
    """The values to try a template with: by what the letter is about, unless a job of its own fills it."""
    if name in more:
        return (more[name],)
    if name in REGISTER or name.startswith("intro"):
        return register_samples()
    return {"alert": (alert_sample(),), "daily": (daily_sample(),), "digest": ()}.get(name, samples())


def _problem(templates: Templates, name: str, language: str, values: Mapping[str, Any]) -> str:
    try:
        text = templates.render(name, language, values)
    except ConfigError as slip:
        return slip.problems[0]
    if not text.subject:
        return f'templates/{language}/{name}.txt.j2, line 1: the first line must read "Subject: ...".'
    if not text.text.strip():
        return f"templates/{language}/{name}.txt.j2: the letter is empty below its subject."
    return ""
