"""What a person decides about a review item moves the takedowns; their decision wins and is journalled as theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from daemon.decide.effects import Action, Change
from daemon.errors import PermanentError
from daemon.jobs.folders import Folders, Shelf, tag
from daemon.jobs.referral import REASONS as REFERRALS
from daemon.jobs.referral import Choice, pass_on
from daemon.notices import takedown
from daemon.notices.status import Category, Evidence, Outcome
from daemon.rulefile.meanings import ROUTED, Meaning
from daemon.store import journal, messages, overview, reviews, standing, wishes
from daemon.store.moves import Because, Moves
from daemon.store.rows import AnyRow
from daemon.store.standing import Item, Standing
from daemon.store.wishes import NewWish

CLOSING = frozenset({Outcome.REMOVED, Outcome.ALREADY_GONE})
_HOLDING = frozenset({Outcome.REFUSED, Outcome.INFO_NEEDED, Outcome.NOT_HOSTED})
_LASTING_HOLDS = frozenset({"undeliverable"})  # what only a repaired contact ends

USUAL = Folders()
AS_PROPOSED = Choice()
ItemKey = tuple[str, int]  # notice number, item number


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision moved."""

    review: int
    state: str
    closed: int = 0
    moved: int = 0
    unchanged: int = 0
    children: tuple[str, ...] = ()  # notices to whom the URLs were passed on


def accept(
    conn: Connection,
    review_id: int,
    now: datetime,
    by: str,
    note: str = "",
    folders: Folders = USUAL,
    choice: Choice = AS_PROPOSED,
) -> Decided:
    """Carry out the item's proposal as ``by``'s own decision; mail of others is accepted by whoever answers it."""
    row = _open(conn, review_id)
    if row.kind == "review" and not row.proposal and row.reason not in ROUTED:
        raise PermanentError(f"item {review_id} proposes nothing: say what is right with correct, or skip it")
    wanted = {(one["notice"], int(one["position"])): Outcome(one["outcome"]) for one in row.proposal or ()}
    children = pass_on(conn, row, choice, now, by) if row.reason in REFERRALS and row.proposal else []
    done = _decide(conn, row, wanted, reviews.ACCEPTED, now, by, note, folders)
    return replace(done, children=tuple(children))


def correct(
    conn: Connection,
    review_id: int,
    wanted: Mapping[ItemKey, Outcome],
    now: datetime,
    by: str,
    note: str = "",
    folders: Folders = USUAL,
) -> Decided:
    """Carry out what ``by`` says instead of the proposal; items not named keep status and clock."""
    return _decide(conn, _open(conn, review_id), wanted, reviews.CORRECTED, now, by, note, folders)


def skip(conn: Connection, review_id: int, now: datetime, by: str, note: str = "", folders: Folders = USUAL) -> Decided:
    """Close the item without moving anything; the ladder goes on."""
    return _decide(conn, _open(conn, review_id), {}, reviews.SKIPPED, now, by, note, folders)


def _open(conn: Connection, review_id: int) -> AnyRow:
    row = reviews.get(conn, review_id, lock=True)
    if row is None:
        raise PermanentError(f"there is no review item {review_id}; see: noticed review list")
    if row.state != reviews.OPEN:
        raise PermanentError(f"review item {review_id} is {row.state} already, by {row.decided_by or 'noticed'}")
    return row


def _decide(
    conn: Connection,
    row: AnyRow,
    wanted: Mapping[ItemKey, Outcome],
    state: str,
    now: datetime,
    by: str,
    note: str,
    folders: Folders,
) -> Decided:
    now_standing = standing.load(conn, _notices(conn, row, wanted))
    moves = Moves(conn, now, now_standing)
    changes = list(_changes(now_standing, wanted))
    moves.apply(changes, Because(now, by, row.message_ref))
    _release(moves, now_standing, wanted, state)
    moves.flush()
    journal.append(conn, moves.entries)
    if not reviews.decide(conn, row.id, state, now, by, note):
        raise PermanentError(f"review item {row.id} was decided by somebody else meanwhile")
    _file(conn, row, wanted, now, folders)
    closed = sum(1 for change in changes if change.closes)
    return Decided(row.id, state, closed, len(changes) - closed, len(wanted) - len(changes))


def _notices(conn: Connection, row: AnyRow, wanted: Mapping[ItemKey, Outcome]) -> Sequence[int]:
    """The rows of the notices spoken of; PermanentError for a number that is none."""
    found = [row.notice_id] if row.notice_id is not None else []
    for number in {number for number, _ in wanted}:
        notice = overview.find_notice(conn, number)
        if notice is None:
            raise PermanentError(f"there is no notice {number}")
        found.append(notice[0])
    return found


def _changes(now: Standing, wanted: Mapping[ItemKey, Outcome]) -> Iterable[Change]:
    items = {(one.notice.upper(), one.position): one for some in now.items.values() for one in some}
    for (number, position), outcome in wanted.items():
        item = items.get((number.upper(), position))
        if item is None:
            raise PermanentError(f"notice {number} has no item {position}")
        change = _change(item, outcome)
        if change is not None:
            yield change


def _change(item: Item, outcome: Outcome) -> Change | None:
    event = takedown.event_of(outcome)
    new = takedown.step(item.status, event) if event else None
    if new is None:
        return None
    return Change(
        Action.STATUS,
        notice=item.notice,
        takedown=item.takedown,
        position=item.position,
        old=item.status.value,
        new=new.value,
        outcome=outcome,
        evidence=Evidence.VERIFIED,
        closes=outcome in CLOSING,
    )


def _release(moves: Moves, now: Standing, wanted: Mapping[ItemKey, Outcome], state: str) -> None:
    """Let the ladder go on where it only waited for this decision."""
    kept = {number.upper() for (number, _), outcome in wanted.items() if outcome in _HOLDING}
    for row in now.notices.values():
        waits = row.hold_reason and row.hold_reason not in _LASTING_HOLDS
        if waits and (state == reviews.SKIPPED or row.number.upper() not in kept):
            moves.notice_rows.setdefault(row.id, {}).update(hold_reason=None)


def _file(conn: Connection, row: AnyRow, wanted: Mapping[ItemKey, Outcome], now: datetime, folders: Folders) -> None:
    """Wish the decided mail out of the inbox, unless something else about it still waits for a person."""
    ref = row.message_ref
    mail = messages.get(conn, ref) if ref is not None else None
    if mail is None or mail.state != messages.DECIDED:
        return  # it was never ours to move
    if any(one.state == reviews.OPEN and one.kind == "review" for one in reviews.of_message(conn, ref)):
        return
    wishes.settle(
        conn,
        [one.id for one in wishes.of_messages(conn, [ref]).get(ref, ()) if one.state == wishes.OPEN],
        wishes.GONE,
        now,
    )
    made = wishes.of_messages(conn, [ref]).get(ref, [])
    theirs = next((one.folder for one in reversed(made) if one.state == wishes.THEIRS), "")
    if theirs and made[-1].folder == theirs:
        return  # a person has put it where they want it
    shelf = _shelf(row, _gist(wanted), Category(mail.category), folders)
    wishes.make(conn, [NewWish(mail.mailbox, ref, shelf.folder, shelf.tags)], now)


def _shelf(row: AnyRow, said: Category | None, category: Category, folders: Folders) -> Shelf:
    """Where a decided mail goes: by what the person said of URLs, else to whom it belongs, else as it was judged."""
    if said is None and row.reason in ROUTED:
        whose = Meaning(row.reason)
        return Shelf(folders.route(whose), (tag(category.value), tag(whose.value)))
    return folders.decided(said or category)


def gist(row: AnyRow) -> Category | None:
    """The category that an item's proposal comes to; None where it proposes nothing."""
    return _gist({(one["notice"], int(one["position"])): Outcome(one["outcome"]) for one in row.proposal or ()})


def _gist(wanted: Mapping[ItemKey, Outcome]) -> Category | None:
    """The category that a person's outcomes come to; None where they say nothing."""
    return next((category for outcome, category in _CATEGORIES.items() if outcome in wanted.values()), None)


_CATEGORIES = {
    Outcome.REMOVED: Category.REMOVED,
    Outcome.ALREADY_GONE: Category.ALREADY_GONE,
    Outcome.REFUSED: Category.REFUSED,
    Outcome.INFO_NEEDED: Category.MORE_INFO_NEEDED,
    Outcome.NOT_HOSTED: Category.NOT_HOSTED_HERE,
    Outcome.PARTIAL: Category.IN_PROGRESS,
    Outcome.PENDING: Category.IN_PROGRESS,
}


def proposal_lines(proposal: Any) -> list[tuple[str, int, str]]:
    """(notice, item, outcome) of a stored proposal, for showing."""
    return [(one["notice"], int(one["position"]), str(one["outcome"])) for one in proposal or ()]
