"""Keeps letters instead of sending them: for a dry run, the demo and tests."""

from __future__ import annotations

import hashlib
from pathlib import Path

from daemon.errors import TransientError
from daemon.mailer import Envelope, Result, Sending


class CaptureMailer:
    """See ``Mailer``.  ``letters`` holds what was sent, in order; ``folder``, if given, gets a file of each as well."""

    def __init__(self, folder: Path | None = None) -> None:
        self.letters: list[Envelope] = []
        self._folder = folder

    def send(self, envelope: Envelope) -> Sending:
        if self._folder is not None:
            self._write(self._folder, envelope)
        self.letters.append(envelope)
        return Sending(Result.SENT, "250 2.0.0")

    def close(self) -> None:
        """Nothing is held."""

    def _write(self, folder: Path, envelope: Envelope) -> None:
        """Write one file named after the Message-ID, so that a second attempt is seen to be the same letter."""
        name = hashlib.sha256(envelope.message_id.encode()).hexdigest()[:24] + ".eml"
        draft = folder / f".{name}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(envelope.raw)
            draft.replace(folder / name)
        except OSError:
            raise TransientError("the folder for captured letters cannot be written") from None
