"""Answers what an ESP asks, where a rule names a letter for it: once for each notice and cycle, and never a machine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from daemon.decide.decision import Decision
from daemon.followups.addressee import addressee
from daemon.followups.ladder import Target
from daemon.jobs.desk import Desk
from daemon.jobs.letters import manners
from daemon.message.message import Kind
from daemon.notices.status import Evidence
from daemon.store import Store, clocks, messages, outbox, reviews, state
from daemon.store.outbox import NewLetter
from daemon.store.reviews import NewReview

WAITS = "reply_waits"
_LETTER = "letter:"


def asked(conn: Connection, decision: Decision, notice_id: int, message_ref: int, now: datetime) -> None:
    """Note that a question is to be answered; the letter is queued by the next ``tick``."""
    if is_answered(decision):
        reasons = (WAITS, _LETTER + decision.reply_with)
        reviews.add(conn, NewReview(WAITS, "task", message_ref, notice_id, reasons=reasons), now)


def is_answered(decision: Decision) -> bool:
    """Tell whether a letter answers a mail: a person of the ESP, proven, asked about one notice, and a rule says so."""
    return (
        bool(decision.reply_with)
        and decision.answerable
        and not decision.automatic
        and not decision.routed
        and decision.kind is Kind.REPLY
        and decision.evidence is Evidence.AUTHENTICATED
        and len(decision.matched) == 1
    )


def tick(store: Store, desk: Desk, now: datetime) -> int:
    """Queue the answers that wait; may be repeated without harm.  Returns how many were queued."""
    with store.read() as conn:
        waiting = reviews.with_reason(conn, WAITS) if state.mode(conn) == "live" else ()
    return sum(_answer(store, desk, row.id, now) for row in waiting)


def _answer(store: Store, desk: Desk, review_id: int, now: datetime) -> bool:
    with store.write() as conn:
        row = reviews.get(conn, review_id, lock=True)
        if row is None or row.state != reviews.OPEN or row.notice_id is None:
            return False
        one = next(iter(clocks.standings(conn, [row.notice_id])), None)
        to = addressee(one, Target.CONTACT) if one else None
        if one is None or to is None:
            return False
        template = next((word.removeprefix(_LETTER) for word in row.reasons if word.startswith(_LETTER)), "")
        key = f"answer-{one.number}-{one.cycle}-{template}"
        mailbox = one.mailbox or desk.usual
        context: dict[str, Any] = {"notices": [one.id], **manners(conn, [(one.esp_id, to)])[one.esp_id, to]}
        question = messages.get(conn, row.message_ref) if row.message_ref else None
        new = NewLetter(
            kind="answer",
            key=key,
            message_id=desk.message_id(key, mailbox),
            to_address=to,
            template=template,
            mailbox=mailbox,
            esp_id=one.esp_id,
            context={**context, "references": [question.message_id] if question and question.message_id else []},
            survivor_linked=one.survivor_linked,
        )
        queued = outbox.queue(conn, new, now)
        reviews.decide(conn, row.id, reviews.OBSOLETE, now, "daemon")
        return queued is not None
