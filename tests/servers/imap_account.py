"""Another mail program on the same account: delivers, deletes, looks at flags, so that tests need not trust our own."""

from __future__ import annotations

import imaplib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from imapclient.imap_utf7 import encode


class OtherProgram:
    """Plain imaplib on a connection of its own, which is made anew after any error."""

    def __init__(self, port: int, user: str, password: str, separator: str = "/", prefix: str = "") -> None:
        self._port, self._user, self._password = port, user, password
        self._separator, self._prefix = separator, prefix
        self._kept: imaplib.IMAP4 | None = None

    @contextmanager
    def _logged_in(self) -> Iterator[imaplib.IMAP4]:
        imap, self._kept = self._kept, None
        if imap is None:
            imap = imaplib.IMAP4("127.0.0.1", self._port, timeout=20)
            imap.login(self._user, self._password)
        yield imap
        self._kept = imap

    def _name(self, folder: str) -> str:
        name = folder if folder == "INBOX" else self._prefix + folder.replace("/", self._separator)
        return '"' + encode(name).decode("ascii") + '"'

    def deliver(self, *raws: bytes, folder: str = "INBOX", flags: str = "") -> None:
        with self._logged_in() as imap:
            imap.create(self._name(folder)) if folder != "INBOX" else None
            for raw in raws:
                stamp = imaplib.Time2Internaldate(datetime.fromtimestamp(time.time(), UTC))
                assert imap.append(self._name(folder), flags, stamp, raw)[0] == "OK"

    def _act(self, folder: str, *command: str) -> list[bytes]:
        with self._logged_in() as imap:
            assert imap.select(self._name(folder))[0] == "OK"
            typ, data = imap.uid(*command)
            assert typ == "OK", (typ, data)
            return [item if isinstance(item, bytes) else b" ".join(item) for item in data if item]

    def store(self, folder: str, uid: int, flags: str) -> None:
        self._act(folder, "STORE", str(uid), "+FLAGS", f"({flags})")

    def unstore(self, folder: str, uid: int, flags: str) -> None:
        self._act(folder, "STORE", str(uid), "-FLAGS", f"({flags})")

    def remove(self, folder: str, uid: int) -> None:
        with self._logged_in() as imap:
            imap.select(self._name(folder))
            imap.uid("STORE", str(uid), "+FLAGS", r"(\Deleted)")
            assert imap.expunge()[0] == "OK"

    def clear(self) -> None:
        """Leave an empty INBOX and no other folder."""
        with self._logged_in() as imap:
            for line in imap.list()[1]:
                found = re.search(rb' "." "?(.*?)"?$', line) if isinstance(line, bytes) else None
                if found and found[1] != b"INBOX":
                    imap.delete('"' + found[1].decode("ascii") + '"')
            imap.select("INBOX")
            imap.store("1:*", "+FLAGS", r"(\Deleted)") if imap.search(None, "ALL")[1][0] else None
            imap.expunge()

    def remove_folder(self, folder: str) -> None:
        with self._logged_in() as imap:
            assert imap.delete(self._name(folder))[0] == "OK"

    def flags(self, folder: str, uid: int) -> set[str]:
        answer = b" ".join(self._act(folder, "FETCH", str(uid), "(FLAGS)"))
        found = re.search(rb"FLAGS \(([^)]*)\)", answer)
        return set(found[1].decode().split()) - {r"\Recent"} if found else set()

    def message_ids(self, folder: str, *, with_deleted: bool = False) -> list[str]:
        """Return the Message-IDs in ``folder``, sorted; mails marked as deleted are left out, as mail programs do."""
        with self._logged_in() as imap:
            if imap.select(self._name(folder))[0] != "OK":
                return []
            found = imap.search(None, "ALL" if with_deleted else "UNDELETED")[1][0].split()
            ids = []
            for number in found:
                data = imap.fetch(number.decode(), "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
                text = b"".join(item[1] for item in data if isinstance(item, tuple)).decode()
                ids.append("".join(text.split(":", 1)[1].split()))
            return sorted(ids)

    def renew(self, folder: str) -> None:
        """Delete ``folder`` and make it again with the same mails: its UIDs mean nothing any more."""
        with self._logged_in() as imap:
            imap.select(self._name(folder))
            raws = []
            for number in imap.search(None, "ALL")[1][0].split():
                data = imap.fetch(number.decode(), "(BODY.PEEK[])")[1]
                raws.append(next(item[1] for item in data if isinstance(item, tuple)))
            imap.select('"INBOX"')
            assert imap.delete(self._name(folder))[0] == "OK"
        time.sleep(1.1)  # Dovecot's UIDVALIDITY is made of the time in seconds
        self.deliver(*raws, folder=folder)
