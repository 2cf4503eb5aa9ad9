"""Stated days: what a sentence says about when it was, in many languages, never later than it can mean."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.decide.dates import says_before_ours, stated_days

WRITTEN = date(2026, 11, 13)  # a Friday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("the owner deleted it on 10 November", (11, 10)),
        ("deleted on November 10th, 2026", (11, 10)),
        ("seit dem 21.10. ist nichts mehr vorhanden", (10, 21)),
        ("gelöscht am 3. November 2026", (11, 3)),
        ("supprimé le 1er novembre", (11, 1)),
        ("eliminado el 9 de octubre", (10, 9)),
        ("removido em 09/10/2026", (10, 9)),
        ("rimosso il 9 ottobre", (10, 9)),
        ("verwijderd op 9 oktober", (10, 9)),
        ("usunięto 12 października", (10, 12)),
        ("удалено 12 октября 2026 г.", (10, 12)),
        ("видалено 12 жовтня", (10, 12)),
        ("12 Ekim tarihinde silindi", (10, 12)),
        ("10月21日に削除しました", (10, 21)),
        ("已于2026年10月12日删除", (10, 12)),
        ("10월 12일에 삭제했습니다", (10, 12)),
        ("حذف في ١٢ أكتوبر", (10, 12)),
        ("gone since 2026-10-12", (10, 12)),
        ("removed on 11/10/2026", (11, 10)),  # the nearer of the two readings
        ("deleted in the month of August", (8, 31)),
        ("removed in September", (9, 30)),
        ("removed yesterday", (11, 12)),
        ("wurde gestern gelöscht", (11, 12)),
        ("hace dos días", (11, 11)),
        ("3日前に削除", (11, 10)),
        ("deleted on Monday", (11, 9)),
        ("last week", (11, 8)),
    ],
)
def test_a_stated_day_is_read_in_many_languages(text: str, day: tuple[int, int]) -> None:
    assert date(2026, *day) in stated_days(text, WRITTEN)


@pytest.mark.parametrize(
    "text",
    [
        "3 out of 5 were removed", "3 separate files were deleted", "4 and 5 may be removed", "the decision is final",
        "version 2.4.1 on disk 10.0.0.1", "we mark 2 marked items", "removed 2/3", "it may not come back",
        "all 12 set offline", "removed now", "the major of the market", "removed at 10:15",
    ],
)  # fmt: skip
def test_numbers_and_words_that_are_no_dates_are_not_taken_for_one(text: str) -> None:
    assert stated_days(text, WRITTEN) == ()


@pytest.mark.parametrize(
    "text",
    [
        "three days ahead of your message", "a week before we heard of it", "the day before", "long before your e-mail",
        "am Vortag", "drei Tage vor Ihrer Meldung", "la veille", "une semaine avant votre message", "el día anterior",
        "dos días antes de su aviso", "uma semana antes do seu aviso", "il giorno prima", "twee weken voor uw melding",
        "tydzień przed Państwa pismem", "накануне", "за неделю до вашего письма", "напередодні", "bir gün önce",
        "前日に", "前一天", "전날", "في اليوم السابق",
    ],
)  # fmt: skip
def test_a_day_word_before_our_notice_is_understood_without_a_date(text: str) -> None:
    assert says_before_ours(f"it was deleted {text}.")


@pytest.mark.parametrize(
    "text",
    [
        "removed before your deadline", "gone before your notice reached us", "nach Ihrer Meldung gelöscht",
        "vor Eingang Ihrer Meldung", "après votre signalement", "after you wrote", "до надходження вашого листа",
    ],
)  # fmt: skip
def test_gone_when_they_looked_is_no_contradiction(text: str) -> None:
    assert not says_before_ours(text)


@given(st.dates(date(2026, 6, 1), date(2027, 3, 1)), st.sampled_from(["%d %B %Y", "%Y-%m-%d", "%B %d, %Y", "%d.%m.%Y"]))
def test_every_written_out_date_is_read_back(day: date, form: str) -> None:
    assert day in stated_days(f"removed on {day.strftime(form)}.", day + timedelta(days=3))


@given(st.text(max_size=60), st.dates())
def test_no_text_breaks_the_reading(text: str, written: date) -> None:
    assert all(isinstance(day, date) for day in stated_days(text, written))
    says_before_ours(text)
