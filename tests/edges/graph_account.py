"""What other programs do with the mailbox of the Graph server, and our own way to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from daemon.accounts.patience import Patience
from daemon.mailbox import Place
from daemon.mailbox.graph import GraphMailbox, GraphSettings
from tests.servers.graph_server import ADDRESS, TOKEN, GraphServer

PATIENT = Patience(tries=4, first=0.001, longest=0.2, total=5)


class GraphAccount:
    keeps_tags = tells_tags = True

    def __init__(self, server: GraphServer) -> None:
        self.server, self.store = server, server.store
        self.settings = GraphSettings(
            "box", ADDRESS, token=lambda: TOKEN, url=server.url, call_seconds=30, patience=lambda: PATIENT,
            look_seconds=0.05,
        )  # fmt: skip

    def mailbox(self, **other: Any) -> GraphMailbox:
        return GraphMailbox(replace(self.settings, **other))

    def deliver(self, *raws: bytes, folder: str = "INBOX") -> None:
        with self.store.lock:
            for raw in raws:
                self.store.add(self.store.at(folder).id, raw)

    def remove(self, place: Place) -> None:
        with self.store.lock:
            item = self.store.find(place.uid)
            assert item is not None
            self.store.delete(item)

    def remove_folder(self, name: str) -> None:
        with self.store.lock:
            self.store.remove_folder(self.store.at(name))

    def renew(self, folder: str) -> None:
        """The folder is made anew with the same mails, as after an import: every id is another one."""
        with self.store.lock:
            old = self.store.at(folder)
            self.store.remove_folder(old)
            new = self.store.at(folder)
            for item in self.store.of(old.id):
                self.store.move(item, new.id)
                self.store.renewed(item)

    def tag(self, place: Place, *words: str, remove: bool = False) -> None:
        with self.store.lock:
            item = self.store.find(place.uid)
            assert item is not None
            item.categories = [one for one in item.categories if one not in words] + ([] if remove else [*words])
            self.store.changed(item)

    def seen(self, place: Place) -> bool:
        item = self.store.find(place.uid)
        return item is not None and item.is_read

    def message_ids(self, folder: str) -> list[str]:
        with self.store.lock:
            return sorted(item.message_id for item in self.store.of(self.store.at(folder).id))
