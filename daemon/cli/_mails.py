"""Raw mails from files, folders, Maildirs and mbox files, each under the name by which people know it."""

from __future__ import annotations

import mailbox
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

MAX_MAIL = 64 << 20  # bytes of one file that are read; what is longer is cut and read in part


@dataclass(frozen=True, slots=True)
class RawMail:
    """``raw`` is None when the input could not be read at all."""

    name: str
    raw: bytes | None = field(repr=False)


def mails(paths: Iterable[Path]) -> Iterator[RawMail]:
    """Yield every mail under ``paths`` in a stable order; what cannot be read is yielded too, with nothing in it."""
    for path in paths:
        yield from _folder(path) if path.is_dir() else _file(path)


def _folder(path: Path) -> Iterator[RawMail]:
    """Yield a Maildir's mails, or the files of a folder: those named ``.eml``, or all if none is."""
    if (path / "cur").is_dir() or (path / "new").is_dir():
        found = [*_files(path / "new"), *_files(path / "cur")]
    else:
        every = _files(path)
        found = [one for one in every if one.suffix.lower() == ".eml"] or every
    for one in found:
        yield from _file(one)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return []
    return sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))


def _file(path: Path) -> Iterator[RawMail]:
    raw = _read(path)
    if raw is not None and raw.startswith(b"From ") and path.suffix.lower() != ".eml":
        yield from _mbox(path)
    else:
        yield RawMail(path.name, raw)


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MAX_MAIL)
    except OSError:
        return None


def _mbox(path: Path) -> Iterator[RawMail]:
    """Yield the mails of an mbox as ``name#n``, counted from 1."""
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.keys(), 1):
            try:
                yield RawMail(f"{path.name}#{number}", box.get_bytes(key)[:MAX_MAIL])
            except (OSError, KeyError):
                yield RawMail(f"{path.name}#{number}", None)
    finally:
        box.close()
