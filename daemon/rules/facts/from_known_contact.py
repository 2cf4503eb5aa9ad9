"""mail_is: from_known_contact"""

from __future__ import annotations

from daemon.rules.mail import MailFacts


def holds(facts: MailFacts) -> bool:
    """The sender is a contact of an ESP in the register."""
    return facts.known_contact
