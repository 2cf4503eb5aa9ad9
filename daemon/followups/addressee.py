"""Whom a step of a ladder writes to."""

from __future__ import annotations

from collections.abc import Iterable

from daemon.followups.ladder import Target
from daemon.followups.standing import Contact, Standing


def addressee(notice: Standing, to: Target, leads: Iterable[str] = ()) -> str | None:
    """Return whom a step writes to, None when nobody reachable is known."""
    if to is Target.LEAD:
        return next(iter(leads), None)
    if to is Target.CONTACT:
        return _contact(notice)
    roles = _ROLES[to]
    reachable = sorted(
        (contact for contact in notice.contacts if contact.is_reachable and contact.role in roles),
        key=lambda contact: roles.index(contact.role),
    )
    return reachable[0].address if reachable else None


_ROLES = {
    Target.SECOND_CONTACT: ("second",),
    Target.UPSTREAM: ("upstream", "registrar", "partner"),
    Target.REGISTRAR: ("registrar",),
    Target.PARTNER: ("partner",),
    Target.AUTHORITY: ("authority",),
}


def _contact(notice: Standing) -> str | None:
    """The address the notice went to, unless it bounced; then another first contact of the ESP."""
    own = next((c for c in notice.contacts if c.address.lower() == notice.address.lower()), Contact(notice.address))
    if own.address and own.is_reachable:
        return own.address
    return next((c.address for c in notice.contacts if c.role == "primary" and c.is_reachable), None)
