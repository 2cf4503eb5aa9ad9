# ruff: noqa: E501, SIM905 - word lists read best as words
"""Words of a sentence with their places, and what is an item, a count, a time."""

from __future__ import annotations

import re

from daemon.message import number_words as words

Tokens = list[tuple[str, int, int]]  # word or sign, where it starts, where it ends
TOKEN = re.compile(r"و(?=[0-9٠-٩])|[^\W_]+(?:['’][^\W_]+)*|[^\w\s]")
MAX_TOKENS = 3000
_STEMS = frozenset(noun[:5] for noun in words.ITEM_NOUNS if len(noun) >= 6)
ARTICLES = frozenset("the der die das den dem le la el o a il lo de het den det the".split())
TIMES = frozenset(
    """hours hour days day minutes weeks months years times h stunden tage tagen minuten wochen heures jours semaines mois horas días minutos
    semanas ore giorni uur dagen godzin dni часов часа дней минут годин днів saat gün dakika ساعة ساعات أيام percent %""".split()
)
ORDINAL_TAIL = frozenset(
    "non no não nie niet nicht ne n'est n'a не ні bleibt verbleibt rimane resta permanece queda blijft pozostaje остаётся остается one ones of is was has had are were will cannot could isn't wasn't hasn't can ist wird wurden werden wurde sera será serán sarà wordt worden zostanie będzie будет будут буде have had must still also not remain remains stays seems war hat est a era fue è è stato foi is werd został została был была было . , : ; - – — ) and & und et y e en i и та ve".split()
)
OUT_OF = frozenset("of / von sur de di van z из з av af out der des dei delle parmi entre tra dos das".split())


def how_many(token: str) -> int:
    """Return the number that a word or up to four digits stand for, 0 if none."""
    if token.isdecimal() and len(token) < 5:
        return int(token)
    return words.COUNTS.get(token, 0)


_ELIDED = re.compile(r"^(?:l|d|qu|un|dell|all|nell|sull|dall|quest)['’]")


def unelided(token: str) -> str:
    """Return a word without the article that is written as one with it: "l'url"."""
    return _ELIDED.sub("", token)


def is_noun(token: str) -> bool:
    token = unelided(token)
    return token in words.ITEM_NOUNS or (len(token) > 5 and token[:5] in _STEMS)


def is_unit(token: str) -> bool:
    return token in words.COUNTS or token in {
        "hours",
        "days",
        "minutes",
        "files",
        "links",
        "stunden",
        "tage",
        "heures",
        "jours",
        "horas",
        "días",
        "%",
        "of",
    }
