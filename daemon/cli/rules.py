"""``noticed rules``: check, test, try, explain, fmt, help, schema."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import click

from daemon.cli._common import settings_of
from daemon.cli._known import Given, known_of
from daemon.config.load import find
from daemon.decide.policy import Policy
from daemon.decide.reading import take_in
from daemon.errors import ConfigError, UsageError
from daemon.message import sentences
from daemon.message.message import Sentence
from daemon.message.own_text import label
from daemon.message.parse import parse
from daemon.registry import shipped
from daemon.rulefile.codes import CODES
from daemon.rulefile.load import decode, load
from daemon.rulefile.near import nearest
from daemon.rulefile.problem import Problem, Severity, apply_edits, has_errors
from daemon.rulefile.schema import schema
from daemon.rules import specimen
from daemon.rules.check import Checked, check
from daemon.rules.explain import shown, told, why_not
from daemon.rules.judge import judge
from daemon.rules.mail import MailFacts
from daemon.rules.redundant import redundant
from daemon.rules.ruleset import RuleSet
from daemon.rules.ruleset import compile as compile_rules

_SHIPPED = shipped("rules.yaml")


def in_force(config: Path | None) -> Path:
    """The rules file that the settings name; the shipped one where there are no settings yet."""
    if config is None and not find(None, os.environ).is_file():
        return _SHIPPED
    return settings_of(config).paths.rules


def _chosen(context: click.Context, _parameter: click.Parameter, value: Path | None) -> Path:
    return value or in_force(context.find_root().obj)


_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
_rules = click.option(
    "--rules", type=click.Path(path_type=Path), callback=_chosen, help="Else the rules file that the settings name."
)
_files = click.argument("files", nargs=-1, type=click.Path(path_type=Path))


@click.group("rules")
def command() -> None:
    """Check, try and explain rules.yaml."""


@command.command("check")
@_files
@_as_json
@click.option("--fix", is_flag=True, help="Mend what is certain; the rest of the file stays byte for byte.")
@click.option("--esp", "esps", multiple=True, help="The key of an ESP that exists; may be repeated.")
@click.option("--redundant", "spare", is_flag=True, help="Also tell phrases that add nothing; --fix takes them out.")
@click.pass_context
def check_(
    context: click.Context, files: tuple[Path, ...], as_json: bool, fix: bool, esps: tuple[str, ...], spare: bool
) -> None:
    """Tell every slip of FILES (else of the rules file that the settings name): where, what, how to mend it."""
    results = [(path, *_checked(path, fix, esps, spare)) for path in files or (in_force(context.find_root().obj),)]
    if as_json:
        _print([_result(path, problems) for path, _, problems in results])
    else:
        for path, text, problems in results:
            _tell(path, text, problems)
    context.exit(int(any(has_errors(problems) for _, _, problems in results)))


def _checked(path: Path, fix: bool, esps: tuple[str, ...], spare: bool) -> tuple[str, tuple[Problem, ...]]:
    raw = _bytes(path)
    text, problems = decode(raw)
    if not problems:
        found = _problems(text, esps, spare)
        if fix and (mended := apply_edits(text, found)) != text:
            _write(path, mended, raw.startswith(b"\xef\xbb\xbf"))
            text, found = mended, _problems(mended, esps, spare)
        return text, found
    return text, (*problems, *check(text, esps or None).problems)


def _problems(text: str, esps: tuple[str, ...], spare: bool) -> tuple[Problem, ...]:
    checked = check(text, esps or None)
    return (*checked.problems, *(redundant(checked.file, text) if spare and checked.file is not None else ()))


def _tell(path: Path, text: str, problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        click.echo(problem.render(str(path), text))
    many = sum(problem.severity is Severity.ERROR for problem in problems)
    click.echo(f"{path}: {many} problem{'s' * (many != 1)}" if many else f"{path}: no problem", err=True)


def _result(path: Path, problems: tuple[Problem, ...]) -> dict[str, object]:
    rows = [
        {
            "line": each.line,
            "column": each.column,
            "code": each.code,
            "message": each.message,
            "fix": each.fix,
            "severity": each.severity.word,
        }
        for each in problems
    ]
    return {"file": str(path), "ok": not has_errors(problems), "problems": rows}


@command.command("test")
@_files
@_as_json
@click.pass_context
def test(context: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Run the examples and tests of FILES (else of the rules file that the settings name)."""
    codes = ("R401", "R402", "R403", "R404", "R405", "R406", "R502")
    failed, rows = False, []
    for path in files or (in_force(context.find_root().obj),):
        checked, text = _load(path)
        problems = tuple(each for each in checked.problems if each.code in codes or checked.file is None)
        failed |= has_errors(problems)
        number = sum(len(rule.examples) + len(rule.not_examples) for rule in checked.file.rules) if checked.file else 0
        tests = len(checked.file.tests) if checked.file else 0
        rows.append(_result(path, problems) | {"examples": number, "tests": tests})
        if not as_json:
            _tell(path, text, problems)
            click.echo(f"{path}: {number} examples, {tests} tests")
    if as_json:
        _print(rows)
    context.exit(int(failed))


@command.command("try")
@click.argument("text")
@_rules
@_as_json
@click.option("--url", "urls", multiple=True, help="A URL of the notice; may be repeated.")
def try_(text: str, rules: Path, as_json: bool, urls: tuple[str, ...]) -> None:
    """Say what the rules make of TEXT, as if a mail said it about a notice with one URL."""
    ruleset = _ruleset(rules)
    targets = urls or (specimen.EXAMPLE_URL,)
    facts = MailFacts(sender=specimen.SENDER, answers_our_notice=True)
    verdict = judge(ruleset, _as_mailed(text, targets), targets, facts)
    if as_json:
        hits = [
            {"rule": hit.rule, "meaning": hit.meaning, "line": hit.line, "cancelled": hit.cancelled, "word": hit.word}
            for hit in verdict.hits
        ]
        outcomes = {url: found.meaning for url, found in verdict.urls.items()}
        _print({"urls": outcomes, "hits": hits, "doubts": list(verdict.doubts)})
        return
    for line in told(verdict, ruleset):
        click.echo(line)
    if not verdict.hits:
        click.echo("No rule knows these words: a person would see the mail.")


def _as_mailed(text: str, targets: tuple[str, ...]) -> tuple[Sentence, ...]:
    """The sentences of a mail that says ``text`` and nothing else, read as the daemon reads mail."""
    head = f"From: {specimen.SENDER}\nContent-Type: text/plain; charset=utf-8\n\n"
    message = parse((head + text).encode("utf-8", "replace"))
    return sentences.sentences(message, label(message.lines, None), tuple(enumerate(targets, 1)))


@command.command("explain")
@click.argument("file", type=click.Path(path_type=Path))
@_rules
@_as_json
@click.option("--why-not", "rule", default="", help="The name of a rule that was expected to match.")
@click.option("--notices", type=click.Path(path_type=Path), help="notices.csv: what was sent to whom.")
@click.option("--sent", type=click.Path(path_type=Path), help="A folder with the letters we sent, as .eml.")
@click.option("--number-format", default=r"[A-Z]{2,5}-20\d\d-\d{4,8}", help="A regular expression for notice numbers.")
@click.option("--authserv-id", default="", help="The name of our mail server in Authentication-Results.")
@click.option("--address", "addresses", multiple=True, help="Our own address; may be repeated.")
def explain(
    file: Path,
    rules: Path,
    as_json: bool,
    rule: str,
    notices: Path | None,
    sent: Path | None,
    number_format: str,
    authserv_id: str,
    addresses: tuple[str, ...],
) -> None:
    """Show which rule won for each URL of the mail in FILE, which lost, and what cancelled what."""
    ruleset = _ruleset(rules)
    if rule and rule not in {each.rule.name for each in ruleset.rules}:
        meant = nearest(rule, [each.rule.name for each in ruleset.rules])
        raise UsageError(f'there is no rule "{rule}"' + (f'; did you mean "{meant}"?' if meant else ""))
    message = parse(_bytes(file))
    policy = Policy(number_format=number_format, authserv_id=authserv_id, our_addresses=frozenset(addresses))
    if notices is not None:
        known, _ = known_of(Given(notices, sent, None, number_format))
        reading = take_in(message, known, ruleset, policy)
        read, verdict = reading.sentences, reading.verdict
    else:
        read = sentences.sentences(message, label(message.lines, None))
        verdict = judge(ruleset, read, (specimen.EXAMPLE_URL,), MailFacts())
    lines = [f"sentence {each.number}: {shown(each.text)}" for each in read]
    lines += list(told(verdict, ruleset))
    near = why_not(ruleset, verdict, rule, read) if rule else None
    if near is not None:
        reason = f"cancelled by {near.cancelled} {shown(near.word)}".rstrip() if near.cancelled else ""
        missing = ", ".join(near.missing)
        lines.append(
            f"{rule}: nearest is line {near.line} in sentence {near.sentence}: "
            + (reason or f"not there: {missing}" if missing else reason or "the order or distance of its words differs")
        )
    if as_json:
        _print({"file": file.name, "explanation": lines})
    else:
        click.echo("\n".join(lines))


@command.command("fmt")
@_files
@click.option("--check", "only", is_flag=True, help="Change nothing; exit 1 if something would change.")
@click.pass_context
def fmt(context: click.Context, files: tuple[Path, ...], only: bool) -> None:
    """Mend what is certain, take away blanks at the ends of lines, end the file with one line break."""
    changed = False
    for path in files:
        raw = _bytes(path)
        text, problems = decode(raw)
        if problems:
            _tell(path, text, problems)
            changed = True
            continue
        mended = apply_edits(text, check(text).problems)
        mended = "".join(f"{line.rstrip()}\n" for line in mended.splitlines()).rstrip("\n") + "\n"
        if mended != text:
            changed = True
            if not only:
                _write(path, mended, False)
            click.echo(f"{path}: {'would be changed' if only else 'changed'}")
    context.exit(int(changed and only))


@command.command("help")
@click.argument("code", required=False)
@_as_json
def help_(code: str | None, as_json: bool) -> None:
    """Say what CODE (like R108) means; without it, list all codes."""
    wanted = code.upper() if code else None
    if wanted is not None and wanted not in CODES:
        meant = nearest(wanted, CODES)
        raise UsageError(f'there is no code "{code}"' + (f"; did you mean {meant}?" if meant else ""))
    shown = {wanted: CODES[wanted]} if wanted else CODES
    if as_json:
        _print(shown)
    else:
        for key, text in shown.items():
            click.echo(f"{key}  {text}")


@command.command("schema")
def schema_() -> None:
    """Print the JSON Schema of rules.yaml, for editors."""
    click.echo(json.dumps(schema(), indent=1, ensure_ascii=False))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({type(error).__name__})") from None


def _write(path: Path, text: str, bom: bool) -> None:
    try:
        path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({type(error).__name__})") from None


def _load(path: Path) -> tuple[Checked, str]:
    text, problems = decode(_bytes(path))
    checked = check(text)
    return (checked if not problems else replace(checked, file=None, problems=(*problems, *checked.problems))), text


def _ruleset(path: Path) -> RuleSet:
    text, problems = decode(_bytes(path))
    loaded = load(text)
    if loaded.file is None or problems:
        raise ConfigError(f"{path}: has problems; see them with: noticed rules check {path}")
    return compile_rules(loaded.file)


def _print(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
