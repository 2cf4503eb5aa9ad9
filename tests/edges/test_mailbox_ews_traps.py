"""The traps of an Exchange Server, one test each, and every fault at every step of the work in a mailbox."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from daemon.accounts.ews import connect
from daemon.accounts.ews_wire import LONGEST_WAIT
from daemon.accounts.ews_xml import m, shape
from daemon.accounts.oauth import OAuthSettings
from daemon.accounts.tls import Tls
from daemon.errors import ConfigError, NoticedError, PermanentError, TransientError
from daemon.mailbox import FolderState, Mailbox
from daemon.mailbox.ews import EwsMailbox, EwsSettings, open_mailbox
from tests.edges.mailbox_promises import DONE, INBOX, ids, mail, read, with_attachment
from tests.edges.test_mailbox_ews import EwsAccount
from tests.edges.test_mailbox_ews import account as account
from tests.edges.test_mailbox_ews import server as server
from tests.servers import ews_schema
from tests.servers.certificates import Authority
from tests.servers.ews_server import PASSWORD, TOKEN, USER, EwsServer, cells, ntlm_users, patience
from tests.servers.sign_in import CLIENT, REFRESH, SECRET, TENANT, SignIn


@pytest.fixture
def box(account: EwsAccount) -> Iterator[EwsMailbox]:
    box = account.mailbox()
    yield box
    box.close()


def once(server: EwsServer, step: str, fault: str) -> None:
    strikes = iter([fault])
    server.fault = lambda operation: next(strikes, "") if operation == step else ""


# sync states


def test_a_lost_sync_state_lists_everything_again_and_says_so(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(mail(1), mail(2))
    found = box.changes(INBOX, None)
    account.store.epoch = "2"
    again = box.changes(INBOX, found.state)
    assert (again.new, again.gone, again.reset) == (found.new, (), True)
    assert box.changes(INBOX, box.state_after(again, again.new[0])).reset
    end = box.changes(INBOX, again.state)
    assert (end.new, end.reset) == ((), False)


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_listing_of_many_pages_is_one_listing(account: EwsAccount, box: EwsMailbox, page: int) -> None:
    account.server.exchange.page = page
    account.deliver(*(mail(number) for number in range(7)))
    found = box.changes(INBOX, None)
    assert read(box, found.new) == [f"<m{number}@esp.example>" for number in range(7)]
    for done in range(8):
        rest = box.changes(INBOX, box.state_after(found, found.new[done - 1] if done else None))
        assert rest.new == found.new[done:]
    account.remove(found.new[2])
    account.deliver(mail(8))
    later = box.changes(INBOX, found.state)
    assert (read(box, later.new), later.gone) == (ids(8), (found.new[2],))


def test_mail_that_goes_while_it_is_listed_is_no_news(account: EwsAccount, box: EwsMailbox) -> None:
    """From the middle of a listing Exchange tells as deleted what it never told of."""
    account.server.exchange.page = 1
    account.deliver(mail(1), mail(2), mail(3))
    places = box.changes(INBOX, None).new
    pages: list[str] = []

    def remove_after_the_first(operation: str) -> str:
        pages.append(operation)
        if pages.count("SyncFolderItems") == 2:
            account.remove(places[0])
        return ""

    account.server.fault = remove_after_the_first
    found = box.changes(INBOX, None)
    assert found.new == places[1:]


def test_what_slips_in_before_a_half_done_listing_is_never_passed_over(account: EwsAccount, box: EwsMailbox) -> None:
    """An old mail that a person puts back sorts before what was dealt with: it must be listed all the same."""
    account.deliver(mail(1), folder="Akten")
    account.deliver(mail(2), mail(3), mail(4))
    found = box.changes(INBOX, None)
    half = box.state_after(found, found.new[1])
    [old] = account.store.of(account.store.at("Akten").id)
    account.store.move(old.id, account.store.at(INBOX).id)
    later = box.changes(INBOX, half)
    assert set(read(box, later.new)) >= set(ids(1, 4))
    account.store.delete(found.new[0].uid)
    assert set(read(box, box.changes(INBOX, half).new)) >= set(ids(1, 4))


def test_read_and_changed_mails_are_no_news_and_the_state_moves_on(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(mail(1), mail(2))
    found = box.changes(INBOX, None)
    account.store.change(account.store.items[found.new[0].uid])
    later = box.changes(INBOX, found.state)
    assert (later.new, later.gone) == ((), ())
    assert later.state != found.state
    assert box.changes(INBOX, later.state).state == later.state


@pytest.mark.parametrize("text", ["1:25", "[]", '{"f": 1}', '{"f": "x", "s": 7, "n": "many"}'])
def test_a_state_of_another_backend_is_a_lost_one(account: EwsAccount, box: EwsMailbox, text: str) -> None:
    account.deliver(mail(1))
    found = box.changes(INBOX, FolderState(INBOX, text))
    assert (len(found.new), found.reset) == (1, True)


def test_an_idle_poll_costs_one_request_whatever_lies_there(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(*(mail(number) for number in range(300)))
    state = box.changes(INBOX, None).state
    asked, size = len(account.server.exchange.asked), account.server.requests
    assert box.changes(INBOX, state).state == state
    assert account.server.exchange.asked[asked:] == ["SyncFolderItems"]
    assert len(size[-1]) < 2000


# reading


def test_a_large_mail_is_never_asked_for_whole(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(mail(4), with_attachment(1, 3_000_000), with_attachment(2, 300_000), mail(3))
    places = box.changes(INBOX, None).new
    fourth, first_, second, third = box.fetch(places)
    assert (fourth.place, first_.place, second.place, third.place) == places
    assert account.server.exchange.largest_mime < 1 << 20
    assert (first_.complete, second.complete, third.complete) == (False, True, True)
    assert b"Message-ID: <m1@esp.example>\r\n" in first_.raw
    assert first_.unseen_parts == (("letter.pdf", "application/pdf", first_.unseen_parts[0][2]),)
    assert not any(b"QUJD" in one.raw for one in (first_, second))


def test_headers_of_a_large_mail_keep_their_order_and_say_nothing_of_parts(
    account: EwsAccount, box: EwsMailbox
) -> None:
    top = b"Received: from b.example\r\nReceived: from a.example\r\nAuthentication-Results: mx.example; dmarc=pass\r\n"
    account.deliver(top + with_attachment(1, 2_000_000))
    [found] = box.fetch(box.changes(INBOX, None).new)
    assert found.raw.startswith(top)
    assert found.raw.count(b"Content-Type:") == 1


def test_a_mail_that_the_server_cannot_give_stops_no_other(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(mail(1), mail(2), mail(3))
    places = box.changes(INBOX, None).new
    account.store.items[places[1].uid].broken = True
    found = list(box.fetch(places))
    assert [one.unreadable for one in found] == [False, True, False]
    assert [one.place for one in box.fetch(places[1:2]) if one.unreadable] == [places[1]]


@pytest.mark.parametrize("code", ["ErrorInternalServerError", "ErrorItemCorrupt", "ErrorContentConversionFailed"])
def test_every_way_in_which_one_mail_fails_is_that_mails_own(account: EwsAccount, box: EwsMailbox, code: str) -> None:
    account.deliver(mail(1))
    places = box.changes(INBOX, None).new
    account.server.exchange.broken = {"GetItem": code}
    [found] = box.fetch(places)
    assert found.unreadable


def test_where_the_server_stops_in_a_set_the_rest_is_asked_for(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(*(mail(number) for number in range(5)))
    places = box.changes(INBOX, None).new
    account.server.exchange.most_in_one = 2
    assert [one.place for one in box.fetch(places)] == list(places)
    account.server.exchange.most_in_one = 0
    with pytest.raises(TransientError):
        list(box.fetch(places))
    account.server.exchange.most_in_one = 1000


def test_characters_that_xml_forbids_spoil_no_answer(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(with_attachment(1, 2_000_000, text="all done"))
    places = box.changes(INBOX, None).new
    account.server.replace = (b"all done", b"all&#x1;done")
    [found] = box.fetch(places)
    assert b"all" in found.raw
    assert b"done" in found.raw


def test_a_mail_in_any_charset_comes_byte_for_byte(account: EwsAccount, box: EwsMailbox) -> None:
    raw = b"Message-ID: <m1@esp.example>\r\nContent-Type: text/plain; charset=latin1\r\n\r\nGr\xfc\xdfe \x00\x01\r\n"
    account.deliver(raw)
    assert [one.raw for one in box.fetch(box.changes(INBOX, None).new)] == [raw]


# folders


def test_special_folders_are_found_by_role_in_any_language(box: EwsMailbox) -> None:
    assert (box.sent_folder(), box.junk_folder()) == ("Gesendete Elemente", "Junk-E-Mail")
    assert box.changes("Gesendete Elemente", None).new == ()


def test_a_folder_below_another_and_below_the_inbox(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(mail(1), mail(2))
    one, two = box.changes(INBOX, None).new
    assert box.file([one], "Noticed/Entfernt – 済み/2026")[one].moved
    assert box.file([two], "INBOX/Später")[two].moved
    assert account.message_ids("Noticed/Entfernt – 済み/2026") == ids(1)
    assert account.message_ids("Posteingang/Später") == ids(2)
    assert [place.folder for place in box.find("inbox/später", "<m2@esp.example>")] == ["inbox/später"]


def test_many_folders_are_listed_by_pages(
    account: EwsAccount, box: EwsMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from daemon.mailbox import _ews_session

    monkeypatch.setattr(_ews_session, "_PAGE", 3)
    for number in range(10):
        account.store.at(f"Ablage {number}")
    assert box.changes("Ablage 9", None).new == ()


def test_a_folder_renamed_by_a_person_is_made_anew_and_keeps_its_mails(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(mail(1), mail(2))
    one, two = box.changes(INBOX, None).new
    box.file([one], DONE)
    account.store.at(DONE).name = "Anders"
    assert box.file([two], DONE)[two].moved
    assert (account.message_ids(DONE), account.message_ids("Erledigt/Anders")) == (ids(2), ids(1))


def test_a_folder_that_goes_in_the_middle_of_a_move_is_made_again(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(mail(1))
    box.ensure_folder(DONE)
    gone = iter([True])

    def remove(operation: str) -> str:
        if operation == "MoveItem" and next(gone, False):
            del account.store.folders[account.store.at(DONE).id]
        return ""

    account.server.fault = remove
    [place] = box.changes(INBOX, None).new
    assert box.file([place], DONE)[place].moved
    assert account.message_ids(DONE) == ids(1)


@pytest.mark.parametrize("name", ["", "a//b", "/x"])
def test_a_folder_name_that_cannot_be_is_refused(box: EwsMailbox, name: str) -> None:
    with pytest.raises(PermanentError):
        box.ensure_folder(name)


def test_a_folder_that_may_not_be_written_leaves_the_mail_where_it_is(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(mail(1))
    box.ensure_folder(DONE)
    account.store.locked.add(account.store.at(DONE).id)
    [place] = box.changes(INBOX, None).new
    filed = box.file([place], DONE)[place]
    assert (filed.moved, filed.vanished) == (False, False)
    assert account.message_ids(INBOX) == ids(1)


def test_a_full_mailbox_refuses_a_copy_and_still_files(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(mail(1))
    account.store.quota = 1
    with pytest.raises(PermanentError, match="ErrorQuotaExceeded"):
        box.append("Gesendet", mail(2))
    [place] = box.changes(INBOX, None).new
    assert box.file([place], DONE)[place].moved


def test_a_stored_copy_is_neither_a_draft_nor_unread(account: EwsAccount, box: EwsMailbox) -> None:
    place = box.append("Gesendet", mail(1))
    assert place is not None
    item = account.store.items[place.uid]
    assert (item.is_draft, item.is_read) == (False, True)


# categories


def test_categories_of_people_stay(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(mail(1))
    [place] = box.changes(INBOX, None).new
    account.store.items[place.uid].categories = ["Für Anna"]
    box.tag([place], frozenset({"$NoticedClosed"}), frozenset())
    box.tag([place], frozenset(), frozenset({"$NoticedClosed", "$NoticedOther"}))
    assert account.store.items[place.uid].categories == ["Für Anna"]


def test_a_person_who_changes_a_mail_meanwhile_loses_nothing(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(mail(1), mail(2))
    places = box.changes(INBOX, None).new
    struck = iter([True])

    def change(operation: str) -> str:
        if operation == "UpdateItem" and next(struck, False):
            account.store.items[places[0].uid].categories = ["Für Anna"]
            account.store.change(account.store.items[places[0].uid])
        return ""

    account.server.fault = change
    box.tag(places, frozenset({"$NoticedClosed"}), frozenset())
    assert account.store.items[places[0].uid].categories == ["Für Anna", "$NoticedClosed"]
    assert account.store.items[places[1].uid].categories == ["$NoticedClosed"]


LIST = (
    b'<?xml version="1.0"?><categories default="Rot" lastSavedSession="5" lastSavedTime="2026-10-01T08:00:00.000"'
    b' xmlns="CategoryList.xsd"><category name="Rot" color="0" keyboardShortcut="0" usageCount="7"'
    b' guid="{2B7FC69C-7046-44A2-8FF3-007D7467DC82}" renameOnFirstUse="1"/></categories>'
)


@pytest.mark.parametrize("by_the_schema", [True, False])
def test_our_categories_get_their_colours_once_and_others_keep_theirs(account: EwsAccount, by_the_schema: bool) -> None:
    account.deliver(mail(1))
    account.store.configurations["CategoryList"] = LIST
    account.server.exchange.by_the_schema = by_the_schema
    for _ in range(2):
        box = account.mailbox()
        box.tag(box.changes(INBOX, None).new, frozenset({"$NoticedRefused", "$NoticedReview"}), frozenset())
        box.close()
    kept = etree.fromstring(account.store.configurations["CategoryList"])
    assert [(one.get("name"), one.get("color")) for one in kept] == [
        ("Rot", "0"), ("$NoticedRefused", "0"), ("$NoticedReview", "8"),
    ]  # fmt: skip
    assert kept[0].get("usageCount") == "7"
    assert account.server.exchange.asked.count("UpdateUserConfiguration") == 1
    if not by_the_schema:
        account.server.slips.clear()


@pytest.mark.parametrize("data", [None, b"", b"no list at all", b"<categories"])
def test_without_a_list_of_categories_mails_are_tagged_all_the_same(account: EwsAccount, data: bytes | None) -> None:
    account.deliver(mail(1))
    if data is not None:
        account.store.configurations["CategoryList"] = data
    box = account.mailbox()
    [place] = box.changes(INBOX, None).new
    box.tag([place], frozenset({"$NoticedClosed"}), frozenset())
    box.close()
    assert account.store.items[place.uid].categories == ["$NoticedClosed"]
    assert account.store.configurations.get("CategoryList") == data


@pytest.mark.parametrize("step", ["GetItem", "UpdateItem"])
def test_a_mail_that_refuses_to_be_tagged_is_told_of(account: EwsAccount, step: str) -> None:
    account.deliver(mail(1))
    box = account.mailbox()
    found = box.changes(INBOX, None)
    once(account.server, step, "ErrorAccessDenied")
    assert box.tag(found.new, frozenset({"$NoticedClosed"}), frozenset()) == frozenset(found.new)
    assert box.tag(found.new, frozenset({"$NoticedClosed"}), frozenset()) == frozenset()
    assert [one.categories for one in account.store.items.values()] == [["$NoticedClosed"]]
    box.close()


# one policy for faults


@pytest.mark.parametrize(("milliseconds", "seconds"), [(0, 0.0), (17_500, 17.5), (3_600_000, LONGEST_WAIT)])
def test_a_busy_server_is_left_alone_as_long_as_it_asks_and_nobody_sleeps(
    account: EwsAccount, box: EwsMailbox, monkeypatch: pytest.MonkeyPatch, milliseconds: int, seconds: float
) -> None:
    box.open()
    account.server.back_off = milliseconds
    account.server.fault = lambda operation: "busy"
    slept: list[float] = []
    monkeypatch.setattr("exchangelib.util.time.sleep", slept.append)
    with pytest.raises(TransientError) as raised:
        box.changes(INBOX, None)
    assert (raised.value.retry_after, slept) == (seconds, [])


@pytest.mark.parametrize(("after", "seconds"), [("17", 17.0), ("7200", LONGEST_WAIT), ("soon", None)])
def test_a_retry_after_is_told_and_capped(
    account: EwsAccount, box: EwsMailbox, after: str, seconds: float | None
) -> None:
    box.open()
    account.server.retry_after = after
    account.server.fault = lambda operation: "503"
    with pytest.raises(TransientError) as raised:
        box.changes(INBOX, None)
    assert raised.value.retry_after == seconds


def test_a_message_that_says_busy_counts_as_well(account: EwsAccount, box: EwsMailbox) -> None:
    box.open()
    account.server.exchange.broken = {"SyncFolderItems": "ErrorServerBusy"}
    with pytest.raises(TransientError):
        box.changes(INBOX, None)


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_server_that_never_finishes_is_given_up_by_a_deadline(account: EwsAccount, fault: str) -> None:
    box = account.mailbox(command_seconds=patience(fault))
    box.open()
    account.server.fault = lambda operation: fault
    with pytest.raises(TransientError, match=r"in time|lost"):
        box.changes(INBOX, None)
    box.close()


def test_a_connection_that_died_while_kept_is_made_anew(account: EwsAccount, box: EwsMailbox) -> None:
    account.deliver(mail(1))
    state = box.changes(INBOX, None).state
    account.server.stop()
    account.server.start()
    account.deliver(mail(2))
    assert read(box, box.changes(INBOX, state).new) == ids(2)


def test_two_logins_of_one_user_share_nothing(account: EwsAccount) -> None:
    one, other = connect(account.settings), connect(account.settings)
    assert one._account.protocol is not other._account.protocol
    from exchangelib.protocol import CachingProtocol

    assert not CachingProtocol._protocol_cache
    for wire in (one, other):
        wire.close()


# work × fault: the same end state as without the fault


def _list(box: Mailbox) -> None:
    box.changes(INBOX, None)


def _fetch(box: Mailbox) -> None:
    assert read(box, box.changes(INBOX, None).new)


def _move(box: Mailbox) -> None:
    for message_id in ids(1, 2):
        places = box.find(INBOX, message_id)
        box.file(places, DONE)


def _tag(box: Mailbox) -> None:
    box.tag(box.changes(INBOX, None).new, frozenset({"$NoticedClosed"}), frozenset())


def _find(box: Mailbox) -> None:
    assert len(box.find(INBOX, "<m1@esp.example>")) == 1


def _append(box: Mailbox) -> None:
    box.ensure_folder("Gesendet")
    if not box.find("Gesendet", "<m7@esp.example>"):
        box.append("Gesendet", mail(7))


WORK: dict[str, tuple[Callable[[Mailbox], None], tuple[str, ...]]] = {
    "list": (_list, ("GetFolder", "SyncFolderItems")),
    "fetch": (_fetch, ("GetItem",)),
    "move": (_move, ("FindFolder", "CreateFolder", "MoveItem")),
    "tag": (_tag, ("GetUserConfiguration", "GetItem", "UpdateItem")),
    "find": (_find, ("FindItem",)),
    "append": (_append, ("CreateFolder", "CreateItem")),
}


def end_state(account: EwsAccount) -> tuple[Any, ...]:
    inbox = account.store.of(account.store.at(INBOX).id)
    tags = [tuple(one.categories) for one in inbox]
    return account.message_ids(INBOX), account.message_ids(DONE), account.message_ids("Gesendet"), tags


@pytest.mark.parametrize("work", WORK)
def test_after_every_fault_the_end_is_the_same_as_without_it(server: EwsServer, work: str) -> None:
    act, steps = WORK[work]
    ends = set()
    for step, fault in [("", ""), *cells(steps)]:
        fresh = EwsServer()
        fresh.port = 0
        fresh.start()
        account = EwsAccount(fresh)
        account.deliver(mail(1), mail(2))
        box = account.mailbox(command_seconds=patience(fault))
        once(fresh, step, fault)
        for _ in range(3):
            try:
                act(box)
            except NoticedError:
                continue
            break
        else:
            raise AssertionError((step, fault))
        ends.add(str(end_state(account)))
        box.close()
        fresh.stop()
        assert fresh.slips == []
        assert len(ends) == 1, (step, fault, ends)


# logins


def test_a_wrong_password_is_an_administrators_matter(account: EwsAccount) -> None:
    with pytest.raises(ConfigError, match="refused the login: check user and password"):
        account.mailbox(password="wrong").open()


def test_a_mailbox_that_the_login_may_not_open_is_said(account: EwsAccount) -> None:
    with pytest.raises(ConfigError, match="not into the mailbox of this address"):
        account.mailbox(address="other@hotline.example").open()


def test_a_path_where_no_exchange_is_says_so(account: EwsAccount) -> None:
    with pytest.raises(ConfigError, match="has no EWS at /other"):
        account.mailbox(path="/other").open()


def test_an_impersonated_mailbox_is_opened_by_its_address(account: EwsAccount) -> None:
    account.deliver(mail(1))
    box = account.mailbox(impersonate=True)
    assert len(box.changes(INBOX, None).new) == 1
    assert b"ExchangeImpersonation" in account.server.requests[-1]
    box.close()


@pytest.mark.parametrize("tls", [Tls.NONE, Tls.IMPLICIT])
def test_ntlm_logs_in_once_per_connection(tmp_path: Path, tls: Tls) -> None:
    authority = Authority(tmp_path)
    context = authority.server_context() if tls is Tls.IMPLICIT else None
    for _ in ntlm_users(tmp_path):
        server = EwsServer(auth="ntlm", tls=context).start()
        account = EwsAccount(server)
        account.deliver(mail(1))
        same = {"auth": "ntlm", "tls": tls, "ca_file": authority.ca_file}
        box = account.mailbox(**same)
        assert read(box, box.changes(INBOX, None).new) == ids(1)
        assert server.connections == 1
        box.close()
        with pytest.raises(ConfigError, match="refused the login"):
            account.mailbox(**same, password="wrong").open()
        server.stop()
        assert server.slips == []


def test_a_token_that_ran_out_is_followed_by_the_next(server: EwsServer) -> None:
    server.auth = "oauth"
    account = EwsAccount(server)
    tokens = iter([TOKEN, TOKEN, "token-2", "token-2", "token-2"])
    box = account.mailbox(auth="oauth", user="", password="", token=lambda: next(tokens))
    box.open()
    server.tokens = {"token-2"}
    assert box.changes(INBOX, None).new == ()
    box.close()


def test_a_token_that_is_refused_twice_is_an_administrators_matter(server: EwsServer) -> None:
    server.auth = "oauth"
    box = EwsAccount(server).mailbox(auth="oauth", token=lambda: "none of mine")
    with pytest.raises(ConfigError, match="check user and access token"):
        box.open()


def test_a_server_is_trusted_by_its_certificate_only(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server = EwsServer(tls=authority.server_context()).start()
    account = EwsAccount(server)
    account.deliver(mail(1))
    box = account.mailbox(tls=Tls.IMPLICIT, ca_file=authority.ca_file)
    assert len(box.changes(INBOX, None).new) == 1
    box.close()
    with pytest.raises(ConfigError, match="certificate is not trusted"):
        account.mailbox(tls=Tls.IMPLICIT).open()
    server.stop()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"host": "outlook.office365.com"},
            'blocked since 1 October 2026 and ends on 1 April 2027: write kind = "graph"',
        ),
        ({"host": "OUTLOOK.OFFICE.COM."}, "is Exchange Online"),
        ({"host": "partner.outlook.cn"}, "is Exchange Online"),
        ({"host": "mail.hotline.example", "tls": Tls.NONE}, "only allowed on this machine"),
        ({"tls": Tls.STARTTLS}, "knows no STARTTLS"),
        ({"password": ""}, "needs it"),
        ({"path": "EWS"}, 'must begin with "/"'),
        ({"host": "https://mail.hotline.example"}, "must be the name only"),
    ],
)
def test_bad_settings_are_told_in_one_sentence(account: EwsAccount, change: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words) as raised:
        open_mailbox(replace(account.settings, **({"tls": Tls.IMPLICIT} | change)))
    assert len(raised.value.problems) == 1


def test_exchange_online_is_let_through_where_the_app_is_allow_listed(account: EwsAccount) -> None:
    open_mailbox(replace(account.settings, host="outlook.office365.com", tls=Tls.IMPLICIT, allow_listed=True))
    open_mailbox(replace(account.settings, host="mail.notoffice365.com.example", tls=Tls.IMPLICIT))


def test_without_exchangelib_it_is_said_what_is_missing(account: EwsAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "exchangelib", None)
    with pytest.raises(ConfigError, match='install noticed with its extra "exchange"'):
        account.mailbox().open()


# notifications


def waiting(box: EwsMailbox, server: EwsServer) -> Any:
    """Let ``box`` listen, and give its listener once the server has a stream of it."""
    box.changes(INBOX, None)
    return waiting_at(box, server)


def waiting_at(box: EwsMailbox, server: EwsServer) -> Any:
    box.wait(0.01)
    until(lambda: "Subscribe" in server.exchange.asked)
    return box._listener


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_stream_that_ends_after_its_minute_is_followed_by_the_next(account: EwsAccount, box: EwsMailbox) -> None:
    account.server.stream_minute = 0.05
    listener = waiting(box, account.server)
    until(lambda: listener.streams >= 3)
    assert listener.failures == 0


def test_a_stream_that_died_without_a_word_is_noticed_and_made_anew(account: EwsAccount) -> None:
    box = account.mailbox(stream_seconds=0.2)
    account.server.streams_are_dead = True
    listener = waiting(box, account.server)
    until(lambda: listener.failures > 0)
    assert box.wait(20) is True  # what came meanwhile was not told: it is looked for
    account.server.streams_are_dead = False
    box.wake()
    until(lambda: listener.streams >= 2)
    box.close()


def test_a_dead_stream_is_noticed_within_two_minutes(account: EwsAccount) -> None:
    assert account.settings.stream_seconds + account.settings.connect_seconds <= 120


def test_news_that_were_listed_meanwhile_give_no_hint(account: EwsAccount, box: EwsMailbox) -> None:
    listener = waiting(box, account.server)
    account.deliver(mail(1))
    until(lambda: box._news)
    box.changes(INBOX, None)
    box._rung.clear()
    assert box.wait(0.01) is False
    assert listener.failures == 0


def test_a_server_that_gives_no_notifications_is_polled(account: EwsAccount, box: EwsMailbox) -> None:
    account.server.exchange.broken = {"Subscribe": "ErrorAccessDenied"}
    listener = waiting(box, account.server)
    until(lambda: listener.failures > 0)
    account.deliver(mail(1))
    assert len(box.changes(INBOX, None).new) == 1


def test_a_stream_goes_to_the_server_that_keeps_its_subscription(account: EwsAccount, box: EwsMailbox) -> None:
    account.server.cookie = "X-BackEndOverrideCookie=server-7~1"
    waiting(box, account.server)
    until(lambda: "GetStreamingEvents" in account.server.headers)
    headers = account.server.headers
    assert (
        headers["Subscribe"]["X-PreferServerAffinity"]
        == headers["GetStreamingEvents"]["X-PreferServerAffinity"]
        == "True"
    )
    assert "server-7~1" in headers["GetStreamingEvents"]["X-BackEndOverrideCookie"]
    assert "X-PreferServerAffinity" not in headers["SyncFolderItems"]


def test_a_closed_mailbox_leaves_no_thread_behind(account: EwsAccount, box: EwsMailbox) -> None:
    listener = waiting(box, account.server)
    box.close()
    assert not listener._thread.is_alive()
    assert not [one for one in threading.enumerate() if one.name == "ews-push"]


# the server's honesty


@pytest.mark.skipif(not ews_schema.is_there(), reason=ews_schema.MISSING)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.iter("{*}ResponseCode").__next__().__setattr__("text", "ErrorNeverHeardOf"),
        lambda body: next(body.iter("{*}FolderId")).attrib.pop("Id"),
        lambda body: next(body.iter("{*}GetFolderResponseMessage")).attrib.pop("ResponseClass"),
        lambda body: next(body.iter("{*}Folder")).append(etree.Element("{urn:x}Stranger")),
    ],
)
def test_a_wrong_answer_is_caught_by_the_schemas(account: EwsAccount, spoil: Callable[[Any], Any]) -> None:
    account.server.twist = spoil
    box = account.mailbox()
    try:
        box.open()
    except NoticedError:
        pass
    box.close()
    assert account.server.slips
    assert all(one.startswith("answer:") for one in account.server.slips)
    account.server.slips.clear()


@pytest.mark.skipif(not ews_schema.is_there(), reason=ews_schema.MISSING)
def test_a_wrong_request_is_caught_by_the_schemas(account: EwsAccount) -> None:
    wire = connect(account.settings)
    with pytest.raises(TransientError):
        wire.ask("GetFolder", m("GetFolder", m("FolderIds"), shape("FolderShape")))
    wire.close()
    assert account.server.slips
    account.server.slips.clear()


# a server that Microsoft's sign-in speaks for


@pytest.mark.parametrize("way", ["the application", "a person"])
def test_a_mailbox_is_opened_with_a_token_of_the_sign_in(tmp_path: Path, way: str) -> None:
    sign_in = SignIn(Authority(tmp_path), rotates=False)
    server = EwsServer(auth="oauth").start()
    given: dict[str, Any] = {"login": sign_in.url, "ca_file": sign_in.authority.ca_file}
    given |= {"client_secret": SECRET} if way == "the application" else {"refresh_token": REFRESH}
    oauth = OAuthSettings("microsoft", TENANT, CLIENT, **given)
    settings = EwsSettings(
        "box", "127.0.0.1", server.store.address, auth="oauth", oauth=oauth, port=server.port, tls=Tls.NONE
    )
    server.tokens = sign_in.given  # type: ignore[assignment]
    box = open_mailbox(replace(settings, impersonate=way == "the application"))
    box.changes(INBOX, None)
    assert len(sign_in.given) == 1
    server.tokens = set()  # the token is withdrawn before its time
    with pytest.raises(ConfigError, match="access token"):
        box.changes(INBOX, None)
    server.tokens = sign_in.given  # type: ignore[assignment]
    sign_in.given.clear()
    assert box.changes(INBOX, None).new == ()
    scopes = {form["scope"].split()[0] for form in sign_in.forms}
    assert scopes <= {"https://127.0.0.1/.default", "https://127.0.0.1/EWS.AccessAsUser.All"}
    box.close()
    server.stop()
    sign_in.stop()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"auth": "oauth"}, "needs an oauth table"),
        ({"oauth": OAuthSettings("microsoft", TENANT, CLIENT, SECRET)}, 'must be "oauth"'),
        ({"auth": "oauth", "oauth": OAuthSettings("google")}, 'provider = "microsoft"'),
        ({"auth": "oauth", "oauth": OAuthSettings("microsoft", TENANT, CLIENT, SECRET)}, "impersonate must be true"),
    ],
)
def test_a_sign_in_that_does_not_fit_is_told(account: EwsAccount, change: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words) as raised:
        open_mailbox(replace(account.settings, **change))
    assert len(raised.value.problems) == 1


def test_exchangelib_itself_agrees_with_the_server(account: EwsAccount) -> None:
    """A client that was written against real Exchange Servers lists, syncs, moves and sends here, by its own requests."""
    from exchangelib import DELEGATE, Account, Configuration, Credentials, EWSTimeZone, Message
    from exchangelib.protocol import CachingProtocol
    from exchangelib.version import EXCHANGE_2016, Version

    account.deliver(mail(1), mail(2))
    login = Configuration(
        service_endpoint=f"http://127.0.0.1:{account.server.port}/EWS/Exchange.asmx",
        credentials=Credentials(USER, PASSWORD), auth_type="basic", version=Version(build=EXCHANGE_2016),
    )  # fmt: skip
    zone = EWSTimeZone("UTC")
    other = Account(account.store.address, config=login, access_type=DELEGATE, default_timezone=zone, locale="en")
    assert [one.message_id for one in other.inbox.all().only("message_id")] == ids(1, 2)
    assert {kind for kind, _ in other.inbox.sync_items(only_fields=["id", "subject"])} == {"create"}
    other.bulk_move(list(other.inbox.all().only("id")), other.junk)
    assert account.message_ids("Junk-E-Mail") == ids(1, 2)
    raw = b"Message-ID: <m3@esp.example>\r\nTo: abuse@esp.example\r\nSubject: x\r\n\r\nText\r\n"
    letter = Message(account=other, folder=other.drafts, mime_content=raw)
    letter.save()
    letter.send(save_copy=True)
    assert (account.store.outgoing, account.message_ids("Gesendete Elemente")) == ([raw], ids(3))
    CachingProtocol.clear_cache()


def test_another_folder_may_be_the_inbox(account: EwsAccount) -> None:
    account.store.at("Meldungen/Antworten")
    box = account.mailbox(inbox="Meldungen/Antworten")
    account.deliver(mail(1), folder="Meldungen/Antworten")
    account.deliver(mail(2))
    found = box.changes(box.inbox, None)
    assert read(box, found.new) == ids(1)
    waiting_at(box, account.server)
    account.deliver(mail(3), folder="Meldungen/Antworten")
    assert box.wait(20) is True
    box.close()


@pytest.mark.parametrize("operation", ["GetFolder", "FindFolder", "SyncFolderItems", "FindItem"])
def test_a_server_that_fails_in_itself_is_asked_again_later(account: EwsAccount, operation: str) -> None:
    box = account.mailbox()
    account.server.exchange.broken = {operation: "ErrorInternalServerError"}
    with pytest.raises(TransientError):
        box.find("Junk-E-Mail", "<m1@esp.example>")
        box.changes("Junk-E-Mail", None)
    account.server.exchange.broken = {}
    assert box.changes("Junk-E-Mail", None).new == ()
    box.close()
