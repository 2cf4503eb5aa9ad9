"""What people do in their mail program: their move is a decision and wins; ours, a copy or new numbers are none."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from daemon.jobs import review
from daemon.jobs.intake import Watch
from daemon.store import Store, reviews, tables
from tests.jobs.house import House, house, import_notices, mail, notice
from tests.memory import START

REMOVED, REFUSED, RECEIPTS = "Noticed/Removed", "Noticed/Refused", "Noticed/Receipts"


def rows(store: Store, query: Any) -> list[Any]:
    with store.read() as conn:
        return list(conn.execute(query).all())


def statuses(store: Store) -> list[str]:
    return [row.status for row in rows(store, select(tables.takedowns.c.status).order_by(tables.takedowns.c.id))]


def journalled(store: Store, *actions: str) -> list[tuple[str, str, str]]:
    query = select(tables.journal).where(tables.journal.c.action.in_(actions)).order_by(tables.journal.c.id)
    return [(row.action, row.actor, row.new) for row in rows(store, query)]


def waiting(store: Store) -> list[str]:
    with store.read() as conn:
        return [item.reason for item in reviews.listed(conn)]


def lying(inside: House) -> list[str]:
    return [folder for folder, _, _ in inside.server.everywhere()]


def settled(store: Store, *subjects: str, **settings: object) -> House:
    """A house that has read and filed these mails, and seen where they lie."""
    import_notices(store, [notice(1)])
    inside = house(store, **settings)
    for number, subject in enumerate(subjects, 1):
        inside.server.deliver(mail(subject, number))
    turn(inside)
    return inside


def turn(inside: House, times: int = 1) -> None:
    for _ in range(times):
        inside.walk()
        inside.file()
        inside.walk()
        inside.clock.advance(minutes=5)


def move(inside: House, source: str, target: str) -> None:
    inside.server.move(source, next(iter(inside.server.folders[source].messages)), target)


def test_a_move_to_where_the_proposal_leads_accepts_it(store: Store) -> None:
    inside = settled(store, "N-1 removed 1 unclear")
    assert (statuses(store), waiting(store)) == (["sent", "sent"], ["mixed"])
    move(inside, "INBOX", REMOVED)
    turn(inside, 2)
    assert (statuses(store), waiting(store)) == (["removed", "sent"], [])
    evidence = rows(store, select(tables.takedowns.c.evidence).order_by(tables.takedowns.c.id))
    assert [row.evidence for row in evidence] == ["verified", "none"]
    assert lying(inside) == [REMOVED]
    assert {actor for _, actor, _ in journalled(store, "status", "review_decided")} == {"mailbox"}


def test_a_move_to_another_meaning_closes_nothing_and_asks(store: Store) -> None:
    inside = settled(store, "N-1 refused")
    assert statuses(store) == ["refused", "refused"]
    move(inside, REFUSED, REMOVED)
    turn(inside, 2)
    assert statuses(store) == ["refused", "refused"]
    assert "moved_by_staff" in waiting(store)
    assert [row.category for row in rows(store, select(tables.messages.c.category))] == ["removed"]
    assert journalled(store, "moved_by_staff") == [("moved_by_staff", "mailbox", "removed")]
    assert lying(inside) == [REMOVED]


def test_a_move_against_the_proposal_closes_nothing_and_asks_anew(store: Store) -> None:
    inside = settled(store, "N-1 refused unclear", "N-1 removed unclear")
    assert waiting(store) == ["mixed", "mixed"]
    for target in (REMOVED, REFUSED):
        move(inside, "INBOX", target)
    turn(inside, 2)
    assert statuses(store) == ["sent", "sent"]
    assert waiting(store) == ["moved_by_staff", "moved_by_staff"]


def test_a_decision_by_move_wins_for_good(store: Store) -> None:
    inside = settled(store, "N-1 refused")
    move(inside, REFUSED, RECEIPTS)
    turn(inside, 2)
    with store.write() as conn:
        item = next(one for one in reviews.listed(conn) if one.reason == "moved_by_staff")
        review.skip(conn, item.id, START, "anna")
    turn(inside, 3)
    assert lying(inside) == [RECEIPTS]


@pytest.mark.parametrize("tells_place", [True, False])
def test_our_own_filing_is_no_persons_move(store: Store, tells_place: bool) -> None:
    inside = settled(store, "N-1 removed", "N-1 refused", "N-1 ack", tells_place=tells_place)
    turn(inside, 3)
    assert journalled(store, "moved_by_staff", "moved_back", "left_to_staff") == []
    assert rows(store, select(tables.strays)) == []


def test_back_in_the_inbox_is_judged_again_and_twice_filed_again_then_left(store: Store) -> None:
    inside = settled(store, "N-1 removed")
    changed = journalled(store, "status")
    for _ in range(2):
        move(inside, REMOVED, "INBOX")
        turn(inside)
        assert lying(inside) == [REMOVED]
    move(inside, REMOVED, "INBOX")
    turn(inside, 3)
    assert lying(inside) == ["INBOX"]
    assert journalled(store, "status") == changed
    assert [action for action, _, _ in journalled(store, "moved_back", "left_to_staff")] == [
        "moved_back",
        "moved_back",
        "left_to_staff",
    ]


def test_judging_again_replaces_the_question_that_was_open(store: Store) -> None:
    inside = settled(store, "N-1 refused unclear")
    move(inside, "INBOX", "Private")
    inside.walk()
    move(inside, "Private", "INBOX")
    turn(inside, 2)
    assert waiting(store) == ["mixed"]


def test_a_bounce_judged_again_is_not_counted_again(store: Store) -> None:
    inside = settled(store, "N-1 bounce abuse@esp.example soft")
    before = rows(store, select(tables.contacts.c.health, tables.contacts.c.soft_bounces))
    move(inside, "Noticed/Bounces", "INBOX")
    turn(inside, 2)
    assert rows(store, select(tables.contacts.c.health, tables.contacts.c.soft_bounces)) == before


@pytest.mark.parametrize("target", ["Private", "Junk"])
def test_what_goes_elsewhere_or_away_is_left_to_the_staff(store: Store, target: str) -> None:
    inside = settled(store, "N-1 removed")
    move(inside, REMOVED, target)
    turn(inside, 3)
    assert lying(inside) == [target]
    assert [(actor, new) for _, actor, new in journalled(store, "left_to_staff")] == [
        ("mailbox", "elsewhere" if target == "Junk" else "gone")
    ]
    assert statuses(store) == ["removed", "removed"]
    assert rows(store, select(tables.strays)) == []


def test_one_look_that_misses_a_mail_is_not_enough_to_count_it_as_gone(store: Store) -> None:
    inside = settled(store, "N-1 removed")
    move(inside, REMOVED, "Private")
    inside.walk()
    move(inside, "Private", REMOVED)
    turn(inside, 2)
    assert journalled(store, "left_to_staff") == []


def test_a_copy_or_new_numbers_are_no_move(store: Store) -> None:
    inside = settled(store, "N-1 refused")
    stored = next(iter(inside.server.folders[REFUSED].messages.values()))
    inside.server.deliver(stored.raw, START, REMOVED)
    inside.server.renumber(REFUSED)
    turn(inside, 2)
    assert sorted(lying(inside)) == [REFUSED, REMOVED]
    assert journalled(store, "moved_by_staff", "moved_back", "left_to_staff") == []


def test_a_copy_of_mail_met_outside_is_no_move(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.walk()
    inside.clock.advance(minutes=1)
    for folder in (RECEIPTS, "INBOX"):
        inside.server.deliver(mail("N-1 refused", 1), inside.clock.now(), folder)
        turn(inside)
    assert journalled(store, "moved_by_staff", "moved_back", "left_to_staff") == []


def test_a_mail_back_from_a_folder_that_nobody_watches_is_judged_again(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed", 1))
    for _ in range(3):
        inside.intake.walk(inside.box, Watch())
        inside.file()
    move(inside, REMOVED, "INBOX")
    inside.intake.walk(inside.box, Watch())
    assert [action for action, _, _ in journalled(store, "moved_back")] == ["moved_back"]


def test_a_look_at_the_inbox_alone_tells_nothing_of_what_people_moved(store: Store) -> None:
    inside = settled(store, "N-1 refused unclear")
    move(inside, "INBOX", REFUSED)
    for _ in range(5):
        inside.intake.walk(inside.box, Watch(full=False))
    assert journalled(store, "left_to_staff", "moved_by_staff") == []
    inside.walk()
    assert (statuses(store), waiting(store)) == (["refused", "refused"], [])


def test_a_move_after_new_numbers_is_still_seen(store: Store) -> None:
    inside = settled(store, "N-1 refused")
    inside.server.renumber(REFUSED)
    turn(inside)
    move(inside, REFUSED, RECEIPTS)
    turn(inside, 2)
    assert [action for action, _, _ in journalled(store, "moved_by_staff")] == ["moved_by_staff"]


def test_a_move_before_we_filed_wins(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 ack", 1))
    inside.walk()
    move(inside, "INBOX", REFUSED)
    turn(inside, 3)
    assert lying(inside) == [REFUSED]
    assert [row.category for row in rows(store, select(tables.messages.c.category))] == ["refused"]


def test_mail_met_outside_that_a_person_puts_into_the_inbox_is_judged_and_filed(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.walk()
    inside.clock.advance(minutes=1)
    inside.server.deliver(mail("N-1 refused", 1), inside.clock.now(), "Junk")
    inside.walk()
    move(inside, "Junk", "INBOX")
    turn(inside, 2)
    assert (statuses(store), lying(inside)) == (["refused", "refused"], [REFUSED])
