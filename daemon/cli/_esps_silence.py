"""``noticed esps unresponsive list|confirm|escalate|leave``: the ESPs that do not answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from daemon.cli._common import as_json, deciding, lead, print_json, settings_of, store_of, table
from daemon.jobs import silence
from daemon.store import register, silences


@click.group()
def unresponsive() -> None:
    """See which ESPs do not answer, and decide about them (leads only)."""


@unresponsive.command("list")
@click.option("--all", "everything", is_flag=True, help="Entries that have ended too.")
@as_json
@click.pass_obj
def list_(config: Path | None, everything: bool, as_json: bool) -> None:
    """List the ESPs that are watched, unresponsive or escalated, those silent for longest first."""
    with store_of(settings_of(config)).read() as conn:
        found = [row for row in silences.history(conn) if everything or row.left_at is None]
        names = {row.id: register.get(conn, row.esp_id).key for row in found}
    lines = [_line(row, names[row.id]) for row in sorted(found, key=lambda row: (row.left_at is not None, row.since))]
    if as_json:
        print_json(lines)
    elif lines:
        head = ("ESP", "Level", "Silent since (UTC)", "Notices", "URLs", "Entered", "Lead asked", "Confirmed", "Left")
        cells = [tuple(one[name] for name in _SHOWN) for one in lines]
        click.echo(table(head, cells, frozenset({3, 4})))
    else:
        click.echo("Every ESP answers.")


_SHOWN = ("esp", "level", "since", "notices", "urls", "entered_at", "asked_at", "confirmed_by", "left_by")


def _line(row: Any, name: str) -> dict[str, object]:
    return {
        "esp": name,
        "level": row.level,
        "since": row.since,
        "notices": row.notices,
        "urls": row.urls,
        "entered_at": row.entered_at,
        "asked_at": row.found_at,
        "confirmed_by": row.confirmed_by,
        "confirmed_at": row.confirmed_at,
        "escalated_by": row.escalated_by,
        "escalated_at": row.escalated_at,
        "left_at": row.left_at,
        "left_by": row.left_by,
    }


@unresponsive.command()
@click.argument("esp")
@click.pass_obj
def confirm(config: Path | None, esp: str) -> None:
    """Find a watched ESP unresponsive."""
    _decide(config, esp, silence.confirm)
    click.echo(f"Found unresponsive. The evidence for others: noticed case {esp} --out case.zip")


@unresponsive.command()
@click.argument("esp")
@click.pass_obj
def escalate(config: Path | None, esp: str) -> None:
    """Note that an unresponsive ESP was taken to somebody above it."""
    _decide(config, esp, silence.escalate)
    click.echo("Escalated; it leaves the register at the first authenticated outcome.")


@unresponsive.command()
@click.argument("esp")
@click.pass_obj
def leave(config: Path | None, esp: str) -> None:
    """Take an ESP off the register; its history stays."""
    _decide(config, esp, silence.leave)
    click.echo("Off the register; the history stays.")


def _decide(config: Path | None, esp: str, act: Callable[[Connection, str, datetime, str], None]) -> None:
    with deciding(settings_of(config), lead) as found:
        act(found.conn, esp, found.now, found.by)


COMMANDS = (unresponsive,)
