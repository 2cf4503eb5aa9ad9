"""``noticed run``: the unattended daemon, in the foreground for systemd."""

from __future__ import annotations

from pathlib import Path

import click

from daemon.app import house as house_room
from daemon.app import wiring
from daemon.app.process import Process
from daemon.cli._common import settings_of
from daemon.clock import SystemClock
from daemon.errors import ConfigError
from daemon.health import logs
from daemon.store import schema
from daemon.store.leader import leader as leader_of

EXIT_CONFIG = 78  # EX_CONFIG of sysexits.h: systemd does not start us again


@click.command(short_help="Run until stopped; for systemd.")
@click.option("--migrate", is_flag=True, help="Bring the database's schema to this version first.")
@click.pass_obj
def command(config: Path | None, migrate: bool) -> int:
    """Run until stopped: read, judge, record, file, chase, send.  Logs JSON lines to standard error.

    SIGTERM stops within a minute; SIGHUP looks at rules.yaml at once.  Exit codes: 78 the settings must be mended (what
    is wrong is told), 3 the database cannot be reached, 1 a part of the process died.
    """
    try:
        settings = settings_of(config)
        logs.configure()
        if migrate:
            schema.upgrade(wiring.store_settings(settings))
        house = house_room.open_house(settings, SystemClock())
        house_room.check_mailboxes(house)
        return Process(house, leader_of(wiring.store_settings(settings))).run()
    except ConfigError as error:
        for problem in error.problems:
            click.echo(f"noticed: {problem}", err=True)
        return EXIT_CONFIG
