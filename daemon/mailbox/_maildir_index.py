"""The side file of a Maildir folder: which number each message has, and its tags.  The folder itself is the truth."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

FILE = "noticed-index.json"


def base(name: str) -> str:
    """Return a Maildir file name without its info letters: it is the message's own as long as it exists."""
    return name.partition(":")[0]


@dataclass
class Index:
    """``numbers`` rise in the order of arrival and are never used twice within one ``validity``."""

    validity: int
    next: int = 1
    numbers: dict[str, int] = field(default_factory=dict)
    tags: dict[str, list[str]] = field(default_factory=dict)
    fresh: bool = False  # not yet in the folder

    @classmethod
    def load(cls, folder: Path, validity: int) -> Index:
        """Read the side file; a missing or broken one gives a new ``validity``, so that everything is listed anew."""
        try:
            found = json.loads((folder / FILE).read_text(encoding="utf-8"))
            return cls(found["validity"], found["next"], found["numbers"], found["tags"])
        except (OSError, ValueError, KeyError, TypeError):
            return cls(validity, fresh=True)

    def save(self, folder: Path) -> None:
        text = json.dumps({"validity": self.validity, "next": self.next, "numbers": self.numbers, "tags": self.tags})
        draft = folder / (FILE + ".part")
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / FILE)
        sync(folder)

    def number(self, files: dict[str, Path]) -> bool:
        """Give every new file a number and forget those that are gone; True if anything changed."""
        gone = self.numbers.keys() - files.keys()
        for key in gone:
            del self.numbers[key]
            self.tags.pop(key, None)
        fresh = sorted((_arrival(files[key]), key) for key in files.keys() - self.numbers.keys())
        for _, key in fresh:
            self.numbers[key] = self.next
            self.next += 1
        return bool(gone or fresh)


def _arrival(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def sync(folder: Path) -> None:
    """Make the names in ``folder`` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
