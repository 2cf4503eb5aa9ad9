"""What was only observed is judged again when the mode becomes live, each mail once."""

from __future__ import annotations

from datetime import timedelta

from daemon.store import Store, journal, messages, notices, reviews, state
from tests.jobs.house import House, go_live, house, import_notices, mail, notice
from tests.memory import START


def observing(store: Store) -> House:
    import_notices(store, [notice(1, urls=3), notice(2)])
    inside = house(store)
    with store.write() as conn:
        state.set_mode(conn, "observe", START, "anna")
    return inside


def statuses(store: Store, number: str) -> list[str]:
    with store.read() as conn:
        row = notices.get(conn, number)
        assert row is not None
        return [item.status for item in notices.items_of(conn, row.id)]


def test_what_was_observed_has_its_effects_once_the_mode_is_live(store: Store) -> None:
    inside = observing(store)
    for number, subject in enumerate(
        ["N-1 removed 1", "N-2 ack ticket T4", "about ticket T4", "N-1 removed unclear"], 1
    ):
        inside.server.deliver(mail(subject, number))
    inside.server.deliver(mail("N-1 refused 2", 9), at=START + timedelta(hours=1), folder="Noticed/Other")
    assert inside.walk().recorded == 5
    assert inside.walk().total == 0
    go_live(store)
    done = inside.walk()
    assert (done.decided, done.outside, done.closed) == (4, 1, 1)
    assert statuses(store, "N-1") == ["removed", "refused", "sent"]
    assert statuses(store, "N-2") == ["acknowledged", "acknowledged"]
    inside.file()
    assert inside.server.count("Noticed/Removed") == 1
    assert inside.server.count("Noticed/Other") == 1
    with store.read() as conn:
        assert messages.counts(conn) == {"decided": 4, "outside": 1}
        assert len(reviews.listed(conn, kind="review")) == 2
        assert journal.verify(conn) is None
    inside.walk()
    with store.read() as conn:
        assert state.get(conn, "observed.main") is None
    again = inside.walk()
    assert (again.total, again.closed) == (0, 0)


def test_a_mail_that_a_person_took_away_meanwhile_is_judged_and_left_there(store: Store) -> None:
    inside = observing(store)
    inside.server.deliver(mail("N-1 removed 1", 1))
    inside.walk()
    inside.server.move("INBOX", 1, "Private")
    inside.walk()
    go_live(store)
    assert inside.walk().outside == 1
    inside.file()
    assert statuses(store, "N-1")[0] == "removed"
    assert inside.server.count("Private") == 1


def test_a_long_backlog_of_observed_mail_is_taken_in_sets(store: Store) -> None:
    inside = observing(store)
    for number in range(130):
        inside.server.deliver(mail("N-1 pending", number))
    inside.walk()
    go_live(store)
    assert inside.walk().decided == 130
    assert inside.file().filed == 130


def test_mail_from_before_the_first_start_is_not_judged_again(store: Store) -> None:
    inside = observing(store)
    inside.server.deliver(mail("N-1 removed 1", 1), at=START - timedelta(days=2), folder="Noticed/Other")
    inside.walk()
    go_live(store)
    assert inside.walk().total == 0
    assert statuses(store, "N-1") == ["sent", "sent", "sent"]
