"""A phrase walked word by word is found exactly where RE2 finds it, with the same gaps; no text makes it slow."""

from __future__ import annotations

import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.message.message import Mark
from daemon.rulefile.blocks import WORD_LISTS, Groups
from daemon.rules import specimen
from daemon.rules.fold import fold
from daemon.rules.phrases import PhraseError, to_regex
from daemon.rules.words import Try
from daemon.rules.wordwise import wordwise
from tests.core.rulebook import shipped_file
from tests.counts import count

GROUPS = Groups(
    {
        "gone": ("removed", "taken (back) down", "entfernt", "supprimés", "taken", "taken down"),
        "is": ("is", "are", "has been/is", "rem*"),
        "when": ("<number> days", "today", "some ... days"),
    }
)
_WORDS = "is has been removed taken down würde supprimée e-mail it's 404 3.5 , : - تم حذف rem"
_SIMPLE = [*_WORDS.split(), "rem*", "supprim*", "<url>", "<number>", "<gone>", "<is>", "<when>"]
_EITHER = st.lists(st.sampled_from(_SIMPLE), min_size=2, max_size=3).map("/".join)
_WITHIN = st.lists(st.one_of(st.sampled_from([*_SIMPLE, "..."]), _EITHER), min_size=1, max_size=3).map(" ".join)
_PIECES = st.one_of(st.sampled_from([*_SIMPLE, "...", "..."]), _EITHER, _WITHIN.map("({})".format))
PHRASES = st.lists(_PIECES, min_size=1, max_size=5).map(" ".join)
_SAID = (
    "is has been removed taken back down würde wuerde supprimee supprimée e-mail it's 404 3.5 , : : - > . x rem remit "
    "تم وتم فحذف حذف وو days some today"
)
TEXTS = st.lists(st.sampled_from([*_SAID.split(), Mark.URL.value, Mark.NUMBER.value]), min_size=1, max_size=14).map(
    " ".join
)


Place = tuple[int, int, tuple[tuple[int, int], ...]] | None  # start, end, gaps


def by_re2(phrase: str, groups: Groups | None, text: str, at: int) -> Place:
    found = re2.compile(to_regex(phrase, groups)).search(text, at)
    if found is None:
        return None
    gaps = (found.span(group) for group in range(1, found.re.groups + 1))
    return (*found.span(), tuple((first, last) for first, last in gaps if 0 <= first < last))


def by_word(phrase: str, groups: Groups | None, text: str, at: int) -> Place:
    walk = wordwise(phrase, groups)
    assert walk is not None
    found = walk.search(text, at)
    return None if found is None else (found.start, found.end, tuple((a, b) for a, b in found.gaps if a < b))


@settings(max_examples=count(test=2_000, prove=200_000), deadline=None)
@given(PHRASES, st.one_of(TEXTS.map(fold), TEXTS.map(lambda text: text.replace("x", " "))), st.integers(0, 12))
def test_words_are_found_where_re2_finds_them(phrase: str, text: str, at: int) -> None:
    try:
        if wordwise(phrase, GROUPS) is None:
            to_regex(phrase, GROUPS)
            return
    except PhraseError:
        return
    for place in (0, min(at, len(text))):
        assert by_word(phrase, GROUPS, text, place) == by_re2(phrase, GROUPS, text, place)


def test_the_shipped_phrases_stand_where_re2_finds_them() -> None:
    file = shipped_file()
    phrases = [phrase for rule in file.rules for phrase in (*rule.says, *rule.and_says, *rule.but_not)]
    phrases += [phrase for key in WORD_LISTS for phrase in getattr(file.words, key)]
    texts = [fold(specimen.example(example.text)[0].text) for rule in file.rules for example in rule.examples]
    for number, phrase in enumerate(phrases[:: count(test=29, prove=1)]):
        if wordwise(phrase.text, phrase.groups) is not None:
            for text in texts[number % 97 :: count(test=97, prove=7)]:
                assert by_word(phrase.text, phrase.groups, text, 0) == by_re2(phrase.text, phrase.groups, text, 0)


def test_most_shipped_phrases_need_no_expression() -> None:
    spaced = [one for rule in shipped_file().rules for one in rule.says if one.language not in {"zh", "ja", "ko"}]
    walked = [one for one in spaced if wordwise(one.text, one.groups) is not None]
    assert len(walked) > 0.98 * len(spaced)


def test_no_text_makes_a_phrase_slow() -> None:
    walk = wordwise("a ... (a) ... (a) ... (a/b) ... a ... c", None)
    assert walk is not None
    tried, steps = Try(), [0]

    class Counted(list[str]):
        def __getitem__(self, place):  # type: ignore[no-untyped-def]  # counts what is looked at
            steps[0] += 1
            return super().__getitem__(place)

    words = Counted(["", *["a"] * 400, ""])
    for place in range(1, 401):
        assert walk.first(words, place, tried) < 0
    assert steps[0] < 400 * 400
