"""Hostile mail the whole way: each mutated mail is read in time, decided, and closes nothing without our server's proof."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from daemon.app.apart import Apart
from daemon.cli._known import Given, known_of
from daemon.cli.classify import line_of
from daemon.decide.decide import decide
from daemon.decide.policy import Policy
from tests.core.test_message_hostile import BOMBS, mutated
from tests.corpus.test_public import HOME, rules
from tests.counts import count

PUBLIC = HOME / "public"
LIMIT = 20  # seconds for judging one mail; reading has the limit of the daemon's own child
CLOSING = {"removed", "already_gone"}

# a long run goes in slices: NOTICED_HOSTILE="1004-1007 5000" tries 5,000 mails of each of the seeds 1004 to 1007
_FIRST, _LAST, EACH = map(
    int, os.environ.get("NOTICED_HOSTILE", f"1000-1003 {count(test=60, prove=25_000)}").replace("-", " ").split()
)
SEEDS = range(_FIRST, _LAST + 1)


def unproven(raw: bytes) -> bytes:
    """Take from a mail what our own server said about its sender."""
    for name in (b"Authentication-Results", b"ARC-"):
        raw = raw.replace(name, b"X-Was-" + name[:3])
    return raw


@contextmanager
def in_time() -> Iterator[None]:
    """Raise inside the block once it takes longer than the limit."""

    def given_up(*_: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, given_up)
    signal.alarm(LIMIT)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class Chain:
    """Reading in the daemon's child, then judging with the shipped rules and the notices of the public half."""

    def __init__(self) -> None:
        meta = json.loads((PUBLIC / "meta.json").read_text(encoding="utf-8"))
        number = meta["notice_id_regex"]
        self.child, self.rules = Apart(), rules()
        self.policy = Policy(number, meta["authserv_id"], our_addresses=frozenset({meta["mailbox"]}))
        self.known, _ = known_of(Given(PUBLIC / "notices.csv", PUBLIC / "notices", None, number))

    def line(self, raw: bytes) -> dict[str, object]:
        message = self.child.read(raw)
        assert not any(defect.startswith("unparsable") for defect in message.defects)
        with in_time():
            return line_of("mail", decide(message, self.known, self.rules, self.policy))

    def closes(self, raw: bytes) -> bool:
        line = self.line(raw)
        return not line["needs_human"] and bool(CLOSING & set(dict(line["url_outcomes"]).values()))  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def chain() -> Iterator[Chain]:
    made = Chain()
    yield made
    made.child.close()


def mails() -> list[bytes]:
    return [path.read_bytes() for path in sorted(Path(PUBLIC).glob("*.eml"))]


def test_the_chain_does_close_where_our_server_proves_the_sender(chain: Chain) -> None:
    assert sum(chain.closes(raw) for raw in mails()) > 10


@pytest.mark.parametrize("seed", SEEDS)
def test_no_mutated_mail_is_lost_or_closes_a_url(chain: Chain, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(seed)
    unmarked = [unproven(raw) for raw in mails()]
    for number in range(EACH):
        raw = mutated(chance.choice(unmarked), unmarked, chance)
        assert not chain.closes(raw), f"mail {number} of seed {seed} closes a URL"
    with capsys.disabled():
        print(f"seed {seed}: {EACH:,} mutated mails, none lost, none closes a URL")


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_decided_in_time_and_closes_nothing(chain: Chain, name: str) -> None:
    assert not chain.closes(b"From: a@b.example\n" + BOMBS[name])
