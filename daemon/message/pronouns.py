# ruff: noqa: E501 - word lists read best as words
"""Whether a sentence speaks of what the one before it named, or says the same: "They have been deleted.", "Ditto." """

from __future__ import annotations

import re

# "they" only where something was done to them: "they have removed it" are other people
_BACK = re.compile(
    r"\b(?:they|these|those)(?:['’](?:re|ve)| are| were| have| had)(?: \w+){0,2}? "
    r"(?:been|gone|removed|deleted|taken|offline|down|erased|purged|wiped|disabled|pulled|no longer|not|now)\b"
    r"|\b(?:removed?|deleted?|erased|purged|wiped|disabled|pulled|destroyed|took|taken|got rid of) "
    r"(?:them|these|those)\b"
    r"|\b(?:each|both|all) of (?:them|these|those)\b",
    re.IGNORECASE,
)


def refers_back(text: str) -> bool:
    """Tell whether ``text`` says by a pronoun what was done to things named before."""
    return _BACK.search(text) is not None


_ABOVE = re.compile(
    r"\b(?:these|those|above|dies\w*|oben|obig\w*|ces|ci-dessus|est[oa]s|es[oa]s|arriba|quest[ei]|sopra|deze|bovenstaande|estes|acima|powyższe|эти|выше)\b",
    re.IGNORECASE,
)


def points_above(text: str) -> bool:
    """Tell whether a sentence speaks of "these links" or "the above": of what stands before it, where something does."""
    return _ABOVE.search(text) is not None


_SAME = frozenset(
    (
        "same", "same here", "the same", "same thing", "same as above", "ditto", "likewise", "idem", "as above", "dito", "ebenso", "desgleichen",
        "gleiches", "wie oben", "de même", "pareil", "lo mismo", "igual", "ídem", "lo stesso", "stesso", "hetzelfde", "o mesmo", "to samo",
        "jak wyżej", "то же", "то же самое", "те саме", "aynı", "aynısı", "同上", "同様",
    )
)  # fmt: skip


def says_the_same(text: str) -> bool:
    """Tell whether an answer only repeats the one before it."""
    return text.casefold().strip(" .!,:-–>=*") in _SAME
