"""A mailbox as Exchange keeps it: folders with ids, items whose ids change when they move, and sync states."""

from __future__ import annotations

import secrets
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from functools import cached_property

START = datetime(2026, 10, 12, 8, tzinfo=UTC)
ROLES = {
    "inbox": "Posteingang",
    "sentitems": "Gesendete Elemente",
    "drafts": "Entwürfe",
    "outbox": "Postausgang",
    "junkemail": "Junk-E-Mail",
    "deleteditems": "Gelöschte Elemente",
    "calendar": "Kalender",
}


class Missing(Exception):
    """``code``: what Exchange says of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Item:
    id: str
    folder: str
    mime: bytes
    received: datetime
    arrived: int  # the store's count when it came to its folder, and when it was last changed
    changed: int
    categories: list[str] = field(default_factory=list)
    is_read: bool = False
    is_draft: bool = False
    broken: bool = False  # cannot be given as MIME
    named: str = ""  # a Message-ID that was given to it afterwards

    @property
    def change_key(self) -> str:
        return f"CK{self.changed}"

    @cached_property
    def parsed(self) -> Message:
        return message_from_bytes(self.mime)

    @property
    def message_id(self) -> str:
        """Exchange unfolds it and reads it as UTF-8."""
        if self.named:
            return self.named
        head = self.mime.partition(b"\r\n\r\n")[0] + b"\r\n"
        for line in head.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ").split(b"\r\n"):
            if line.lower().startswith(b"message-id:"):
                return line.partition(b":")[2].decode("utf-8", "replace").strip()
        return ""


@dataclass
class Folder:
    id: str
    parent: str
    name: str
    kind: str = "IPF.Note"
    gone: dict[str, tuple[int, int]] = field(default_factory=dict)  # item id -> (arrived, left)


class Store:
    """One mailbox.  Outlives every restart of its server; ``lock`` is held in each operation."""

    def __init__(self, address: str = "notices@hotline.example") -> None:
        self.address = address
        self.lock = threading.RLock()
        self.come = threading.Condition(self.lock)
        self.count = 0
        self.arrivals = 0
        self.epoch = "1"  # of the sync states that are believed
        self.folders: dict[str, Folder] = {}
        self.items: dict[str, Item] = {}
        self.outgoing: list[bytes] = []  # what left the house
        self.left: list[str] = []  # under which Message-IDs
        self.quota: int | None = None  # items that may be stored
        self.locked: set[str] = set()  # folders that nothing may be put into
        self.configurations: dict[str, bytes] = {}
        self.events: list[tuple[int, str, str]] = []  # (count, folder, item)
        root = self.add_folder("", "Stamm")
        top = self.add_folder(root.id, "Oberste Ebene des Informationsspeichers")
        self.roles = {"root": root.id, "msgfolderroot": top.id}
        self.roles |= {role: self.add_folder(top.id, name).id for role, name in ROLES.items()}

    # folders

    def add_folder(self, parent: str, name: str, kind: str = "IPF.Note") -> Folder:
        if any(one.parent == parent and one.name.lower() == name.lower() for one in self.folders.values()):
            raise Missing("ErrorFolderExists")
        made = Folder(f"F{secrets.token_urlsafe(30)}", parent, name, kind)
        self.folders[made.id] = made
        return made

    def folder(self, folder_id: str) -> Folder:
        if folder_id not in self.folders:
            raise Missing("ErrorFolderNotFound")
        return self.folders[folder_id]

    def below(self, parent: str) -> Iterator[Folder]:
        for one in list(self.folders.values()):
            if one.parent == parent:
                yield one
                yield from self.below(one.id)

    def at(self, path: str) -> Folder:
        """The folder at a path of names, made if it is missing."""
        if path == "INBOX":
            return self.folders[self.roles["inbox"]]
        here = self.folders[self.roles["msgfolderroot"]]
        for name in path.split("/"):
            there = (one for one in self.folders.values() if one.parent == here.id and one.name == name)
            here = next(there, None) or self.add_folder(here.id, name)
        return here

    def remove_folder(self, folder: Folder) -> None:
        """What a person does: it goes to the deleted items, keeps its id, and its name may be numbered."""
        folder.parent = self.roles["deleteditems"]

    # items

    def add(self, folder: str, mime: bytes, *, draft: bool = False, read: bool = False) -> Item:
        """Store a message.  Raises Missing("ErrorQuotaExceeded")."""
        if self.quota is not None and len(self.items) >= self.quota:
            raise Missing("ErrorQuotaExceeded")
        if folder in self.locked:
            raise Missing("ErrorAccessDenied")
        self.arrivals += 1
        received = START + timedelta(seconds=self.arrivals)
        item = Item("", folder, mime, received, 0, 0, is_draft=draft, is_read=read)
        self._place(item, folder)
        return item

    def _place(self, item: Item, folder: str) -> None:
        """Put an item into a folder: it gets another id by that."""
        with self.come:
            self.count += 1
            if item.id:
                del self.items[item.id]
                self.folders[item.folder].gone[item.id] = (item.arrived, self.count)
            item.id, item.folder = f"A{secrets.token_urlsafe(90)}", folder
            item.arrived = item.changed = self.count
            self.items[item.id] = item
            self.events.append((self.count, folder, item.id))
            self.come.notify_all()

    def item(self, item_id: str) -> Item:
        if not item_id.startswith("A"):
            raise Missing("ErrorInvalidIdMalformed")
        if item_id not in self.items:
            raise Missing("ErrorItemNotFound")
        return self.items[item_id]

    def move(self, item_id: str, folder: str) -> Item:
        item = self.item(item_id)
        if folder not in self.folders:
            raise Missing("ErrorToFolderNotFound")
        if folder in self.locked:
            raise Missing("ErrorAccessDenied")
        self._place(item, folder)
        return item

    def delete(self, item_id: str) -> None:
        """Another program takes it away for good."""
        item = self.items.pop(item_id)
        self.count += 1
        self.folders[item.folder].gone[item_id] = (item.arrived, self.count)

    def change(self, item: Item) -> None:
        self.count += 1
        item.changed = self.count

    def of(self, folder: str) -> list[Item]:
        return sorted((one for one in self.items.values() if one.folder == folder), key=lambda one: one.arrived)

    def send(self, item_id: str, saved: str | None) -> None:
        """A draft leaves: the item itself goes to the folder of sent mail, under another id, if it is to be kept."""
        item = self.item(item_id)
        self.outgoing.append(item.mime)
        self.left.append(item.message_id)
        item.is_draft, item.is_read = False, True
        if saved is None:
            self.delete(item_id)
        else:
            self._place(item, saved)

    # sync states

    def state(self, folder: str, count: int) -> str:
        return b64encode(f"{self.epoch} {folder} {count}".encode()).decode()

    def since(self, folder: str, state: str) -> int:
        if not state:
            return 0
        try:
            epoch, where, count = b64decode(state).decode().split(" ")
        except ValueError:
            raise Missing("ErrorInvalidSyncStateData") from None
        if epoch != self.epoch or where != folder:
            raise Missing("ErrorInvalidSyncStateData")
        return int(count)

    def changes(self, folder: str, since: int) -> list[tuple[int, str, str]]:
        """(count, kind, item id), oldest first."""
        rows = []
        for item in self.of(folder):
            if item.arrived > since:
                rows.append((item.arrived, "Create", item.id))
            elif item.changed > since:
                rows.append((item.changed, "Update", item.id))
        gone = self.folder(folder).gone.items()
        rows += [(left, "Delete", one) for one, (came, left) in gone if came <= since < left]
        return sorted(rows)
