"""One logged-in IMAP connection: the folder that is selected and what the server told about it unasked."""

from __future__ import annotations

import imaplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from daemon.errors import PermanentError, TransientError
from daemon.mailbox._imap_login import ImapSettings, connect
from daemon.mailbox._state import Uids

T = TypeVar("T")
SET = 100  # messages in one FETCH, at most 6.4 MiB: memory stays flat
LARGE_SET = 500  # messages in one MOVE or STORE: at most 5,500 bytes of UIDs, below every server's line limit


class Session:
    """Knows the selected folder's validity and count of messages, exactly or says so (``certain``)."""

    def __init__(self, settings: ImapSettings) -> None:
        self.settings = settings
        self.client = connect(settings)
        self.folder: str | None = None
        self.validity = self.next_uid = self.modseq = self.exists = 0
        self.certain = True
        self.told = False  # the server spoke of a mail come or gone since the last listing
        self.news = False  # of a mail come
        self.reflagged = False  # of flags that somebody changed
        self.listed: tuple[int, Uids] | None = None  # the selected folder's last UID and known UIDs at the last listing
        self.quiet_polls = 0
        self.taken: set[int] = set()  # UIDs that we moved out of the selected folder
        self.keywords: frozenset[str] | None = frozenset()  # None: any keyword can be set
        self._known_folders: set[str] = set()
        self._separator, self._prefix = self._namespace()
        if self.offers("CONDSTORE") and self.offers("ENABLE"):  # some servers count changes only from then on
            self.attempt(lambda: self.client.enable("CONDSTORE"))

    def offers(self, capability: str) -> bool:
        return bool(self.client.has_capability(capability))

    # names: "/" parts a folder's name everywhere in noticed; a server may want another sign and a prefix

    def _namespace(self) -> tuple[str, str]:
        if self.offers("NAMESPACE"):
            personal = self.client.namespace().personal or ()
            for prefix, separator in personal[:1]:
                return separator or "/", prefix
        for _, separator, _ in self.client.list_folders("", "INBOX"):
            return (separator or b"/").decode("ascii"), ""
        return "/", ""

    def wire_name(self, folder: str) -> str:
        if folder.upper() == "INBOX":
            return "INBOX"
        name = folder.replace("/", self._separator)
        return name if name.startswith(self._prefix) else self._prefix + name

    def our_name(self, wire_name: str) -> str:
        return wire_name.replace(self._separator, "/")

    def ensure_folder(self, folder: str) -> None:
        """Create and subscribe ``folder`` if it is missing; staff see only subscribed folders in most programs."""
        name = self.wire_name(folder)
        if name in self._known_folders:
            return
        if not self.client.folder_exists(name):
            refused = not self.attempt(lambda: self.client.create_folder(name))
            if refused and not self.client.folder_exists(name):
                raise PermanentError(f"mailbox {self.settings.name}: a folder could not be created")
            self.attempt(lambda: self.client.subscribe_folder(name))
        self._known_folders.add(name)

    def forget_folder(self, folder: str) -> None:
        self._known_folders.discard(self.wire_name(folder))

    # the selected folder

    def select(self, folder: str) -> None:
        """Select ``folder`` if it is not selected already; PermanentError if there is no such folder."""
        if self.folder == folder:
            return
        self.folder = None
        name = self.wire_name(folder)
        try:
            try:
                answer = self.client.select_folder(name)
            except imaplib.IMAP4.readonly:  # no right to write: reading still works
                answer = self.client.select_folder(name, readonly=True)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise PermanentError(
                f'mailbox {self.settings.name}: the folder "{folder}" cannot be opened or does not exist'
            ) from None
        self._entered(folder, answer)

    def _entered(self, folder: str, answer: dict[bytes, Any]) -> None:
        self.folder = folder
        self.validity = int(answer.get(b"UIDVALIDITY", 0))
        self.next_uid = int(answer.get(b"UIDNEXT", 0))
        self.modseq = int(answer.get(b"HIGHESTMODSEQ", 0))
        self.exists = int(answer.get(b"EXISTS", 0))
        self.certain, self.news, self.told, self.reflagged, self.taken = True, False, False, False, set()
        self.listed, self.quiet_polls = None, 0
        flags = {flag.decode("ascii", "replace") for flag in answer.get(b"PERMANENTFLAGS", ())}
        self.keywords = None if r"\*" in flags else frozenset(flag.lower() for flag in flags)
        self.client.untagged.clear()

    def absorb(self) -> None:
        """Take up what the server said unasked: EXISTS is a count, each EXPUNGE makes it one less."""
        told = self.client.untagged
        gone, exists = told.pop("EXPUNGE", []), told.pop("EXISTS", [])
        self.reflagged = bool(told.pop("FETCH", [])) or self.reflagged
        for word in ("RECENT", "SEARCH", "COPYUID", "APPENDUID", "VANISHED"):
            told.pop(word, None)
        self.told = self.told or bool(gone or exists)
        if gone and exists:
            self.certain = False  # imaplib keeps no order between the two
        if exists:
            self.news = self.news or int(exists[-1]) > self.exists - len(gone)
            self.exists = int(exists[-1])
        else:
            self.exists -= len(gone)

    @property
    def tells_tags(self) -> bool:
        """Whether the selected folder keeps any keyword and tells whose flags have changed (RFC 7162)."""
        return self.keywords is None and self.modseq > 0 and self.offers("CONDSTORE")

    def poll(self) -> bool:
        """Ask the server to say what it has to say; True if something happened here since the last listing."""
        self.client.noop()
        self.absorb()
        self.quiet_polls += 1
        return self.told or (self.reflagged and self.tells_tags)

    def search(self, *criteria: object) -> list[int]:
        found = [int(uid) for uid in self.client.search(list(criteria))]
        self.absorb()
        return sorted(found)

    def status(self, folder: str) -> dict[bytes, int]:
        """Ask for the marks of a folder without leaving the selected one."""
        items = ["MESSAGES", "UIDNEXT", "UIDVALIDITY", *(["HIGHESTMODSEQ"] if self.offers("CONDSTORE") else [])]
        answer: dict[bytes, int] = self.client.folder_status(self.wire_name(folder), items)
        return answer

    def attempt(self, act: Callable[[], object]) -> bool:
        """Return False when the server answers NO or BAD; a lost connection is still an error."""
        try:
            act()
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return False
        return True

    def end(self) -> None:
        """Log out if that is quick, and let go; never raises."""
        self.client.wire.patience = 2.0
        try:
            self.client.logout()
        except (OSError, imaplib.IMAP4.error, ValueError):
            pass
        self.cut()

    def cut(self) -> None:
        try:
            self.client.wire.shutdown()
        except OSError:
            pass


@contextmanager
def translated(name: str, doing: str) -> Iterator[None]:
    """Turn every way in which a server fails us into a TransientError that names the mailbox and the step only."""
    try:
        yield
    except TimeoutError:
        raise TransientError(f"mailbox {name}: the server did not answer in time while {doing}") from None
    except (OSError, imaplib.IMAP4.abort):
        raise TransientError(f"mailbox {name}: the connection was lost while {doing}") from None
    except imaplib.IMAP4.error:
        raise TransientError(f"mailbox {name}: the server refused while {doing}") from None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError):
        raise TransientError(f"mailbox {name}: the server's answer could not be read while {doing}") from None
