"""Turns the walked tree into the typed blocks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from daemon.rulefile.blocks import (
    ALL_DAYS,
    WORD_LISTS,
    Closing,
    Digest,
    EspLadder,
    FileTest,
    Followups,
    Groups,
    Ladder,
    Member,
    Onboarding,
    Phrase,
    Register,
    Route,
    Rule,
    RuleFile,
    Step,
    Unresponsive,
    Words,
    WorkingTime,
)
from daemon.rulefile.meanings import Meaning
from daemon.rulefile.walk import Tree


def build(tree: Tree, text: str) -> RuleFile:
    """Return the file's blocks; parts that could not be read are left out."""
    groups = {name.text: found for name, found in _named(tree, "groups")}
    tied = _Tied(groups)
    return RuleFile(
        version=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12],
        words=Words(**{key: tied(_words(tree.get(key, {}))) for key in WORD_LISTS}),
        groups=groups,
        rules=tuple(_rule(name, each, tied) for name, each in _named(tree, "rules")),
        tests=tuple(_test(name, each) for name, each in _named(tree, "tests") if "urls" in each and "expect" in each),
        closing=_closing(tree.get("closing", {})),
        working_time=_working_time(tree.get("working_time", {})),
        followups=_followups(tree.get("followups", {})),
        folders={name.text: value.text for name, value in _named(tree, "folders")},
        routes={Meaning(name.text): Route(tuple(each.get("tell", ()))) for name, each in _named(tree, "routes")},
        onboarding=_onboarding(tree.get("onboarding", {})),
        register=Register(**_given(tree.get("register", {}), Register)),
        unresponsive=Unresponsive(**_given(tree.get("unresponsive", {}), Unresponsive)),
        digests={name.text: _digest(name.text, each) for name, each in _named(tree, "digests") if "when" in each},
        team={name.text: _member(name.text, each) for name, each in _named(tree, "team")},
    )


def _named(tree: Tree, key: str) -> list[tuple[Phrase, Any]]:
    return list(tree.get(key, {}).values())


def _words(tree: Tree) -> tuple[Phrase, ...]:
    return tuple(
        Phrase(each.text, each.line, each.column, language.text) for language, found in tree.values() for each in found
    )


def _text(tree: Tree, key: str, default: str = "") -> str:
    found = tree.get(key)
    return found.text if isinstance(found, Phrase) else default


def _texts(tree: Tree, key: str) -> tuple[str, ...]:
    return tuple(each.text for each in tree.get(key, ()))


class _Tied:
    """Ties phrases to the word groups of their language; words under "any" belong to every language."""

    def __init__(self, groups: Mapping[str, tuple[Phrase, ...]]) -> None:
        self._groups = groups
        self._made: dict[str, Groups] = {}

    def __call__(self, phrases: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
        return tuple(replace(one, groups=self._of(one.language)) if "<" in one.text else one for one in phrases)

    def _of(self, language: str) -> Groups:
        if language not in self._made:
            spoken = {"", "any", language} if language else None
            self._made[language] = Groups(
                {
                    name: tuple(one.text for one in words if spoken is None or one.language in spoken)
                    for name, words in self._groups.items()
                }
            )
        return self._made[language]


def _rule(name: Phrase, tree: Tree, tied: _Tied) -> Rule:
    return Rule(
        name=name.text,
        means=Meaning(_text(tree, "means", Meaning.PERSON)),
        says=tied(tree.get("says", ())),
        and_says=tied(tree.get("and_says", ())),
        but_not=tied(tree.get("but_not", ())),
        where=_text(tree, "in", "anywhere"),
        from_=tuple(each.lower().removeprefix("*.").removeprefix("@") for each in _texts(tree, "from")),
        only_for=_texts(tree, "only_for"),
        mail_is=_texts(tree, "mail_is"),
        about=_text(tree, "about", "urls_mentioned"),
        bare=tree.get("bare", False),
        instead_of=tree.get("instead_of", ()),
        completes=tree.get("completes", ()),
        alone=Meaning(_text(tree, "alone")) if "alone" in tree else None,
        but_not_of=tree.get("but_not_of", ()),
        pause_reminders=tree.get("pause_reminders"),
        reply_with=_text(tree, "reply_with"),
        mode=_text(tree, "mode", "live") if "means" in tree else "off",
        examples=tree.get("examples", ()),
        not_examples=tree.get("not_examples", ()),
        note=_text(tree, "note"),
        pattern=tree.get("pattern"),
        line=name.line,
        column=name.column,
    )


def _test(name: Phrase, tree: Tree) -> FileTest:
    return FileTest(
        name=name.text,
        urls=_texts(tree, "urls"),
        body=_text(tree, "body"),
        expect={key: value.text for key, (_, value) in tree["expect"].items()},
        subject=_text(tree, "subject"),
        sender=_text(tree, "from"),
        esp=_text(tree, "esp"),
        kinds=_texts(tree, "kinds"),
        line=name.line,
        column=name.column,
    )


def _closing(tree: Tree) -> Closing:
    return Closing(_texts(tree, "require_person_for"), tree.get("max_per_mail", 200))


def _working_time(tree: Tree, zone: str = "UTC") -> WorkingTime:
    start, end = tree.get("hours", (WorkingTime().start, WorkingTime().end))
    days = tree.get("days", WorkingTime().days)
    return WorkingTime(_text(tree, "zone", zone), days, start, end, _texts(tree, "holidays"))


def _steps(tree: Tree) -> tuple[Step, ...]:
    steps = [each for each in tree.get("steps", ()) if "after" in each and "letter" in each]
    return tuple(Step(each["after"], each["letter"].text, _text(each, "to", "contact")) for each in steps)


def _onboarding(tree: Tree) -> Onboarding:
    given = _given(tree, Onboarding)
    return Onboarding(**(given | {"steps": _steps(tree)} if "steps" in given else given))


def _given(tree: Tree, block: type) -> dict[str, Any]:
    """The values of a block that the file gives, by the names of its fields."""
    return {one.name: tree[one.name] for one in fields(block) if one.name in tree}


def _followups(tree: Tree) -> Followups:
    ladders = {name: _ladder(name, each) for name, each in tree.items() if name not in _NO_LADDERS}
    return Followups(
        ladders, _agreed(tree, "for_esp"), _agreed(tree, "for_kind"), tree.get("our_answer", Followups().our_answer)
    )


_NO_LADDERS = frozenset({"", "for_esp", "for_kind", "our_answer"})


def _ladder(name: str, tree: Tree) -> Ladder:
    at = tree[""]
    letter = _text(tree, "repeat_letter", "repeat")
    times = {key: tree.get(key) for key in ("repeat", "first_response", "removal", "earliest", "latest")}
    return Ladder(name, _steps(tree), repeat_letter=letter, line=at.line, column=at.column, **times)


def _agreed(tree: Tree, key: str) -> dict[str, EspLadder]:
    return {name: _esp_ladder(each) for name, (_, each) in tree.get(key, {}).items()}


def _esp_ladder(tree: Tree) -> EspLadder:
    hours = _working_time(tree["working_time"], "") if "working_time" in tree else None
    return EspLadder(tree.get("use"), tree.get("add"), hours)


def _digest(name: str, tree: Tree) -> Digest:
    days, at = tree["when"]
    return Digest(name, _texts(tree, "to"), days, at, _texts(tree, "sections"), _texts(tree, "esps"))


def _member(name: str, tree: Tree) -> Member:
    return Member(
        name,
        _text(tree, "address"),
        _text(tree, "login", name),
        tree.get("lead", False),
        tree.get("days", ALL_DAYS),
        _text(tree, "calendar"),
    )
