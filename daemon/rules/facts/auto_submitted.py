"""mail_is: auto_submitted"""

from __future__ import annotations

from daemon.rules.mail import MailFacts


def holds(facts: MailFacts) -> bool:
    """Nobody composed this particular mail (RFC 3834 and its kin)."""
    return facts.automatic
