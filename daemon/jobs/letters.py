"""Composes the letters that wait in the outbox, at the moment they are claimed: what has changed since is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from daemon.followups.ladder import Target
from daemon.followups.planned import Traffic, slot
from daemon.followups.reasons import NotSent
from daemon.followups.slots import shut
from daemon.followups.standing import CHASED, Contact, Standing, halted, paused
from daemon.jobs import alerts, digest, esp_letters
from daemon.jobs.desk import Composed as Composed
from daemon.jobs.desk import Desk as Desk
from daemon.jobs.desk import Later as Later
from daemon.jobs.desk import Ready as Ready
from daemon.jobs.desk import Sender as Sender
from daemon.jobs.desk import Withdrawn as Withdrawn
from daemon.notices.esp import LetterMarks
from daemon.notices.status import CLOSED, Status
from daemon.render import values, xarf
from daemon.render.form import form
from daemon.render.letter import Attached, Head, build, clean
from daemon.store import clocks, esps, notices, outbox

_LAST_LETTERS = 3  # of ours, named in References after the notice
_THREADS = 10  # notices named there, of a grouped letter
_NAMES = 3  # ESPs named in a subject
_NEW = ("notice", "answer")  # no slot of the day, but working time
_THEIRS = (Target.CONTACT, Target.SECOND_CONTACT)


@dataclass(slots=True)
class Facts:
    """What is known of the notices of a set of letters."""

    rows: Mapping[int, Any] = field(default_factory=dict, repr=False)  # with esp_name
    items: Mapping[int, Sequence[Any]] = field(default_factory=dict, repr=False)
    reminders: Mapping[int, int] = field(default_factory=dict)  # how many follow-ups have left
    standings: dict[int, Standing] = field(default_factory=dict, repr=False)
    marks: Mapping[int, LetterMarks] = field(default_factory=dict)  # row of an ESP -> what its letters' headers say


def compose(conn: Connection, row: Any, desk: Desk, now: datetime) -> Composed | Withdrawn:
    """Compose one letter of the outbox; see ``compose_all``."""
    return compose_all(conn, [row], desk, now)[row.id]


def ready(conn: Connection, row: Any, desk: Desk, now: datetime) -> Ready:
    """Compose a letter that is about to leave; one about the ESP waits for its hours, a follow-up for its slot too."""
    found = compose(conn, row, desk, now)
    if row.kind == "followup" and isinstance(found, Composed):
        return _later(conn, row, desk, now) or found
    waits = row.kind == esp_letters.KIND or (row.kind in _NEW and not row.survivor_linked)
    if waits and isinstance(found, Composed) and not desk.rules.working.is_working(now):
        return Later(NotSent.OUTSIDE_HOURS, desk.rules.working.next_start(now))
    return found


def _later(conn: Connection, row: Any, desk: Desk, now: datetime) -> Later | None:
    """Why a queued follow-up may not leave yet: approved at night, or its server was away until the day was over.

    The letter itself is not counted: it has not been claimed.
    """
    working, gap, to = desk.rules.working, desk.rules.caps.survivor_gap, row.to_address.lower()
    mine = slot(to, row.esp_id if row.approved_by else None)
    today = clocks.followups_between(conn, working.midnight(now), working.midnight(now, days=1), [to])
    recent = clocks.followups_between(conn, now - gap, now + gap, [to]) if row.survivor_linked else {}
    traffic = Traffic(grouped=today.get(mine, (0, None))[0], last_survivor=recent.get(mine, (0, None))[1])
    found = shut(row.survivor_linked, desk.rules, now, traffic)
    return Later(*found) if found else None


def compose_all(conn: Connection, rows: Sequence[Any], desk: Desk, now: datetime) -> dict[int, Composed | Withdrawn]:
    """Compose queued letters about notices, by their rows' ids.

    A follow-up names only what is still chased at ``now``; one that would name nothing is withdrawn with the reason.
    Raises ConfigError for a broken template, PermanentError for an address that mail cannot be sent to.
    """
    ids = {notice for row in rows for notice in row.context.get("notices", ())}
    facts = load(conn, ids)
    return {row.id: _COMPOSERS.get(row.kind, _followup)(conn, row, desk, facts, now) for row in rows}


def load(conn: Connection, ids: set[int]) -> Facts:
    """Ask for the notices of a set of letters, in few questions: every letter that leaves asks them."""
    found = Facts(notices.get_many(conn, ids))
    contacts = esps.contacts_of(conn, {row.esp_id for row in found.rows.values()})
    found.marks = esps.letter_marks(conn, {row.esp_id for row in found.rows.values()})
    found.items = notices.items_of_all(conn, found.rows)
    found.reminders = outbox.left_about(conn, found.rows)
    for notice_id, row in found.rows.items():
        found.standings[notice_id] = _standing(row, found.items[notice_id], contacts.get(row.esp_id, ()))
    return found


def _standing(row: Any, items: Sequence[Any], contacts: Sequence[Any]) -> Standing:
    return Standing(
        id=row.id,
        number=row.number,
        esp_id=row.esp_id,
        esp=row.esp_key,
        started_at=clocks.started_at(row),
        statuses=tuple(Status(one.status) for one in items),
        address=row.contact_address,
        paused_until=row.paused_until,
        pause_by=row.pause_by or "",
        hold_reason=row.hold_reason or "",
        contacts=tuple(Contact(one.address, one.role, one.health) for one in contacts),
    )


def _followup(conn: Connection, row: Any, desk: Desk, facts: Facts, now: datetime) -> Composed | Withdrawn:
    """A reminder or escalation: only what is still chased, with what each notice has had so far."""
    to = row.context.get("to", Target.CONTACT)
    wanted, dropped = [], []
    for notice_id in row.context["notices"]:
        why = _unwanted(facts.standings.get(notice_id), row, now)
        if why:
            dropped.append((notice_id, why))
        else:
            wanted.append(notice_id)
    if not wanted:
        return Withdrawn(dropped[0][1] if dropped else NotSent.NOTHING_DUE)
    parts, room = [], desk.rules.caps.items
    for notice_id in wanted:
        part = _part(row, notice_id, facts, desk, now, chased=True, room=room)
        room = max(room - len(part.items), 0)
        if part.items or part.more:
            parts.append(part)
        else:
            dropped.append((notice_id, NotSent.CLOSED_SINCE))
    if not parts:
        return Withdrawn(NotSent.CLOSED_SINCE)
    references = _references(conn, wanted, facts) if to in _THEIRS else ()
    return replace(_written(row, desk, facts, parts, now, references, ours=to == Target.LEAD), dropped=tuple(dropped))


def _unwanted(one: Standing | None, row: Any, now: datetime) -> NotSent | None:
    """Why a queued letter shall not speak of a notice after all, None if it shall."""
    if one is None:
        return NotSent.CLOSED_SINCE
    if _is_dead(row.to_address, one.contacts):
        return NotSent.ADDRESS_BOUNCED
    return halted(one) or paused(one, now)


def _is_dead(address: str, contacts: Iterable[Contact]) -> bool:
    return any(one.address.lower() == address.lower() and not one.is_reachable for one in contacts)


def _notice(_conn: Connection, row: Any, desk: Desk, facts: Facts, now: datetime) -> Composed | Withdrawn:
    """A first notice: all its open items, in the style the settings ask for."""
    ids = row.context["notices"]
    items = [one for notice_id in ids for one in facts.items.get(notice_id, ())]
    if all(Status(one.status) in CLOSED for one in items):
        return Withdrawn(NotSent.CLOSED_SINCE)
    if _is_dead(row.to_address, [one for notice_id in ids for one in facts.standings[notice_id].contacts]):
        return Withdrawn(NotSent.ADDRESS_BOUNCED)
    parts = [_part(row, one, facts, desk, now, chased=False, plain=desk.plain_urls) for one in ids]
    return _written(row, desk, facts, parts, now, plain=desk.plain_urls, more=xarf_of(row, desk, facts, now))


def xarf_of(row: Any, desk: Desk, facts: Facts, now: datetime) -> list[Attached]:
    """The reports in XARF that go with a first notice, where its ESP wants them and the import classified it.

    Raises ConfigError when they cannot be checked, PermanentError when one does not fit its schema.
    """
    if not facts.marks.get(row.esp_id or 0, LetterMarks()).xarf:
        return []
    sender = desk.sender(row.mailbox)
    reporter = xarf.Reporter(desk.organisation, sender.address)
    made: list[Attached] = []
    for notice_id in row.context["notices"]:
        if classified := facts.rows[notice_id].xarf:
            still = [(one.position, one.url) for one in facts.items[notice_id] if Status(one.status) not in CLOSED]
            made += xarf.reports(classified, row.message_id, still, reporter, now)
    return made


def _answer(conn: Connection, row: Any, desk: Desk, facts: Facts, now: datetime) -> Composed | Withdrawn:
    """An answer to a question: the items once more, in the thread of the mail it answers."""
    ids = row.context["notices"]
    if all(Status(one.status) in CLOSED for notice_id in ids for one in facts.items[notice_id]):
        return Withdrawn(NotSent.CLOSED_SINCE)
    if _is_dead(row.to_address, [one for notice_id in ids for one in facts.standings[notice_id].contacts]):
        return Withdrawn(NotSent.ADDRESS_BOUNCED)
    parts = [_part(row, one, facts, desk, now, chased=False) for one in ids]
    asked = tuple(row.context.get("references", ()))
    return _written(row, desk, facts, parts, now, (*_references(conn, ids, facts), *asked))


_Composer = Callable[[Connection, Any, Desk, Facts, datetime], Composed | Withdrawn]
_COMPOSERS: Mapping[str, _Composer] = {
    "followup": _followup,
    "notice": _notice,
    "answer": _answer,
    "digest": lambda conn, row, desk, _facts, now: digest.compose(conn, row, desk, now),
    "alert": lambda conn, row, desk, _facts, now: alerts.compose(conn, row, desk, now),
    esp_letters.KIND: lambda conn, row, desk, _facts, now: esp_letters.compose(conn, row, desk, now),
}


def _part(
    row: Any,
    notice_id: int,
    facts: Facts,
    desk: Desk,
    now: datetime,
    *,
    chased: bool,
    plain: bool = False,
    room: int = values.MAX_ITEMS,
) -> values.NoticeValue:
    """One notice as the letter shows it; the day is written in the ESP's zone, ours where none is known."""
    notice = facts.rows[notice_id]
    listed = [one for one in facts.items[notice_id] if _is_listed(row, one, chased=chased)]
    return values.notice(
        notice.number,
        notice.sent_at or now,
        now,
        row.context.get("zone") or desk.rules.working.zone,
        [values.item(one.position, one.url if plain else one.url_as_written, plain=plain) for one in listed],
        reminder=facts.reminders.get(notice_id, 0) + 1 if chased else 0,
        urgent=notice.survivor_linked or notice.priority == 1,
        room=room,
        esp=notice.esp_name,
    )


def _is_listed(row: Any, item: Any, *, chased: bool) -> bool:
    """Whether a letter names an item: a follow-up what is chased, a notice what is open, an answer everything."""
    if chased:
        chosen = row.context.get("takedowns")  # a letter about what a check found up speaks of nothing else
        return item.status in CHASED and (chosen is None or item.id in chosen)
    return row.kind != "notice" or Status(item.status) not in CLOSED


def _references(conn: Connection, ids: Sequence[int], facts: Facts) -> tuple[str, ...]:
    """The notices' Message-IDs and, for a single notice, those of our last letters about it."""
    first = [f"<{facts.rows[one].message_id}>" for one in ids[:_THREADS] if facts.rows[one].message_id]
    if len(ids) > 1:
        return tuple(reversed(first))  # the last one named is the oldest notice
    sent = [rung.outbox_id for rung in outbox.rungs_of(conn, ids[0]) if rung.outcome == "SENT" and rung.outbox_id]
    letters = [outbox.get(conn, one) for one in sent[-_LAST_LETTERS:]]
    return (*first, *(letter.message_id for letter in letters if letter is not None))


def _written(
    row: Any,
    desk: Desk,
    facts: Facts,
    parts: Sequence[values.NoticeValue],
    now: datetime,
    references: tuple[str, ...] = (),
    *,
    ours: bool = False,
    plain: bool = False,
    more: Sequence[Attached] = (),
) -> Composed:
    """Render the template and build the letter around it."""
    sender = desk.sender(row.mailbox)
    first = facts.standings[row.context["notices"][0]]
    language = _language(row)
    with_form = _wants_form(row, desk, facts)
    text = desk.templates.render(
        row.template,
        language,
        values.LetterValues(
            organisation=desk.organisation,
            our_address=sender.address,
            esp=_names(row, facts),
            notices=tuple(parts),
            first_contact=first.address,
            our_contact=first.address,
            form=with_form,
            plain=plain,
        ).mapping(),
    )
    head = Head(
        row.message_id,
        sender.address,
        row.to_address,
        now,
        sender.name or desk.organisation,
        references=references,
        list_id=f"followups.{sender.domain}" if ours else "",
    )
    attached = [form(row.message_id, parts, desk.templates.answers(language), language)] if with_form else []
    return Composed(build(_marked(head, row, desk, facts), text, [*attached, *more]), clean(text.subject), text.text)


def _marked(head: Head, row: Any, desk: Desk, facts: Facts) -> Head:
    """The head as the addressee wants it: an answer says that it is one (RFC 3834), an ESP may ask for more."""
    if row.kind == "answer":
        head = replace(head, automatic="auto-replied")
    if row.context.get("to", Target.CONTACT) not in _THEIRS:
        return head
    marks = facts.marks.get(row.esp_id or 0, LetterMarks())
    if marks.by_machine and not head.automatic:
        head = replace(head, automatic="auto-generated")
    return replace(head, reply_to=desk.reply_address(row.id, row.key, row.mailbox)) if marks.reply_token else head


def _wants_form(row: Any, desk: Desk, facts: Facts) -> bool:
    """Whether a form to fill in goes with the letter: to ESPs only, by their own setting or else by ours."""
    if row.context.get("to", Target.CONTACT) not in _THEIRS:
        return False
    marks = facts.marks.get(row.esp_id or 0, LetterMarks())
    return desk.form if marks.form is None else marks.form


def _names(row: Any, facts: Facts) -> str:
    """The ESPs the letter is about; an address may serve several."""
    names = list(dict.fromkeys(clean(facts.rows[one].esp_name) for one in row.context["notices"] if one in facts.rows))
    more = len(names) - _NAMES
    return ", ".join(names[:_NAMES]) + (f" and {more} more" if more > 0 else "")


def _language(row: Any) -> str:
    """The addressee's language; third parties and our own people are written to in English."""
    if row.context.get("to", Target.CONTACT) not in _THEIRS:
        return "en"
    return row.context.get("language") or "en"


def manners(conn: Connection, addressed: Iterable[tuple[int, str]]) -> dict[tuple[int, str], dict[str, str]]:
    """For (ESP, address): the language and zone that its letters are written in, for a letter's ``context``.

    The contact's own language goes before the ESP's; what nobody knows is left out.
    """
    wanted = set(addressed)
    known = esps.get_many(conn, {esp_id for esp_id, _ in wanted})
    contacts = esps.contacts_of(conn, known)
    found = {}
    for esp_id, address in wanted:
        own = next((one.language for one in contacts.get(esp_id, ()) if one.address == address.lower()), None)
        row = known.get(esp_id)
        said = {"language": own or (row.language if row else None), "zone": row.zone if row else None}
        found[esp_id, address] = {name: value for name, value in said.items() if value}
    return found
