"""Lists what came to a folder and what went, by its state; the small questions about folders and keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from imapclient import IMAPClient

from daemon.errors import PermanentError
from daemon.mailbox import Changes, FolderState, Place
from daemon.mailbox._imap_fetch import ask, keywords
from daemon.mailbox._imap_session import LARGE_SET, Session
from daemon.mailbox._state import Seen, Uids, listing, sets
from daemon.mailbox._tags import check

_SEARCH_AFTER = 20  # quiet polls
_APPENDED = re.compile(rb"(\d+) (\d+)")


def changes(session: Session, folder: str, state: FolderState | None, inbox: str) -> Changes:
    """List ``folder`` since ``state``; only ``inbox`` is trusted to stay what it was while it is selected."""
    since = Seen.read(state)
    if folder != inbox:
        if session.folder == folder:  # a person may have removed it and made it again meanwhile
            session.select(inbox)
        if since and _unchanged(session, folder, since):
            return Changes((), (), state or FolderState(folder, since.text()))
    session.select(folder)
    if since is None or since.validity != session.validity:
        return _everything(session, folder, since)
    if _quiet(session, since):
        return Changes((), (), state or FolderState(folder, since.text()))
    tags = _tags(session, since)
    new, known, gone = _since(session, since)
    now = _now(session, max([since.last, *new]), known.union(new), since.modseq)
    return listing(folder, since, now, _news(session, new), gone, state, tags)


def _now(session: Session, last: int, known: Uids, before: int = 0) -> Seen:
    """Return what is known of the selected folder now, and keep it to compare the next poll with."""
    session.next_uid = max(session.next_uid, last + 1)
    session.listed, session.told, session.quiet_polls = (last, known), False, 0
    return Seen(session.validity, last, known, session.next_uid, session.modseq, before=before)


def _tags(session: Session, since: Seen) -> dict[int, frozenset[str]] | None:
    """Return the keywords of known messages whose flags have changed; None where nothing tells that any have."""
    if since.rebinding or not since.modseq or not (session.reflagged or session.modseq > since.modseq):
        return None
    session.reflagged = False
    if not session.tells_tags or not since.known:
        return {}
    changed = sorted(uid for uid in _changed(session, since) if uid in since.known)
    answers = [ask(session, some, ["FLAGS"]) for some in sets(changed, LARGE_SET)]
    session.reflagged = False  # those were our questions
    return {uid: keywords(data) for told in answers for uid, data in told.items() if data and b"FLAGS" in data}


def _changed(session: Session, since: Seen) -> list[int]:
    """Whose flags have changed since a MODSEQ; nobody's where the server cannot search for it after all."""
    told: list[Any] = []
    wanted = ["UID", f"1:{since.known.ranges[-1][1]}", "MODSEQ", str(since.modseq + 1)]
    session.attempt(lambda: told.append(session.client.search(wanted)))
    session.absorb()
    for found in told:
        session.modseq = max(session.modseq, int(found.modseq or 0))
    return [int(uid) for found in told for uid in found]


def _quiet(session: Session, since: Seen) -> bool:
    """Ask once (NOOP) whether anything happened to a folder that we know already; return True if nothing did.

    A search alone would not do: servers may withhold what was expunged from it.  Now and then the folder is searched
    all the same, for servers that say nothing unasked.
    """
    if since.rebinding or session.told or session.listed != (since.last, since.known):
        return False
    return not session.poll() and session.quiet_polls < _SEARCH_AFTER


def _unchanged(session: Session, folder: str, since: Seen) -> bool:
    """Ask for the folder's marks only: an equal MODSEQ, or an equal UIDNEXT and count, means that nothing happened."""
    if since.rebinding or not since.next_uid:
        return False
    marks = session.status(folder)
    if marks.get(b"UIDVALIDITY") != since.validity:
        return False
    if since.modseq and b"HIGHESTMODSEQ" in marks:
        return marks[b"HIGHESTMODSEQ"] == since.modseq
    return marks.get(b"UIDNEXT") == since.next_uid and marks.get(b"MESSAGES") == len(since.known)


def _everything(session: Session, folder: str, since: Seen | None) -> Changes:
    present = session.search("ALL")
    now = _now(session, max(present, default=0), Uids.of(present))
    return listing(folder, since, now, _news(session, present), (), None)


def _news(session: Session, uids: list[int]) -> list[int]:
    """Leave out what we copied elsewhere and could only mark as deleted, where a server cannot remove single mails."""
    if not uids or session.offers("MOVE") or session.offers("UIDPLUS"):
        return uids
    shown = set(session.search("UID", str(Uids.of(uids)), "UNDELETED"))
    return [uid for uid in uids if uid in shown]


def _since(session: Session, since: Seen) -> tuple[list[int], Uids, list[int]]:
    """Return (new, known that still lies there, gone); only if the count does not fit is the folder listed whole."""
    taken = Uids.of(uid for uid in session.taken if uid in since.known)
    rest = since.known.minus(taken)
    new = _newer(session, since)
    if session.exists > len(rest) + len(new):
        new = _newer(session, since)  # it came while we asked
    if session.certain and session.exists == len(rest) + len(new):
        return new, rest, list(taken)
    present = Uids.of(session.search("ALL"))
    session.certain = True
    gone = since.known.minus(present)
    return [uid for uid in new if uid in present], since.known.minus(gone), list(gone)


def _newer(session: Session, since: Seen) -> list[int]:
    """``UID n:*`` always names the last message too, so what is known is filtered."""
    found = session.search("UID", f"{since.last + 1}:*")
    return [uid for uid in found if uid > since.last and uid not in since.known]


def usable_keywords(session: Session, words: Iterable[str]) -> list[str]:
    """Return the keywords that the selected folder can keep; PermanentError for a word that no server takes."""
    wanted = sorted(words)
    check(wanted)
    if session.keywords is None:
        return wanted
    return [word for word in wanted if word.lower() in session.keywords]


def special_folder(session: Session, role: bytes) -> str | None:
    """Return the folder with a SPECIAL-USE role (RFC 6154), or by the usual names where the server tells none."""
    found = session.client.find_special_folder(role)
    return session.our_name(found) if found else None


def appended(session: Session, folder: str, raw: bytes) -> Place | None:
    """APPEND as read; PermanentError if the server refuses (a full mailbox, no right to write)."""
    session.ensure_folder(folder)
    session.client.untagged.pop("APPENDUID", None)
    client: IMAPClient = session.client
    if not session.attempt(lambda: client.append(session.wire_name(folder), raw, flags=[b"\\Seen"])):
        session.forget_folder(folder)
        raise PermanentError(f"mailbox {session.settings.name}: the server refused to store a copy")
    told = session.client.untagged.get("APPENDUID", [b""])[-1]
    session.absorb()
    found = _APPENDED.search(told) if isinstance(told, bytes) else None
    return Place(folder, f"{int(found[1])}:{int(found[2])}") if found else None
