"""Errors are named for what the daemon does next; their texts hold ids and counts only."""

from __future__ import annotations


class NoticedError(Exception):
    """The root of all errors that noticed raises on purpose."""


class ConfigError(NoticedError):
    """Do not start: something an administrator or a rule editor must mend.  Tells every problem at once."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class TransientError(NoticedError):
    """Leave the work where it lies; the next tick tries again.

    ``retry_after``: seconds the other side asked us to wait, if it did.
    """

    def __init__(self, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class PermanentError(NoticedError):
    """Set this item aside for a person; trying again would give the same result."""


class UnreadError(NoticedError):
    """Set this mail aside for a person: it took too long to read, or ended the process that reads."""


class UsageError(NoticedError):
    """The command was called in a way that cannot be carried out."""
