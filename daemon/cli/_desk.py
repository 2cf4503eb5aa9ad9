"""The desk that letters and digests are composed at, from the settings and rules.yaml as they stand in their files."""

from __future__ import annotations

from daemon.app import wiring
from daemon.cli._common import rule_file
from daemon.config.settings import Settings
from daemon.jobs.desk import Desk
from daemon.jobs.reload import InForce
from daemon.rules.ruleset import compile as compiled


def desk_of(settings: Settings) -> Desk:
    """Raises ConfigError when the rules file is broken."""
    file = rule_file(settings)
    return wiring.desk(settings, InForce(file, compiled(file), ""))
