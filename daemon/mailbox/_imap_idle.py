"""Waits for a hint of news with IDLE (RFC 2177) in short slices; every doubt about the connection ends it."""

from __future__ import annotations

import imaplib
from time import monotonic

from daemon.accounts.patience import Bell
from daemon.mailbox._imap_session import Session


def idle(session: Session, seconds: float, bell: Bell) -> bool:
    """Stay in IDLE for at most ``seconds``; True on a hint, False when time is up or the bell rang.

    What imapclient offers for this loses news that come in the segment of the continuation, breaks on a line split over
    two segments, and takes a dead connection for silence.  So nothing is parsed while idling: any byte ends the slice,
    and the answers are read in the ordinary, waiting way.
    """
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        came = _slice(session, min(left, session.settings.idle_slice), bell)
        rang = bell.hush()
        if not came and not rang:
            session.client.noop()  # after silence the connection must prove that it lives
            session.absorb()
        if session.news or rang:
            return session.news
    return False


def _slice(session: Session, seconds: float, bell: Bell) -> bool:
    """Idle once; return True if the server said anything."""
    client, wire = session.client, session.client.wire
    usual = wire.patience
    wire.patience = session.settings.idle_answer
    try:
        client.idle()
        came = wire.wait(seconds, bell.fileno())
        _, told = client.idle_done()
    finally:
        wire.patience = usual
    session.absorb()
    # a changed flag or a vanished mail is worth a look too; "still here" is not
    words = {line[1] for line in told if len(line) > 1}
    session.reflagged = session.reflagged or b"FETCH" in words
    session.news = session.news or bool(words & {b"EXPUNGE", b"FETCH", b"VANISHED"})
    return came


LOST = (OSError, imaplib.IMAP4.error, ValueError, TypeError, AttributeError)
