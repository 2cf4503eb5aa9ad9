"""JSON lines with ids only: nothing that came in a mail or from a library can reach a log by construction."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

ROOT = "noticed"


class OnlyIds(logging.Formatter):
    """One JSON object a line.

    Our own events are constant texts with ``extra={"ids": {...}}``; of a library's record only its logger's name, its
    level and the type of its exception are told, never its text, which may quote mail.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        if record.name == ROOT or record.name.startswith(ROOT + "."):
            line["event"] = str(record.msg)
            ids = getattr(record, "ids", {})
            line.update({key: value for key, value in ids.items() if isinstance(value, int | float | str | bool)})
        else:
            line["event"] = "library"
            line["library"] = record.name
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False)


def _where(record: logging.LogRecord) -> list[str]:
    """File names and lines of the traceback, innermost last; no values, no texts."""
    frames = traceback.extract_tb(record.exc_info[2]) if record.exc_info else []
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[-6:]]


def configure(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send every record of the process through ``OnlyIds`` to ``stream``; libraries from WARNING up."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(OnlyIds())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(ROOT).setLevel(level)
    logging.captureWarnings(capture=True)
