"""The EWS backend keeps every promise of a mailbox, over an Exchange Server of our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from daemon.accounts.tls import Tls
from daemon.mailbox import Place
from daemon.mailbox.ews import EwsMailbox, EwsSettings
from tests.edges.mailbox_promises import MailboxPromises
from tests.servers.ews_server import PASSWORD, USER, EwsServer


class EwsAccount:
    """What other programs do with the same mailbox."""

    keeps_tags = tells_tags = True

    def __init__(self, server: EwsServer) -> None:
        self.server, self.store = server, server.store
        self.settings = EwsSettings(
            "box", "127.0.0.1", server.store.address, USER, PASSWORD, "basic", port=server.port, tls=Tls.NONE,
            connect_seconds=10, command_seconds=30,
        )  # fmt: skip

    def mailbox(self, **other: Any) -> EwsMailbox:
        return EwsMailbox(replace(self.settings, **other))

    def deliver(self, *raws: bytes, folder: str = "INBOX") -> None:
        for raw in raws:
            with self.store.lock:
                self.store.add(self.store.at(folder).id, raw)

    def remove(self, place: Place) -> None:
        self.store.delete(place.uid)

    def remove_folder(self, name: str) -> None:
        self.store.remove_folder(self.store.at(name))

    def renew(self, folder: str) -> None:
        """The folder is made anew, with the same mails."""
        old = self.store.at(folder)
        self.store.remove_folder(old)
        new = self.store.at(folder)
        for item in self.store.of(old.id):
            self.store.move(item.id, new.id)

    def tag(self, place: Place, *words: str, remove: bool = False) -> None:
        with self.store.lock:
            item = self.store.items[place.uid]
            item.categories = [one for one in item.categories if one not in words] + ([] if remove else [*words])
            self.store.change(item)

    def seen(self, place: Place) -> bool:
        return self.store.items[place.uid].is_read

    def message_ids(self, folder: str) -> list[str]:
        return sorted(item.message_id for item in self.store.of(self.store.at(folder).id))


@pytest.fixture
def server() -> Iterator[EwsServer]:
    server = EwsServer().start()
    yield server
    server.stop()
    assert server.slips == []


@pytest.fixture
def account(server: EwsServer) -> EwsAccount:
    return EwsAccount(server)


class TestEws(MailboxPromises):
    reads_large_mails = False

    @pytest.fixture
    def account(self, server: EwsServer) -> Any:
        return EwsAccount(server)
