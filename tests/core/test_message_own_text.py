"""Own text: whose words a line holds, in many languages and mail clients."""

from __future__ import annotations

import pytest

from daemon.message.message import Label, Line
from daemon.message.own_text import label
from daemon.message.parse import parse
from daemon.message.sentences import sentences

NOTICE = """Takedown notice HN-2026-0017

Our analysts assessed the locations below as unlawful. We ask you to take
them down without delay and to confirm when the content has been removed.

  1. hxxps://img.pix[.]example/i/83c1
  2. hxxps://img.pix[.]example/i/83c2

Items that have not been removed within 24 hours are escalated.
Hotline Desk"""

WORDS = "Both pages were deleted."


def lines(text: str) -> list[Line]:
    return list(parse(b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode()).lines)


def own(text: str, notice: str | None = None) -> str:
    return "\n".join(one.line.text for one in label(lines(text), notice) if one.label is Label.OWN).strip()


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


ATTRIBUTIONS = [
    "On Mon, 12 Oct 2026 at 08:30, Hotline Desk <desk@hotline.example> wrote:",
    "Am 12.10.2026 um 08:30 schrieb Hotline Desk:",
    "Am Montag, den 12. Oktober 2026, 08:30 hat Hotline Desk <desk@hotline.example> geschrieben:",
    "Le lun. 12 oct. 2026 à 08:30, Hotline Desk <desk@hotline.example> a écrit :",
    "El lun, 12 oct 2026 a las 8:30, Hotline Desk (<desk@hotline.example>) escribió:",
    "Em seg., 12 de out. de 2026 às 08:30, Hotline Desk <desk@hotline.example> escreveu:",
    "Il giorno lun 12 ott 2026 alle ore 08:30 Hotline Desk <desk@hotline.example> ha scritto:",
    "Op ma 12 okt. 2026 om 08:30 schreef Hotline Desk <desk@hotline.example>:",
    "pon., 12 paź 2026 o 08:30 Hotline Desk <desk@hotline.example> napisał(a):",
    "пн, 12 окт. 2026 г. в 08:30, Hotline Desk <desk@hotline.example>:",
    "12.10.2026 08:30, Hotline Desk пишет:",
    "пн, 12 жовт. 2026 р. о 08:30 Hotline Desk <desk@hotline.example> пише:",
    "Hotline Desk <desk@hotline.example>, 12 Eki 2026 Pzt, 08:30 tarihinde şunu yazdı:",
    "Den mån 12 okt. 2026 kl 08:30 skrev Hotline Desk <desk@hotline.example>:",
    "ma 12. lokak. 2026 klo 8.30 Hotline Desk (desk@hotline.example) kirjoitti:",
    "po 12. 10. 2026 v 8:30 odesílatel Hotline Desk <desk@hotline.example> napsal:",
    "Hotline Desk <desk@hotline.example> ezt írta (időpont: 2026. okt. 12., H, 8:30):",
    "2026年10月12日(月) 8:30 Hotline Desk <desk@hotline.example>:",
    "Hotline Desk <desk@hotline.example> 于2026年10月12日周一 08:30写道：",
    "2026년 10월 12일 (월) 오전 8:30, Hotline Desk <desk@hotline.example>님이 작성:",
    "في الاثنين، 12 أكتوبر 2026 في 8:30 ص تمت كتابة ما يلي بواسطة Hotline Desk <desk@hotline.example>:",
    "בתאריך יום ב׳, 12 באוק׳ 2026 ב-8:30 מאת Hotline Desk <desk@hotline.example>:",
]

BLOCKS = [
    ("From", "Sent", "To", "Subject"),
    ("Von", "Gesendet", "An", "Betreff"),
    ("De", "Envoyé", "À", "Objet"),
    ("De", "Enviado el", "Para", "Asunto"),
    ("De", "Enviada em", "Para", "Assunto"),
    ("Da", "Inviato", "A", "Oggetto"),
    ("Van", "Verzonden", "Aan", "Onderwerp"),
    ("Od", "Wysłano", "Do", "Temat"),
    ("От", "Отправлено", "Кому", "Тема"),
    ("Від", "Надіслано", "Кому", "Тема"),
    ("Kimden", "Gönderildi", "Kime", "Konu"),
    ("Från", "Skickat", "Till", "Ämne"),
    ("Fra", "Sendt", "Til", "Emne"),
    ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    ("Feladó", "Elküldve", "Címzett", "Tárgy"),
    ("差出人", "送信日時", "宛先", "件名"),
    ("发件人", "发送时间", "收件人", "主题"),
    ("寄件者", "寄件日期", "收件者", "主旨"),
    ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
    ("من", "تاريخ الإرسال", "إلى", "الموضوع"),
]


@pytest.mark.parametrize("head", ATTRIBUTIONS)
def test_a_marked_quote_and_its_head_are_never_own_words(head: str) -> None:
    assert own(f"{WORDS}\n\n{head}\n{quoted(NOTICE)}") == WORDS


@pytest.mark.parametrize("head", ATTRIBUTIONS)
def test_an_unmarked_quote_below_an_attribution_is_never_own_words(head: str) -> None:
    assert own(f"{WORDS}\n\n{head}\n\n{NOTICE}") == WORDS


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block[0])
@pytest.mark.parametrize("rule", ["", "________________________________\n", "-----Original Message-----\n"])
def test_a_header_block_begins_the_quote(block: tuple[str, str, str, str], rule: str) -> None:
    sender, sent, to, subject = block
    head = f"{sender}: Hotline Desk <desk@hotline.example>\n{sent}: 12.10.2026 08:30\n{to}: abuse@pix.example\n{subject}: HN-2026-0017"
    assert own(f"{WORDS}\n\n{rule}{head}\n\n{NOTICE}") == WORDS


def test_an_attribution_broken_over_two_lines_is_one_head() -> None:
    head = "On Mon, 12 Oct 2026 at 08:30, Hotline Desk\n<desk@hotline.example> wrote:"
    assert own(f"{WORDS}\n\n{head}\n{quoted(NOTICE)}") == WORDS


def test_words_before_an_attribution_on_its_line_are_own_words() -> None:
    head = "On Mon, 12 Oct 2026 at 08:30, Hotline Desk <desk@hotline.example> wrote:"
    assert own(f"{WORDS} {head}\n{quoted(NOTICE)}") == WORDS
    assert own(f"{WORDS} {head.replace('<', '<' + chr(10))}\n\n{NOTICE}") == WORDS
    assert own(f"{WORDS}--- {head}\n{quoted(NOTICE)}") == WORDS
    assert own("We saw it On 9 Nov and wrote:\nplease wait") == "We saw it On 9 Nov and wrote:\nplease wait"


def test_a_mailbox_that_writes_begins_an_unmarked_quote() -> None:
    assert own(f"{WORDS}\n\nHotline Desk <desk@hotline.example> writes:\n\n{NOTICE}") == WORDS


def test_answers_between_quoted_lines_are_own_words() -> None:
    text = f"Answers below.\n\n{ATTRIBUTIONS[0]}\n> 1. hxxps://a[.]example/1\nRemoved.\n> 2. hxxps://a[.]example/2\nNot ours.\n"
    assert " ".join(own(text).split()) == "Answers below. Removed. Not ours."


def test_an_answer_below_the_quote_is_own_words() -> None:
    assert own(f"{ATTRIBUTIONS[0]}\n{quoted(NOTICE)}\n\n{WORDS}") == WORDS


def test_our_letter_is_a_quote_where_nothing_marks_it() -> None:
    assert own(f"{WORDS}\n\n{NOTICE}", NOTICE) == WORDS


def test_our_letter_is_a_quote_when_its_lines_were_broken_anew() -> None:
    again = NOTICE.replace("unlawful. We ask you to take\nthem", "unlawful. We ask\nyou to take them")
    assert own(f"{WORDS}\n\n{again}", NOTICE) == WORDS


def test_an_answer_inside_our_unmarked_letter_is_own_words() -> None:
    head = "From: Hotline Desk <desk@hotline.example>\nSent: 12.10.2026 08:30\nTo: a@pix.example\nSubject: Notice\n\n"
    text = head + NOTICE.replace("/i/83c1\n", "/i/83c1\nWe deleted that one this morning.\n")
    assert own(text, NOTICE) == "We deleted that one this morning."


def test_words_behind_our_address_on_a_quoted_line_are_own_words() -> None:
    text = quoted(NOTICE).replace("/i/83c2", "/i/83c2  -- expired, nothing there")
    assert own(text, NOTICE) == "expired, nothing there"


def test_a_list_of_addresses_repeated_by_the_sender_is_his_own() -> None:
    text = "The following are gone:\nhxxps://img.pix[.]example/i/83c1\nhxxps://img.pix[.]example/i/83c2"
    assert own(text, NOTICE) == text
    text = "The following are gone:\n- img.pix.example/i/83c1\n- img.pix.example/i/83c2"
    assert own(f"{text}\n\n{ATTRIBUTIONS[0]}\n{quoted(NOTICE)}", NOTICE) == text


def test_initials_before_lines_mark_a_quote() -> None:
    assert own("AB> is it gone?\nAB> please tell us\n\nIt is gone.") == "It is gone."


@pytest.mark.parametrize(
    "close",
    [
        "Best regards,\nAnna\nPix Abuse Desk", "Mit freundlichen Grüßen\nAnna Blau", "Cordialement,\nL'équipe", "Saludos cordiales\nAna",
        "Atenciosamente,\nEquipe", "Cordiali saluti\nAnna", "Met vriendelijke groet,\nSanne", "Pozdrawiam\nDział", "С уважением,\nслужба",
        "З повагою\nслужба", "Saygılarımla\nDestek", "Med vänlig hälsning\nAnna", "-- \nAnna\n+1 555 0100", "Thanks & Regards,\nAnna",
        "Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone",
    ],
)  # fmt: skip
def test_what_closes_a_letter_says_nothing(close: str) -> None:
    message = parse(f"Content-Type: text/plain; charset=utf-8\n\n{WORDS}\n\n{close}".encode())
    assert [one.text for one in sentences(message, label(message)) if not one.subject] == [WORDS]


def test_contact_data_below_a_name_are_a_signature() -> None:
    text = f"{WORDS}\n\nBest regards,\nAnna Blau\n\nPix Hosting Ltd, 12 Example Street\nPhone: +1 555 0100\nhttps://pix.example/removed"
    assert own(text) == f"{WORDS}\n\nBest regards,\nAnna Blau"


def test_a_rule_between_paragraphs_cuts_nothing() -> None:
    text = f"{WORDS}\n\n{'_' * 60}\n\nThe account stays closed as well.\n\nAnna"
    assert own(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone", "Sent from my HTC phone.  Please excuse typos.", "(sent from a phone)", "Von meinem Mobilgerät gesendet", "Envoyé depuis mon iPhone", "Enviado desde mi móvil",
        "Enviado do meu iPhone", "Inviato da iPhone", "Verzonden vanaf mijn iPhone", "Wysłane z iPhone'a", "Отправлено с iPhone", "Надіслано з iPhone", "Skickat från min iPhone", "Sendt fra min iPhone",
        "iPhoneから送信", "发自我的iPhone", "從我的 iPhone 傳送", "iPhone에서 보냄", "Get Outlook for iOS", "Diese Nachricht wurde von meinem Android-Mobiltelefon mit K-9 Mail gesendet.",
    ],
)  # fmt: skip
def test_a_telephones_line_is_a_signature(line: str) -> None:
    assert own(f"{WORDS}\n\n{line}") == WORDS


@pytest.mark.parametrize(
    "tail",
    [
        "This message and any attachments are confidential and intended only for the addressee. If you received it by mistake, it must be removed.",
        "CONFIDENTIALITY NOTICE: content that was not meant for you has to be removed.",
        "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Empfänger sind, löschen Sie bitte diese E-Mail. Irrtümlich erhaltene Mails gelten als entfernt.",
        "Ce message est confidentiel et réservé au destinataire. S'il vous parvient par erreur, veuillez le supprimer.",
    ],
)
def test_a_disclaimer_never_speaks_for_the_sender(tail: str) -> None:
    assert own(f"We are looking into it.\n\n{tail}") == "We are looking into it."


@pytest.mark.parametrize(
    "tail",
    [
        "How did we do? Good: https://help.example/1 Bad: https://help.example/0",
        "Ticket 4711 was marked as solved. It re-opens if you answer within 4 days.",
        "To unsubscribe click https://list.example/u",
    ],
)
def test_a_ticket_systems_footer_is_no_answer(tail: str) -> None:
    assert own(f"We are looking into it.\n\n{'-' * 40}\n{tail}") == "We are looking into it."


def test_a_line_to_answer_above_cuts_nothing_when_the_answer_stands_below() -> None:
    assert own(f"##- Please type your reply above this line -##\n\n{WORDS}") == WORDS


def test_below_a_line_to_answer_above_stands_a_quote_when_the_answer_stands_above() -> None:
    assert own(f"{WORDS}\n\n##- Please type your reply above this line -##\n\nOlder words were removed.") == WORDS


def test_every_line_keeps_its_place() -> None:
    found = label(lines(f"{WORDS}\n\n{ATTRIBUTIONS[0]}\n{quoted(NOTICE)}"))
    assert found[0].line.text == WORDS
    assert {one.label for one in found} == {Label.OWN, Label.QUOTE_HEAD, Label.QUOTE}


@pytest.mark.parametrize(
    "last",
    [
        "Please see our form at https://report.pix.example/", "Ваш вопрос передан в юридический отдел.", "Talebiniz değerlendirilecektir.", "Une enquête est en cours.", "Uw melding wordt beoordeeld.",
        "Stiamo valutando la segnalazione.", "Case 4711 is closed.", "سيتم تقييم طلبكم.", "For reports use our help center.", "The other file was not removed.", "A pesquisa interna continua.",
    ],
)  # fmt: skip
def test_a_last_paragraph_of_the_senders_is_not_taken_for_a_footer(last: str) -> None:
    assert own(f"{WORDS}\n\n{last}") == f"{WORDS}\n\n{last}"


def test_the_frame_of_a_signed_mail_is_not_its_text() -> None:
    frame = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{}\n-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAd\n-----END PGP SIGNATURE-----"
    assert own(frame.format(WORDS)) == WORDS


ODD_HEADS = [
    "---- On Mon, 12 Oct 2026 08:30:36 +0530 Hotline Desk<desk@hotline.example> wrote ----",
    "---- Hotline Desk wrote ----",
    "------On 10/12/2026 08:30 AM, Hotline Desk wrote-----",
    "Hotline Desk <desk@hotline.example> schrieb am Mo., 12.\nOktober 2026, 08:30:",
    "On Mon, Oct 12, Hotline Desk\n<desk@hotline.example>\nwrote:",
    "man. 12. okt. 2026 kl. 08:30 skrev Hotline Desk <desk@hotline.example\n>:",
    '====\n\nMessage du : 12/10/2026 08:30\nDe : "Hotline Desk" <desk@hotline.example>\nA : a@pix.example\nCopie à : \nSujet : Notice',
    "From: Hotline Desk [mailto:desk@hotline.example]\nSent: Monday, October 12, 2026 8:30 AM",
    "________________________________\n发件人: Hotline Desk <desk@hotline.example>\n日期: 2026年10月12日 8:30",
]
UNKNOWN_BLOCKS = [
    ("Ó", "Seolta", "Chuig", "Ábhar"),
    ("Nork", "Bidalia", "Nori", "Gaia"),
    ("Oddiwrth", "Anfonwyd", "At", "Pwnc"),
]


@pytest.mark.parametrize("head", ODD_HEADS)
def test_a_head_is_known_however_it_is_framed_or_broken(head: str) -> None:
    assert own(f"{WORDS}\n\n{head}\n{quoted(NOTICE)}") == WORDS


@pytest.mark.parametrize("head", [one for one in ODD_HEADS if not one.endswith("\n>:")])
def test_a_head_that_is_framed_or_broken_begins_an_unmarked_quote(head: str) -> None:
    assert own(f"{WORDS}\n\n{head}\n\n{NOTICE}") == WORDS


@pytest.mark.parametrize("block", UNKNOWN_BLOCKS, ids=lambda block: block[1])
def test_a_header_block_of_an_unknown_language_is_known_by_its_shape(block: tuple[str, str, str, str]) -> None:
    sender, sent, to, subject = block
    head = f"{sender}: Hotline Desk <desk@hotline.example>\n{sent}: 12 10 2026 08:30\n{to}: a@pix.example\n{subject}: Notice"
    assert own(f"{WORDS}\n\n{head}\n\n{NOTICE}") == WORDS


@pytest.mark.parametrize(
    "head", ["Quoting Hotline Desk (2026-10-12 08:30:00)", "Zitat von Hotline Desk <desk@hotline.example>:"]
)
def test_the_heads_of_plain_mailers_are_known_above_a_marked_quote(head: str) -> None:
    assert own(f"{WORDS}\n\n{head}\n{quoted(NOTICE)}") == WORDS


@pytest.mark.parametrize(
    "words",
    [
        "On the other hand, we wrote to the customer on 5 January 2026 and asked him to act:\nhe did so.",
        "Status: removed\nDate: 5 January 2026\nThat is all.",
        "From: the list that you sent we removed 3 of 5.\nTo: be continued tomorrow.",
        "1. https://a.example/1 removed 05.01.2026 14:03:\n2. https://a.example/2 removed 05.01.2026 14:04:\nDone.",
        "We removed all of them (2026-01-05)\n\nThe rest follows.",
    ],
)
def test_dates_verbs_and_labels_in_the_senders_own_words_begin_no_quote(words: str) -> None:
    assert own(words) == words


def test_the_end_of_a_quoted_line_that_fell_off_its_mark_is_no_answer() -> None:
    broken = "> Our analysts assessed the locations named in the list as unlawful; we ask"
    text = f"{WORDS}\n\n{ATTRIBUTIONS[0]}\n> Hello,\n{broken}\nyou to act within a day\n> Hotline Desk"
    assert own(text) == WORDS


def test_a_short_answer_below_a_finished_quoted_line_stays_an_answer() -> None:
    text = f"{ATTRIBUTIONS[0]}\n> Our analysts assessed the locations named in the list here as unlawful now.\nall gone since today\n> Hotline Desk"
    assert own(text) == "all gone since today"


@pytest.mark.parametrize(
    "last",
    [
        "Sent from TypeApp<https://typeapp.example/r?b=2>", "Verstuurd vanaf mijn iPhone", "Lähetetty iPhonesta", "Elküldve az iPhone-omról", "Στάλθηκε από το iPhone μου", "נשלח מה-iPhone שלי",
        "أُرسلت من الـ iPhone", "ส่งจาก iPhone ของฉัน", "Dikirim dari iPhone saya", "Đã gửi từ iPhone của tôi", "Télécharger Outlook pour iOS", "Outlook für Android herunterladen",
        "Scarica Outlook per iOS", "Poslano s mojeg iPhonea", "Saadetud minu iPhone'ist", "Išsiųsta iš mano iPhone", "Nosūtīts no mana iPhone", "Изпратено от моя iPhone", "Скачать Outlook для Android",
    ],
)  # fmt: skip
def test_the_line_of_a_mobile_client_is_a_signature(last: str) -> None:
    assert own(f"{WORDS}\n\n{last}") == WORDS


def test_a_card_below_a_rule_is_a_signature_and_a_second_part_is_not() -> None:
    assert own(f"{WORDS}\n\n—————\nAnna Example\nAbuse Desk\n+49 30 5550 123") == WORDS
    assert own(f"{WORDS}\n\n________\n\nThe others are not ours.") == f"{WORDS}\n\n________\n\nThe others are not ours."


@pytest.mark.parametrize(
    "answer",
    [
        "/u/kt44/img_2201.jpg - removed",
        "img.pix.example /u/kt44/img_2201.jpg deleted",
        "gone: /u/kt44/img_2201.jpg",
        "confirm when the content has been removed: done today",
    ],
)
def test_an_answer_in_front_of_or_behind_our_own_words_is_the_senders(answer: str) -> None:
    notice = NOTICE.replace("/i/83c2", "/u/kt44/img_2201.jpg")
    assert own(f"Hello,\n\n{answer}\n\nRegards\nA. Clerk", notice).splitlines()[2:3] == [answer]
