"""The self-probe: one mail to ourselves is sent, waited for, read, tagged and filed; nothing is deleted.

It is an administrator's first minute: what no test could reach, a real server, is tried before the first real mail.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from daemon.errors import PermanentError
from daemon.jobs.clock import Clock
from daemon.mailbox import FolderState, Mailbox, Place
from daemon.mailer import Envelope, Mailer, Result, Sending
from daemon.message.parse import parse
from daemon.notices import token

FOLDER = "Noticed/Self-probe"
TAG = "$NoticedProbe"
PATIENCE = 180.0  # seconds until the mail must be here
_LOOK = 5.0
_TEXT = "This mail tests whether noticed can send, read, tag and file. It may be deleted.\n"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried; ``how``: ok, warning, problem."""

    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Probe:
    """One mail from us to us; ``patience`` in seconds."""

    box: Mailbox
    mailer: Mailer
    letter: Envelope = field(repr=False)
    clock: Clock
    patience: float = PATIENCE

    def run(self) -> Iterator[Step]:
        """Try one thing after the other, as far as it goes; raises as mailbox and way out do."""
        state = self.box.changes(self.box.inbox, None).state
        ended = self._send()
        if ended.result is not Result.SENT:
            how = f"{ended.result} {ended.reply}".strip()
            yield Step("problem", f"a mail to ourselves did not leave ({how})")
            return
        yield Step("ok", "a mail to ourselves left")
        began = self.clock.monotonic()
        found = self._wait(state)
        if not found:
            yield Step("problem", f"it did not arrive within {self.patience:g} s, or a running noticed has filed it")
            return
        yield Step("ok", f"it arrived after {self.clock.monotonic() - began:.0f} s")
        yield self._read(found)
        yield self._tag(found)
        yield self._file(found)
        yield self._sent()

    def _send(self) -> Sending:
        make: Callable[[Envelope], str | Sending] | None = getattr(self.mailer, "draft", None)
        draft = make(self.letter) if make is not None else ""
        return draft if isinstance(draft, Sending) else self.mailer.send(replace(self.letter, draft=draft))

    def _wait(self, state: FolderState) -> tuple[Place, ...]:
        inbox, end = self.box.inbox, self.clock.monotonic() + self.patience
        while True:
            state = self.box.changes(inbox, state).state
            found = self.box.find(inbox, self.letter.message_id)
            left = end - self.clock.monotonic()
            if found or left <= 0:
                return found
            self.box.wait(min(_LOOK, left))

    def _read(self, found: tuple[Place, ...]) -> Step:
        message = parse(next(iter(self.box.fetch(found))).raw)
        whole = any(_TEXT.strip() in line.text for line in message.lines)
        return Step("ok", "it can be read") if whole else Step("problem", "it cannot be read as it was written")

    def _tag(self, found: tuple[Place, ...]) -> Step:
        self.box.tag(found, frozenset({TAG}), frozenset())
        kept = all(TAG.lower() in {flag.lower() for flag in one.flags} for one in self.box.fetch(found))
        return Step("ok", "it was tagged") if kept else Step("warning", "the server keeps no tags: folders only")

    def _file(self, found: tuple[Place, ...]) -> Step:
        self.box.ensure_folder(FOLDER)
        ended = self.box.file(found, FOLDER)
        if not all(one.moved for one in ended.values()) or not self.box.find(FOLDER, self.letter.message_id):
            return Step("problem", f"it could not be filed into {FOLDER}")
        return Step("ok", f"it was filed into {FOLDER}")

    def _sent(self) -> Step:
        """A copy in Sent proves later that a letter has left; this one is filed away as well."""
        folder = self.box.sent_folder()
        try:
            copies = self.box.find(folder, self.letter.message_id) if folder is not None else ()
        except PermanentError:
            copies = ()
        if folder is None or not copies:
            return Step("warning", "no copy in Sent: sending.copy_to_us = true would prove that letters left")
        self.box.file(copies, FOLDER)
        return Step("ok", "its copy lay in Sent")


def letter(address: str, sender: str, key: bytes, now: datetime) -> Envelope:
    """The mail itself: from us, to us, marked as a machine's (RFC 3834)."""
    message_id = token.make("probe", secrets.token_hex(8), key, sender.rpartition("@")[2])
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, address, "noticed: self-probe"
    mail["Date"], mail["Message-ID"] = now, message_id
    mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"] = "auto-generated", "All"
    mail.set_content(_TEXT)
    return Envelope(message_id, sender, (address,), mail.as_bytes())
