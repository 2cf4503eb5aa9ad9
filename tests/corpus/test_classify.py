"""``noticed classify``: one line for every mail from any kind of box, whatever state the mail is in."""

import json
import mailbox
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from daemon.cli import main

PUBLIC = Path(__file__).resolve().parent / "public"
OPTIONS = [
    "classify", "--notices", str(PUBLIC / "notices.csv"), "--number-format", r"HLN-20\d\d-\d{6}",
    "--authserv-id", "mx.hotline.example", "--address", "esp-notifications@hotline.example",
]  # fmt: skip
KEYS = {
    "file", "category", "notice_id", "needs_human", "auto_generated", "ticket", "url_outcomes", "evidence", "reasons",
    "rule",
}  # fmt: skip
SAMPLE = ["p001.eml", "p010.eml", "p087.eml", "p130.eml", "p147.eml"]


def run(*paths: Path, more: tuple[str, ...] = ()) -> list[dict]:
    result = CliRunner().invoke(main, [*OPTIONS, *more, *map(str, paths)])
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def verdicts(lines: list[dict]) -> list[dict]:
    return [{key: line[key] for key in KEYS - {"file"}} for line in lines]


def test_files_folders_maildirs_and_mboxes_give_the_same_lines(tmp_path: Path) -> None:
    files = [PUBLIC / name for name in SAMPLE]
    expected = verdicts(run(*files))
    folder, box = tmp_path / "folder", mailbox.Maildir(tmp_path / "box", create=True)
    mbox = mailbox.mbox(tmp_path / "all.mbox", create=True)
    folder.mkdir()
    for file in files:
        shutil.copy(file, folder)
        (tmp_path / "box" / "cur" / f"{file.name}:2,S").write_bytes(file.read_bytes())
        mbox.add(file.read_bytes())
    mbox.flush()
    box.close()
    assert verdicts(run(folder)) == expected
    assert verdicts(run(tmp_path / "box")) == expected
    from_mbox = run(tmp_path / "all.mbox")
    assert verdicts(from_mbox) == expected
    assert [line["file"] for line in from_mbox] == [f"all.mbox#{number}" for number in range(1, 6)]


def test_every_line_has_the_promised_keys_and_all_urls_of_the_notice() -> None:
    (line,) = run(PUBLIC / "p087.eml")
    assert set(line) >= KEYS
    assert line["file"] == "p087.eml"
    assert set(line["url_outcomes"].values()) == {"no_change"}
    assert len(line["url_outcomes"]) == 2


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff\xfe" * 500, b"From: <<<>>>\nContent-Type: multipart/mixed; boundary\n\n--"]
)
def test_unreadable_input_still_gives_a_line_that_closes_nothing(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "odd.eml").write_bytes(raw)
    (line,) = run(tmp_path / "odd.eml")
    assert (line["file"], line["needs_human"], line["notice_id"]) == ("odd.eml", True, None)
    (missing,) = run(tmp_path / "not-there.eml")
    assert missing["needs_human"]


FOLLOWUP = b"""Received: from mx by mx.hotline.example; Thu, 29 Oct 2026 13:10:36 +0000
Authentication-Results: mx.hotline.example; dmarc=pass header.from=dropnest.example
From: Dropnest <support@dropnest.example>
To: esp-notifications@hotline.example
Subject: Request 993120
Date: Thu, 29 Oct 2026 13:10:32 +0000
Message-ID: <later@dropnest.example>

Both files have been deleted. Your request number is 993120.
"""


def test_tickets_are_learned_in_the_order_of_dates_and_only_propose(tmp_path: Path) -> None:
    (tmp_path / "later.eml").write_bytes(FOLLOWUP)
    (alone,) = run(tmp_path / "later.eml")
    learned, _ = run(tmp_path / "later.eml", PUBLIC / "p087.eml")
    assert alone["notice_id"] is None
    assert learned["notice_id"] == "HLN-2026-104375"
    assert set(learned["url_outcomes"].values()) == {"removed"}
    assert learned["needs_human"]


def test_domains_registered_beside_the_notices_may_speak(tmp_path: Path) -> None:
    esps = tmp_path / "esps.csv"
    esps.write_text("esp,domains\nQuill VPS,haldengroup.example\n", encoding="utf-8")
    (claimed,) = run(PUBLIC / "p019.eml")
    (proven,) = run(PUBLIC / "p019.eml", more=("--esps", str(esps)))
    assert (claimed["evidence"], proven["evidence"]) == ("claimed", "authenticated")


def test_a_wrong_call_is_told_in_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["classify", "--notices", "x.csv", "--number-format", "(", str(tmp_path)])
    assert result.exit_code == 2
    assert "regular expression" in result.output
