"""Which servers there are: a test that needs a missing one is skipped loudly, and in CI a skip is a failure."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest

from daemon.health.logs import OnlyIds
from tests.servers import dovecot, ews_schema

_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
_MISSING = "Dovecot is missing (Debian packages dovecot-imapd dovecot-lmtpd): nothing was tested here"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if dovecot.BINARY is None and not _CI:
        for item in items:
            if item.get_closest_marker("dovecot"):
                item.add_marker(pytest.mark.skip(reason=_MISSING))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome: Any = yield
    report = outcome.get_result()
    if _CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not ews_schema.is_there():
        terminalreporter.write_line(
            f"WARNING: {ews_schema.MISSING}: no EWS message was checked", yellow=True, bold=True
        )
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if _MISSING in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"WARNING: {len(skipped)} tests SKIPPED: {_MISSING}", yellow=True, bold=True)


_TELLING = re.compile(r"[\w.+-]+@[\w-]+\.\w|https?://|hxxps?://")  # an address or a URL


class _Heard(logging.Handler):
    """Every record of our own loggers, as it would stand in the log."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(OnlyIds().format(record))


@pytest.fixture(autouse=True)
def no_address_or_url_reaches_our_log() -> Iterator[None]:
    """In every test: what noticed itself logs holds neither an address nor a URL."""
    heard, ours = _Heard(), logging.getLogger("noticed")
    before = ours.level
    ours.addHandler(heard)
    ours.setLevel(logging.DEBUG)
    yield
    ours.removeHandler(heard)
    ours.setLevel(before)
    assert not [line.partition('"event"')[2][:40] for line in heard.lines if _TELLING.search(line)]
