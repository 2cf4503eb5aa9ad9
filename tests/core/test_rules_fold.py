"""Spelling that makes no difference to what a phrase finds."""

import pytest

from daemon.rules.fold import fold
from daemon.rules.han import SIMPLIFIED
from daemon.rules.phrases import compile_regex, to_regex


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("已删除 <url>", "\ue000 已刪除 \ue000"),
        ("无法 访问", "該頁面無法訪問"),
        ("無法訪問", "该页面无法访问"),
        ("账户 ... 关闭", "該賬戶已關閉"),
    ],
)
def test_traditional_and_simplified_characters_find_each_other(phrase: str, text: str) -> None:
    assert compile_regex(to_regex(phrase)).search(fold(text))


def test_a_simplified_character_stays_what_it_is() -> None:
    assert not set(SIMPLIFIED) & set(SIMPLIFIED.values())
    assert all(fold(sign).strip() == sign for sign in SIMPLIFIED.values())
