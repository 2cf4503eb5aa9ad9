"""What lies in one mailbox of the Graph server: folders, messages, and the log of changes that delta queries read."""

from __future__ import annotations

import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from functools import cached_property
from itertools import count

from daemon.mailbox._message_id import id_in

START = datetime(2026, 10, 12, 8, tzinfo=UTC)
ROOT, INBOX, SENT, DRAFTS, DELETED, JUNK, OUTBOX = (
    "msgfolderroot", "inbox", "sentitems", "drafts", "deleteditems", "junkemail", "outbox",
)  # fmt: skip
# a mailbox in German: names say nothing about roles
NAMES = {
    INBOX: "Posteingang", SENT: "Gesendete Elemente", DRAFTS: "Entwürfe", DELETED: "Gelöschte Elemente",
    JUNK: "Junk-E-Mail", OUTBOX: "Postausgang",
}  # fmt: skip


@dataclass
class Folder:
    id: str
    name: str
    parent: str


@dataclass
class Item:
    """``key`` is its immutable id's; the ordinary id changes with every move (``moves``)."""

    key: int
    raw: bytes
    folder: str
    received: datetime
    message_id: str
    categories: list[str] = field(default_factory=list)
    is_read: bool = False
    is_draft: bool = False
    moves: int = 0

    @cached_property
    def parsed(self) -> Message:
        return message_from_bytes(self.raw)

    @cached_property
    def attachments(self) -> list[Message]:
        return [
            part
            for part in self.parsed.walk()
            if not part.is_multipart() and part.get_content_disposition() == "attachment"
        ]

    @property
    def text(self) -> str:
        """The body as Exchange would give it as text: the first text part."""
        for part in self.parsed.walk():
            if part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                return payload.decode("utf-8", "replace")
        return ""


def _coded(*parts: object) -> str:
    text = ":".join(map(str, parts)).encode()
    return urlsafe_b64encode(b"\x00" * 40 + text).decode().rstrip("=") + "AAA="


class Store:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._keys, self._folder_keys = count(1), count(1)
        self._now = START
        self.folders: dict[str, Folder] = {}
        self.items: dict[int, Item] = {}
        self.log: list[tuple[str, int]] = []  # (folder, item): something happened to it there
        self.folder_log: list[str] = []
        self.roles: dict[str, str] = {}
        self.roles[ROOT] = self._folder("Oberste Ebene", "").id
        for role, name in NAMES.items():
            self.roles[role] = self._folder(name, self.roles[ROOT]).id
        self.master: dict[str, str] = {"Rote Kategorie": "preset0"}

    # folders

    def _folder(self, name: str, parent: str) -> Folder:
        made = Folder("AAMk" + _coded("folder", next(self._folder_keys)), name, parent)
        self.folders[made.id] = made
        self.folder_log.append(made.id)
        return made

    def make(self, parent: str, name: str) -> Folder | None:
        """Make a folder; None if there is one of this name (names differ by more than case)."""
        if any(one.parent == parent and one.name.casefold() == name.casefold() for one in self.folders.values()):
            return None
        return self._folder(name, parent)

    def at(self, path: str) -> Folder:
        """The folder that a person sees at ``path``; made if it is missing."""
        if path == "INBOX":
            return self.folders[self.roles[INBOX]]
        here = self.roles[ROOT]
        for name in path.split("/"):
            found = next((one for one in self.folders.values() if one.parent == here and one.name == name), None)
            here = (found or self._folder(name, here)).id
        return self.folders[here]

    def remove_folder(self, folder: Folder) -> None:
        """What "delete" means in Outlook: it lies in Deleted Items from now on, under the same id."""
        folder.parent = self.roles[DELETED]
        self.folder_log.append(folder.id)

    # messages

    def add(self, folder: str, raw: bytes, *, draft: bool = False) -> Item:
        self._now += timedelta(milliseconds=400)  # Graph tells times to the second
        head = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        item = Item(next(self._keys), raw, folder, self._now, id_in(head), is_draft=draft)
        self.items[item.key] = item
        self.log.append((folder, item.key))
        return item

    def of(self, folder: str) -> list[Item]:
        return [one for one in self.items.values() if one.folder == folder]

    def move(self, item: Item, folder: str) -> None:
        self.log.append((item.folder, item.key))
        item.folder, item.moves = folder, item.moves + 1
        self.log.append((folder, item.key))

    def changed(self, item: Item) -> None:
        self.log.append((item.folder, item.key))

    def delete(self, item: Item) -> None:
        del self.items[item.key]
        self.log.append((item.folder, item.key))

    def renewed(self, item: Item) -> Item:
        """The same mail under a new immutable id."""
        del self.items[item.key]
        self.log.append((item.folder, item.key))
        item.key = next(self._keys)
        self.items[item.key] = item
        self.log.append((item.folder, item.key))
        return item

    # ids

    def id_of(self, key: int, *, immutable: bool) -> str:
        item = self.items.get(key)
        return "AAkA" + _coded("mail", key) if immutable else "AAMk" + _coded("mail", key, item.moves if item else 0)

    def find(self, given: str) -> Item | None:
        try:
            text = urlsafe_b64decode(given[4:].removesuffix("AAA=") + "==").lstrip(b"\x00").decode()
            item = self.items.get(int(text.split(":")[1]))
        except (ValueError, IndexError):
            return None
        if item is None or given not in (self.id_of(item.key, immutable=True), self.id_of(item.key, immutable=False)):
            return None
        return item

    def since(self, folder: str, position: int | None) -> Iterator[tuple[int, Item | None]]:
        """What happened in ``folder`` after ``position`` of the log: (key, the item if it lies there now)."""
        if position is None:
            yield from ((item.key, item) for item in self.of(folder))
            return
        keys = dict.fromkeys(key for where, key in self.log[position:] if where == folder)
        for key in keys:
            item = self.items.get(key)
            yield key, item if item is not None and item.folder == folder else None
