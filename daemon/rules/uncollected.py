"""Keeps the search for garbage away from many lasting values, among which it would take long and find nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave the search for unreachable cycles until the block, or the decorated function, has ended."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def set_apart() -> None:
    """Take all that lives now for lasting: the search for unreachable cycles passes it by from here on."""
    gc.collect()
    gc.freeze()
