"""A reader that hangs, dies or lies when the mail says so; runs in the child of ``daemon.app.apart``."""

from __future__ import annotations

import os
import threading
from typing import Any

from daemon.app import apart
from daemon.message.message import Message
from daemon.message.parse import parse


def read(raw: bytes, **how: Any) -> Message:
    if b"HANG" in raw:
        threading.Event().wait()
    if b"DIE" in raw:
        os._exit(139)
    if b"LIE" in raw:
        return os.getcwd  # type: ignore[return-value]
    return parse(raw, **how)


def serve(number: int) -> None:
    apart.serve(number, read)
