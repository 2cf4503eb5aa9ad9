"""Which hits change because of others: ``instead_of`` anywhere, ``completes`` later on, ``alone`` without any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from daemon.rules.ruleset import RuleSet
from daemon.rules.verdict import CLOSING, ON_A_URL, Hit


def silence(ruleset: RuleSet, hits: Sequence[Hit]) -> list[Hit]:
    """Cancel the hits of rules that a matching rule stands instead of, or whose steps it completes.

    A rule completes the steps told in sentences before it, on the URLs that it speaks of: "We asked the owner to delete
    it.  It is gone now."  Told after it or in one sentence with it they stay, and the mail contradicts itself; but what
    was done among themselves may stand in a part of the sentence before it: "It was passed to our team and is gone."
    """
    louder: dict[str, list[Hit]] = {}
    for hit in hits:
        for name in () if hit.cancelled else ruleset.by_name[hit.rule].instead_of:
            louder.setdefault(name.text, []).append(hit)
    return [each for hit in _completed(ruleset, hits) for each in _instead(hit, louder.get(hit.rule, ()))]


def _instead(hit: Hit, louder: Sequence[Hit]) -> Iterator[Hit]:
    """Yield a hit without the URLs on which others stand instead of it; what names other items stays with these."""
    others = [other for other in louder if other.rule != hit.rule and (other.urls or hit.meaning not in CLOSING)]
    if hit.cancelled or not others:
        yield hit
        return
    reached = {url for other in others for url in other.urls}
    kept = tuple(url for url in hit.urls if url not in reached) if hit.named and all(o.urls for o in others) else ()
    yield replace(
        hit, urls=tuple(url for url in hit.urls if url not in kept), cancelled="instead_of", word=others[0].rule
    )
    if kept:
        yield replace(hit, urls=kept)


def _completed(ruleset: RuleSet, hits: Sequence[Hit]) -> Iterator[Hit]:
    """Yield every hit, without what a later one completes; a claim that was taken back is completed as well."""
    ends = [hit for hit in hits if not hit.cancelled and ruleset.by_name[hit.rule].completes]
    steps = {end.rule: frozenset(name.text for name in ruleset.by_name[end.rule].completes) for end in ends}
    for hit in hits:
        inside = ruleset.by_name[hit.rule].alone is not None
        later = [end for end in ends if hit.rule in steps[end.rule] and _is_later(end, hit, inside)]
        done = {url for end in later for url in end.urls}
        if not later or (hit.urls and done.isdisjoint(hit.urls)):
            yield hit
            continue
        yield replace(
            hit, urls=tuple(url for url in hit.urls if url in done), cancelled="completed", word=later[0].rule
        )
        if kept := tuple(url for url in hit.urls if url not in done):
            yield replace(hit, urls=kept)


def _is_later(end: Hit, step: Hit, inside: bool) -> bool:
    """Tell whether an end is told in a sentence behind a step; with ``inside``, in a later part of the same, too."""
    return end.sentence > step.sentence or (
        inside and end.sentence == step.sentence and end.span[0] >= step.span[1] - 1
    )


def alone(ruleset: RuleSet, hits: Sequence[Hit], targets: Sequence[str]) -> list[Hit]:
    """Give hits the meaning that their rules have where nothing else is said of any URL, and none is set apart.

    "Under review" of a whole notice only acknowledges it; of one item, or beside a removal, it is work in progress.
    """
    said = [hit for hit in hits if not hit.cancelled and hit.meaning in ON_A_URL]
    reached = {url for hit in said for url in hit.urls}
    if any(ruleset.by_name[hit.rule].alone is None for hit in said) or (reached and reached != {*targets}):
        return list(hits)
    return [_alone(ruleset, hit) for hit in hits]


def _alone(ruleset: RuleSet, hit: Hit) -> Hit:
    other = ruleset.by_name[hit.rule].alone
    return hit if other is None or hit.cancelled else replace(hit, meaning=other, urls=(), named=False)
