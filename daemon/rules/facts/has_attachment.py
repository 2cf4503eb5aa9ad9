"""mail_is: has_attachment"""

from __future__ import annotations

from daemon.rules.mail import MailFacts


def holds(facts: MailFacts) -> bool:
    """At least one attachment came with it."""
    return facts.has_attachment
