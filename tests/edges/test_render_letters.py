"""Letters: nothing that an ESP wrote becomes a header, every language renders, a slip is told by file and line."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.digest import page as pages
from daemon.errors import ConfigError, PermanentError
from daemon.render.check import LETTERS, REGISTER, check, problems_of
from daemon.render.letter import Attached, Head, build
from daemon.render.templates import Templates, Text
from daemon.render.values import LetterValues, NoticeValue, item, notice, register_samples, samples, tag
from tests.counts import count

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
HEAD = Head("<letter.1.abc@hotline.example>", "notices@hotline.example", "abuse@host.example", NOW, "Hotline")
LANGUAGES = ("en", "de", "fr", "es", "nl", "pt", "ru", "uk", "pl", "it", "tr", "zh", "ja", "ko", "ar")
OTHERS = ("lead", "escalation", "authority")  # our own people and third parties are written to in English


def read(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*LETTERS, *REGISTER])
def test_every_letter_renders_and_survives_the_way_through_mail(name: str, language: str) -> None:
    for values in register_samples() if name in REGISTER else samples():
        text = Templates().render(name, language, values)
        back = read(build(HEAD, text))
        assert back["subject"] == text.subject
        plain, html = back.get_body(("plain",)), back.get_body(("html",))
        assert plain is not None
        assert html is not None
        assert plain.get_content().replace("\r\n", "\n") == text.text
        assert html.get_content().replace("\r\n", "\n") == text.html
        assert "{{" not in text.text
        assert "\n\n\n" not in text.text


@pytest.mark.parametrize("name", [name for name in (*LETTERS, *REGISTER) if name not in OTHERS])
def test_every_letter_exists_in_every_language(name: str) -> None:
    assert [Templates().language_of(name, language) for language in LANGUAGES] == list(LANGUAGES)


def test_an_unknown_language_falls_back_to_english_as_a_whole() -> None:
    assert Templates().language_of("repeat", "sv-SE") == "en"
    assert Templates().language_of("repeat", "de_AT") == "de"
    assert Templates().language_of("repeat", "../en") == "en"
    assert Templates().render("lead", "de", samples()[0]) == Templates().render("lead", "en", samples()[0])


def test_items_keep_the_numbers_of_their_notice_and_are_defanged() -> None:
    items = [item(position, f"https://img.host.example/{position}") for position in (2, 5)]
    part = notice("HL-1", NOW.replace(day=13), NOW, "Europe/Oslo", items, reminder=2)
    values = LetterValues("Hotline", "notices@hotline.example", "Host", (part,)).mapping()
    text = Templates().render("reminder-2", "en", values).text
    assert "  2. hxxps://img[.]host[.]example/2\n  5. hxxps://img[.]host[.]example/5\n" in text
    assert "https://" not in text
    assert "(3 days ago, reminder 2)" in text


def test_a_plain_address_stands_only_where_it_was_asked_for() -> None:
    assert item(1, "https://a.example/1", plain=True).url == "https://a.example/1"
    assert item(1, "https://a.example/1").url == "hxxps://a[.]example/1"


def test_a_letter_names_at_most_its_room_of_items() -> None:
    part = notice("HL-1", NOW, NOW, "UTC", [item(n, "https://a.example/") for n in range(1, 20)], room=4)
    assert (len(part.items), part.more) == (4, 15)


def test_the_subject_names_notices_while_they_are_few() -> None:
    assert tag(["HL-1", "HL-2"]) == "[HL-1, HL-2] "
    assert tag(["HL-1", "HL-2", "HL-3", "HL-4"]) == ""


def test_a_letter_to_an_esp_does_not_say_that_a_machine_made_it() -> None:
    back = read(build(HEAD, Text("s", "t\n")))
    assert not {"auto-submitted", "x-auto-response-suppress", "list-id", "precedence"} & {key.lower() for key in back}


def test_a_digest_says_so_and_keeps_bounces_coming() -> None:
    back = read(build(replace(HEAD, list_id="digest.hotline.example"), Text("s", "t\n", "<p>t</p>")))
    assert back["auto-submitted"] == "auto-generated"
    assert back["x-auto-response-suppress"] == "OOF, AutoReply"
    assert back["list-id"] == "<digest.hotline.example>"
    assert [part.get_content_type() for part in back.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_an_answer_names_what_it_answers_and_leaves_out_ids_that_are_none() -> None:
    raw = build(
        replace(HEAD, references=("<1@a.example>", "<x\r\nBcc: y@z.example>", "<2@a.example>")), Text("s", "t\n")
    )
    back = read(raw)
    assert back["in-reply-to"] == "<2@a.example>"
    assert back["references"].split() == ["<1@a.example>", "<2@a.example>"]
    assert back["bcc"] is None


def test_the_same_letter_is_the_same_bytes() -> None:
    text = Text("s", "ä\n", "<p>ä</p>")
    attached = [Attached("week.xlsx", "application/octet-stream", b"\x00\x01")]
    assert build(HEAD, text, attached) == build(HEAD, text, attached)


HOSTILE = st.text(st.sampled_from('aä漢 :;<>@"\\\r\n\x00\x0b\x85\u2028\u202e=?'), max_size=300)


@settings(max_examples=count(test=200, prove=20_000), deadline=None)
@given(subject=HOSTILE, name=HOSTILE, body=HOSTILE)
def test_no_text_becomes_a_header_or_a_bare_line_break(subject: str, name: str, body: str) -> None:
    raw = build(replace(HEAD, sender_name=name), Text(subject, body, f"<p>{len(body)}</p>"))
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    found = email.message_from_bytes(raw)
    keys = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
    assert found.keys() == keys
    assert email.utils.parseaddr(str(found["From"]).replace("\r\n", ""))[1] == HEAD.sender


@pytest.mark.parametrize(
    "to", ["", "a", "a@b\r\nBcc: c@d.example", "a@b.example, c@d.example", "<a@b.example>", "a b@c.example"]
)
def test_an_address_that_is_none_is_set_aside_for_a_person(to: str) -> None:
    with pytest.raises(PermanentError, match="not one that mail can be sent to"):
        build(replace(HEAD, to=to), Text("s", "t"))


BROKEN = {
    "Subject: x\n\n{{ esp_nmae }}\n": "line 3: 'esp_nmae' is undefined; it may use: ",
    "Subject: x\n\n{% if %}\n": "line 3: Expected an expression",
    "Subject: x\n\n{% for a in notices %}\n": "line 3: ",
    "no subject\n": 'line 1: the first line must read "Subject: ...".',
    "Subject: x\n": "the letter is empty below its subject.",
    "Subject: {{ ''.__class__.__mro__ }}\n\nx\n": "it does what templates may not do.",
    "Subject: x\n\n{{ 1 // 0 }}\n": "line 3: cannot be rendered (ZeroDivisionError).",
    "Subject: x\n\n{% include 'nothing.j2' %}\n": "cannot be rendered (TemplateNotFound).",
}


@pytest.mark.parametrize(("text", "said"), BROKEN.items())
def test_a_broken_template_is_told_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "repeat.txt.j2").write_text(text)
    problems = list(problems_of(Templates(tmp_path)))
    assert len(problems) == 1
    assert problems[0].startswith("templates/de/repeat.txt.j2")
    assert said in problems[0]
    with pytest.raises(ConfigError):
        check(Templates(tmp_path))


def test_a_template_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "repeat.txt.j2").write_bytes(b"Subject: \xff\xfe\n\nx\n")
    assert list(problems_of(Templates(tmp_path))) == ["templates/en/repeat.txt.j2: is not UTF-8 text."]


def test_a_letter_that_the_rules_name_must_exist(tmp_path: Path) -> None:
    assert list(problems_of(Templates(), frozenset({"reminder-9"}))) == ["templates/en/reminder-9.txt.j2: is missing."]
    assert [problem.split()[-3:] for problem in problems_of(Templates(tmp_path / "gone"))] == [["not", "a", "folder"]]
    check(Templates(), more={"digest": pages.sample()})


def test_what_an_esp_wrote_is_a_value_and_never_a_template() -> None:
    part = NoticeValue("HL-1", "2026-11-13", 3, 1, False, (item(1, "https://a.example/{{ 7*7 }}"),))
    values = LetterValues("Hotline", "n@hotline.example", "{{ 7*7 }}{% raw %}", (part,)).mapping()
    text = Templates().render("reminder-1", "en", values).text
    assert "{{ 7*7 }}{% raw %}" in text
    assert "49" not in text
