"""What a mail that names another contact asks for, as the command with which a person may propose it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from daemon.errors import PermanentError
from daemon.message import own_text
from daemon.message.message import Label
from daemon.notices import speaking
from daemon.store import Store, esps, kept, register

REASONS = frozenset({"contact_change", "check_contact", "other_channel"})
_FOUND = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_MOST = 5


def proposals(store: Store, row: Any, mail: Any) -> list[tuple[str, str]]:
    """The commands that would propose the addresses named in a mail's own words, with what they do."""
    if mail is None or row.esp_id is None or not REASONS & {row.reason, *(row.reasons or ()), mail.category}:
        return []
    with store.read() as conn:
        esp = register.get(conn, row.esp_id)
        known = [one.address for one in esps.contacts_of(conn, [esp.id]).get(esp.id, ()) if one.role == "primary"]
    named = [one for one in dict.fromkeys(_named(store, mail.body_enc)) if one not in known][:_MOST]
    old = f" --instead-of {known[0]}" if len(known) == 1 else ""
    say = f"noticed esps contact propose {esp.key}"
    return [(f"{say} {one}{old} --mail {mail.id}", "propose it; another person confirms") for one in named]


def _named(store: Store, body: bytes | None) -> Iterator[str]:
    """The addresses in the sender's own words, lower-case."""
    if body is None:
        return
    try:
        message = kept.unpack(store.cipher.open(body))
    except PermanentError:
        return
    for one in own_text.label(message.lines):
        if one.label is Label.OWN:
            for found in _FOUND.findall(one.line.text):
                try:
                    yield speaking.address(found)
                except PermanentError:
                    continue
