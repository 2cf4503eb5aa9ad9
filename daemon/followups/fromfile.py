"""What staff wrote in rules.yaml under ``followups`` and ``working_time``, as ladders and a calendar."""

from __future__ import annotations

from collections.abc import Mapping

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
        file.followups.our_answer,
    )


def working_time_of(block: blocks.WorkingTime) -> WorkingTime:
    return WorkingTime(block.zone, block.days, block.start, block.end, block.holidays)


def ladders_of(block: blocks.Followups) -> Ladders:
    """Return the file's ladders over the shipped ones, by name."""
    ours = {name: _ladder(one) for name, one in block.ladders.items() if one.steps}
    return Ladders({**PRESETS, **ours}, _agreed(block.for_esp), _agreed(block.for_kind))


def _agreed(found: Mapping[str, blocks.EspLadder]) -> dict[str, Agreement]:
    return {name: _agreement(one) for name, one in found.items()}


def _agreement(one: blocks.EspLadder) -> Agreement:
    return Agreement(
        one.use.text if one.use else "", one.add, working_time_of(one.working_time) if one.working_time else None
    )


def leads_of(file: blocks.RuleFile) -> tuple[str, ...]:
    """Return who decides when a ladder reaches the leads: the leads of the team, else who gets the leads' digest."""
    team = tuple(one.address for one in file.team.values() if one.lead and one.address)
    digest = file.digests.get("leads")
    return team or (digest.to if digest else ())


def _ladder(one: blocks.Ladder) -> Ladder:
    usual = PRESETS.get(one.name, NORMAL)
    steps = sorted((Step(step.after, step.letter, Target(step.to)) for step in one.steps), key=lambda step: step.after)
    try:
        return Ladder(
            one.name,
            tuple(steps),
            one.repeat or usual.repeat,
            one.repeat_letter,
            one.first_response or (usual.first_response if one.name in PRESETS else None),
            one.removal or (usual.removal if one.name in PRESETS else None),
            one.earliest,
            one.latest,
        )
    except ValueError as slip:
        raise ConfigError(f"rules.yaml, followups: {slip}") from None
