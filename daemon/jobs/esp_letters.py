"""Letters to an ESP about itself: introductions with their reminders, thanks, and the news that a contact changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from daemon.followups.reasons import NotSent
from daemon.jobs.desk import Composed, Desk, Withdrawn
from daemon.notices import token
from daemon.notices.token import Token
from daemon.redact import defang
from daemon.render.letter import Head, build, clean
from daemon.render.values import RegisterValues
from daemon.store import changes, esps, onboardings, outbox, register
from daemon.store.outbox import NewLetter
from daemon.store.rows import AnyRow

KIND = "register"  # of the outbox
CHANGE = "change-"  # the keys of letters about changes begin so


def tell_old(
    conn: Connection, change: AnyRow, contact: AnyRow, desk: Desk, apply_at: datetime, now: datetime
) -> int | None:
    """Queue the letter that tells a contact of a change; None if it was queued before."""
    key = f"{CHANGE}{change.id}-{contact.id}"
    context = {"change": change.id, "until": apply_at.isoformat()}
    due_at = desk.rules.working.next_start(now)
    return _queue(conn, key, "contact-change", change, contact.address, context, desk, due_at, now)


def change_of(found: Token) -> int | None:
    """The change whose letter a genuine token stands for, None for another letter's."""
    number = found.id.removeprefix(CHANGE).partition("-")[0]
    return int(number) if found.kind == "letter" and found.id.startswith(CHANGE) and number.isdecimal() else None


def key_of(onboarding: int, step: int) -> str:
    return f"onboard-{onboarding}-{step}"


def introduce(
    conn: Connection,
    row: AnyRow,
    template: str,
    step: int,
    desk: Desk,
    due_at: datetime,
    now: datetime,
    *,
    held: bool = False,
) -> int | None:
    """Queue a letter of an onboarding: step 0 is the introduction.  None if it was queued before."""
    context = {"onboarding": row.id, "step": step}
    return _queue(conn, key_of(row.id, step), template, row, row.address, context, desk, due_at, now, held=held)


def _queue(
    conn: Connection,
    key: str,
    template: str,
    about: AnyRow,
    address: str,
    context: dict[str, Any],
    desk: Desk,
    due_at: datetime,
    now: datetime,
    *,
    held: bool = False,
) -> int | None:
    """Queue one letter in the language of its reader; ``about`` has the ESP."""
    new = NewLetter(
        kind=KIND,
        key=key,
        message_id=desk.message_id(key, desk.usual),
        to_address=address,
        template=template,
        mailbox=desk.usual,
        esp_id=about.esp_id,
        context={"notices": [], **context, **manners(conn, about.esp_id, address)},
        due_at=due_at,
        held=held,
    )
    return outbox.queue(conn, new, now)


def manners(conn: Connection, esp_id: int, address: str) -> dict[str, str]:
    """The language and zone that a letter to this address is written in, as far as they are known."""
    row = register.get(conn, esp_id)
    mine = [one for one in esps.contacts_of(conn, [esp_id]).get(esp_id, ()) if one.address == address.lower()]
    said = {"language": (mine[0].language if mine else None) or row.language, "zone": row.zone}
    return {name: value for name, value in said.items() if value}


def compose(conn: Connection, row: Any, desk: Desk, now: datetime) -> Composed | Withdrawn:
    """Write a letter at the moment it leaves; it is withdrawn where it is no longer wanted."""
    found = _change(conn, row, desk) if "change" in row.context else _onboarding(conn, row, desk)
    if isinstance(found, Withdrawn):
        return found
    sender = desk.sender(row.mailbox)
    text = desk.templates.render(row.template, row.context.get("language") or "en", found.mapping())
    by_machine = any(one.by_machine for one in esps.letter_marks(conn, [row.esp_id]).values())
    name, automatic = sender.name or desk.organisation, "auto-generated" if by_machine else ""
    head = Head(row.message_id, sender.address, row.to_address, now, name, automatic=automatic)
    return Composed(build(head, text), clean(text.subject), text.text)


def _change(conn: Connection, row: Any, desk: Desk) -> RegisterValues | Withdrawn:
    change = changes.get(conn, row.context["change"])
    if change is None or change.state not in (changes.WAITING, changes.OBJECTED):
        return Withdrawn(NotSent.CLOSED_SINCE)
    until = datetime.fromisoformat(row.context["until"])
    zone = ZoneInfo(row.context.get("zone") or desk.rules.working.zone)
    new = change.new if change.kind == changes.CONTACT else defang(change.new)
    values = _usual(conn, row, desk, change.old or row.to_address)
    kind = "more" if change.kind == changes.CONTACT and not change.old else change.kind
    return RegisterValues(*values, kind=kind, new=clean(new), until=until.astimezone(zone).date().isoformat())


def _onboarding(conn: Connection, row: Any, desk: Desk) -> RegisterValues | Withdrawn:
    """An introduction or reminder is wanted while nobody has answered it."""
    one = onboardings.get(conn, row.context["onboarding"])
    thanks = row.template == "intro-thanks"
    if one is None or (not thanks and one.state not in onboardings.UNANSWERED):
        return Withdrawn(NotSent.ANSWERED)
    if _is_lost(conn, row):
        return Withdrawn(NotSent.ADDRESS_BOUNCED)
    return RegisterValues(*_usual(conn, row, desk, one.address), token=token.tag(token.ONBOARD, str(one.id), desk.key))


def _usual(conn: Connection, row: Any, desk: Desk, contact: str) -> tuple[str, str, str, str]:
    name = register.get(conn, row.esp_id).name
    return desk.organisation, desk.sender(row.mailbox).address, clean(name), clean(contact)


def _is_lost(conn: Connection, row: Any) -> bool:
    mine = (one for one in esps.by_address(conn, [row.to_address]) if one.esp_id == row.esp_id)
    return any(one.health in ("hard", "policy") for one in mine)
