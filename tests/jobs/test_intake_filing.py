"""Filing: after the commit, in large sets, found again by identity, never against a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from daemon.errors import PermanentError, TransientError
from daemon.jobs.filing import file_waiting
from daemon.mailbox import Filed, Place
from daemon.store import Store, tables
from tests.jobs.house import House, house, import_notices, mail, notice
from tests.memory import MemoryMailbox, PowerCut

DONE = "Noticed/Removed"


def wishes(store: Store) -> Counter[str]:
    with store.read() as conn:
        return Counter(conn.execute(select(tables.wishes.c.state)).scalars())


def decided(store: Store, *subjects: str) -> House:
    """A house that has recorded these mails and filed none."""
    import_notices(store, [notice(1, urls=5)])
    inside = house(store)
    for number, subject in enumerate(subjects or ("N-1 removed 1",), 1):
        inside.server.deliver(mail(subject, number))
    inside.walk()
    return inside


def test_a_cut_between_the_move_and_its_record_leads_to_the_same_end(store: Store) -> None:
    inside = decided(store)
    inside.power.after = 4  # create, tag, move, and right after the move
    with pytest.raises(PowerCut):
        inside.file()
    assert (inside.server.count(DONE), wishes(store)) == (1, {"open": 1})
    assert inside.file().filed == 1
    assert (inside.server.count(DONE), wishes(store)) == (1, {"done": 1})


def test_what_a_person_moved_away_is_left_to_them(store: Store) -> None:
    inside = decided(store)
    inside.server.move("INBOX", 1, "Private")
    assert inside.file().gone == 1
    assert (inside.server.count("Private"), wishes(store)) == (1, {"gone": 1})


def test_what_lies_under_a_new_number_is_found_again(store: Store) -> None:
    inside = decided(store)
    inside.server.move("INBOX", 1, "Private")
    inside.server.move("Private", 1, "INBOX")
    assert inside.file().put_off == 1  # not before it is known to be this very mail
    inside.walk()
    inside.clock.advance(minutes=2)
    assert inside.file().filed == 1
    assert inside.server.count(DONE) == 1


def test_another_mail_with_the_same_id_is_not_moved_in_its_place(store: Store) -> None:
    inside = decided(store)
    inside.server.move("INBOX", 1, "Private")
    inside.server.deliver(mail("N-1 refused 2", 2, message_id="<1@esp.example>"))
    inside.file()
    assert inside.server.count("INBOX") == 1


def test_a_mail_without_an_id_waits_for_the_next_listing(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed 1", 1, message_id=""))
    inside.walk()
    inside.server.renumber("INBOX")
    assert inside.file().put_off == 1
    inside.walk()
    inside.clock.advance(minutes=2)
    assert inside.file().filed == 1


class Refusing(MemoryMailbox):
    """A server that refuses one folder."""

    def file(self, places: Sequence[Place], folder: str) -> Mapping[Place, Filed]:
        if folder == DONE:
            raise PermanentError("refused")
        return super().file(places, folder)


def test_a_folder_that_refuses_stops_no_other_and_is_given_up_in_the_end(store: Store) -> None:
    inside = decided(store, "N-1 removed 1", "N-1 refused 2")
    box = Refusing(inside.server, "main")
    done = file_waiting(store, box, inside.clock)
    assert (done.filed, done.put_off) == (1, 1)
    assert file_waiting(store, box, inside.clock).put_off == 0  # not before its time
    for _ in range(12):
        inside.clock.advance(hours=7)
        file_waiting(store, box, inside.clock)
    assert wishes(store) == {"done": 1, "failed": 1}
    assert inside.server.count("INBOX") == 1


def test_a_server_that_is_away_leaves_every_wish_open(store: Store) -> None:
    inside = decided(store)
    inside.box.down = True
    with pytest.raises(TransientError):
        inside.file()
    inside.box.down = False
    assert inside.file().filed == 1


def test_a_thousand_mails_are_filed_in_a_few_commands(store: Store) -> None:
    inside = decided(store, *["N-1 pending"] * 1000)
    inside.box.commands = 0
    assert inside.file().filed == 1000
    assert inside.box.commands <= 10
    assert inside.server.count("Noticed/In progress") == 1000


def test_tags_tell_a_mail_program_what_was_decided(store: Store) -> None:
    inside = decided(store, "N-1 removed 1", "N-1 removed unclear")
    inside.file()
    flags: dict[str, Any] = {folder: message.flags for folder, _, message in inside.server.everywhere()}
    assert flags == {DONE: {"$NoticedRemoved"}, "INBOX": {"$NoticedRemoved", "$NoticedReview"}}


def test_a_renumbered_folder_costs_one_listing_and_no_search_for_each_mail(store: Store) -> None:
    inside = decided(store, *["N-1 pending"] * 200)
    inside.server.renumber("INBOX")
    assert inside.file().put_off == 200
    inside.walk()
    inside.clock.advance(minutes=2)
    assert inside.file().filed == 200
    assert "before find" not in inside.power.names
    with store.read() as conn:
        assert set(conn.execute(select(tables.places.c.folder)).scalars()) == {"Noticed/In progress"}
