"""Which domains may speak for an ESP as a whole, and which addresses can be its contacts."""

from __future__ import annotations

import re

from daemon.errors import PermanentError
from daemon.notices import domains

_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[\w](?:[\w-]{0,61}[\w])?\.)+[^\W\d_][\w-]{0,61}\w")
_ADDRESS = re.compile(r"[^@\s<>(),;:\"\[\]\\]{1,64}@([^@\s<>(),;:\"\[\]\\]+)")
OTHERS = ("upstream", "registrar", "partner", "authority")  # third parties: told of an ESP, they never speak for it
ROLES = ("primary", "second", *OTHERS)
UNPROVEN = "unproven"  # an address that a notice went to, and no two persons made a contact: it speaks for nobody


def domain(text: str) -> str:
    """Return a domain that may speak for an ESP, lower-case; PermanentError says why one may not."""
    found = text.strip().strip(".").removeprefix("@").removeprefix("*.").lower()
    if not found or "." not in found:
        raise PermanentError("this is no domain; write it like host.example")
    why = why_not(found)
    if why:
        raise PermanentError(f"this domain cannot speak for an ESP: {why}")
    return found


def why_not(found: str) -> str:
    """Return why a domain may never speak for an ESP as a whole, "" if it may."""
    plain = domains.clean(found)
    if not _DOMAIN.fullmatch(plain):
        return "it is not written like one (host.example)"
    if domains.is_public_suffix(plain):
        return "it is a public suffix, under which anybody can register a name"
    if plain in domains.FREE_MAIL:
        return "it is a free-mail service, where anybody can have an address; register the address as a contact"
    if domains.registrable(plain) in domains.TICKET_SERVICES:
        return "it is a ticket service that many share; register the address as a contact"
    if any(domains.within(plain, one) for one in domains.HOSTING):
        return "it is a hosting service, under whose name anybody can set up a site; register the address as a contact"
    return ""


def address(text: str) -> str:
    """Return an e-mail address in lower case; PermanentError if it is none."""
    found = text.strip().lower()
    parts = _ADDRESS.fullmatch(found)
    if not parts or not _DOMAIN.fullmatch(domains.clean(parts[1])):
        raise PermanentError("this is not one e-mail address; write it like abuse@host.example")
    return found


def role(text: str) -> str:
    """Return the role of a contact; PermanentError names those that there are."""
    if text not in ROLES:
        raise PermanentError(f'"{text[:40]}" is no role of a contact; write one of: {", ".join(ROLES)}')
    return text
