"""The one entry point for a mail's form: which kind it is, whether automatic, which bounce, which ticket."""

from __future__ import annotations

import re
from functools import lru_cache

from daemon.message.absence import returns_on
from daemon.message.automatic import automatic_signs, is_absence, is_listed, is_receipt, unreadable_sign
from daemon.message.bounce import Bounce, is_challenge, read_bounce
from daemon.message.message import Kind, Label, Labelled, Message, Signals
from daemon.message.tickets import find_ticket

_LETTER = re.compile(r"\w")


def signals(
    message: Message,
    labelled: tuple[Labelled, ...],
    known_addresses: frozenset[str] = frozenset(),
    number_format: str | None = None,
) -> Signals:
    """Return what the form of the mail tells.

    ``known_addresses`` (lower-case) are those we ever wrote to: a bounce names only them.  ``number_format`` is the
    regular expression of our notice numbers, which are never taken for the other side's ticket.
    """
    bounce = read_bounce(message, known_addresses)
    if bounce is not None:
        return _delivery_report(bounce)
    if "disposition-notification" in message.report_type:
        return Signals(Kind.READ_RECEIPT, automatic=True, answerable=False, names=("disposition_notification",))
    if "feedback-report" in message.report_type:
        return Signals(Kind.FEEDBACK_REPORT, automatic=True, answerable=False, names=("feedback_report",))
    own = own_words(labelled)
    signs = automatic_signs(message, own)
    return _ordinary(message, labelled, own, signs, number_format)


def _delivery_report(bounce: Bounce) -> Signals:
    return Signals(bounce.kind, automatic=True, answerable=False, bounced=bounce.recipients, names=bounce.signs)


def _ordinary(
    message: Message, labelled: tuple[Labelled, ...], own: str, signs: tuple[str, ...], number_format: str | None
) -> Signals:
    """Tell the kinds of mail apart that are not about delivery."""
    automatic = bool(signs)
    answerable = not automatic and message.return_path != "" and not is_listed(message)
    if is_absence(message, own, automatic):
        back = returns_on(message.subject + "\n" + own[:4000], message.date)
        return Signals(Kind.OUT_OF_OFFICE, automatic=True, answerable=False, returns_on=back, names=(*signs, "absence"))
    ticket = None if _is_news(message, signs) else find_ticket(message, labelled, compiled(number_format))
    kind, names = Kind.REPLY, signs
    locked = unreadable_sign(message, own)
    if locked:
        kind, names = Kind.UNREADABLE, (*signs, locked)
    elif automatic and is_challenge(own):
        kind, names = Kind.CHALLENGE, (*signs, "challenge")
    elif (
        any(one.content_type == "text/calendar" for one in message.attachments)
        or message.content_type == "text/calendar"
    ):
        kind, names = Kind.CALENDAR, (*signs, "calendar")
    elif _LETTER.search(own) is None:
        kind, names = Kind.EMPTY, (*signs, "empty")
    elif automatic and ticket is not None and is_receipt(message, own):
        kind, names = Kind.TICKET_RECEIPT, (*signs, "receipt")
    return Signals(kind, automatic, answerable, ticket=ticket, names=names)


def _is_news(message: Message, signs: tuple[str, ...]) -> bool:
    """Return whether a mail goes to many readers: the numbers in it are no tickets of ours."""
    return bool(signs) and is_listed(message) and message.header("list-id") is not None and not message.in_reply_to


def own_words(labelled: tuple[Labelled, ...]) -> str:
    """Return the sender's own lines as one text."""
    return "\n".join(one.line.text for one in labelled if one.label is Label.OWN).strip()


@lru_cache(maxsize=32)
def compiled(pattern: str | None) -> re.Pattern[str] | None:
    """Return the compiled form of a notice number, None if there is none."""
    return re.compile(pattern) if pattern else None
