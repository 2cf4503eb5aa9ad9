"""Recognises delivery reports: recipient, class and status, by RFC 3464 and 3463 or by words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email import message as stdlib

from daemon.message.bounce_words import CHALLENGE, DELAY, EXPIRED, FULL, GONE, POLICY, SUBJECTS
from daemon.message.message import BounceClass, BouncedRecipient, Kind, Message

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[\s-])")
_DAEMONS = (
    "mailer-daemon",
    "mailerdaemon",
    "mail-daemon",
    "postmaster",
    "maildelivery",
    "mail-delivery",
    "mdaemon",
    "bounce",
    "mailsystem",
    "mail-system",
)
_TEXT_CAP = 20_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report: its kind (BOUNCE, DELAY, DELIVERED) and the recipients it names."""

    kind: Kind
    recipients: tuple[BouncedRecipient, ...]
    signs: tuple[str, ...]


def read_bounce(message: Message, known_addresses: frozenset[str] = frozenset()) -> Bounce | None:
    """Return what a delivery report says, None for any other mail."""
    signs = _gate(message)
    if not signs:
        return None
    found = _dsn(message.report)
    text = _text(message)
    if found is None:
        found = _undsn(message, text, known_addresses, signs)
    if found is None:
        return None
    kind, recipients = found
    return Bounce(kind, _known(recipients, known_addresses, message, text), signs)


def _gate(message: Message) -> tuple[str, ...]:
    """Return the strong signs of a delivery report; ordinary mail has none."""
    signs = []
    names = {name for name, _ in message.headers if name.startswith("x-")}
    local = message.from_.address.partition("@")[0].lower() if message.from_ is not None else ""
    daemon = any(local.startswith(name) for name in _DAEMONS) or (message.from_ is None and message.return_path == "")
    if message.report_type == "delivery-status":
        signs.append("report_type")
    if message.report and "action:" in message.report.lower() and "disposition" not in message.report_type:
        signs.append("delivery_status")
    if "x-failed-recipients" in names:
        signs.append("failed_recipients")
    if "x-ms-exchange-message-is-ndr" in names:
        signs.append("exchange_ndr")
    titled = SUBJECTS.holds(message.subject[:200])
    if daemon and (titled or message.return_path in {"", None} or message.returned):
        signs.append("daemon")
    if message.return_path == "" and titled and "disposition" not in message.report_type:
        signs.append("null_sender")
    if (
        message.return_path == ""
        and message.returned
        and "disposition" not in message.report_type
        and "feedback" not in message.report_type
    ):
        signs.append("returned_original")
    if titled and message.returned and not signs:
        signs.append("returned_original")
    return tuple(signs)


def _dsn(report: str) -> tuple[Kind, list[BouncedRecipient]] | None:
    """Read RFC 3464's fields; None when the report has no recipient block."""
    if not report:
        return None
    recipients: list[BouncedRecipient] = []
    kinds = []
    for block in report.split("\n\n")[:200]:
        fields: dict[str, str] = {}
        for line in block.split("\n")[:100]:
            name, colon, value = line.partition(":")
            if colon:
                fields.setdefault(name.strip().lower(), value.strip())
        action = fields.get("action", "").split(" ")[0].lower().strip(";")
        if not action and not fields.get("status"):
            continue
        status = _STATUS.search(fields.get("status", ""))
        code = ".".join(status.groups()) if status is not None else ""
        kind = _action_kind(action, code)
        kinds.append(kind)
        if kind is Kind.BOUNCE:
            address = _address(fields.get("original-recipient", "")) or _address(fields.get("final-recipient", ""))
            final = _address(fields.get("final-recipient", "")) or address
            klass, reason = classify(code, fields.get("diagnostic-code", ""))
            recipients.append(BouncedRecipient(final or address, klass, code, reason))
        elif kind is Kind.DELAY:
            final = _address(fields.get("final-recipient", "")) or _address(fields.get("original-recipient", ""))
            recipients.append(BouncedRecipient(final, BounceClass.SOFT, code, "delayed"))
    if not kinds:
        return None
    kind = Kind.BOUNCE if Kind.BOUNCE in kinds else Kind.DELAY if Kind.DELAY in kinds else Kind.DELIVERED
    if kind is Kind.BOUNCE:
        recipients = [one for one in recipients if one.reason != "delayed"]
    return kind, recipients if kind is not Kind.DELIVERED else []


def _action_kind(action: str, code: str) -> Kind:
    if action.startswith("delay"):
        return Kind.DELAY
    if action in {"delivered", "relayed", "expanded"} or (not action.startswith("fail") and code.startswith("2")):
        return Kind.DELIVERED
    return Kind.BOUNCE


def _address(field: str) -> str:
    """Return the address of ``rfc822; a@b`` in lower-case domain form, "" if none."""
    found = _ADDRESS.search(field)
    if found is None:
        return ""
    local, _, domain = found[0].rpartition("@")
    return f"{local}@{domain.lower()}"


def classify(status: str, text: str) -> tuple[BounceClass, str]:
    """Return class and reason word of a failure by its enhanced status code and the other side's words."""
    text = text[:2000]
    if not status:
        found = _STATUS.search(text)
        status = ".".join(found.groups()) if found is not None else ""
    if status.endswith(".2.2") or FULL.holds(text):
        return BounceClass.FULL, "mailbox_full"
    if EXPIRED.holds(text) and not GONE.holds(text):
        return BounceClass.EXPIRED, "expired"
    subject, detail = ([*status.split("."), "", ""])[1:3]
    if subject == "7" or (POLICY.holds(text) and not (subject == "1" and GONE.holds(text))):
        return BounceClass.POLICY, "policy"
    if status == "5.4.7" or (status.startswith("4.") and not GONE.holds(text)):
        return BounceClass.EXPIRED, "expired"
    if subject == "1" or GONE.holds(text):
        nowhere = detail == "2" or ("domain" in text.lower() and "not found" in text.lower())
        return BounceClass.HARD, "no_such_domain" if nowhere else "no_such_recipient"
    if subject == "3" and detail == "4":
        return BounceClass.POLICY, "too_large"
    return BounceClass.HARD, "failed"


def _text(message: Message) -> str:
    """Return the report's own words, without the mail that it returns."""
    lines = []
    for line in message.lines[:400]:
        low = line.text.strip().lower()
        if low.startswith("-----") and ("message" in low or "nachricht" in low or "mail" in low or "header" in low):
            break
        lines.append(line.text)
    return "\n".join(lines)[:_TEXT_CAP]


def _undsn(
    message: Message, text: str, known: frozenset[str], signs: tuple[str, ...]
) -> tuple[Kind, list[BouncedRecipient]] | None:
    """Read a report that has no machine-readable part."""
    failed = [_address(value) for value in (message.header("x-failed-recipients") or "").split(",")[:50]]
    addresses = [one for one in failed if one] or _flufl(message, text) or _in_text(message, text, known)
    status = _STATUS.search(text)
    code = ".".join(status.groups()) if status is not None else ""
    smtp = _CODE.search(text)
    if code.startswith("2."):
        return Kind.DELIVERED, []
    failing = code.startswith("5") or (smtp is not None and smtp[1].startswith("5")) or "failed_recipients" in signs
    if not failing and DELAY.holds(message.subject + "\n" + text) and not EXPIRED.holds(text):
        return Kind.DELAY, [BouncedRecipient(one, BounceClass.SOFT, code, "delayed") for one in addresses]
    if not (failing or code or smtp is not None or addresses or SUBJECTS.holds(message.subject)):
        return None
    klass, reason = classify(code, text)
    if not code and smtp is not None and smtp[1].startswith("4") and klass is BounceClass.HARD:
        klass, reason = BounceClass.SOFT, "temporary"
    return Kind.BOUNCE, [BouncedRecipient(one, klass, code, reason) for one in addresses]


def _flufl(message: Message, text: str) -> list[str]:
    """Ask flufl.bounce, which knows the wording of dozens of mail servers."""
    from flufl.bounce import all_failures

    letter = stdlib.Message()
    letter["From"] = (
        message.from_.address if message.from_ is not None and message.from_.address else "mailer-daemon@invalid"
    )
    letter["Subject"] = message.subject
    letter["Content-Type"] = "text/plain"
    letter.set_payload(text.encode("ascii", "replace").decode("ascii"))
    try:
        temporary, permanent = all_failures(letter)
    except Exception:  # noqa: BLE001 - it raises on odd input; its word is one of several
        return []
    found = [one.decode("ascii", "replace") for one in (*permanent, *temporary)]
    return sorted(one for one in found if "@" in one)[:50]


def _in_text(message: Message, text: str, known: frozenset[str]) -> list[str]:
    """Return the addresses that the report's words name: known ones first, never our own or the daemon's."""
    ours = {one.address.lower() for one in message.to} | ({message.from_.address.lower()} if message.from_ else set())
    found: dict[str, None] = {}
    for hit in _ADDRESS.finditer(text):
        found.setdefault(_address(hit[0]))
        if len(found) > 200:
            break
    named = [one for one in found if one.lower() not in ours]
    return [one for one in named if one.lower() in known] or named[:1]


def _known(
    recipients: Sequence[BouncedRecipient], known: frozenset[str], message: Message, text: str
) -> tuple[BouncedRecipient, ...]:
    """Keep the recipients that we wrote to; if none is left, look for one in report and returned mail."""
    unique = list({one.recipient.lower(): one for one in recipients if one.recipient}.values())
    if not known:
        return tuple(unique)
    ours = [one for one in unique if one.recipient.lower() in known]
    if ours:
        return tuple(ours)
    first = next(iter(recipients), None)
    if first is None:
        klass, reason = classify("", text)
        first = BouncedRecipient("", klass, "", reason)
    ourselves = {one.address.lower() for one in message.to}
    for source in (text, message.report, message.returned[:4000]):
        for hit in _ADDRESS.finditer(source):
            address = _address(hit[0])
            if address.lower() in known and address.lower() not in ourselves:
                return (replace(first, recipient=address),)
    return tuple(unique)


def is_challenge(text: str) -> bool:
    """Return whether a mail asks its sender to prove that he is a person before it is delivered."""
    return CHALLENGE.holds(text[:4000])
