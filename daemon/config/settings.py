"""What an administrator sets, apart from what each edge owns itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """One ``[[mailbox]]``: what does not depend on its kind."""

    name: str
    kind: str
    address: str = field(repr=False)
    authserv_id: str = ""  # what our own mail server calls itself in Authentication-Results, or "@none"
    received_by: tuple[str, ...] = ()  # our own hosts in Received, above which the sender cannot write
    send_from: str = field(default="", repr=False)  # empty: ``address``
    start_from: date | None = None  # mail older than this is recorded as it lies
    poll_seconds: int = 60
    watch_folders: bool = True


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """``[notice]``: how our notices look."""

    number_format: str  # a regular expression that a notice number fits as a whole
    url_style: Literal["defanged", "plain"] = "defanged"
    second_person: bool = False  # a first notice that noticed sends waits until somebody else approves it
    form: bool = False  # a CSV to fill in goes with letters to ESPs; an ESP's own setting goes before


@dataclass(frozen=True, slots=True)
class TimeSettings:
    """``[time]``"""

    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class SendingSettings:
    """``[sending]``: the fuses; counts of letters."""

    per_hour: int = 400
    per_address_per_day: int = 40
    longest_pause_days: int = 14  # that a mail may let reminders wait
    dry_run: bool = False
    copy_to_us: bool = False  # each letter also comes to our own inbox: proof that it left, filed into Sent
    organisation: str = "Notice Tracking"


@dataclass(frozen=True, slots=True)
class PathSettings:
    """``[paths]``: relative ones start from the settings file's folder."""

    rules: Path = Path("rules.yaml")
    templates: Path | None = None  # None: the templates that noticed ships
    state: Path = Path("state")


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """``[health]``: where /livez, /readyz and /metrics answer ("127.0.0.1:9464", "unix:/run/noticed/health", "")."""

    listen: str = ""


@dataclass(frozen=True, slots=True)
class KeySettings:
    """``[keys]``: ``message_key`` signs our Message-IDs, ``body_key`` encrypts stored mail."""

    message_key: str = field(repr=False)
    body_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox with its backend's and its way out's own Settings."""

    common: MailboxSettings
    backend: Any = field(repr=False)
    out_kind: str = ""
    out: Any = field(default=None, repr=False)

    @property
    def send_from(self) -> str:
        return self.common.send_from or self.common.address


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything, checked."""

    file: Path
    mailboxes: tuple[Mailbox, ...]
    notice: NoticeSettings
    keys: KeySettings
    database_url: str = field(repr=False)
    time: TimeSettings = TimeSettings()
    sending: SendingSettings = SendingSettings()
    paths: PathSettings = PathSettings()
    health: HealthSettings = HealthSettings()
