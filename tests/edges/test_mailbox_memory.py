"""The mailbox in memory that the jobs are tested with keeps the promises, or their tests would prove nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from daemon.mailbox import Filed, Place
from daemon.mailbox._state import uid_of
from tests.edges.mailbox_promises import INBOX, MailboxPromises
from tests.memory import MemoryMailbox, Server, message_id_of


class MemoryAccount:
    keeps_tags = True

    def __init__(self) -> None:
        self.server = Server()

    def mailbox(self) -> Ensuring:
        return Ensuring(self.server)

    def deliver(self, *raws: bytes, folder: str = INBOX) -> None:
        for raw in raws:
            self.server.deliver(raw, folder=folder)

    def remove(self, place: Place) -> None:
        del self.server.folders[place.folder].messages[uid_of(place)[1]]

    def remove_folder(self, name: str) -> None:
        del self.server.folders[name]

    def renew(self, folder: str) -> None:
        self.server.renumber(folder)

    def seen(self, _place: Place) -> bool:
        return False

    def message_ids(self, folder: str) -> list[str]:
        if folder not in self.server.folders:
            return []
        return sorted(message_id_of(message.raw) for message in self.server.folders[folder].messages.values())


class Ensuring(MemoryMailbox):
    """The jobs make a folder before they file into it, and this mailbox insists on that."""

    def file(self, places: Sequence[Place], folder: str) -> Mapping[Place, Filed]:
        self.ensure_folder(folder)
        return super().file(places, folder)


class TestMemory(MailboxPromises):
    # it holds small mails only, has no network to wait on, and takes any word and any id
    test_an_attachment_is_named_and_never_read = None
    test_text_behind_an_attachment_is_read = None
    test_long_text_is_read_as_far_as_the_limit_and_said_to_be_cut = None
    test_news_end_a_wait = None
    test_a_wait_can_be_ended_from_another_thread = None
    test_a_tag_that_no_server_takes_is_refused = None
    test_an_odd_message_id_is_found_too = None
    test_filing_to_where_it_lies_moves_nothing = None

    @pytest.fixture
    def account(self) -> Any:
        return MemoryAccount()
