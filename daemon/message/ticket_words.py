# ruff: noqa: E501, SIM905 - word lists read best as words on long lines

"""The words by which ticket systems and people introduce a case number, lower-case."""

from __future__ import annotations

WORDS = frozenset(
    """
    ticket tickets ticketid ticketnumber case cases caseid request incident reference ref refs issue complaint report
    inquiry enquiry abuseid reportid docket matter job tracking id
    vorgang vorgangs vorgangsnummer ticketnummer ticketnr fall fallnummer aktenzeichen az referenz referenznummer anfrage
    anfragenummer bearbeitungsnummer meldung meldungsnummer kennung
    dossier référence demande signalement réf plainte requête incidence
    caso casos expediente incidencia referencia solicitud consulta denuncia denúncia protocolo chamado solicitação
    referência pedido processo ocorrência atendimento número numero
    zaak zaaknummer kenmerk melding meldingsnummer referentie dossiernummer aanvraag ticketnummer
    pratica segnalazione richiesta riferimento protocollo
    sprawa sprawy sprawę zgłoszenie zgłoszenia zgłoszeniu sygnatura referencja
    обращение обращения обращению обращений заявка заявки заявке заявку запрос запроса тикет тикета дело дела инцидент
    звернення заявки запит запиту справа справи
    talep talebiniz talebinizin destek kayıt bildirim başvuru başvurunuz takip
    ärende ärendenummer ärendenr sag sagsnummer sagsnr sak saksnummer saksnr tapaus tapausnumero tiketti viite
    případ případu požadavek požadavku hlášení prípad ügy ügyszám jegy hivatkozási caz cazul solicitare solicitarea tichet
    αίτημα υπόθεση αναφορά פנייה כרטיס קריאה
    تذكرة التذكرة الطلب طلب البلاغ بلاغ الحالة المرجع القضية
    tiket kasus laporan vé yêu ticketul slučaj zahtjev tiket
    """.split()
)

FILLERS = frozenset(
    """
    number no nr num id ids is was with the under as our your this key code new has been number: num. no. nr. n° nº n
    nummer lautet ist unter der die das unsere ihre mit
    numéro est sous le la votre sous
    número numero es bajo el su con sob o seu é sua sotto il vostro
    номер номером под за № нomера номера ваш ваше наш
    numarası numaranız numara no: номеру numer numerze numerem pod twoje nasze
    nummer är er on numero číslo pod č szám szama nr.
    رقم هو برقم تحت
    """.split()
)

NUMBER_WORDS = frozenset(
    "number nummer numéro número numero номер номером numarası numaranız numarası numer numerem numărul číslo száma رقم برقم".split()
)

CJK_WORDS = (
    "受付番号", "お問い合わせ番号", "問い合わせ番号", "お問合せ番号", "管理番号", "案件番号", "整理番号", "チケット番号", "チケット", "案件", "照会番号",
    "参照番号", "ケース番号", "ケース", "工单编号", "工单号", "工单", "工單編號", "工單", "受理编号", "受理号", "案件编号", "案件號", "案件", "编号", "編號",
    "單號", "单号", "流水号", "举报编号", "投诉编号", "접수번호", "접수 번호", "문의번호", "문의 번호", "티켓번호", "티켓 번호", "티켓", "사건번호", "신고번호",
    "신고 번호", "처리번호", "케이스", "番号",
)  # fmt: skip

MERGED = (
    "merged into", "merged with", "merge into", "duplicates", "duplicate of", "superseded by", "replaced by", "continued in",
    "follow", "zusammengeführt mit", "zusammengelegt mit", "duplikat von", "doublon de", "fusionné avec", "fusionada con",
    "fusionado con", "duplicado de", "mesclado com", "mesclado ao", "duplicado do", "samengevoegd met", "duplicaat van",
    "unito a", "duplicato di", "połączone z", "duplikat", "объединено с", "объединена с", "дубликат", "об'єднано з",
    "ile birleştirildi", "に統合", "合并至", "合并到", "병합",
)  # fmt: skip

NO_TICKET_PREFIXES = frozenset(
    "iso utf utc gmt rfc cve ipv sha md tls http https smtp as asn dsa eu gdpr art win cp fw re aw mp jpg png vol rev v ver "
    "tel fax po hrb hra ust vat".split()
)
