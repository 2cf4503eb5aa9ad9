"""A Maildir as a mailbox: for archives, tests and the demo; folders as Maildir++ (``.Name.Sub``)."""

from __future__ import annotations

import os
import re
import secrets
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path

from daemon.errors import ConfigError, PermanentError, TransientError
from daemon.mailbox import Changes, Fetched, Filed, FolderState, Place
from daemon.mailbox._maildir_index import Index, base, sync
from daemon.mailbox._message_id import id_in, same_id
from daemon.mailbox._parts import Reading
from daemon.mailbox._skeleton import skeleton
from daemon.mailbox._state import Seen, Uids, listing, place, unfinished
from daemon.mailbox._tags import check

_WHOLE = 65536  # bytes; a larger message is read without its attachments
_LOOK = 0.2  # seconds between two looks while waiting

__all__ = ["MaildirMailbox", "MaildirSettings", "open_mailbox"]


@dataclass(frozen=True, slots=True)
class MaildirSettings:
    """One Maildir; ``path`` holds cur, new and tmp."""

    name: str
    path: Path
    inbox: str = "INBOX"
    sent: str | None = None


def open_mailbox(settings: MaildirSettings) -> MaildirMailbox:
    return MaildirMailbox(settings.name, settings.path, settings.inbox, settings.sent)


class MaildirMailbox:
    """See ``Mailbox``.  Used by one thread at a time; only ``wake`` may be called from another."""

    def __init__(self, name: str, root: Path, inbox: str = "INBOX", sent: str | None = None) -> None:
        self.name, self.inbox = name, inbox
        self._root, self._sent = root, sent
        self._awake = threading.Event()

    def open(self) -> None:
        try:
            there = (self._root / "cur").is_dir()
        except OSError:
            raise ConfigError(f"mailbox {self.name}: its directory cannot be read; may this user read it?") from None
        if not there:
            raise ConfigError(f"mailbox {self.name}: its directory is no Maildir (cur, new and tmp are missing)")

    def close(self) -> None:
        """Nothing is held."""

    def wake(self) -> None:
        self._awake.set()

    # names

    def _path(self, folder: str) -> Path:
        if folder == self.inbox:
            return self._root
        parts = [part.replace("%", "%25").replace(".", "%2E") for part in folder.split("/")]
        if not all(parts) or any("\0" in part for part in parts):
            raise PermanentError(f"mailbox {self.name}: a folder's name cannot be used")
        return self._root / ("." + ".".join(parts))

    def ensure_folder(self, folder: str) -> None:
        path = self._path(folder)
        with _translated(self.name):
            for part in ("tmp", "new", "cur"):
                (path / part).mkdir(parents=True, exist_ok=True)
            (path / "maildirfolder").touch() if path != self._root else None

    def sent_folder(self) -> str | None:
        return self._sent or next((name for name in ("Sent", "Versendet") if self._path(name).is_dir()), None)

    # reading

    def _files(self, folder: str) -> dict[str, Path]:
        """Return the messages of ``folder`` by their lasting names."""
        path = self._path(folder)
        if not (path / "cur").is_dir():
            raise PermanentError(f"mailbox {self.name}: a folder does not exist")
        found: dict[str, Path] = {}
        for part in ("new", "cur"):
            with os.scandir(path / part) as entries:
                found.update({base(entry.name): path / part / entry.name for entry in entries if entry.name[0] != "."})
        return found

    def _load(self, folder: str) -> tuple[Index, dict[str, Path]]:
        with _translated(self.name):
            files = self._files(folder)
            index = Index.load(self._path(folder), secrets.randbelow(1 << 31) + 1)
            if index.number(files) or index.fresh:
                index.save(self._path(folder))
            return index, files

    def changes(self, folder: str, since: FolderState | None) -> Changes:
        index, _ = self._load(folder)
        seen = Seen.read(since)
        present = Uids.of(index.numbers.values())
        kept = seen if seen and seen.validity == index.validity else Seen(index.validity)
        new = [uid for uid in present if uid > kept.last and uid not in kept.known]
        gone = list(kept.known.minus(present))
        now = Seen(index.validity, max([kept.last, *new]), present, index.next)
        return listing(folder, seen, now, new, gone, since)

    def state_after(self, changes: Changes, last: Place | None) -> FolderState:
        return unfinished(changes, last)

    def fetch(self, places: Sequence[Place]) -> Iterator[Fetched]:
        for folder in dict.fromkeys(where.folder for where in places):
            yield from self._fetch(folder, [where for where in places if where.folder == folder])

    def _fetch(self, folder: str, places: Sequence[Place]) -> Iterator[Fetched]:
        index, files = self._load(folder)
        keys = _keys(index)
        for where in places:
            key = keys.get(where.uid)
            if key is None:
                continue
            try:
                yield self._read(where, files[key], frozenset(index.tags.get(key, ())))
            except FileNotFoundError:
                continue
            except OSError:
                raise TransientError(f"mailbox {self.name}: a message cannot be read") from None

    def _read(self, where: Place, path: Path, tags: frozenset[str]) -> Fetched:
        with path.open("rb") as file:
            facts = os.fstat(file.fileno())
            large = facts.st_size > _WHOLE
            reading = skeleton(_lines(file)) if large else Reading(file.read())
        return Fetched(
            where,
            reading.raw,
            datetime.fromtimestamp(facts.st_mtime, UTC),
            facts.st_size,
            complete=not reading.text_cut,
            unseen_parts=reading.unseen,
            flags=tags,
        )

    def find(self, folder: str, message_id: str) -> tuple[Place, ...]:
        index, files = self._load(folder)
        return tuple(
            place(folder, index.validity, number)
            for key, number in sorted(index.numbers.items(), key=lambda item: item[1])
            if same_id(_message_id(files[key]), message_id)
        )

    # filing

    def file(self, places: Sequence[Place], folder: str) -> Mapping[Place, Filed]:
        source = places[0].folder if places else folder
        if source == folder:
            return {where: Filed(moved=True, place=where) for where in places}
        self.ensure_folder(folder)
        index, files = self._load(source)
        keys = _keys(index)
        moved = {where: self._move(files[keys[where.uid]], folder) for where in places if where.uid in keys}
        with _translated(self.name):
            for path in (self._path(folder) / "cur", self._path(source) / "cur", self._path(source) / "new"):
                sync(path)
        arrived, _ = self._load(folder)
        arrived.tags.update(
            {name: index.tags[keys[w.uid]] for w, name in moved.items() if name and keys[w.uid] in index.tags}
        )
        arrived.save(self._path(folder))
        self._load(source)
        return {where: _ended(folder, arrived, moved.get(where)) for where in places}

    def _move(self, path: Path, folder: str) -> str | None:
        """Rename one file into ``folder``; return its lasting name there, None if it had gone.  Never overwrites."""
        target = self._path(folder) / "cur" / (path.name if ":" in path.name else path.name + ":2,")
        if base(target.name) in self._files(folder):
            target = target.with_name(f"{base(path.name)}_{secrets.token_hex(4)}:2,{path.name.partition(':2,')[2]}")
        try:
            path.rename(target)
        except FileNotFoundError:
            return None
        except OSError:
            raise TransientError(f"mailbox {self.name}: a message cannot be moved") from None
        return base(target.name)

    def tag(self, places: Sequence[Place], add: frozenset[str], remove: frozenset[str]) -> frozenset[Place]:
        check(add | remove)
        for folder in dict.fromkeys(where.folder for where in places):
            index, _ = self._load(folder)
            keys = _keys(index)
            for key in [keys[where.uid] for where in places if where.folder == folder and where.uid in keys]:
                index.tags[key] = sorted((set(index.tags.get(key, ())) - remove) | add)
            with _translated(self.name):
                index.save(self._path(folder))
        return frozenset()

    def append(self, folder: str, raw: bytes) -> Place | None:
        self.ensure_folder(folder)
        path = self._path(folder)
        name = f"{self._load(folder)[0].next}.{secrets.token_hex(8)}.{socket.gethostname().replace('/', '_')}"
        with _translated(self.name):
            with (path / "tmp" / name).open("xb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            (path / "tmp" / name).rename(path / "cur" / f"{name}:2,S")
            sync(path / "cur")
        index, _ = self._load(folder)
        return place(folder, index.validity, index.numbers[name])

    # waiting

    def wait(self, seconds: float) -> bool:
        """Look at the inbox's directory until it changes, ``wake`` is called or time is up."""
        before = self._mark()
        for _ in range(max(1, int(seconds / _LOOK))):
            if self._awake.wait(min(seconds, _LOOK)):
                self._awake.clear()
                return False
            if self._mark() != before:
                return True
        return False

    def _mark(self) -> list[int]:
        marks = []
        for part in ("new", "cur"):
            with suppress(OSError):
                marks.append((self._path(self.inbox) / part).stat().st_mtime_ns)
        return marks


def _keys(index: Index) -> dict[str, str]:
    """Return each message's lasting name by the text of its place."""
    return {f"{index.validity}:{number}": key for key, number in index.numbers.items()}


def _ended(folder: str, index: Index, name: str | None) -> Filed:
    if name is None:
        return Filed(moved=False, vanished=True)
    return Filed(moved=True, place=place(folder, index.validity, index.numbers[name]))


def _message_id(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = re.split(rb"\r?\n\r?\n", file.read(_WHOLE), maxsplit=1)[0]
    except OSError:
        return ""
    return id_in(head + b"\r\n")


def _lines(file: BufferedReader) -> Iterator[bytes]:
    """Yield lines; one that never ends comes in pieces, so that memory stays flat."""
    while line := file.readline(_WHOLE):
        yield line


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except OSError:
        raise TransientError(f"mailbox {name}: its directory cannot be read or written") from None


def create(root: Path) -> None:
    """Make an empty Maildir at ``root``."""
    for part in ("tmp", "new", "cur"):
        (root / part).mkdir(parents=True, exist_ok=True)
