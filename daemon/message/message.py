"""The values that reading a mail gives; whatever may be sensitive never reaches ``repr``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from daemon.message.form import Form


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322 section 3.4; ``address`` is lower-case in its domain, IDNA not decoded."""

    name: str = field(repr=False)
    address: str = field(repr=False)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


class Shape(StrEnum):
    """What a line was in its layout; a row and a list item are sentences of their own."""

    TEXT = "text"
    ITEM = "item"
    ROW = "row"
    HEADING = "heading"


class Label(StrEnum):
    """Who a line belongs to; only OWN lines are the sender's new words."""

    OWN = "own"
    QUOTE = "quote"
    QUOTE_HEAD = "quote_head"
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the readable text.  ``cells`` for a table row; ``struck`` when all of it is struck out."""

    text: str = field(repr=False)
    shape: Shape = Shape.TEXT
    cells: tuple[str, ...] = field(default=(), repr=False)
    quoted: bool = False  # stands inside a block that the layout marks as quoted (blockquote, ">")
    struck: bool = False
    colour: str = ""  # a foreground or background colour that differs from the rest, as #rrggbb
    header: tuple[str, ...] = field(default=(), repr=False)  # the table's header cells, for a ROW below one
    links: tuple[str, ...] = field(default=(), repr=False)  # the addresses that its words link to


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line and who it belongs to."""

    line: Line
    label: Label


@dataclass(frozen=True, slots=True)
class Attachment:
    """Name, type and size (bytes as transferred, -1 unknown) are all that is ever kept of an attachment."""

    name: str = field(repr=False)
    content_type: str
    size: int


class Kind(StrEnum):
    """Which kind of mail this is by its form; what it says is judged by rules."""

    REPLY = "reply"
    BOUNCE = "bounce"  # a failure (RFC 3464 action failed, or its like)
    DELAY = "delay"
    DELIVERED = "delivered"  # a success or relayed DSN
    READ_RECEIPT = "read_receipt"  # RFC 8098
    FEEDBACK_REPORT = "feedback_report"  # RFC 5965
    CHALLENGE = "challenge"
    OUT_OF_OFFICE = "out_of_office"
    TICKET_RECEIPT = "ticket_receipt"
    UNREADABLE = "unreadable"  # encrypted, portal, locked
    CALENDAR = "calendar"
    EMPTY = "empty"


class BounceClass(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    FULL = "full"
    POLICY = "policy"  # the address is fine; the mail was refused
    EXPIRED = "expired"  # given up after temporary errors


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    """One failed recipient of a DSN; ``status`` as RFC 3463 ("5.1.1"), empty if none was given."""

    recipient: str = field(repr=False)
    klass: BounceClass
    status: str = ""
    reason: str = ""  # one of a closed list of words, never the remote server's text


@dataclass(frozen=True, slots=True)
class Authentication:
    """What *our own* mail server said (RFC 8601); every field is a result word, empty if not stated."""

    dmarc: str = ""
    spf: str = ""
    dkim: str = ""
    arc: str = ""
    arc_sealer: str = ""  # the domain that sealed a passing ARC chain (RFC 8617)
    header_from: str = field(default="", repr=False)  # the domain the dmarc verdict is about, lower-case
    trusted: bool = False  # a block of our own stood where only our server can write


@dataclass(frozen=True, slots=True)
class Signals:
    """What the form of the mail tells, apart from its words."""

    kind: Kind = Kind.REPLY
    automatic: bool = False  # nobody composed this particular mail (RFC 3834 and its kin)
    answerable: bool = True  # False: list, bulk or automatic mail that must not be answered automatically
    bounced: tuple[BouncedRecipient, ...] = ()
    ticket: str | None = field(default=None, repr=False)
    returns_on: datetime | None = None  # end of an absence, when stated
    names: tuple[str, ...] = ()  # the signals seen, from a closed list of words, for "explain"


@dataclass(frozen=True, slots=True)
class Message:
    """One parsed mail.  Message-IDs are kept with their angle brackets; times are aware and in UTC."""

    message_id: str | None = field(repr=False)
    fingerprint: str  # see ``message.parse.fingerprint``
    date: datetime | None
    from_: Address | None = field(repr=False)
    reply_to: tuple[Address, ...] = field(repr=False)
    to: tuple[Address, ...] = field(repr=False)
    return_path: str | None = field(repr=False)  # "" is the null sender, None: no such header
    subject: str = field(repr=False)
    in_reply_to: tuple[str, ...] = field(repr=False)
    references: tuple[str, ...] = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)  # (lower-case name, decoded value), in order
    lines: tuple[Line, ...] = field(repr=False)
    attachments: tuple[Attachment, ...] = field(repr=False)
    content_type: str = "text/plain"
    report_type: str = ""
    report: str = field(default="", repr=False)  # the text of message/delivery-status, disposition or feedback report
    returned: str = field(default="", repr=False)  # headers (and text) of a returned original mail
    forms: tuple[Form, ...] = field(default=(), repr=False)  # our own, filled in
    partial_read: bool = False  # part of the text was not read (too large); such a mail closes nothing
    defects: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """Return the first value of header ``name`` (lower-case)."""
        return next((value for key, value in self.headers if key == name), None)

    def all_headers(self, name: str) -> Sequence[str]:
        return [value for key, value in self.headers if key == name]


class Mark(StrEnum):
    """What was replaced by a mark in a sentence; the value is the private-use character that stands for it."""

    URL = "\ue000"
    ITEM = "\ue001"
    NOTICE = "\ue002"
    TICKET = "\ue003"
    EMAIL = "\ue004"
    DATE = "\ue005"
    NUMBER = "\ue006"
    ESP = "\ue007"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of own text (or the subject), ready to be judged.

    ``text`` has every URL, item number and the like replaced by one ``Mark`` character; ``marks`` holds what they
    stood for, in order.  ``names`` are the URLs (as the notices write them) that the sentence names by address, path or
    item number; ``every`` is set for "all", "both", "every link"; ``ambiguous`` when an address fits several URLs.
    ``under`` are the numbers of the sentences that govern this one (a heading, "the following ...:"), nearest first.
    """

    number: int
    text: str = field(repr=False)
    names: tuple[str, ...] = field(default=(), repr=False)
    marks: tuple[tuple[Mark, str], ...] = field(default=(), repr=False)
    under: tuple[int, ...] = ()
    subject: bool = False
    shape: Shape = Shape.TEXT
    question: bool = False
    every: bool = False
    ambiguous: tuple[str, ...] = field(default=(), repr=False)
    struck: bool = False
    stands_for: tuple[
        tuple[str, ...], ...
    ] = ()  # per entry of ``marks``, the URLs it names (then as long as ``marks``)
    notice: str = ""  # the number of the notice whose items it names, where it says so itself
    answers: bool = False  # an inline answer: own words right below a quoted line that names ``names``
