"""``noticed once``: one round of everything, then the end; for cron and for trying out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from daemon.app import wiring
from daemon.app.house import House, open_house
from daemon.cli._common import as_json, print_json, settings_of
from daemon.clock import SystemClock
from daemon.errors import NoticedError, TransientError
from daemon.health import logs
from daemon.jobs.recording import Recorded
from daemon.store.leader import leader as leader_of


@click.command()
@as_json
@click.pass_obj
def command(config: Path | None, as_json: bool) -> None:
    """Read, file, chase and send once."""
    settings = settings_of(config)
    logs.configure()
    house = open_house(settings, SystemClock())
    leader = leader_of(wiring.store_settings(settings))
    try:
        if not leader.acquire():
            raise TransientError("another noticed is at work on this database; stop it first, or let it do the work")
        done = _round(house)
    finally:
        house.close()
        leader.release()
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(f"{done.total:,} mails: {done.closed:,} URLs closed, {done.review:,} to a person")


def _round(house: House) -> Recorded:
    """One round; what is foreseen ends in order, so that the next round need not be careful."""
    for box in house.boxes:
        box.intake.begin(box.name)
    try:
        done = house.once()
    except NoticedError:
        _end(house)
        raise
    _end(house)
    return done


def _end(house: House) -> None:
    for box in house.boxes:
        box.intake.end(box.name)
