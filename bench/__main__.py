"""``./dev bench [NAME...]``: run the measurements named, or all; exit 1 when a check fails or a mark is missed."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from bench.figures import Sheet
from bench.timing import load

NAMES = ("reading", "mail_in", "arrival", "store", "sending", "followups", "digest")


def main() -> int:
    options = _options()
    sheets = []
    for name in options.names or NAMES:
        room = import_module(f"bench.{name}")
        sheet = Sheet(name, options.json)
        sheet.note((room.__doc__ or "").splitlines()[0], load=load())
        room.run(sheet, options)
        sheets.append(sheet)
    wrong = sum(len(sheet.wrong) for sheet in sheets)
    missed = sum(len(sheet.missed) for sheet in sheets)
    print(f"{wrong} checks failed, {missed} marks missed", file=sys.stderr)
    return 1 if wrong or (missed and options.strict) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Speed as ratios within one run.")
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="NAME", help=" ".join(NAMES))
    parser.add_argument("--runs", type=int, default=5, help="rounds of which the median counts")
    parser.add_argument("--mails", type=int, default=2000, help="how many mails are generated")
    parser.add_argument("--rules", type=Path, default=Path("rules.yaml"), help="another rule file than the shipped one")
    parser.add_argument("--urls", type=int, default=100_000, help="URLs of the import")
    parser.add_argument("--takedowns", type=int, default=200_000, help="takedowns of the digest and the follow-ups")
    parser.add_argument("--peers", action="store_true", help="also run the peers that take minutes (mail_in)")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.add_argument("--strict", action="store_true", help="a missed mark is a failure too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
