"""Reports in XARF v4 that may go with a first notice: one for each item, checked by the format's own published schema.

What is reported stands in the import's column ``xarf`` and nowhere else: noticed classifies nothing by itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from daemon.errors import ConfigError, PermanentError
from daemon.render.letter import Attached

VERSION = "4.2.0"  # of the specification
MOST = 100  # reports with one letter
_LISTS = frozenset({"data_types", "suspicious_indicators", "evidence_type", "reporting_obligations"})


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: the organisation and the mailbox that answers."""

    organisation: str
    address: str = field(repr=False)

    def mapping(self) -> dict[str, str]:
        return {"org": self.organisation[:200], "contact": self.address, "domain": self.address.rpartition("@")[2]}


def reports(
    classified: str, message_id: str, urls: Sequence[tuple[int, str]], reporter: Reporter, now: datetime
) -> list[Attached]:
    """Return one JSON file for each (item number, URL), at most ``MOST``; the same letter gives the same reports.

    Raises ConfigError when noticed[xarf] is not installed, PermanentError when the schema refuses a report.
    """
    made = [(number, _report(classified, f"{message_id}#{number}", url, reporter, now)) for number, url in urls[:MOST]]
    for number, report in made:
        problems = slips(report)
        if problems:
            raise PermanentError(f"the XARF report of item {number} does not fit its schema: {'; '.join(problems)}")
    return [
        Attached(f"xarf-{number}.json", "application/json", json.dumps(report, indent=1).encode())
        for number, report in made
    ]


def slips(report: dict[str, Any]) -> list[str]:
    """Return what the published schema says against a report: names of fields and kinds of rules, never a value."""
    try:
        from xarf.schema_validator import schema_validator
    except ImportError:
        raise ConfigError(
            'an ESP is sent XARF reports, which needs the extra "xarf": pip install noticed[xarf]'
        ) from None
    return sorted({one.field or _missing(one.message) for one in schema_validator.validate(report)})


def _missing(message: str) -> str:
    """Return the field that the schema's message begins with, as in "'url' is a required property"."""
    name = message.split("'")[1] if message.startswith("'") and "required" in message else ""
    return f"{name} is missing" if name.isidentifier() else "its type"


def _report(classified: str, seed: str, url: str, reporter: Reporter, now: datetime) -> dict[str, Any]:
    kind, *pairs = classified.split()
    category, _, type_ = kind.partition("/")
    more = dict(pair.split("=", 1) for pair in pairs)
    host = urlsplit(url).hostname or ""
    return {
        "xarf_version": VERSION,
        "report_id": str(uuid5(NAMESPACE_URL, seed)),
        "timestamp": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "reporter": reporter.mapping(),
        "sender": reporter.mapping(),
        "source_identifier": host,
        "category": category,
        "type": type_,
        "url": url,
        "verification_method": "manual",
        **{name: value.split(",") if name in _LISTS else value for name, value in more.items()},
    }
