"""Keeps mail text, addresses and passwords that mail libraries log out of every log, at any level."""

from __future__ import annotations

import logging


def _drop(_record: logging.LogRecord) -> bool:
    return False


def silence(*names: str) -> None:
    """Make the named loggers and those below them say nothing, whatever level somebody gives them; may be repeated."""
    below = tuple(f"{name}." for name in names)
    for name in {*names, *(one for one in logging.root.manager.loggerDict if one.startswith(below))}:
        logger = logging.getLogger(name)
        if _drop not in logger.filters:
            logger.addFilter(_drop)
