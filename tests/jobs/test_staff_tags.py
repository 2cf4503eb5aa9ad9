"""What people tag in their mail program is a decision and wins; what we tagged ourselves, or a filing, is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from daemon.jobs.filing import file_waiting
from daemon.jobs.folders import tag
from daemon.jobs.intake import Watch
from daemon.mailbox import Place
from daemon.notices.status import Category
from daemon.store import Store, tables
from tests.jobs.house import House, house, import_notices, mail, notice
from tests.jobs.test_staff_moves import (
    RECEIPTS,
    REFUSED,
    REMOVED,
    journalled,
    lying,
    move,
    rows,
    settled,
    statuses,
    turn,
    waiting,
)
from tests.memory import MemoryMailbox

_NOTES = ("tagged_by_staff", "moved_by_staff", "moved_back", "left_to_staff")
IS_REMOVED, IS_REFUSED, TO_REVIEW = tag("removed"), tag("refused"), tag("review")


def retag(inside: House, folder: str, add: str = "", remove: str = "") -> None:
    """What a person does in a mail program."""
    uid = next(iter(inside.server.folders[folder].messages))
    inside.server.tag(folder, uid, {add} - {""}, {remove} - {""})


def tags(inside: House) -> list[set[str]]:
    return [set(message.flags) for _, _, message in inside.server.everywhere()]


def categories(store: Store) -> list[str]:
    return [row.category for row in rows(store, select(tables.messages.c.category))]


def test_a_tag_that_says_what_was_proposed_accepts_it_and_files_the_mail(store: Store) -> None:
    inside = settled(store, "N-1 refused 1 unclear")
    retag(inside, "INBOX", remove=IS_REFUSED)
    inside.walk()
    retag(inside, "INBOX", add=IS_REFUSED)
    turn(inside, 2)
    assert (statuses(store), waiting(store)) == (["sent", "sent"], ["mixed"])  # ours, taken away and put back
    with store.write() as conn:
        conn.execute(tables.wishes.update().values(tags=[TO_REVIEW]))  # as if only asked to be looked at
    retag(inside, "INBOX", add="$noticedREFUSED")
    turn(inside, 2)
    assert (statuses(store), waiting(store)) == (["refused", "sent"], [])
    assert {actor for _, actor, _ in journalled(store, "status", "review_decided")} == {"mailbox"}
    assert lying(inside) == [REFUSED]


def test_a_tag_of_another_meaning_closes_nothing_asks_and_leaves_the_mail_where_it_lies(store: Store) -> None:
    inside = settled(store, "N-1 refused")
    retag(inside, REFUSED, add=IS_REMOVED)
    turn(inside, 2)
    assert statuses(store) == ["refused", "refused"]
    assert waiting(store) == ["tagged_by_staff"]
    assert categories(store) == ["removed"]
    assert journalled(store, *_NOTES) == [("tagged_by_staff", "mailbox", "removed")]
    assert (lying(inside), tags(inside)) == ([REFUSED], [{IS_REMOVED}])


def test_a_tagged_mail_in_the_inbox_goes_where_its_new_meaning_goes(store: Store) -> None:
    inside = settled(store, "N-1 refused unclear")
    retag(inside, "INBOX", add=IS_REMOVED)
    turn(inside, 2)
    assert statuses(store) == ["sent", "sent"]
    assert waiting(store) == ["tagged_by_staff"]
    assert (lying(inside), tags(inside)) == ([REMOVED], [{IS_REMOVED}])


def test_a_decision_by_tag_wins_for_good(store: Store) -> None:
    inside = settled(store, "N-1 refused")
    retag(inside, REFUSED, add=IS_REMOVED)
    turn(inside, 4)
    assert len(journalled(store, *_NOTES)) == 1
    assert (lying(inside), tags(inside)) == ([REFUSED], [{IS_REMOVED}])
    retag(inside, REFUSED, add=IS_REFUSED, remove=IS_REMOVED)
    turn(inside, 2)
    assert [new for _, _, new in journalled(store, *_NOTES)] == ["removed", "refused"]
    assert categories(store) == ["refused"]


@pytest.mark.parametrize("tells_place", [True, False])
def test_what_we_tagged_ourselves_is_no_persons_tag(store: Store, tells_place: bool) -> None:
    inside = settled(store, "N-1 removed", "N-1 refused", "N-1 ack", "N-1 refused unclear", tells_place=tells_place)
    for name, folder in list(inside.server.folders.items()):
        for uid in list(folder.messages):
            inside.server.tag(name, uid, {"urgent"})  # which tells all that lies there
    turn(inside, 3)
    assert journalled(store, *_NOTES) == []
    assert rows(store, select(tables.strays)) == []


def test_a_mail_tagged_by_us_and_not_moved_yet_is_no_persons_doing(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 refused", 1))
    inside.walk()
    retag(inside, "INBOX", add="urgent")  # told while our wish is open, before and after our own tag
    inside.walk()
    inside.box.tag(inside.box.changes("INBOX", None).new, frozenset({IS_REFUSED}), frozenset())
    turn(inside, 3)
    assert journalled(store, *_NOTES) == []
    assert (lying(inside), tags(inside)) == ([REFUSED], [{IS_REFUSED, "urgent"}])


class Refusing(MemoryMailbox):
    """A mailbox that refuses to tag so many times."""

    times = 0

    def tag(self, places: Sequence[Place], add: frozenset[str], remove: frozenset[str]) -> frozenset[Place]:
        self.times -= 1
        return frozenset(places) if self.times >= 0 else super().tag(places, add, remove)


def refusing(store: Store, times: int) -> House:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.box = box = Refusing(inside.server, "main")
    box.times = times
    inside.server.deliver(mail("N-1 refused", 1))
    turn(inside)
    assert (lying(inside), tags(inside)) == ([REFUSED], [set()])  # filed at once
    return inside


def test_tags_that_the_mailbox_refused_are_set_where_the_mail_lies_then(store: Store) -> None:
    inside = refusing(store, 2)
    turn(inside, 2)
    assert (lying(inside), tags(inside)) == ([REFUSED], [{IS_REFUSED}])
    retag(inside, REFUSED, remove=IS_REFUSED)
    turn(inside, 2)
    assert journalled(store, *_NOTES) == [("left_to_staff", "mailbox", "untagged")]


def test_tags_that_were_never_set_are_not_taken_for_taken_away(store: Store) -> None:
    inside = refusing(store, 100)
    turn(inside, 40)
    retag(inside, REFUSED, add="urgent")  # which tells what lies on it
    turn(inside, 3)
    assert [row.state for row in rows(store, select(tables.wishes))] == ["untagged"]
    assert journalled(store, *_NOTES) == []
    assert rows(store, select(tables.strays)) == []
    retag(inside, REFUSED, add=IS_REMOVED)
    turn(inside, 2)
    assert journalled(store, *_NOTES) == [("tagged_by_staff", "mailbox", "removed")]


def test_a_tag_given_before_we_filed_wins(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 ack", 1))
    inside.walk()
    retag(inside, "INBOX", add=IS_REFUSED)
    turn(inside, 2)
    assert categories(store) == ["refused"]
    assert (lying(inside), tags(inside)) == ([REFUSED], [{IS_REFUSED}])


def test_taking_our_tags_away_is_hands_off_and_only_after_two_looks(store: Store) -> None:
    inside = settled(store, "N-1 refused")
    retag(inside, REFUSED, remove=IS_REFUSED)
    inside.walk()
    assert journalled(store, *_NOTES) == []
    turn(inside, 2)
    assert journalled(store, *_NOTES) == [("left_to_staff", "mailbox", "untagged")]
    assert (categories(store), tags(inside)) == (["refused"], [set()])
    retag(inside, REFUSED, add=IS_REFUSED)  # and putting it back is a decision again, which changes nothing
    turn(inside, 3)
    assert [action for action, _, _ in journalled(store, *_NOTES)] == ["left_to_staff", "tagged_by_staff"]
    assert (statuses(store), waiting(store)) == (["refused", "refused"], [])


def test_several_tags_at_once_decide_nothing(store: Store) -> None:
    inside = settled(store, "N-1 ack")
    for one in (IS_REMOVED, IS_REFUSED):
        retag(inside, RECEIPTS, add=one)
    turn(inside, 3)
    assert journalled(store, *_NOTES) == [("left_to_staff", "mailbox", "tagged")]
    assert (statuses(store), waiting(store)) == (["acknowledged", "acknowledged"], [])


def test_the_mark_for_review_and_tags_of_others_mean_nothing(store: Store) -> None:
    inside = settled(store, "N-1 refused unclear")
    retag(inside, "INBOX", add="$NoticedNonsense", remove=TO_REVIEW)
    turn(inside, 3)
    assert journalled(store, *_NOTES) == []
    assert waiting(store) == ["mixed"]


def test_moved_and_tagged_at_once_the_tag_counts_and_the_mail_stays(store: Store) -> None:
    inside = settled(store, "N-1 ack", "N-1 ack unclear")
    retag(inside, RECEIPTS, add=IS_REFUSED)
    move(inside, RECEIPTS, REFUSED)
    retag(inside, "INBOX", add=IS_REFUSED)
    move(inside, "INBOX", "Junk")
    turn(inside, 3)
    assert [action for action, _, _ in journalled(store, *_NOTES)] == ["tagged_by_staff", "tagged_by_staff"]
    assert sorted(lying(inside)) == ["Junk", REFUSED]
    assert categories(store) == ["refused", "refused"]


def test_a_tag_against_the_folder_that_it_is_moved_to_accepts_nothing(store: Store) -> None:
    inside = settled(store, "N-1 removed unclear")
    with store.write() as conn:
        conn.execute(tables.wishes.update().values(tags=[TO_REVIEW]))
    retag(inside, "INBOX", remove=IS_REMOVED)
    retag(inside, "INBOX", add=IS_REMOVED)
    move(inside, "INBOX", REFUSED)
    turn(inside, 2)
    assert statuses(store) == ["sent", "sent"]
    assert waiting(store) == ["tagged_by_staff"]


def test_back_in_the_inbox_with_a_tag_is_the_tags_decision(store: Store) -> None:
    inside = settled(store, "N-1 refused")
    retag(inside, REFUSED, add=IS_REMOVED)
    move(inside, REFUSED, "INBOX")
    turn(inside, 2)
    assert [action for action, _, _ in journalled(store, *_NOTES)] == ["tagged_by_staff"]
    assert (lying(inside), tags(inside)) == ([REMOVED], [{IS_REMOVED}])


def test_mail_met_outside_is_decided_by_a_tag_and_never_moved(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.walk()
    inside.clock.advance(minutes=1)
    inside.server.deliver(mail("N-1 pending", 1), inside.clock.now(), RECEIPTS)
    turn(inside)
    retag(inside, RECEIPTS, add=IS_REFUSED)
    turn(inside, 3)
    assert journalled(store, *_NOTES) == [("tagged_by_staff", "mailbox", "refused")]
    assert (lying(inside), tags(inside)) == ([RECEIPTS], [{IS_REFUSED}])


@pytest.mark.parametrize("folder", ["INBOX", RECEIPTS])
def test_a_tag_that_a_mail_came_with_is_nobodys_decision(store: Store, folder: str) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.walk()
    inside.clock.advance(minutes=1)
    inside.server.deliver(mail("N-1 ack", 1), inside.clock.now(), folder)
    retag(inside, folder, add=IS_REMOVED)
    turn(inside)
    retag(inside, RECEIPTS, add="urgent")
    turn(inside, 2)
    assert journalled(store, *_NOTES) == []
    assert (lying(inside), categories(store)) == ([RECEIPTS], ["acknowledged"])
    retag(inside, RECEIPTS, add=IS_REFUSED, remove=IS_REMOVED)
    turn(inside, 2)
    assert [new for _, _, new in journalled(store, *_NOTES)] == ["refused"]


def test_a_mail_judged_anew_loses_the_tag_of_before(store: Store) -> None:
    inside = settled(store, "N-1 refused")
    inside.judge.decide = _otherwise(inside.judge.decide)  # type: ignore[method-assign]
    move(inside, REFUSED, "INBOX")
    turn(inside, 2)
    assert tags(inside) == [{tag("other")}]
    assert [action for action, _, _ in journalled(store, *_NOTES)] == ["moved_back"]


def _otherwise(decide: Any) -> Any:
    from dataclasses import replace

    return lambda message, known: replace(decide(message, known), category=Category.OTHER)


class _Silent(MemoryMailbox):
    """A mailbox that tells nothing of tags, and keeps none."""

    def changes(self, folder: str, since: Any) -> Any:
        from dataclasses import replace

        return replace(super().changes(folder, since), tags={})

    def tag(self, places: Any, add: Any, remove: Any) -> frozenset[Place]:
        return frozenset()


def test_where_tags_are_not_kept_nobody_is_said_to_have_taken_them_away(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.box = _Silent(inside.server, "main")
    inside.server.deliver(mail("N-1 refused", 1))
    turn(inside, 3)
    move(inside, REFUSED, REMOVED)
    turn(inside, 3)
    assert [action for action, _, _ in journalled(store, *_NOTES)] == ["moved_by_staff"]


def test_an_observing_house_takes_no_tag_for_a_decision(store: Store) -> None:
    from daemon.store import state

    inside = settled(store, "N-1 refused")
    with store.write() as conn:
        state.set_mode(conn, "observe", inside.clock.now(), "anna")
    retag(inside, REFUSED, add=IS_REMOVED)
    turn(inside, 2)
    assert journalled(store, *_NOTES) == []


def test_a_look_at_the_inbox_alone_decides_nothing_yet(store: Store) -> None:
    inside = settled(store, "N-1 refused unclear")
    retag(inside, "INBOX", add=IS_REMOVED)
    inside.intake.walk(inside.box, Watch(full=False))
    file_waiting(store, inside.box, inside.clock)
    assert journalled(store, *_NOTES) == []
    inside.walk()
    assert [action for action, _, _ in journalled(store, *_NOTES)] == ["tagged_by_staff"]
