"""Parsing: whatever arrives becomes a Message that tells what it could not read."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

import daemon.message.parse as room
from daemon.message.message import Shape
from daemon.message.parse import Limits, parse
from tests.counts import count

HEAD = b"From: Desk <desk@pix.example>\r\nDate: Mon, 12 Oct 2026 13:34:42 +0300\r\nMessage-ID: <1@pix.example>\r\nSubject: Re: x\r\n"


def mail(body: bytes, kind: bytes = b"text/plain; charset=utf-8", more: bytes = b"") -> bytes:
    return HEAD + more + b"Content-Type: " + kind + b"\r\n\r\n" + body


def texts(raw: bytes) -> list[str]:
    return [line.text for line in parse(raw).lines if line.text]


def alternative(plain: bytes, html: bytes) -> bytes:
    return mail(
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + plain
        + b"\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        + html
        + b"\r\n--b--\r\n",
        b'multipart/alternative; boundary="b"',
    )


def test_headers_are_read_with_their_values() -> None:
    message = parse(
        b"Return-Path: <>\r\nIn-Reply-To: <a@x.example>\r\nReferences: <a@x.example>\r\n <b@x.example>\r\nReply-To: A <a@x.example>, b@x.example\r\n"
        + mail(b"hi")
    )
    assert message.message_id == "<1@pix.example>"
    assert message.date == datetime(2026, 10, 12, 10, 34, 42, tzinfo=UTC)
    assert message.return_path == ""
    assert message.in_reply_to == ("<a@x.example>",)
    assert message.references == ("<a@x.example>", "<b@x.example>")
    assert [one.address for one in message.reply_to] == ["a@x.example", "b@x.example"]
    assert message.from_ is not None
    assert message.from_.domain == "pix.example"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"=?utf-8?q?H=C3=A9bergis?=", "Hébergis"), (b"=?UTF-8?B?SMOpYmVyZ2lz?=", "Hébergis"), (b"=?iso-8859-1?q?a?= =?iso-8859-1?q?b?=", "ab"),
        (b"H\xc3\xa9bergis", "Hébergis"), (b"H\xe9bergis", "Hébergis"), (b"=?utf-8?b?SMOp", "=?utf-8?b?SMOp"), (b"=?nonsense?q?abc?=", "abc"),
        (b"=?utf-8?b?5Y+R?= =?utf-8?b?56Wo?=", "发票"), (b"=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=", "café"), (b"=?koi8-r?b?78LSwd3FzsnF?=", "Обращение"),
        (b"=?iso-2022-jp?b?GyRCQDE2dSVNJUMlSBsoQg==?=", "星空ネット"), (b"Re:=?utf-8?q?_a_b?=", "Re: a b"),
    ],
)  # fmt: skip
def test_a_subject_reads_as_a_person_reads_it(raw: bytes, expected: str) -> None:
    assert parse(b"Subject: " + raw + b"\r\n\r\nx").subject == expected


@pytest.mark.parametrize(
    ("value", "address"),
    [
        (b"a@b.example", "a@b.example"), (b'"B, A" <a@b.example>', "a@b.example"), (b"a@b.example (Anna)", "a@b.example"), (b"<a@B.Example>", "a@b.example"),
        (b'"x@evil.example" <a@b.example>', "a@b.example"), (b"Anna <a@b.example", "a@b.example"), (b"=?utf-8?q?x=40y=2Eexample?= <a@b.example>", "a@b.example"),
    ],
)  # fmt: skip
def test_the_senders_address_is_the_one_that_mail_programs_answer(value: bytes, address: str) -> None:
    sender = parse(b"From: " + value + b"\r\n\r\nx").from_
    assert sender is not None
    assert sender.address == address


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("iso-8859-1", "cp1252", "gelöscht – weg"), ("gb2312", "gb18030", "已删除"), ("shift_jis", "cp932", "削除しました"), ("iso-2022-jp", "iso2022_jp", "削除しました"),
        ("koi8-r", "koi8-r", "Удалено"), ("windows-1251", "cp1251", "Удалено"), ("euc-kr", "cp949", "삭제했습니다"), ("iso-8859-9", "cp1254", "kaldırıldı"),
        ("iso-8859-2", "iso-8859-2", "usunięte"), ("windows-1256", "cp1256", "تم الحذف"), ("us-ascii", "utf-8", "gelöscht"), ("utf-8", "cp1252", "gelöscht"),
        ("x-unknown", "utf-8", "gelöscht"), ("", "utf-8", "удалено"), ("utf-16", "utf-16", "gone"), ("big5", "big5", "已刪除"),
    ],
)  # fmt: skip
def test_every_charset_is_read(charset: str, codec: str, text: str) -> None:
    raw = mail(text.encode(codec), f"text/plain; charset={charset}".encode() if charset else b"text/plain")
    if codec in {"utf-16", "iso2022_jp"}:
        raw = mail(
            base64.b64encode(text.encode(codec)),
            f"text/plain; charset={charset}".encode(),
            b"Content-Transfer-Encoding: base64\r\n",
        )
    assert texts(raw) == [text]


def test_text_that_was_encoded_twice_is_mended_and_its_addresses_left_alone() -> None:
    twice = "Conteúdo excluído: https://a.example/Ã©".encode()
    assert texts(
        mail(twice.decode("cp1252").encode() if False else "ConteÃºdo removido: https://a.example/x".encode())
    ) == ["Conteúdo removido: https://a.example/x"]


def test_plain_text_is_preferred_where_html_adds_nothing() -> None:
    assert texts(alternative(b"Both removed.", b"<p>Both <b>removed</b>. (html)</p>")) == ["Both removed."]


def test_html_is_read_where_plain_text_lost_the_table() -> None:
    rows = b"<table><tr><td>https://a.example/1</td><td>gone</td></tr><tr><td>https://a.example/2</td><td>open</td></tr></table>"
    found = [line for line in parse(alternative(b"https://a.example/1\ngone", rows)).lines if line.text]
    assert [line.shape for line in found] == [Shape.ROW, Shape.ROW]
    assert found[0].cells == ("https://a.example/1", "gone")


def test_an_empty_plain_part_does_not_hide_the_html() -> None:
    assert texts(alternative(b" \r\n", b"<div>Removed.</div>")) == ["Removed."]


def test_attachments_keep_name_type_and_size_and_nothing_else() -> None:
    raw = mail(
        b'--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Disposition: attachment; '
        b"filename*=utf-8''%C3%A4.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJDREVG\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; "
        b"filename=notes.txt\r\n\r\nAll removed.\r\n--b--\r\n",
        b"multipart/mixed; boundary=b",
    )
    message = parse(raw)
    assert [(one.name, one.content_type) for one in message.attachments] == [
        ("ä.pdf", "application/pdf"),
        ("notes.txt", "text/plain"),
    ]
    assert [line.text for line in message.lines if line.text] == ["hi"]


def test_a_delivery_report_is_taken_apart() -> None:
    raw = mail(
        b"--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; m.example\r\n\r\n"
        b"Final-Recipient: rfc822; a@pix.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Notice 17\r\n\r\n"
        b"All removed.\r\n--b--\r\n",
        b'multipart/report; report-type="delivery-status"; boundary=b',
    )
    message = parse(raw)
    assert message.report_type == "delivery-status"
    assert "Action: failed" in message.report
    assert "Notice 17" in message.returned
    assert [line.text for line in message.lines if line.text] == ["Sorry."]


def test_flowed_lines_are_joined_per_quote_depth() -> None:
    raw = mail(b"The page is \r\ngone.\r\n> quoted \r\n> words\r\n-- \r\nAnna", b"text/plain; format=flowed")
    assert [line.text for line in parse(raw).lines] == ["The page is gone.", "> quoted words", "-- ", "Anna"]


def test_the_fingerprint_is_one_for_a_mail_and_its_first_64_kib() -> None:
    raw = mail(b"A" * 50_000 + b"\r\n" + b"tail " * 40_000)
    assert parse(raw).fingerprint == parse(raw[:65536], complete=False).fingerprint
    assert parse(raw).fingerprint != parse(raw.replace(b"AAAA", b"AAAB", 1)).fingerprint


def test_the_fingerprint_does_not_change_with_folding_attachments_or_trace_headers() -> None:
    one = parse(b"Received: by a\r\n" + mail(b"hello  there"))
    other = parse(
        b"Received: by b\r\nX-Spam: no\r\n"
        + HEAD.replace(b"Subject: Re: x", b"Subject: Re:\r\n x")
        + b"Content-Type: text/plain\r\n\r\nhello\r\nthere"
    )
    assert one.fingerprint == other.fingerprint


def test_a_text_cut_by_the_download_is_told() -> None:
    whole = mail(b"word " * 30_000)
    assert not parse(whole).partial_read
    assert parse(whole[:65536], complete=False).partial_read
    assert parse(mail(b"hi"), unseen_parts=(("", "text/html", 9),), complete=False).partial_read


def test_an_attachment_not_downloaded_loses_no_text() -> None:
    message = parse(
        mail(b"--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b--\r\n", b"multipart/mixed; boundary=b"),
        unseen_parts=(("a.pdf", "application/pdf", 9),),
    )
    assert not message.partial_read
    assert [one.name for one in message.attachments] == ["a.pdf"]


@pytest.mark.parametrize(
    ("raw", "defect"),
    [
        (mail(b"x" * 3000), "mail_too_large"), (mail(b"--b\n\nx\n" * 40, b"multipart/mixed; boundary=b"), "too_many_parts"),
        (mail(b"<p>" + b"x" * 900 + b"</p>", b"text/html"), "html_too_large"), (mail(b"<p " + b"a=b " * 100 + b">x</p>", b"text/html"), "tag_too_large"),
    ],
)  # fmt: skip
def test_beyond_a_cap_a_mail_is_read_in_part_and_says_so(raw: bytes, defect: str) -> None:
    message = parse(raw, Limits(mail=2000, parts=30, html=600, tag=200))
    assert defect in message.defects
    assert message.partial_read


def test_no_header_is_longer_than_its_cap() -> None:
    message = parse(b"X-Long: " + b"a" * 100_000 + b"\r\n" + mail(b"hi"))
    assert max(len(value) for _, value in message.headers) <= Limits().header
    assert [line.text for line in message.lines] == ["hi"]


def test_a_boundary_that_begins_like_another_cuts_only_its_own_parts() -> None:
    inner = b"--b2\r\nContent-Type: text/plain\r\n\r\nInner.\r\n--b2--\r\n"
    raw = mail(
        b"--b\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n" + inner + b"--b--\r\n",
        b"multipart/mixed; boundary=b",
    )
    assert texts(raw) == ["Inner."]


def test_the_short_way_and_the_standard_library_give_the_same_message(monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted((Path(__file__).parents[1] / "corpus").glob("*/*.eml"))
    chosen = random.Random(1).sample(files, count(test=60, prove=len(files)))
    raws = [path.read_bytes() for path in chosen]
    raws += [raw.replace(b"\r\n", b"\n") for raw in raws]
    short = [parse(raw) for raw in raws]
    monkeypatch.setattr(room, "plain_tree", lambda raw, cap: None)
    assert [number for number, raw in enumerate(raws) if parse(raw) != short[number]] == []
