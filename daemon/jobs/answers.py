"""Answers to our letters to an ESP about itself: an introduction that is answered, a change that is objected to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from daemon.decide.decision import Decision
from daemon.jobs import esp_changes, esp_letters, onboarding
from daemon.message.message import Kind
from daemon.notices import token
from daemon.notices.status import Category
from daemon.notices.token import Token

_NOBODY = frozenset({Category.BOUNCE_HARD, Category.BOUNCE_SOFT, Category.OUT_OF_OFFICE})
_WRITTEN = frozenset({Kind.REPLY, Kind.UNREADABLE, Kind.CALENDAR, Kind.EMPTY})  # by a person, however it came


def about_the_register(
    conn: Connection, tokens: Iterable[Token], decision: Decision, message_ref: int, now: datetime, *, acting: bool
) -> None:
    """Carry out what a mail means for changes and introductions, by the genuine tokens of ours that it carries.

    What a machine sent by itself, and what came back, answers nothing.  ``acting`` False (it lay in the junk folder):
    it confirms nothing, but it stops a change, since stopping is always safe.
    """
    if decision.automatic or decision.kind not in _WRITTEN or decision.category in _NOBODY:
        return
    for found in tokens:
        change = esp_letters.change_of(found)
        if change is not None:
            esp_changes.objected(conn, change, now, message_ref)
        elif acting and found.kind == token.ONBOARD and found.id.isdecimal():
            onboarding.answered(conn, int(found.id), decision, message_ref, now)
