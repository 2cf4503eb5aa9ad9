"""Automatic mail, absences, receipts, encrypted mail: by form first, by words in many languages second."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daemon.message.message import Kind, Signals
from daemon.message.own_text import label
from daemon.message.parse import parse
from daemon.message.read import signals

NUMBERS = r"HN-20\d\d-\d{4}"


def told(
    body: str, subject: str = "Re: HN-2026-0017", more: str = "", kind: str = "text/plain; charset=utf-8"
) -> Signals:
    raw = f"Return-Path: <a@pix.example>\nFrom: a@pix.example\nDate: Mon, 12 Oct 2026 10:00:00 +0000\nSubject: {subject}\nIn-Reply-To: <x@hotline.example>\n{more}Content-Type: {kind}\n\n{body}"
    message = parse(raw.encode())
    return signals(message, label(message), frozenset(), NUMBERS)


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated (ticket)", "X-Autoreply: yes", "Precedence: auto_reply", "X-Autorespond: x",
     "X-MS-Exchange-Inbox-Rules-Loop: a@b\nX-Auto-Response-Suppress: All", "X-Auto-Reply-From: a@b.example"],
)  # fmt: skip
def test_headers_tell_that_nobody_wrote(header: str) -> None:
    found = told("Removed.", more=header + "\n")
    assert found.automatic
    assert not found.answerable


@pytest.mark.parametrize(
    "header",
    [
        "Precedence: bulk",
        "List-Id: <a.b.example>",
        "X-Auto-Response-Suppress: All",
        "Auto-Submitted: no",
        "Precedence: list",
    ],
)
def test_bulk_and_list_marks_do_not_make_a_persons_answer_automatic(header: str) -> None:
    assert not told("We removed it.", more=header + "\n").automatic


def test_a_form_letter_answers_no_list() -> None:
    assert not told("We removed it.", more="List-Id: <a.b.example>\n").answerable


@pytest.mark.parametrize(
    "text",
    ["This is an automated message.", "Diese E-Mail wurde automatisch erzeugt.", "Ce message a été généré automatiquement.", "No responda a este correo automático.",
     "Esta é uma mensagem automática.", "Questo è un messaggio automatico.", "Dit is een automatisch bericht.", "Wiadomość wygenerowana automatycznie.",
     "Это письмо отправлено автоматически.", "Це повідомлення створено автоматично.", "Bu e-posta otomatik olarak gönderilmiştir.", "※このメールは自動送信です。", "此邮件由系统自动发送，请勿回复。",
     "본 메일은 자동으로 발송되었습니다.", "هذه رسالة تلقائية."],
)  # fmt: skip
def test_automatic_mail_without_a_header_says_so_in_words(text: str) -> None:
    assert told(text).automatic


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Automatic reply: Notice", "I am out of the office until 26 October."), ("Automatische Antwort: Notice", "Ich bin bis 26.10. nicht im Büro."), ("Réponse automatique : avis", "Je suis absente jusqu'au 26 octobre."),
        ("Respuesta automática: aviso", "Estaré fuera de la oficina hasta el 26 de octubre."), ("Resposta automática: aviso", "Estou de férias até 26 de outubro."), ("Risposta automatica: avviso", "Sono in ferie fino al 26 ottobre."),
        ("Automatisch antwoord: melding", "Ik ben met vakantie tot en met 26 oktober."), ("Odpowiedź automatyczna: zgłoszenie", "Jestem na urlopie do 26 października."), ("Автоответ: уведомление", "Я в отпуске до 26 октября."),
        ("Автоматична відповідь: лист", "Я у відпустці до 26 жовтня."), ("Otomatik yanıt: bildirim", "26 Ekim'e kadar izindeyim."), ("自動返信: 通知", "10月26日まで休暇をいただいております。"), ("自动回复：通知", "我正在休假，10月26日返回。"),
        ("자동 회신: 통지", "10월 26일까지 휴가입니다."), ("رد تلقائي: إشعار", "أنا في إجازة حتى 26 أكتوبر."),
    ],
)  # fmt: skip
def test_an_absence_is_told_with_its_end(subject: str, text: str) -> None:
    found = told(text, subject)
    assert found.kind is Kind.OUT_OF_OFFICE
    assert found.automatic
    assert found.returns_on == datetime(2026, 10, 26, tzinfo=UTC)


def test_a_person_who_mentions_a_holiday_is_not_absent() -> None:
    assert told("We removed it; the customer is on vacation until Monday.").kind is Kind.REPLY


@pytest.mark.parametrize(
    ("body", "kind", "more"),
    [
        ("-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----", "text/plain", ""), ("abc", "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", ""),
        ("--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n", "multipart/encrypted; boundary=b", ""),
        ("You have received a secure message. Read it in the portal: https://safe.example/m", "text/plain", ""), ("Sie haben eine verschlüsselte Nachricht erhalten, bitte im Portal abrufen.", "text/plain; charset=utf-8", ""),
        ("--b\nContent-Type: text/plain\n\nThe password follows separately.\n--b\nContent-Type: application/zip; name=a.zip\n\nabc\n--b--\n", "multipart/mixed; boundary=b", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(body: str, kind: str, more: str) -> None:
    assert told(body, kind=kind, more=more).kind is Kind.UNREADABLE


def test_a_signed_mail_is_readable() -> None:
    body = "--b\nContent-Type: text/plain\n\nThe object was removed.\n--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nabc\n--b--\n"
    assert told(body, kind="multipart/signed; boundary=b").kind is Kind.REPLY


def test_an_empty_mail_and_an_invitation_are_told() -> None:
    assert told(" \n").kind is Kind.EMPTY
    assert (
        told(
            "--b\nContent-Type: text/plain\n\nA call\n--b\nContent-Type: text/calendar\n\nX\n--b--\n",
            kind="multipart/mixed; boundary=b",
        ).kind
        is Kind.CALENDAR
    )


@pytest.mark.parametrize(
    ("subject", "body", "ticket"),
    [
        ("[norrline #58112] AutoReply", "x", "58112"), ("[Ticket#2026102610000417] Eingang", "x", "2026102610000417"), ("[#88214] Talebiniz", "x", "88214"), ("INC0044718 opened", "x", "INC0044718"),
        ("Re: notice", "Your ticket ID is BG-77120.", "BG-77120"), ("Re: notice", "Vorgang: KW-2026-5519", "KW-2026-5519"), ("Re: notice", "Votre dossier n° 778-A41", "778-A41"), ("Re: notice", "Número de caso: 7715-B", "7715-B"),
        ("Re: notice", "Protocolo: 2026-889120", "2026-889120"), ("Re: notice", "Numero pratica 55120/26", "55120/26"), ("Re: notice", "Zaaknummer 2026-4471", "2026-4471"), ("Re: notice", "Numer sprawy: 26/10/0771", "26/10/0771"),
        ("Re: notice", "Номер обращения: 4471903", "4471903"), ("Re: notice", "Заявка №20-5518", "20-5518"), ("Re: notice", "Destek numaranız: 88214", "88214"), ("Re: notice", "受付番号：HZ-0088123", "HZ-0088123"),
        ("Re: notice", "工单编号：YH20261022-3317", "YH20261022-3317"), ("Re: notice", "접수번호: 2026-00417", "2026-00417"), ("Re: notice", "رقم التذكرة: 55218", "55218"), ("Ticket #40195 closed", "Ticket #40195 duplicates #40188 and was closed.", "40188"),
        ("Re: [HN-2026-0017] notice", "Ticket HN-2026-0017 noted", None), ("Re: notice", "On 12/10/2026 at 14:10 UTC we removed 3 of 4 files; see RFC-5321 and +1 555 0100.", None), ("Re: notice", "https://pix.example/ticket/77120 is gone", None),
    ],
)  # fmt: skip
def test_the_other_sides_ticket_is_found_and_nothing_else(subject: str, body: str, ticket: str | None) -> None:
    assert told(body, subject).ticket == ticket


def test_a_newsletter_is_not_an_absence() -> None:
    raw = b"Return-Path: <>\nFrom: news@pix.example\nSubject: Holiday sale\nList-Unsubscribe: <https://x.example/u>\n\nAutumn sale until Sunday!"
    message = parse(raw)
    assert signals(message, label(message)).kind is Kind.REPLY
