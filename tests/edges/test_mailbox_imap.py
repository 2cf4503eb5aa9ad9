"""The IMAP backend keeps every promise of a mailbox on Dovecot, on one cut to Exchange's profile, and on pymap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from daemon.accounts.tls import Tls
from daemon.mailbox import Place
from daemon.mailbox.imap import ImapMailbox, ImapSettings
from tests.edges.mailbox_promises import DONE, INBOX, MailboxPromises, ids, mail, read, with_attachment
from tests.servers import dovecot, pymap
from tests.servers.dovecot import Dovecot
from tests.servers.imap_account import OtherProgram
from tests.servers.pymap import Pymap
from tests.servers.relay import Relay


class ImapAccount(OtherProgram):
    tells_tags = False

    def __init__(self, port: int, user: str, password: str, keeps_tags: bool = True, **names: str) -> None:
        super().__init__(port, user, password, **names)
        self.keeps_tags = keeps_tags
        self.settings = ImapSettings("box", "127.0.0.1", user, password, port=port, tls=Tls.NONE)

    def mailbox(self) -> ImapMailbox:
        return ImapMailbox(self.settings)

    def remove(self, place: Place) -> None:  # type: ignore[override]
        super().remove(place.folder, int(place.uid.partition(":")[2]))

    def tag(self, place: Place, *words: str, remove: bool = False) -> None:
        change = self.unstore if remove else self.store
        change(place.folder, int(place.uid.partition(":")[2]), " ".join(words))

    def seen(self, place: Place) -> bool:
        return r"\Seen" in self.flags(place.folder, int(place.uid.partition(":")[2]))


def user_of(server: Dovecot, **options: Any) -> ImapAccount:
    return ImapAccount(server.port, server.new_user(), dovecot.PASSWORD, **options)


def running(server: Dovecot) -> Iterator[Dovecot]:
    try:
        yield server.start()
    finally:
        server.remove()


class ImapPromises(MailboxPromises):
    def test_other_peoples_deleted_mail_is_never_expunged(self, account: ImapAccount, box: ImapMailbox) -> None:
        found = self.delivered(account, box, 1, 2, 3)
        account.store(INBOX, int(found.new[0].uid.partition(":")[2]), r"\Deleted")
        box.file(found.new[1:2], DONE)
        assert set(ids(1, 3)) <= set(account.message_ids(INBOX, with_deleted=True))


@pytest.mark.dovecot
@pytest.mark.xdist_group("TestDovecot")  # one server for all its tests
class TestDovecot(ImapPromises):
    @pytest.fixture(scope="class")
    @classmethod
    def server(cls) -> Iterator[Dovecot]:
        yield from running(Dovecot())

    @pytest.fixture
    def account(self, server: Dovecot) -> Any:
        account = user_of(server)
        account.tells_tags = True
        return account

    @pytest.fixture
    def relay(self, account: ImapAccount) -> Iterator[Relay]:
        relay = Relay(account.settings.port)
        yield relay
        relay.close()

    @pytest.fixture
    def counted(self, account: ImapAccount, relay: Relay) -> Iterator[ImapMailbox]:
        from dataclasses import replace

        box = ImapMailbox(replace(account.settings, port=relay.port))
        yield box
        box.close()

    def test_an_idle_poll_is_one_command_and_a_hundred_bytes(
        self, account: ImapAccount, counted: ImapMailbox, relay: Relay
    ) -> None:
        account.deliver(*(mail(number) for number in range(20)))
        state = counted.changes(INBOX, None).state
        for _ in range(3):
            relay.reset()
            state = counted.changes(INBOX, state).state
            assert (len(relay.commands), relay.down <= 100) == (1, True), (relay.commands, relay.down)

    def test_an_unchanged_folder_beside_the_inbox_is_one_command_too(
        self, account: ImapAccount, counted: ImapMailbox, relay: Relay
    ) -> None:
        account.deliver(mail(1), folder="Akten")
        state = counted.changes("Akten", None).state
        inbox = counted.changes(INBOX, None).state
        state = counted.changes("Akten", state).state
        counted.changes(INBOX, inbox)
        relay.reset()
        assert counted.changes("Akten", state).new == ()
        assert relay.commands == ["STATUS"]

    def test_one_arrival_costs_four_commands(self, account: ImapAccount, counted: ImapMailbox, relay: Relay) -> None:
        counted.ensure_folder(DONE)
        state = counted.changes(INBOX, None).state
        state = self.arrive(account, counted, state, 1)
        relay.reset()
        self.arrive(account, counted, state, 2)
        assert len([word for word in relay.commands if word != "DONE"]) <= 4, relay.commands

    def arrive(self, account: ImapAccount, box: ImapMailbox, state: Any, number: int) -> Any:
        account.deliver(mail(number))
        found = box.changes(INBOX, state)
        assert read(box, found.new) == ids(number)
        box.file(found.new, DONE)
        return found.state

    def test_a_backlog_costs_few_commands(self, account: ImapAccount, counted: ImapMailbox, relay: Relay) -> None:
        account.deliver(*(mail(number) for number in range(200)))
        counted.ensure_folder(DONE)
        relay.reset()
        found = counted.changes(INBOX, None)
        list(counted.fetch(found.new))
        counted.tag(found.new, frozenset({"$NoticedClosed"}), frozenset())
        counted.file(found.new, DONE)
        assert len(relay.commands) <= 0.05 * 200, relay.commands

    def test_at_most_66_kib_are_read_of_a_mail_with_an_attachment(
        self, account: ImapAccount, counted: ImapMailbox, relay: Relay
    ) -> None:
        account.deliver(*(with_attachment(number, 2_000_000) for number in range(5)))
        found = counted.changes(INBOX, None)
        relay.reset()
        assert len(list(counted.fetch(found.new))) == 5
        assert relay.down <= 5 * 66 * 1024
        assert relay.commands == ["UID FETCH", "UID FETCH"]

    def test_a_new_uidvalidity_of_the_inbox_resets(
        self, account: ImapAccount, box: ImapMailbox, server: Dovecot
    ) -> None:
        found = self.delivered(account, box, 1, 2)
        box.close()
        server.doveadm("mailbox", "update", "-u", account.settings.user, "--uid-validity", "4242", INBOX)
        again = box.changes(INBOX, found.state)
        assert (again.reset, [place.uid for place in again.new]) == (True, ["4242:1", "4242:2"])

    def test_the_sent_folder_is_found_by_its_role(self, box: ImapMailbox) -> None:
        assert box.sent_folder() == "Versendet"


@pytest.mark.dovecot
@pytest.mark.xdist_group("TestDovecotAsExchange")  # one server for all its tests
class TestDovecotAsExchange(ImapPromises):
    """No MOVE, no UIDPLUS, no CONDSTORE: filing copies, marks, and leaves the mark."""

    @pytest.fixture(scope="class")
    @classmethod
    def server(cls) -> Iterator[Dovecot]:
        yield from running(Dovecot(dovecot.EXCHANGE))

    @pytest.fixture
    def account(self, server: Dovecot) -> Any:
        return user_of(server)

    def test_a_copy_made_before_a_cut_is_not_made_again(self, account: ImapAccount, box: ImapMailbox) -> None:
        found = self.delivered(account, box, 1, 2)
        relay = Relay(account.settings.port)
        from dataclasses import replace

        from daemon.errors import TransientError

        cut = ImapMailbox(replace(account.settings, port=relay.port))
        relay.cut_after = lambda line: b"UID COPY" in line
        with pytest.raises(TransientError):
            cut.file(found.new, DONE)
        relay.close()
        assert account.message_ids(DONE) == ids(1, 2)
        assert all(how.moved for how in box.file(found.new, DONE).values())
        assert (account.message_ids(INBOX), account.message_ids(DONE)) == ([], ids(1, 2))

    def test_what_is_only_marked_is_not_listed_anew_after_a_reset(self, account: ImapAccount, box: ImapMailbox) -> None:
        found = self.delivered(account, box, 1, 2)
        box.file(found.new[:1], DONE)
        assert read(box, box.changes(INBOX, None).new) == ids(2)
        assert box.changes(INBOX, found.state).new == ()


@pytest.mark.dovecot
@pytest.mark.xdist_group("TestDovecotWithPrefix")  # one server for all its tests
class TestDovecotWithPrefix(ImapPromises):
    """Courier's and Cyrus' way: folders lie below INBOX and are parted by a dot; UIDPLUS, but no MOVE."""

    @pytest.fixture(scope="class")
    @classmethod
    def server(cls) -> Iterator[Dovecot]:
        capability = "IMAP4rev1 IDLE NAMESPACE UIDPLUS LITERAL+ AUTH=PLAIN"
        yield from running(Dovecot(capability, separator=".", prefix="INBOX."))

    @pytest.fixture
    def account(self, server: Dovecot) -> Any:
        return user_of(server, separator=".", prefix="INBOX.")

    def test_the_sent_folder_has_our_kind_of_name(self, box: ImapMailbox, account: ImapAccount) -> None:
        assert box.append(box.sent_folder() or "", mail(1)) is not None
        assert account.message_ids("Versendet") == ids(1)


@pytest.mark.xdist_group("TestPymap")
class TestPymap(ImapPromises):
    @pytest.fixture(scope="class")
    @classmethod
    def server(cls) -> Iterator[Pymap]:
        server = Pymap()
        yield server
        server.stop()

    @pytest.fixture
    def account(self, server: Pymap) -> Any:
        account = ImapAccount(server.port, pymap.USER, pymap.PASSWORD, keeps_tags=False)
        account.clear()
        return account

    def test_an_odd_message_id_is_found_too(self) -> None:  # type: ignore[override]
        """Not here: pymap's search itself does not find an id that is against RFC 5322."""
