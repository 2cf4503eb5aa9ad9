"""``noticed read --json``: any folder of mails, texts and pages, one JSON object a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from daemon.cli.read import command

REPLY = "Both pages were deleted.\n\nOn Mon, 12 Oct 2026 at 08:30, Desk <desk@hotline.example> wrote:\n> Please remove them.\n"
PAGE = "<html><body><p>Both pages were deleted.</p><blockquote>Please remove them.</blockquote></body></html>"
MAIL = "From: a@pix.example\nSubject: Re: Notice\nContent-Type: text/plain; charset=utf-8\n\n"
REPORT = (
    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: desk@hotline.example\nSubject: Undelivered Mail\n\n"
    "<abuse@pix.example>: host mx.pix.example said: 550 5.1.1 no such user\n"
)


def shown(path: Path, *options: str) -> list[dict[str, object]]:
    found = CliRunner().invoke(command, ["--json", *options, str(path)])
    assert found.exit_code == 0, found.output
    return [json.loads(line) for line in found.output.splitlines()]


@pytest.mark.parametrize(
    "content",
    [
        MAIL + REPLY,
        REPLY,
        PAGE,
        "\ufeff" + PAGE,
        (MAIL + REPLY).replace("\n", "\r\n"),
        (MAIL + REPLY).replace("\n", "\r"),
    ],
    ids=["mail", "text", "page", "page with a mark", "CRLF", "CR"],
)
def test_own_text_is_the_same_from_a_mail_a_text_and_a_page(tmp_path: Path, content: str) -> None:
    (tmp_path / "one").write_bytes(content.encode())
    assert shown(tmp_path)[0]["own_text"] == "Both pages were deleted."


@pytest.mark.parametrize(
    "text", ["One: here is what we did.\n\nAll removed.", "Note: gone\nDone.", "Hello\n\nFrom: a list\n"]
)
def test_a_text_whose_first_line_has_a_colon_loses_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "one.txt").write_text(text, encoding="utf-8")
    assert shown(tmp_path)[0]["own_text"] == text.strip()


def test_a_bounce_names_the_known_address(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_text(REPORT, encoding="utf-8")
    (told,) = shown(tmp_path, "--known-address", "Abuse@pix.example")
    assert (told["file"], told["kind"]) == ("one.eml", "bounce")
    assert told["bounce"] == [
        {"recipient": "abuse@pix.example", "class": "hard", "status": "5.1.1", "reason": "no_such_recipient"}
    ]


def test_every_file_of_a_folder_gives_a_line(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.eml").write_bytes(b"" if number == 1 else b"\x00\xff" * 50)
    assert [one["file"] for one in shown(tmp_path)] == ["0.eml", "1.eml", "2.eml"]
