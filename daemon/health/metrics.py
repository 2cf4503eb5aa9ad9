"""The Prometheus metrics; labels are words of closed lists, never names, addresses or texts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest


class Metrics:
    """All metrics of one process in a registry of their own."""

    def __init__(self) -> None:
        own = self.registry = CollectorRegistry()
        self.mailbox_success = Gauge(
            "noticed_mailbox_last_success_timestamp_seconds",
            "Last finished round, Unix time",
            ["mailbox"],
            registry=own,
        )
        self.mailbox_oldest = Gauge(
            "noticed_mailbox_oldest_unprocessed_seconds", "Age of the oldest mail waiting", ["mailbox"], registry=own
        )
        self.messages = Counter("noticed_messages", "Messages recorded", ["kind"], registry=own)
        self.decisions = Counter("noticed_decisions", "URL outcomes recorded", ["by", "outcome"], registry=own)
        self.review_queue = Gauge("noticed_review_queue", "Open review items", registry=own)
        self.review_oldest = Gauge("noticed_review_oldest_seconds", "Age of the oldest open review item", registry=own)
        self.sent = Counter("noticed_sent", "Letters by how the attempt ended", ["template", "result"], registry=own)
        self.outbox_queue = Gauge("noticed_outbox_queue", "Letters waiting to leave", registry=own)
        self.open_takedowns = Gauge("noticed_open_takedowns", "Open takedowns", ["age", "survivor"], registry=own)
        self.rule_hits = Counter("noticed_rule_hits", "Mails decided by a rule", ["rule"], registry=own)
        self.rules_active = Gauge("noticed_rules_file_is_active", "1: the rules file is what is in force", registry=own)
        self.job_success = Gauge(
            "noticed_job_last_success_timestamp_seconds", "Last finished run, Unix time", ["job"], registry=own
        )

    def text(self) -> bytes:
        """The exposition in Prometheus' text format."""
        return generate_latest(self.registry)
