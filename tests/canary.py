"""Catches mail text, addresses and passwords on their way into a log, an exception or a traceback."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

# library loggers that have been seen to tell what they should not; all others are watched as well
NOSY = (
    "imapclient",
    "imapclient.imapclient",
    "imapclient.imaplib",
    "imapclient.util",
    "sqlalchemy",
    "exchangelib",
    "httpx",
    "httpcore",
    "httpcore.connection",
    "httpcore.http11",
    "msal",
    "",
)


class Cage(logging.Handler):
    """Keeps every record of every logger, formatted with its traceback, at level DEBUG."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = [record.name, record.getMessage(), repr(record.args), repr(vars(record))]
        if record.exc_info and record.exc_info[1]:
            text.append(described(record.exc_info[1]))
        self.lines.append("\n".join(text))

    def heard(self, *words: str) -> list[str]:
        """Return the names of the loggers that told any of ``words`` (the lines themselves would tell it again)."""
        return sorted({line.split("\n", 1)[0] for line in self.lines if any(word in line for word in words)})


def described(error: BaseException) -> str:
    """What a log would show of an error: its traceback with everything that is chained to it and shown."""
    return "".join(traceback.format_exception(error)) + repr(error)


@contextmanager
def caged() -> Iterator[Cage]:
    """Set every logger to DEBUG and listen to all of them."""
    cage = Cage()
    root = logging.getLogger()
    loggers = [logging.getLogger(name) for name in {*NOSY, *logging.root.manager.loggerDict}]
    before = [(logger, logger.level, logger.disabled, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.disabled, logger.propagate = False, True
    root.addHandler(cage)
    try:
        yield cage
    finally:
        root.removeHandler(cage)
        for logger, level, disabled, propagate in before:
            logger.setLevel(level)
            logger.disabled, logger.propagate = disabled, propagate
