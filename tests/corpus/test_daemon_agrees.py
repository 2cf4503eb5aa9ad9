"""The real walk over the corpus closes exactly the URLs that ``noticed classify`` says, each of them once."""

import json

import pytest
from sqlalchemy import select

from daemon.app.wiring import Judge
from daemon.cli._known import Given, known_of
from daemon.cli._mails import mails
from daemon.cli.classify import classify
from daemon.decide.policy import Policy
from daemon.jobs.folders import Folders
from daemon.jobs.importing import Import, import_file
from daemon.jobs.intake import Intake
from daemon.message.parse import parse
from daemon.store import Settings, journal, open_store, tables
from tests.corpus.test_public import HALVES, HOME, labels, rules
from tests.databases import fresh
from tests.jobs.house import WATCH, go_live
from tests.memory import START, FakeClock, MemoryMailbox, Server

CLOSING = ("removed", "already_gone")


def said(half: str, policy: Policy) -> set[str]:
    """The URLs that classify closes, without our sent letters: the daemon has only the imported table, too."""
    known, _ = known_of(Given(HOME / half / "notices.csv", None, None, policy.number_format))
    files = [HOME / half / name for name in labels(half)]
    lines = classify(list(mails(files)), known, rules(), policy)
    asserted = [line["url_outcomes"].items() for line in lines if not line["needs_human"]]
    return {url for outcomes in asserted for url, outcome in outcomes if outcome in CLOSING}


def done(half: str, policy: Policy, url: str) -> tuple[list[str], int]:
    """The URLs that the daemon closed, and how often it wrote so into its journal."""
    store = open_store(Settings(url))
    try:
        assert not import_file(store, HOME / half / "notices.csv", Import("anna", START, mailbox="main")).refused
        go_live(store)
        server = Server()
        raws = [(HOME / half / name).read_bytes() for name in labels(half)]
        for raw in sorted(raws, key=lambda one: parse(one).date or START):
            server.deliver(raw)
        intake = Intake(store, Judge(rules(), policy), Folders(), FakeClock())
        intake.begin()
        intake.walk(MemoryMailbox(server, "main"), WATCH)
        with store.read() as conn:
            shut = conn.execute(select(tables.takedowns.c.url).where(tables.takedowns.c.is_open.is_(False)))
            rows = tables.journal.c
            written = conn.execute(select(rows.id).where(rows.new.in_(CLOSING), rows.action == "status"))
            assert journal.verify(conn) is None
            return [row.url for row in shut], len(written.all())
    finally:
        store.close()


@pytest.mark.parametrize("half", HALVES)
def test_the_daemon_closes_exactly_what_classify_says(half: str) -> None:
    meta = json.loads((HOME / half / "meta.json").read_text(encoding="utf-8"))
    policy = Policy(meta["notice_id_regex"], meta["authserv_id"], our_addresses=frozenset({meta["mailbox"]}))
    with fresh("sqlite") as url:
        closed, written = done(half, policy, url)
    assert sorted(closed) == sorted(said(half, policy))
    assert written == len(closed)
