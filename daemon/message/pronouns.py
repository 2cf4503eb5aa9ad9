"""Whether a sentence speaks of what the one before it named: "Items 2 and 3 are yours.  They have been deleted." """

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
