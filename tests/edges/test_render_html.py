"""The HTML part of a letter: made from its text, says the same, holds no link and fetches nothing."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.render.check import LETTERS
from daemon.render.html import html_of
from daemon.render.templates import Templates
from daemon.render.values import LetterValues, NoticeValue, item, samples
from tests.counts import count

LANGUAGES = ("en", "de", "fr", "es", "nl", "pt", "ru", "uk", "pl", "it", "tr", "zh", "ja", "ko", "ar")
TEXT = """\
To the desk of <b>Host</b>,

these two lines are
one paragraph.

Notice HL-1
  1. hxxps://a[.]example/1
  2. hxxps://a[.]example/2
  ... and 3 more

  - one point
    that goes on
  - another

Kind regards
Hotline
"""


def words(html: str) -> list[str]:
    """The words that a reader of the HTML sees."""
    body = html.partition("<body>")[2]
    body = re.sub(r"</?(?:bdi)\b[^>]*>", "", body)
    return unescape(re.sub(r"<[^>]*>", " ", body)).split()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_both_parts_say_the_same(name: str, language: str) -> None:
    for values in samples():
        letter = Templates().render(name, language, values)
        plain = re.sub(r"^ +(?:(\d+)\. |- )", r"\1 ", letter.text, flags=re.MULTILINE)
        assert "".join(words(letter.html or "")) == "".join(plain.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_it_is_a_link_or_fetched(language: str) -> None:
    html = Templates().render("notice", language, samples()[2]).html or ""
    assert not re.search(r"<(?:a|img|link|script|iframe|object|form|input|base)\b|\bsrc=|href|url\(|@import", html)
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
    assert 'name="color-scheme" content="light dark"' in html
    assert not re.search(r"background|[^-]color: *#|<font", html)


def test_a_plain_address_is_no_link_either() -> None:
    part = NoticeValue("HL-1", "2026-11-13", 3, 0, False, (item(1, "https://a.example/1", plain=True),))
    html = Templates().render("notice", "en", LetterValues("H", "n@h.example", "E", (part,), plain=True).mapping()).html
    assert '<td dir="ltr">https://a.example/1</td>' in (html or "")
    assert "<a" not in (html or "")


def test_the_text_s_layout_becomes_paragraphs_tables_and_lists() -> None:
    html = html_of("s", TEXT, "en")
    assert "<p>To the desk of &lt;b&gt;Host&lt;/b&gt;,</p>" in html
    assert "<p>these two lines are one paragraph.</p>" in html
    assert "<caption>Notice HL-1</caption>" in html
    assert html.count('<th scope="row">') == 2
    assert "<li>one point that goes on</li>\n<li>another</li>" in html
    assert "<p>Kind regards<br>\nHotline</p>" in html


def test_lines_of_scripts_without_blanks_are_joined_without_any() -> None:
    assert "<p>下記のアドレス</p>" in html_of("s", "下記の\nアドレス\n\n-", "ja")
    assert "<p>아래 주소</p>" in html_of("s", "아래\n주소\n\n-", "ko")


def test_numbers_keep_their_order_in_text_that_runs_from_right_to_left() -> None:
    html = html_of("s", "مثال 1-4; 2026-10-12 HL-2026-0001\n\n-", "ar")
    for one in ("1-4", "2026-10-12", "HL-2026-0001"):
        assert f'<bdi dir="ltr">{one}</bdi>' in html


@settings(max_examples=count(test=200, prove=20_000), deadline=None)
@given(st.text(st.sampled_from("a1<>&\"'; .-\n漢ا"), max_size=120), st.sampled_from(["en", "ar", "ja"]))
def test_no_value_becomes_markup(text: str, language: str) -> None:
    html = html_of(text, text, language)
    tags = set(re.findall(r"<(/?[a-z]+[0-9]?)[\s>]", html.partition("<body>")[2]))
    ours = "p br table caption tr th td ul li div bdi body html"
    assert tags <= {sign + name for name in ours.split() for sign in ("", "/")}
    assert re.sub(r"<[^>]*>|&(?:lt|gt|amp|quot|#x27);", "", html.partition("<body>")[2]).count("<") == 0
