"""Did you mean ...?  Finds the word that a misspelt one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def distance(left: str, right: str, most: int) -> int:
    """Return the optimal string alignment distance (insert, delete, replace, swap); above ``most`` any larger one."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, one in enumerate(left, 1):
        now = [row]
        for column, two in enumerate(right, 1):
            cost = min(above[column] + 1, now[-1] + 1, above[column - 1] + (one != two))
            if row > 1 and column > 1 and one == right[column - 2] and left[row - 2] == two:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, above = above, now
    return above[-1]


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return the choice that ``word`` was most likely meant to be, or ""."""
    plain = _plain(word)
    if not plain:
        return ""
    most = 1 if len(plain) < 4 else 2 if len(plain) < 9 else 3
    ranked = sorted((distance(plain, _plain(choice), most), choice) for choice in choices)
    if ranked and ranked[0][0] <= most:
        return ranked[0][1]
    inside = [choice for _, choice in ranked if len(plain) > 3 and (plain in _plain(choice) or _plain(choice) in plain)]
    return inside[0] if len(inside) == 1 else ""


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return the mend as a sentence: the nearest choice, else all of them if they are few."""
    known = list(choices)
    found = nearest(word, known)
    if found:
        return f'Did you mean "{found}"?'
    return f"Use one of: {', '.join(known)}." if 0 < len(known) <= 40 else ""


def _plain(word: str) -> str:
    return word.strip().lower().replace("_", "").replace("-", "").replace(" ", "")
