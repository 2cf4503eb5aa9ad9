"""Redirect chains: what was passed on, what waits to be, who cannot be written to, and rings."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from daemon.digest.blocks import Paragraph, Section, Table, columns, row
from daemon.digest.sql import scoped, within
from daemon.digest.view import View
from daemon.store.tables import notices, reviews

ORDER = 10
HOW = (
    "Passed on: notices that were opened in the week because an ESP said that somebody else stores the URLs. Proposed: "
    "answers that wait for a person to pass their URLs on. Without a contact: notices passed on whose letter waits "
    "because nobody is known to write to. Rings: ESPs that name each other, and chains that are too long. All but the "
    "first as of now."
)


@dataclass(frozen=True, slots=True)
class Chains:
    passed_on: int
    proposed: int
    without_contact: int
    rings: int


def ask(conn: Connection, view: View) -> Chains:
    opened = select(func.count()).where(notices.c.parent_id.is_not(None), scoped(notices.c.esp_id, view.esps))
    waiting = select(func.count()).where(reviews.c.state == "open", _scope(view))
    return Chains(
        conn.execute(opened.where(within(notices.c.imported_at, view.since, view.until))).scalar_one(),
        conn.execute(waiting.where(reviews.c.reason == "new_target", reviews.c.proposal.is_not(None))).scalar_one(),
        conn.execute(waiting.where(reviews.c.reason == "referral_waits")).scalar_one(),
        conn.execute(waiting.where(reviews.c.reason.in_(("referral_loop", "referral_depth")))).scalar_one(),
    )


def _scope(view: View) -> ColumnElement[bool]:
    return reviews.c.esp_id.is_(None) | scoped(reviews.c.esp_id, view.esps)


def word(found: Chains, _view: View) -> Section:
    if found == Chains(0, 0, 0, 0):
        return Section("Passed on", (Paragraph("No ESP named another one, and nothing waits to be passed on."),))
    lines = (
        row("Passed on this week", found.passed_on, "noticed notices show NUMBER"),
        row("Proposed: waits for a person", found.proposed, "noticed review list --kind task"),
        row("Without a contact", found.without_contact, "find one, then the letter leaves by itself"),
        row("Rings and long chains", found.rings, "noticed review list --kind alert"),
    )
    heads = columns("What", ">How many", "How")
    return Section("Passed on", (Table("URLs that others are said to store", heads, lines),))
