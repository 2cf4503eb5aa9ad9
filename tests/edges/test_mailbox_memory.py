"""The mailbox of the tests keeps every promise of a mailbox: what holds in memory may be believed of servers."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.mailbox import Place
from daemon.mailbox._state import uid_of
from tests.edges.mailbox_promises import MailboxPromises
from tests.memory import START, MemoryMailbox, Server, message_id_of


class MemoryAccount:
    keeps_tags = tells_tags = True

    def __init__(self, tells_place: bool) -> None:
        self.server, self.tells_place = Server(), tells_place

    def mailbox(self) -> MemoryMailbox:
        return MemoryMailbox(self.server, "box", tells_place=self.tells_place)

    def deliver(self, *raws: bytes, folder: str = "INBOX") -> None:
        for raw in raws:
            self.server.deliver(raw, START, folder)

    def remove(self, place: Place) -> None:
        del self.server.folders[place.folder].messages[uid_of(place)[1]]

    def remove_folder(self, name: str) -> None:
        del self.server.folders[name]

    def renew(self, folder: str) -> None:
        self.server.renumber(folder)

    def tag(self, place: Place, *words: str, remove: bool = False) -> None:
        self.server.tag(place.folder, uid_of(place)[1], *((set(), set(words)) if remove else (set(words), set())))

    def seen(self, place: Place) -> bool:
        return False

    def message_ids(self, folder: str) -> list[str]:
        return sorted(message_id_of(message.raw) for message in self.server.folder(folder).messages.values())


class TestMemoryMailbox(MailboxPromises):
    @pytest.fixture(params=[True, False], ids=["tells_place", "tells_nothing"])
    def account(self, request: pytest.FixtureRequest) -> Any:
        return MemoryAccount(request.param)
