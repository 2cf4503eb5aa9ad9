"""Reading + judging with the shipped rules, beside the bare parses of the same mails; 50 and 1,000 phrases."""

from __future__ import annotations

import email
import email.policy
import re
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.figures import Sheet
from bench.house import NUMBER, judge_of, known, rule_file, sent_for
from bench.make_mailbox import Reply, messages
from bench.timing import cpu, interleaved
from daemon.cli._known import Given, known_of
from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.decide.policy import Policy
from daemon.decide.reading import ask
from daemon.message.parse import parse
from daemon.notices.match import Known
from daemon.rules.ruleset import RuleSet

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "corpus" / "public"
_EMPTY = Known()

# what a kind of generated mail may be called; the mailbox quotes other notices than it answers, so some go to a person
KINDS = {
    "removed": {"removed"},
    "already_gone": {"already_gone", "removed"},
    "refused": {"refused"},
    "not_ours": {"not_hosted"},
    "needs_info": {"more_info_needed"},
    "working": {"acknowledged"},
    "auto_ack": {"acknowledged"},
    "out_of_office": {"out_of_office"},
    "bounce": {"bounce_hard", "bounce_soft"},
}

Case = tuple[bytes, Known]


def run(sheet: Sheet, options: Namespace) -> None:
    ruleset, policy = judge_of(rule_file(options.rules.read_text(encoding="utf-8")))
    made = [(reply, raw) for reply, raw, _ in messages(options.mails, 1, attachments=False)]
    cases = _generated(made)
    _against_parsers(sheet, f"{len(made)} generated mails", cases, ruleset, policy, options.runs)
    _right(sheet, [reply for reply, _ in made], [decide(parse(raw), found, ruleset, policy) for raw, found in cases])
    corpus = _corpus()
    their_policy = Policy(r"HLN-20\d\d-\d{6}", "mx.hotline.example", closing=policy.closing)
    _against_parsers(sheet, f"{len(corpus)} mails of the corpus", corpus * 3, ruleset, their_policy, options.runs)
    _phrases(sheet, cases, policy, options.runs)


def _generated(made: Sequence[tuple[Reply, bytes]]) -> list[Case]:
    found = known(sent_for(reply for reply, _ in made).values())
    return [(raw, found[reply.notice]) for reply, raw in made]


def _corpus() -> list[Case]:
    found, _ = known_of(Given(CORPUS / "notices.csv", CORPUS / "notices", None, r"HLN-20\d\d-\d{6}"))
    return [(path.read_bytes(), found) for path in sorted(CORPUS.glob("*.eml"))]


def read_and_judge(cases: Sequence[Case], ruleset: RuleSet, policy: Policy) -> None:
    """Do what the mail walk does for every mail between fetching and recording."""
    for raw, found in cases:
        message = parse(raw)
        ask(message, policy)
        decide(message, found, ruleset, policy)


def _parse_only(cases: Sequence[Case], policy: email.policy.Policy) -> Callable[[], None]:
    def work() -> None:
        for raw, _ in cases:
            email.message_from_bytes(raw, policy=policy)

    return work


def _by_default_policy(cases: Sequence[Case]) -> None:
    """Parse, read the headers and the text, as a script on ``policy.default`` does; judging nothing."""
    for raw, _ in cases:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        for name in _HEADERS:
            str(message[name])
        try:
            part = message.get_body(("plain", "html"))
            text = part.get_content() if part is not None else ""
        except (LookupError, ValueError, AttributeError):
            text = ""
        re.findall(NUMBER, text)


_HEADERS = ("From", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Content-Type",
            "Precedence", "X-Auto-Response-Suppress", "Return-Path", "To")  # fmt: skip


def _against_parsers(
    sheet: Sheet, what: str, cases: Sequence[Case], ruleset: RuleSet, policy: Policy, runs: int
) -> None:
    took = interleaved(
        {
            "compat32": _parse_only(cases, email.policy.compat32),
            "default": lambda: _by_default_policy(cases),
            "ours": lambda: read_and_judge(cases, ruleset, policy),
        },
        runs,
        cpu,
    )
    for name, seconds in took.items():
        sheet.cost(f"{what}: {_NAMES[name]}", seconds, len(cases))
    sheet.mark(f"{what}: reading + judging : bare compat32 parse", took["ours"] / took["compat32"], most=2.5)
    sheet.mark(f"{what}: policy.default : reading + judging", took["default"] / took["ours"], least=5)


_NAMES = {
    "compat32": "bare parse, compat32",
    "default": "policy.default: parse, 12 headers, text, numbers",
    "ours": "parse, ask, match, judge by the shipped rules, decide",
}


def _right(sheet: Sheet, replies: Sequence[Reply], decisions: Sequence[Decision]) -> None:
    """Check what the timed work found against what the generator knows."""
    judged = [(reply, decision) for reply, decision in zip(replies, decisions, strict=True) if reply.kind in KINDS]
    right = sum(decision.category.value in KINDS[reply.kind] for reply, decision in judged)
    matched = sum(any(one.number == reply.notice for one in decision.matched) for reply, decision in judged)
    closed = [reply for reply, decision in judged if any(item.closes for item in decision.items)]
    wrong = sum(reply.kind not in {"removed", "already_gone"} for reply in closed)
    sheet.check(
        f"right category for {right} of {len(judged)}", right >= 0.93 * len(judged), f"{right / len(judged):.1%}"
    )
    sheet.check(f"right notice for {matched} of {len(judged)}", matched >= 0.98 * len(judged))
    sheet.check(f"{len(closed)} mails close URLs, none that does not say so", wrong == 0, f"{wrong} do")


def _phrases(sheet: Sheet, cases: Sequence[Case], policy: Policy, runs: int) -> None:
    """Judge by rule files of 50 and of 1,000 phrases that differ in nothing but the number."""
    sets = {count: judge_of(rule_file(_rules_of(count)))[0] for count in (50, 1000)}
    took = interleaved(
        {str(count): lambda ruleset=ruleset: read_and_judge(cases, ruleset, policy) for count, ruleset in sets.items()},
        runs,
        cpu,
    )
    sheet.mark("1,000 phrases : 50 phrases", took["1000"] / took["50"], most=1.5)


def _rules_of(count: int) -> str:
    """Return a rule file with ``count`` phrases, the first of which occur in the mails."""
    words = ["removed", "taken down", "no longer available", "404", "gelöscht", "supprimés", "not hosted", "received"]
    phrases = [f"{word}" for word in words] + [f"no such word{place} of thing{place * 7}" for place in range(count)]
    lines = "".join(f"      - {phrase}\n" for phrase in phrases[:count])
    return f"version: 1\nrules:\n  many:\n    means: removed\n    says:\n{lines}"
