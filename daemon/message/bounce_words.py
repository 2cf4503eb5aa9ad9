# ruff: noqa: E501 - word lists read best as words on long lines
"""How mail servers of many languages word a delivery report; RE2 syntax, case never matters."""

from __future__ import annotations

from daemon.message.patterns import Wording

SUBJECTS = Wording(
    r"undeliver|delivery (?:status|failure|has failed|report|problem|incomplete)|deliver(?:y|ed) fail|mail delivery|failure notice|returned mail|"
    r"returned to sender|non.?deliver|not delivered|could not be delivered|couldn.t be delivered|message delayed|delayed mail|failed mail|mail fail|mail error|mail system error|processing error|warning: (?:could|message)|"
    r"unzustellbar|nicht zugestellt|zustell|nicht zustellbar|non remis|non distribu|échec de (?:la )?remise|undelivered|"
    r"no (?:se ha podido )?entrega|devuelto|devolvid|não entregue|falha na entrega|no entregado|entrega fallida|mancata consegna|non recapit|"
    r"niet bezorgd|onbestelbaar|bezorg|niedostarcz|nie dostarczon|zwrot|не доставлен|недоставл|невозможно доставить|не может быть доставлен|"
    r"недоставк|teslim edileme|iletileme|kunde inte leverera|ikke levere|toimitus|nedoruč|kézbesít|nelivr|配信不能|配信できません|送信できません|未配信|配達|"
    r"退信|无法投递|未送达|投递失败|無法傳遞|반송|전송 실패|배달|전달되지|تعذر (?:ال)?تسليم|فشل (?:ال)?تسليم|לא נמסר",
)
FAILED = Wording(
    r"(?:could|can) ?no[tn] be (?:delivered|sent)|could ?n.t be (?:delivered|sent)|can.t be delivered|(?:unable|failed|failure) to (?:deliver|send)|could not (?:deliver|send)|(?:was|were|has been|been|is) (?:not|un)[- ]?(?:delivered|deliverable)|not delivered to|did not (?:reach|receive)|"
    r"failed (?:recipient|address)|address(?:es)? (?:had|has|have|failed|with)[^.\n]{0,40}(?:error|problem|fail)|(?:addresses|recipients)[^.\n]{0,12} failed|has been returned|(?:is|was|being) returned|returned? (?:mail|message|to sender)|no valid recipients|non-?deliver|undeliver|delivery (?:to the following|has failed|failed|failure|problem)|failure reasons|final e?-?mail delivery point|"
    r"did not exactly match|(?:was|were|been) rejected by|automatically rejected|mail error|nicht (?:zugestellt|ausgeliefert|zustellbar)|unzustellbar|pas pu (?:[êe]tre|vous [êe]tre|lui [êe]tre)[^.\n]{0,20}(?:remis|d[ée]livr|distribu|envoy|achemin)|impossible de (?:remettre|distribuer|livrer)|non (?:remis|distribu)|"
    r"no (?:se )?(?:pudo|ha podido|han podido|puede|pudieron)[^.\n]{0,40}entreg|no entregad|no fue (?:posible )?entreg|n[ãa]o (?:p[ôo]de|foi poss[íi]vel|foi|pode)[^.\n]{0,30}entreg|(?:non|impossibile)[^.\n]{0,30}(?:recapitat|consegnat|recapitare|consegnare)|niet[^.\n]{0,24}(?:bezorg|afgelever)|onbestelbaar|"
    r"nie (?:mog|mo[żz]|uda|zosta)[^.\n]{0,40}(?:dostarcz|dorecz|doręcz)|не (?:может быть|могло быть|удалось|было|была|был|вдалося|може бути|вдалось)[^.\n]{0,30}(?:достав|отправ)|не доставлен|недоставк|teslim edile?me|iletile?me|kunde inte (?:levereras|skickas)|(?:kunne|kan) (?:ikke|ikkje) (?:leveres|bli levert|sendes)|ei (?:voitu|voida)[^.\n]{0,20}toimittaa|"
    r"(?:nelze|nebyl[ao]?|nemohl[ao]?)[^.\n]{0,30}doru[čc]|nem[^.\n]{0,24}k[ée]zbes[íi]t|nu a putut fi (?:livrat|trimis)|δεν (?:ήταν|παραδ|μπόρεσε)[^.\n]{0,30}|לא (?:ניתן|נמסר)[^.\n]{0,20}|تعذر[^.\n]{0,16}(?:تسليم|توصيل)|لم يتم (?:تسليم|توصيل)|配信(?:でき|されません|不能)|送信(?:でき|に失敗)|届けられません|お届けでき|无法(?:投递|送达|发送)|無法(?:傳遞|投遞|遞送|傳送)|投递失败|退回|배달(?:되지|할 수)|전달(?:되지|할 수)|전송되지",
)
ENCLOSED = Wording(
    r"(?:original|returned|unsent|undelivered|rejected) (?:e-?)?(?:message|mail)(?: (?:is |as |header|text|part|below|follow|received|returned|removed|details)|\W*$)|(?:message|mail|text) (?:follows|text follows|header)|returned mail\W|headers? (?:of the|and|follow)|the (?:message )?headers?|copy of (?:the|your)|below this line|start of (?:the )?returned|transcript follows|"
    r"(?:ursprüngliche|original)[- ]?nachricht|kopie (?:ihrer|der)|kopfzeilen|message (?:d.origine|original)|en-t[êe]tes|mensaje original|cabeceras|mensagem original|cabeçalho|messaggio originale|intestazion|oorspronkelijk bericht|oryginaln|исходно|оригинал|özgün|orijinal|元のメッセージ|原始(?:邮件|郵件)|원본",
)
REJECTED = Wording(
    r"reject|refus|quota|could not be delivered|abgelehnt|rechaz|rifiut|recus|geweigerd|odrzuc|отклон|拒否|拒绝|거부"
)
FULL = Wording(
    r"mailbox.{0,20}full|quota|over.?quota|out of storage|insufficient (?:system )?storage|exceeded storage|full mailbox|no space left|disk full|"
    r"postfach.{0,20}voll|speicher|boîte.{0,30}pleine|quota dépassé|buz[oó]n.{0,20}lleno|caixa.{0,20}cheia|casella.{0,20}piena|postvak.{0,20}vol|"
    r"skrzynk.{0,25}(?:pełn|przepełn)|ящик.{0,25}переполн|переполнен|kutusu dolu|容量|いっぱい|邮箱已满|信箱已满|空间不足|용량|ممتلئ",
)
POLICY = Wording(
    r"policy|spam|blocked|black.?list|block.?list|deny.?list|listed (?:at|in|on|by)|reputation|content reject|rejected (?:by|for|due)|refused by|dmarc|"
    r"\bspf\b|dkim|not authori[sz]ed|not permitted|access denied|relay(?:ing)? (?:denied|access)|banned|prohibited|virus|sender.{0,20}(?:reject|denied|not allowed)|"
    r"message (?:size|too large|content)|richtlinie|abgelehnt wegen|refusé par|политик|спам|ポリシー|スパム|策略|垃圾邮件|스팸|정책",
)
GONE = Wording(
    r"user unknown|unknown user|no such (?:user|mailbox|recipient|address|person|account)|(?:does not|doesn.t|didn.t) exist|not found|not exist|"
    r"unknown (?:recipient|address|mailbox|or illegal)|invalid (?:recipient|mailbox|address)|recipient (?:not found|unknown|address rejected)|no mailbox|"
    r"mailbox (?:unavailable|not found|disabled|inactive|unknown)|account.{0,20}(?:disabled|closed|inactive|deleted|suspended)|unrouteable|unroutable|nxdomain|"
    r"host or domain name not found|no such domain|domain (?:not found|does not|part)|address.{0,12}(?:rejected|unknown)|retired|no longer|name or service not known|"
    r"unbekannt|existiert nicht|nicht gefunden|inconnu|n.existe pas|introuvable|desconocid|no existe|no encontrad|inexistente|não existe|não encontrad|"
    r"sconosciut|inesistente|non esiste|non trovat|onbekend|bestaat niet|niet gevonden|nie istnieje|nieznan|не существует|не найден|неизвест|не знайден|"
    r"bulunamadı|mevcut değil|bilinmiyor|存在しません|見つかりません|不明|不存在|找不到|존재하지|찾을 수 없|غير موجود|לא קיים",
)
DELAY = Wording(
    r"delayed|not yet been delivered|will (?:keep trying|continue (?:to (?:try|retry|be)|trying)|be retried|retry)|attempts will continue|still trying|delay|warning message only|"
    r"verzögert|weiterhin versucht|wird weiter versucht|noch nicht zugestellt|retard|retrasad|demorad|atrasad|ritard|vertraag|opóźni|задерж|отложен|затрим|"
    r"gecik|遅延|延迟|延遲|지연|تأخر|تأخير",
)
EXPIRED = Wording(
    r"expired|retry time(?:out)? (?:exceeded|not reached)|too long|gave up|giving up|given up|delivery (?:attempts|time) (?:expired|exceeded)|unable to deliver.{0,40}\d+ (?:days|hours)|"
    r"nach \d+ (?:tagen|stunden)|aufgegeben|has been in the queue|could not be delivered (?:for|within) (?:more than )?\d|timed? ?out.{0,60}(?:day|hour)|queue time|истек|срок",
)  # fmt: skip
CHALLENGE = Wording(
    r"not (?:yet )?(?:on|in) (?:the|my|our|his|her|a) (?:\w+ )?(?:list|address ?book|contacts)|(?:your|the) (?:mail|message|e-?mail)[^.]{0,30}(?:gets? through|will (?:then )?(?:be (?:delivered|released|accepted|passed on)|get through|reach)|is (?:being )?held)|"
    r"unknown sender|first[- ]time sender|approved senders|whitelist|allow ?list|(?:votre|tu|su|seu|sua|il suo|uw|ihre|twoj\S+|ваше) (?:message|courriel|mensaje|correo|mensagem|messaggio|bericht|nachricht|e-?mail|wiadomość|письмо|сообщение)[^.]{0,60}(?:en attente|retenu|retenido|retida|trattenut|vastgehouden|zurückgehalten|wstrzyman|удерж|задерж)|"
    r"challenge.?response|boxbe|spamarrest|confirm (?:that )?you(?:'re| are)|prove (?:that )?you(?:'re| are)? (?:a )?human|verify (?:that )?you|confirm your (?:message|e-?mail|address)|"
    r"(?:held|waiting|on hold|kept|parked|queued).{0,80}(?:until|confirm|approve|verif|captcha)|to (?:release|deliver) (?:it|your|this)|captcha|quarantäne.{0,80}bestätig|bestätigen sie.{0,60}(?:absender|e-?mail|nachricht)",
)
