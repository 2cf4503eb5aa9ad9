"""mail_is: answers_our_notice"""

from __future__ import annotations

from daemon.rules.mail import MailFacts


def holds(facts: MailFacts) -> bool:
    """It was matched to a notice by a strong proof."""
    return facts.answers_our_notice
