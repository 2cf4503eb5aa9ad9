"""Reads the machine-readable part of a delivery report, and classes failures (RFC 3464, RFC 3463)."""

from __future__ import annotations

import re

from daemon.message.bounce_words import EXPIRED, FULL, GONE, POLICY
from daemon.message.message import BounceClass, BouncedRecipient, Kind

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")


def read_fields(report: str, known: frozenset[str] = frozenset()) -> tuple[Kind, list[BouncedRecipient]] | None:
    """Read RFC 3464's fields; None when the report has no recipient block.

    Of the original and the final recipient the one in ``known`` is named, else the final one.
    """
    recipients: list[BouncedRecipient] = []
    kinds = []
    for block in report.split("\n\n")[:200] if report else ():
        fields = _fields(block)
        action = fields.get("action", "").split(" ")[0].lower().strip(";")
        if not action and not fields.get("status"):
            continue
        status = STATUS.search(fields.get("status", ""))
        code = ".".join(status.groups()) if status is not None else ""
        kind = _action_kind(action, code)
        kinds.append(kind)
        final, original = address(fields.get("final-recipient", "")), address(fields.get("original-recipient", ""))
        named = original if not final or original.lower() in known else final
        if kind is Kind.BOUNCE:
            klass, reason = classify(code, fields.get("diagnostic-code", ""))
            recipients.append(BouncedRecipient(named, klass, code, reason))
        elif kind is Kind.DELAY:
            recipients.append(BouncedRecipient(named, BounceClass.SOFT, code, "delayed"))
    if not kinds:
        return None
    kind = Kind.BOUNCE if Kind.BOUNCE in kinds else Kind.DELAY if Kind.DELAY in kinds else Kind.DELIVERED
    if kind is Kind.BOUNCE:
        recipients = [one for one in recipients if one.reason != "delayed"]
    return kind, recipients if kind is not Kind.DELIVERED else []


def _fields(block: str) -> dict[str, str]:
    """Return the fields of one block; the first of a name counts."""
    fields: dict[str, str] = {}
    last = ""
    for line in block.split("\n")[:100]:
        if line[:1] in " \t" and last:
            fields[last] = f"{fields[last]} {line.strip()}"[:2000]
            continue
        name, colon, value = line.partition(":")
        last = name.strip().lower() if colon else ""
        if last in fields:
            last = ""
        elif last:
            fields[last] = value.strip()
    return fields


def _action_kind(action: str, code: str) -> Kind:
    if action.startswith("delay"):
        return Kind.DELAY
    if action in {"delivered", "relayed", "expanded"} or (not action.startswith("fail") and code.startswith("2")):
        return Kind.DELIVERED
    return Kind.BOUNCE


def address(field: str) -> str:
    """Return the address of ``rfc822; a@b`` in lower-case domain form, "" if none."""
    found = ADDRESS.search(field)
    if found is None:
        return ""
    local, _, domain = found[0].rpartition("@")
    return f"{local}@{domain.lower()}"


def classify(status: str, text: str) -> tuple[BounceClass, str]:
    """Return class and reason word of a failure by its enhanced status code and the other side's words."""
    text = text[:2000]
    if not status:
        found = STATUS.search(text)
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
