"""The form that goes with a letter: filled in and sent back it is applied as what that sender says, and nothing more."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.message.form import MARK, MAX_BYTES, read_form
from daemon.message.parse import parse
from daemon.notices import token
from daemon.notices.notice import Item
from daemon.render.form import form, guarded
from daemon.render.templates import Templates
from daemon.render.values import NoticeValue, item
from tests.counts import count
from tests.edges import test_render_echo as echo

LETTER = token.make("letter", "followup:host:1", b"k" * 32, "hotline.example")
SECOND = replace(
    echo.NOTICE,
    number="HL-2026-0002",
    items=tuple(Item(n, url, url, 10 + n) for n in (1, 2) for url in [f"https://img.host.example/b/{n}"]),
    message_id="<hl-2@hotline.example>",
)
HEAD = """Received: from mail.host.example by mx.hotline.example; Mon, 16 Nov 2026 09:00:00 +0000
Authentication-Results: mx.hotline.example; dmarc={dmarc} header.from=host.example; dkim={dmarc} header.d=host.example
From: Abuse <abuse@host.example>
To: notices@hotline.example
Subject: Re: Reminder
Date: Mon, 16 Nov 2026 09:00:00 +0000
Message-ID: <answer@host.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: text/plain; charset="utf-8"

{text}

--x
Content-Type: {kind}
Content-Disposition: attachment; filename="{name}"
Content-Transfer-Encoding: base64

{data}

--x--
"""
Cells = list[list[str]]


def blank(language: str = "en", notices: int = 1) -> bytes:
    """The form as it leaves."""
    parts = [
        NoticeValue(one.number, "2026-11-09", 7, 1, False, tuple(item(i.position, i.url) for i in one.items))
        for one in (echo.NOTICE, SECOND)[:notices]
    ]
    return form(LETTER, parts, Templates().answers(language), language).data


def cells_of(data: bytes) -> Cells:
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[1] else ","))


def filled(fill: Callable[[Cells], None], *, language: str = "en", notices: int = 1, delimiter: str = ",") -> str:
    """The form as somebody filled it in: the text of the saved file."""
    cells = cells_of(blank(language, notices))
    fill(cells)
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(cells)
    return text.getvalue()


def all_of(word: str) -> Callable[[Cells], None]:
    def fill(cells: Cells) -> None:
        for row in cells[2:]:
            row[3] = word

    return fill


def sent_back(
    data: bytes, *, text: str = "", dmarc: str = "pass", kind: str = "text/csv", name: str = "noticed-form.csv"
) -> Decision:
    mail = HEAD.format(text=text, dmarc=dmarc, kind=kind, name=name, data=b64encode(data).decode())
    known = replace(
        echo.KNOWN,
        notices={echo.NOTICE.number: echo.NOTICE, SECOND.number: SECOND},
        by_message_id={LETTER.strip("<>"): (echo.NOTICE.number, SECOND.number)},
    )
    return decide(parse(mail.encode()), known, echo.shipped(), echo.POLICY)


def moves(decision: Decision) -> list[str]:
    return [
        f"{one.notice[-1]}.{one.position} {one.outcome.value}{'!' if one.closes else ''}"
        for one in decision.items
        if one.outcome.value != "no_change"
    ]


ALL = [f"1.{n} removed!" for n in range(1, 6)]


def both(word: str = "REMOVED") -> bytes:
    return filled(all_of(word), notices=2).encode()


@pytest.mark.parametrize("language", echo.LANGUAGES)
def test_a_form_filled_in_with_our_words_is_applied_in_every_language(language: str) -> None:
    words = Templates().answers(language)
    for word, outcome in (("removed", "removed!"), ("gone", "already_gone!"), ("not_ours", "not_hosted")):
        text = filled(all_of(words[word]), language=language, notices=2)
        found = moves(sent_back(text.encode("utf-8-sig")))
        assert found == [f"{n}.{p} {outcome}" for n, most in ((1, 5), (2, 2)) for p in range(1, most + 1)]


@pytest.mark.parametrize(
    ("language", "page"),
    [
        ("de", "cp1252"),
        ("pl", "cp1250"),
        ("ru", "cp1251"),
        ("uk", "cp1251"),
        ("tr", "cp1254"),
        ("ar", "cp1256"),
        ("ja", "cp932"),
        ("zh", "gb18030"),
        ("ko", "cp949"),
        ("ru", "utf-16"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_a_spreadsheet_makes_of_it_is_undone(language: str, page: str, delimiter: str) -> None:
    text = filled(all_of(Templates().answers(language)["removed"]), language=language, notices=2, delimiter=delimiter)
    assert len(moves(sent_back(text.encode(page)))) == 7


@pytest.mark.parametrize("first", ["USUNIĘTO", "JUŻ NIE ISTNIEJE", "BRAK DANYCH"])
def test_a_code_page_is_known_in_whatever_order_the_words_stand(first: str) -> None:
    offered = " / ".join(Templates().answers("pl").values())
    words = sorted(offered.split(" / "), key=lambda word: word != first)
    text = filled(all_of(Templates().answers("pl")["removed"]), language="pl", notices=2)
    assert len(moves(sent_back(text.replace(offered, " / ".join(words)).encode("cp1250")))) == 7


def test_empty_columns_quoted_cells_and_apostrophes_change_nothing() -> None:
    def fill(cells: Cells) -> None:
        for row in cells:
            row[:] = [f"'{cell}" if cell and row is not cells[0] else cell for cell in row] + ["", "", ""]
        for row in cells[2:]:
            row[1], row[3] = f"{row[1][1:]}.0", " Removed "

    text = filled(fill, notices=2)
    quoted = "\n".join(",".join(f'"{cell}"' for cell in row) for row in csv.reader(io.StringIO(text)))
    assert len(moves(sent_back(quoted.encode()))) == 7


def test_words_of_ones_own_are_judged_by_the_rules() -> None:
    assert all(one.endswith("removed!") for one in moves(sent_back(both("has been removed"))))
    assert not any(one.endswith("!") for one in moves(sent_back(both("will be removed tomorrow"))))


@pytest.mark.parametrize(
    "words", ["REMOVED?", "not removed", "removed soon", "to be removed", "REMOVED / NOT OURS", "x"]
)
def test_an_outcome_that_asks_denies_or_promises_closes_nothing(words: str) -> None:
    assert not any(one.endswith("!") for one in moves(sent_back(both(words))))


def test_only_rows_that_were_filled_in_move_and_the_rest_waits() -> None:
    def fill(cells: Cells) -> None:
        cells[2][3], cells[3][3] = "REMOVED", "NOT OURS"

    decision = sent_back(filled(fill).encode())
    assert moves(decision) == ["1.1 removed", "1.2 not_hosted"]
    assert "mixed" in decision.reasons


def test_a_sender_that_is_not_proven_only_proposes() -> None:
    decision = sent_back(both(), dmarc="fail")
    assert not any(one.closes for one in decision.items)
    assert decision.needs_human


def test_a_word_that_no_rule_knows_goes_to_a_person() -> None:
    def fill(cells: Cells) -> None:
        all_of("REMOVED")(cells)
        cells[4][3] = "FROBNICATED"

    decision = sent_back(filled(fill, notices=2).encode())
    assert "form_word" in decision.reasons
    assert not any(one.closes for one in decision.items)


def test_a_row_whose_address_is_another_item_s_goes_to_a_person() -> None:
    def fill(cells: Cells) -> None:
        all_of("REMOVED")(cells)
        cells[2][2], cells[3][2] = cells[3][2], cells[2][2]  # one column was sorted, the others not

    decision = sent_back(filled(fill, notices=2).encode())
    assert "form_row" in decision.reasons
    assert not any(one.closes for one in decision.items)


def test_rows_in_another_order_are_the_same_rows() -> None:
    def fill(cells: Cells) -> None:
        all_of("REMOVED")(cells)
        cells[2:] = cells[:1:-1]

    assert len([one for one in moves(sent_back(filled(fill, notices=2).encode())) if one.endswith("!")]) == 7


def test_a_remark_that_says_something_else_is_heard() -> None:
    def fill(cells: Cells) -> None:
        all_of("REMOVED")(cells)
        cells[2][5] = "it will be removed once our customer agrees"
        cells[3][5] = "not hosted by us"

    decision = sent_back(filled(fill, notices=2).encode())
    assert not any(one.closes for one in decision.items)


def test_a_day_before_our_notice_goes_to_a_person() -> None:
    def fill(cells: Cells) -> None:
        all_of("REMOVED")(cells)
        cells[2][4] = "2026-11-01"

    assert "gone_before_notice" in sent_back(filled(fill, notices=2).encode()).reasons


def test_a_form_of_a_letter_that_we_do_not_know_moves_nothing() -> None:
    def fill(cells: Cells) -> None:
        all_of("REMOVED")(cells)
        cells[0][0] = MARK + "letter.x.aaaaaaaaaaaaaaaaaaaa@hotline.example"

    decision = sent_back(filled(fill).encode(), text="HL-2026-0001")
    assert moves(decision) == []
    assert "form_foreign" in decision.reasons


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("application/vnd.ms-excel", "noticed-form.csv"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "noticed-form.xlsx"),
    ],
)
def test_a_file_that_is_not_text_csv_is_not_looked_into(kind: str, name: str) -> None:
    decision = sent_back(both(), kind=kind, name=name, text="HL-2026-0001: see the form.")
    assert moves(decision) == []
    assert "form_unread" in decision.reasons


def test_any_other_csv_stays_an_attachment() -> None:
    assert read_form(b"url,outcome\r\nhttps://img.host.example/1,REMOVED\r\n") is None
    assert read_form(both() + b"x" * MAX_BYTES) is None
    assert read_form(b"") is None
    assert read_form(MARK.encode() + b"nobody") is None


def test_a_text_that_says_more_than_the_form_counts_as_well() -> None:
    decision = sent_back(both(), text="HL-2026-0001: item 3 is still online.")
    assert not any(one.closes for one in decision.items)


def test_no_cell_is_a_formula_on_the_way_out_or_in() -> None:
    for cell in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx"):
        assert guarded(cell) == f"'{cell}"
    assert guarded("hxxps://a[.]example/=1") == "hxxps://a[.]example/=1"
    part = NoticeValue("=HL-1", "2026-11-09", 7, 1, False, (item(1, "https://a.example/1"),))
    data = form(LETTER, [part], Templates().answers("en"), "en").data
    assert b"\r\n'=HL-1," in data
    found = read_form(data.replace(b"/1,,,", b'/1,"=HYPERLINK(""https://evil.example"")",,'))
    assert found is not None
    assert (found.rows[0].notice, found.rows[0].outcome) == ("=HL-1", '=HYPERLINK("https://evil.example")')


def test_an_untouched_form_says_nothing() -> None:
    decision = sent_back(blank(), text="Please find the form attached.")
    assert moves(decision) == []


@settings(max_examples=count(test=300, prove=30_000), deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b'"']),
    st.sampled_from([None, "x", "cp1251"]),
)
def test_no_bytes_break_the_reader(data: bytes, mark: bytes, declared: str | None) -> None:
    for raw in (data, mark + MARK.encode() + data, mark + MARK.encode() + b"a@b.example,x\r\nnotice,item\r\n" + data):
        found = read_form(raw, declared)
        assert found is None or "@" in found.token


def test_a_form_that_goes_on_for_ever_is_not_whole() -> None:
    row = b"HL-2026-0001,1,,REMOVED,,\r\n"
    found = read_form(blank() + row * 5000)
    assert found is not None
    assert not found.whole
    assert len(found.rows) < 2001
