"""Write N realistic, neutral ESP replies as RFC 5322 messages into a Maildir.

Every message is a plausible answer of an Electronic Service Provider to a takedown notice: a
removal confirmation, a refusal, an auto-acknowledgement with a ticket number, an out-of-office
note, a bounce (DSN), and so on; in several languages, charsets and MIME shapes, usually with the
original notice quoted below.  All names live under reserved example domains, all URLs are
defanged, and no text describes any content.

Determinism: message ``i`` depends on ``(seed, i)`` only.  The first 1,000 messages of a
20,000-message mailbox are therefore byte-identical to a 1,000-message mailbox of the same seed.

Beside the Maildir a manifest (JSON lines) states the truth about each message: its class, notice
number, ticket number, URLs, language, charset, attachment bytes.  A benchmark can so check that
it was not fast by being wrong.

Only the Python standard library is used.
"""

from __future__ import annotations

import argparse
import base64
import html
import json
import os
import quopri
import random
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime
from pathlib import Path

EPOCH = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
OUR_ADDRESS = "notices@hotline.example.org"

# ---------------------------------------------------------------------------------------------
# What a reply says.  kind -> share of the mailbox, in per mille.  The shares are an assumption
# (acknowledgements dominate), not a statistic; change them with --mix.
# ---------------------------------------------------------------------------------------------
MIX = {
    "removed": 230,
    "already_gone": 70,
    "refused": 40,
    "not_ours": 70,
    "needs_info": 50,
    "working": 70,
    "auto_ack": 300,
    "out_of_office": 40,
    "bounce": 70,
    "contact_change": 20,
    "spam": 30,
    "other": 10,
}

# language -> (charsets in use, weight)
LANGUAGES = {
    "en": (["us-ascii", "utf-8", "iso-8859-1", "windows-1252"], 560),
    "de": (["utf-8", "iso-8859-1", "windows-1252"], 90),
    "fr": (["utf-8", "iso-8859-15", "windows-1252"], 70),
    "es": (["utf-8", "iso-8859-1"], 60),
    "nl": (["utf-8", "us-ascii"], 60),
    "pl": (["utf-8", "iso-8859-2"], 40),
    "ru": (["utf-8", "koi8-r", "windows-1251"], 50),
    "ja": (["iso-2022-jp", "utf-8", "shift_jis"], 40),
    "zh": (["utf-8", "gb18030", "big5"], 30),
}

# kind -> language -> sentences; {n} notice number, {t} ticket number, {u} first URL, {c} company.
# A kind that lacks a language falls back to English, as real support desks do.
PHRASES: dict[str, dict[str, list[str]]] = {
    "removed": {
        "en": [
            "Thank you for your report. The content listed in notice {n} has been removed.",
            "We have taken down the reported URLs and suspended the account involved.",
            "Please be advised that the material at {u} is no longer available. Case closed.",
            "The customer has removed the files. We have verified that the links now return 404.",
        ],
        "de": [
            "Vielen Dank für Ihre Meldung. Die gemeldeten Inhalte ({n}) wurden gelöscht.",
            "Wir haben die betroffenen URLs gesperrt und den Kunden gekündigt.",
        ],
        "fr": [
            "Merci pour votre signalement. Les contenus visés par la notification {n} ont été supprimés.",
            "Nous avons retiré les pages signalées et résilié le compte concerné.",
        ],
        "es": ["Gracias por su aviso. El contenido indicado en la notificación {n} ha sido eliminado."],
        "nl": ["Dank voor uw melding. De gemelde inhoud ({n}) is verwijderd."],
        "pl": ["Dziękujemy za zgłoszenie. Treści wskazane w zgłoszeniu {n} zostały usunięte."],
        "ru": ["Благодарим за обращение. Указанные в уведомлении {n} материалы удалены."],
        "ja": ["ご連絡ありがとうございます。通知 {n} に記載のコンテンツは削除いたしました。"],
        "zh": ["感谢您的通知。编号 {n} 所列内容已删除。"],
    },
    "already_gone": {
        "en": [
            "The reported link returns an error; the content had already been removed before your notice.",
            "We could not find anything at {u}; the page is no longer online.",
        ],
        "de": ["Die unter {n} gemeldeten Inhalte waren bereits nicht mehr erreichbar."],
        "fr": ["Le contenu signalé était déjà hors ligne à la réception de votre notification {n}."],
        "ru": ["На момент проверки материалы по уведомлению {n} уже недоступны."],
        "ja": ["通知 {n} のページは既に存在しませんでした。"],
    },
    "refused": {
        "en": [
            "After review we have decided not to take action on notice {n}.",
            "We are unable to act without an order of a competent court.",
        ],
        "de": ["Wir können ohne gerichtliche Anordnung nicht tätig werden ({n})."],
        "ru": ["Мы не можем принять меры по уведомлению {n} без решения суда."],
    },
    "not_ours": {
        "en": [
            "The address in your notice {n} is not hosted by {c}. Please contact the hosting provider.",
            "{c} is a reverse proxy and does not host content. The origin host has been informed.",
            "This IP range was reassigned. We are not the hosting provider of the URLs you list.",
        ],
        "de": ["Die genannten Seiten werden nicht bei uns gehostet. Bitte wenden Sie sich an den Hoster."],
        "fr": ["Nous ne sommes pas l'hébergeur des adresses citées dans {n}."],
        "nl": ["De genoemde adressen worden niet door ons gehost ({n})."],
        "zh": ["编号 {n} 所列网址并非由我公司托管。"],
    },
    "needs_info": {
        "en": [
            "Could you please provide the exact URLs and the time of access for notice {n}?",
            "To proceed we require further information: full URL, timestamps with time zone, source IP.",
        ],
        "de": ["Bitte senden Sie uns zu {n} die vollständigen URLs und Zeitstempel."],
        "es": ["Necesitamos más información sobre {n}: URL completa y hora de acceso."],
    },
    "working": {
        "en": [
            "We have forwarded your notice {n} to our customer with a deadline of 24 hours.",
            "The abuse team is investigating. We will write again once the case is closed.",
        ],
        "de": ["Wir haben Ihre Meldung {n} an unseren Kunden weitergeleitet (Frist 24 Stunden)."],
        "pl": ["Zgłoszenie {n} zostało przekazane klientowi."],
    },
    "auto_ack": {
        "en": [
            "Your request has been received and assigned ticket {t}. Please do not reply to this message.",
            "Thank you for contacting {c} Trust & Safety. Your case number is {t}.",
            "[{t}] This is an automated acknowledgement. A member of our team will review your report.",
        ],
        "de": ["Ihre Anfrage ist eingegangen. Ihre Ticketnummer lautet {t}."],
        "fr": ["Votre demande a bien été reçue. Numéro de ticket : {t}."],
        "es": ["Hemos recibido su solicitud. Número de caso: {t}."],
        "nl": ["Wij hebben uw bericht ontvangen. Ticketnummer: {t}."],
        "ru": ["Ваше обращение зарегистрировано под номером {t}."],
        "ja": ["お問い合わせを受け付けました。受付番号: {t}"],
        "zh": ["您的请求已收到，工单号 {t}。"],
    },
    "out_of_office": {
        "en": ["I am out of the office until Monday with no access to email. For urgent matters write to {a}."],
        "de": ["Ich bin bis Montag nicht im Büro. In dringenden Fällen wenden Sie sich an {a}."],
        "fr": ["Je suis absent du bureau jusqu'à lundi. En cas d'urgence : {a}."],
        "ja": ["ただいま不在にしております。お急ぎの方は {a} までご連絡ください。"],
    },
    "contact_change": {
        "en": [
            "This mailbox is no longer monitored. Please send all future notices to {a}.",
            "Please update your records: our abuse contact is now {a}.",
        ],
        "de": ["Bitte verwenden Sie für Meldungen künftig die Adresse {a}."],
    },
    "spam": {
        "en": [
            "Grow your business with our premium link packages. Reply for a free quotation.",
            "Your invoice is attached. Kindly confirm your banking details for the remittance.",
        ],
        "zh": ["我公司提供各类发票服务，欢迎来电咨询。"],
    },
    "other": {
        "en": ["Please find our quarterly newsletter below.", "Thanks, see you at the meeting next week."],
    },
}

SUBJECT_PREFIX = {
    "en": "Re: ",
    "de": "AW: ",
    "fr": "RE: ",
    "es": "RE: ",
    "nl": "Antw: ",
    "pl": "Odp: ",
    "ru": "Re: ",
    "ja": "Re: ",
    "zh": "回复: ",
}
OOO_SUBJECT = {
    "en": "Automatic reply: ",
    "de": "Automatische Antwort: ",
    "fr": "Réponse automatique : ",
    "ja": "自動応答: ",
}
ATTRIBUTION = {
    "en": "On {d}, Notice Tracking <{o}> wrote:",
    "de": "Am {d} schrieb Notice Tracking <{o}>:",
    "fr": "Le {d}, Notice Tracking <{o}> a écrit :",
    "es": "El {d}, Notice Tracking <{o}> escribió:",
    "nl": "Op {d} schreef Notice Tracking <{o}>:",
    "pl": "W dniu {d} Notice Tracking <{o}> napisał:",
    "ru": "{d} Notice Tracking <{o}> пишет:",
    "ja": "{d} Notice Tracking <{o}>:",
    "zh": "{d}，Notice Tracking <{o}> 写道：",
}
COMPANIES = [
    "Northcloud",
    "Bluepeak Hosting",
    "Kestrel CDN",
    "Orbit Images",
    "Fjord Hosting",
    "Lumen Registrar",
    "PixelDepot",
    "Granite Networks",
    "Tidewater DNS",
    "Sable Systems",
    "Acorn Media",
    "Quartz Edge",
]
TEAMS = ["abuse", "trust-safety", "support", "noc", "legal", "no-reply", "postmaster", "compliance"]
DISCLAIMER = (
    "This message and any attachment are confidential and intended for the addressee only. If you are not "
    "the intended recipient please delete it and inform the sender. Registered office: 1 Example Street."
)
STYLE = (
    "<style>body{font-family:Arial,sans-serif;font-size:13px;color:#222}.f{color:#777;font-size:11px}"
    "td{padding:4px 8px;border:1px solid #ddd}.gmail_quote{margin:0 0 0 .8ex;border-left:1px solid #ccc}"
    "@media only screen and (max-width:600px){.w{width:100%!important}}</style>"
)
SMALL_TYPES = [
    ("application/pdf", "reply.pdf"),
    ("image/png", "logo.png"),
    ("text/csv", "urls.csv"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "answer.docx"),
]
LARGE_TYPES = [("application/zip", "logs.zip"), ("application/pdf", "report.pdf"), ("video/mp4", "screencast.mp4")]


@dataclass
class Reply:
    """The truth about one generated message; one line of the manifest."""

    index: int
    kind: str
    language: str
    charset: str
    notice: str
    ticket: str | None
    urls: list[str]
    sender: str
    message_id: str
    in_reply_to: str
    shape: str = "plain"
    attachments: list[tuple[str, int]] = field(default_factory=list)
    size: int = 0
    file: str = ""


def pick(rng: random.Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def make_urls(rng: random.Random, index: int) -> list[str]:
    """1-40 defanged URLs; most notices list a few, some list many."""
    count = min(40, 1 + int(rng.expovariate(1 / 4)))
    host = f"cdn{index % 97}.host{index % 389}.example"
    found = []
    for number in range(count):
        if number and rng.random() < 0.15:
            host = (
                f"img{rng.randrange(50)}.site{rng.randrange(900)}.{rng.choice(['example', 'invalid', 'example.net'])}"
            )
        token = f"{rng.getrandbits(64):016x}"
        path = rng.choice(
            [f"/p/{token}", f"/view.php?id={token}&s={number}", f"/g/{index}/{token}.html", f"/{token[:8]}/"]
        )
        found.append(f"hxxp{rng.choice(['', 's'])}://{host.replace('.', '[.]')}{path}")
    return found


def notice_text(reply: Reply, sent: datetime) -> str:
    lines = [
        f"Notice number: {reply.notice}",
        f"Date of notice: {sent:%Y-%m-%d %H:%M} UTC",
        "",
        "To whom it may concern,",
        "",
        "our hotline received a report about the following URLs hosted on your network.",
        "Please review them under your terms of service and the law that applies to you, and",
        "reply to this message with the action taken. Keep the notice number in the subject.",
        "",
    ]
    lines += [f"  {number}. {url}" for number, url in enumerate(reply.urls, 1)]
    lines += ["", "Kind regards", "Notice Tracking", "-- ", "Example Hotline, https://hotline.example.org/"]
    return "\n".join(lines)


def fill(text: str, reply: Reply, company: str, contact: str) -> str:
    return text.format(n=reply.notice, t=reply.ticket or "-", u=reply.urls[0], c=company, a=contact)


def encode_part(text: str, charset: str, subtype: str, rng: random.Random) -> bytes:
    """One text part: headers, blank line, body, with the transfer encoding such a sender would use."""
    raw = text.encode(charset, "replace")
    if charset in ("us-ascii", "iso-2022-jp"):
        transfer, body = "7bit", raw
    elif charset in ("big5", "gb18030", "shift_jis", "koi8-r", "windows-1251") or rng.random() < 0.25:
        transfer, body = "base64", base64.encodebytes(raw)
    elif rng.random() < 0.2:
        transfer, body = "8bit", raw
    else:
        transfer, body = "quoted-printable", quopri.encodestring(raw)
    head = f'Content-Type: text/{subtype}; charset="{charset}"\nContent-Transfer-Encoding: {transfer}\n\n'
    return head.encode() + body.rstrip(b"\n") + b"\n"


def attachment_part(content_type: str, name: str, size: int, rng: random.Random) -> bytes:
    head = (
        f'Content-Type: {content_type}; name="{name}"\n'
        f'Content-Disposition: attachment;\n filename="{name}"; size={size}\n'
        "Content-Transfer-Encoding: base64\n\n"
    )
    return head.encode() + base64.encodebytes(rng.randbytes(size))


def multipart(subtype: str, parts: list[bytes], rng: random.Random, extra: str = "") -> bytes:
    boundary = f"=_{rng.getrandbits(96):024x}"
    head = f'Content-Type: multipart/{subtype};{extra}\n boundary="{boundary}"\n\n'
    body = b"".join(b"--" + boundary.encode() + b"\n" + part + b"\n" for part in parts)
    return head.encode() + body + b"--" + boundary.encode() + b"--\n"


def html_of(text: str, quoted: str, attribution: str, rng: random.Random) -> str:
    rows = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in text.split("\n\n"))
    old = "<br>\n".join(html.escape(line) for line in quoted.splitlines())
    outer = (
        f'<div class="gmail_quote">{html.escape(attribution)}<br><blockquote>{old}</blockquote></div>' if quoted else ""
    )
    padding = '<table role="presentation" class="w"><tr><td>&nbsp;</td></tr></table>\n' * rng.randrange(1, 12)
    return (
        f'<!DOCTYPE html>\n<html><head><meta http-equiv="Content-Type" content="text/html">{STYLE}</head>\n<body>\n'
        f'{padding}{rows}\n<p class="f">{DISCLAIMER}</p>\n{outer}\n</body></html>\n'
    )


def header(name: str, value: str, charset: str) -> str:
    if value.isascii():
        return f"{name}: {value}\n"
    coded = Header(value, charset if charset != "us-ascii" else "utf-8", header_name=name).encode(linesep="\n")
    return f"{name}: {coded}\n"


def exchange_head(domain: str, rng: random.Random) -> str:
    """The block a large Exchange tenant adds: ARC set, tenant ids, anti-spam report; about 4 KB."""

    def folded(size: int) -> str:
        return "\n ".join(textwrap.wrap(base64.b64encode(rng.randbytes(size)).decode(), 72))

    tenant = f"{rng.getrandbits(128):032x}"
    return (
        f"ARC-Seal: i=1; a=rsa-sha256; s=arcselector; d={domain}; cv=none;\n b={folded(256)}\n"
        f"ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\n s=arcselector;"
        f" h=From:Date:Subject:Message-ID;\n b={folded(256)}\n"
        f"ARC-Authentication-Results: i=1; mx.{domain} 1; spf=pass; dmarc=pass; dkim=pass; arc=none\n"
        f"X-MS-Exchange-Organization-Network-Message-Id: {tenant}\nX-MS-PublicTrafficType: Email\n"
        f"X-Forefront-Antispam-Report: CIP:192.0.2.1;CTRY:;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:NSPM;\n"
        f"X-Microsoft-Antispam: BCL:0;ARA:13230040|366016|376014|1800799024;\n"
        f"X-Microsoft-Antispam-Message-Info:\n {folded(900)}\n"
        f"X-MS-Exchange-CrossTenant-Id: {tenant}\nX-MS-Exchange-Transport-EndToEndLatency: 00:00:01.4032190\n"
    )


def delivery_report(reply: Reply, original_head: str, sender_domain: str, rng: random.Random) -> bytes:
    code, why = rng.choice(
        [
            ("5.1.1", "user unknown"),
            ("5.2.2", "mailbox full"),
            ("5.7.1", "message refused by policy"),
            ("4.4.1", "connection timed out; retrying for 5 days"),
            ("5.4.4", "host not found"),
        ]
    )
    action = "delayed" if code.startswith("4") else "failed"
    text = (
        f"This is the mail system at host mx.{sender_domain}.\n\nYour message could not be delivered to one or more "
        f"recipients.\n\n<abuse@{sender_domain}>: {code} {why}\n"
    )
    status = (
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.{sender_domain}\n"
        f"Arrival-Date: {format_datetime(EPOCH)}\n\nFinal-Recipient: rfc822; abuse@{sender_domain}\n"
        f"Action: {action}\nStatus: {code}\nDiagnostic-Code: smtp; 550 {code} {why}\n"
    )
    returned = "Content-Type: text/rfc822-headers\n\n" + original_head
    plain = b'Content-Type: text/plain; charset="us-ascii"\n\n' + text.encode()
    return multipart("report", [plain, status.encode(), returned.encode()], rng, extra=" report-type=delivery-status;")


def make_message(index: int, seed: int, mix: dict[str, int], attachments: bool) -> tuple[Reply, bytes, datetime]:
    """Message ``index`` of the mailbox ``seed``: its truth, its bytes (LF line ends) and its arrival time."""
    rng = random.Random(f"{seed}/{index}")
    kind = pick(rng, mix)
    language = pick(rng, {name: weight for name, (_, weight) in LANGUAGES.items()})
    if kind == "bounce" or language not in PHRASES.get(kind, {}):
        language = "en"
    charset = rng.choice(LANGUAGES[language][0])
    sent = EPOCH + timedelta(minutes=7 * index)
    arrived = sent + timedelta(minutes=rng.randrange(1, 5000))
    notice_index = index if rng.random() < 0.8 else rng.randrange(max(1, index), index + 50)
    domain = f"{rng.choice(['esp', 'host', 'mail'])}{index % 211}.example.{rng.choice(['com', 'net', 'org'])}"
    sender = ("MAILER-DAEMON" if kind == "bounce" else rng.choice(TEAMS)) + "@" + domain
    company = rng.choice(COMPANIES)
    reply = Reply(
        index=index,
        kind=kind,
        language=language,
        charset=charset,
        notice=f"NTC-{2026 + notice_index // 60000}-{notice_index:07d}",
        ticket=None,
        urls=make_urls(rng, index),
        sender=sender,
        message_id=f"<{rng.getrandbits(80):020x}@{domain}>",
        in_reply_to=f"<ntc.{notice_index}.1@hotline.example.org>",
    )
    if kind == "auto_ack" or rng.random() < 0.2:
        reply.ticket = rng.choice(
            ["#{:07d}", "ABUSE-{:06d}", "CASE{:08d}", "[ref:_00D{:08d}:ref]", "TS-2026-{:06d}"]
        ).format(rng.randrange(10**6))

    # Header block ---------------------------------------------------------------------------
    original_subject = f"Takedown notice {reply.notice} ({len(reply.urls)} URLs)"
    subject = SUBJECT_PREFIX[language] + original_subject
    if kind == "out_of_office":
        subject = OOO_SUBJECT.get(language, OOO_SUBJECT["en"]) + original_subject
    elif kind == "bounce":
        subject = rng.choice(
            [
                "Undelivered Mail Returned to Sender",
                "Delivery Status Notification (Failure)",
                f"Undeliverable: {original_subject}",
            ]
        )
    elif kind == "auto_ack":
        subject = rng.choice(
            [
                f"[{reply.ticket}] {original_subject}",
                f"Ticket {reply.ticket} received",
                f"{SUBJECT_PREFIX[language]}{original_subject} [{reply.ticket}]",
            ]
        )
    elif kind in ("spam", "other"):
        subject = rng.choice(["Special offer", "Newsletter", "Invoice 2026-01", "Meeting"])
    received = "".join(
        f"Received: from {hop}.{domain} ({hop}.{domain} [192.0.2.{rng.randrange(1, 254)}])\n"
        f"\tby {by} (Postfix) with ESMTPS id {rng.getrandbits(40):010X}\n"
        f"\tfor <{OUR_ADDRESS}>; {format_datetime(arrived)}\n"
        for hop, by in (("out", "mx1.hotline.example.org"), ("relay", f"out.{domain}"), ("app", f"relay.{domain}"))
    )
    signature = "\n\t ".join(textwrap.wrap(base64.b64encode(rng.randbytes(256)).decode(), 68))
    head = "Return-Path: <%s>\n" % ("" if kind in ("bounce", "out_of_office") else sender)
    head += f"Delivered-To: {OUR_ADDRESS}\n"
    head += (
        f"Authentication-Results: mx1.hotline.example.org; dkim=pass header.d={domain};\n\tspf=pass "
        f"smtp.mailfrom={domain}; dmarc=pass header.from={domain}\n"
    )
    head += received
    head += (
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s1;\n"
        "\th=from:to:subject:date:message-id;\n"
        f"\tb={signature}\n"
    )
    if rng.random() < 0.45:
        head += exchange_head(domain, rng)
    head += header(
        "From",
        f"{company} Trust & Safety <{sender}>"
        if charset == "us-ascii" or rng.random() < 0.7
        else f"{company} – {PHRASES['removed'][language][0][:12]} <{sender}>",
        "utf-8",
    )
    head += f"To: Notice Tracking <{OUR_ADDRESS}>\n" + header("Subject", subject, charset)
    head += f"Date: {format_datetime(arrived)}\nMessage-ID: {reply.message_id}\n"
    if kind not in ("spam", "other") and rng.random() < 0.85:
        head += f"In-Reply-To: {reply.in_reply_to}\nReferences: {reply.in_reply_to}\n"
    if kind in ("auto_ack", "out_of_office", "bounce"):
        head += f"Auto-Submitted: {'auto-replied' if kind != 'bounce' else 'auto-generated'}\n"
        if rng.random() < 0.6:
            head += "X-Auto-Response-Suppress: All\nPrecedence: bulk\n"
    head += "X-Mailer: Example Desk 11.2\nMIME-Version: 1.0\n"

    # Body -----------------------------------------------------------------------------------
    if kind == "bounce":
        reply.shape = "report"
        own_head = (
            f"From: Notice Tracking <{OUR_ADDRESS}>\nTo: abuse@{domain}\nSubject: {original_subject}\n"
            f"Message-ID: {reply.in_reply_to}\nX-Notice-Number: {reply.notice}\n"
        )
        body = delivery_report(reply, own_head, domain, rng)
    else:
        contact = f"abuse-desk@new-{domain}"
        sentences = PHRASES[kind][language]
        lead = fill(rng.choice(sentences), reply, company, contact)
        closing = (
            rng.choice(["Kind regards,", "Best regards,", "Regards,", "Sincerely,"]) + f"\n{company} Trust & Safety"
        )
        text = f"{'Hello,' if language == 'en' else ''}\n\n{lead}\n\n{closing}\n".lstrip("\n")
        if kind == "removed" and rng.random() < 0.3:
            text = text.replace(closing, "\n".join(f"{url} - removed" for url in reply.urls) + "\n\n" + closing)
        quoted = notice_text(reply, sent) if kind not in ("spam", "other") and rng.random() < 0.75 else ""
        attribution = ATTRIBUTION[language].format(d=f"{sent:%d/%m/%Y %H:%M}", o=OUR_ADDRESS)
        style = rng.random()
        plain = text
        if quoted and style < 0.7:
            plain += f"\n{attribution}\n" + "".join(f"> {line}".rstrip() + "\n" for line in quoted.splitlines())
        elif quoted:
            plain += (
                f"\n-----Original Message-----\nFrom: Notice Tracking <{OUR_ADDRESS}>\n"
                f"Sent: {sent:%A, %d %B %Y %H:%M}\n"
                f"To: {sender}\nSubject: {original_subject}\n\n{quoted}\n"
            )
        body = encode_part(plain, charset, "plain", rng)
        draw = rng.random()
        if draw < 0.50:
            reply.shape = "alternative"
            markup = encode_part(html_of(text, quoted, attribution, rng), charset, "html", rng)
            body = multipart("alternative", [body, markup], rng)
        elif draw < 0.57:
            reply.shape = "html"
            body = encode_part(html_of(text, quoted, attribution, rng), charset, "html", rng)
        draw = rng.random()
        if attachments and draw < 0.063:
            size = 5_000_000 if draw < 0.003 else 50_000
            content_type, name = rng.choice(LARGE_TYPES if size > 10**6 else SMALL_TYPES)
            reply.attachments.append((content_type, size))
            body = multipart("mixed", [body, attachment_part(content_type, name, size, rng)], rng)
            reply.shape += "+attachment"
    raw = head.encode("ascii") + body
    reply.size = len(raw)
    return reply, raw, arrived


def messages(
    count: int, seed: int, *, start: int = 0, mix: dict[str, int] | None = None, attachments: bool = True
) -> Iterator[tuple[Reply, bytes, datetime]]:
    for index in range(start, start + count):
        yield make_message(index, seed, mix or MIX, attachments)


def write_maildir(
    folder: Path, items: Iterator[tuple[Reply, bytes, datetime]], manifest: Path | None
) -> tuple[int, int]:
    """Store the messages as Dovecot's own delivery would: S= and W= sizes in the name, mtime as arrival."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    total = count = 0
    out = manifest.open("w", encoding="utf-8") if manifest else None
    for reply, raw, arrived in items:
        stamp = int(arrived.timestamp())
        wire = len(raw) + raw.count(b"\n")
        reply.file = f"{stamp}.M{reply.index}P1.bench,S={len(raw)},W={wire}"
        path = folder / "new" / reply.file
        path.write_bytes(raw)
        os.utime(path, (stamp, stamp))
        if out:
            out.write(json.dumps(asdict(reply), ensure_ascii=False) + "\n")
        total += len(raw)
        count += 1
    if out:
        out.close()
    return count, total


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("maildir", type=Path, help="Maildir to fill (created; messages go to its new/)")
    parser.add_argument("--count", "-n", type=int, default=1000)
    parser.add_argument("--start", type=int, default=0, help="index of the first message")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-attachments", action="store_true")
    parser.add_argument("--mix", help="JSON of kind -> weight, e.g. '{\"removed\": 1}'")
    parser.add_argument("--manifest", type=Path, help="where the truth goes, as JSON lines")
    options = parser.parse_args(argv)
    mix = json.loads(options.mix) if options.mix else MIX
    if unknown := set(mix) - set(MIX):
        parser.error(f"unknown kind: {', '.join(sorted(unknown))}")
    count, total = write_maildir(
        options.maildir,
        messages(options.count, options.seed, start=options.start, mix=mix, attachments=not options.no_attachments),
        options.manifest,
    )
    print(f"{count} messages, {total / 1e6:.1f} MB in {options.maildir}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
