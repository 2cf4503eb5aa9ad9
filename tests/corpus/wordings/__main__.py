"""Tells per language and meaning how many answers are understood, and which are not."""

from __future__ import annotations

import sys
from collections import Counter

from tests.corpus.wordings import CLOSING, languages, wordings
from tests.corpus.wordings.judge import Judged, judged


def main(wanted: list[str]) -> None:
    for language in wanted or languages():
        total: Counter[str] = Counter()
        right: Counter[str] = Counter()
        missed: list[tuple[str, str, Judged]] = []
        for one in wordings(language):
            found = judged(one.text)
            total[one.says] += 1
            if found.fits(one.says):
                right[one.says] += 1
            else:
                missed.append((one.says, one.text, found))
        print(
            f"== {language}: {sum(right.values())}/{sum(total.values())}  "
            + "  ".join(f"{k} {right[k]}/{n}" for k, n in total.items())
        )
        for says, text, found in missed:
            wrong = "FALSE CLOSURE " if found.closes and says not in CLOSING else ""
            print(
                f"  {wrong}{says} -> {found.category}/{found.outcome}{' person' if found.person else ''} {list(found.reasons)}: {text!r}"
            )


main(sys.argv[1:])
