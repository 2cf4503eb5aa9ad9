"""The settings that a decision depends on; frozen, filled by the settings file or by ``classify``'s options."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from daemon.notices.keys import number_pattern
from daemon.rulefile.blocks import Closing


@dataclass(frozen=True)
class Policy:
    """``received_by``: names of our own hosts; ``authserv_id`` is ``@none`` where our server writes none."""

    number_format: str
    authserv_id: str = ""
    received_by: tuple[str, ...] = ()
    our_addresses: frozenset[str] = field(default=frozenset(), repr=False)  # lower-case
    secret: bytes = field(default=b"", repr=False)  # of our tokens (``notices.token``)
    closing: Closing = field(default_factory=Closing)
    longest_pause: timedelta = timedelta(days=14)  # that a mail may let our reminders wait

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds our notice numbers."""
        return number_pattern(self.number_format)

    @property
    def our_domains(self) -> frozenset[str]:
        return frozenset(address.rpartition("@")[2] for address in self.our_addresses)
