"""What stands beside a removal: something that can have been reported, something else, or nothing that has a name."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from daemon.rules.cancel import Canceller, Clauses
from daemon.rules.heads import heads
from daemon.rules.lexicon import ANY, Span, overlapping, trim
from daemon.rules.subject import (
    TELLS_ASIDES,
    is_passive,
    last_word,
    origins,
    says_more,
    starts_with_verb,
    without_asides,
)

_NAME = re.compile(r"\b[^\W\d_]+\b|[\ue000-\ue00f]")  # no letter of "15h40"


def has_subject(
    canceller: Canceller, clauses: Clauses, text: str, whole: Span, literals: Sequence[Span], where: bool = False
) -> bool:
    """Tell whether a removal that spans ``whole`` speaks of something that can have been reported, or of nothing.

    "Removed as you asked" speaks of nothing; "the restriction has been removed" of something else.  With ``where``, the
    place that is spoken of will do: "Nothing is left at this address".
    """
    lexicon, languages = canceller.lexicon, canceller.languages
    if not languages or not languages <= lexicon.with_subjects:
        return True
    beside = _beside(clauses, text, whole, literals, all_around=canceller.knows_fillers)
    if not _names(text, beside):
        return True
    spoken = text if where else _spoken(text, whole, literals, languages)
    if languages & TELLS_ASIDES and not where and not _heads(canceller, text, whole):
        return False
    if any(each.ready.search(spoken) for each in lexicon.of("subject", text, languages)):
        return True
    return canceller.knows_fillers and not _names(_without(canceller, text, ("filler",)), beside)


def _heads(canceller: Canceller, text: str, whole: Span) -> bool:
    """Tell whether the noun right before "was deleted" can have been reported: "the file", no "file extension"."""
    match = text[whole[0] : whole[1]]
    before = without_asides(text[text.rfind(",", 0, whole[0]) + 1 : whole[0]], canceller.languages)
    last = last_word(before)
    if not is_passive(match) or not last or not starts_with_verb(match):
        return True
    lists = canceller.lexicon.of("subject", text, canceller.languages)
    return says_more(last) or any(each.ready.search(f" {last} ") for each in lists)


def _spoken(text: str, whole: Span, literals: Sequence[Span], languages: frozenset[str]) -> str:
    """The part of a sentence in which a subject must stand: without what only stands beside."""
    if not languages & TELLS_ASIDES:
        return heads(text, literals, languages)
    before, match = text[text.rfind(",", 0, whole[0]) + 1 : whole[0]], text[whole[0] : whole[1]]
    spoken = without_asides(before + (match if is_passive(match) else text[whole[0] :]), languages)
    if not _NAME.search(without_asides(before, languages)):
        spoken += before + match  # "Regarding <url>: taken down"
    return spoken


def is_bare(canceller: Canceller, clauses: Clauses, text: str, whole: Span) -> bool:
    """Tell whether all that stands beside ``whole``, from the start of the sentence on, is a subject or a filler."""
    lexicon, languages = canceller.lexicon, canceller.languages
    if not languages or not languages <= lexicon.with_subjects or not canceller.knows_fillers:
        return False
    beside = [(0, whole[0]), (whole[1], max(clauses.around(whole)[1], whole[1]))]
    return not _names(_without(canceller, text, ("filler", "subject")), beside)


def is_from_elsewhere(
    canceller: Canceller, clauses: Clauses, text: str, whole: Span, own_names: Collection[str]
) -> bool:
    """Tell whether a removal is said to be from a place that is none of the sender's, who goes by ``own_names``."""
    lexicon, languages = canceller.lexicon, canceller.languages
    if not languages & lexicon.with_places:
        return False
    places = list(origins(text, whole[0], max(clauses.around(whole)[1], whole[1])))
    if not places:
        return False
    known = _without(canceller, text, ("filler", "place"))
    for name in own_names:
        known = known.replace(f" {name} ", " " * (len(name) + 2))
    return _names(known, places)


def begins(canceller: Canceller, text: str, place: int) -> bool:
    """Tell whether nothing but words like "but" and "unfortunately" stands in ``text`` before ``place``."""
    return not _names(_without(canceller, text, ("border", "filler")), [(0, place)])


def _names(text: str, spans: Sequence[Span]) -> bool:
    return any(_NAME.search(text[first:last]) for first, last in spans)


def _beside(clauses: Clauses, text: str, whole: Span, literals: Sequence[Span], all_around: bool) -> list[Span]:
    """The stretches of a removal's part of the sentence that are no words of the phrase itself.

    Without a list of fillers what follows cannot be told from an object: then only what stands before it is asked.
    """
    start = text.rfind(",", 0, whole[0]) + 1
    if not all_around:
        return [(start, whole[0])]
    end = max(clauses.around(whole)[1], whole[1])
    edges = [start, *(place for span in literals or [whole] for place in span), end]
    return [(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True) if first < last]


def _without(canceller: Canceller, text: str, kinds: Sequence[str]) -> str:
    """Blank out the words of some lists, one phrase at a time: in scripts without blanks two may share a sign."""
    spoken = canceller.languages | ANY
    entries = (each for each in canceller.lexicon.entries(text) if each.kind in kinds and each.language in spoken)
    spans = [trim(text, found) for each in entries for found in overlapping((each,), text)]
    if not spans:
        return text
    left = list(text)
    for first, last in spans:
        left[first:last] = " " * (last - first)
    return "".join(left)
