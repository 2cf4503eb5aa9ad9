# ruff: noqa: E501 - word lists read best as words on long lines
"""How mail clients and people of many languages introduce a quoted mail, sign off and add footers; all lower-case."""

from __future__ import annotations

import re

from daemon.message.patterns import Wording


def _set(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in re.split(r"[|\n]", text) if word.strip())


FROM = _set(
    """from|von|de|da|van|od|od:|от|от кого|від|kimden|gönderen|från|fra|lähettäjä|feladó|odesílatel|odesilatel|odosielateľ|de la|expediteur|expéditeur
    |mittente|remetente|remitente|afzender|absender|nadawca|отправитель|відправник|από|מאת|من|المرسل|差出人|送信者|発信者|发件人|發件人|寄件者|寄件人|보낸 사람|보낸사람|발신
    |จาก|từ|dari|pengirim|nuo|no|kellelt|saatja|šalje|pošiljatelj|pošiljalac|од|от:|desde|frá|dal"""
)
SENT = _set(
    """sent|date|message du|sent at|gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviado em|enviada em|enviada|fecha|data|inviato|data invio|verzonden|verzonden op|wysłano|data wysłania
    |отправлено|дата|надіслано|gönderildi|gönderilme tarihi|gönderme tarihi|tarih|skickat|datum för sändning|sendt|dato|lähetetty|lähetysaika|päivämäärä|päiväys|küldve|küldés dátuma|elküldve|dátum|odesláno|odoslané|trimis|trimis la|ημερομηνία
    |στάλθηκε|εστάλη|נשלח|תאריך|تاريخ الإرسال|تم الإرسال|التاريخ|أرسلت|送信日時|送信|日付|日時|发送时间|发送日期|时间|日期|傳送時間|寄件日期|傳送日期|보낸 날짜|보낸시간|날짜|발신일|ส่ง|วันที่|đã gửi|ngày|tanggal|dikirim|išsiųsta|nosūtīts|saadetud|poslano|poslato|sendt den"""
)
TO = _set(
    """to|an|à|a|para|per|aan|do|кому|kime|alıcı|till|til|vastaanottaja|címzett|komu|către|προς|אל|إلى|الى|宛先|收件人|收件者|받는 사람|받는사람|수신|ถึง|đến|tới|kepada|ke|kam|kellele|saaja|prima|za|destinataire|destinatario|destinatário|empfänger|odbiorca|adresat|pour|eingang"""
)
SUBJECT = _set(
    """subject|sujet|betreff|betr|betr.|objet|asunto|oggetto|assunto|onderwerp|temat|тема|предмет|konu|ämne|emne|aihe|tárgy|předmět|predmet|subiect|θέμα|נושא|الموضوع|موضوع|件名|主题|主題|主旨|標題|제목|เรื่อง|chủ đề|tiêu đề|subyek|perihal|tema|temats|teema"""
)
OTHERS = _set(
    "cc|bcc|copie à|kopie|copie|copia|cópia|kopia|копия|копія|bilgi|kopi|kopio|másolatot kap|másolat|kopie:|抄送|副本|참조|ccn|cci|reply-to|antwort an|importance|priorité|wichtigkeit|attachments|anlagen|message-id|cópia oculta|نسخة"
)

FIELDS = {
    **dict.fromkeys(OTHERS, "other"),
    **dict.fromkeys(SUBJECT, "subject"),
    **dict.fromkeys(TO, "to"),
    **dict.fromkeys(SENT, "sent"),
    **dict.fromkeys(FROM, "from"),
}

VERBS = Wording(
    r"^quoting |^zitat von|^citando |wrote|writes|schrieb|geschrieben|a [ée]crit|écrit|escribi[óo]|ha escrito|scrive|ha scritto|scritto|escreveu|schreef|geschreven|napisał|pisze|napisał\(a\)|"
    r"пишет|написал|писал|пише|написав|писав|yazdı|yazmış|skrev|kirjoitti|írta|ezt írta|napsal|napísal|píše|a scris|έγραψε|כתב|כתבה|كتب|كتبت|写道|寫道|书きました|書きました|のメッセージ|からのメール|"
    r"님이 작성|작성|menulis|đã viết|rašė|rakstīja|kirjutas|napisao|написао|napisala|je napisal|va escriure|skrifaði|เขียน"
)

SEPARATORS = (
    "original message", "original mail", "forwarded message", "forwarded by", "forwarded mail", "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "weitergeleitete nachricht",
    "weitergeleitet", "message d'origine", "message original", "message transféré", "message d’origine", "mensaje original", "mensaje reenviado", "mensagem original", "mensagem encaminhada",
    "messaggio originale", "messaggio inoltrato", "oorspronkelijk bericht", "doorgestuurd bericht", "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość przekazana", "исходное сообщение",
    "пересылаемое сообщение", "пересланное сообщение", "оригинал сообщения", "конец пересылаемого", "вихідне повідомлення", "переслане повідомлення", "orijinal mesaj", "orjinal mesaj", "özgün ileti", "orijinal ileti", "iletilmiş mesaj",
    "ursprungligt meddelande", "vidarebefordrat", "originalmeddelande", "opprinnelig melding", "oprindelig meddelelse", "videresendt", "alkuperäinen viesti", "välitetty viesti", "původní zpráva", "preposlaná správa", "pôvodná správa",
    "eredeti üzenet", "továbbított üzenet", "mesajul original", "mesaj original", "αρχικό μήνυμα", "הודעה מקורית", "הודעה שהועברה", "الرسالة الأصلية", "رسالة محولة", "رسالة معاد توجيهها", "元のメッセージ", "転送メッセージ", "転送されたメッセージ",
    "原始邮件", "原始郵件", "原邮件", "转发邮件", "轉寄郵件", "原始訊息", "원본 메시지", "원본메시지", "original e-mail", "전달된 메시지", "pesan asli", "tin nhắn gốc", "izvorna poruka", "originalna poruka", "algkiri", "original text",
    "copy of the message", "copy of your message", "a copy of the original", "message follows", "previous message", "quoted text", "original notice", "your message", "ihre nachricht", "votre message", "su mensaje",
)  # fmt: skip

LEADS = (
    "begin forwarded message", "anfang der weitergeleiteten", "début du message", "inicio del mensaje", "início da mensagem", "inizio messaggio", "begin doorgestuurd", "początek przekaz", "начало переадресованного", "начало пересылаемого", "iletilen mesajın başı",
    "vidarebefordrat brev", "start på videresendt", "välitetty viesti alkaa", "以下は転送", "下面是被转发", "開始轉寄", "전달된 메시지 시작", "بداية الرسالة", "below is a copy", "your original message", "here is your original",
)  # fmt: skip

ABOVE = Wording(
    r"(?:reply|respond|answer|write|type|above|respuesta|responda|escriba)\b.{0,30}\b(?:above|below|over|encima)?.{0,30}\bthis line|(?:write|type|enter) your (?:answer|reply|response).{0,20}(?:above|below|here)|keep this line|"
    r"(?:above|oberhalb|über) (?:this|dieser) (?:line|zeile)|répon\w+.{0,20}au-dessus|por encima de esta línea|acima desta linha|sopra questa (?:riga|linea)|boven deze (?:lijn|regel)|powyżej tej linii|выше этой (?:строки|линии)|вище цього рядка|"
    r"bu satırın üst|この行(?:より|の)上|在此行(?:之上|上方|以上)|이 (?:줄|선) 위|فوق هذا السطر|##-.*-##"
)

SIGN_OFFS = _set(
    """regards|best regards|kind regards|kindest regards|warm regards|with regards|many regards|br|rgds|best|all the best|best wishes|with best wishes|sincerely|yours sincerely|yours faithfully|yours truly|yours|cheers|thanks|thank you|many thanks|thanks and regards|thanks again|thanks in advance|respectfully|cordially|greetings|take care|with kind regards|very truly yours|with appreciation
    |mit freundlichen grüßen|mit freundlichen grüssen|mit freundlichen gruessen|freundliche grüße|freundliche grüsse|viele grüße|viele grüsse|beste grüße|beste grüsse|liebe grüße|herzliche grüße|schöne grüße|mit besten grüßen|gruß|grüße|mfg|vg|lg|hochachtungsvoll|mit freundlichem gruß|vielen dank|danke|besten dank
    |cordialement|bien cordialement|très cordialement|bien à vous|sincères salutations|salutations distinguées|salutations|meilleures salutations|cdlt|cdt|respectueusement|merci|amicalement|bonne journée|avec nos salutations
    |un saludo|saludos|saludos cordiales|un cordial saludo|cordialmente|atentamente|atentos saludos|reciba un cordial saludo|le saluda atentamente|gracias|muchas gracias|quedamos a su disposición
    |atenciosamente|com os melhores cumprimentos|cumprimentos|melhores cumprimentos|abraço|abraços|att|grato|grata|obrigado|obrigada|respeitosamente|saudações
    |cordiali saluti|distinti saluti|saluti|cordialmente|un cordiale saluto|cordialità|grazie|in fede
    |met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|groet|groeten|mvg|hartelijke groet|met hartelijke groet|bedankt|hoogachtend
    |pozdrawiam|pozdrawiamy|z poważaniem|z wyrazami szacunku|serdecznie pozdrawiam|łączę pozdrowienia|dziękuję|dziękujemy
    |с уважением|с наилучшими пожеланиями|всего доброго|всего хорошего|спасибо|благодарим за обращение|искренне ваш|с почтением|з повагою|з найкращими побажаннями|дякуємо|дякую
    |saygılarımla|saygılarımızla|saygılar|iyi çalışmalar|iyi çalışmalar dileriz|iyi günler|iyi günler dileriz|teşekkürler|teşekkür ederiz|sevgiler|selamlar
    |med vänliga hälsningar|vänliga hälsningar|med vänlig hälsning|mvh|hälsningar|tack|med venlig hilsen|venlig hilsen|med vennlig hilsen|vennlig hilsen|hilsen|mange hilsner|takk|tak
    |ystävällisin terveisin|terveisin|parhain terveisin|s pozdravem|s přátelským pozdravem|děkuji|s pozdravom|üdvözlettel|tisztelettel|köszönettel|cu stimă|cu respect|o zi bună|mulțumesc|με εκτίμηση|ευχαριστώ|בברכה|תודה|lp|lep pozdrav|srdačan pozdrav|pozdrav|s poštovanjem|lugupidamisega|pagarbiai|ar cieņu
    |مع التحية|مع خالص التحية|مع أطيب التحيات|وتفضلوا بقبول فائق الاحترام|تحياتي|تحياتنا|شكرا|شكرًا|وشكرا|مع الشكر|مع فائق الاحترام
    |以上|敬具|よろしくお願いいたします|よろしくお願い致します|よろしくお願いします|何卒よろしくお願いいたします|今後ともよろしくお願いいたします|以上、よろしくお願いいたします|此致|敬礼|此致敬礼|祝好|谢谢|謝謝|顺颂商祺|敬上|감사합니다|감사드립니다|드림|올림|수고하세요|salam|hormat kami|trân trọng"""
)

SENT_FROM = Wording(
    r"^[\s*_>(<-]*(?:this (?:e-?mail|message) was )?sent (?:from|via|with|using|by) (?:my|a|an|mobile|mail|mailbox|yahoo|outlook|windows|iphone|ipad|ipod|samsung|android|galaxy|gmail|airmail|proton\w*|the all-new|blackberry|thunderbird|nine|spark|canary)\b.{0,80}$|^[\s(<]*from my (?:i?phone|ipad|mobile|android)\b.{0,20}$",
    r"^[\s*_>-]*(?:sent|envoy[ée]e?|enviad[oa]|gesendet|von meine[mr]|inviat[oa]|verzonden|wysłan[oae]|отправлено|надіслано|gönderildi|skickat|sendt|lähetetty|odesláno|odoslané|küldve|trimis|poslano|εστάλη|diese nachricht wurde|this (?:message|e-?mail) was sent|get)"
    r"(?:\s[^.!?]{0,24})?\s(?:from|via|using|with|on|by|de|depuis|desde|do|du|da|dal|dalla|von|mit|aus|vanaf|via|van|met|z|ze|с|со|из|від|з|із|från|fra|min|minun|iphone|ipad|android|outlook|samsung|mobil\w*|my|mon|ma|mi|meu|minha|mio|mia|meinem|meiner|mijn|mojego|mojej|моего|мобильного)(?:\s|$)[^.!?]{0,60}[.!]?\s*$",
    r"^[\s*_>(<-]*sent (?:from|via|with|by) [^\s.!?:]{2,30}(?: [^\s.!?:]{1,30}){0,2}(?: ?<[^<>]{1,120}>)?[.)>]*$|^[^.!?:]{0,30}\boutlook\b.{0,12}\b(?:ios|android)\b[^.!?]{0,20}(?:<?https?://[^ ]{1,120})?$|"
    r"^[\s*_>-]*(?:verstuurd (?:vanaf|met|via)|lähetetty [^ ]+(?:sta|stä|lta|ltä)$|elküldve (?:az? |a[z]? )?|στάλθηκε από|נשלח (?:מ|באמצעות)|أُ?رسلت? من|ส่งจาก|dikirim dari|(?:đã )?(?:được )?gửi từ|poslan[oa] (?:s|sa|z|iz|preko)|saadetud (?:minu|mu)|išsiųsta iš|nosūtīts no|enviat des de|изпратено от|послато са)[^.!?]{0,60}$",
    r"^[\s*_>-]*(?:get )?outlook for (?:ios|android)|^yahoo mail: search, organize, conquer$|^iphone-r[oó]l küldve|^[\s*_>-]*von meinem .{2,40} gesendet|iphoneから送信|(?:スマートフォン|携帯|ipad|android).{0,10}から送信|^[\s*_>-]*(?:发自|發自|傳送自|[从從]我的.{0,20}(?:发送|傳送|發送)|發送自)|(?:iphone|ipad|갤럭시|android).{0,12}에서 (?:보냄|보낸)|나의 .{0,16}에서 보냄|^[\s*_>-]*(?:أرسلت|مرسل|تم الإرسال) من|iphone.?(?:dan|ımdan|'?umdan) gönderildi|نشر من",
)
DISCLAIMER = Wording(
    r"confidential|privileged|by mistake|(?:message|e-?mail|mail|communication|letter) and (?:any|its|all|anything|whatever)(?: \w+){0,2} attach|(?:anything|whatever is) attached|scanned (?:for|and)|not the (?:addressee|intended)|(?:destroy|delete) (?:it|all copies|this (?:e-?mail|message))|notify (?:the sender|us)|aus versehen|versehentlich|löschen sie|benachrichtigen sie|par mégarde|veuillez (?:le |la )?(?:détruire|supprimer)|por equivocación|elimin(?:e|arlo)|notifique|por engano|apague|per sbaglio|cancell(?:i|arlo)|per vergissing|verwijder|omyłk|usun(?:ąć|ięcie) (?:wiadomo|j)|уничтож|удалит(?:е|ь) (?:его|это|данное)|видаліть|siliniz|imha|削除してください|破棄|请(?:立即)?删除|삭제하(?:여|시)|يرجى حذف|intended (?:only |solely )?for|intended recipient|addressee|unauthori[sz]ed|disclaimer|legal notice|if you (?:are not|have received)|in error|views (?:expressed|are)|virus|please consider the environment|before printing|registered office|gdpr|privacy (?:policy|notice)|"
    r"vertraulich|empfänger bestimmt|irrtümlich|unbefugt|haftungsausschluss|rechtlich geschützt|umwelt|handelsregister|amtsgericht|geschäftsführ|ust-?id|datenschutz|confidentiel|destinataire|par erreur|environnement|confidencial|destinatari[oa]|por error|por erro|aviso legal|protección de datos|privilegiad|sigilos|"
    r"riservat|destinatari|per errore|informativa|vertrouwelijk|geadresseerde|bestemd voor|abusievelijk|poufn|adresat|omyłkow|конфиденциальн|адресат|ошибочно|по ошибке|конфіденційн|помилково|gizli|alıcı|yanlışlıkla|konfidentiell|fortrolig|luottamuksel|důvěrn|bizalmas|confidențial|εμπιστευτικ|סודי|سري|سرية|المرسل إليه|"
    r"機密|秘密|誤って|守秘|保密|机密|機密|误收|기밀|수신인|비밀"
)
DISCLAIMER_HEAD = Wording(
    r"^[\s*_>#=~-]*(?:disclaimer|confidentiality(?: notice| note| statement)?|legal (?:notice|disclaimer)|important notice|privacy notice|notice of confidentiality|haftungsausschluss|vertraulichkeitshinweis|rechtlicher hinweis|hinweis zur vertraulichkeit|avis de confidentialité|avertissement|aviso (?:legal|de confidencialidad|de confidencialidade)|nota de confidencialidad|"
    r"avviso di riservatezza|nota di riservatezza|vertrouwelijkheidsverklaring|klauzula poufności|informacja o poufności|уведомление о конфиденциальности|конфиденциальность|повідомлення про конфіденційність|gizlilik (?:bildirimi|notu)|yasal uyarı|免責事項|機密情報|免责声明|保密声明|보안 고지|면책|إخلاء مسؤولية|تنويه)\W"
)
DISCLAIMER_INLINE = Wording(
    r"\s[-–—*_=]{2,}\s?(?:disclaimer|confidential|legal notice|haftungsausschluss|vertraulich|avis de conf|aviso|avviso|vertrouwelijk|免責|免责|klauzula|конфиденциальн)"
)

FOOTER = Wording(
    r"unsubscribe|how did we do|how was (?:the|our|your) (?:support|service|experience|help)|rate (?:our|your|this|my) (?:support|service|experience|answer|reply|help)|satisf(?:ied|action) (?:survey|rating|with (?:our|the|this) (?:service|support|answer|reply))|(?:take|short|brief|our|a|following) survey|was this (?:helpful|answer helpful)|(?:good|bad|positive|negative)\s*:\s*http",
    r"re-?opens? (?:if|when|automatically)|(?:marked|set) as (?:solved|resolved|closed)[^.]{0,80}(?:re-?open|reply|answer)|(?:view|see|track|check|update|manage|add (?:a )?comments? to)(?: \w+){0,3} (?:ticket|request|case|issue|status)s?(?: \w+){0,4}\s*[:@]?\s*https?:|you (?:are receiving|receive|received) this (?:e-?mail|message|mail)|this (?:e-?mail|message) (?:is a service|was sent (?:by|to|from|via))|powered by|stop these (?:e-?)?mails|manage (?:your )?(?:subscription|notification|preference)",
    r"mailing list|list-?info|abmelden|abbestellen|wie zufrieden|zufrieden mit (?:unser|der|dem)|bewerten sie (?:un|bitte|den)|an (?:einer|unserer) (?:kurzen )?umfrage|wie waren wir|désabonner|désinscri|enquête de satisfaction|répondre à (?:notre|une|cette) (?:courte )?enquête|évaluez (?:notre|nos|votre|la)|darse de baja|cancelar (?:la )?suscripción|encuesta|valore (?:nuestr|el servicio|su)|califique",
    r"pesquisa de satisfação|avalie (?:o|a|nosso|nossa|este|seu)|cancelar (?:a )?inscrição|descadastr|cancella(?:ti|re l.iscrizione)|sondaggio|valuta(?:ci| il nostro| il servizio| la tua| questo)|uitschrijven|afmelden|hoe tevreden|tevreden (?:over|met) (?:onze|de|ons)|beoordeel (?:ons|onze|deze|uw)|wypisz się|ankiet|oceń (?:nas|nasz|jakość)|отписаться|пройдите (?:\S+ )?опрос|оцените (?:качество|нашу|работу|наш)|відписатися|оцініть (?:якість|нашу|роботу)",
    r"abonelikten çık|ankete|anketimiz|bizi değerlendir|hizmetimizi değerlendir|memnuniyet|配信停止|アンケート|ご満足|满意度|退订|退訂|滿意度|구독 ?취소|만족도|설문|إلغاء الاشتراك|استبيان|تقييم الخدمة|قيّم",
)
FOOTER_BELOW_RULE = Wording(
    r"(?:ticket|request|case|vorgang|anfrage|incident)s? ?(?:id|no|nr|#|number)?\W{0,3}[\w-]*\d[\w-]*.{0,40}(?:solved|resolved|closed|gelöst|geschlossen|résolu|cerrad|fechad|chius|gesloten|zamkni|закры)|help ?cent(?:er|re)|knowledge ?base|follow us|visit us|feedback",
)

CONTACT = Wording(
    r"(?:\btel(?:ef[oó]n[oe]?|\.)?|phone|\bfax|mobil[e]?|\bcell|telefon|téléphone|тел|電話|电话|전화|هاتف|\bfon)\W{0,4}[+(\d]|\+\d[\d ()/.-]{6,}|^\W*(?:https?://|www\.)\S+\W*$|^\W*\S+@\S+\W*$|\b\d{4,5} [A-ZÄÖÜ][a-zäöüß]+|(?:street|strasse|straße|str\.|avenue|rue |calle |via |ulica|ul\.|улица|ул\.)\b.{0,30}\d|\b(?:gmbh|s\.?r\.?l|b\.?v\.?|ltd|llc|inc|s\.?a\.?s?|ag|sp\. z o\.o|oü|ооо|株式会社|有限公司)\b"
)
