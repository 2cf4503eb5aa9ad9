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


@pytest.mark.parametrize(
    ("subject", "body", "sender"),
    [
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
