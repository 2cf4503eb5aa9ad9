# ruff: noqa: E501, SIM905 - word lists read best as words
"""What heads the words beside a removal: "the filter for this page" speaks of a filter, in whatever language."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from daemon.rules.lexicon import Span

# words that lead on to what only stands beside
_BESIDE: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "de": "in im ins an am auf aus von vom zu zum zur mit für über bei beim nach unter durch gegen wegen aufgrund gemäß bezüglich betreffend des dieses ihres unseres eines innerhalb außerhalb hinter vor zwischen seit während",
        "fr": "de du des d' au aux dans sur sous pour par avec chez entre vers concernant contenant relatif relative depuis selon",
        "es": "de del en con por para sobre desde entre bajo según tras contra",
        "nl": "in op uit van voor met aan bij over onder door naar tegen wegens tussen sinds volgens betreffende",
        "pt": "de do da dos das desta deste dessa desse destas destes nesta neste nessa nesse em no na nos nas por pelo pela para com sobre sob entre desde contra conforme",
        "it": "di del della dello dei degli delle dell' dal dalla dai dalle dall' nel nella nei nelle nell' su sul sulla sui con per tra fra contenente contenuti contenute relativo",
        "pl": "w we z ze na do od dla po przez przy za o u nad pod przed między tej tego tych naszej naszego",
        "ru": "в во на с со из у к ко от по за для при о об про через под над между этой этого данной данного вашей вашего нашей нашего",
        "uk": "в у на з із зі від до по за для при про через під над між цієї цього даної даного вашої вашого нашої нашого",
    }.items()
}
# words that lead in what a statement is about
_LEAD: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "de": "der die das den dem dieser diese diesen alle beide sämtliche wir ich sie es er wurde wurden ist sind war waren haben habe hat hatte & und sowie welche hin genannte genannten gemeldete gemeldeten aufgeführte aufgeführten angegebene angegebenen bezeichnete bezeichneten erwähnte erwähnten verlinkte verlinkten beanstandete beanstandeten befindliche befindlichen liegende liegenden gespeicherte gespeicherten abgelegte abgelegten hochgeladene hochgeladenen gehostete gehosteten veröffentlichte veröffentlichten betroffene betroffenen gelistete gelisteten beschriebene beschriebenen",
        "fr": "le la les l' ce cet cette ces un une tous toutes tout nos notre nous vous ils elles il elle on a ont est sont avait était et ainsi qui que avons ai",
        "es": "el la los las lo un una este esta estos estas ese esos todos todas todo ambos ambas nuestro su se ha han he hemos fue fueron está están y que quien ya",
        "nl": "de het een deze dit die alle beide wij we ik zij ze is zijn werd werden was waren heeft hebben heb en dat genoemde gemelde vermelde aangegeven opgegeven betreffende aangehaalde bedoelde geplaatste gehoste opgeslagen vermelde beschreven",
        "pt": "o a os as um uma este esta esse essa todos todas ambos nosso seu foi foram está estão é são já e que se",
        "it": "il lo la i gli le l' un una questo questa questi tutti tutte entrambi noi è sono era erano ha hanno abbiamo stato stata e che si",
        "pl": "ten ta te to został została zostało zostały jest są oba obie wszystkie i a oraz który która które",
        "ru": "этот эта это эти все всё оба обе он она оно они был была было были мы я и а который которая",
        "uk": "цей ця це ці всі усі все обидва обидві він вона воно вони був була було були ми я і й та а який яка",
    }.items()
}
_LEADLESS = frozenset({"pl", "ru", "uk"})  # no articles: what stands beside ends with its first noun
_NO_NOUN = re.compile(
    r"(?:.*(?:ого|ему|ому|ых|их|ым|им|ими|ыми|ей|ой|ої|ій|ego|emu|ych|ich|ej|ym|im|ymi|imi)|ваш\w*|наш\w*|państwa|pana|pani|\W*)$"
)
# behind these a preposition leads on: "the removal of the page", "all of them"
_GOES_ON = frozenset(
    """löschung entfernung sperrung alle alles beide suppression retrait effacement désactivation fermeture ensemble totalité accès tous toutes
    eliminación retirada borrado supresión baja acceso todos todas ambos verwijdering toegang alle beide remoção exclusão eliminação desativação acesso
    rimozione cancellazione eliminazione disattivazione accesso tutti usunięcie usunięcia usunięciu usunięciem dostęp удаление удаления удалении удалению
    удалением доступ видалення доступ""".split()
)
_ENDS = frozenset(":;,-|().")
_MODIFIER = re.compile("^.*(?:の|的|의)(?=.)")


def heads(text: str, literals: Sequence[Span], languages: Collection[str]) -> str:
    """Return folded ``text`` without what stands beside; no word of a removal itself (``literals``) leads there."""
    if not _BESIDE.keys().isdisjoint(languages):
        return _without_phrases(text, literals, languages)
    return "".join(
        text[first:last] if own else _MODIFIER.sub("", text[first:last])
        for first, last, own in _stretches(text, literals)
    )


def _stretches(text: str, literals: Sequence[Span]) -> list[tuple[int, int, bool]]:
    """Cut ``text`` at the edges of the literals and at commas, and tell which parts are literals."""
    found, at = [], 0
    for first, last in literals:
        found += [(start, end, False) for start, end in _parts(text, at, first)]
        found.append((first, last, True))
        at = last
    return [*found, *((start, end, False) for start, end in _parts(text, at, len(text)))]


def _parts(text: str, start: int, end: int) -> list[Span]:
    edges = [start, *(place.end() for place in re.finditer(r"[,;:]", text[start:end])), end]
    edges = [start, *(start + edge for edge in edges[1:-1]), end]
    return [(first, last) for first, last in pairwise(edges) if first < last]


def _without_phrases(text: str, literals: Sequence[Span], languages: Collection[str]) -> str:
    beside = frozenset[str]().union(*(_BESIDE.get(each, frozenset()) for each in languages))
    lead = frozenset[str]().union(*(_LEAD.get(each, frozenset()) for each in languages))
    leadless = not _LEADLESS.isdisjoint(languages)
    kept: list[str] = []
    earlier, inside = "", False
    for found in re.finditer(r"\S+", text):
        word = found[0]
        own = any(first <= found.start() and found.end() <= last for first, last in literals)
        if word in _ENDS:
            inside = False
        elif word in beside and earlier not in _GOES_ON and not own:
            inside = True
        elif inside and (word in _GOES_ON or (word in lead and earlier not in beside)):
            inside = False
        kept += [] if inside else [word]
        if inside and leadless and word not in beside and not _NO_NOUN.match(word):
            inside = False
        earlier = word
    return f" {' '.join(kept)} "
