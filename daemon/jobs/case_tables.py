"""The tables of an evidence bundle, and how each record is written in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from daemon.jobs.case_found import RECEIPTS, RETURNS, Found, moment
from daemon.notices.esp_table import guarded
from daemon.redact import defang
from daemon.store import case
from daemon.store.rows import AnyRow

_Table = tuple[Sequence[str], Iterable[Sequence[str]]]


def tables(found: Found) -> dict[str, _Table]:
    proofs = proofs_of(found.journal)
    return {
        "clocks": (CLOCKS, [clock(row, found) for row in found.items]),
        "notices": (_NOTICES, [_notice(row) for row in found.notices]),
        "sends": (_SENDS, [_send(row, proofs.get(row.id, "")) for row in found.letters]),
        "steps": (
            _STEPS,
            [(row.number, str(row.rung), row.outcome, row.reason, moment(row.at)) for row in found.steps],
        ),
        "answers": (_ANSWERS, [_answer(row, found) for row in found.mails if row.kind not in (*RETURNS, *RECEIPTS)]),
        "returns": (_ANSWERS, [_answer(row, found) for row in found.mails if row.kind in RETURNS]),
        "receipts": (_ANSWERS, [_answer(row, found) for row in found.mails if row.kind in RECEIPTS]),
        "journal": (_JOURNAL, [_entry(row) for row in found.journal]),
        "register": (("what", "state", "from", "until", "by", "ended or confirmed by"), found.register),
    }


CLOCKS = (
    "notice",
    "item",
    "url",
    "cycle",
    "status",
    "outcome",
    "evidence",
    "survivor_linked",
    "sent_at",
    "closed_at",
    "hours",
)
_NOTICES = (
    "notice",
    "status",
    "priority",
    "survivor_linked",
    "contact",
    "message_id",
    "sent_at",
    "clock_from",
    "first_response_at",
    "answer_by",
    "remove_by",
)
_SENDS = (
    "letter",
    "kind",
    "template",
    "to",
    "message_id",
    "state",
    "queued_at",
    "claimed_at",
    "sent_at",
    "reply",
    "proof",
    "approved_by",
)
_STEPS = (
    "notice",
    "step",
    "outcome",
    "reason",
    "at",
)
_ANSWERS = (
    "mail",
    "received_at",
    "from_domain",
    "message_id",
    "kind",
    "category",
    "automatic",
    "sender",
    "evidence",
    "rule",
    "notices",
    "ticket",
)
_JOURNAL = (
    "id",
    "seq",
    "at",
    "actor",
    "action",
    "notice_id",
    "takedown_id",
    "message_ref",
    "outbox_id",
    "old",
    "new",
    "details",
    "prev_hash",
    "hash",
)


def clock(row: AnyRow, found: Found) -> tuple[str, ...]:
    """One item with the elapsed hours from sending to closing, or to the last thing on record."""
    end = row.closed_at or found.as_of
    hours = "" if row.sent_at is None or end is None else f"{max((end - row.sent_at).total_seconds(), 0) / 3600:.1f}"
    said = (row.status, row.outcome, row.evidence, "yes" if row.survivor_linked else "no")
    return (
        row.number,
        str(row.position),
        defang(row.url),
        str(row.cycle),
        *said,
        moment(row.sent_at),
        moment(row.closed_at),
        hours,
    )


def _notice(row: AnyRow) -> tuple[str, ...]:
    linked = "yes" if row.survivor_linked else "no"
    times = (row.sent_at, row.clock_from, row.first_response_at, row.answer_by, row.remove_by)
    message_id = f"<{row.message_id}>" if row.message_id else ""
    return row.number, row.status, str(row.priority), linked, row.contact_address, message_id, *map(moment, times)


def proofs_of(rows: Iterable[dict[str, Any]]) -> dict[int, str]:
    """letter -> what proves that it left: the server's answer, or the copy that was found."""
    found: dict[int, str] = {}
    for row in rows:
        if row["action"] == "letter" and row["new"] == "sent" and row["outbox_id"] is not None:
            details = row["details"] or {}
            words = [details.get("reason", "").replace("_", " "), details.get("reply", "")]
            said = ", ".join(word for word in words if word) or "accepted by the mail server"
            found[row["outbox_id"]] = f"{said} (journal row {row['id']})"
    return found


def _send(row: AnyRow, proof: str) -> tuple[str, ...]:
    times = (row.created_at, row.claimed_at, row.sent_at)
    head = (str(row.id), row.kind, row.template, row.to_address, row.message_id, row.state)
    return *head, *map(moment, times), row.reply, proof, row.approved_by or ""


def _step(row: AnyRow) -> tuple[str, ...]:
    return row.number, str(row.rung), row.outcome, row.reason, moment(row.at)


def _answer(row: AnyRow, found: Found) -> tuple[str, ...]:
    message_id = f"<{row.message_id}>" if row.message_id and not row.message_id.startswith("<") else row.message_id
    head = (str(row.id), moment(row.received_at), defang(row.from_domain), message_id, row.kind, row.category)
    said = ("yes" if row.automatic else "no", row.standing or "", row.evidence or "", row.rule or "")
    return *head, *said, " ".join(found.numbers.get(row.id, ())), row.ticket or ""


def _entry(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(_cell(row[name]) for name in _JOURNAL)


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, dict):
        return case.as_json(value)
    return "" if value is None else str(value)


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[guarded(cell) for cell in row] for row in (heads, *rows)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")
