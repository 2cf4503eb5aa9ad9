"""``noticed esps``: the register of ESPs, their contacts and domains, and what two persons change about them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from daemon.cli import _esps_changes, _esps_silence, _esps_table
from daemon.cli._common import as_json, deciding, print_json, settings_of, store_of, table
from daemon.jobs import esp_register, learning
from daemon.notices import esp_settings
from daemon.notices.esp import EspState
from daemon.redact import defang
from daemon.store import changes, register


@click.group()
def command() -> None:
    """See and keep the register of ESPs."""


for _one in (*_esps_changes.COMMANDS, *_esps_silence.COMMANDS, *_esps_table.COMMANDS):
    command.add_command(_one)


@command.command("list")
@click.option("--state", type=click.Choice([one.value for one in EspState]), help="Only ESPs in this state.")
@click.option("--kind", type=click.Choice(esp_settings.KINDS), help="Only this kind.")
@click.option("--limit", default=500, show_default=True, type=click.IntRange(1, 100_000))
@as_json
@click.pass_obj
def list_(config: Path | None, state: str | None, kind: str | None, limit: int, as_json: bool) -> None:
    """List the ESPs by name."""
    with store_of(settings_of(config)).read() as conn:
        found = register.listed(conn, state, kind)[:limit]
        counts = register.counts(conn)
    rows = [(row, counts.get(row.id, register.Counts())) for row in found]
    if as_json:
        print_json([_line(row, figures) for row, figures in rows])
    elif rows:
        cells = [tuple(_line(row, figures).values()) for row, figures in rows]
        click.echo(table(("Key", "Name", "Kind", "State", "Language", "Notices", "URLs", "Open"), cells, _FIGURES))
    else:
        click.echo("No ESP fits.")


_FIGURES = frozenset({5, 6, 7})


def _line(row: Any, figures: register.Counts) -> dict[str, object]:
    return {
        "key": row.key,
        "name": row.name,
        "kind": row.kind,
        "state": row.state,
        "language": row.language,
        "notices": figures.notices,
        "urls": figures.urls,
        "open": figures.open,
    }


@command.command()
@click.argument("esp")
@as_json
@click.pass_obj
def show(config: Path | None, esp: str, as_json: bool) -> None:
    """Show one ESP: state, settings, contacts with their health, domains that speak for it, changes that wait."""
    with store_of(settings_of(config)).read() as conn:
        found = register.whole(conn, esp)
        waiting = changes.listed(conn, found.row.id)
        merged = _esps_changes.merged_keys(conn, waiting)
        taught, learned = learning.said(conn, found.row), learning.plain(conn, found.row)
    if as_json:
        print_json(_whole(found, [_esps_changes.public(one) for one in waiting]) | {"learned": learned})
        return
    row = found.row
    life = register.life_of(row)
    beside = "".join(f", {word.replace('_', ' ')}" for word in sorted(life.beside))
    click.echo(f"{row.name} ({row.key}): {row.kind}, {life.line.replace('_', ' ')}{beside}")
    click.echo(f"Notices: {found.counts.notices:,}, URLs: {found.counts.urls:,}, of them open: {found.counts.open:,}\n")
    settings = [(name, _shown(row, name), one.doc) for name, one in esp_settings.KEYS.items()]
    click.echo(table(("Setting", "Value", "Meaning"), settings) + "\n")
    contacts = [(*_contact(one).values(),) for one in (*found.contacts, *found.former)]
    click.echo(table(("Contact", "Role", "Health", "Source", "Since (UTC)", "Confirmed (UTC)", "Replaced"), contacts))
    domains = [(defang(one.domain), one.source, one.created_at) for one in found.domains]
    click.echo("\n" + table(("Speaking domain", "Source", "Since (UTC)"), domains))
    click.echo("\n" + "\n".join(taught))
    if waiting:
        click.echo("\n" + _esps_changes.table_of(waiting, merged=merged))


def _shown(row: Any, name: str) -> str:
    value = getattr(row, name) if esp_settings.KEYS[name].column else esp_settings.value(row.settings, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else defang(str(value)) if name == "channel_where" else str(value)


def _contact(one: Any) -> dict[str, object]:
    return {
        "address": one.address,
        "role": one.role,
        "health": one.health,
        "source": one.source,
        "since": one.created_at,
        "confirmed_at": one.confirmed_at,
        "former_at": one.former_at,
    }


def _whole(found: register.Whole, waiting: list[dict[str, object]]) -> dict[str, object]:
    row = found.row
    life = register.life_of(row)
    settings = {
        name: getattr(row, name) if one.column else esp_settings.value(row.settings, name)
        for name, one in esp_settings.KEYS.items()
    }
    return {
        **_line(row, found.counts),
        "line": life.line,
        "beside": sorted(life.beside),
        "settings": settings,
        "contacts": [_contact(one) for one in (*found.contacts, *found.former)],
        "domains": [{"domain": one.domain, "source": one.source, "since": one.created_at} for one in found.domains],
        "changes": waiting,
    }


@command.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(esp_settings.KINDS), default="host", show_default=True)
@click.option("--language", help="The language of letters to it, like de.")
@click.option("--zone", help="Its time zone, like Europe/Oslo.")
@click.option("--contact", "contacts", multiple=True, metavar="ADDRESS[=ROLE]", help="A contact; primary if no role.")
@click.option("--domain", "domains", multiple=True, help="A domain that speaks for it, besides those of its contacts.")
@click.pass_obj
def add(
    config: Path | None,
    name: str,
    kind: str,
    language: str | None,
    zone: str | None,
    contacts: tuple[str, ...],
    domains: tuple[str, ...],
) -> None:
    """Add an ESP that is not known yet.  What speaks for it is changed by two persons from then on."""
    given = {one: (address, role or "primary") for one in contacts for address, _, role in [one.partition("=")]}
    new = esp_register.new_esp(name, kind, list(given.values()), domains, language, zone)
    with deciding(settings_of(config)) as act:
        key = esp_register.add(act.conn, new, act.now, act.by)
    click.echo(f'"{key}" is in the register. What comes next: noticed onboard start {key}')


@command.command("set")
@click.argument("esp")
@click.argument("key")
@click.argument("value")
@click.pass_obj
def set_(config: Path | None, esp: str, key: str, value: str) -> None:
    """Set KEY of an ESP to VALUE; "-" takes it back to the usual.  noticed esps show ESP lists the keys."""
    parsed = None if value == "-" else esp_settings.parse(key, value)
    with deciding(settings_of(config)) as act:
        row = register.find(act.conn, esp, lock=True)
        changed = register.set_value(act.conn, row.id, key, parsed, act.now, act.by)
    click.echo(f"{row.key}: {key} is {'now' if changed else 'already'} {'as usual' if value == '-' else value}.")


@command.command()
@click.argument("esp")
@click.argument("word", type=click.Choice([*esp_register.MARKS]))
@click.pass_obj
def mark(config: Path | None, esp: str, word: str) -> None:
    """Say where an ESP stands: research, agree (on a channel), activate, decline, give_up, retire, revive."""
    with deciding(settings_of(config)) as act:
        row = register.find(act.conn, esp, lock=True)
        life = esp_register.mark(act.conn, row.id, word, act.now, act.by)
    click.echo(f"{row.key} is {life.line.replace('_', ' ')}.")
