"""A server that gives out its ids anew again and again is left alone, and a person is told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from daemon.errors import PermanentError
from daemon.jobs import intake
from daemon.store import Store, reviews, state, tables
from tests.jobs.house import WATCH, House, house, import_notices, mail, notice
from tests.memory import START


def renumbered(inside: House, times: int) -> None:
    for _ in range(times):
        inside.server.renumber("INBOX")
        inside.walk()


def alerts(store: Store) -> list[str]:
    with store.read() as conn:
        return [item.reason for item in reviews.listed(conn, kind="alert")]


def test_a_folder_numbered_anew_five_times_in_a_row_stops_its_mailbox_and_a_person_is_told(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 refused unclear", 1))
    inside.walk()
    renumbered(inside, 4)
    assert alerts(store) == []
    renumbered(inside, 1)
    assert alerts(store) == ["mailbox_stopped"]
    inside.server.deliver(mail("N-1 removed", 2))
    for _ in range(2):
        with pytest.raises(PermanentError, match="noticed resume --mailbox main"):
            inside.walk()
    assert inside.server.count("INBOX") == 2
    with store.write() as conn:
        assert state.resume(conn, state.mailbox("main"), START, "anna")
    renumbered(inside, 4)
    assert alerts(store) == ["mailbox_stopped"]
    with store.read() as conn:
        assert len(conn.execute(select(tables.messages)).all()) == 2


def test_resets_with_a_good_look_between_them_stop_nothing(store: Store) -> None:
    inside = house(store)
    inside.server.deliver(mail("ack", 1))
    inside.walk()
    for _ in range(4):
        renumbered(inside, 4)
        inside.walk()
    assert alerts(store) == []


def test_one_reset_that_takes_many_walks_to_deal_with_is_one(store: Store) -> None:
    inside = house(store)
    for number in range(7):
        inside.server.deliver(mail("ack", number, message_id=f"<{number}@esp.example>"))
    inside.walk()
    renumbered(inside, 3)
    inside.server.renumber("INBOX")
    intake.SET, kept = 1, intake.SET
    try:
        for _ in range(7):
            inside.intake.walk(inside.box, WATCH, lambda: False)
    finally:
        intake.SET = kept
    assert alerts(store) == []
    renumbered(inside, 1)
    assert alerts(store) == ["mailbox_stopped"]  # the fifth, not the eleventh
