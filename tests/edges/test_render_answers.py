"""The answer in one line that our letters teach is understood in each of their languages, URL by URL."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest

from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.message.answer_line import is_answer_line, parts
from daemon.message.answer_words import ANSWER_WORDS, plain
from daemon.message.parse import parse
from daemon.notices.notice import Item
from daemon.render.check import LETTERS
from daemon.render.templates import Templates
from tests.edges.test_render_echo import HEAD, KNOWN, LANGUAGES, NOTICE, POLICY, answered, letter, shipped

OUTCOMES = {
    "removed": "removed",
    "gone": "already_gone",
    "not_ours": "not_hosted",
    "pending": "pending",
    "refused": "refused",
    "info": "info_needed",
}
TEACHING = [name for name in LETTERS if name not in {"intro", "lead"}]


def outcomes(decision: Decision) -> list[str]:
    return [one.outcome.value for one in decision.items]


def example(name: str, language: str) -> str:
    """The line of a letter that shows an answer, without the word in front of it."""
    line = next(line for line in letter(name, language).text.splitlines() if "1-4" in line)
    return re.split("[:：]", line, maxsplit=1)[1].strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEACHING)
def test_the_example_of_each_letter_is_understood_url_by_url(name: str, language: str) -> None:
    decision = answered(f"{example(name, language)}\n")
    assert outcomes(decision) == ["removed"] * 4 + ["not_hosted"]
    assert "mixed" in decision.reasons  # as every mixed answer: a person accepts it


def without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("ı", "i"))
    return "".join(char for char in apart if not unicodedata.combining(char))


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "nl", "pl", "pt", "tr"])
@pytest.mark.parametrize("word", OUTCOMES)
def test_a_word_that_a_letter_teaches_is_understood_without_its_accents(word: str, language: str) -> None:
    said = without_accents(Templates().answers(language)[word])
    assert outcomes(answered(f"{said} 1-5\n")) == [OUTCOMES[word]] * 5
    assert outcomes(answered(f"{said.lower()} 1-5\n")) == [OUTCOMES[word]] * 5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", OUTCOMES)
def test_every_word_that_a_letter_teaches_is_understood(word: str, language: str) -> None:
    said = Templates().answers(language)[word]
    for text in (f"{said} 1-5", f"{said}: 1, 2, 3, 4, 5.", f"1-5: {said}", f"HL-2026-0001: {said} 1-5"):
        decision = answered(f"Hello,\n\n{text}\n\nKind regards\nAnna\n")
        assert outcomes(decision) == [OUTCOMES[word]] * 5, text
        closes = word in {"removed", "gone"}
        assert [one.closes for one in decision.items] == [closes] * 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_named_items_are_moved(language: str) -> None:
    said = Templates().answers(language)["removed"]
    assert outcomes(answered(f"{said} 2, 4\n")) == ["no_change", "removed", "no_change", "removed", "no_change"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_yaml_knows_the_words_of_the_letters(language: str) -> None:
    phrases = {rule.name for rule in (ready.rule for ready in shipped().rules) if rule.name.startswith("answer-")}
    assert phrases == {f"answer-{outcome.replace('_', '-')}" for outcome in OUTCOMES.values()}
    assert set(Templates().answers(language)) == set(OUTCOMES)
    assert {plain(word) for word in Templates().answers(language).values()} <= ANSWER_WORDS


FIVE = range(1, 6)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("REMOVED 1-4; NOT OURS 5", ("REMOVED #1-4", "NOT OURS #5")),
        ("1, 2 removed; 3 not ours", ("removed #1, 2", "not ours #3")),
        ("Removed: 1, 3 and 5.", ("Removed #1, 3 and 5",)),
        ("REMOVED #3", ("REMOVED #3",)),
        ("REMOVED 2; NOT OURS 4", ("REMOVED #2", "NOT OURS #4")),
        ("تمت الإزالة \u200e1-4; ليس لدينا \u200e5", ("تمت الإزالة #1-4", "ليس لدينا #5")),
        ("已删除 1-4；不在我方 5", ("已删除 #1-4", "不在我方 #5")),
    ],
)
def test_a_line_of_words_and_item_numbers_is_an_answer(text: str, found: tuple[str, ...]) -> None:
    assert parts(text, FIVE) == found


@pytest.mark.parametrize(
    "text",
    [
        "REMOVED 3",  # the third, or three of them?
        "removed 5",
        "REMOVED 4; NOT OURS 1",  # four and one of five
        "REMOVED 1-9",  # there is no ninth
        "REMOVED 4-1",
        "Removed 3 of 5",
        "Ticket 4711 removed",
        "Example: REMOVED 1-4; NOT OURS 5",
        "We will have REMOVED all items from 1 to 4 soon",
        "removed 1/4",
        "removed 1-3 refused",
        "1-4",
        "Removed under articles 1, 2 and 3.",
        "removed 1.4",
        "",
    ],
)
def test_what_may_mean_something_else_is_no_such_line(text: str) -> None:
    assert parts(text, FIVE) == ()


def test_a_day_shortly_before_the_mail_is_no_range_of_items() -> None:
    from datetime import UTC, datetime

    sent = datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert parts("removed 11-27", range(1, 40), sent) == ()
    assert parts("removed 10-30", range(1, 40), sent) == ()
    assert parts("removed 11-27", range(1, 40), datetime(2026, 6, 1, tzinfo=UTC)) == ("removed #11-27",)
    assert parts("removed 11-27; not ours 28", range(1, 40), sent) != ()


def test_a_single_item_needs_no_more_than_its_number() -> None:
    assert parts("REMOVED 1", (1,)) == ("REMOVED #1",)


@pytest.mark.parametrize("text", ["a1 " * 190, "1, " * 190, "x 1; " * 110, "e 1 e 1 e 1 " * 40, "a b c d " * 60 + "1"])
def test_a_long_line_is_looked_at_quickly(text: str) -> None:
    assert is_answer_line(text) in {True, False}


def test_answers_below_one_another_are_read_one_by_one() -> None:
    decision = answered("removed 1-3\nnot ours 4, 5\n")
    assert outcomes(decision) == ["removed"] * 3 + ["not_hosted"] * 2


@pytest.mark.parametrize(
    "above",
    [
        "So far we have not\n",
        "So far we have not\n\n",
        "We will do the following tomorrow:\n",
        "We will do the following tomorrow:\n\n",
        "You asked for:\n",
        "You asked for:\n\n",
        "Geplant:\n",
        "Our customer writes:\n\n",
    ],
)
@pytest.mark.parametrize("line", ["removed 1-5", "REMOVED 1-5", "ENTFERNT 1-5"])
def test_below_words_that_lead_to_it_a_line_closes_nothing(above: str, line: str) -> None:
    if above.endswith("not\n\n"):
        above = above.replace("\n\n", ":\n\n")
    assert not any(one.closes for one in answered(f"{above}{line}\n").items)


@pytest.mark.parametrize("below", ["\nwill follow tomorrow.", " (planned)", " tomorrow", "\nis what we shall do."])
def test_a_line_that_goes_on_is_read_as_a_whole(below: str) -> None:
    assert not any(one.closes for one in answered(f"REMOVED 1-5{below}\n").items)


@pytest.mark.parametrize(
    "above",
    [
        "",
        "Hello Anna,\n",
        "Hi\n",
        "Estimados señores:\n",
        "Sehr geehrte Damen und Herren,\n\n",
        "HL-2026-0001\n",
        "Thank you for your notice.\n",
    ],
)
def test_below_a_greeting_or_a_whole_sentence_it_is_an_answer(above: str) -> None:
    assert [one.closes for one in answered(f"{above}REMOVED 1-5\n").items] == [True] * 5


def test_a_hedge_beside_it_closes_nothing() -> None:
    assert not any(one.closes for one in answered("will be removed 1-5\n").items)
    assert len(NOTICE.items) == 5


MACHINES = (
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated",
    "X-Autoreply: yes",
    "Precedence: auto_reply",
    "Precedence: bulk",
    "Precedence: list",
    "List-Id: <desk.host.example>",
    "Return-Path: <>",
)


@pytest.mark.parametrize("head", MACHINES)
def test_what_a_machine_or_a_list_sent_is_never_answered_automatically(head: str) -> None:
    decision = answered("Which page do you mean?\n", head=f"{head}\n")
    assert not decision.answerable


def test_what_a_person_asks_may_be_answered() -> None:
    assert answered("Which page do you mean?\n").answerable


def grouped(text: str) -> list[str]:
    """What a mail says of two notices with three and two items, which one letter of ours was about."""
    number = "HL-2026-0002"
    one = replace(NOTICE, items=NOTICE.items[:3])
    two = replace(
        NOTICE,
        number=number,
        items=tuple(Item(n, url, url, 10 + n) for n in (1, 2) for url in [f"https://img.host.example/b/{n}"]),
        message_id="<hl-2@hotline.example>",
    )
    known = replace(
        KNOWN,
        notices={one.number: one, number: two},
        by_message_id={"hl-1@hotline.example": (one.number, number)},
    )
    mail = HEAD.format(subject="Reminder", kind="plain") + text
    decision = decide(parse(mail.encode()), known, shipped(), POLICY)
    said = [one for one in decision.items if one.outcome.value != "no_change"]
    return [f"{one.notice[-1]}.{one.position} {one.outcome.value}{'!' if one.closes else ''}" for one in said]


BOTH = ["1.1 removed!", "1.2 removed!", "1.3 removed!", "2.1 removed!", "2.2 removed!"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HL-2026-0001: REMOVED 1-3\nHL-2026-0002: REMOVED 1, 2\n", BOTH),
        ("HL-2026-0001\nREMOVED 1-3\n\nHL-2026-0002\nREMOVED 1-2\n", BOTH),
        ("HL-2026-0001: REMOVED 1-3\n", BOTH[:3]),
        (
            "HL-2026-0001: REMOVED 1-2; REFUSED 3\nHL-2026-0002: NOT OURS 1-2\n",
            ["1.1 removed", "1.2 removed", "1.3 refused", "2.1 not_hosted", "2.2 not_hosted"],
        ),
    ],
)
def test_with_the_notice_s_number_in_front_the_items_of_that_notice_are_meant(text: str, found: list[str]) -> None:
    assert grouped(text) == found


@pytest.mark.parametrize(
    "text", ["REMOVED 1-2\n", "HL-2026-0009: REMOVED 1-2\n", "HL-2026-0001: REMOVED 1-3\nREMOVED 1-2\n"]
)
def test_of_several_notices_a_bare_line_closes_none(text: str) -> None:
    assert not any(one.startswith("2") and one.endswith("!") for one in grouped(text))


def test_the_number_of_another_notice_means_none_of_ours() -> None:
    assert not any(one.closes for one in answered("HL-2026-0009: REMOVED 1-5\n").items)
