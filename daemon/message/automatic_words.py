# ruff: noqa: E501 - word lists read best as words on long lines
"""Wording of automatic mail, absences, receipts and portals in the shipped languages; RE2 syntax, case never matters."""

from __future__ import annotations

AUTO_SUBJECTS = (
    r"^[\s\[(*_-]*auto(?:matic|mated|matische?|m[aá]tic[ao]|matisk[at]?|matyczn[ae])?[ -]?(?:reply|response|answer|antwor[td]|antwoord|svar|respuesta|resposta|odpowiedź|vastaus)\b",
    r"\bauto-?(?:reply|response|responder)\b", r"automatische (?:antwort|beantwoording)", r"automatisch antwoord", r"réponse automatique",
    r"respuesta autom[aá]tica", r"resposta autom[aá]tica", r"risposta automatica", r"odpowiedź automatyczna", r"автоответ", r"автоматическ\S+ ответ",
    r"автоматичн\S+ відповідь", r"otomatik (?:yanıt|cevap)", r"自動(?:返信|応答|送信)", r"自动(?:回复|答复)", r"自動回覆", r"자동 ?(?:회신|응답|답장)", r"رد تلقائي", r"الرد الآلي",
    r"automaattinen vastaus", r"autosvar", r"automatická odpov", r"automatikus válasz", r"răspuns automat", r"αυτόματη απάντηση", r"תשובה אוטומטית", r"מענה אוטומטי",
)  # fmt: skip

ABSENCE_SUBJECTS = (
    r"out of (?:the )?office", r"\booo\b", r"^[\s\[(*_-]*away\b", r"on (?:vacation|leave|holiday)", r"(?:vacation|holiday|absence) (?:notice|reply|message|note)",
    r"abwesen", r"nicht im büro", r"im urlaub", r"absen[ct]e du bureau", r"absence", r"en congés?", r"fuera de la oficina", r"ausen(?:te|cia)", r"ausência", r"fora do escritório",
    r"férias", r"fuori (?:sede|ufficio)", r"assenza", r"in ferie", r"afwezig", r"niet op kantoor", r"vakantie", r"nieobecno", r"poza biurem", r"urlop", r"в отпуске", r"отпуск",
    r"отсутств", r"вне офиса", r"відсутн", r"відпуст", r"ofis dışı", r"izinde", r"不在", r"休暇", r"休業", r"外出", r"休假", r"不在办公室", r"부재", r"휴가", r"خارج المكتب", r"إجازة",
    r"frånvaro", r"fravær", r"semester", r"ferie", r"poissa", r"lomalla", r"mimo kancelář", r"dovolen", r"házon kívül", r"szabadság", r"concediu", r"εκτός γραφείου", r"מחוץ למשרד", r"חופשה",
)  # fmt: skip

ABSENCE = (
    r"\bi(?: have|'ve|’ve) left\b", r"\b(?:till|until|til|back|return(?:ing)?|by) (?:on |next |this )*(?:mon|tues|wednes|thurs|fri|satur|sun)day", r"\b(?:holidays?|vacation|holiday season|trip|honeymoon|sabbatical|funeral|hospital)\b", r"no (?:computer|internet|laptop|phone|reception|network)", r"(?:holiday|reduced|limited) (?:period|hours|staff|crew)", r"bis (?:einschließlich )?(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|\d)", r"jusqu.au \d", r"hasta el \d", r"até (?:o dia )?\d", r"fino al \d", r"tot (?:en met )?\d", r"до \d{1,2}", r"假期", r"节期间", r"節期間", r"长假", r"連休", r"연휴",
    r"out of (?:the |my )?office", r"away (?:from|until|till|on|for)", r"(?:i|we)(?:'| a|’)(?:m|re) (?:currently |now )?(?:away|on (?:\w+ )?(?:vacation|leave|holiday)|out|travel|hiking|not (?:at|in))",
    r"on (?:annual|parental|maternity|paternity|sick|medical|family)?\s?leave", r"on (?:vacation|holiday)", r"(?:back|return(?:ing)?|reachable again) (?:in the office )?(?:on|at|by|from) ",
    r"will (?:be back|return) ", r"until .{0,30}(?:without|no|limited) access", r"(?:limited|no|without) access to (?:my )?(?:e-?mail|mail)", r"no signal", r"no longer (?:work|with|employed|at )",
    r"(?:have|has) left (?:the )?company", r"office is closed", r"we are closed", r"closed (?:on|for|from|until|between) ", r"public holiday", r"bank holiday", r"(?:till|until) (?:the )?\d",
    r"(?:ich bin|bin ich|wir sind).{0,60}(?:nicht (?:im (?:büro|haus|dienst)|erreichbar|da)|abwesend|im urlaub|außer haus|wieder)", r"abwesenheit", r"im urlaub", r"elternzeit", r"mutterschutz", r"nicht mehr (?:im unternehmen|bei|für)",
    r"büro.{0,20}geschlossen", r"feiertag", r"absent", r"en (?:congés?|vacances|déplacement)", r"de retour", r"à mon retour", r"ne travaille plus", r"bureaux sont fermés", r"jour férié",
    r"fuera de la oficina", r"(?:de|en) vacaciones", r"ausente", r"de baja", r"a mi regreso", r"regres(?:o|aré|amos) ", r"ya no trabajo", r"(?:estamos|oficina).{0,20}cerrad", r"festivo",
    r"fora do escritório", r"de férias", r"em férias", r"de licença", r"retorn(?:o|arei|aremos) ", r"não trabalho mais", r"feriado", r"fuori (?:sede|ufficio)", r"in ferie", r"assente", r"rientr(?:o|erò)", r"maternità", r"non lavoro più", r"chius[ioa] (?:dal|per|fino)",
    r"afwezig", r"(?:op|met) vakantie", r"niet (?:op kantoor|aanwezig|bereikbaar)", r"verlof", r"weer (?:terug|bereikbaar|aanwezig)", r"niet meer werkzaam", r"gesloten", r"feestdag",
    r"nieobecn", r"na urlopie", r"poza biurem", r"nie pracuję już", r"wracam", r"zwolnieni", r"biuro.{0,20}nieczynne", r"в отпуск", r"отсутству", r"вне офиса", r"в командировк", r"больше не работаю", r"на больничном", r"вернусь", r"офис.{0,20}закрыт",
    r"праздничн", r"у відпуст", r"відсутн", r"поза офісом", r"повернуся", r"більше не працюю", r"ofis dışında", r"izindeyim", r"izinde(?:yiz)?\b", r"yıllık izin", r"tatilde", r"döneceğim", r"artık çalışm", r"ofisimiz kapalı",
    r"休暇", r"不在", r"休業", r"出張", r"外出", r"休み", r"退職", r"休假", r"不在(?:办公|公司|辦公)", r"出差", r"放假", r"已离职", r"离职", r"부재", r"휴가", r"출장", r"휴무", r"퇴사", r"خارج المكتب", r"إجازة", r"غير متواجد", r"سأعود", r"لم أعد أعمل", r"عطلة",
    r"semester", r"tjänsteledig", r"åter (?:den|på)", r"ikke på kontoret", r"på ferie", r"tilbage", r"tilbake", r"föräldraledig", r"poissa", r"lomalla", r"dovolen", r"mimo kancelář", r"házon kívül", r"szabadságon", r"concediu", r"εκτός γραφείου", r"σε άδεια", r"בחופשה", r"מחוץ למשרד",
)  # fmt: skip

AUTO_TEXT = (
    r"(?:this|it) (?:is|was) an? (?:automat|auto-?generat|auto-?repl|system[ -]generat|computer[ -]generat)", r"(?:was|been|were|is) (?:automatically (?:generated|sent|created)|generated automatically|sent automatically|auto-?generated)",
    r"automat(?:ed|ic) (?:message|e-?mail|reply|response|notification|confirmation|acknowledg)", r"do not (?:reply|respond) (?:directly )?to this (?:e-?mail|message|mail|address)", r"this (?:mailbox|inbox|address|e-?mail address) is (?:not|un)[ -]?(?:monitored|read|attended)",
    r"ticket (?:was|has been) (?:created|opened) automatically", r"automatisch (?:generiert|erstellt|erzeugt|versand|versendet|verschickt|gegenereerd|verzonden|aangemaakt)", r"automatische (?:nachricht|antwort|e-?mail|bestätigung|eingangsbest)", r"(?:antworten sie )?bitte nicht auf diese (?:e-?mail|nachricht)",
    r"(?:message|courriel|e-?mail|mail) (?:est |a été )?(?:généré|envoyé|automatique)", r"ne (?:pas répondre|répondez pas) à ce", r"merci de ne pas répondre", r"(?:mensaje|correo|respuesta) (?:\w+ ){0,3}autom[aá]tic", r"generado autom[aá]ticamente", r"no responda a este", r"gerad[ao] automaticamente", r"mensagem autom[aá]tica", r"e-?mail autom[aá]tico", r"não responda (?:a )?(?:este|esta)",
    r"messaggio (?:\w+ ){0,3}automatic", r"generat[ao] automaticamente", r"non rispond(?:ere|ete|a) a quest", r"automatisch (?:bericht|antwoord)", r"niet (?:te )?(?:be)?antwoorden op dit", r"wygenerowan[aey] automatycznie", r"automatycznie wygenerowan", r"(?:wiadomość|odpowiedź) automatyczn", r"nie odpowiada(?:ć|j) na t",
    r"(?:отправлено|сформировано|создано|сгенерировано) автоматически", r"автоматическ\S+ (?:ответ|сообщени|уведомлени|письм)", r"не (?:нужно )?отвеча(?:ть|йте) на (?:это|данное|него)", r"(?:надіслано|створено|сформовано) автоматично", r"автоматичн\S+ (?:відповідь|повідомлення|лист)", r"не відповідайте на це", r"otomatik (?:olarak|bir|ileti|mesaj|e-?posta|yanıt)",
    r"自動(?:的に)?(?:送信|配信|返信|応答|生成)", r"返信(?:し)?ないでください", r"系统自动", r"自动(?:发送|发出|生成|回复|答复)", r"請勿(?:直接)?回覆", r"请勿(?:直接)?回复", r"自動(?:發送|產生|回覆)", r"자동(?:으로)? ?(?:발송|생성|회신|응답|전송)", r"발신 ?전용", r"회신하지 마", r"(?:رسالة|رد|بريد) (?:آلي|تلقائي|آلية|تلقائية)", r"تلقائي[اًا]", r"لا ترد على هذ",
    r"automatiskt (?:genererat|svar|meddelande|skick)", r"automatisk (?:generert|genereret|svar|sendt)", r"automaattinen", r"automaticky (?:generovan|vygenerovan|odesl)", r"automatikus(?:an)?\b", r"generat automat", r"αυτόματ", r"נשלח(?:ה)? אוטומטית", r"הודעה אוטומטית",
)  # fmt: skip

RECEIPT = (
    r"(?:received|receipt of|got) (?:your|the) (?:\w+ )?(?:message|report|request|e-?mail|mail|notice|complaint|inquiry|ticket)", r"(?:your|the|a) (?:\w+ )?(?:ticket|request|case|incident|report|message|mail)[^.\n]{0,40}(?:was|has been|is|were) (?:\w+ )?(?:created|opened|received|logged|registered|assigned|filed|recorded|reached)",
    r"ticket (?:received|opened|created)", r"(?:opened|logged|filed|registered|created|recorded) (?:your|a|as|under|it)", r"(?:has|have) reached us", r"thank(?:s| you) for (?:your|contacting|writing|reporting|telling|letting)", r"acknowledg", r"we(?:'ve| have)? (?:received|logged|opened|got)",
    r"eingang(?:sbest|en| ihrer)", r"erhalten", r"eingegangen", r"wird (?:unter|bearbeitet)", r"vielen dank für ihre", r"accus(?:ons|é de) ré", r"bien reçu", r"enregistré", r"hemos recibido", r"recibido", r"acuse de recibo", r"registrad[oa]", r"recebemos", r"recebid", r"protocolad", r"abbiamo ricevuto", r"presa in carico", r"ricevut", r"ontvangen", r"geregistreerd", r"ontvangst",
    r"potwierdzamy", r"otrzymaliśmy", r"przyję(?:to|cie|te)", r"zarejestrowan", r"зарегистрирован", r"получ(?:ен|или)", r"принят", r"зареєстрован", r"отриман", r"прийнят", r"alınmıştır", r"aldık", r"kaydedil", r"kayıt altına", r"受付", r"受け付け", r"受領", r"受信", r"已收到", r"收到", r"已受理", r"已登记", r"접수", r"수신", r"استلم", r"تلقينا", r"تم استلام", r"تم تسجيل",
    r"mottagit", r"modtaget", r"mottatt", r"vastaanot", r"přijat", r"obdrželi", r"megkapt", r"rögzít", r"primit", r"înregistrat", r"λάβαμε", r"καταχωρ", r"התקבל",
)  # fmt: skip

PORTAL = (
    r"(?:protected|secure|secured|encrypted|confidential) (?:e-?mail|message|mail|letter|reply|document)[^.]{0,100}(?:waiting|is ready|is available|awaits|has arrived|can be read|expires|pick(?:ed)? up)", r"(?:message|mail|reply|document)s? (?:is|has been|was|are) (?:protected|encrypted|secured|sent securely)[^.]{0,120}(?:https?:|h..ps?:|link|portal|open|click|password)", r"(?:liegt|steht|wartet)[^.]{0,60}(?:geschützt|verschlüsselt|sicher)\w* (?:nachricht|e-?mail)", r"(?:geschützte|verschlüsselte|sichere) (?:nachricht|e-?mail|mail)[^.]{0,100}(?:bereit|wartet|vor|hinterlegt)",
    r"(?:you have|you've|has sent you|sent you|received|read|open|view|this is) (?:received )?(?:an? )?(?:new |your )?(?:protected|secure|encrypted|confidential|secured) (?:e-?mail )?message", r"(?:read|view|open|retrieve|access) (?:the|your|this|it)?\s?(?:protected |secure |encrypted )?(?:message|it|e-?mail)? ?(?:in|on|at|through|via) (?:the|our|a) (?:secure |web |message )*(?:portal|mailbox)", r"secure (?:mail|message) (?:portal|cent(?:er|re))", r"encrypted (?:message|e-?mail|mail)[^.\n]{0,80}(?:click|open|read|view|log ?in|portal|link|register|password|attach)",
    r"(?:verschlüsselte|geschützte|sichere|vertrauliche) (?:nachricht|e-?mail|mail)[^.\n]{0,100}(?:portal|abruf|abholen|link|kennwort|passwort|öffnen|anmelden|lesen)", r"webmail-?portal", r"message (?:sécurisé|chiffré|protégé)", r"mensaje (?:seguro|cifrado|protegido|encriptado)", r"mensagem (?:segura|criptografada|protegida|cifrada)", r"messaggio (?:sicuro|cifrato|protetto|crittografato)", r"(?:beveiligd|versleuteld)e? (?:bericht|e-?mail)",
    r"(?:zaszyfrowan|zabezpieczon|chronion)\S+ wiadomoś", r"wiadomość (?:zaszyfrowan|zabezpieczon|chronion)", r"(?:зашифрованн|защищённ|защищенн)\S+ (?:сообщени|письм)", r"(?:зашифрован|захищен)\S+ (?:повідомленн|лист)", r"(?:şifreli|korumalı|güvenli) (?:bir )?(?:mesaj|ileti|e-?posta)", r"(?:暗号化|保護)された(?:メール|メッセージ)", r"セキュア(?:メール|メッセージ)", r"加密(?:邮件|郵件|消息|訊息)", r"安全(?:邮件|消息)(?:门户|系统)", r"(?:암호화|보안)(?:된)? ?(?:메일|메시지)", r"رسالة (?:مشفرة|محمية|آمنة)",
)  # fmt: skip

LOCKED = (
    r"password", r"passphrase", r"passwort", r"kennwort", r"mot de passe", r"contraseña", r"senha", r"palavra-passe", r"\bchiave\b", r"wachtwoord", r"hasł[oae]", r"парол", r"şifre", r"parola", r"パスワード", r"密码", r"密碼", r"비밀번호", r"암호", r"كلمة (?:المرور|السر)", r"lösenord", r"adgangskode", r"passord", r"salasana", r"heslo", r"jelszó", r"κωδικ", r"סיסמ", r"encrypted (?:archive|zip|file)", r"protected (?:archive|zip|file)",
)  # fmt: skip
