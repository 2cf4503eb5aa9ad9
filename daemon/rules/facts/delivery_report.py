"""mail_is: delivery_report"""

from __future__ import annotations

from daemon.rules.mail import MailFacts


def holds(facts: MailFacts) -> bool:
    """It is a delivery status notification (RFC 3464)."""
    return facts.delivery_report
