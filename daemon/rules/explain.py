"""Says why: which rule won for each URL, which lost, what cancelled what, how near a rule came that did not match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import shorten

from daemon.message.message import Sentence
from daemon.redact import defang
from daemon.rules.fold import fold
from daemon.rules.ruleset import ReadyRule, RuleSet
from daemon.rules.verdict import Hit, UrlVerdict, Verdict

_GROUP = re.compile(r"[()]|\.\.\.|…")
_SIGN = re.compile("[\ue000-\ue00a]")
_SIGNS = ("url", "item", "notice", "ticket", "email", "date", "number", "esp", "page", "email", "page")
_SHOWN = 70  # characters of a phrase


@dataclass(frozen=True, slots=True)
class Near:
    """How far the nearest phrase of a rule got: its line, the sentence, the words that are not there."""

    line: int
    sentence: int
    phrase: str = field(repr=False)
    missing: tuple[str, ...] = field(repr=False)
    cancelled: str = ""
    word: str = field(default="", repr=False)


def told(verdict: Verdict, ruleset: RuleSet) -> Iterator[str]:
    """Yield the explanation of a verdict, a line each, nothing said twice; URLs are defanged."""
    phrases = {each.line: each.text for ready in ruleset.rules for each in ready.rule.says}
    for number, (url, found) in enumerate(verdict.urls.items(), 1):
        yield f"{number}. {defang(url)}: {found.meaning or 'nothing was said'}" + (
            "  (CONTRADICTION: a person must see it)" if found.contradiction else ""
        )
        yield from dict.fromkeys(_of_url(found, phrases))
    yield from dict.fromkeys(_besides(verdict, phrases))
    for doubt in verdict.doubts:
        yield f"doubt: {doubt}"
    if verdict.like is not None:
        yield f"no phrase was found; the words are most like the examples of: {verdict.like}"


def shown(text: str) -> str:
    """Return text with the signs for what stands in it as words: "removed <url>"."""
    return _SIGN.sub(lambda found: f"<{_SIGNS[ord(found[0]) - 0xE000]}>", text)


def _of_url(found: UrlVerdict, phrases: Mapping[int, str]) -> Iterator[str]:
    if found.hit is not None:
        yield f"     won   {_hit(found.hit, phrases)}" + ("" if found.hit.named else ", speaks of it without naming it")
    for hit in found.losers:
        yield f"     lost  {_hit(hit, phrases)}{_cancelled(hit)}"


def _besides(verdict: Verdict, phrases: Mapping[int, str]) -> Iterator[str]:
    """The hits that stand at no URL."""
    shown = {id(hit) for found in verdict.urls.values() for hit in (found.hit, *found.losers)}
    for hit in verdict.hits:
        if id(hit) not in shown:
            yield f"also {hit.meaning}: {_hit(hit, phrases)}{_cancelled(hit)}" + (
                "" if hit.urls or hit in verdict.kinds else ", reaches no URL"
            )


def _hit(hit: Hit, phrases: Mapping[int, str]) -> str:
    phrase = shorten(phrases.get(hit.line, ""), _SHOWN, placeholder=" …")
    where = f"line {hit.line}" + (f" ({phrase})" if phrase else "")
    return f"{hit.meaning} by {hit.rule}, {where}, sentence {hit.sentence}"


def _cancelled(hit: Hit) -> str:
    if not hit.cancelled:
        return ""
    return f", cancelled by {hit.cancelled}" + (f' "{shown(hit.word)}"' if hit.word else "")


def why_not(ruleset: RuleSet, verdict: Verdict, name: str, sentences: Sequence[Sentence]) -> Near | None:
    """Return how near the rule ``name`` came; None when there is no such rule (or it is off)."""
    ready = next((each for each in ruleset.rules if each.rule.name == name), None)
    if ready is None:
        return None
    hits = [hit for hit in verdict.hits if hit.rule == name]
    if hits:
        hit = hits[0]
        phrase = next((each.text for each in ready.rule.says if each.line == hit.line), "")
        return Near(hit.line, hit.sentence, phrase, (), hit.cancelled or "nothing: it matched", hit.word)
    return min(_nearest(ready, sentences), key=lambda near: len(near.missing), default=Near(0, -1, "", ()))


def _nearest(ready: ReadyRule, sentences: Sequence[Sentence]) -> Iterator[Near]:
    for sentence in sentences:
        text = fold(sentence.text)
        for each in ready.rule.says:
            missing = tuple(word for word in _required(each.text) if not _is_in(word, text))
            yield Near(each.line, sentence.number, each.text, missing)


def _required(phrase: str) -> list[str]:
    """The words of a phrase that are not in brackets."""
    kept, depth = "", 0
    for char in phrase:
        depth += (char == "(") - (char == ")")
        kept += char if depth == 0 and char != ")" else " "
    return [word for word in kept.split() if not _GROUP.fullmatch(word)]


def _is_in(word: str, text: str) -> bool:
    for choice in word.split("/"):
        plain = fold(choice.removesuffix("*")).strip()
        if plain and (f" {plain}" if choice.endswith("*") else f" {plain} ") in text:
            return True
        if plain and not plain.isascii() and plain in text:
            return True
    return False
