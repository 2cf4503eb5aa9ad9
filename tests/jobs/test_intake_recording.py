"""The mail walk: every mail is recorded once with all that follows from it, and filed afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from daemon.store import Store, journal, messages, notices, reviews, tables, wishes
from tests.jobs.house import house, import_notices, mail, notice
from tests.memory import START


def rows(store: Store, query: Any) -> list[Any]:
    with store.read() as conn:
        return list(conn.execute(query).all())


def statuses(store: Store, number: str = "N-1") -> list[str]:
    with store.read() as conn:
        row = notices.get(conn, number)
        assert row is not None
        return [item.status for item in notices.items_of(conn, row.id)]


def status_of(store: Store, number: str = "N-1") -> str:
    with store.read() as conn:
        row = notices.get(conn, number)
        assert row is not None
        return str(row.status)


def changes_of(store: Store) -> int:
    return len(rows(store, select(tables.journal.c.id).where(tables.journal.c.action == "status")))


def test_a_reply_closes_what_it_names_and_the_notice_follows(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed 1", 1))
    done = inside.walk()
    assert (done.decided, done.closed) == (1, 1)
    assert statuses(store) == ["removed", "sent"]
    assert status_of(store) == "partly_resolved"
    inside.server.deliver(mail("N-1 removed 2", 2))
    inside.walk()
    assert status_of(store) == "resolved"
    with store.read() as conn:
        row = notices.get(conn, "N-1")
        assert row is not None
        assert row.next_due_at is None
        assert row.first_response_at == START
        assert journal.verify(conn) is None


def test_a_filed_message_waits_no_longer(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed", 1))
    inside.walk()
    assert inside.server.count("INBOX") == 1
    assert inside.file().filed == 1
    assert (inside.server.count("INBOX"), inside.server.count("Noticed/Removed")) == (0, 1)
    assert inside.file().filed == 0


def test_our_own_filing_is_known_again_without_a_look_at_the_mail(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed", 1))
    inside.walk()
    inside.file()
    read = inside.judge.read_count
    assert inside.walk().total == 0
    assert inside.judge.read_count == read


def test_a_server_that_names_no_new_place_costs_one_more_look_and_nothing_else(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store, tells_place=False)
    inside.server.deliver(mail("N-1 removed", 1))
    inside.walk()
    inside.file()
    done = inside.walk()
    assert (done.total, done.copies) == (0, 1)
    assert changes_of(store) == 2


def test_the_same_mail_twice_has_one_effect_and_both_are_filed(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    for _ in range(2):
        inside.server.deliver(mail("N-1 removed 1", 1))
    inside.walk()
    inside.server.deliver(mail("N-1 removed 1", 1))
    inside.file()
    inside.walk()
    inside.file()
    assert changes_of(store) == 1
    assert inside.server.count("INBOX") == 0
    assert inside.server.count("Noticed/Removed") == 3


def test_one_message_id_with_other_words_is_another_mail_and_flagged(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed 1", 1))
    inside.walk()
    inside.server.deliver(mail("N-1 removed 2", 2, message_id="<1@esp.example>"))
    inside.walk()
    found = rows(store, select(tables.messages.c.id, tables.messages.c.twin_of).order_by(tables.messages.c.id))
    assert [row.twin_of for row in found] == [None, found[0].id]
    assert statuses(store) == ["removed", "removed"]


def test_new_numbers_of_the_server_change_nothing(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    for number in range(1, 120):
        inside.server.deliver(mail("N-1 pending" if number % 2 else "no notice", number))
    inside.walk()
    before = changes_of(store)
    inside.server.renumber("INBOX")
    done = inside.walk()
    assert (done.total, done.copies) == (0, 119)
    assert changes_of(store) == before
    assert inside.file().filed == 60
    assert inside.server.count("INBOX") == 59  # what a person must see stays


def test_what_a_person_must_see_stays_and_waits_with_a_proposal(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed unclear", 1))
    inside.walk()
    inside.file()
    assert statuses(store) == ["sent", "sent"]
    assert inside.server.count("INBOX") == 1
    with store.read() as conn:
        item = reviews.listed(conn)[0]
    assert (item.kind, item.reason) == ("review", "mixed")
    assert [one["outcome"] for one in item.proposal] == ["removed", "removed"]
    assert all(one["takedown"] for one in item.proposal)


def test_a_bug_sets_one_mail_aside_and_the_others_go_on(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed 1", 1))
    inside.server.deliver(mail("bug", 2))
    inside.server.deliver(mail("N-1 removed 2", 3))
    done = inside.walk()
    assert (done.decided, done.set_aside) == (2, 1)
    assert statuses(store) == ["removed", "removed"]
    with store.read() as conn:
        assert messages.counts(conn) == {"decided": 2, "set_aside": 1}
        assert [item.reason for item in reviews.listed(conn)] == ["bug"]
    assert inside.walk().total == 0


def test_observing_records_and_changes_nothing(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    with store.write() as conn:
        from daemon.store import state

        state.set_mode(conn, "observe", START, "anna")
    inside.server.deliver(mail("N-1 removed", 1))
    inside.walk()
    inside.file()
    assert statuses(store) == ["sent", "sent"]
    assert inside.server.count("INBOX") == 1
    with store.read() as conn:
        assert messages.counts(conn) == {"recorded": 1}
        assert [decision.live for decision in messages.decisions_of(conn, 1)] == [False]
        assert reviews.listed(conn) == []
        assert wishes.count_open(conn) == 0


def test_mail_met_outside_the_inbox_is_judged_and_never_moved(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.walk()
    inside.server.deliver(mail("N-1 removed", 1), at=START + timedelta(hours=1), folder="Noticed/Other")
    assert inside.walk().outside == 1
    inside.file()
    assert statuses(store) == ["removed", "removed"]
    assert inside.server.count("Noticed/Other") == 1


def test_what_lay_elsewhere_at_the_first_start_is_recorded_as_it_is(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed", 1), at=START - timedelta(days=1), folder="Noticed/Other")
    assert inside.walk().recorded == 1
    assert statuses(store) == ["sent", "sent"]


def test_junk_that_answers_a_notice_is_shown_to_a_person_and_closes_nothing(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 removed", 1), at=START + timedelta(hours=1), folder="Junk")
    inside.server.deliver(mail("lottery", 2), at=START + timedelta(hours=1), folder="Junk")
    inside.walk()
    assert statuses(store) == ["sent", "sent"]
    with store.read() as conn:
        assert [item.reason for item in reviews.listed(conn)] == ["in_junk"]


def test_a_survivor_in_the_junk_folder_is_seen_and_the_mail_stays_there(store: Store) -> None:
    inside = house(store)
    inside.server.deliver(mail("survivor", 1), at=START + timedelta(hours=1), folder="Junk")
    inside.walk()
    inside.file()
    assert inside.server.count("Junk") == 1
    with store.read() as conn:
        assert [(item.reason, item.reasons) for item in reviews.listed(conn)] == [("survivor", ["survivor", "in_junk"])]


def test_mail_of_others_is_filed_to_its_folder_at_once_and_waits_for_a_person(store: Store) -> None:
    inside = house(store)
    inside.server.deliver(mail("survivor", 1))
    inside.walk()
    inside.file()
    assert inside.server.count("Noticed/Survivors and families") == 1
    inside.walk()  # it is met there, and nothing follows
    with store.read() as conn:
        assert [(item.kind, item.reason) for item in reviews.listed(conn)] == [("review", "survivor")]


def test_mail_of_others_that_names_a_notice_is_no_answer_of_its_esp(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 survivor", 1))
    inside.walk()
    with store.read() as conn:
        row = conn.execute(select(tables.messages.c.esp_id, tables.messages.c.notice_id)).one()
        assert (row.esp_id, row.notice_id) == (None, 1)
        assert notices.get(conn, "N-1").first_response_at is None
    assert statuses(store) == ["sent", "sent"]


def test_a_ticket_learned_from_one_mail_serves_the_next_in_the_same_set(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 ack ticket T7", 1))
    inside.server.deliver(mail("about ticket T7", 2))
    inside.walk()
    inside.server.deliver(mail("again ticket T7", 3))
    inside.walk()
    tied = rows(store, select(tables.message_notices.c.message_ref, tables.message_notices.c.proofs))
    assert [row.proofs for row in sorted(tied)] == [["number_subject"], ["ticket"], ["ticket"]]


def test_a_hard_bounce_makes_the_contact_unreachable_and_holds_the_ladder(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    inside.server.deliver(mail("N-1 bounce abuse@esp.example", 1))
    inside.walk()
    assert statuses(store) == ["undeliverable", "undeliverable"]
    assert status_of(store) == "undeliverable"
    assert [row.health for row in rows(store, select(tables.contacts.c.health))] == ["hard"]


def test_a_paused_closing_waits_in_the_queue(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    with store.write() as conn:
        from daemon.store import state

        state.pause(conn, "closing", "a test", START, "anna")
    inside.server.deliver(mail("N-1 removed", 1))
    inside.walk()
    assert statuses(store) == ["sent", "sent"]
    with store.read() as conn:
        assert [item.reason for item in reviews.listed(conn)] == ["closing_block"]


def test_a_backlog_takes_few_commits_and_few_commands(store: Store) -> None:
    import_notices(store, [notice(1)])
    inside = house(store)
    mails = 1000
    for number in range(mails):
        inside.server.deliver(mail("N-1 pending", number))
    writes: list[int] = []
    begin = store.write

    def counted() -> Any:
        writes.append(1)
        return begin()

    store.write = counted  # type: ignore[method-assign]
    inside.box.commands = 0
    inside.walk()
    inside.file()
    assert len(writes) <= mails / 50 + 3  # the first look at a mailbox is noted as well
    assert inside.box.commands <= 0.05 * mails
