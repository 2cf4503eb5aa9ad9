"""``noticed onboard``: getting to know new ESPs, from the introduction to the agreed channel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from daemon.cli._common import as_json, deciding, print_json, settings_of, store_of, table
from daemon.cli._desk import desk_of
from daemon.errors import PermanentError
from daemon.jobs import approval, esp_register, onboarding
from daemon.notices import esp_settings
from daemon.store import onboardings, outbox, register


@click.group()
def command() -> None:
    """Get to know new ESPs: introductions, reminders, confirmed contacts."""


@command.command()
@click.argument("esps", nargs=-1, required=True)
@click.option("--address", default="", help="Which of its contacts; the first one that can be reached if not given.")
@click.option("--send", is_flag=True, help="Approve the letter as well; else it waits in noticed letters list.")
@click.pass_obj
def start(config: Path | None, esps: tuple[str, ...], address: str, send: bool) -> None:
    """Introduce ourselves to ESPs; the reminders leave by themselves until one answers."""
    if address and len(esps) > 1:
        raise click.UsageError("--address goes with one ESP only")
    settings = settings_of(config)
    desk = desk_of(settings)
    with deciding(settings) as act:
        for esp in esps:
            begun = onboarding.start(act.conn, esp, desk, act.now, act.by, address=address)
            if send:
                approval.approve(act.conn, begun.letter, act.now, act.by)
            what = "leaves" if send else f"waits for approval (noticed letters approve {begun.letter}), to leave"
            click.echo(f"{esp}: letter {begun.letter} {what} from {begun.due_at:%Y-%m-%d %H:%M} UTC on.")


@command.command("list")
@click.option("--state", type=click.Choice(onboardings.FUNNEL), help="Only those that stand here; else all under way.")
@as_json
@click.pass_obj
def list_(config: Path | None, state: str | None, as_json: bool) -> None:
    """List the introductions under way, with the funnel of all."""
    with store_of(settings_of(config)).read() as conn:
        found = onboardings.listed(conn, state)
        names = {row.id: register.get(conn, row.esp_id).key for row in found}
        funnel = onboardings.funnel(conn)
    lines = [_line(row, names[row.id]) for row in found]
    if as_json:
        print_json({"funnel": funnel, "onboardings": lines})
        return
    if lines:
        head = ("No.", "ESP", "State", "Introduced (UTC)", "Reminders", "Next step (UTC)")
        cells = [
            (one["onboarding"], one["esp"], one["state"], one["introduced_at"], one["reminders"], one["next_due_at"])
            for one in lines
        ]
        click.echo(table(head, cells, frozenset({0, 4})))
    else:
        click.echo("No introduction is under way.")
    click.echo("\n" + said(funnel))


def said(funnel: Mapping[str, int]) -> str:
    """The funnel in one line: how many ESPs stand where."""
    return "All: " + ", ".join(f"{count:,} {state.replace('_', ' ')}" for state, count in funnel.items())


def _line(row: Any, name: str) -> dict[str, object]:
    return {
        "onboarding": row.id,
        "esp": name,
        "address": row.address,
        "state": row.state,
        "started_by": row.started_by,
        "started_at": row.started_at,
        "introduced_at": row.introduced_at,
        "reminders": row.steps,
        "next_due_at": row.next_due_at,
        "confirmed_at": row.confirmed_at,
        "ended_at": row.ended_at,
    }


@command.command()
@click.argument("which")
@as_json
@click.pass_obj
def show(config: Path | None, which: str, as_json: bool) -> None:
    """Show every attempt with an ESP (or the one with this number): its letters and what came of it."""
    with store_of(settings_of(config)).read() as conn:
        found = list(_which(conn, which))
        letters = {row.id: outbox.with_key(conn, f"onboard-{row.id}-") for row in found}
        names = {row.id: register.get(conn, row.esp_id).key for row in found}
    lines = [
        _line(row, names[row.id])
        | {"letters": [{"letter": one.template, "state": one.state, "sent_at": one.sent_at} for one in letters[row.id]]}
        for row in found
    ]
    if as_json:
        print_json(lines)
        return
    for row, line in zip(found, lines, strict=True):
        click.echo(table(("", f"Introduction {row.id}"), [pair for pair in line.items() if pair[0] != "letters"]))
        cells = [(one.id, one.template, one.state, one.sent_at) for one in letters[row.id]]
        click.echo("\n" + table(("Letter", "Template", "State", "Sent (UTC)"), cells, frozenset({0})) + "\n")


def _which(conn: Any, which: str) -> list[Any]:
    if which.isdecimal():
        row = onboardings.get(conn, int(which))
        if row is None:
            raise PermanentError(f"there is no introduction {which}; see: noticed onboard list")
        return [row]
    found = list(onboardings.of_esp(conn, register.find(conn, which).id))
    if not found:
        raise PermanentError(f"{which} was never introduced to us: noticed onboard start {which}")
    return found


@command.command()
@click.argument("esp")
@click.pass_obj
def confirm(config: Path | None, esp: str) -> None:
    """Say that the contact is right although no proven answer said so."""
    with deciding(settings_of(config)) as act:
        onboarding.confirm(act.conn, esp, act.now, act.by)
    click.echo(f"{esp}: the contact is confirmed. Next: noticed onboard agree {esp} --channel mail")


@command.command()
@click.argument("esp")
@click.option("--channel", type=click.Choice(esp_settings.CHANNELS), required=True)
@click.option("--where", help="Where its form, portal or API is.")
@click.pass_obj
def agree(config: Path | None, esp: str, channel: str, where: str | None) -> None:
    """Note the channel that was agreed on with an ESP whose contact is confirmed."""
    place = esp_settings.parse("channel_where", where) if where else None
    with deciding(settings_of(config)) as act:
        row = register.find(act.conn, esp, lock=True)
        esp_register.mark(act.conn, row.id, "agree", act.now, act.by)
        register.set_value(act.conn, row.id, "channel", channel, act.now, act.by)
        if place:
            register.set_value(act.conn, row.id, "channel_where", place, act.now, act.by)
    click.echo(f"{row.key}: {channel} is agreed. When it works: noticed onboard activate {row.key}")


@command.command()
@click.argument("esp")
@click.pass_obj
def activate(config: Path | None, esp: str) -> None:
    """Note that notices reach an ESP by the agreed channel: it is known from now on."""
    _mark(config, esp, "activate", "is active")


@command.command()
@click.argument("esp")
@click.pass_obj
def decline(config: Path | None, esp: str) -> None:
    """Note that an ESP wants nothing to do with us; notices go to it all the same."""
    _mark(config, esp, "decline", "declined")


def _mark(config: Path | None, esp: str, word: str, what: str) -> None:
    with deciding(settings_of(config)) as act:
        row = register.find(act.conn, esp, lock=True)
        esp_register.mark(act.conn, row.id, word, act.now, act.by)
    click.echo(f"{row.key} {what}.")


@command.command()
@click.argument("esp")
@click.pass_obj
def stop(config: Path | None, esp: str) -> None:
    """End an introduction; what has not left never leaves."""
    with deciding(settings_of(config)) as act:
        onboarding.stop(act.conn, esp, act.now, act.by)
    click.echo(f"The introduction to {esp} is stopped.")
