"""``noticed review list|show|accept|correct|skip``: what waits for a person, and their decision about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from daemon.cli import _contacts
from daemon.cli._common import as_json, person, print_json, rule_file, settings_of, store_of, table
from daemon.clock import SystemClock
from daemon.config.settings import Settings
from daemon.decide import reasons
from daemon.errors import ConfigError, PermanentError
from daemon.jobs import review as job
from daemon.jobs import words
from daemon.jobs.folders import Folders
from daemon.jobs.referral import REASONS as REFERRALS
from daemon.jobs.referral import Choice, told
from daemon.jobs.review import Decided, ItemKey
from daemon.message import own_text
from daemon.message.message import Label
from daemon.notices.status import Outcome
from daemon.redact import defang, shown
from daemon.rulefile.meanings import ROUTED
from daemon.store import Store, kept, messages, overview, reviews

_ABOUT = {
    "outbox": "See the letter: noticed letters show {0}",
    "to": "It was to go to: {0}",
    "notices": "Notices: {0}",
    "esp": "Named instead, an ESP of the register: {0}",
    "domain": "Named instead, not in the register: {0}",
    "name": "Named instead: {0}",
    "asked": "Passed on by {0}.",
    "change": "The change: noticed esps changes ({0})",
    "onboarding": "The introduction: noticed onboard show {0}",
}
_OUTCOMES = [str(one) for one in Outcome if one is not Outcome.NO_CHANGE]
MAX_LINES, MAX_WIDTH = 30, 160  # of a mail's own words
_note = click.option("--note", default="", help="Why; kept with the decision.")


@click.group()
def command() -> None:
    """See what waits for a person, and decide it."""


@command.command("list")
@click.option("--kind", type=click.Choice(["review", "task", "alert"]), help="Only this kind.")
@click.option("--all", "everything", is_flag=True, help="Decided ones too.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 100_000))
@as_json
@click.pass_obj
def list_(config: Path | None, kind: str | None, everything: bool, limit: int, as_json: bool) -> None:
    """List what waits: a survivor's mail first, then oldest first."""
    with store_of(settings_of(config)).read() as conn:
        rows = reviews.listed(conn, None if everything else reviews.OPEN, kind, limit)
        numbers = overview.numbers_of(conn, {row.notice_id for row in rows if row.notice_id is not None})
    if as_json:
        print_json([_public(row, numbers) for row in rows])
        return
    head = ["Item", "Kind", "Since (UTC)", "Notice", "Proposed", "Why a person", *(["Decided"] if everything else [])]
    lines = [
        (
            *(row.id, row.kind, row.created_at, numbers.get(row.notice_id, "-"), _proposed(row.proposal)),
            _why(row.reason),
            *([_decided(row)] if everything else []),
        )
        for row in rows
    ]
    if not lines:
        click.echo("Nothing waits for a person.")
        return
    click.echo(table(head, lines, frozenset({0})))
    click.echo("\nnoticed review show ITEM tells everything; accept, correct or skip decides.")


def _decided(row: Any) -> str:
    return "-" if row.state == reviews.OPEN else f"{row.state} by {row.decided_by or 'noticed'}"


def _public(row: Any, numbers: dict[int, str]) -> dict[str, Any]:
    names = (
        "id",
        "kind",
        "state",
        "reason",
        "reasons",
        "proposal",
        "assigned_to",
        "created_at",
        "decided_at",
        "decided_by",
    )
    return {name: getattr(row, name) for name in names} | {"notice": numbers.get(row.notice_id)}


def _proposed(proposal: Any) -> str:
    """The proposal in a few words: "removed 1-3, pending 4"."""
    by_outcome: dict[str, list[int]] = {}
    for _, position, outcome in job.proposal_lines(proposal):
        if outcome != Outcome.NO_CHANGE:
            by_outcome.setdefault(outcome, []).append(position)
    return ", ".join(f"{outcome} {_ranges(positions)}" for outcome, positions in by_outcome.items()) or "-"


def _ranges(numbers: list[int]) -> str:
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and parts[-1][-1] == number - 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return "+".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in parts)


def _why(reason: str) -> str:
    about, colon, value = reason.partition(":")
    if colon and about in _ABOUT:
        return _ABOUT[about].format(defang(shown(value)))
    return words.SENTENCES.get(reason) or reasons.sentence(reason)


@command.command()
@click.argument("item", type=int)
@as_json
@click.pass_obj
def show(config: Path | None, item: int, as_json: bool) -> None:
    """Show one item: why it waits, what is proposed, the notice's items (URLs defanged)."""
    store = store_of(settings_of(config))
    with store.read() as conn:
        row = reviews.get(conn, item)
        if row is None:
            raise PermanentError(f"there is no review item {item}; see: noticed review list")
        numbers = overview.numbers_of(conn, {row.notice_id} if row.notice_id is not None else set())
        items = overview.items_of(conn, row.notice_id) if row.notice_id is not None else []
        mail = messages.get(conn, row.message_ref) if row.message_ref is not None else None
    if as_json:
        print_json(
            _public(row, numbers)
            | {"takedowns": [{"position": one.position, "url": defang(one.url), "status": one.status} for one in items]}
        )
        return
    click.echo(f"Item {row.id} ({row.kind}, {row.state}) since {row.created_at:%Y-%m-%d %H:%M} UTC")
    for reason in dict.fromkeys((row.reason, *(row.reasons or ()))):
        click.echo(f"  - {_why(reason)}")
    if mail is not None:
        click.echo(
            f"Mail {mail.id}: {mail.category}, from {defang(mail.from_domain)}, {mail.received_at:%Y-%m-%d %H:%M} UTC"
        )
        for line in _mail_words(store, mail.body_enc):
            click.echo(line)
    proposed = {(number, position): outcome for number, position, outcome in job.proposal_lines(row.proposal)}
    number = numbers.get(row.notice_id, "")
    if items:
        lines = [
            (one.position, defang(one.url), one.status, proposed.get((number, one.position), "-")) for one in items
        ]
        click.echo(f"\nNotice {number}\n" + table(("Item", "URL", "Status", "Proposed"), lines, frozenset({0})))
    if row.state == reviews.OPEN:
        answers = [*_contacts.proposals(store, row, mail), *_answers(row, len(items))]
        click.echo("\n" + table(("What you can say", "What it does"), answers))
    else:
        click.echo(f"\n{row.state.capitalize()} by {row.decided_by or 'noticed'}, {row.decided_at:%Y-%m-%d %H:%M} UTC.")


def _mail_words(store: Store, body: bytes | None) -> Iterator[str]:
    """Who wrote, the subject to find the mail by, and the sender's own words; URLs defanged."""
    if body is None:
        return
    try:
        message = kept.unpack(store.cipher.open(body))
    except PermanentError as problem:
        yield f"(its text cannot be shown: {problem})"
        return
    if message.from_ is not None:
        yield f"From     {shown(message.from_.address)}"
    yield f"Subject  {shown(message.subject)}"
    own = [one.line.text for one in own_text.label(message.lines) if one.label is Label.OWN and one.line.text.strip()]
    yield from (f"  | {shown(text)[:MAX_WIDTH]}" for text in own[:MAX_LINES])
    if len(own) > MAX_LINES:
        yield f"  | ... {len(own) - MAX_LINES} more lines"


def _answers(row: Any, items: int) -> list[tuple[str, str]]:
    """The commands that decide this item; ``items``: how many its notice has."""
    say = "noticed review"
    if row.reason in REFERRALS and row.proposal:
        to = f"{say} accept {row.id} --target ESP|DOMAIN"
        passes = [(f"{say} accept {row.id}", "pass them on to whom is named"), (to, "pass them on to somebody else")]
        return [*passes, (f"{say} skip {row.id}", "pass nothing on")]
    if row.kind != "review":
        return [(f"{say} accept {row.id}", "it is done"), (f"{say} skip {row.id}", "nothing is to be done")]
    if row.reason in ROUTED and not job.proposal_lines(row.proposal):
        return [(f"{say} accept {row.id}", "I answer it"), (f"{say} skip {row.id}", "it is nothing for us")]
    accept = [(f"{say} accept {row.id}", "carry out what is proposed")] if job.proposal_lines(row.proposal) else []
    number = "" if row.notice_id is not None else "NUMBER/"
    second = f" --item {number}2=pending" if items != 1 else ""
    correct = f"{say} correct {row.id} --item {number}1=removed{second}"
    return [*accept, (correct, "say what is right"), (f"{say} skip {row.id}", "move nothing")]


def _folders(settings: Settings) -> Folders:
    """Where decided mail goes; while the file is broken, where it goes as usual."""
    try:
        return Folders(rule_file(settings).folders)
    except ConfigError:
        return Folders()


@command.command()
@click.argument("item", type=int)
@click.option(
    "--target", default="", metavar="ESP|DOMAIN", help="To whom URLs that are stored elsewhere are passed on."
)
@_note
@click.pass_obj
def accept(config: Path | None, item: int, target: str, note: str) -> None:
    """Carry out what is proposed."""
    settings = settings_of(config)
    by = person(settings)
    with store_of(settings).write() as conn:
        _tell(job.accept(conn, item, SystemClock().now(), by, note, _folders(settings), Choice(target.strip())))


@command.command()
@click.argument("item", type=int)
@click.option(
    "--item", "items", multiple=True, metavar="[NOTICE/]N=OUTCOME", help=f"One item's outcome: {', '.join(_OUTCOMES)}."
)
@click.option("--all", "everything", type=click.Choice(_OUTCOMES), help="The outcome of every open item of the notice.")
@_note
@click.pass_obj
def correct(config: Path | None, item: int, items: tuple[str, ...], everything: str | None, note: str) -> None:
    """Say what is right instead of the proposal."""
    settings = settings_of(config)
    by = person(settings)
    with store_of(settings).write() as conn:
        wanted = _wanted(conn, item, items, everything)
        _tell(job.correct(conn, item, wanted, SystemClock().now(), by, note, _folders(settings)))


def _wanted(conn: Any, item: int, items: tuple[str, ...], everything: str | None) -> dict[ItemKey, Outcome]:
    row = reviews.get(conn, item)
    if row is None:
        raise PermanentError(f"there is no review item {item}; see: noticed review list")
    numbers = overview.numbers_of(conn, {row.notice_id}) if row.notice_id is not None else {}
    number = next(iter(numbers.values()), "")
    wanted: dict[ItemKey, Outcome] = {}
    if everything and row.notice_id is not None:
        items_of = overview.items_of(conn, row.notice_id)
        wanted = {(number, one.position): Outcome(everything) for one in items_of if one.closed_at is None}
    for text in items:
        found = re.fullmatch(r"(?:(.+)/)?(\d+)=(\w+)", text)
        if not found or found[3] not in _OUTCOMES:
            raise click.UsageError(f'"{text}" does not fit: write --item 2=removed; outcomes: {", ".join(_OUTCOMES)}')
        if not (found[1] or number):
            raise click.UsageError(f"item {item} belongs to no notice: write --item NUMBER/2=removed")
        wanted[found[1] or number, int(found[2])] = Outcome(found[3])
    if not wanted:
        raise click.UsageError("say what is right: --item 2=removed, or --all removed")
    return wanted


@command.command()
@click.argument("item", type=int)
@_note
@click.pass_obj
def skip(config: Path | None, item: int, note: str) -> None:
    """Close the item and move nothing."""
    settings = settings_of(config)
    by = person(settings)
    with store_of(settings).write() as conn:
        _tell(job.skip(conn, item, SystemClock().now(), by, note, _folders(settings)))


def _tell(done: Decided) -> None:
    if done.children:
        click.echo(told(done.children))
    click.echo(
        f"Item {done.review} {done.state}: {done.closed} closed, {done.moved} moved, {done.unchanged} as they were."
    )
