"""An Exchange Online on which one fault can be made to strike one operation."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from daemon.accounts.patience import Patience
from daemon.mailbox.graph import GraphMailbox, GraphSettings
from daemon.mailer.graph import GraphMailer
from tests.servers.graph_server import ADDRESS, TOKEN, Fault, GraphServer
from tests.system.faults import FOLDERS

_OPERATIONS = {
    "folders": "GET .*/mailFolders/(delta|[a-z]+)$",
    "list": "/messages/delta$",
    "set": r"POST /.batch",
    "look": r"GET .*/messages/[^/]+$",
    "fetch": r"/.value$",
    "move": "/move$",
    "tag": "PATCH ",
    "make": "/childFolders$",
    "colours": "/masterCategories$",
    "store": "POST .*/messages$",
    "send": "/send$",
}
_EVERY = tuple(_OPERATIONS)
_FAULTS: dict[str, dict[str, Any]] = {
    "429": {"status": 429},
    "429 and when": {"status": 429, "headers": {"Retry_After": "0"}},
    "429 for long": {"status": 429, "headers": {"Retry_After": "900"}},
    "503": {"status": 503},
    "503 after": {"status": 503, "after": True},
    "504": {"status": 504},
    "504 after": {"status": 504, "after": True},
    "500": {"status": 500},
    "cut": {"how": "cut"},
    "cut after": {"how": "cut", "after": True},
    "half-open": {"how": "stall"},
    "half-open after": {"how": "stall", "after": True},
    "401": {"status": 401, "code": "InvalidAuthenticationToken"},
    "202 and when": {"status": 202, "headers": {"Retry_After": "30"}, "after": True},
    "507": {"status": 507, "code": "ErrorQuotaExceeded"},
    "410": {"status": 410, "code": "syncStateNotFound"},
}


class GraphWorld:
    """Mailbox and way out are one server; see ``World``."""

    name = "graph"
    faults: Mapping[str, Sequence[str]] = {
        **{fault: _EVERY for fault in _FAULTS if fault not in ("202 and when", "507", "410")},
        "202 and when": ("send",),
        "507": ("store", "move"),
        "410": ("folders", "list"),
        "states lost": ("list", "look", "move", "send"),
        "restart": ("list", "look", "move", "send"),
    }

    def __init__(self) -> None:
        self.server = GraphServer()
        self.struck = 0
        self._armed: list[tuple[str, str]] = []
        self._lock = threading.Lock()
        ordinary = self.server._faulty
        self.server._faulty = lambda at, act: self._meets(at) or ordinary(at, act)  # type: ignore[method-assign]
        patience = Patience(tries=2, first=0.001, longest=1, total=2)
        self.settings = GraphSettings(
            "main", ADDRESS, token=lambda: TOKEN, url=self.server.url, call_seconds=1.5, patience=lambda: patience,
            look_seconds=0.02,
        )  # fmt: skip

    def box(self) -> GraphMailbox:
        return GraphMailbox(self.settings)

    def mailer(self) -> GraphMailer:
        return GraphMailer(self.settings)

    def deliver(self, *raws: bytes) -> None:
        store = self.server.store
        with store.lock:
            for raw in raws:
                store.add(store.at("INBOX").id, raw)

    def arm(self, fault: str, operation: str) -> None:
        self._armed.append((fault, operation))

    def _meets(self, at: str) -> Any:
        """Strike what is armed: the server does the rest with its next look at its faults."""
        import re

        armed = next((one for one in self._armed if re.search(_OPERATIONS[one[1]], at)), None)
        if armed is None:
            return None
        self._armed.remove(armed)
        self.struck += 1
        if armed[0] == "states lost":
            self.server.forget_states()
        elif armed[0] == "restart":
            self.server.faults.append(Fault(_OPERATIONS[armed[1]], how="cut"))
        else:
            self.server.faults.append(Fault(_OPERATIONS[armed[1]], **_FAULTS[armed[0]]))
        return None

    def lying(self) -> list[tuple[str, str]]:
        store = self.server.store
        found = [(path, item.message_id) for path in ("INBOX", *FOLDERS) for item in store.of(store.at(path).id)]
        for role in ("sentitems", "deleteditems", "outbox"):
            found += [(role, item.message_id) for item in store.of(store.roles[role])]
        return sorted(found)

    def left(self) -> list[str]:
        return sorted(raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode() for raw in self.server.left)

    def close(self) -> None:
        self.server.stop()
