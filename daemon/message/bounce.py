"""Recognises delivery reports: recipient, class and status, by RFC 3464 and 3463 or by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from daemon.message.automatic import is_reply_subject
from daemon.message.bounce_fields import ADDRESS, address, classify, read_fields
from daemon.message.bounce_text import akin, names_in_lines, own_report, read_words, tells_failure
from daemon.message.bounce_words import CHALLENGE, REJECTED, SUBJECTS
from daemon.message.message import BouncedRecipient, Kind, Message

_DAEMONS = (
    "mailer-daemon", "mailer_daemon", "mailerdaemon", "mail-daemon", "mdaemon", "postmaster", "post_master",
    "maildelivery", "mail-delivery", "mailsystem", "mail-system", "bounce",
)  # fmt: skip
_DAEMON_NAMES = ("mail deliver", "mailer-daemon", "mailer daemon", "postmaster", "mail system", "system administrator")


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
    text = own_report(message)
    if signs == ("unsure",):
        signs = _by_words(message, text)
    elif not {"daemon", "null_sender", "failed_recipients", "exchange_ndr"} & set(signs) and is_challenge(text):
        return None  # a filter that dresses its question up as a report
    if not signs:
        return None
    found = read_fields(message.report, known_addresses)
    if found is None:
        found = read_words(message, text, known_addresses, certain="failed_recipients" in signs)
    if found is None:
        return None
    kind, recipients = found
    return Bounce(kind, _known(recipients, known_addresses, message, text), signs)


def _gate(message: Message) -> tuple[str, ...]:
    """Return the strong signs of a delivery report; ("unsure",) where its words must decide; () for ordinary mail."""
    signs = []
    names = {name for name, _ in message.headers if name.startswith("x-")}
    receipt = "disposition" in message.report_type
    null = message.return_path is not None and message.return_path.lower().partition("@")[0] in {"", "mailer-daemon"}
    if message.report_type == "delivery-status":
        signs.append("report_type")
    if message.report and not receipt and "action:" in message.report.lower():
        signs.append("delivery_status")
    if "x-failed-recipients" in names:
        signs.append("failed_recipients")
    if "x-ms-exchange-message-is-ndr" in names:
        signs.append("exchange_ndr")
    titled = SUBJECTS.holds(message.subject[:200])
    daemon = _is_daemon(message)
    if daemon and (titled or null or message.return_path is None or message.returned) and not receipt:
        signs.append("daemon")
    if null and titled and not receipt:
        signs.append("null_sender")
    if null and message.returned and not receipt and "feedback" not in message.report_type:
        signs.append("returned_original")
    if titled and message.returned and not signs:
        signs.append("returned_original")
    if not signs and (daemon or titled or (receipt and "automatic-action" in message.report.lower())):
        signs.append("unsure")
    return tuple(signs)


def _is_daemon(message: Message) -> bool:
    """Return whether a mail system writes, by its name or for want of one."""
    if message.from_ is None:
        return message.return_path == ""
    if not message.from_.address:
        return True
    local = message.from_.address.partition("@")[0].strip("\"' ").lower()
    return local.startswith(_DAEMONS) or message.from_.name.lower().startswith(_DAEMON_NAMES)


def _by_words(message: Message, text: str) -> tuple[str, ...]:
    """Return the sign of a report that only its words give away: a failure, told by a machine."""
    if "disposition" in message.report_type:
        return ("rejected",) if REJECTED.holds(text) else ()  # sieve's "reject" answers so (RFC 5429)
    if _is_daemon(message):
        return ("daemon",) if tells_failure(text, strictly=is_reply_subject(message.subject)) else ()
    if message.in_reply_to or message.references or not tells_failure(text):
        return ()
    return ("worded",) if names_in_lines(text) else ()


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
    for source in (message.report[:20_000], text, message.returned[:4000]):
        for hit in ADDRESS.finditer(source):
            found = address(hit[0])
            if found.lower() in known and found.lower() not in ourselves:
                return (replace(first, recipient=found),)
    return tuple(replace(first, recipient=one) for one in akin(message, text, known)) or tuple(unique)


def is_challenge(text: str) -> bool:
    """Return whether a mail asks its sender to prove that he is a person before it is delivered."""
    return CHALLENGE.holds(text[:4000])
