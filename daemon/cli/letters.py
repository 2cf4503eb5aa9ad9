"""``noticed letters``: what waits to leave, what waits for approval, and what a letter will say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from daemon.cli._common import as_json, person, print_json, settings_of, store_of, table
from daemon.cli._desk import desk_of
from daemon.clock import SystemClock
from daemon.errors import PermanentError
from daemon.jobs import approval
from daemon.jobs.letters import Withdrawn, compose
from daemon.render.check import LETTERS, REGISTER
from daemon.render.values import register_samples, samples
from daemon.store import outbox, overview

_STATES = ("held", "queued", "sending", "unknown", "failed", "sent", "cancelled")


@click.group()
def command() -> None:
    """See the letters that wait, and let those to third parties go."""


@command.command(name="list")
@click.option("--state", type=click.Choice(_STATES), help="Only letters in this state; else all that have not left.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=200, show_default=True)
@as_json
@click.pass_obj
def list_(config: Path | None, state: str | None, limit: int, as_json: bool) -> int:
    """List letters, those that wait for approval first.  Addressees are shown by their domain."""
    with store_of(settings_of(config)).read() as conn:
        rows = [row for one in ([state] if state else _STATES[:5]) for row in outbox.in_state(conn, one, limit)]
    if as_json:
        print_json([_plain(row) for row in rows[:limit]])
    elif rows:
        cells = [tuple(_plain(row).values()) for row in rows[:limit]]
        click.echo(table(("No.", "State", "Letter", "To", "Notices", "Queued", "Survivor-linked"), cells))
    else:
        click.echo("No letter waits.")
    return 0


@command.command()
@click.argument("number", type=int)
@click.pass_obj
def show(config: Path | None, number: int) -> int:
    """Show what a letter says, as it would leave now; URLs are defanged.

    Of one that may have left: what became of it, and the Message-ID to look for in Sent.
    """
    settings = settings_of(config)
    desk = desk_of(settings)
    with store_of(settings).write() as conn:
        row = outbox.get(conn, number)
        if row is None:
            raise PermanentError(f"there is no letter {number}; see: noticed letters list")
        if row.state not in ("held", "queued"):
            click.echo(_became(row, overview.numbers_of(conn, set(row.context.get("notices", ())))))
            return 0
        found = compose(conn, row, desk, SystemClock().now())
    if isinstance(found, Withdrawn):
        click.echo(f"Letter {number} would not leave any more: {found.why}.")
        return 0
    click.echo(f"Subject: {found.subject}\n\n{found.body}", nl=False)
    return 0


@command.command()
@click.argument("template", metavar="TEMPLATE")
@click.option("--language", default="en", show_default=True, help="The language to show it in; English where it lacks.")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Write there.")
@click.pass_obj
def preview(config: Path | None, template: str, language: str, folder: Path) -> int:
    """Write what TEMPLATE looks like with made-up notices: TEMPLATE.LANGUAGE.txt and .html."""
    desk = desk_of(settings_of(config))
    known = (*LETTERS, *REGISTER)
    if template not in {file.removesuffix(".txt.j2") for _, file in desk.templates.names()} & frozenset(known):
        raise PermanentError(f"there is no letter {template}; known: {', '.join(known)}")
    values = register_samples()[0] if template in REGISTER else samples()[2]
    shown = desk.templates.render(template, language, {**values, "organisation": desk.organisation})
    spoken = desk.templates.language_of(template, language)
    files = {".txt": f"Subject: {shown.subject}\n\n{shown.text}", ".html": shown.html or ""}
    folder.mkdir(parents=True, exist_ok=True)
    for ending, text in files.items():
        path = folder / f"{template}.{spoken}{ending}"
        path.write_text(text, encoding="utf-8")
        click.echo(f"Written: {path}")
    return 0


@command.command()
@click.argument("numbers", type=int, nargs=-1, required=True)
@click.pass_obj
def approve(config: Path | None, numbers: tuple[int, ...]) -> int:
    """Let letters go that wait for approval."""
    return _decide(config, numbers, approval.approve, "approved")


@command.command()
@click.argument("numbers", type=int, nargs=-1, required=True)
@click.pass_obj
def drop(config: Path | None, numbers: tuple[int, ...]) -> int:
    """Never send letters that wait for approval; the ladder goes on."""
    return _decide(config, numbers, approval.drop, "dropped")


def _decide(config: Path | None, numbers: tuple[int, ...], act: Any, said: str) -> int:
    settings = settings_of(config)
    by, now = person(settings), SystemClock().now()
    with store_of(settings).write() as conn:
        for number in numbers:
            act(conn, number, now, by)
    click.echo("\n".join(f"Letter {number} is {said}." for number in numbers))
    return 0


def _became(row: Any, numbers: dict[int, str]) -> str:
    """A letter that is past composing."""
    lines = [
        f"Letter {row.id} ({row.template or row.kind}): {row.state}",
        f"To          {row.to_address.rpartition('@')[2]}",
        f"Notices     {', '.join(sorted(numbers.values())) or '-'}",
        f"Message-ID  {row.message_id}",
    ]
    lines += [f"Last tried  {row.claimed_at:%Y-%m-%d %H:%M} UTC"] if row.claimed_at else []
    return "\n".join(lines + ([f"Answer      {row.reply}"] if row.reply else []))


def _plain(row: Any) -> dict[str, object]:
    return {
        "number": row.id,
        "state": row.state,
        "template": row.template,
        "to_domain": row.to_address.rpartition("@")[2],
        "notices": len(row.context.get("notices", ())),
        "queued_at": row.created_at,
        "survivor_linked": "yes" if row.survivor_linked else "",
    }
