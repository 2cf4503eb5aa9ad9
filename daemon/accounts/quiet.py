"""Keeps mail text, addresses and passwords that mail libraries log out of every log, at any level."""

from __future__ import annotations

import logging


def _drop(_record: logging.LogRecord) -> bool:
    return False


def silence(*names: str) -> None:
    """Make the named loggers say nothing, whatever level somebody gives them; may be repeated."""
    for name in names:
        logger = logging.getLogger(name)
        if _drop not in logger.filters:
            logger.addFilter(_drop)
