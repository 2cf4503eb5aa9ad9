"""Slips among the ladders: a name that is none, steps that lie at one time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from daemon.rulefile.blocks import Followups, Ladder
from daemon.rulefile.near import did_you_mean
from daemon.rulefile.problem import Problem
from daemon.rulefile.table import PRESETS


def slips(followups: Followups) -> Iterator[Problem]:
    """Yield what is wrong with the ladders and the names by which ESPs use them."""
    known = (*followups.ladders, *(name for name in PRESETS if name not in followups.ladders))
    for agreed in (*followups.for_esp.values(), *followups.for_kind.values()):
        use = agreed.use
        if use is not None and use.text not in known:
            fix = did_you_mean(use.text, known) or f"There are: {', '.join(known)}."
            yield Problem(use.line, use.column, "R222", f'There is no ladder "{use.text}".', fix, width=len(use.text))
    for ladder in followups.ladders.values():
        yield from _times(ladder)
        yield from _bounds(ladder)


def _bounds(ladder: Ladder) -> Iterator[Problem]:
    """Whatever is learned, the first step stays between zero and the second one."""
    times = sorted(step.after for step in ladder.steps)
    if not times or not (ladder.earliest or ladder.latest):
        return
    earliest, latest = ladder.earliest or times[0], ladder.latest or times[0]
    second = times[1] if len(times) > 1 else times[0] + (ladder.repeat or timedelta(days=1))
    if not timedelta(0) < earliest <= times[0] <= latest < second:
        message = (
            f'The first step of "{ladder.name}" must lie between "earliest" and "latest", these before the second.'
        )
        yield Problem(ladder.line, ladder.column, "R226", message, "Mend these two times, or take them out.")


def _times(ladder: Ladder) -> Iterator[Problem]:
    times = [step.after for step in ladder.steps]
    if len(set(times)) < len(times):
        message = f'Two steps of "{ladder.name}" lie at the same time: only one of them could leave.'
        yield Problem(ladder.line, ladder.column, "R224", message, "Give each step a time of its own.")
    if not all(time > timedelta(0) for time in (*times, ladder.repeat or timedelta(1))):
        message = f'A time of "{ladder.name}" is zero: the letter would follow the notice at once.'
        yield Problem(ladder.line, ladder.column, "R224", message, "Write a time above zero.")
