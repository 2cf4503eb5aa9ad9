"""Finds the ESP's own ticket number in headers, subject and text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from daemon.message.message import Label, Labelled, Message
from daemon.message.ticket_words import CJK_WORDS, FILLERS, MERGED, NO_TICKET_PREFIXES, NUMBER_WORDS, WORDS

_DIGIT = re.compile("[0-9]")
_TOKEN = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]{0,12}[-_:/#A-Za-z]{0,12}[0-9])[A-Za-z0-9]+(?:[-_:/#][A-Za-z0-9]+)*")
_HEADER = re.compile(r"(?:^|-)(?:ticket|case|incident|issue|request)(?:-?(?:id|number|key|no|ref))?$")
_HEADER_VALUE = re.compile(r"#?([A-Za-z0-9][\w:/-]*)\s*$")
_SALESFORCE = re.compile(r"\bref:[\w.!]{5,80}:ref\b", re.IGNORECASE)
_DATE = re.compile(
    r"(?:19|20)\d\d[-/]\d{1,2}(?:[-/]\d{1,2})?|\d{1,2}[-/:]\d{1,2}(?:[-/:](?:\d{2}|\d{4}))?|\d{1,3}(?:st|nd|rd|th|h|am|pm|ms|kb|mb|gb|x|d)",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Z]{2,8}[-_#:]?\d[\w/-]{2,}|[A-Z]{2,8}-[A-Z0-9]*\d[\w/-]{2,}|\d{2,}-\d{3,}-\d{3,}|\d{6,}-\d{2,}")
_LETTERS = re.compile("[A-Za-z]*")
_WEAK = frozenset(("id", "report", "ref", "refs", "job", "az", "fall", "take", "destek", "request"))
_LAST = re.compile(r"[^\W_]+(?:'[^\W_]+)?", re.UNICODE)
_OURS = frozenset((Label.OWN, Label.SIGNATURE, Label.FOOTER))
_FORWARDED = _OURS | {Label.QUOTE, Label.QUOTE_HEAD}
_FORWARD = re.compile(
    r"^\s*(?:fwd?|wg|tr|rv|enc|i|doorst|vs|vl|vb|pd|ilt|továbbítás|пересл|转发|轉寄|転送|전달)\s*[:：]", re.IGNORECASE
)
_LEFT = re.compile(r"(?<![^\s<>\"'])[^\s<>\"']*+\Z")
_RIGHT = re.compile(r"[^\s<>\"']*+")
_MAX_TEXT = 20_000
_MAX_TOKENS = 400


def find_ticket(
    message: Message, labelled: Iterable[Labelled] = (), number_format: re.Pattern[str] | None = None
) -> str | None:
    """Return the number of the ESP's ticket, None if there is none.  ``number_format`` is our own notices' form."""
    named = _from_headers(message)
    subject = _without_ours(message.subject, number_format)
    text = "\n".join(
        one.line.text for one in labelled if one.label in (_FORWARDED if is_forward(message.subject) else _OURS)
    )[:_MAX_TEXT]
    text = _without_ours(text, number_format)
    best, score = named, 7 if named else 2
    for place, words, bonus in (("subject", subject, 1), ("text", text, 0)):
        for token, points in _candidates(words, place):
            if points + bonus > score:
                best, score = token, points + bonus
    if best is None:
        salesforce = _SALESFORCE.search(subject) or _SALESFORCE.search(text)
        best = salesforce[0] if salesforce is not None else None
    return best


def of_form(subject: str, forms: Iterable[str], ours: re.Pattern[str]) -> str | None:
    """Return the one number in ``subject`` with one of ``forms`` ("AAA-99999"), None if there is none or several."""
    found = set()
    for one in forms:
        pattern = "".join(_FORM.get(sign) or re.escape(sign) for sign in one)
        found.update(re.findall(rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])", _without_ours(subject, ours)))
    return found.pop() if len(found) == 1 else None


_FORM = {"A": "[A-Za-z]", "9": "[0-9]"}


def is_forward(subject: str) -> bool:
    """Return whether a subject says that somebody else's mail is passed on."""
    return _FORWARD.match(subject[:20]) is not None


def _without_ours(text: str, number_format: re.Pattern[str] | None) -> str:
    return number_format.sub(" ", text) if number_format is not None else text


def _from_headers(message: Message) -> str | None:
    """Return what a ticket system wrote into a header of its own."""
    for name, value in message.headers:
        if (
            "ticket" in name or "case" in name or "incident" in name or "issue" in name or "request" in name
        ) and _HEADER.search(name):
            found = _HEADER_VALUE.search(value[:200])
            if found is not None and any(sign.isdecimal() for sign in found[1]):
                return found[1]
    return None


def _candidates(text: str, place: str) -> Iterable[tuple[str, int]]:
    """Yield the digit-bearing words of ``text`` with how surely each is a ticket number."""
    if _DIGIT.search(text) is None:
        return
    seen = 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        if len(token) > 60:
            continue
        seen += 1
        if seen > _MAX_TOKENS:
            return
        start = found.start()
        if len(token) < 3:
            continue
        if "#" in token:
            head = token.rpartition("#")[0]
            if not head.isupper() or len(head) > 8 or head.casefold() in WORDS:
                token, start = token[len(head) + 1 :], start + len(head) + 1
        points = _points(text, start, found.end(), token, place)
        if points:
            yield token, points


def _points(text: str, start: int, end: int, token: str, place: str) -> int:
    """Weigh one token by the word before it, its brackets, its "#" and its own shape."""
    if _inside_address(text, start, end):
        return 0
    before = text[max(0, start - 48) : start]
    low = before.casefold()
    bare = low.rstrip(" \t:：#№°º.,-–([（【=\"'*|\n")
    if _is_survivor(bare):
        return 12
    hashed = before.endswith(("#", "№"))
    governed = _governed(bare, before)
    if _DATE.fullmatch(token) and not (
        hashed or (governed and "/" in token and token.count("/") > 1 and len(token) > 9)
    ):
        return 0
    head = _LETTERS.match(token)
    if head is not None and head[0].lower() in NO_TICKET_PREFIXES and not governed:
        return 0
    code = _CODE.fullmatch(token) is not None
    bracketed = before.rstrip()[-1:] in set("[(【（") and text[end : end + 2].strip()[:1] in set("])】）")
    digits = sum(sign.isdecimal() for sign in token)
    points = (6 if governed > 1 else 4 if governed else 0) + (3 if hashed else 0) + (2 if code else 0)
    if bracketed and place == "subject" and (code or hashed):
        points += 2
    elif bracketed and code:
        points += 1
    if not governed and not hashed and code:
        points += 1 if place == "subject" or digits >= 4 else 0
    if digits < 3 and not (hashed or code):
        return 0
    if governed == 1 and not code and not hashed and digits < 4:
        return 0
    return points


def _is_survivor(bare: str) -> bool:
    """Return whether "merged into" and the like lead to the token, with or without a ticket word between."""
    head, _, last = bare.rpartition(" ")
    while last in WORDS or last in FILLERS:
        bare = head.rstrip(" :#.,([")
        head, _, last = bare.rpartition(" ")
    return bare.endswith(MERGED)


def _governed(bare: str, before: str) -> int:
    """Return 2 when a ticket word leads to the token, 1 for a weak one ("number", "id"), 0 for none."""
    if bare.endswith(CJK_WORDS):
        return 2
    if "\n\n" in before[-6:]:
        return 0
    words = _LAST.findall(bare)[-4:]
    weak = 0
    for word in reversed(words):
        if word in WORDS:
            return 1 if word in _WEAK else 2
        if word in NUMBER_WORDS:
            weak = 1
        elif word not in FILLERS:
            break
    return weak


def _inside_address(text: str, start: int, end: int) -> bool:
    """Return whether a token is part of an e-mail address, a URL, a path or an IP address."""
    left = start - len(_LEFT.search(text[max(0, start - 80) : start])[0])  # type: ignore[index]  # matches always
    right = end + len(_RIGHT.match(text, end, end + 80)[0])  # type: ignore[index]
    word = text[left:right]
    if "://" in word or "[.]" in word or "(dot)" in word or "www." in word:
        return True
    near = text[max(left, start - 1) : start] + "\0" + text[end : end + 2]
    return "@" in word or near[0] in "./?=&~\\" or (near[-2:-1] == "." and near[-1:].isalnum())
