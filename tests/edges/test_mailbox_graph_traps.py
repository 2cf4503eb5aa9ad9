"""The traps of Graph and of its tokens, each set on purpose."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from daemon.accounts import graph_http
from daemon.accounts.patience import Bell, Patience
from daemon.errors import ConfigError, NoticedError, PermanentError, TransientError
from daemon.mailbox import FolderState, Place, _graph_list
from daemon.mailbox.graph import GraphMailbox
from tests.edges.graph_account import GraphAccount
from tests.edges.mailbox_promises import DONE, INBOX, ids, mail, read, with_attachment
from tests.servers.graph_server import ADDRESS, TOKEN, GraphServer, failed
from tests.servers.graph_store import SENT
from tests.servers.ports import free_port
from tests.servers.web import Told

TAG = frozenset({"$NoticedClosed"})


@pytest.fixture
def server() -> Iterator[GraphServer]:
    server = GraphServer()
    server.keeps_message_id = True
    yield server
    server.stop()


@pytest.fixture
def account(server: GraphServer) -> GraphAccount:
    return GraphAccount(server)


@pytest.fixture
def box(account: GraphAccount) -> Iterator[GraphMailbox]:
    box = account.mailbox()
    box.open()
    yield box
    box.close()


def at(place: Place) -> str:
    """How a message is asked for."""
    return f"/users/{quote(ADDRESS, safe='')}/messages/{quote(place.uid, safe='')}"


class Slept(Bell):
    """Notes how long it was to sleep, and does not."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def sleep(self, seconds: float) -> bool:
        self.seconds.append(seconds)
        return super().sleep(0)


# states


def test_a_lost_delta_token_lists_everything_again_and_says_so(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1), mail(2))
    found = box.changes(INBOX, None)
    server.forget_states()
    account.deliver(mail(3))
    again = box.changes(INBOX, found.state)
    assert (again.reset, again.new[:2], len(again.new)) == (True, found.new, 3)
    rest = box.changes(INBOX, box.state_after(again, again.new[1]))
    assert (rest.reset, rest.new) == (True, again.new[2:])
    assert box.changes(INBOX, again.state).reset is False


@pytest.mark.parametrize("code", ["syncStateNotFound", "resyncRequired"])
def test_a_token_lost_in_the_middle_of_a_listing_begins_it_anew(
    account: GraphAccount, box: GraphMailbox, server: GraphServer, code: str
) -> None:
    account.deliver(mail(1))
    state = box.changes(INBOX, None).state
    account.deliver(*(mail(number) for number in range(2, 1003)))
    pages = iter([False, True])
    ordinary = server._route

    def lost(method: str, path: str, query: Any, *rest: Any) -> Told:
        if path.endswith("/messages/delta") and next(pages, False):
            return failed(410, code)
        return ordinary(method, path, query, *rest)

    server._route = lost  # type: ignore[method-assign]
    again = box.changes(INBOX, state)
    assert (again.reset, len(again.new), len(set(again.new))) == (True, 1002, 1002)


def test_links_are_renewed_while_nothing_happens_and_stored_after_an_hour(
    account: GraphAccount, box: GraphMailbox, monkeypatch: pytest.MonkeyPatch, server: GraphServer
) -> None:
    account.deliver(mail(1))
    state = box.changes(INBOX, None).state
    clock = [0.0]
    monkeypatch.setattr(_graph_list, "monotonic", lambda: clock[0])
    for clock[0] in (0.0, 100.0, 3599.0):
        assert box.changes(INBOX, state).state == state
    server._states.pop(json.loads(state.text)["s"].rpartition("=")[2])  # the server forgets the oldest link first
    assert box.changes(INBOX, state).reset is False
    clock[0] = 3700.0
    later = box.changes(INBOX, state).state
    assert later != state
    assert (box.changes(INBOX, later).new, box.changes(INBOX, later).reset) == ((), False)


def test_a_state_of_another_cloud_is_no_state_and_its_link_is_not_followed(
    account: GraphAccount, box: GraphMailbox
) -> None:
    account.deliver(mail(1))
    found = box.changes(INBOX, None)
    text = found.state.text.replace("127.0.0.1", "127.0.0.2")
    again = box.changes(INBOX, FolderState(INBOX, text))
    assert (again.reset, again.new) == (True, found.new)


def test_a_link_to_another_host_never_gets_our_token(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    stranger = GraphServer()
    ordinary = server._delta
    elsewhere = {"value": [], "@odata.nextLink": f"{stranger.url}/v1.0/users/{ADDRESS}/messages"}
    server._delta = lambda *_: Told.of(elsewhere)  # type: ignore[method-assign]
    with pytest.raises(TransientError, match="another host"):
        box.changes(INBOX, None)
    assert stranger.web.connections == 0
    stranger.stop()
    server._delta = ordinary  # type: ignore[method-assign]


def test_a_listing_that_never_ends_is_given_up(box: GraphMailbox, server: GraphServer) -> None:
    same = {"value": [], "@odata.nextLink": f"{server.url}/v1.0/users/{ADDRESS}/mailFolders/inbox/messages/delta?a=1"}
    server._delta = lambda *_: Told.of(same)  # type: ignore[method-assign]
    with pytest.raises(TransientError, match="end"):
        box.changes(INBOX, None)


def test_a_listing_is_whole_where_a_filter_would_end(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    server.filter_limit = 5
    account.deliver(*(mail(number) for number in range(12)))
    folder = server.store.roles["inbox"]
    filtered = server._delta(folder, {"$filter": "receivedDateTime ge 2026-01-01"}, "odata.maxpagesize=50")
    assert len(json.loads(filtered.body)["value"]) == 5  # what would be lost
    assert len(box.changes(INBOX, None).new) == 12


def test_one_message_told_several_times_is_one_message(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1), mail(2))
    ordinary = server._page

    def twice(folder: Any, rows: list[Any], *rest: Any) -> Told:
        key, item = rows[0]
        return ordinary(folder, [(key, item), *rows, (key, None)], *rest)

    server._page = twice  # type: ignore[method-assign]
    found = box.changes(INBOX, None)
    assert (read(box, found.new), len(found.gone)) == (ids(2), 1)


# ids


def test_a_place_stays_the_same_through_a_move_and_the_header_is_in_every_request(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(*(mail(number) for number in range(30)))
    found = box.changes(INBOX, None)
    moved = box.file(found.new, DONE)
    assert [moved[place].place for place in found.new] == [Place(DONE, place.uid) for place in found.new]
    box.tag([Place(DONE, place.uid) for place in found.new], TAG, frozenset())
    assert len(read(box, tuple(Place(DONE, place.uid) for place in found.new))) == 30
    assert all('IdType="ImmutableId"' in one for one in server.prefers)


# people


def test_a_mail_that_a_person_moved_meanwhile_is_left_where_it_is(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1), mail(2))
    found = box.changes(INBOX, None)
    item = server.store.find(found.new[0].uid)
    assert item is not None
    server.store.move(item, server.store.at("Ihres").id)
    assert read(box, found.new) == ids(2)
    ended = box.file(found.new, DONE)
    assert (ended[found.new[0]].vanished, ended[found.new[1]].moved) == (True, True)
    assert (account.message_ids("Ihres"), account.message_ids(DONE)) == (ids(1), ids(2))


def test_a_mail_that_the_server_does_not_speak_of_is_neither_moved_nor_gone(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1), mail(2))
    found = box.changes(INBOX, None)
    server.strike(f"GET {at(found.new[0])}$", 400, code="ErrorItemCorrupt")
    ended = box.file(found.new, DONE)
    assert [(one.moved, one.vanished) for one in ended.values()] == [(False, False), (True, False)]
    server.strike("/move$", 400, code="ErrorItemCorrupt")
    assert not box.file(found.new[:1], DONE)[found.new[0]].vanished
    assert account.message_ids(INBOX) == ids(1)


def test_nothing_is_filed_into_a_folder_that_lies_among_the_deleted(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1))
    box.ensure_folder("Noticed/Removed")
    old = server.store.at("Noticed/Removed")
    server.store.remove_folder(server.store.at("Noticed"))
    assert box.file(box.changes(INBOX, None).new, "Noticed/Removed")
    assert server.store.of(old.id) == []
    assert account.message_ids("Noticed/Removed") == ids(1)


def test_a_folder_that_was_renamed_is_found_under_its_new_name_only(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1), folder="Akten")
    state = box.changes("Akten", None).state
    folder = server.store.at("Akten")
    folder.name = "Alte Akten"
    server.store.folder_log.append(folder.id)
    with pytest.raises(PermanentError):
        box.changes("Akten", state)
    assert read(box, box.changes("Alte Akten", None).new) == ids(1)


def test_special_folders_are_found_by_role_in_any_language(box: GraphMailbox, server: GraphServer) -> None:
    assert (box.sent_folder(), box.junk_folder()) == ("Gesendete Elemente", "Junk-E-Mail")
    folder = server.store.folders[server.store.roles[SENT]]
    folder.name = "Sent Items"
    server.store.folder_log.append(folder.id)
    assert box.sent_folder() == "Sent Items"


@pytest.mark.parametrize("status", [410, 400])
def test_a_role_that_the_server_does_not_tell_now_is_not_taken_for_none(
    account: GraphAccount, server: GraphServer, status: int
) -> None:
    server.strike("GET .*/mailFolders/sentitems$", status)
    box = account.mailbox()
    with pytest.raises(TransientError):
        box.sent_folder()
    assert box.sent_folder() == "Gesendete Elemente"


def test_one_mail_that_refuses_to_be_tagged_is_told_of_and_stops_no_other(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1), mail(2))
    found = box.changes(INBOX, None)
    server.strike("PATCH ", 400)
    refused = box.tag(found.new, TAG, frozenset())
    assert len(refused) == 1
    assert sorted(set(one.categories) == TAG for one in server.store.items.values()) == [False, True]
    assert box.tag(list(refused), TAG, frozenset()) == frozenset()


def test_names_differ_by_more_than_case_and_somebody_may_be_faster(box: GraphMailbox, server: GraphServer) -> None:
    box.ensure_folder("Noticed/Removed")
    box.ensure_folder("noticed/REMOVED")
    assert sum(one.name.casefold() == "removed" for one in server.store.folders.values()) == 1
    ordinary = server._make_folder

    def faster(parent: str, given: Any) -> Told:
        ordinary(parent, given)
        return ordinary(parent, given)

    server._make_folder = faster  # type: ignore[method-assign]
    box.ensure_folder("Noticed/Refused")
    assert sum(one.name == "Refused" for one in server.store.folders.values()) == 1


def test_peoples_categories_stay_and_ours_get_their_colour_once(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1))
    found = box.changes(INBOX, None)
    item = server.store.find(found.new[0].uid)
    assert item is not None
    item.categories = ["Rote Kategorie"]
    server.store.master["$NoticedReview"] = "preset24"
    for _ in range(2):
        box.tag(found.new, frozenset({"$NoticedRemoved", "$NoticedReview"}), frozenset())
    assert item.categories == ["Rote Kategorie", "$NoticedRemoved", "$NoticedReview"]
    assert server.store.master["$NoticedRemoved"] == "preset4"
    assert server.store.master["$NoticedReview"] == "preset24"
    assert sum("masterCategories" in one for one in server.asked) == 2


def test_without_the_permission_for_colours_mail_is_tagged_all_the_same(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    server.colours = False
    account.deliver(mail(1))
    found = box.changes(INBOX, None)
    box.tag(found.new, TAG, frozenset())
    assert [one.flags for one in box.fetch(found.new)] == [TAG]


# reading


def test_no_attachment_is_asked_for_and_no_large_mail_comes_whole(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(with_attachment(1, 2_000_000), with_attachment(2, 200_000))
    found = box.changes(INBOX, None)
    large, small = box.fetch(found.new)
    assert (large.complete, small.complete) == (False, True)
    assert b"It was removed." in large.raw
    assert [len(one.unseen_parts) for one in (large, small)] == [1, 1]
    assert sum("$value" in one for one in server.asked) == 1
    listed = [one for one in server.asked if "/attachments" in one]
    assert len(listed) == 1
    assert listed[0].endswith("/attachments?$select=name,contentType,size")  # and not their bytes


def test_a_mail_that_the_server_cannot_make_mime_of_stops_no_other(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1), mail(2), mail(3))
    found = box.changes(INBOX, None)
    server.strike(f"GET {at(found.new[1])}/.value", 500, code="ErrorMimeContentConversionFailed", times=1000)
    first, second, third = box.fetch(found.new)
    assert (first.complete, second.complete, third.complete) == (True, False, True)
    assert b"It was removed." in second.raw
    server.strike(f"GET {at(found.new[1])}$", 500, code="ErrorItemCorrupt", times=1000)
    assert [one.unreadable for one in box.fetch(found.new)] == [False, True, False]


@pytest.mark.parametrize("fault", [{"status": 504}, {"status": 503}, {"how": "stall"}, {"how": "cut"}], ids=str)
def test_a_mail_that_the_server_never_gives_stops_no_other(
    account: GraphAccount, server: GraphServer, fault: dict[str, Any]
) -> None:
    account.deliver(with_attachment(1, 100_000), mail(2))
    box = account.mailbox(call_seconds=1.5, patience=lambda: Patience(tries=2, first=0.001))
    found = box.changes(INBOX, None)
    server.strike(f"GET {at(found.new[0])}/.value", times=1000, **fault)
    assert [(one.complete, one.unreadable) for one in box.fetch(found.new)] == [(False, False), (True, False)]
    server.faults.clear()
    server.strike(f"GET {at(found.new[0])}/.value", times=1000, **fault)
    ordinary = server._route

    def stuck(method: str, path: str, query: Any, *rest: Any) -> Told:
        return failed(503, "odd") if "internetMessageHeaders" in str(query) else ordinary(method, path, query, *rest)

    server._route = stuck  # type: ignore[method-assign]
    assert [one.unreadable for one in box.fetch(found.new)] == [True, False]


def test_a_server_that_gives_nothing_at_all_makes_no_mail_unreadable(
    account: GraphAccount, server: GraphServer
) -> None:
    account.deliver(with_attachment(1, 100_000))
    box = account.mailbox(patience=lambda: Patience(tries=2, first=0.001))
    found = box.changes(INBOX, None)
    server.strike("GET .*(value|inbox)$", 503, times=1000)
    with pytest.raises(TransientError):
        list(box.fetch(found.new))


def test_mime_that_a_batch_gives_in_another_form_is_asked_for_alone(
    account: GraphAccount, box: GraphMailbox, monkeypatch: pytest.MonkeyPatch, server: GraphServer
) -> None:
    account.deliver(mail(1), mail(2))
    monkeypatch.setattr("tests.servers.graph_server.b64encode", lambda raw: raw)
    found = box.changes(INBOX, None)
    assert read(box, found.new) == ids(1, 2)
    assert sum("$value" in one for one in server.asked) == 4


# a server in trouble


def test_what_the_server_asks_for_is_waited_for_and_no_more_than_a_call_may(
    account: GraphAccount, server: GraphServer
) -> None:
    box = account.mailbox(patience=Patience)
    box._bell = bell = Slept()
    box.open()
    server.strike("/messages/delta", 429, headers={"Retry_After": "17"})
    server.strike("/messages/delta", 429)
    assert box.changes(INBOX, None).new == ()
    assert bell.seconds[0] == 17.0
    assert 0 <= bell.seconds[1] <= 4.0
    server.strike("/messages/delta", 429, headers={"Retry_After": "300"})
    with pytest.raises(TransientError) as raised:
        box.changes(INBOX, None)
    assert (raised.value.retry_after, len(bell.seconds)) == (300.0, 2)


def test_a_part_of_a_set_that_is_throttled_is_asked_again_alone(account: GraphAccount, server: GraphServer) -> None:
    box = account.mailbox(patience=Patience)
    box._bell = bell = Slept()
    account.deliver(*(mail(number) for number in range(5)))
    found = box.changes(INBOX, None)
    server.asked.clear()
    server.strike(f"GET {at(found.new[3])}$", 429, headers={"Retry_After": "9"})
    assert len(read(box, found.new)) == 5
    assert bell.seconds == [9.0]
    assert sum(at(found.new[3]) in one and "$value" not in one for one in server.asked) == 2
    assert sum(at(found.new[2]) in one and "$value" not in one for one in server.asked) == 1


def test_a_wait_for_a_busy_server_is_ended_from_another_thread(account: GraphAccount, server: GraphServer) -> None:
    box = account.mailbox(patience=lambda: Patience(longest=300, total=300))
    box.open()
    server.strike("/messages/delta", 503, headers={"Retry_After": "300"}, times=10)
    box.wake()
    with pytest.raises(TransientError):
        box.changes(INBOX, None)
    assert server.faults[0].times == 9


def test_a_part_that_is_missing_in_the_answer_is_asked_for_again(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1), mail(2))
    found = box.changes(INBOX, None)
    ordinary, strikes = server._batch, iter([True])

    def short(given: Any) -> Told:
        told = ordinary(given)
        parts = json.loads(told.body)["responses"]
        return Told.of({"responses": parts[1:] if next(strikes, False) else parts})

    server._batch = short  # type: ignore[method-assign]
    assert all(one.moved for one in box.file(found.new, DONE).values())
    assert account.message_ids(DONE) == ids(1, 2)


def test_a_token_that_ended_is_replaced_at_once_and_a_refused_one_is_told(
    account: GraphAccount, server: GraphServer
) -> None:
    account.deliver(mail(1))
    given: list[str] = []

    def token() -> str:
        given.append(TOKEN if len(given) % 2 else "ended")
        return given[-1]

    box = account.mailbox(token=token)
    found = box.changes(INBOX, None)
    assert read(box, found.new) == ids(1)
    box.close()
    with pytest.raises(ConfigError, match="access token") as raised:
        account.mailbox(token=lambda: "ended").open()
    assert "ended" not in str(raised.value)


def test_a_token_that_a_part_of_a_set_finds_ended_is_replaced(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1), mail(2))
    found = box.changes(INBOX, None)
    server.strike(r"GET .*/messages/[^/]*$", 401, code="InvalidAuthenticationToken")
    assert read(box, found.new) == ids(1, 2)


def test_a_full_mailbox_still_files_and_says_what_is_wrong(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1))
    server.full = True
    with pytest.raises(TransientError, match="full"):
        box.append("Gesendet", mail(7))
    assert all(one.moved for one in box.file(box.changes(INBOX, None).new, DONE).values())


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [(403, "ErrorAccessDenied", "Mail.ReadWrite"), (404, "ErrorInvalidUser", "no mailbox of this address")],
)
def test_a_mailbox_that_may_not_be_opened_is_a_matter_for_an_administrator(
    account: GraphAccount, server: GraphServer, status: int, code: str, says: str
) -> None:
    server.strike("GET .*/mailFolders/inbox", status, code=code)
    box = account.mailbox()
    with pytest.raises(ConfigError, match=says) as raised:
        box.open()
    assert not any(word in str(raised.value) for word in (ADDRESS, "reporter"))
    box.open()


def test_a_server_that_is_away_is_tried_later(account: GraphAccount) -> None:
    with pytest.raises(TransientError):
        account.mailbox(url=f"http://127.0.0.1:{free_port()}").open()


def test_a_server_that_says_nothing_or_never_ends_is_given_up(account: GraphAccount, server: GraphServer) -> None:
    box = account.mailbox(call_seconds=1.0, patience=lambda: Patience(tries=1))
    box.open()
    for how in ("stall", "drip"):
        server.strike("/messages/delta", how=how)
        with pytest.raises(TransientError, match="did not answer"):
            box.changes(INBOX, None)
    assert box.changes(INBOX, None).new == ()


def test_an_answer_that_is_no_json_is_tried_again(box: GraphMailbox, server: GraphServer) -> None:
    ordinary, strikes = server._delta, iter([True])
    broken = Told(200, b"<html>", {"Content-Type": "application/json"})
    server._delta = lambda *given: broken if next(strikes, False) else ordinary(*given)  # type: ignore[method-assign]
    assert box.changes(INBOX, None).new == ()


def test_more_than_a_limit_is_not_read(box: GraphMailbox, monkeypatch: pytest.MonkeyPatch, server: GraphServer) -> None:
    monkeypatch.setattr("daemon.accounts.http._LARGEST", 1000)
    server._delta = lambda *_: Told.of({"value": ["x" * 2000]})  # type: ignore[method-assign]
    with pytest.raises(TransientError, match="too large"):
        box.changes(INBOX, None)


def test_a_server_that_was_restarted_is_found_again(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1))
    state = box.changes(INBOX, None).state
    server.restart()
    account.deliver(mail(2))
    assert read(box, box.changes(INBOX, state).new) == ids(2)


def test_an_index_whose_link_was_lost_is_made_anew(
    account: GraphAccount, box: GraphMailbox, server: GraphServer
) -> None:
    account.deliver(mail(1), mail(2), folder=DONE)
    assert len(box.find(DONE, "<m1@esp.example>")) == 1
    server.forget_states()
    account.deliver(mail(3), folder=DONE)
    assert len(box.find(DONE, "<m3@esp.example>")) == 1
    item = server.store.find(box.find(DONE, "<m2@esp.example>")[0].uid)
    assert item is not None
    server.store.delete(item)
    assert box.find(DONE, "<m2@esp.example>") == ()


def test_trouble_while_waiting_is_no_news(account: GraphAccount, box: GraphMailbox, server: GraphServer) -> None:
    state = box.changes(INBOX, None).state
    server.strike("/messages/delta", 503, times=1000)
    assert box.wait(0.3) is False
    server.faults.clear()
    account.deliver(mail(1))
    assert box.wait(20) is True
    assert read(box, box.changes(INBOX, state).new) == ids(1)


# each fault at each step: the same end as without it

FAULTS: dict[str, dict[str, Any]] = {
    "429": {"status": 429}, "429 and when": {"status": 429, "headers": {"Retry_After": "0"}},
    "503": {"status": 503}, "504": {"status": 504}, "503 after": {"status": 503, "after": True},
    "504 after": {"status": 504, "after": True}, "cut": {"how": "cut"}, "cut after": {"how": "cut", "after": True},
    "half-open": {"how": "stall"}, "token": {"status": 401}, "410": {"status": 410, "code": "syncStateNotFound"},
}  # fmt: skip
STEPS: dict[str, str] = {
    "folders": "GET .*/mailFolders/", "list": "/messages/delta", "set": "batch", "facts": r"GET .*/messages/[^/]*$",
    "read": r"value$", "move": "/move$", "tag": "PATCH", "make": "childFolders$", "colours": "masterCategories",
    "append": "POST .*/messages$",
}  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", FAULTS)
def test_after_each_fault_at_each_step_the_end_is_the_same(
    account: GraphAccount, server: GraphServer, step: str, fault: str
) -> None:
    if fault == "410" and step not in ("folders", "list"):
        return  # only a state can be lost
    account.deliver(*(mail(number) for number in range(4)))
    box = account.mailbox(call_seconds=1.0)
    server.strike(STEPS[step], times=1 if fault == "token" else 2, **FAULTS[fault])
    walked = tried(lambda: box.changes(INBOX, None))
    assert sorted(tried(lambda: read(box, walked.new))) == ids(0, 1, 2, 3)
    tried(lambda: box.tag(walked.new, TAG, frozenset()))
    tried(lambda: filed(box, walked.new))
    tried(lambda: stored_once(box))
    tried(lambda: box.changes(INBOX, walked.state))
    assert account.message_ids(DONE) == ids(0, 1, 2, 3)
    assert (account.message_ids(INBOX), account.message_ids("Gesendet")) == ([], ids(7))
    assert all(one.categories == list(TAG) for one in server.store.of(server.store.at(DONE).id))
    box.close()


def tried(act: Callable[[], Any]) -> Any:
    """What the daemon does: a later round tries again."""
    for _ in range(6):
        try:
            return act()
        except TransientError:
            continue
    return act()


def filed(box: GraphMailbox, places: tuple[Place, ...]) -> None:
    """File, and look for what is not where it was, as the job does."""
    ended = box.file(places, DONE)
    lost = [place for place in places if not ended[place].moved]
    if any(len(box.find(DONE, f"<m{number}@esp.example>")) != 1 for number in range(4)):
        raise TransientError(f"{len(lost)} are left")


def stored_once(box: GraphMailbox) -> None:
    """A copy that may have been stored is looked for first; one that got stuck among the drafts is a person's."""
    box.ensure_folder("Gesendet")
    if not box.find("Gesendet", "<m7@esp.example>"):
        box.append("Gesendet", mail(7))


def test_a_stored_copy_has_its_own_message_id_whatever_the_server_gave_it(
    box: GraphMailbox, server: GraphServer
) -> None:
    server.keeps_message_id = False
    place = box.append("Gesendet", mail(7))
    assert box.find("Gesendet", "<m7@esp.example>") == (place,)


def test_errors_tell_ids_and_counts_only(account: GraphAccount, box: GraphMailbox, server: GraphServer) -> None:
    account.deliver(mail(1))
    found = box.changes(INBOX, None)
    for status, code in ((403, "ErrorAccessDenied"), (507, "ErrorQuotaExceeded")):
        for step in STEPS.values():
            server.faults.clear()
            server.strike(step, status, code=code, times=9)
            for act in (
                lambda: box.changes(INBOX, None),
                lambda: read(box, found.new),
                lambda: box.tag(found.new, TAG, frozenset()),
                lambda: box.file(found.new, DONE),
                lambda: box.append("Neu", mail(2)),
            ):
                assert not any(word in told(act) for word in ("@", "reporter", "https://"))


def told(act: Callable[[], Any]) -> str:
    try:
        act()
    except NoticedError as error:
        return str(error)
    return ""


def test_codes_within_an_error_count_too() -> None:
    inner = {"error": {"code": "BadRequest", "innerError": {"code": "syncStateNotFound", "innererror": {"code": "x"}}}}
    codes = graph_http._codes(inner)
    assert codes == {"badrequest", "syncstatenotfound", "x"}
    assert graph_http.Reply(400, inner, codes).lost_state
    for odd in (None, [], {}, {"error": None}, {"error": "text"}, b"x"):
        assert graph_http._codes(odd) == frozenset()


def test_settings_show_no_secret(account: GraphAccount) -> None:
    assert not any(word in repr(account.settings) for word in (ADDRESS, TOKEN))
