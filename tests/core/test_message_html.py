"""HTML to lines: structure kept, hidden words dropped."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.message import body
from daemon.message.html_marks import is_structured
from daemon.message.html_text import lines_of
from daemon.message.message import Line, Shape
from tests.counts import count


def lines(html: str) -> list[Line]:
    return [line for line in lines_of(html, 300_000, 16_000)[0] if line.text]


def texts(html: str) -> list[str]:
    return [line.text for line in lines(html)]


def test_blocks_and_breaks_end_lines() -> None:
    assert texts("<p>One<br>two</p><div>three</div>four") == ["One", "two", "three", "four"]


def test_ordered_lists_keep_their_numbers() -> None:
    assert texts("<ol start=3><li>a<li>b<li value=9>c</ol><ul><li>d</ul>") == ["3. a", "4. b", "9. c", "- d"]


def test_spanning_cells_reach_down() -> None:
    found = lines("<table><tr><td>1</td><td rowspan=2>gone</td></tr><tr><td>2</td></tr></table>")
    assert [line.cells for line in found] == [("1", "gone"), ("2", "gone")]


def test_a_table_that_only_lays_out_the_page_is_no_data() -> None:
    found = lines("<table><tr><td><p>Hello</p><ul><li>x</ul></td><td><p>World</p></td></tr></table>")
    assert all(line.shape is not Shape.ROW for line in found)


def test_quoted_blocks_are_marked_and_indented_paragraphs_are_not() -> None:
    found = lines(
        '<p>a</p><blockquote type="cite"><p>b</p></blockquote><blockquote class="webkit-indent-blockquote" style="border: none">c</blockquote>'
    )
    assert [(line.text, line.quoted) for line in found] == [("a", False), ("b", True), ("c", False)]


@pytest.mark.parametrize(
    "style",
    ["display:none", "visibility: hidden", "font-size:0px", "font-size:1px", "opacity:0", "color:#ffffff", "color:white;background:#fff", "mso-hide:all",
     "max-height:0;overflow:hidden", "background:#123456;color:#123456"],
)  # fmt: skip
def test_what_no_reader_sees_is_dropped(style: str) -> None:
    assert texts(f'<div style="{style}">All removed.</div><p>We look.</p>') == ["We look."]


def test_white_words_on_a_dark_ground_are_seen() -> None:
    assert texts('<table bgcolor="#003366"><tr><td style="color:#fff">Removed.</td></tr></table>') == ["Removed."]


def test_wholly_struck_lines_are_marked_and_struck_words_dropped() -> None:
    found = lines('<p><del>a b</del></p><p>c <s>d</s> e</p><p style="text-decoration:line-through">f</p>')
    assert [(line.text, line.struck) for line in found] == [("a b", True), ("c e", False), ("f", True)]


def test_links_are_kept_beside_their_words() -> None:
    assert lines('<p>see <a href="https://a.example/1">item</a></p>')[0].links == ("https://a.example/1",)


def test_header_cells_stand_above_their_rows() -> None:
    found = lines("<table><tr><th>Address<th>Result</tr><tr><td>a/1<td>gone</tr></table>")
    assert found[1].header == ("Address", "Result")


def test_scripts_and_styles_are_no_words() -> None:
    assert texts("<style>p{}</style><script>removed()</script><!-- removed --><p>x</p>") == ["x"]


@pytest.mark.parametrize(
    "bomb",
    ["<div>" * 30_000, "<table><tr><td>" * 10_000, "".join(f"<b id={n}>" for n in range(9000)) + "<p>x" * 9000, "<" * 200_000, "&" * 200_000,
     "<blockquote>" * 20_000 + "x", "<a " + "b=c " * 60_000 + ">x", "<!--" * 50_000],
)  # fmt: skip
def test_bombs_are_read_in_bounded_work(bomb: str) -> None:
    found, _ = lines_of(bomb, 300_000, 16_000)
    assert len(found) <= 20_001


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul"])
def test_too_deep_a_nesting_is_cut_and_told(tag: str) -> None:
    _, lost = lines_of(f"<{tag}>" * 5000 + "All removed.", 300_000, 16_000)
    assert lost == "html_too_nested"


_SOUP = st.lists(
    st.sampled_from(
        [
            *("<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "<tbody>", "<caption>", "<p>", "</p>"),
            *("<div>", "</div>", "<td title='<tr>'>", '<td title="a>b <tr">', "<td <tr>", "<!-- <tr> -->", "<! <tr>"),
            *("</ <tr>", "<style>td{color:red}</style>", "<style>", "</style>", "<title>", "</title>", "<head>"),
            *("<p style='co lor:red'>", "<p style='c&#111;lor:red'>", "<p style=co&nbsp;lor:red>", "<p bgcolor=red>"),
            *(
                "<s\n>",
                "<font color=red>",
                "<ul><li>",
                "<textarea>",
                "<select>",
                "<html>",
                "<body>",
                "word",
                "other",
                " ",
            ),
        ]
    ),
    max_size=14,
).map("".join)


@settings(max_examples=count(test=1500, prove=60_000))
@given(_SOUP)
def test_markup_that_is_passed_over_shows_nothing_that_plain_text_cannot(html: str) -> None:
    html += "<table><tr><td>x</table>"
    rich, lost = lines_of(html, 300_000, 16_000)
    assert is_structured(html) or lost or not body._richer(rich, lost)
