"""Moves messages by sets so that none is lost and none doubled, whatever the server offers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from daemon.mailbox import Filed, Place
from daemon.mailbox._imap_fetch import ask
from daemon.mailbox._imap_session import LARGE_SET, SET, Session
from daemon.mailbox._message_id import header_id, searchable
from daemon.mailbox._state import Uids, sets

_DELETED = b"\\Deleted"
_COPYUID = re.compile(rb"(\d+) ([\d:,]+) ([\d:,]+)")


def move(session: Session, source: str, uids: Sequence[int], folder: str) -> dict[int, Filed]:
    """Move messages of ``source`` to ``folder``; tell of each how it ended."""
    ended: dict[int, Filed] = {}
    session.ensure_folder(folder)
    whole = session.offers("MOVE")
    for some in sets(uids, LARGE_SET if whole else SET):
        session.select(source)
        ended.update(_move_set(session, some, folder) if whole else _copy_set(session, source, some, folder))
    return ended


def _move_set(session: Session, uids: list[int], folder: str) -> dict[int, Filed]:
    """MOVE (RFC 6851).  OK is no proof: only COPYUID is, or else that the message was there before and is not now."""
    proof = session.offers("UIDPLUS")
    before = None if proof else set(_present(session, uids))
    accepted, places = _telling(session, lambda name: session.client.move(uids, name), folder)
    if accepted and places and len(places) == len(uids):
        session.taken.update(places)
        return {uid: Filed(moved=True, place=places[uid]) for uid in uids}
    left = set(_present(session, uids))
    gone = set(uids) - left
    moved = before & gone if before is not None and accepted else set(places)
    session.taken.update(gone)
    return {uid: _ending(uid in moved, uid in left, places.get(uid)) for uid in uids}


def _ending(moved: bool, left: bool, place: Place | None) -> Filed:
    if moved:
        return Filed(moved=True, place=place)
    return Filed(moved=False, vanished=not left)


def _telling(session: Session, act: Any, folder: str) -> tuple[bool, dict[int, Place]]:
    """Carry out ``act`` on the server's name of ``folder``; return (accepted, new place by old UID).

    COPYUID is cleared before, so that an earlier command's is never taken for this one's.  A folder that a person
    removed is created anew, once.
    """
    for _ in range(2):
        session.ensure_folder(folder)
        session.client.untagged.pop("COPYUID", None)
        accepted = session.attempt(lambda: act(session.wire_name(folder)))
        places = _copied(session.client.untagged.get("COPYUID", []), folder)
        session.absorb()
        if accepted or places:
            break
        session.forget_folder(folder)
    return accepted, places


def _copied(told: Iterable[Any], folder: str) -> dict[int, Place]:
    """Read COPYUID (RFC 4315 section 3): validity, old UIDs, new UIDs in the same order."""
    places: dict[int, Place] = {}
    for line in told:
        found = _COPYUID.search(line) if isinstance(line, bytes) else None
        if not found:
            continue
        old, new = (_expand(found[index]) for index in (2, 3))
        if len(old) == len(new):
            places.update({uid: Place(folder, f"{int(found[1])}:{to}") for uid, to in zip(old, new, strict=True)})
    return places


def _expand(text: bytes) -> list[int]:
    """Return the UIDs of a sequence set in its own order; an absurdly long one is not believed."""
    uids: list[int] = []
    for part in text.decode("ascii").split(","):
        low, _, high = part.partition(":")
        if not low or int(high or low) - int(low) > 10 * LARGE_SET:
            return []
        uids.extend(range(int(low), int(high or low) + 1))
    return uids


def _present(session: Session, uids: Sequence[int]) -> list[int]:
    return [uid for uid in session.search("UID", str(Uids.of(uids))) if uid in set(uids)]


# without MOVE: copy, mark, and take away only what we marked


@dataclass(frozen=True)
class _Marks:
    """By what a copy made by an attempt that was cut short is known again."""

    message_id: str
    size: int
    received: object


def _copy_set(session: Session, source: str, uids: list[int], folder: str) -> dict[int, Filed]:
    """COPY, ``\\Deleted``, UID EXPUNGE.  Never a plain EXPUNGE: it would remove other people's deleted mail."""
    marks, deleted = _marks(session, uids)
    ended = {uid: Filed(moved=False, vanished=True) for uid in uids if uid not in marks or uid in deleted}
    there = _already_there(session, folder, {uid: marks[uid] for uid in uids if uid not in ended})
    session.select(source)
    fresh = [uid for uid in uids if uid not in ended and uid not in there]
    places: dict[int, Place] = dict(there)
    copied: set[int] = set(there)
    if fresh:
        accepted, told = _telling(session, lambda name: session.client.copy(fresh, name), folder)
        places.update(told)
        copied |= set(told) if session.offers("UIDPLUS") else set(fresh) if accepted else set()
    _take_away(session, sorted(copied))
    return {**ended, **{uid: Filed(uid in copied, places.get(uid)) for uid in uids if uid not in ended}}


def _take_away(session: Session, uids: list[int]) -> None:
    """Mark and, where the server can do it by UID, expunge; elsewhere the mark stays and the listing minds it."""
    if not uids:
        return
    session.client.add_flags(uids, [_DELETED], silent=True)
    if session.offers("UIDPLUS"):
        session.client.uid_expunge(uids)
        session.taken.update(uids)
    session.absorb()


def _marks(session: Session, uids: list[int]) -> tuple[dict[int, _Marks], set[int]]:
    """Return each existing message's marks, and who carries ``\\Deleted`` (by us, cut short, or by a person)."""
    items = ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]
    answers = {uid: data for uid, data in ask(session, uids, items).items() if data is not None}
    deleted = {uid for uid, data in answers.items() if _DELETED in data.get(b"FLAGS", ())}
    marks = {
        uid: _Marks(header_id(data), int(data.get(b"RFC822.SIZE") or 0), data.get(b"INTERNALDATE"))
        for uid, data in answers.items()
    }
    return marks, deleted


def _already_there(session: Session, folder: str, wanted: dict[int, _Marks]) -> dict[int, Place]:
    """Return the copies that an earlier attempt made before it was cut short."""
    marks: dict[bytes, int] = {}
    if not wanted or not session.attempt(lambda: marks.update(session.status(folder))):
        session.forget_folder(folder)  # a person removed it
    if not marks.get(b"MESSAGES"):
        return {}
    session.select(folder)
    there: dict[int, Place] = {}
    for uid, mark in wanted.items():
        text = searchable(mark.message_id)
        found = session.search("HEADER", "Message-ID", text) if text else []
        same = [candidate for candidate, other in _marks(session, found)[0].items() if other == mark] if found else []
        if same:
            there[uid] = Place(folder, f"{session.validity}:{same[0]}")
    return there
