"""The Maildir backend keeps every promise of a mailbox."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from daemon.errors import ConfigError
from daemon.mailbox import Place
from daemon.mailbox._maildir_index import FILE
from daemon.mailbox.maildir import MaildirMailbox, create
from tests.edges.mailbox_promises import DONE, INBOX, MailboxPromises, ids, mail


class MaildirAccount:
    keeps_tags, tells_tags = True, False

    def __init__(self, root: Path) -> None:
        self.root = root
        self._count = 0
        create(root)

    def mailbox(self) -> MaildirMailbox:
        return MaildirMailbox("box", self.root)

    def folder(self, name: str) -> Path:
        return self.root if name == INBOX else self.root / ("." + name.replace("/", "."))

    def deliver(self, *raws: bytes, folder: str = INBOX) -> None:
        create(self.folder(folder))
        for raw in raws:
            self._count += 1
            name = f"{1_700_000_000 + self._count}.M{self._count}.host"
            (self.folder(folder) / "tmp" / name).write_bytes(raw)
            (self.folder(folder) / "tmp" / name).rename(self.folder(folder) / "new" / name)

    def _file(self, place: Place) -> Path:
        box = self.mailbox()
        index, files = box._load(place.folder)
        return next(files[key] for key, number in index.numbers.items() if place.uid.endswith(f":{number}"))

    def remove(self, place: Place) -> None:
        self._file(place).unlink()

    def remove_folder(self, name: str) -> None:
        shutil.rmtree(self.folder(name))

    def renew(self, folder: str) -> None:
        (self.folder(folder) / FILE).unlink()

    def tag(self, place: Place, *words: str, remove: bool = False) -> None:
        change = (frozenset(), frozenset(words)) if remove else (frozenset(words), frozenset())
        self.mailbox().tag([place], *change)

    def seen(self, place: Place) -> bool:
        return "S" in self._file(place).name.partition(":2,")[2]

    def message_ids(self, folder: str) -> list[str]:
        files = [file for part in ("new", "cur") for file in (self.folder(folder) / part).glob("*")]
        return sorted(file.read_bytes().split(b"\r\n")[0].partition(b": ")[2].decode() for file in files)


class TestMaildir(MailboxPromises):
    @pytest.fixture
    def account(self, tmp_path: Path) -> Any:
        return MaildirAccount(tmp_path / "box")


def test_a_directory_that_is_no_maildir_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        MaildirMailbox("box", tmp_path / "nothing").open()


def test_a_folder_name_cannot_leave_the_maildir(tmp_path: Path) -> None:
    account = MaildirAccount(tmp_path / "box")
    box = account.mailbox()
    box.ensure_folder("../../outside")
    assert [path.name for path in tmp_path.iterdir()] == ["box"]


def test_a_file_of_the_same_name_is_never_overwritten(tmp_path: Path) -> None:
    account = MaildirAccount(tmp_path / "box")
    box = account.mailbox()
    account.deliver(mail(1))
    first = box.changes(INBOX, None)
    box.file(first.new, DONE)
    account._count = 0
    account.deliver(mail(2))
    box.file(box.changes(INBOX, first.state).new, DONE)
    assert account.message_ids(DONE) == ids(1, 2)
