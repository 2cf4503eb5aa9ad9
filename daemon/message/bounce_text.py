"""Reads delivery reports that have no machine-readable part: whose words they are, whom they name, what failed."""

from __future__ import annotations

import re
from email import message as stdlib

from daemon.message.bounce_fields import ADDRESS, STATUS, address, classify
from daemon.message.bounce_words import DELAY, ENCLOSED, EXPIRED, FAILED, SUBJECTS
from daemon.message.message import BounceClass, BouncedRecipient, Kind, Message

_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[\s-])")
_DIALOGUE = re.compile(r"(?mi)^\W{0,8}(?:(?:said|replied|response|error|smtp)\W{1,3})?[45]\d\d[ -]|RCPT TO:")
_LEADING = re.compile(rf"^(?:[^:@\n]{{1,40}}: ?)?\W{{0,12}}{ADDRESS.pattern}")
_LOCAL = re.compile(r"^\W*([\w.+-]{2,64})(?=\s|$)")
_TEXT_CAP = 20_000


def own_report(message: Message) -> str:
    """Return the report's own words, without the mail that it returns."""
    lines: list[str] = []
    for line in message.lines[:400]:
        text = line.text.strip()
        if text.startswith((">Received:", "Received: ", "Return-Path:", "Return-path:", ">Return-Path:")) and lines:
            break
        if 8 < len(text) < 120 and _is_divider(text):
            break
        lines.append(text)
    return "\n".join(lines)[:_TEXT_CAP]


def _is_divider(text: str) -> bool:
    """Return whether the returned mail begins below a line."""
    if text[0] not in "-=*|_#" and text[-1] not in ":-|*" and not text.endswith(("follows.", "following.")):
        return False
    return ENCLOSED.holds(text) and not FAILED.holds(text)


def tells_failure(text: str, strictly: bool = False) -> bool:
    """Return whether a machine says that a mail did not arrive; ``strictly``: only by showing the servers' dialogue."""
    return (not strictly and FAILED.holds(text[:3000])) or _DIALOGUE.search(text[:3000]) is not None


def read_words(
    message: Message, text: str, known: frozenset[str], certain: bool = False
) -> tuple[Kind, list[BouncedRecipient]] | None:
    """Return kind and recipients; ``certain``: a header already says that delivery failed."""
    failed = [address(value) for value in (message.header("x-failed-recipients") or "").split(",")[:50]]
    addresses = [one for one in failed if one] or _named(message, text, known)
    codes = [".".join(one.groups()) for one in STATUS.finditer(text[:_TEXT_CAP])]
    code = next((one for one in codes if one[0] != "2"), "")
    smtp = _CODE.search(text)
    told = FAILED.holds(text)
    if codes and not code and not told and not certain:
        return Kind.DELIVERED, []
    failing = code.startswith("5") or (smtp is not None and smtp[1].startswith("5")) or certain
    if not failing and DELAY.holds(message.subject + "\n" + text) and not EXPIRED.holds(text):
        return Kind.DELAY, [BouncedRecipient(one, BounceClass.SOFT, code, "delayed") for one in addresses]
    if not (failing or told or code or smtp is not None or addresses or SUBJECTS.holds(message.subject)):
        return None
    klass, reason = classify(code, text)
    if not code and smtp is not None and smtp[1].startswith("4") and klass is BounceClass.HARD:
        klass, reason = BounceClass.SOFT, "temporary"
    return Kind.BOUNCE, [BouncedRecipient(one, klass, code, reason) for one in addresses]


def _named(message: Message, text: str, known: frozenset[str]) -> list[str]:
    """Return the failed addresses that a report's words name: of known ones all, else the likeliest."""
    seen = _in_text(message, text)
    ours = [one for one in seen if one.lower() in known]
    if ours:
        return ours
    leading = [one for one in names_in_lines(text) if one in seen]
    guessed = _flufl(message, text)
    return leading if leading and set(leading) >= set(guessed) else guessed or seen[:1]


def names_in_lines(text: str) -> list[str]:
    """Return the addresses with which lines begin, or that stand behind a label, as machines list them."""
    found = (_LEADING.match(line) for line in text.split("\n")[:400])
    return list(dict.fromkeys(address(one[0]) for one in found if one is not None))[:50]


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


def _in_text(message: Message, text: str) -> list[str]:
    """Return the addresses that the report's words name, never our own or the daemon's."""
    ours = {one.address.lower() for one in message.to} | ({message.from_.address.lower()} if message.from_ else set())
    found: dict[str, None] = {}
    for hit in ADDRESS.finditer(text):
        found.setdefault(address(hit[0]))
        if len(found) > 200:
            break
    return [one for one in found if one.lower() not in ours and not one.lower().startswith("postmaster@")]


def akin(message: Message, text: str, known: frozenset[str]) -> list[str]:
    """Return the known addresses of the reporting domain whose local part alone heads a line of the report."""
    domain = ".".join(message.from_.domain.split(".")[-2:]) if message.from_ is not None else ""
    if not domain or len(text) > _TEXT_CAP:
        return []
    locals_ = {found[1].lower() for line in text.split("\n")[:100] if (found := _LOCAL.match(line)) is not None}
    return sorted(
        one for one in known if one.partition("@")[0] in locals_ and (one.endswith(("@" + domain, "." + domain)))
    )[:10]
