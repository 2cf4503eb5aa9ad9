"""Delivery reports: recognised, classed, and never taken from ordinary mail."""

from __future__ import annotations

import pytest

from daemon.message.bounce import read_bounce
from daemon.message.message import BounceClass, Kind
from daemon.message.own_text import label
from daemon.message.parse import parse
from daemon.message.read import signals

KNOWN = frozenset({"abuse@pix.example"})


def dsn(action: str, status: str, diagnostic: str = "", recipient: str = "abuse@pix.example") -> bytes:
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: desk@hotline.example\nSubject: Undelivered Mail\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSee below.\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {recipient}\nAction: {action}\n"
        f"Status: {status}\nDiagnostic-Code: smtp; {diagnostic}\n\n"
        "--b\nContent-Type: text/rfc822-headers\n\nTo: abuse@pix.example\nSubject: Notice\n\n--b--\n"
    ).encode()


def plain(subject: str, body: str, sender: str = "MAILER-DAEMON@mx.example", path: str = "<>") -> bytes:
    return f"Return-Path: {path}\nFrom: {sender}\nTo: desk@hotline.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{body}".encode()


@pytest.mark.parametrize(
    ("status", "diagnostic", "klass"),
    [
        ("5.1.1", "550 5.1.1 User unknown", BounceClass.HARD), ("5.1.2", "Host or domain name not found", BounceClass.HARD), ("5.2.2", "552 5.2.2 Mailbox full", BounceClass.FULL),
        ("4.2.2", "452 over quota", BounceClass.FULL), ("5.7.1", "554 5.7.1 refused by content policy", BounceClass.POLICY), ("5.0.0", "550 blocked by spam filter", BounceClass.POLICY),
        ("4.4.7", "delivery time expired", BounceClass.EXPIRED), ("5.4.7", "retry timeout exceeded", BounceClass.EXPIRED), ("4.4.1", "connection timed out", BounceClass.EXPIRED),
        ("5.0.0", "mailbox unavailable", BounceClass.HARD),
    ],
)  # fmt: skip
def test_a_failure_is_classed_by_status_and_words(status: str, diagnostic: str, klass: BounceClass) -> None:
    found = read_bounce(parse(dsn("failed", status, diagnostic)), KNOWN)
    assert found is not None
    assert (found.kind, found.recipients[0].klass, found.recipients[0].status) == (Kind.BOUNCE, klass, status)


@pytest.mark.parametrize(
    ("action", "kind"),
    [("delayed", Kind.DELAY), ("delivered", Kind.DELIVERED), ("relayed", Kind.DELIVERED), ("failed", Kind.BOUNCE)],
)
def test_only_a_failure_is_a_failure(action: str, kind: Kind) -> None:
    message = parse(dsn(action, "2.0.0" if kind is Kind.DELIVERED else "4.4.1"))
    assert signals(message, label(message), KNOWN).kind is kind


def test_a_recipient_is_one_we_wrote_to() -> None:
    found = read_bounce(parse(dsn("failed", "5.1.1", recipient="forwarded@elsewhere.example")), KNOWN)
    assert found is not None
    assert [one.recipient for one in found.recipients] == ["abuse@pix.example"]


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Mail delivery failed", "The following address failed:\n  abuse@pix.example\n    Unrouteable address"),
        ("Undelivered Mail Returned to Sender", "<abuse@pix.example>: host mx.pix.example said: 550 5.1.1 no such user"),
        ("Unzustellbar: Meldung", "Ihre Nachricht an abuse@pix.example konnte nicht zugestellt werden. Empfänger unbekannt."),
        ("Non remis : avis", "Votre message à abuse@pix.example n'a pas pu être remis : utilisateur inconnu."),
        ("No se puede entregar", "El mensaje a abuse@pix.example no se entregó. 550 usuario desconocido"),
        ("Не доставлено", "Письмо для abuse@pix.example не доставлено: пользователь не найден"),
        ("配信できませんでした", "abuse@pix.example は存在しません。550"), ("退信通知", "abuse@pix.example 用户不存在 550"),
    ],
)  # fmt: skip
def test_a_report_without_machine_fields_is_recognised_in_many_languages(subject: str, body: str) -> None:
    message = parse(plain(subject, body))
    found = signals(message, label(message), KNOWN)
    assert found.kind is Kind.BOUNCE
    assert [one.recipient for one in found.bounced] == ["abuse@pix.example"]
    assert found.bounced[0].klass is BounceClass.HARD


LISTED = "<list-admin@hotline.example>"


@pytest.mark.parametrize(
    ("subject", "body", "sender"),
    [
        ("Processing error", "Intended recipient: abuse@pix.example\n\nThe mail has been returned because of an error.", "MAILER-DAEMON@pix.example"),
        ("Letter problem", "|--- Log follows: ---|\n no valid recipients were found\n|--- Failed addresses follow: ---|\n abuse@pix.example ... unknown host\n|--- Message text follows: ---|\n", "mailer-daemon@pix.example"),
        ("Delivery failure", "Could not deliver message to the following recipient(s):\n\nFailed Recipient: abuse@pix.example\nReason: 550 unknown user\n\n -- The header and top 20 lines of the message follow --\n\nTo: other@pix.example", "admin@pix.example"),
        ("RE: Notice : non remis (delivery failed)", "Votre message n'a pas pu etre delivre a\nabuse@pix.example", "gateway@pix.example"),
        ("Re: Notice", "Error message below:\n550 - Requested action not taken: no such user here\n  RCPT TO: abuse@pix.example", "post_master@pix.example"),
        ("Undeliverable: Notice", "Your message\n\n  To: somebody\n\ndid not reach the following recipient(s):\n\nabuse@pix.example on Thu, 11 Jul\n    The recipient name is not recognized", "postmaster@pix.example"),
    ],
)  # fmt: skip
def test_a_report_that_came_through_a_list_is_known_by_its_words(subject: str, body: str, sender: str) -> None:
    found = read_bounce(parse(plain(subject, body, sender, LISTED)), KNOWN)
    assert found is not None
    assert (found.kind, [one.recipient for one in found.recipients]) == (Kind.BOUNCE, ["abuse@pix.example"])


def test_a_version_number_in_the_returned_mail_is_no_status_of_success() -> None:
    body = "The message, addressed to 'abuse@pix.example', failed as it was not collected.\n\n---- START OF RETURNED MESSAGE ----\nX-Mailer: Post v2.0.13"
    found = read_bounce(parse(plain("Mail delivery failure", body)), KNOWN)
    assert found is not None
    assert found.kind is Kind.BOUNCE


def test_of_original_and_final_recipient_the_one_we_wrote_to_is_named() -> None:
    raw = dsn("failed", "5.0.0", recipient="box17@inner.pix.example").replace(
        b"Final-Recipient", b"Original-Recipient: rfc822;abuse@pix.example\nFinal-Recipient"
    )
    found = read_bounce(parse(raw), frozenset({"abuse@pix.example", "desk@pix.example"}))
    assert found is not None
    assert [one.recipient for one in found.recipients] == ["abuse@pix.example"]


def test_all_failed_addresses_are_named() -> None:
    body = "did not reach the following recipient(s):\n\nabuse@pix.example on Thu\n  Unknown Recipient\nlegal@pix.example on Thu\n  Unknown Recipient\n"
    found = read_bounce(parse(plain("Undeliverable: Notice", body)), KNOWN | {"legal@pix.example"})
    assert found is not None
    assert [one.recipient for one in found.recipients] == ["abuse@pix.example", "legal@pix.example"]


def test_a_local_part_alone_is_completed_from_the_addresses_of_the_reporting_domain() -> None:
    body = "---- Message not delivered to the following:\n\n abuse    No matches to nameserver query\n"
    found = read_bounce(
        parse(plain("Returned mail", body, "MAILER-DAEMON@mx.pix.example")), KNOWN | {"abuse@other.example"}
    )
    assert found is not None
    assert [one.recipient for one in found.recipients] == ["abuse@pix.example"]


RECEIPT = (
    "Return-Path: <MAILER-DAEMON>\nFrom: Mail Delivery Subsystem <admin@pix.example>\nTo: desk@hotline.example\nSubject: Automatically rejected mail\n"
    "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\nContent-Type: text/plain\n\n%s\n--b\n"
    "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; abuse@pix.example\nDisposition: automatic-action/MDN-sent-automatically; deleted\n\n--b--\n"
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Your message to <abuse@pix.example> was automatically rejected: Quota exceeded", Kind.BOUNCE), ("Your message was deleted without being read.", Kind.READ_RECEIPT)],
)  # fmt: skip
def test_a_receipt_that_says_rejected_is_a_bounce(text: str, kind: Kind) -> None:
    message = parse((RECEIPT % text).encode())
    found = signals(message, label(message), KNOWN)
    assert found.kind is kind
    assert [one.recipient for one in found.bounced] == (["abuse@pix.example"] if kind is Kind.BOUNCE else [])


def test_a_question_dressed_up_as_a_report_is_a_challenge() -> None:
    raw = dsn("delayed", "4.7.1").replace(
        b"See below.", b"Your message is waiting. Please prove that you are human to deliver it."
    )
    raw = raw.replace(b"MAILER-DAEMON@mx", b"noreply@filter").replace(
        b"Return-Path: <>", b"Return-Path: <noreply@filter.example>"
    )
    raw = raw.replace(b"text/rfc822-headers", b"application/x-none").replace(b"Undelivered Mail", b"Re: Notice")
    message = parse(raw)
    assert signals(message, label(message), KNOWN).kind is Kind.CHALLENGE


@pytest.mark.parametrize(
    ("subject", "body", "sender"),
    [
        ("Undeliverable parcels", "We could not deliver your order, see abuse@pix.example.", "shop@pix.example"),
        ("Re: Notice", "Your mail could not be delivered to the right team, we passed it on to legal@pix.example.", "postmaster@pix.example"),
        ("Re: Notice", "abuse@pix.example no longer exists, user unknown here. 550 5.1.1", "anna@pix.example"), ("Ticket closed", "Mailbox full of reports.", "support@pix.example"),
        ("Delivery of your order failed", "Please collect it. Call abuse@pix.example", "shop@pix.example"),
    ],
)  # fmt: skip
def test_ordinary_mail_is_never_a_bounce(subject: str, body: str, sender: str) -> None:
    assert read_bounce(parse(plain(subject, body, sender, f"<{sender}>")), KNOWN) is None


def test_a_read_receipt_is_neither_bounce_nor_answer() -> None:
    raw = (
        b"Return-Path: <>\nFrom: noc@pix.example\nSubject: Read: Notice\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
        b"--b\nContent-Type: text/plain\n\nDeleted without being read.\n--b\nContent-Type: message/disposition-notification\n\nDisposition: automatic-action; deleted\n\n--b--\n"
    )
    message = parse(raw)
    assert signals(message, label(message)).kind is Kind.READ_RECEIPT
