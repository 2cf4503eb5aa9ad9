"""Time to removal with the open URLs counted in (Kaplan and Meier 1958), from counts per hour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Curve:
    """``steps``: (hours, share still up from then on), in order of time; ``removed`` and ``open`` are counts."""

    steps: tuple[tuple[int, float], ...]
    removed: int
    open: int

    @property
    def total(self) -> int:
        return self.removed + self.open

    def quantile(self, share: float) -> int | None:
        """Return the hours, rounded up, within which ``share`` is removed; None when that is not reached."""
        return next((hours + 1 for hours, up in self.steps if up <= 1 - share + 1e-12), None)

    def within(self, hours: int) -> float:
        """Return the share removed within ``hours``."""
        up = 1.0
        for at, left in self.steps:
            if at >= hours:
                break
            up = left
        return 1 - up


def curve(buckets: Iterable[tuple[int, bool, int]]) -> Curve:
    """Build the curve from (whole hours, removed or not, count); what is open counts until it was last seen up."""
    removed: dict[int, int] = {}
    censored: dict[int, int] = {}
    for hours, is_removed, count in buckets:
        into = removed if is_removed else censored
        into[hours] = into.get(hours, 0) + count
    return Curve(tuple(_steps(removed, censored)), sum(removed.values()), sum(censored.values()))


def _steps(removed: Mapping[int, int], censored: Mapping[int, int]) -> Iterable[tuple[int, float]]:
    at_risk = sum(removed.values()) + sum(censored.values())
    up = 1.0
    for hours in sorted(removed.keys() | censored.keys()):
        gone = removed.get(hours, 0)
        if gone:
            up *= 1 - gone / at_risk
            yield hours, up
        at_risk -= gone + censored.get(hours, 0)  # who leaves at the same hour was still at risk in it
