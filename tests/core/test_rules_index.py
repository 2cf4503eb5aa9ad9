"""What is found quickly is what RE2 finds slowly: the index loses no phrase, the word lists cancel the same words."""

from __future__ import annotations

import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.message.message import Mark
from daemon.rulefile.blocks import Groups, Phrase, Words
from daemon.rules.cancel import Cancellers
from daemon.rules.fold import fold
from daemon.rules.index import Index
from daemon.rules.phrases import PhraseError, regex_of
from daemon.rules.ready import made_ready
from tests.core.paraphrases import LANGUAGES
from tests.core.rulebook import shipped, shipped_file
from tests.counts import count

GROUPS = Groups({"gone": ("removed", "taken down", "entfernt", "supprimés", "削除"), "is": ("is", "are", "has been")})
IN_PHRASES = "is has been removed down würde supprimée e-mail n' it's 404 3.5 l'url , : 削除 しました urlは 삭제 تم حذف"
IN_TEXTS = (
    "is are has been removed unremoved taken down entfernt wuerde würde supprimee supprimés e-mail n' it's 404 3.5 file "
    "files , : - . x y l'url 削除 削除しました しました urlは 削 삭제 삭제했 تم وتم حذف أن rem removal"
)
_WORDS = IN_PHRASES.split()
_PIECES = st.one_of(
    st.sampled_from(_WORDS),
    st.sampled_from(["rem*", "supprim*", "<url>", "<number>", "<gone>", "<is>", "...", "file(s)", "(un)removed"]),
    st.lists(st.sampled_from([*_WORDS, "<gone>", "rem*", "<url>"]), min_size=2, max_size=3).map("/".join),
    st.lists(st.sampled_from([*_WORDS, "...", "<url>", "is/are"]), min_size=1, max_size=3)
    .map(" ".join)
    .map("({})".format),
)
PHRASES = st.lists(_PIECES, min_size=1, max_size=3).map(" ".join)
_SAID = [*IN_TEXTS.split(), Mark.URL.value, Mark.NUMBER.value]
TEXTS = st.lists(st.sampled_from(_SAID), min_size=1, max_size=8).map(" ".join).map(fold)


def ready(texts: list[str]) -> list[Phrase]:
    found = []
    for number, text in enumerate(texts):
        phrase = Phrase(text, number, 1, ("en", "fr", "")[number % 3], GROUPS)
        try:
            regex_of(phrase)
        except PhraseError:
            continue
        found.append(phrase)
    return found


@settings(max_examples=count(test=600, prove=20_000), deadline=None)
@given(st.lists(PHRASES, min_size=1, max_size=8), st.lists(TEXTS, min_size=1, max_size=6))
def test_the_index_loses_no_phrase(phrases: list[str], texts: list[str]) -> None:
    made = made_ready(ready(phrases))
    index = Index([each.places for each in made])
    for text in texts:
        standing = [number for number, each in enumerate(made) if re2.compile(each.expression).search(text)]
        assert set(standing) <= set(index.candidates(text))


def test_the_index_loses_none_of_the_shipped_phrases() -> None:
    rules = shipped()
    every = [(place, number) for place, each in enumerate(rules.rules) for number in range(len(each.says))]
    tried = {at: re2.compile(rules.rules[at[0]].says[at[1]].expression) for at in every[:: count(test=9, prove=1)]}
    texts = [fold(example.text) for rule in shipped_file().rules for example in rule.examples]
    texts += [fold(" ".join(table["stated"]).format(n=table["n"][0])) for table in LANGUAGES.values()]
    for text in texts[:: count(test=20, prove=4)]:
        standing = {at for at, regex in tried.items() if regex.search(text)}
        assert standing <= set(rules.candidates(text))


def _walked(words: list[Phrase], languages: frozenset[str], text: str) -> list[tuple[int, int]]:
    """The matches of one expression made of all phrases, the longest first."""
    parts = {regex_of(each) for each in words if each.language in languages or not each.language}
    if not parts:
        return []
    either = re2.compile("|".join(f"(?:{part})" for part in sorted(parts, key=lambda each: (-len(each), each))))
    found, at = [], 0
    while at < len(text) and (match := either.search(text, at)) is not None:
        found.append(match.span())
        at = max(match.end() - 1, at + 1)
    return found


@settings(max_examples=count(test=600, prove=20_000), deadline=None)
@given(st.lists(PHRASES, min_size=1, max_size=8), TEXTS, st.sampled_from([{"en"}, {"fr"}, {"en", "fr"}]))
def test_a_list_of_words_cancels_what_one_expression_of_them_all_finds(
    phrases: list[str], text: str, languages: set[str]
) -> None:
    words = ready(phrases)
    clauses = Cancellers(Words(hearsay=tuple(words)), ()).of(frozenset(languages)).clauses(text)
    wanted = [text[start:end].strip(" ") for start, end in _walked(words, frozenset(languages), text)]
    found = [clauses.text[start:end] for _, start, end in clauses.words]
    joins = any(
        sign.isdigit() or sign in (Mark.URL, Mark.NUMBER) for sign in text
    )  # a word between two marks only joins them
    assert set(found) <= set(wanted) if joins else found == wanted
