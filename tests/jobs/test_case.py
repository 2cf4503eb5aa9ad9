"""An evidence bundle holds what is on record, proves itself, shows no URL that can be clicked, and is the same twice."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.errors import PermanentError
from daemon.jobs import case as job
from daemon.jobs.case_found import find, gather
from daemon.store import journal
from daemon.store.case import EXPORTED
from daemon.store.journal import Entry
from tests.jobs.registerhouse import BOTH, Register, opened

US = "abuse@host.example"


@pytest.fixture(params=BOTH)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    with opened(request.param, tmp_path) as found:
        furnish(found)
        yield found


def furnish(found: Register) -> None:
    found.esp()
    found.esp("other")
    found.house.notice(1)
    found.house.notice(2, "other")
    found.house.tick(hours=25)
    found.clock.at = found.now
    found.mail(f"Desk <{US}>", "https://host.example/1/1 was removed.", subject="Re: [HL-1] Takedown notice")
    found.mail(US, "We have received your report.", subject="Re: [HL-1]", head="Auto-Submitted: auto-replied\r\n")


def bundle(home: Register, name: str = "HL-1", *, texts: bool = False) -> bytes:
    out = io.BytesIO()
    with home.store.read() as conn:
        job.write(home.store, gather(conn, find(conn, name)), out, texts=texts)
    return out.getvalue()


def files(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        return {name: packed.read(name).decode("utf-8-sig") for name in packed.namelist()}


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", ["HL-1", "hl-1", "host", "Host"])
def test_the_same_records_give_the_same_bytes(home: Register, name: str) -> None:
    first = bundle(home, name)
    with home.store.write() as conn:
        journal.append(conn, [Entry(home.now, "anna", EXPORTED, 1)])
    assert bundle(home, name) == first


def test_every_send_is_there_with_its_message_id_and_its_proof(home: Register) -> None:
    sends = table(files(bundle(home))["sends.csv"])
    left = [(row.message_id, row.template) for _, row, _ in home.house.sent if row.to_address == US]
    assert [(row["message_id"], row["template"]) for row in sends] == left
    assert all(re.search(r"\(journal row \d+\)$", row["proof"]) for row in sends)
    assert {row["to"] for row in sends} == {US}


def test_clocks_answers_and_receipts_are_told_apart(home: Register) -> None:
    found = files(bundle(home))
    clocks = table(found["clocks.csv"])
    said = [(row["item"], row["status"], row["evidence"]) for row in clocks]
    assert said == [("1", "removed", "authenticated")]
    assert float(clocks[0]["hours"]) == 50.0
    answers = table(found["answers.csv"]) + table(found["receipts.csv"])
    assert {row["from_domain"] for row in answers} == {"host[.]example"}
    assert {row["notices"] for row in answers} == {"HL-1"}
    assert len(answers) == 2


def test_no_url_can_be_clicked_and_no_word_of_a_mail_is_there(home: Register) -> None:
    found = files(bundle(home, "host"))
    everything = "\n".join(found.values())
    assert "hxxps://host[.]example/1/1" in everything
    assert "https://host" not in everything
    assert "was removed" not in everything
    assert "<script" not in found["summary.html"]


def test_the_words_come_only_when_asked_for(home: Register) -> None:
    found = files(bundle(home, texts=True))
    words = "\n".join(text for name, text in found.items() if name.startswith("texts/"))
    assert "hxxps://host[.]example/1/1 was removed." in words
    assert "no outcome" in words
    assert "https://" not in words


def test_a_bundle_says_nothing_of_other_esps(home: Register) -> None:
    for name in ("HL-1", "host"):
        everything = "\n".join(files(bundle(home, name)).values())
        assert "HL-2" not in everything
        assert "other.example" not in everything
        assert "other[.]example" not in everything


def test_the_journal_rows_prove_themselves_as_the_bundle_says(home: Register) -> None:
    found = files(bundle(home, "host"))
    rows = [json.loads(line) for line in found["journal.jsonl"].splitlines()]
    assert len(rows) > 5
    for row in rows:
        values = {
            name: value for name, value in row.items() if name not in ("id", "hash", "prev_hash") and value is not None
        }
        text = row["prev_hash"] + json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        assert hashlib.sha256(text.encode("ascii")).hexdigest() == row["hash"]


def test_the_sums_are_right(home: Register) -> None:
    raw = bundle(home)
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        for line in packed.read("SHA256SUMS").decode().splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(packed.read(name)).hexdigest() == digest
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_an_esp_is_called_becomes_neither_tag_nor_formula(home: Register) -> None:
    home.esp("third")
    with home.store.write() as conn:
        conn.exec_driver_sql(
            "UPDATE esps SET name = '=HYPERLINK(\"https://x.example\")<script>' WHERE \"key\" = 'third'"
        )
    home.house.notice(9, "third")
    found = files(bundle(home, "HL-9"))
    assert "<script>" not in found["summary.html"]
    assert "https://x" not in "".join(found.values())


def test_a_part_of_an_esp_holds_only_that_part(home: Register) -> None:
    home.house.notice(5)
    with home.store.read() as conn:
        whole, part = gather(conn, find(conn, "host")), gather(conn, find(conn, "host", open_only=True))
        late = gather(conn, find(conn, "host", home.now - timedelta(hours=30)))
    assert [row.number for row in whole.notices] == ["HL-1", "HL-5"]
    assert [row.number for row in part.notices] == ["HL-5"]
    assert [row.number for row in late.notices] == ["HL-5"]
    assert part.letters == part.mails == []
    assert not {row["notice_id"] for row in part.journal} & {1}


def test_what_nobody_could_read_is_refused(home: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    home.house.notice(5)
    monkeypatch.setattr("daemon.store.case.MOST", 1)
    with home.store.read() as conn, pytest.raises(PermanentError, match="narrow it down with --since or --open"):
        find(conn, "host")


def test_an_unknown_name_is_told(home: Register) -> None:
    with home.store.read() as conn, pytest.raises(PermanentError, match='neither a notice nor an ESP "nobody"'):
        find(conn, "nobody")
