"""Fetches messages by sets: the first 64 KiB of each, the text parts where text was cut, never an attachment."""

from __future__ import annotations

import imaplib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from daemon.errors import TransientError
from daemon.mailbox import Fetched, Place
from daemon.mailbox._imap_session import SET, Session
from daemon.mailbox._imap_structure import tree
from daemon.mailbox._parts import Part, Reading, from_prefix, join, sections
from daemon.mailbox._state import sets

PREFIX = 65536
_ALIKE = 10  # mails of one structure whose texts are asked for at once: at most 256 KiB of each text
_ITEMS = [f"BODY.PEEK[]<0.{PREFIX}>", "INTERNALDATE", "RFC822.SIZE", "FLAGS"]
_NEVER = datetime.fromtimestamp(0, UTC)
# what Exchange gives in place of a mail that it cannot convert
_SUBSTITUTE = re.compile(
    rb"\A(?:[^\r\n]+\r?\n)*?subject:[ \t]*retrieval using the imap4 protocol failed", re.IGNORECASE
)
_Data = Mapping[bytes, Any]


def fetch(session: Session, folder: str, uids: Sequence[int]) -> Iterator[Fetched]:
    """Yield the messages of the selected ``folder`` that still exist, in the order asked for."""
    for some in sets(uids, SET):
        answers = ask(session, some, _ITEMS)
        cut = [uid for uid in some if len(_body(answers.get(uid)) or b"") >= PREFIX]
        readings = _read_cut(session, {uid: _body(answers[uid]) or b"" for uid in cut})
        for uid in some:
            if uid in answers and not _vanished(answers[uid]):
                yield _fetched(Place(folder, f"{session.validity}:{uid}"), answers[uid], readings.get(uid))


def ask(session: Session, uids: Sequence[int], items: list[str]) -> dict[int, _Data | None]:
    """FETCH a set; where the server refuses it, each alone.  None: the server cannot give this message."""
    try:
        return dict(_one_set(session, uids, items))
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, ValueError):
        if len(uids) > 1:
            return _one_by_one(session, uids, items)
        return {uids[0]: None}


def _one_set(session: Session, uids: Sequence[int], items: list[str]) -> dict[int, _Data]:
    session.absorb()  # forget FETCH answers nobody asked for: they name other messages
    answer: dict[int, _Data] = session.client.fetch(list(uids), items)
    session.absorb()
    return answer


def _one_by_one(session: Session, uids: Sequence[int], items: list[str]) -> dict[int, _Data | None]:
    answers: dict[int, _Data | None] = {}
    for uid in uids:
        answers.update(ask(session, [uid], items))
    if len(answers) == len(uids) and all(data is None for data in answers.values()):
        raise TransientError(f"mailbox {session.settings.name}: the server refuses to give any of {len(uids)} messages")
    return answers


def _body(data: _Data | None) -> bytes | None:
    found = next((value for key, value in (data or {}).items() if key.startswith(b"BODY[]")), None)
    return found if isinstance(found, bytes) else None


def _vanished(data: _Data | None) -> bool:
    """A message expunged meanwhile comes without a body (NIL), not as an error."""
    return data is not None and any(key.startswith(b"BODY[]") and value is None for key, value in data.items())


def _fetched(place: Place, data: _Data | None, reading: Reading | None) -> Fetched:
    raw = _body(data)
    if data is None or raw is None:
        return Fetched(place, b"", _NEVER, 0, complete=False, unreadable=True)
    received = data.get(b"INTERNALDATE")
    read = reading or Reading(raw)
    return Fetched(
        place,
        read.raw,
        received.astimezone(UTC) if isinstance(received, datetime) else _NEVER,
        int(data.get(b"RFC822.SIZE") or len(raw)),
        complete=not read.text_cut,
        unseen_parts=read.unseen,
        flags=keywords(data),
        unreadable=_SUBSTITUTE.match(raw) is not None,
    )


def keywords(data: _Data) -> frozenset[str]:
    """Return the flags of a message that are words of users and programs, none of the server's own."""
    words = (_word(flag) for flag in data.get(b"FLAGS", ()))
    return frozenset(word for word in words if not word.startswith("\\"))


def _word(flag: Any) -> str:
    return flag.decode("ascii", "replace") if isinstance(flag, bytes) else str(flag)


# messages longer than the prefix


def _read_cut(session: Session, prefixes: Mapping[int, bytes]) -> dict[int, Reading]:
    """Return what can be read of messages that were cut: their structure first, then the text still missing."""
    if not prefixes:
        return {}
    structures = ask_or_nothing(session, list(prefixes), ["BODYSTRUCTURE"])
    found: dict[int, Reading] = {}
    missing: defaultdict[tuple[str, ...], list[tuple[int, Part]]] = defaultdict(list)
    for uid, prefix in prefixes.items():
        try:
            parts = tree((structures.get(uid) or {}).get(b"BODYSTRUCTURE"))
        except ValueError:
            found[uid] = Reading(prefix, text_cut=True)
            continue
        reading = from_prefix(prefix, parts)
        if reading is None:
            missing[tuple(sections(parts))].append((uid, parts))
        else:
            found[uid] = reading
    for items, alike in missing.items():
        for some in sets(alike, _ALIKE):
            answers = ask_or_nothing(session, [uid for uid, _ in some], list(items))
            found.update({uid: _joined(prefixes[uid], parts, answers.get(uid)) for uid, parts in some})
    return found


def ask_or_nothing(session: Session, uids: Sequence[int], items: list[str]) -> dict[int, _Data | None]:
    try:
        return ask(session, uids, items)
    except TransientError:
        return {}


def _joined(prefix: bytes, parts: Part, data: _Data | None) -> Reading:
    if data is None:
        return Reading(prefix, text_cut=True)
    found = {_section(key): value for key, value in data.items() if isinstance(value, bytes)}
    return join(prefix, parts, found)


def _section(key: bytes) -> str:
    """Return ``1.2`` for ``BODY[1.2]<0>``."""
    return key.decode("ascii", "replace").partition("[")[2].partition("]")[0].upper()
