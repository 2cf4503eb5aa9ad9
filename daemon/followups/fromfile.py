"""What staff wrote in rules.yaml under ``followups`` and ``working_time``, as ladders and a calendar."""

from __future__ import annotations

from daemon.errors import ConfigError
from daemon.followups.calendar import WorkingTime
from daemon.followups.ladder import NORMAL, PRESETS, Agreement, Ladder, Ladders, Step, Target
from daemon.followups.planned import Caps, Rules
from daemon.rulefile import blocks


def rules_of(file: blocks.RuleFile, automatic_a_day: int = 40) -> Rules:
    """Return everything the plan needs from ``file``; what is not written there is as designed."""
    return Rules(
        ladders_of(file.followups),
        working_time_of(file.working_time),
        Caps(automatic_a_day=automatic_a_day),
        leads_of(file),
    )


def working_time_of(block: blocks.WorkingTime) -> WorkingTime:
    return WorkingTime(block.zone, block.days, block.start, block.end, block.holidays)


def ladders_of(block: blocks.Followups) -> Ladders:
    """Return the file's ladders over the shipped ones, by name."""
    ours = {name: _ladder(one) for name, one in block.ladders.items() if one.steps}
    agreed = {esp: Agreement(one.use, one.add) for esp, one in block.for_esp.items()}
    return Ladders({**PRESETS, **ours}, agreed)


def leads_of(file: blocks.RuleFile) -> tuple[str, ...]:
    """Return who decides when a ladder reaches the leads: the leads of the team, else who gets the leads' digest."""
    team = tuple(one.address for one in file.team.values() if one.lead and one.address)
    digest = file.digests.get("leads")
    return team or (digest.to if digest else ())


def _ladder(one: blocks.Ladder) -> Ladder:
    usual = PRESETS.get(one.name, NORMAL)
    steps = sorted((Step(step.after, step.letter, Target(step.to)) for step in one.steps), key=lambda step: step.after)
    try:
        return Ladder(one.name, tuple(steps), one.repeat or usual.repeat, one.repeat_letter)
    except ValueError as slip:
        raise ConfigError(f"rules.yaml, followups: {slip}") from None
