"""``noticed notices import|send|list|show|pause|resume|answered``: notices from tables, where each stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from daemon.cli import _clocks
from daemon.cli import _still_reachable as still_reachable
from daemon.cli._common import as_json, bar, login, person, print_json, settings_of, store_of, table
from daemon.cli._desk import desk_of
from daemon.clock import SystemClock
from daemon.config.settings import Settings
from daemon.errors import NoticedError, PermanentError
from daemon.jobs import first_notices, importing
from daemon.jobs.first_notices import Queued, Wish
from daemon.jobs.importing import Import, Outcome
from daemon.notices.status import NoticeStatus
from daemon.notices.table import Slip
from daemon.redact import defang, shown
from daemon.store import chains, esps, overdue, overview
from daemon.store import notices as notice_rows
from daemon.store.esps import slug

MAX_SHOWN = 20  # slips told one by one; the rest is counted


@click.group()
def command() -> None:
    """Bring notices in and look at them."""


for _more in (_clocks.pause, _clocks.resume, _clocks.answered):
    command.add_command(_more)


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option("--skip-bad", is_flag=True, help="Import the good rows although others are wrong.")
@click.option("--zone", help="The time zone of times that name none, like Europe/Oslo.")
@click.option("--mailbox", help="The mailbox that the answers arrive in (else the first one).")
@as_json
@click.pass_obj
def import_(
    config: Path | None, file: Path, skip_bad: bool, zone: str | None, mailbox: str | None, as_json: bool
) -> int:
    """Import notices from a CSV or XLSX FILE: all of them, or none if a row is wrong.

    Columns: notice_id, esp, contact_email, urls (separated by blanks), and if known esp_domain, message_id, sent_at,
    priority (1-3), survivor_linked (yes/no), subject, language, kind, xarf.  Importing a file again changes nothing.
    """
    settings = settings_of(config)
    boxes = [one.common.name for one in settings.mailboxes]
    if mailbox is not None and mailbox not in boxes:
        raise click.UsageError(f"there is no mailbox {mailbox!r}; known: {', '.join(boxes)}")
    now = SystemClock().now()
    wish = Import(
        actor=login(),
        now=now,
        latest=now + timedelta(days=1),
        mailbox=mailbox or boxes[0],
        zone=_zone(zone),
        number_format=settings.notice.number_format,
        skip_bad=skip_bad,
        proposer=_proposer(settings),
    )
    store = store_of(settings)
    new, slips = importing.read(file, wish)
    with bar(len(new), "Importing notices") as progress:
        outcome = importing.import_notices(store, new, slips, wish, progress=progress.update)
    if as_json:
        done = {key: value for key, value in asdict(outcome.done).items() if key in _COUNTS}
        proposed = {"proposed_changes": outcome.proposed}
        print_json({**done, **proposed, "refused": outcome.refused, "slips": [asdict(slip) for slip in outcome.slips]})
    else:
        _tell(outcome)
    return 1 if outcome.refused else 0


_COUNTS = ("rows", "added", "already_there", "opened", "linked", "reopened")


def _proposer(settings: Settings) -> str:
    """Who proposes what rows name of known ESPs: the person of the team, else the login that called."""
    try:
        return person(settings)
    except NoticedError:  # nobody of the team, or no team yet: an import needs none
        return ""


@command.command()
@click.argument("numbers", metavar="[NUMBER]...", nargs=-1)
@click.option("--all-drafts", is_flag=True, help="Every notice that has not been sent.")
@click.option("--dry-run", is_flag=True, help="Say what would leave, and queue nothing.")
@as_json
@click.pass_obj
def send(config: Path | None, numbers: tuple[str, ...], all_drafts: bool, dry_run: bool, as_json: bool) -> int:
    """Send first notices: each is queued once, and its clocks start when it is proven to have left.

    They leave in working time, survivor-linked ones at once.  With ``second_person`` in the settings they wait for
    somebody else: noticed letters approve.  Addressees are shown by their domain.
    """
    if bool(numbers) == all_drafts:
        raise click.UsageError("name the notices to send, or say --all-drafts")
    settings = settings_of(config)
    desk = desk_of(settings)
    wish = Wish(person(settings), SystemClock().now(), settings.notice.second_person)
    with store_of(settings).write() as conn:
        ids = list(notice_rows.drafts(conn)) if all_drafts else first_notices.ids_of(conn, numbers)
        found = (first_notices.look if dry_run else first_notices.send)(conn, ids, desk, wish)
    if as_json:
        print_json([_plain(one) for one in found])
    elif found:
        head = ("Notice", "ESP", "To", "URLs", "May leave (UTC)", "Letter", "Not sent because")
        click.echo(table(head, [tuple(_plain(one).values()) for one in found], frozenset({3, 5})))
    else:
        click.echo("No notice waits to be sent.")
    return 1 if any(one.why_not for one in found) and not all_drafts else 0


def _plain(one: Queued) -> dict[str, object]:
    return {
        "number": one.number,
        "esp": one.esp,
        "to_domain": one.to.rpartition("@")[2],
        "urls": one.items,
        "due_at": one.due_at,
        "letter": one.outbox_id or None,
        "why_not": one.why_not.value if one.why_not else "",
    }


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        raise click.UsageError(f"{name!r} is not a time zone; write one like Europe/Oslo") from None


def _tell_slips(slips: Sequence[Slip]) -> None:
    for slip in slips[:MAX_SHOWN]:
        click.echo(str(slip), err=True)
    if len(slips) > MAX_SHOWN:
        columns = Counter(slip.column for slip in slips[MAX_SHOWN:])
        rest = ", ".join(f"{count} in {column}" for column, count in columns.most_common())
        click.echo(f"... and {len(slips) - MAX_SHOWN:,} more: {rest}", err=True)


command.add_command(still_reachable.made(_zone, _tell_slips))


def _tell(outcome: Outcome) -> None:
    _tell_slips(outcome.slips)
    done = outcome.done
    if outcome.refused:
        click.echo(
            f"Nothing was imported: {_many(len(outcome.slips), 'problem')}. "
            "Mend the file, or take the good rows with --skip-bad.",
            err=True,
        )
        return
    click.echo(
        f"{_many(done.added, 'notice')} added, {done.already_there:,} already there; "
        f"URLs: {_many(done.opened, 'new takedown')} ({done.reopened:,} of them seen before), "
        f"{done.linked:,} already open."
    )
    if outcome.proposed:
        click.echo(
            f"{_many(len(outcome.proposed), 'contact or domain', 'contacts and domains')} of known ESPs proposed: "
            "another person confirms each (noticed esps changes). Until then they speak for nobody."
        )


def _many(count: int, what: str, more: str = "") -> str:
    return f"{count:,} {what if count == 1 else more or what + 's'}"


@command.command("list")
@click.option("--status", type=click.Choice([one.value for one in NoticeStatus]), help="Only notices with this status.")
@click.option("--esp", help="Only this ESP, by its name or key.")
@click.option("--survivor", is_flag=True, help="Only survivor-linked ones.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 100_000))
@as_json
@click.pass_obj
def list_(config: Path | None, status: str | None, esp: str | None, survivor: bool, limit: int, as_json: bool) -> None:
    """List notices, newest first."""
    with store_of(settings_of(config)).read() as conn:
        if esp and slug(esp) not in esps.ids_of(conn, [slug(esp)]):
            raise PermanentError(f'there is no ESP "{esp}"; noticed notices list shows the names')
        found = overview.list_notices(conn, status, slug(esp) if esp else None, survivor, limit)
    if as_json:
        print_json([asdict(row) for row in found])
        return
    if not found:
        click.echo("No notice fits.")
        return
    rows = [
        (
            row.number + (" *" if row.survivor_linked else ""),
            row.esp,
            row.status,
            row.priority,
            row.sent_at,
            f"{row.items - row.open_items}/{row.items}",
            row.next_due_at,
        )
        for row in found
    ]
    head = ("Notice", "ESP", "Status", "Priority", "Sent (UTC)", "Closed", "Next step (UTC)")
    click.echo(table(head, rows, frozenset({3, 5})))
    if any(row.survivor_linked for row in found):
        click.echo("\n* survivor-linked")


@command.command()
@click.argument("number")
@as_json
@click.pass_obj
def show(config: Path | None, number: str, as_json: bool) -> None:
    """Show one notice: its items (URLs defanged) and everything that happened to it."""
    with store_of(settings_of(config)).read() as conn:
        found = overview.find_notice(conn, number)
        if found is None:
            raise PermanentError(f"there is no notice {number}; see: noticed notices list")
        items, history = overview.items_of(conn, found[0]), overview.history_of(conn, found[0])
        chain, clock = chains.tree(conn, found[0]), overdue.clock_of(conn, found[0])
    if as_json:
        print_json(
            {
                **asdict(found[1]),
                "takedowns": [asdict(item) | {"url": defang(item.url)} for item in items],
                "clocks": asdict(clock),
                "history": [asdict(event) for event in history],
                "chain": [_public(link) for link in chain] if len(chain) > 1 else [],
            }
        )
        return
    row = found[1]
    linked = ", survivor-linked" if row.survivor_linked else ""
    click.echo(f"{row.number}: {row.status}, {row.esp}, priority {row.priority}{linked}\n")
    lines = [(item.position, defang(item.url), item.status, item.evidence, item.cycle) for item in items]
    click.echo(table(("Item", "URL", "Status", "Evidence", "Cycle"), lines, frozenset({0, 4})))
    click.echo("\n" + "\n".join(_clocks.lines(clock, row.open_items, SystemClock().now())))
    if len(chain) > 1:
        click.echo("\n" + table(("Passed on", "ESP", "Status", "Sent (UTC)"), [_chained(link) for link in chain]))
        if chain[0].clock_from is not None:
            click.echo(f"The first clock runs since {chain[0].clock_from:%Y-%m-%d %H:%M} UTC.")
    events = [(event.at, event.actor, event.action, event.position, event.old, event.new) for event in history]
    click.echo("\n" + table(("When (UTC)", "Who", "What", "Item", "Before", "After"), events))


def _chained(link: chains.Link) -> tuple[str, str, str, datetime | None]:
    """One notice of a chain, indented below the one that passed it on."""
    return ("  " * link.depth + link.number, shown(link.esp), link.status, link.sent_at)


def _public(link: chains.Link) -> dict[str, object]:
    return {
        "number": link.number,
        "depth": link.depth,
        "esp": link.esp_key,
        "status": link.status,
        "sent_at": link.sent_at,
        "first_clock": link.clock_from,
    }
