"""``noticed esps contact|domain|merge|changes|confirm|stop``: what one person proposes and another confirms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from daemon.cli._common import as_json, deciding, login, person, print_json, settings_of, store_of, table
from daemon.cli._desk import desk_of
from daemon.clock import SystemClock
from daemon.errors import PermanentError
from daemon.jobs import esp_changes
from daemon.notices import speaking
from daemon.redact import defang
from daemon.store import changes, messages, register

_mail = click.option("--mail", type=int, help="The mail that asks for it, by its number in noticed review show.")


@click.group()
def contact() -> None:
    """Change where an ESP is written to."""


@contact.command("propose")
@click.argument("esp")
@click.argument("address")
@click.option("--instead-of", "old", default="", help="The contact that it takes the place of.")
@click.option("--role", type=click.Choice(speaking.ROLES), help="Its role; that of the replaced one, else primary.")
@_mail
@click.pass_obj
def propose_contact(config: Path | None, esp: str, address: str, old: str, role: str | None, mail: int | None) -> None:
    """Propose a new contact; another person confirms it, and the old address is told."""
    with deciding(settings_of(config)) as act:
        number = esp_changes.propose_contact(
            act.conn, esp, address, act.now, act.by, old=old, role=role or "", message_ref=_known(act.conn, mail)
        )
    _proposed(number)


def _known(conn: Any, mail: int | None) -> int | None:
    if mail is not None and messages.get(conn, mail) is None:
        raise PermanentError(f"there is no mail {mail}; noticed review show names it")
    return mail


def _proposed(number: int) -> None:
    click.echo(f"Change {number} is proposed. Another person confirms it: noticed esps confirm {number}")


@contact.command("works")
@click.argument("esp")
@click.argument("address")
@click.pass_obj
def works(config: Path | None, esp: str, address: str) -> None:
    """Say that a contact that bounced works again; what waited for it goes on."""
    with deciding(settings_of(config)) as act:
        count = esp_changes.repaired(act.conn, esp, address, act.now, act.by)
    click.echo(f"The contact works again; {count:,} {'notice goes' if count == 1 else 'notices go'} on.")


@contact.command("drop")
@click.argument("esp")
@click.argument("address")
@click.pass_obj
def drop_contact(config: Path | None, esp: str, address: str) -> None:
    """Write to a contact no longer, nor listen to it."""
    with deciding(settings_of(config)) as act:
        row = register.find(act.conn, esp, lock=True)
        if not changes.drop_contact(act.conn, row.id, speaking.address(address), act.now, act.by):
            raise PermanentError(f"{row.key} has no contact with this address; see: noticed esps show {row.key}")
    click.echo(f"{row.key} has one contact less.")


@click.group()
def domain() -> None:
    """Change which domains speak for an ESP."""


@domain.command("propose")
@click.argument("esp")
@click.argument("name")
@_mail
@click.pass_obj
def propose_domain(config: Path | None, esp: str, name: str, mail: int | None) -> None:
    """Propose that a domain speaks for an ESP; another person confirms it, and its contact is told."""
    with deciding(settings_of(config)) as act:
        number = esp_changes.propose_domain(act.conn, esp, name, act.now, act.by, _known(act.conn, mail))
    _proposed(number)


@domain.command("drop")
@click.argument("esp")
@click.argument("name")
@click.pass_obj
def drop_domain(config: Path | None, esp: str, name: str) -> None:
    """Let a domain speak for an ESP no longer."""
    with deciding(settings_of(config)) as act:
        row = register.find(act.conn, esp, lock=True)
        if not register.drop_domain(act.conn, row.id, name.strip().lower(), act.now, act.by):
            raise PermanentError(f"this domain does not speak for {row.key}; see: noticed esps show {row.key}")
    click.echo(f"The domain no longer speaks for {row.key}; the domains of its contacts still do.")


@click.command()
@click.argument("esp")
@click.argument("into")
@click.pass_obj
def merge(config: Path | None, esp: str, into: str) -> None:
    """Propose that ESP becomes part of INTO, with all its notices; another person confirms, nothing undoes it."""
    with deciding(settings_of(config)) as act:
        number = esp_changes.propose_merge(act.conn, esp, into, act.now, act.by)
    _proposed(number)


@click.command("changes")
@click.option("--all", "everything", is_flag=True, help="Those that have ended too.")
@as_json
@click.pass_obj
def list_(config: Path | None, everything: bool, as_json: bool) -> None:
    """List what was proposed about contacts, domains and mergers, and what it waits for."""
    with store_of(settings_of(config)).read() as conn:
        found = changes.listed(conn, everything=everything)
        names = {row.id: register.get(conn, row.esp_id).key for row in found}
        merged = merged_keys(conn, found)
    if as_json:
        print_json([{"esp": names[row.id], **public(row)} for row in found])
    elif found:
        click.echo(table_of(found, names, merged=merged))
    else:
        click.echo("No change waits.")


def public(row: Any) -> dict[str, object]:
    return {
        "change": row.id,
        "kind": row.kind,
        "old": row.old or None,
        "new": defang(row.new) if row.kind == changes.DOMAIN else row.new,
        "role": row.role,
        "state": row.state,
        "proposed_by": row.proposed_by,
        "proposed_at": row.proposed_at,
        "confirmed_by": row.confirmed_by,
        "applies_at": row.apply_at,
    }


def merged_keys(conn: Connection, rows: Sequence[Any]) -> dict[str, str]:
    """The keys of the ESPs that are to become part of another one."""
    return {row.new: register.get(conn, int(row.new)).key for row in rows if row.kind == changes.MERGE}


def table_of(rows: Sequence[Any], names: dict[int, str] | None = None, *, merged: dict[str, str] | None = None) -> str:
    lines = [
        (
            *(row.id, *([names[row.id]] if names else []), row.kind, *_between(row, merged or {})),
            *(row.state, row.proposed_by, row.confirmed_by, row.apply_at),
        )
        for row in rows
    ]
    head = ["Change", *(["ESP"] if names else []), "What", "Old", "New", "State", "Proposed", "Confirmed", "Holds from"]
    return table(head, lines, frozenset({0}))


def _between(row: Any, merged: dict[str, str]) -> tuple[str, str]:
    found = public(row)
    return str(found["old"] or "-"), merged.get(row.new, str(found["new"]))


@click.command()
@click.argument("number", type=int)
@click.option("--yes", is_flag=True, help="Do not ask before a merger, which nothing undoes.")
@click.pass_obj
def confirm(config: Path | None, number: int, yes: bool) -> None:
    """Confirm a change that somebody else proposed."""
    settings = settings_of(config)
    by = person(settings)
    desk = desk_of(settings)
    store = store_of(settings)
    with store.read() as conn:
        row = changes.get(conn, number)
        merger = row is not None and row.kind == changes.MERGE and row.state in changes.OPEN
        names = [register.get(conn, one).key for one in (int(row.new), row.esp_id)] if row and merger else []
    if names and not yes:
        click.confirm(f"{names[0]} becomes part of {names[1]} for good. Go on?", abort=True)
    with store.write() as conn:
        done = esp_changes.confirm(conn, number, desk, SystemClock().now(), by, login())
    if done.apply_at is None:
        click.echo(f"Change {number} is done.")
        return
    told = "the old address is told" if done.letters else "nobody can be told: no contact of it can be reached"
    click.echo(f"Change {number} is confirmed; {told}. It holds from {done.apply_at:%Y-%m-%d %H:%M} UTC on.")


@click.command()
@click.argument("number", type=int)
@click.pass_obj
def stop(config: Path | None, number: int) -> None:
    """Stop a change that does not hold yet."""
    with deciding(settings_of(config)) as act:
        esp_changes.stop(act.conn, number, act.now, act.by)
    click.echo(f"Change {number} is stopped.")


COMMANDS = (contact, domain, merge, list_, confirm, stop)
