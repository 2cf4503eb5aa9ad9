"""An Exchange Server on which one fault can be made to strike one operation."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from daemon.accounts.tls import Tls
from daemon.mailbox.ews import EwsMailbox, EwsSettings
from daemon.mailer.ews import EwsMailer
from tests.servers.ews_server import PASSWORD, USER, EwsServer
from tests.system.faults import FOLDERS

_READING = ("GetFolder", "FindFolder", "SyncFolderItems", "GetItem", "FindItem")
_CHANGING = ("CreateFolder", "MoveItem", "UpdateItem", "CreateItem", "SendItem")
_EVERY = (*_READING, *_CHANGING, "Subscribe", "GetStreamingEvents")
_WELL_SAID = tuple(one for one in _EVERY if one != "GetStreamingEvents")


class EwsWorld:
    """Mailbox and way out are one server; see ``World``."""

    name = "ews"
    faults: Mapping[str, Sequence[str]] = {
        "cut": _EVERY,
        "cut-after": _WELL_SAID,
        "hang": _EVERY,
        "hang-after": _CHANGING,
        "429": _EVERY,
        "503": _EVERY,
        "503-after": _WELL_SAID,
        "504-after": _WELL_SAID,
        "busy": _EVERY,
        "401": _EVERY,
        "garbage": _WELL_SAID,
        "truncated": _WELL_SAID,
        "fewer": _WELL_SAID,
        "ErrorQuotaExceeded": ("MoveItem", "CreateItem", "SendItem"),
        "ErrorAccessDenied": ("MoveItem", "UpdateItem", "CreateFolder"),
        "ErrorInternalServerError": _READING[2:],
        "sync state lost": ("SyncFolderItems", "GetItem", "MoveItem"),
        "restart": ("SyncFolderItems", "GetItem", "MoveItem", "SendItem"),
    }

    def __init__(self) -> None:
        self.server = EwsServer().start()
        self.struck = 0
        self._armed: list[tuple[str, str]] = []
        self._lock = threading.Lock()
        self.server.fault = self._fails
        self.settings = EwsSettings(
            "main", "127.0.0.1", self.server.store.address, USER, PASSWORD, "basic", port=self.server.port,
            tls=Tls.NONE, command_seconds=1.0, connect_seconds=2, stream_seconds=1,
        )  # fmt: skip

    def box(self) -> EwsMailbox:
        return EwsMailbox(self.settings)

    def mailer(self) -> EwsMailer:
        return EwsMailer(self.settings)

    def deliver(self, *raws: bytes) -> None:
        store = self.server.store
        for raw in raws:
            with store.lock:
                store.add(store.at("INBOX").id, raw)

    def arm(self, fault: str, operation: str) -> None:
        self._armed.append((fault, operation))

    def _fails(self, operation: str) -> str:
        with self._lock:
            armed = next((one for one in self._armed if one[1] == operation), None)
            if armed is None:
                return ""
            self._armed.remove(armed)
            self.struck += 1
        if armed[0] == "sync state lost":
            self.server.store.epoch += "+"
            return ""
        if armed[0] == "restart":
            self.server.restart()
            return "cut"
        return armed[0]

    def lying(self) -> list[tuple[str, str]]:
        store = self.server.store
        found = [(path, item.message_id) for path in ("INBOX", *FOLDERS) for item in store.of(store.at(path).id)]
        for role in ("drafts", "sentitems", "deleteditems"):
            found += [(role, item.message_id) for item in store.of(store.roles[role])]
        return sorted(found)

    def left(self) -> list[str]:
        return sorted(self.server.store.left)

    def close(self) -> None:
        self.server.stop()
        assert self.server.slips == []
