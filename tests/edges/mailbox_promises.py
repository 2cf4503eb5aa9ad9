"""What every mailbox promises; each backend subclasses it and gives an account.

An account is what the test may do besides the daemon: deliver, remove, renew a folder, look.  It is an object with

- ``mailbox()``: a new connection to the same account, as after a restart;
- ``deliver(*raws, folder="INBOX")``; ``remove(place)``: another program takes a mail away for good;
- ``renew(folder)``: the folder's old places mean nothing any more (UIDVALIDITY), its mails are the same;
- ``message_ids(folder)``: the sorted Message-IDs a mail program shows there;
- ``seen(place)``: whether the mail is marked as read; ``keeps_tags``: whether tags are kept;
- ``tag(place, *words, remove=False)``: another program sets or removes tags; ``tells_tags``: whether a listing tells.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest

from daemon.errors import PermanentError
from daemon.mailbox import Changes, FolderState, Mailbox, Place
from tests.counts import count

INBOX = "INBOX"
DONE = "Erledigt/Gelöscht – 済み"


def mail(number: int, text: str = "It was removed.", extra: str = "") -> bytes:
    head = f"Message-ID: <m{number}@esp.example>\r\nFrom: desk@esp.example\r\nSubject: Case {number}\r\n{extra}"
    return f"{head}\r\n{text}\r\n".encode()


def with_attachment(number: int, size: int, text: str = "It was removed.", after: str = "") -> bytes:
    """A mail with an attachment of ``size`` bytes, and perhaps text after it."""
    line = b"QUJD" * 18 + b"\r\n"
    pieces = [
        f"Message-ID: <m{number}@esp.example>\r\nFrom: desk@esp.example\r\nSubject: Case {number}\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b-1"\r\n\r\n'
        f"--b-1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        '--b-1\r\nContent-Type: application/pdf; name="letter.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
        'Content-Disposition: attachment; filename="letter.pdf"\r\n\r\n'.encode(),
        line * (size // len(line) + 1),
        f"--b-1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{after}\r\n".encode() if after else b"",
        b"--b-1--\r\n",
    ]
    return b"".join(pieces)


def numbers(raws: list[bytes]) -> list[str]:
    return [str(message_from_bytes(raw)["Message-ID"]) for raw in raws]


def ids(*which: int) -> list[str]:
    return sorted(f"<m{number}@esp.example>" for number in which)


def read(box: Mailbox, places: tuple[Place, ...]) -> list[str]:
    return numbers([found.raw for found in box.fetch(places)])


class MailboxPromises:
    """Subclass it as ``TestSomething`` with a fixture ``account``."""

    reads_large_mails = True  # False: of a mail over 1 MB headers and body only, and it is never complete

    @pytest.fixture
    def account(self) -> Any:
        raise AssertionError("a subclass gives the account")

    @pytest.fixture
    def box(self, account: Any) -> Any:
        box = account.mailbox()
        box.open()
        yield box
        box.close()

    def delivered(self, account: Any, box: Mailbox, *which: int, folder: str = INBOX) -> Changes:
        account.deliver(*(mail(number) for number in which), folder=folder)
        return box.changes(folder, None)

    # listing

    def test_an_empty_inbox_lists_nothing(self, box: Mailbox) -> None:
        assert box.changes(INBOX, None).new == ()

    def test_new_mail_is_listed_once_in_the_order_of_arrival(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2, 3)
        assert sorted(read(box, found.new)) == ids(1, 2, 3)
        assert len(found.new) == len(set(found.new)) == 3
        again = box.changes(INBOX, found.state)
        assert (again.new, again.gone, again.reset) == ((), (), False)

    def test_a_state_does_not_change_while_nothing_happens(self, account: Any, box: Mailbox) -> None:
        state = self.delivered(account, box, 1, 2).state
        for _ in range(3):
            assert box.changes(INBOX, state).state == state

    def test_mail_that_comes_later_is_listed_next(self, account: Any, box: Mailbox) -> None:
        first = self.delivered(account, box, 1)
        account.deliver(mail(2))
        account.deliver(mail(3))
        second = box.changes(INBOX, first.state)
        assert read(box, second.new) == ["<m2@esp.example>", "<m3@esp.example>"]
        assert box.changes(INBOX, second.state).new == ()

    def test_a_state_survives_a_restart(self, account: Any, box: Mailbox) -> None:
        state = self.delivered(account, box, 1, 2).state
        account.deliver(mail(3))
        other = account.mailbox()
        kept = FolderState(state.folder, str(state.text))
        assert read(other, other.changes(INBOX, kept).new) == ids(3)
        other.close()

    def test_what_was_not_dealt_with_is_listed_again_and_only_that(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2, 3, 4)
        for done in range(5):
            last = found.new[done - 1] if done else None
            rest = box.changes(INBOX, box.state_after(found, last))
            assert rest.new == found.new[done:]
            assert not rest.reset

    def test_a_mail_taken_away_is_told_as_gone_once(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2, 3)
        account.remove(found.new[1])
        later = box.changes(INBOX, found.state)
        assert (later.new, later.gone) == ((), (found.new[1],))
        assert box.changes(INBOX, later.state).gone == ()

    def test_one_gone_and_one_come_are_both_told(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2)
        account.remove(found.new[0])
        account.deliver(mail(3))
        later = box.changes(INBOX, found.state)
        assert read(box, later.new) == ids(3)
        assert later.gone == (found.new[0],)

    def test_what_is_gone_is_told_again_until_the_listing_was_dealt_with(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2)
        account.remove(found.new[0])
        account.deliver(mail(3), mail(4))
        later = box.changes(INBOX, found.state)
        halfway = box.changes(INBOX, box.state_after(later, later.new[0]))
        assert (halfway.new, halfway.gone) == (later.new[1:], later.gone)

    def test_a_renewed_folder_is_listed_whole_and_said_to_be(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2, folder="Akten")
        account.renew("Akten")
        again = box.changes("Akten", found.state)
        assert again.reset
        assert sorted(read(box, again.new)) == ids(1, 2)
        assert not set(again.new) & set(found.new)
        half = box.changes("Akten", box.state_after(again, again.new[0]))
        assert (half.new, half.reset) == (again.new[1:], True)
        whole = box.changes("Akten", box.state_after(again, None))
        assert (whole.new, whole.reset) == (again.new, True)
        end = box.changes("Akten", again.state)
        assert (end.new, end.reset) == ((), False)

    def test_places_from_before_a_renewal_are_no_longer_believed(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2, folder="Akten")
        account.renew("Akten")
        box.changes("Akten", found.state)
        assert list(box.fetch(found.new)) == []
        assert all(filed.vanished and not filed.moved for filed in box.file(found.new, DONE).values())
        assert account.message_ids("Akten") == ids(1, 2)

    def test_a_state_that_cannot_be_read_lists_everything_again(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2)
        again = box.changes(INBOX, FolderState(INBOX, "from another world"))
        assert (again.new, again.reset) == (found.new, True)

    def test_an_older_state_from_a_backup_lists_what_came_since(self, account: Any, box: Mailbox) -> None:
        old = self.delivered(account, box, 1).state
        account.deliver(mail(2))
        newer = box.changes(INBOX, old)
        box.file(newer.new, DONE)
        account.deliver(mail(3))
        assert read(box, box.changes(INBOX, old).new) == ids(3)

    def test_a_missing_folder_is_an_error_of_its_own(self, box: Mailbox) -> None:
        with pytest.raises(PermanentError):
            box.changes("Nirgendwo", None)
        assert box.changes(INBOX, None).new == ()

    # fetching

    def test_a_message_comes_as_it_lies_there(self, account: Any, box: Mailbox) -> None:
        account.deliver(mail(1, "Grüße – ok"))
        [found] = box.fetch(box.changes(INBOX, None).new)
        assert found.raw == mail(1, "Grüße – ok")
        assert (found.complete, found.unseen_parts, found.size) == (True, (), len(found.raw))
        assert found.received_at.utcoffset() == timedelta(0)

    def test_reading_marks_nothing_as_read(self, account: Any, box: Mailbox) -> None:
        account.deliver(mail(1), with_attachment(2, 100_000, after="And more."))
        found = box.changes(INBOX, None)
        list(box.fetch(found.new))
        box.find(INBOX, "<m1@esp.example>")
        assert not any(account.seen(place) for place in found.new)

    def test_a_mail_that_vanished_is_left_out_and_the_others_come(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2, 3)
        account.remove(found.new[1])
        box.changes(INBOX, found.state)  # until it says so, a server may still give a mail that another removed
        assert read(box, found.new) == ids(1, 3)

    def test_many_mails_come_in_the_order_asked_for(self, account: Any, box: Mailbox) -> None:
        many = count(test=60, prove=300)
        account.deliver(*(mail(number) for number in range(many)))
        places = box.changes(INBOX, None).new
        assert [found.place for found in box.fetch(places)] == list(places)

    def test_an_attachment_is_named_and_never_read(self, account: Any, box: Mailbox) -> None:
        account.deliver(with_attachment(1, count(test=3_000_000, prove=150_000_000)))
        [found] = box.fetch(box.changes(INBOX, None).new)
        assert len(found.raw) < 66_000
        assert found.complete is self.reads_large_mails
        [(name, kind, size)] = found.unseen_parts
        assert (name, kind) == ("letter.pdf", "application/pdf")
        assert 0 < size <= found.size
        parts = [part for part in message_from_bytes(found.raw).walk() if not part.is_multipart()]
        assert [part.get_content_type() for part in parts] == ["text/plain"]
        assert b"It was removed." in parts[0].get_payload(decode=True)

    def test_text_behind_an_attachment_is_read(self, account: Any, box: Mailbox) -> None:
        account.deliver(with_attachment(1, 300_000, after="The second link is online."))
        [found] = box.fetch(box.changes(INBOX, None).new)
        texts = [p.get_payload(decode=True) for p in message_from_bytes(found.raw).walk() if not p.is_multipart()]
        assert [text.strip() for text in texts] == [b"It was removed.", b"The second link is online."]
        assert [part[:2] for part in found.unseen_parts] == [("letter.pdf", "application/pdf")]

    def test_long_text_is_read_as_far_as_the_limit_and_said_to_be_cut(self, account: Any, box: Mailbox) -> None:
        account.deliver(mail(1, "word " * 30_000), mail(2, "word \r\n" * 200_000))
        first, second = box.fetch(box.changes(INBOX, None).new)
        assert first.raw.count(b"word ") == 30_000
        assert (first.complete, second.complete) == (True, False)
        assert 30_000 < second.raw.count(b"word ") < 60_000

    # filing

    def test_a_filed_mail_lies_in_its_folder_and_nowhere_else(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2, 3)
        filed = box.file(found.new[:2], DONE)
        assert all(how.moved and not how.vanished for how in filed.values())
        assert (account.message_ids(INBOX), account.message_ids(DONE)) == (ids(3), ids(1, 2))

    def test_where_a_filed_mail_lies_is_told_or_can_be_found(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2)
        filed = box.file(found.new, DONE)
        for place, message_id in zip(found.new, ids(1, 2), strict=True):
            told = filed[place].place
            [there] = box.find(DONE, message_id)
            assert told in (None, there)
            assert read(box, (there,)) == [message_id]

    def test_our_own_filing_shows_as_gone_and_as_new(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2)
        box.ensure_folder(DONE)
        before = box.changes(DONE, None)
        box.file(found.new[:1], DONE)
        assert read(box, box.changes(DONE, before.state).new) == ids(1)
        left = box.changes(INBOX, found.state)
        assert left.new == ()
        assert left.gone in ((found.new[0],), ())  # a server that cannot remove one mail only leaves it marked

    def test_filing_again_doubles_nothing(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2)
        box.file(found.new, DONE)
        again = box.file(found.new, DONE)
        assert all(how.vanished for how in again.values())
        other = account.mailbox()
        assert all(how.vanished for how in other.file(found.new, DONE).values())
        other.close()
        assert (account.message_ids(INBOX), account.message_ids(DONE)) == ([], ids(1, 2))

    def test_a_mail_that_vanished_stops_no_other_from_being_filed(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2, 3)
        account.remove(found.new[1])
        filed = box.file(found.new, DONE)
        assert [filed[place].moved for place in found.new] == [True, False, True]
        assert filed[found.new[1]].vanished
        assert account.message_ids(DONE) == ids(1, 3)

    def test_filing_only_what_vanished_says_so(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2)
        assert box.file(found.new[:1], DONE)[found.new[0]].moved
        account.remove(found.new[1])
        assert box.file(found.new[1:], DONE)[found.new[1]].vanished
        assert account.message_ids(DONE) == ids(1)

    def test_a_folder_that_a_person_removed_is_made_again(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2)
        box.file(found.new[:1], DONE)
        account.remove_folder(DONE)
        assert box.file(found.new[1:], DONE)[found.new[1]].moved
        assert account.message_ids(DONE) == ids(2)

    def test_filing_to_where_it_lies_moves_nothing(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1)
        assert box.file(found.new, INBOX)[found.new[0]].moved
        assert account.message_ids(INBOX) == ids(1)
        assert dict(box.file([], DONE)) == {}

    def test_many_mails_are_filed_in_one_call(self, account: Any, box: Mailbox) -> None:
        many = count(test=60, prove=1200)
        account.deliver(*(mail(number) for number in range(many)))
        found = box.changes(INBOX, None)
        filed = box.file(found.new, DONE)
        assert all(filed[place].moved for place in found.new)
        assert len(account.message_ids(DONE)) == many
        assert box.changes(INBOX, found.state).new == ()

    def test_making_a_folder_twice_is_no_error(self, box: Mailbox) -> None:
        box.ensure_folder(DONE)
        box.ensure_folder(DONE)
        assert box.changes(DONE, None).new == ()

    def test_two_identical_mails_are_both_filed(self, account: Any, box: Mailbox) -> None:
        account.deliver(mail(1), mail(1))
        found = box.changes(INBOX, None)
        filed = box.file(found.new, DONE)
        assert all(how.moved for how in filed.values())
        assert account.message_ids(INBOX) == []
        assert set(account.message_ids(DONE)) == set(ids(1))

    # tags

    def test_tags_are_kept_added_to_and_taken_away(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1)
        box.tag(found.new, frozenset({"$NoticedClosed", "$NoticedReview"}), frozenset())
        box.tag(found.new, frozenset(), frozenset({"$NoticedReview"}))
        [one] = box.fetch(found.new)
        assert one.flags == (frozenset({"$NoticedClosed"}) if account.keeps_tags else frozenset())
        assert not account.seen(found.new[0])

    def test_tags_move_along(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1)
        box.tag(found.new, frozenset({"$NoticedClosed"}), frozenset())
        box.file(found.new, DONE)
        [one] = box.fetch(box.find(DONE, "<m1@esp.example>"))
        assert one.flags == (frozenset({"$NoticedClosed"}) if account.keeps_tags else frozenset())

    def test_tags_that_another_program_sets_and_removes_are_told_once(self, account: Any, box: Mailbox) -> None:
        for folder in (INBOX, "Akten"):
            found = self.delivered(account, box, 1, 2, folder=folder)
            account.tag(found.new[1], "$NoticedRemoved", "urgent")
            told = box.changes(folder, found.state)
            if not account.tells_tags:
                assert told.tags == {}
                continue
            assert dict(told.tags)[found.new[1]] == {"$NoticedRemoved", "urgent"}
            assert found.new[0] not in told.tags
            assert dict(box.changes(folder, told.state).tags) == {}
            account.tag(found.new[1], "$NoticedRemoved", remove=True)
            assert dict(box.changes(folder, told.state).tags)[found.new[1]] == {"urgent"}

    def test_tags_are_told_again_until_the_listing_was_dealt_with(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1, 2)
        account.tag(found.new[0], "$NoticedRemoved")
        account.deliver(mail(3), mail(4))
        later = box.changes(INBOX, found.state)
        if not account.tells_tags:
            assert later.tags == {}
            return
        arrived = [place for place in later.new if place not in found.new]
        halfway = box.changes(INBOX, box.state_after(later, arrived[0]))
        assert dict(later.tags)[found.new[0]] == dict(halfway.tags)[found.new[0]] == {"$NoticedRemoved"}
        assert found.new[0] not in box.changes(INBOX, halfway.state).tags

    @pytest.mark.parametrize("word", ["", "with space", "\\Seen", "ü", "x" * 25, "a\r\nb", 'q"', "(a)"])
    def test_a_tag_that_no_server_takes_is_refused(self, account: Any, box: Mailbox, word: str) -> None:
        found = self.delivered(account, box, 1)
        with pytest.raises(PermanentError):
            box.tag(found.new, frozenset({word}), frozenset())
        assert not account.seen(found.new[0])

    def test_tagging_a_vanished_mail_is_no_error(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1)
        account.remove(found.new[0])
        box.tag(found.new, frozenset({"$NoticedClosed"}), frozenset())

    # finding and storing

    def test_a_mail_is_found_by_its_whole_message_id_only(self, account: Any, box: Mailbox) -> None:
        account.deliver(mail(1), mail(11), mail(111))
        for longer in ("<xm11@esp.example>", "<m11@esp.example.test>"):
            account.deliver(f"Message-ID: {longer}\r\nReferences: <m11@esp.example>\r\n\r\nText\r\n".encode())
        [place] = box.find(INBOX, "<m11@esp.example>")
        assert read(box, (place,)) == ids(11)
        assert box.find(INBOX, "<m@esp.example>") == ()
        assert box.find(INBOX, "<>") == ()

    @pytest.mark.parametrize("message_id", ['<a"b\\c@esp.example>', "<a b@esp.example>", "<ü.1@esp.example>"])
    def test_an_odd_message_id_is_found_too(self, account: Any, box: Mailbox, message_id: str) -> None:
        raw = f"Message-ID: {message_id}\r\nSubject: x\r\n\r\nText\r\n".encode()
        account.deliver(raw, mail(2))
        [place] = box.find(INBOX, message_id)
        assert [found.raw for found in box.fetch((place,))] == [raw]

    def test_a_folded_message_id_is_found(self, account: Any, box: Mailbox) -> None:
        account.deliver(b"Subject: x\r\nMessage-ID:\r\n <long.1@esp.example>\r\n\r\nText\r\n")
        assert len(box.find(INBOX, "<long.1@esp.example>")) == 1

    def test_a_stored_copy_can_be_found(self, account: Any, box: Mailbox) -> None:
        place = box.append("Gesendet", mail(7))
        [there] = box.find("Gesendet", "<m7@esp.example>")
        assert place in (None, there)
        assert account.message_ids("Gesendet") == ids(7)

    # waiting

    def test_news_end_a_wait(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1)
        timer = threading.Timer(0.2, lambda: account.deliver(mail(2)))
        timer.start()
        hint = any(box.wait(20) for _ in range(2))
        timer.join()
        assert hint
        assert read(box, box.changes(INBOX, found.state).new) == ids(2)

    def test_a_wait_can_be_ended_from_another_thread(self, box: Any) -> None:
        box.changes(INBOX, None)
        timer = threading.Timer(0.1, box.wake)
        timer.start()
        assert box.wait(300) is False
        timer.join()

    def test_a_short_wait_without_news_gives_no_hint(self, account: Any, box: Mailbox) -> None:
        self.delivered(account, box, 1)
        assert box.wait(0.05) is False

    def test_a_closed_mailbox_opens_again_by_itself(self, account: Any, box: Mailbox) -> None:
        found = self.delivered(account, box, 1)
        box.close()
        box.close()
        assert box.changes(INBOX, found.state).new == ()
