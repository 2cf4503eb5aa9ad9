"""Who speaks: what our own mail server proved about the sender, measured against the register of ESPs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from daemon.message.message import Address, Authentication, Message
from daemon.notices import domains
from daemon.notices.esp import Esp
from daemon.notices.proof import Standing
from daemon.notices.register import Register, register_of

_ADDRESS = re.compile(r"[\w.+%-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63})+)")


@dataclass(frozen=True, slots=True)
class Sender:
    """The standing of a sender and the words (closed list) that explain it."""

    standing: Standing
    esp: str = ""  # the key of the ESP that the From address is registered for
    notes: tuple[str, ...] = ()
    is_genuine: bool = False  # the From address is proven to be that ESP's, whichever notice the mail answers

    @property
    def is_proven(self) -> bool:
        return self.standing is Standing.AUTHENTICATED


def esp_of(address: Address | None, register: Register) -> Esp | None:
    """Return the ESP that ``address`` is registered for, preferring the one registered most exactly.

    Of a domain that strangers share only the contact itself may speak.
    """
    if address is None:
        return None
    return max(register.speaking(address), key=lambda esp: _closeness(address, esp), default=None)


def _closeness(address: Address, esp: Esp) -> tuple[bool, int]:
    homes = [len(home) for home in esp.domains if domains.within(address.domain, home)]
    return address.address.lower() in esp.contacts, max(homes, default=0)


def judge(message: Message, auth: Authentication, matched: Iterable[Esp], esps: Iterable[Esp]) -> Sender:
    """Return the sender's standing towards the ESPs of the matched notices.

    ``matched`` may be empty (no notice found): then nothing can be authenticated, but a forgery is still one.
    """
    targets, every = tuple(matched), register_of(tuple(esps))
    home = esp_of(message.from_, Register(targets)) or esp_of(message.from_, every)
    notes = tuple(_notes(message, auth, home))
    if _is_forged(message, auth, home, targets, every):
        return Sender(Standing.SPOOFED, home.key if home else "", (*notes, "forged"))
    genuine = home is not None and _is_proven(message, auth) and "several_from" not in notes
    if genuine and home is not None and home.key in {esp.key for esp in targets}:
        return Sender(Standing.AUTHENTICATED, home.key, notes, genuine)
    return Sender(Standing.CLAIMED, home.key if home else "", notes, genuine)


def _is_proven(message: Message, auth: Authentication) -> bool:
    """Tell whether our own server's verdict is a pass for exactly the domain in From."""
    if not auth.trusted or auth.dmarc != "pass" or message.from_ is None:
        return False
    return not auth.header_from or domains.clean(auth.header_from) == domains.clean(message.from_.domain)


def _notes(message: Message, auth: Authentication, home: Esp | None) -> Iterable[str]:
    if home is None:
        yield "unregistered_domain"
    if not auth.trusted:
        yield "no_verdict_of_ours"
    elif auth.dmarc != "pass":
        yield f"dmarc_{auth.dmarc or 'none'}"
    if auth.dmarc == "fail" and auth.arc == "pass":
        yield "arc_pass"
    if len(message.all_headers("from")) > 1:
        yield "several_from"
    if message.from_ is not None and any(
        domains.registrable(to.domain) != domains.registrable(message.from_.domain) for to in message.reply_to
    ):
        yield "reply_to_elsewhere"


def _is_forged(
    message: Message, auth: Authentication, home: Esp | None, targets: tuple[Esp, ...], every: Register
) -> bool:
    """Tell whether the mail pretends to come from a registered ESP."""
    if home is not None:
        return auth.trusted and auth.dmarc == "fail" and auth.arc != "pass"
    if message.from_ is None:
        return False
    return _names_another(message.from_, every) or _imitates(message.from_.domain, targets, every)


def _names_another(sender: Address, every: Register) -> bool:
    """Tell whether the display name shows an address of a registered ESP while the mail comes from elsewhere."""
    shown = [Address("", found.group()) for found in _ADDRESS.finditer(sender.name.lower())]
    return any(esp_of(address, every) is not None for address in shown)


def _imitates(domain: str, targets: tuple[Esp, ...], every: Register) -> bool:
    """Tell whether an unregistered domain looks like a registered one.

    Against the ESP of the matched notice every sign counts; against the whole register only names that the eye cannot
    tell apart, because among thousands of names some are near each other by chance.
    """
    if domains.is_shared(domain):
        return False
    if any(domains.looks_like(domain, home) for esp in targets for home in esp.domains if not domains.is_shared(home)):
        return True
    return every.looks_like_one(domain)
