"""The given corpus: automatic mail, kinds, tickets and our own server's verdict, measured over all of it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from daemon.message.authenticate import authenticate
from daemon.message.message import Kind, Signals
from daemon.message.own_text import label
from daemon.message.parse import parse
from daemon.message.read import signals

ROOT = Path(__file__).parents[1] / "corpus"
DELIVERY = {Kind.BOUNCE, Kind.DELAY, Kind.CHALLENGE}
KINDS = {
    "bounce_hard": {Kind.BOUNCE},
    "bounce_soft": DELIVERY,
    "out_of_office": {Kind.OUT_OF_OFFICE},
    "unreadable": {Kind.UNREADABLE},
}
VERDICT = {
    "pass": "pass",
    "spf": "pass",
    "saas": "pass",
    "none": "none",
    "fail": "fail",
    "dkimbroken": "fail",
    "fail_arc": "fail",
    "temperror": "temperror",
}


class Half:
    """One half of the corpus with every mail read once."""

    def __init__(self, name: str) -> None:
        base = ROOT / name
        meta = json.loads((base / "meta.json").read_text())
        rows = list(csv.DictReader((base / "notices.csv").open()))
        self.contacts = {row["notice_id"]: row["contact_email"].lower() for row in rows}
        known = frozenset(self.contacts.values())
        self.labels: list[dict[str, Any]] = [
            json.loads(line) for line in (base / "labels.jsonl").read_text().splitlines() if line.strip()
        ]
        self.found: dict[str, Signals] = {}
        self.verdicts: dict[str, str] = {}
        for one in self.labels:
            message = parse((base / one["file"]).read_bytes())
            body = base / "notices" / f"{str(one['notice_id']).replace('/', '-')}.eml"
            ours = "\n".join(line.text for line in parse(body.read_bytes()).lines) if body.exists() else None
            self.found[one["file"]] = signals(message, label(message, ours), known, meta["notice_id_regex"])
            self.verdicts[one["file"]] = authenticate(message, meta["authserv_id"]).dmarc

    def share(self, rights: list[bool]) -> float:
        return sum(rights) / len(rights)


@pytest.fixture(scope="module", params=["public", "own"])
def half(request: pytest.FixtureRequest) -> Half:
    return Half(request.param)


def test_automatic_mail_is_told_from_what_people_wrote(half: Half) -> None:
    assert half.share([half.found[one["file"]].automatic == one["auto_generated"] for one in half.labels]) >= 0.98


def test_kinds_are_told_by_their_form(half: Half) -> None:
    special = {kind for kinds in KINDS.values() for kind in kinds}
    rights = [
        half.found[one["file"]].kind in KINDS[one["category"]]
        if one["category"] in KINDS
        else half.found[one["file"]].kind not in special
        for one in half.labels
    ]
    assert half.share(rights) >= 0.97


def test_tickets_are_found(half: Half) -> None:
    assert half.share([half.found[one["file"]].ticket == one["ticket"] for one in half.labels if one["ticket"]]) >= 0.95


def test_a_bounce_names_the_contact_we_wrote_to(half: Half) -> None:
    rights = [
        [each.recipient.lower() for each in half.found[one["file"]].bounced] == [half.contacts[one["notice_id"]]]
        for one in half.labels
        if half.found[one["file"]].kind is Kind.BOUNCE and one["notice_id"]
    ]
    assert half.share(rights) >= 0.97


def test_our_servers_verdict_is_read(half: Half) -> None:
    assert (
        half.share(
            [half.verdicts[one["file"]] == VERDICT[one["auth"]] for one in half.labels if one["auth"] in VERDICT]
        )
        == 1
    )
