"""Reads mails in one child process that is killed past a time limit, so that no mail can hold the daemon up."""

from __future__ import annotations

import io
import logging
import os
import pickle
import resource
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from daemon.errors import TransientError, UnreadError
from daemon.message.message import Message
from daemon.message.parse import parse

LIMIT = 20.0  # seconds for one mail
MEMORY = 3 << 30  # bytes that the child may use
_ENTRY = "daemon.app.apart:serve"
_SIZE = struct.Struct("!Q")
_VALUES = frozenset(
    (
        ("daemon.message.message", "Message"), ("daemon.message.message", "Line"), ("daemon.message.message", "Shape"),
        ("daemon.message.message", "Address"), ("daemon.message.message", "Attachment"),
        ("daemon.message.form", "Form"), ("daemon.message.form", "FormRow"),
        ("datetime", "datetime"), ("datetime", "timezone"), ("datetime", "timedelta"),
    )
)  # fmt: skip
_log = logging.getLogger("noticed.reading")


class Apart:
    """The child process, as seen from outside; started when first needed, and anew after a mail that ended it."""

    def __init__(self, limit: float = LIMIT, entry: str = _ENTRY) -> None:
        self._limit, self._entry = limit, entry
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def read(self, raw: bytes, unseen_parts: Sequence[tuple[str, str, int]] = (), complete: bool = True) -> Message:
        """Return what ``parse`` makes of ``raw``; UnreadError when that took too long or ended the child twice."""
        with self._lock:
            for _ in range(2):  # once more: the first time the machine may have been at fault
                try:
                    return self._ask((raw, tuple(unseen_parts), complete))
                except (OSError, EOFError, pickle.UnpicklingError) as error:
                    _log.warning("reading_ended", extra={"ids": {"size": len(raw), "error": type(error).__name__}})
                    self._end()
            raise UnreadError("a mail took too long to read, or ended the process that reads")

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _ask(self, question: tuple[bytes, tuple[tuple[str, str, int], ...], bool]) -> Message:
        line = self._open()
        _put(line, pickle.dumps(question, pickle.HIGHEST_PROTOCOL))
        return _Values(io.BytesIO(_take(line))).load()  # type: ignore[no-any-return]

    def _open(self) -> socket.socket:
        if self._line is None:
            ours, theirs = socket.socketpair()
            module, _, name = self._entry.partition(":")
            code = f"from {module} import {name}; {name}({theirs.fileno()})"
            try:
                self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                    [sys.executable, "-c", code],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,  # a traceback could quote the mail
                    env={key: value for key, value in os.environ.items() if not key.startswith("NOTICED_")},
                )
            except OSError:
                ours.close()
                raise TransientError("the process that reads mails cannot be started") from None
            finally:
                theirs.close()
            ours.settimeout(self._limit)
            self._line = ours
        return self._line

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._line = self._child = None


class _Values(pickle.Unpickler):
    """Takes nothing from the child but the values of a message."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _VALUES:
            raise EOFError("the process that reads sent something else")
        return super().find_class(module, name)


def serve(number: int, read: Callable[..., Message] = parse) -> None:
    """Answer at file descriptor ``number`` until the other side is gone; runs in the child."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    line = socket.socket(fileno=number)
    try:
        while True:
            raw, unseen_parts, complete = pickle.loads(_take(line))  # noqa: S301 - it comes from our parent
            message = read(raw, unseen_parts=unseen_parts, complete=complete)
            _put(line, pickle.dumps(message, pickle.HIGHEST_PROTOCOL))
    except (EOFError, OSError):
        return


def _put(line: socket.socket, body: bytes) -> None:
    line.sendall(_SIZE.pack(len(body)) + body)


def _take(line: socket.socket) -> bytes:
    (size,) = _SIZE.unpack(_exactly(line, _SIZE.size))
    return bytes(_exactly(line, size))


def _exactly(line: socket.socket, size: int) -> bytearray:
    """Read ``size`` bytes; EOFError when the other side ends before."""
    found = bytearray()
    while len(found) < size:
        piece = line.recv(min(size - len(found), 1 << 20))
        if not piece:
            raise EOFError
        found += piece
    return found
