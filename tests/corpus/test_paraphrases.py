"""A removal denied, planned, asked, conditional, reported or quoted never closes, in any language or layout."""

from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.decide.policy import Policy
from daemon.message.parse import parse
from daemon.message.urls import canonical
from daemon.notices.esp import Esp
from daemon.notices.keys import bare
from daemon.notices.match import Known
from daemon.notices.notice import Item, Notice
from daemon.rulefile.load import load
from daemon.rules.ruleset import RuleSet
from daemon.rules.ruleset import compile as compile_rules
from tests.corpus.answers import ANSWERS, GONE
from tests.corpus.paraphrases import (
    BOTH,
    COURTEOUS,
    FOREIGN_LAYOUTS,
    NEVER_CLOSES,
    OWN_LAYOUTS,
    REMOVED,
    SENTENCES,
    sentences,
)
from tests.corpus.traps import TRAPS

POLICY = Policy(r"N-\d{4}", "mx.hotline.example", our_addresses=frozenset({"esp@hotline.example"}))
URLS = ("https://a.host.example/1", "https://a.host.example/2")
HEAD = (
    "Received: from x by mx.hotline.example; Tue, 13 Oct 2026 09:00:00 +0000\n"
    "Authentication-Results: mx.hotline.example; dmarc=pass header.from=host.example\n"
    "From: Bo <abuse@host.example>\nTo: esp@hotline.example\nDate: Tue, 13 Oct 2026 09:00:00 +0000\n"
    "Subject: Re: [N-000{}] notice\nMessage-ID: <1@host.example>\nMIME-Version: 1.0\n"
)


def notice(number: str, *urls: str) -> Notice:
    items = tuple(Item(position, url, canonical(url)) for position, url in enumerate(urls, 1))
    sent = datetime(2026, 10, 12, 8, tzinfo=UTC)
    return Notice(number, "host", items, f"<{number}@hotline.example>", sent, "abuse@host.example")


NOTICES = (notice("N-0001", *URLS[:1]), notice("N-0002", *URLS))
KNOWN = Known(
    notices={one.number: one for one in NOTICES},
    by_message_id={bare(one.message_id or ""): (one.number,) for one in NOTICES},
    esps=(Esp("host", "Host", frozenset({"host.example"}), frozenset({"abuse@host.example"})),),
)


@lru_cache(maxsize=1)
def rules() -> RuleSet:
    file = load((Path(__file__).resolve().parents[2] / "rules.yaml").read_text(encoding="utf-8")).file
    assert file is not None
    return compile_rules(file)


def decided(body: str, number: int = 1) -> Decision:
    return decide(parse((HEAD.format(number) + body).encode()), KNOWN, rules(), POLICY)


def closes(body: str, number: int = 1) -> bool:
    return any(item.closes for item in decided(body, number).items)


@pytest.mark.parametrize("kind", NEVER_CLOSES)
@pytest.mark.parametrize("layout", OWN_LAYOUTS)
def test_what_only_sounds_like_a_removal_never_closes(kind: str, layout: str) -> None:
    wrong = [(language, text) for language, text in sentences(kind) if closes(OWN_LAYOUTS[layout](text))]
    assert wrong == []


@pytest.mark.parametrize("layout", FOREIGN_LAYOUTS)
def test_words_that_are_not_the_senders_own_never_close(layout: str) -> None:
    wrong = [(language, text) for language, text in sentences(REMOVED) if closes(FOREIGN_LAYOUTS[layout](text))]
    assert wrong == []


def test_a_removal_that_names_no_item_of_several_never_closes() -> None:
    wrong = [(language, text) for language, text in sentences(REMOVED) if closes(OWN_LAYOUTS["bare"](text), 2)]
    assert wrong == []


def test_two_sentences_that_contradict_each_other_never_close() -> None:
    for kind in NEVER_CLOSES:
        for language in SENTENCES:
            first = next(text for one, text in sentences(REMOVED) if one == language)
            second = next(text for one, text in sentences(kind) if one == language)
            if kind in ("negated", "future"):
                assert not closes(OWN_LAYOUTS["bare"](f"{second} {second}"))
                assert not closes(OWN_LAYOUTS["bare"](f"{second}\n\n> {first}"))


def test_a_plain_removal_closes_in_every_language() -> None:
    """Nine of ten plain sentences close without a person, and in no language fewer than half of them."""
    done, every = Counter(), Counter()
    for language, text in sentences(REMOVED):
        every[language] += 1
        done[language] += closes(OWN_LAYOUTS["greeting and name"](text))
    assert done.total() >= 0.9 * every.total()
    assert all(done[language] >= 0.5 * every[language] for language in every)


@pytest.mark.parametrize("language", TRAPS)
def test_a_removal_of_something_else_or_of_a_kind_never_closes(language: str) -> None:
    texts = [line.strip() for line in TRAPS[language].strip().splitlines()]
    wrong = [text for text in texts if closes(OWN_LAYOUTS["greeting and name"](text))]
    assert wrong == []


def test_ordinary_answers_are_understood_in_every_language() -> None:
    """Nine of ten ordinary answers get their category, and none of them closes a URL except "it was gone"."""
    right, every, closing = 0, 0, []
    for meanings in ANSWERS.values():
        for category, text in meanings.items():
            for line in map(str.strip, text.strip().splitlines()):
                decision = decided(OWN_LAYOUTS["greeting and name"](line))
                every += 1
                right += decision.category.value == category
                if category != GONE and any(item.closes for item in decision.items):
                    closing.append(line)
    assert closing == []
    assert right >= 0.9 * every


def test_an_answer_about_both_items_closes_both() -> None:
    texts = [line.strip() for lines in BOTH.values() for line in lines.strip().splitlines()]
    done = sum(all(item.closes for item in decided(OWN_LAYOUTS["greeting and name"](text), 2).items) for text in texts)
    assert done >= 0.9 * len(texts)


def test_a_removal_in_a_support_desk_s_words_closes() -> None:
    layout = OWN_LAYOUTS["greeting and name"]
    held = [text for text, count in COURTEOUS if not all(item.closes for item in decided(layout(text), count).items)]
    assert held == []
