"""What a measurement prints: plain figures, ratios against their marks, and checks that must hold."""

from __future__ import annotations

import json
from dataclasses import dataclass, field


@dataclass
class Sheet:
    """Collects and prints the lines of one measurement; ``missed`` are marks not reached, ``wrong`` failed checks."""

    name: str
    as_json: bool = False
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def note(self, text: str, **values: float | str) -> None:
        """Print something that is judged by nobody."""
        self._print(text, dict(values))

    def cost(self, text: str, seconds: float, count: int, of: str = "mail") -> None:
        """Print what one of ``count`` things took."""
        self._print(text, {f"µs per {of}": round(seconds / count * 1e6, 1), "per second": round(count / seconds)})

    def mark(self, text: str, value: float, *, most: float | None = None, least: float | None = None) -> None:
        """Print a ratio or a count beside its mark."""
        reached = (most is None or value <= most) and (least is None or value >= least)
        wanted = f"≤ {most:g}" if most is not None else f"≥ {least:g}"
        if not reached:
            self.missed.append(text)
        self._print(text, {"figure": float(f"{value:.4g}"), "mark": wanted, "": "reached" if reached else "MISSED"})

    def check(self, text: str, holds: bool, detail: str = "") -> None:
        """Print whether the work was done right: speed by being wrong is none."""
        if not holds:
            self.wrong.append(text)
        self._print(text, {"": "holds" if holds else f"FAILS {detail}".rstrip()})

    def _print(self, text: str, values: dict[str, float | str]) -> None:
        if self.as_json:
            print(json.dumps({"bench": self.name, "what": text} | values, ensure_ascii=False), flush=True)
            return
        told = "  ".join(f"{name} {value}".strip() for name, value in values.items())
        print(f"{self.name:10} {text:78} {told}", flush=True)
