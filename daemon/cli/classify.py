"""``noticed classify``: what each mail says, as one JSON line, without settings file or database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from daemon.cli._known import Given, known_of
from daemon.cli._mails import RawMail, mails
from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.decide.policy import Policy
from daemon.errors import UsageError
from daemon.message.message import Message
from daemon.message.parse import parse
from daemon.notices.match import Known
from daemon.notices.proof import Standing
from daemon.registry import shipped
from daemon.rulefile.blocks import Closing
from daemon.rulefile.load import load
from daemon.rules.ruleset import RuleSet
from daemon.rules.ruleset import compile as compile_rules

_SHIPPED = shipped("rules.yaml")
_FIRST = datetime.min.replace(tzinfo=UTC)


@click.command("classify", short_help="Tell of every mail what it says (JSON lines).")
@click.option("--notices", required=True, type=click.Path(path_type=Path), help="notices.csv: what was sent to whom.")
@click.option("--sent", type=click.Path(path_type=Path), help="A folder with the letters we sent, as .eml.")
@click.option("--esps", type=click.Path(path_type=Path), help="A CSV: ESP, domains that may speak for it.")
@click.option("--number-format", required=True, help="A regular expression for notice numbers.")
@click.option("--authserv-id", default="", help="The name of our mail server in Authentication-Results.")
@click.option("--received-by", multiple=True, help="A host of ours, as in Received lines; may be repeated.")
@click.option("--address", "addresses", multiple=True, help="Our own address; may be repeated.")
@click.option("--rules", type=click.Path(path_type=Path), help="Another rules.yaml than the shipped one.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
def command(
    notices: Path,
    sent: Path | None,
    esps: Path | None,
    number_format: str,
    authserv_id: str,
    received_by: tuple[str, ...],
    addresses: tuple[str, ...],
    rules: Path | None,
    paths: tuple[Path, ...],
) -> None:
    """Tell of every mail in PATHS (.eml files, folders, a Maildir, an mbox) what it says and what may follow.

    One JSON object per line: file, category, notice_id, needs_human, auto_generated, ticket, url_outcomes, evidence,
    reasons, rule.  needs_human: true means that the mail closes nothing by itself.
    """
    _check_format(number_format)
    ruleset, closing = _rules(rules or _SHIPPED)
    policy = Policy(
        number_format=number_format,
        authserv_id=authserv_id,
        received_by=received_by,
        our_addresses=frozenset(address.lower() for address in addresses),
        closing=closing,
    )
    known, slips = known_of(Given(notices, sent, esps, number_format))
    for slip in slips[:20]:
        click.echo(f"notices: {slip}", err=True)
    for line in classify(list(mails(paths)), known, ruleset, policy):
        click.echo(json.dumps(line, ensure_ascii=False))


def _check_format(number_format: str) -> None:
    try:
        re.compile(number_format)
    except re.error:
        raise click.BadParameter("is not a regular expression", param_hint="--number-format") from None


def _rules(path: Path) -> tuple[RuleSet, Closing]:
    try:
        loaded = load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path}: cannot be read as UTF-8 text") from None
    if loaded.file is None:
        raise UsageError(f"{path}: has problems; see them with: noticed rules check {path}")
    return compile_rules(loaded.file), loaded.file.closing


def classify(raws: list[RawMail], known: Known, ruleset: RuleSet, policy: Policy) -> Iterator[dict[str, object]]:
    """Yield a line for every mail in the order given; tickets are learned in the order of the Date headers."""
    read = [(one.name, parse(one.raw) if one.raw is not None else None) for one in raws]
    order = sorted(range(len(read)), key=lambda place: _written(read[place][1]))
    lines: dict[int, dict[str, object]] = {}
    tickets: dict[tuple[str, str], tuple[str, ...]] = {}
    known = replace(known, by_ticket=tickets)
    for place in order:
        name, message = read[place]
        decision = _decided(message, known, ruleset, policy)
        lines[place] = line_of(name, decision)
        _learn(tickets, decision)
    yield from (lines[place] for place in range(len(read)))


def _written(message: Message | None) -> datetime:
    return message.date if message is not None and message.date is not None else _FIRST


def _decided(message: Message | None, known: Known, ruleset: RuleSet, policy: Policy) -> Decision | None:
    """Return the decision, None for what could not be read: that mail goes to a person like any other."""
    if message is None:
        return None
    try:
        return decide(message, known, ruleset, policy)
    except Exception:  # noqa: BLE001 - one odd mail must not cost the others their line
        return None


def _learn(tickets: dict[tuple[str, str], tuple[str, ...]], decision: Decision | None) -> None:
    """Note the ticket number that a proven sender told us for one surely matched notice."""
    if decision is None or not decision.ticket or decision.standing is not Standing.AUTHENTICATED:
        return
    strong = [one for one in decision.matched if one.is_strong]
    if len(strong) == 1:
        key = (strong[0].esp, decision.ticket.upper())
        tickets[key] = tuple(dict.fromkeys((*tickets.get(key, ()), strong[0].number)))


def line_of(name: str, decision: Decision | None) -> dict[str, object]:
    """Return the line for one mail."""
    if decision is None:
        return {
            "file": name, "category": "other", "notice_id": None, "needs_human": True, "auto_generated": False,
            "ticket": None, "url_outcomes": {}, "evidence": "none", "reasons": ["not_read"], "rule": "",
        }  # fmt: skip
    numbers = [one.number for one in decision.matched]
    return {
        "file": name,
        "category": decision.category.value,
        "notice_id": numbers[0] if numbers else None,
        "needs_human": decision.needs_human,
        "auto_generated": decision.automatic,
        "ticket": decision.ticket,
        "url_outcomes": _outcomes(decision),
        "evidence": decision.evidence.value,
        "reasons": list(decision.reasons),
        "rule": decision.rule,
        "other_notice_ids": numbers[1:],
    }


def _outcomes(decision: Decision) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in decision.items:
        found.setdefault(item.url, item.outcome.value)
    return found
