"""Whatever a hand does to the file: no crash, a line for every refusal, and hardly ever a silent change."""

from __future__ import annotations

import random
from dataclasses import fields, replace

from daemon.rulefile.blocks import Phrase, Rule, RuleFile
from daemon.rulefile.lines import read_lines
from daemon.rulefile.load import load
from tests.core.rulebook import SHIPPED
from tests.core.test_rulefile_slips import FINE
from tests.counts import count

KEYS = "abcdefgimnorstuy_:-#'\"[]{}&*!|>%@` \t,.\u00a0\u201c\u201d\u2013"


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _typed(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(KEYS) + text[at:]


def _deleted(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _swapped(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _indented(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    at = chance.randrange(len(lines))
    lines[at] = " " * chance.randint(1, 4) + lines[at] if chance.random() < 0.5 else lines[at].removeprefix(" ")
    return "".join(lines)


def _tabbed(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    at = chance.randrange(len(lines))
    lines[at] = lines[at].replace("  ", "\t", 1)
    return "".join(lines)


def _line_lost(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    del lines[chance.randrange(len(lines))]
    return "".join(lines)


def _line_doubled(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    at = chance.randrange(len(lines))
    return "".join([*lines[: at + 1], lines[at], *lines[at + 1 :]])


def _worded(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + text[at:].replace("'", "’", 1).replace('"', "“", 1).replace("- ", "– ", 1)


EDITS = (_typed, _deleted, _swapped, _indented, _tabbed, _line_lost, _line_doubled, _worded)


def _excerpt(chance: random.Random) -> str:
    """The shipped file's head, a stretch of its rules, and its tail: whole enough to be a file."""
    return SHIPPED.read_text(encoding="utf-8") if chance.random() < 0.1 else FINE.read_text(encoding="utf-8")


def test_no_edit_crashes_and_every_refusal_names_its_line() -> None:
    chance = random.Random(7)
    for _ in range(count(test=250, prove=2000)):
        text = _excerpt(chance)
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            text = chance.choice(EDITS)(text, chance)
        loaded = load(text)
        assert loaded.file is not None or loaded.problems
        many = len(_lines(text)) + 1
        for problem in loaded.problems:
            assert 1 <= problem.line <= many
            assert problem.column >= 1
            assert problem.message
            assert problem.fix
            assert problem.render("rules.yaml", text)


def _means(file: RuleFile) -> RuleFile:
    """The file without what an edit may change harmlessly: places, notes, and the text's digest."""
    rules = tuple(replace(_placeless(rule), note="") for rule in file.rules)
    words = {each.name: _bare(getattr(file.words, each.name)) for each in fields(file.words)}
    return replace(file, version="", rules=rules, tests=(), words=replace(file.words, **words))


def _bare(phrases: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    return tuple(replace(one, line=0, column=0) for one in phrases)


def _placeless(rule: Rule) -> Rule:
    lists = ("says", "and_says", "but_not", "examples", "not_examples", "instead_of")
    bare = {name: tuple(replace(one, language="") for one in _bare(getattr(rule, name))) for name in lists}
    return replace(rule, line=0, column=0, **bare)


def test_hardly_a_typing_error_outside_a_phrase_is_taken_silently() -> None:
    chance = random.Random(11)
    text = FINE.read_text(encoding="utf-8")
    before = load(text).file
    assert before is not None
    free = [place for place, char in enumerate(text) if char != "\n" and not _in_free_text(text, place)]
    silent, tries = [], count(test=300, prove=2000)
    for _ in range(tries):
        at = chance.choice(free)
        edited = text[:at] + chance.choice(KEYS) + text[at + chance.choice((0, 1)) :]
        loaded = load(edited, ["examplehost"], ["reminder-1", "reminder-2"])
        if loaded.file is not None and not loaded.problems and _means(loaded.file) != _means(before):
            silent.append((text.count("\n", 0, at) + 1, edited.splitlines()[text.count("\n", 0, at)]))
    assert len(silent) <= tries * 0.02, silent[:20]


def _in_free_text(text: str, place: int) -> bool:
    """Texts that staff choose: phrases, examples, names, bodies, comments."""
    start = text.rfind("\n", 0, place) + 1
    line = text[start : text.find("\n", place)]
    inside = place - start
    stripped = line.lstrip()
    indent = len(line) - len(stripped)
    if stripped.startswith("- ") and not stripped.startswith("- {"):
        return inside >= indent + 2
    names = (
        "body:",
        "#",
        "removed:",
        "receipt:",
        "a plain",
        "urls:",
        "https",
        "for_esp",
        "folders",
        "routes",
        "digests",
        "team",
    )
    return stripped.startswith(names) or ("[" in line[:inside] and stripped[:3] in {"en:", "no:"})


def test_the_line_pass_keeps_the_number_of_lines() -> None:
    chance = random.Random(3)
    for _ in range(count(test=100, prove=2000)):
        text = chance.choice(EDITS)(FINE.read_text(encoding="utf-8"), chance)
        assert len(_lines(read_lines(text).text)) == len(_lines(text))
