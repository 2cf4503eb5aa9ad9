"""The file's own examples and tests, tried by the same judge that reads real mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import re2

from daemon.rulefile.blocks import WORD_LISTS, FileTest, Phrase, Rule, RuleFile
from daemon.rulefile.near import did_you_mean, nearest
from daemon.rulefile.problem import Problem, Severity
from daemon.rules import specimen
from daemon.rules.fold import fold
from daemon.rules.judge import judge
from daemon.rules.mail import MailFacts
from daemon.rules.phrases import PhraseError, obligatory, read
from daemon.rules.ruleset import RuleSet, only, pattern_regex
from daemon.rules.uncollected import uncollected
from daemon.rules.verdict import CLOSING, Hit, Meaning, Verdict

_NAMING_RULES = ("instead_of", "completes", "but_not_of")
_FACTS_OF_EXAMPLES = MailFacts(
    sender=specimen.SENDER, automatic=True, delivery_report=True, answers_our_notice=True, has_attachment=True
)


@uncollected()
def check_rules(file: RuleFile, ruleset: RuleSet) -> list[Problem]:
    """Return the slips that only show when phrases are compiled (to ``ruleset``) and examples tried."""
    problems = [*_phrases(file), *_among_rules(file), *_told(file)]
    for rule in file.rules:
        if rule.mode != "off":
            problems += _examples(only(ruleset, {rule.name}), rule)
    problems += _silenced(ruleset, file)
    for test in file.tests:
        problems += run_test(ruleset, test)
    return problems


def _phrases(file: RuleFile) -> Iterator[Problem]:
    words = [phrase for key in WORD_LISTS for phrase in getattr(file.words, key)]
    for phrase in words:
        yield from _signs(phrase)
    common = frozenset(word for phrase in words for word in fold(phrase.text.replace("/", " ")).split())
    for rule in file.rules:
        for key in ("says", "and_says", "but_not"):
            seen: dict[str, Phrase] = {}
            for phrase in getattr(rule, key):  # all about one phrase together: it is then read once
                slips = [*_signs(phrase)]
                yield from slips or _twice(phrase, seen)
                if key == "says" and not slips:
                    yield from _too_wide(phrase, common)
        if rule.pattern is not None:
            yield from _pattern(rule.pattern)


def _signs(phrase: Phrase) -> Iterator[Problem]:
    try:
        read(phrase.text, phrase.groups)
    except PhraseError as slip:
        at = phrase.column + slip.offset
        yield Problem(phrase.line, at, slip.code, slip.message, slip.fix, width=slip.width)


def _too_wide(phrase: Phrase, common: frozenset[str]) -> Iterator[Problem]:
    """A phrase that needs nothing but one word of denial or the like matches half of all mails."""
    if "(" not in phrase.text:
        return
    needed = obligatory(phrase)
    if len(needed) == 1 and needed[0] and needed[0] <= common:
        word = min(needed[0])
        message = f'All but "{word}" is optional here: words in brackets may be missing.'
        yield _at(phrase, "R309", message, "Take the brackets away where a word must be there: a/b needs none.")


def _twice(phrase: Phrase, seen: dict[str, Phrase]) -> Iterator[Problem]:
    groups = phrase.language if "<" in phrase.text else ""  # a group has other words in each language
    first = seen.setdefault(" ".join([groups, *phrase.text.casefold().replace("’", "'").split()]), phrase)
    if first is not phrase:
        message = f"This phrase stands twice in its rule; the first one is in line {first.line}."
        yield _at(phrase, "R305", message, "Take one of them out.")


def _pattern(pattern: Phrase) -> Iterator[Problem]:
    try:
        pattern_regex(pattern.text)
    except re2.error as error:
        reason = error.args[0] if error.args else "unknown"
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        yield _at(
            pattern,
            "R304",
            f"RE2 does not accept this pattern: {text}.",
            "Look-around and back-references do not exist there.",
        )


def _among_rules(file: RuleFile) -> Iterator[Problem]:
    names = [rule.name for rule in file.rules]
    for rule in file.rules:
        for key, each in ((name, one) for name in _NAMING_RULES for one in getattr(rule, name)):
            if each.text not in names:
                message = f'"{key}" names "{each.text}", and there is no such rule.'
                yield _at(each, "R501", message, did_you_mean(each.text, names) or "Take it out.")
            elif each.text == rule.name:
                yield _at(each, "R502", f'The rule "{rule.name}" silences itself.', "Take it out.")
        yield from _rule_alone(rule)


def _told(file: RuleFile) -> Iterator[Problem]:
    """Whoever is to be told of mail of others must be one of the team, or an address."""
    for one in (one for route in file.routes.values() for one in route.tell):
        if "@" not in one.text and one.text not in file.team:
            fix = did_you_mean(one.text, list(file.team)) or 'Add the person under "team:", or write an address.'
            yield _at(one, "R223", f'"{one.text}" is nobody of the team.', fix)


def _rule_alone(rule: Rule) -> Iterator[Problem]:
    at = Phrase(rule.name, rule.line, rule.column)
    if not (rule.says or rule.mail_is or rule.pattern):
        yield _at(
            at, "R506", f'"{rule.name}" has nothing to look for.', 'Add "says" with phrases (or "mail_is", "pattern").'
        )
    if rule.about == "every_url" and rule.means in CLOSING and not (rule.only_for and rule.note):
        missing = "only_for" if not rule.only_for else "note"
        message = f'"{rule.name}" closes every URL of a notice, whatever the mail names; that needs "{missing}".'
        yield _at(at, "R503", message, 'Say for which ESPs (only_for) and why (note), or take "about" out.')
    if rule.reply_with and rule.means is not Meaning.INFO_NEEDED:
        yield _at(at, "R504", '"reply_with" goes only with "means: info_needed".', "Take it out.")
    if rule.says and not rule.examples and rule.mode != "off":
        yield _at(
            at, "R404", f'"{rule.name}" has no examples.', "Add sentences that it must catch, one for each phrase."
        )


def _examples(ruleset: RuleSet, rule: Rule) -> Iterator[Problem]:
    used: set[int] = set()
    for example in rule.examples:
        hits = [hit for hit in _tried(ruleset, example, rule).hits if hit.rule == rule.name]
        caught = [hit for hit in hits if hit.cancelled in {"", "watch", "instead_of", "completed"}]
        used.update(hit.line for hit in caught)
        if not caught:
            yield _at(example, "R402", f'The rule "{rule.name}" does not catch this example.', _why_not(hits))
    for example in rule.not_examples:
        for hit in _tried(ruleset, example, rule).hits:
            if hit.rule == rule.name and not hit.cancelled:
                message = f'The rule "{rule.name}" catches this sentence, although it must not.'
                yield _at(
                    example,
                    "R403",
                    message,
                    f'It does so by the phrase in line {hit.line}: narrow that, or add "but_not".',
                )
                break
    for phrase in (*rule.says, *((rule.pattern,) if rule.pattern else ())):
        if phrase.line not in used and rule.examples and _sound(phrase, rule):
            yield _at(
                phrase,
                "R401",
                "No example uses this phrase.",
                "Add an example that has these words, so that it is tried.",
            )


def _sound(phrase: Phrase, rule: Rule) -> bool:
    if phrase is rule.pattern:
        return True
    try:
        read(phrase.text, phrase.groups)
    except PhraseError:
        return False
    return True


def _why_not(hits: list[Hit]) -> str:
    if not hits:
        return "None of its phrases is in it: mend the example, or add a phrase."
    hit = hits[0]
    if hit.cancelled == "but_not":
        return f'The phrase in line {hit.line} is there, but "but_not" cancels it: "{hit.word}".'
    return f'The phrase in line {hit.line} is there, but a {hit.cancelled} cancels it: "{hit.word}".'


def _tried(ruleset: RuleSet, example: Phrase, rule: Rule) -> Verdict:
    from dataclasses import replace

    sentence, targets = specimen.example(example.text)
    sentence = replace(sentence, subject=rule.where == "subject")
    sender = rule.from_[0] if rule.from_ else "abuse@esp.example"
    facts = replace(
        _FACTS_OF_EXAMPLES,
        known_contact=True,
        esp=rule.only_for[0] if rule.only_for else "",
        sender=sender if "@" in sender else f"abuse@{sender}",
    )
    return judge(ruleset, [sentence], targets, facts)


def _silenced(ruleset: RuleSet, file: RuleFile) -> Iterator[Problem]:
    """A rule is silenced for good when all its examples are caught by a rule that stands instead of it."""
    by_name = {rule.name: rule for rule in file.rules}
    silencers = defaultdict(list)
    for rule in file.rules:
        if rule.mode == "live":
            for each in rule.instead_of:
                silencers[each.text].append((rule, each))
    for name, found in silencers.items():
        silent = by_name.get(name)
        if silent is None or not silent.examples or silent.mode != "live":
            continue
        few = only(ruleset, {name, *(other.name for other, _ in found)})
        by_whom = [_who_silences(few, silent, example) for example in silent.examples]
        if all(by_whom):
            other, each = next((pair for pair in found if pair[0].name in by_whom), found[0])
            message = f'The rule "{name}" never has an effect: "{other.name}" stands instead of it in all its examples.'
            yield _at(each, "R502", message, f'Take "{name}" out of "instead_of", or set it to  mode: off.')


def _who_silences(ruleset: RuleSet, rule: Rule, example: Phrase) -> str:
    hits = [hit for hit in _tried(ruleset, example, rule).hits if hit.rule == rule.name]
    if hits and all(hit.cancelled == "instead_of" for hit in hits):
        return hits[0].word
    return ""


def run_test(ruleset: RuleSet, test: FileTest) -> Iterator[Problem]:
    """Judge the whole mail of a test and compare what each URL gets."""
    sentences = specimen.body(test.body, test.subject, test.urls)
    facts = MailFacts(sender=test.sender or specimen.SENDER, esp=test.esp, answers_our_notice=True)
    verdict = judge(ruleset, sentences, test.urls, facts)
    at = Phrase(test.name, test.line, test.column)
    for url, wanted in test.expect.items():
        if url not in test.urls:
            yield _at(
                at,
                "R406",
                f'The test "{test.name}" expects something for a URL that is not among its urls.',
                "Add it to urls, or take it out of expect.",
            )
            continue
        given = verdict.urls[url].meaning
        if (given.value if given else "no_change") != wanted:
            number = test.urls.index(url) + 1
            message = f'The test "{test.name}" gives "{given or "no_change"}" for URL {number}, not "{wanted}".'
            yield _at(at, "R405", message, _because(verdict, url))
    kinds = {hit.meaning for hit in verdict.kinds}
    for kind in test.kinds:
        if kind not in kinds:
            yield _at(at, "R405", f'The test "{test.name}" does not find "{kind}".', "See: noticed rules try")


def _because(verdict: Verdict, url: str) -> str:
    found = verdict.urls[url]
    if found.hit is not None:
        return f'The rule "{found.hit.rule}" (line {found.hit.line}) decides it.'
    losers = [hit for hit in verdict.hits if hit.cancelled]
    if losers:
        hit = losers[0]
        return f'The rule "{hit.rule}" (line {hit.line}) is cancelled by a {hit.cancelled}: "{hit.word}".'
    return "No rule says anything about it."


def _at(place: Phrase, code: str, message: str, fix: str, severity: Severity = Severity.ERROR) -> Problem:
    return Problem(place.line, place.column, code, message, fix, severity, max(1, min(len(place.text), 60)))


__all__ = ["check_rules", "nearest", "run_test"]
