"""One verdict per URL from all hits: who names it beats who does not, then the most cautious meaning wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from daemon.rules.ruleset import RuleSet
from daemon.rules.verdict import CLOSING, ON_A_URL, Hit, Meaning, UrlVerdict, Verdict

_CAUTION = {meaning: place for place, meaning in enumerate(ON_A_URL)}
_CONTRADICTS = _CAUTION[Meaning.PARTIAL]
_ALWAYS_COUNT = frozenset({Meaning.REFUSED, Meaning.PERSON})
_UNCLEAR = frozenset(
    {"hedge", "limit", "negation", "hearsay", "condition", "question", "exception", "reversal", "presence", "guess"}
)

_GUESSES = frozenset({"hedge", "guess", "limit"})


def settle(ruleset: RuleSet, hits: Sequence[Hit], targets: Sequence[str], doubts: Iterable[str]) -> Verdict:
    """Return the whole verdict.  The order of ``hits`` plays no part."""
    hits = sorted(hits, key=_order)
    urls = {url: _verdict(url, hits) for url in targets}
    kinds = tuple(hit for hit in hits if not hit.cancelled and hit.meaning not in _CAUTION)
    winners = [each.hit for each in urls.values() if each.hit is not None]
    effective = [ruleset.by_name[hit.rule] for hit in (*winners, *kinds)]
    return Verdict(
        urls=urls,
        kinds=kinds,
        hits=tuple(hits),
        doubts=tuple(sorted({*doubts, *_doubts(urls, hits)})),
        rules_version=ruleset.version,
        pause=max((rule.pause_reminders for rule in effective if rule.pause_reminders), default=None, key=_seconds),
        reply_with=next((rule.reply_with for rule in effective if rule.reply_with), ""),
    )


def _seconds(pause: timedelta) -> float:
    return pause.total_seconds()


def _order(hit: Hit) -> tuple[int, int, bool, str, int, tuple[str, ...]]:
    return (hit.sentence, _CAUTION.get(hit.meaning, len(_CAUTION)), bool(hit.cancelled), hit.rule, hit.line, hit.urls)


def _verdict(url: str, hits: Sequence[Hit]) -> UrlVerdict:
    about = [hit for hit in hits if url in hit.urls and hit.meaning in _CAUTION]
    live = [hit for hit in about if not hit.cancelled] or list(_still_to_come(about, hits))
    if not live:
        return UrlVerdict(None, None, tuple(about))
    named = [hit for hit in live if hit.named]
    pool = [hit for hit in live if hit.named or hit.meaning in _ALWAYS_COUNT] if named else live
    winner = min(pool, key=lambda hit: (_CAUTION[hit.meaning], not hit.named))
    contradiction = any(hit.meaning in CLOSING for hit in pool) and _CAUTION[winner.meaning] <= _CONTRADICTS
    return UrlVerdict(winner.meaning, winner, tuple(hit for hit in about if hit is not winner), contradiction)


def _still_to_come(about: Sequence[Hit], hits: Sequence[Hit]) -> Iterator[Hit]:
    """Yield as pending what is said not to be gone of this URL by name, where another one is: "1 is gone, 2 is not"."""
    if any(hit.meaning in CLOSING and not hit.cancelled and hit.named for hit in hits):
        for hit in about:
            if hit.meaning in CLOSING and hit.named and hit.cancelled in _NOT_YET:
                yield replace(hit, meaning=Meaning.PENDING, cancelled="", word="")


_NOT_YET = frozenset({"hedge", "negation"})


def _doubts(urls: dict[str, UrlVerdict], hits: Sequence[Hit]) -> set[str]:
    """Reasons why a person must see the mail although something was decided."""
    found = set()
    closed = {url for url, verdict in urls.items() if verdict.meaning in CLOSING}
    stated = {hit.sentence for hit in hits if not hit.cancelled and hit.meaning in CLOSING}
    for hit in hits:
        if hit.meaning not in CLOSING:
            continue
        if not hit.cancelled and not hit.urls and len(closed) < len(urls):
            found.add("item_not_named")
        weak = hit.cancelled in _GUESSES and (not hit.urls or hit.sentence in stated)  # takes nothing back
        weak = weak or (hit.cancelled == "guess" and closed.issuperset(hit.urls))  # who did it, not whether
        if hit.cancelled in _UNCLEAR and not weak and closed and (not hit.urls or closed.intersection(hit.urls)):
            found.add("unclear_claim")
    if closed and any(hit.meaning is Meaning.BACK_ONLINE and not hit.cancelled for hit in hits):
        found.add("contradiction")
    if any(verdict.contradiction for verdict in urls.values()):
        found.add("contradiction")
    return found
