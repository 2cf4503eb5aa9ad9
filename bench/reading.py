"""Reading + judging with the shipped rules, beside the bare parses of the same mails; 50 and 1,000 phrases."""

from __future__ import annotations

import email
import email.policy
import json
import statistics
import subprocess
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Sheet
from bench.house import judge_of, known, rule_file, sent_for
from bench.make_mailbox import Reply, messages
from bench.peers import naive, rules
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
NUMBER_FORMAT = r"HLN-20\d\d-\d{6}"  # of the corpus

# what a kind of generated mail may be called; the mailbox quotes other notices than it answers, so some go to a person
KINDS = {
    "removed": {"removed"},
    "already_gone": {"already_gone", "removed"},
    "refused": {"refused"},
    "not_ours": {"not_hosted_here"},
    "needs_info": {"more_info_needed"},
    "working": {"acknowledged", "in_progress"},
    "auto_ack": {"acknowledged"},
    "out_of_office": {"out_of_office"},
    "bounce": {"bounce_hard", "bounce_soft"},
}

Case = tuple[bytes, Known]


def run(sheet: Sheet, options: Namespace) -> None:
    ruleset, policy = judge_of(rule_file(options.rules.read_text(encoding="utf-8")))
    _first_met(sheet, ruleset, policy, options)
    _corpus_first_met(sheet, options)
    _phrases(sheet, policy, options)


def _first_met(sheet: Sheet, ruleset: RuleSet, policy: Policy, options: Namespace) -> None:
    """Each round has mails of its own, so that nothing remembered of a mail helps with it."""
    replies, decisions = [], []
    taken: dict[str, list[float]] = {name: [] for name in _NAMES}
    read_and_judge(generated(_made(300, seed=9)), ruleset, policy)
    for seed in range(10, 10 + options.runs):
        made = _made(options.mails, seed)
        cases = generated(made)
        taken["compat32"].append(cpu(lambda cases=cases: parse_only(cases)))
        taken["ours"].append(cpu(lambda cases=cases: read_and_judge(cases, ruleset, policy)))
        taken["default"].append(cpu(lambda cases=cases: by_default_policy(cases[::5])))
        if seed == 10:
            replies = [reply for reply, _ in made]
            decisions = [decide(parse(raw), found, ruleset, policy) for raw, found in cases]
    taken["default"] = [5 * seconds for seconds in taken["default"]]
    _told(sheet, f"{options.mails} generated mails", taken, options.mails)
    _right(sheet, replies, decisions)


def _corpus_first_met(sheet: Sheet, options: Namespace) -> None:
    taken: dict[str, list[float]] = {name: [] for name in _NAMES}
    count = 0
    for _ in range(min(options.runs, 3)):
        done = subprocess.run(
            [sys.executable, "-m", "bench.first_contact", str(options.rules)],
            check=True,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            timeout=600,
        )
        found = json.loads(done.stdout)
        count = found["mails"]
        for name, values in taken.items():
            values.append(found[name])
    _told(sheet, f"{count} mails of the corpus", taken, count)


def _told(sheet: Sheet, what: str, taken: dict[str, list[float]], count: int) -> None:
    """Print the medians, and the medians of the rounds' ratios."""
    for name, values in taken.items():
        sheet.cost(f"{what}: {_NAMES[name]}", statistics.median(values), count)
    bare = statistics.median(ours / one for ours, one in zip(taken["ours"], taken["compat32"], strict=True))
    slow = statistics.median(one / ours for ours, one in zip(taken["ours"], taken["default"], strict=True))
    sheet.mark(f"{what}: reading + judging : bare compat32 parse", bare, most=2.5)
    sheet.mark(f"{what}: a script on policy.default : reading + judging", slow, least=5)


_NAMES = {
    "compat32": "bare parse, compat32",
    "default": "policy.default: parse, text, numbers, URLs, 12 headers, 50 rules",
    "ours": "parse, ask, match, judge by the shipped rules, decide",
}


def _made(count: int, seed: int) -> list[tuple[Reply, bytes]]:
    return [(reply, raw) for reply, raw, _ in messages(count, seed, attachments=False)]


def generated(made: Sequence[tuple[Reply, bytes]]) -> list[Case]:
    """Return the generated mails, each with the notice that it answers."""
    sent = sent_for(reply for reply, _ in made)
    return [(raw, known(sent[reply.notice], reply.sender.rpartition("@")[2])) for reply, raw in made]


def corpus(folder: str = "public") -> list[Case]:
    """Return the mails of a corpus, each with all of its notices."""
    home = CORPUS.parent / folder
    found, _ = known_of(Given(home / "notices.csv", home / "notices", None, NUMBER_FORMAT))
    return [(path.read_bytes(), found) for path in sorted(home.glob("*.eml"))]


def read_and_judge(cases: Sequence[Case], ruleset: RuleSet, policy: Policy) -> None:
    """Do what the mail walk does for every mail between fetching and recording."""
    for raw, found in cases:
        message = parse(raw)
        ask(message, policy)
        decide(message, found, ruleset, policy)


def parse_only(cases: Sequence[Case]) -> None:
    """Parse, and look at nothing."""
    for raw, _ in cases:
        email.message_from_bytes(raw)


def by_default_policy(cases: Sequence[Case]) -> None:
    """Do what a script on ``policy.default`` does: text, numbers, URLs, headers, 50 rules."""
    for raw, _ in cases:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        try:
            text = naive.text_of(message)
            rules.classify(message, text)
            _ = [str(message[name]) for name in _HEADERS]
        except (LookupError, ValueError, AttributeError):  # a header that policy.default cannot read
            continue
        rules.NOTICE.findall(text)
        rules.URL.findall(text)


_HEADERS = ("From", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Content-Type",
            "Precedence", "X-Auto-Response-Suppress", "Return-Path", "To")  # fmt: skip


def _right(sheet: Sheet, replies: Sequence[Reply], decisions: Sequence[Decision]) -> None:
    """Check what the timed work found against what the generator knows."""
    judged = [(reply, decision) for reply, decision in zip(replies, decisions, strict=True) if reply.kind in KINDS]
    right = sum(decision.category.value in KINDS[reply.kind] for reply, decision in judged)
    sent = sent_for(replies)
    own = [pair for pair in judged if sent[pair[0].notice].domain == pair[0].sender.rpartition("@")[2]]
    matched = sum(any(one.number == reply.notice for one in decision.matched) for reply, decision in own)
    closed = [reply for reply, decision in judged if any(item.closes for item in decision.items)]
    wrong = sum(reply.kind not in {"removed", "already_gone"} for reply in closed)
    sheet.check(
        f"right category for {right} of {len(judged)}", right >= 0.93 * len(judged), f"{right / len(judged):.1%}"
    )
    sheet.check(f"right notice for {matched} of {len(own)} answers of its ESP", matched >= 0.98 * len(own))
    sheet.check(f"{len(closed)} mails close URLs, none that does not say so", wrong == 0, f"{wrong} do")


def _phrases(sheet: Sheet, policy: Policy, options: Namespace) -> None:
    """Judge by rule files of 50 and of 1,000 phrases that differ in nothing but the number."""
    cases = generated(_made(options.mails, seed=1))
    sets = {count: judge_of(rule_file(_rules_of(count)))[0] for count in (50, 1000)}
    works = {str(n): lambda one=one: read_and_judge(cases, one, policy) for n, one in sets.items()}
    for work in works.values():
        work()
    took = interleaved(works, options.runs, cpu)
    sheet.mark("1,000 phrases : 50 phrases", took["1000"] / took["50"], most=1.5)


def _rules_of(count: int) -> str:
    """Return a rule file with ``count`` phrases, the first of which occur in the mails."""
    words = ["removed", "taken down", "no longer available", "404", "gelöscht", "supprimés", "not hosted", "received"]
    phrases = [f"{word}" for word in words] + [f"no such word{place} of thing{place * 7}" for place in range(count)]
    lines = "".join(f"      - {phrase}\n" for phrase in phrases[:count])
    return f"version: 1\nrules:\n  many:\n    means: removed\n    says:\n{lines}"
