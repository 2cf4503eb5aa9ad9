"""One rule set for every peer: 50 rules, first match wins, case-insensitive "contains"."""

from __future__ import annotations

import re
from collections.abc import Mapping

# (folder, field, any of these substrings); field: a header name, or "body" (decoded text and HTML)
RULES: list[tuple[str, str, list[str]]] = [
    ("bounce", "Content-Type", ["multipart/report"]),
    ("bounce", "From", ["mailer-daemon@"]),
    ("bounce", "Subject", ["undelivered mail returned", "delivery status notification", "undeliverable:"]),
    ("out_of_office", "Subject", ["automatic reply:", "out of office"]),
    ("out_of_office", "Subject", ["automatische antwort:", "abwesenheitsnotiz"]),
    ("out_of_office", "Subject", ["réponse automatique"]),
    ("out_of_office", "Subject", ["自動応答"]),
    ("out_of_office", "body", ["i am out of the office", "currently on leave"]),
    ("spam", "Subject", ["special offer", "invoice 20"]),
    ("spam", "body", ["premium link packages", "banking details for the remittance"]),
    ("spam", "body", ["发票服务"]),
    ("other", "Subject", ["newsletter", "meeting"]),
    ("contact_change", "body", ["no longer monitored", "abuse contact is now"]),
    ("contact_change", "body", ["update your records"]),
    ("contact_change", "body", ["künftig die adresse"]),
    ("refused", "body", ["decided not to take action", "decline your request"]),
    ("refused", "body", ["without an order of a competent court"]),
    ("refused", "body", ["ohne gerichtliche anordnung"]),
    ("refused", "body", ["без решения суда"]),
    ("not_ours", "body", ["is not hosted by", "not the hosting provider"]),
    ("not_ours", "body", ["is a reverse proxy", "does not host content"]),
    ("not_ours", "body", ["nicht bei uns gehostet"]),
    ("not_ours", "body", ["pas l'hébergeur"]),
    ("not_ours", "body", ["niet door ons gehost"]),
    ("not_ours", "body", ["并非由我公司托管"]),
    ("already_gone", "body", ["had already been removed", "no longer online"]),
    ("already_gone", "body", ["could not find anything at"]),
    ("already_gone", "body", ["bereits nicht mehr erreichbar"]),
    ("already_gone", "body", ["déjà hors ligne"]),
    ("already_gone", "body", ["уже недоступны"]),
    ("already_gone", "body", ["既に存在しません"]),
    ("removed", "body", ["has been removed", "have taken down the reported", "has removed the files"]),
    ("removed", "body", ["no longer available. case closed", "links now return 404"]),
    ("removed", "body", ["wurden gelöscht", "betroffenen urls gesperrt"]),
    ("removed", "body", ["ont été supprimés", "avons retiré les pages"]),
    ("removed", "body", ["ha sido eliminado"]),
    ("removed", "body", ["is verwijderd"]),
    ("removed", "body", ["zostały usunięte"]),
    ("removed", "body", ["материалы удалены"]),
    ("removed", "body", ["削除いたしました", "所列内容已删除"]),
    ("needs_info", "body", ["please provide the exact", "require further information"]),
    ("needs_info", "body", ["vollständigen urls", "necesitamos más información"]),
    ("working", "body", ["forwarded your notice", "team is investigating"]),
    ("working", "body", ["an unseren kunden weitergeleitet", "przekazane klientowi"]),
    ("auto_ack", "body", ["has been received and assigned ticket", "your case number is", "automated acknowledgement"]),
    ("auto_ack", "body", ["ticketnummer lautet", "ticketnummer:"]),
    ("auto_ack", "body", ["numéro de ticket", "número de caso"]),
    ("auto_ack", "body", ["зарегистрировано под номером"]),
    ("auto_ack", "body", ["受付番号", "工单号"]),
    ("auto_ack", "Auto-Submitted", ["auto-replied"]),
]
FOLDERS = sorted({folder for folder, _, _ in RULES})
COMPILED = [
    (folder, field, re.compile("|".join(map(re.escape, words)), re.IGNORECASE)) for folder, field, words in RULES
]
NOTICE = re.compile(r"\bNTC-\d{4}-\d{7}\b")
URL = re.compile(r"\bhxxps?://[^\s<>\"']+")


def classify(headers: Mapping[str, str], body: str) -> str | None:
    """The folder of the first matching rule.  ``headers``: anything with get(name)."""
    for folder, field, pattern in COMPILED:
        if pattern.search(body if field == "body" else str(headers.get(field) or "")):
            return folder
    return None


def sieve() -> str:
    lines = ['require ["fileinto", "body", "mailbox"];']
    for number, (folder, field, words) in enumerate(RULES):
        keys = ", ".join('"' + word.replace('"', '\\"') + '"' for word in words)
        test = f"body :text :contains [{keys}]" if field == "body" else f'header :contains "{field}" [{keys}]'
        lines.append(f'{"if" if not number else "elsif"} {test} {{ fileinto :create "{folder}"; }}')
    return "\n".join(lines) + "\n"


def imapfilter(user: str, port: int, password: str) -> str:
    """Server-side SEARCH per phrase over what is still in INBOX: the idiom of its manual."""
    account = (
        f"account = IMAP {{ server = '127.0.0.1', port = {port}, username = '{user}', password = {_lua(password)} }}"
    )
    lines = ["options.timeout = 600", "options.create = true", "options.charset = 'UTF-8'", "options.info = false"]
    lines.append(account)
    for folder, field, words in RULES:
        find = [f"account.INBOX:{_SEARCHES.get(field, _FIELD.format(field))}{_lua(word)})" for word in words]
        lines.append(f"results = {' + '.join(find)}\nresults:move_messages(account['{folder}'])")
    return "\n".join(lines) + "\n"


_SEARCHES = {"body": "contain_body(", "Subject": "contain_subject(", "From": "contain_from("}
_FIELD = "contain_field('{}', "


def _lua(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
