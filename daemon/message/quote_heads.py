"""Finds where a quoted mail begins: attributions, header blocks, separators; by shape first, words second."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from daemon.message.quote_words import FIELDS, LEADS, SEPARATORS, VERBS

_PREFIX = re.compile(r"^[\s>＞›|]+")
_DATE = re.compile(
    r"\d{1,4}\s?[./年-]\s?\d{1,2}\s?[./月-]\s?\d{1,4}|\b\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d\d\b|\d{1,2}월"
    r"|[٠-٩]{1,4}[/٫.-][٠-٩]{1,2}|\d{1,2}(?:st|nd|rd|th)?\.? [^\W\d_]{3,12}\.?,? (?:19|20)?\d\d\b"
    r"|\b[A-Z][a-z]{2}, [A-Z][a-z]{2} \d{1,2}\b"
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+[\w.-]*|\[mailto:|&lt;|<[^<>\s]+>")
_FIELD = re.compile(r"^[\s>*_|＞-]*([^\W\d_][^:：]{0,28}?)[\s*_]*[:：][\s*_]*(.*)$")
_RULE = re.compile(r"^[\s>]*[-_=*~—–]{4,}\s*$")
_FRAMED = re.compile(r"^[\s>]*[-_=*~—–+#]{2,}\s*([^-_=*~—–].{2,120}?)\s*[-_=*~—–+:#]*\s*$")
_FRAME = frozenset("-_=*~—–+#>")
_DIGIT = re.compile(r"\d")
_MAILBOX = re.compile(r"[<\[](?:mailto:)?[^<>\s]{1,80}@[^<>\s]{1,80}[>\]]")
_MAX_HEAD = 600
_MAX_NAMED = 9  # words of an attribution that gives no date
_MAX_AFTER = 6  # words behind the verb of an attribution without an address


@dataclass(frozen=True, slots=True)
class Head:
    """Lines ``start`` to ``end`` (exclusive) introduce a quoted mail; ``block`` when it is a block of header lines."""

    start: int
    end: int
    block: bool


def bare(text: str) -> str:
    """Return a line without its quote marks."""
    return _PREFIX.sub("", text).strip() if text[:1] in " \t>＞›|" else text.strip()


def find_heads(texts: Sequence[str], quoted: Sequence[bool]) -> list[Head]:
    """Return all quote heads among the lines not quoted yet, in order; a line belongs to one head at most."""
    heads: list[Head] = []
    floor = 0
    for number, text in enumerate(texts):
        if not text or number < floor or (quoted[number] and number and quoted[number - 1]):
            continue
        head = None
        if text[0] in _FRAME or text[-1] in ":：" or text[0] == " ":
            head = _separator(texts, number)
        if head is None and (":" in text or "：" in text):
            if _kind(text):
                head = _block(texts, number)
            if head is None and "@" in text:
                head = _unknown_block(texts, number)
        if head is None and (text[-1] in ":：>] " or _verb_ends(text) or (text[-1] == ")" and _quotes(text))):
            head = _attribution(texts, quoted, number, floor)
        if head is not None:
            heads.append(head)
            floor = head.end
    return heads


def _verb_ends(text: str) -> bool:
    """Return whether a line ends with a verb of writing, as some clients leave the colon out."""
    tail = text[-14:].rstrip(" .")
    return tail.endswith(
        (
            "wrote",
            "schrieb",
            "a écrit",
            "escribió",
            "escreveu",
            "scritto",
            "schreef",
            "写道",
            "寫道",
            "написал",
            "yazdı",
            "skrev",
        )
    )


def _quotes(text: str) -> bool:
    """Return whether a line begins as mutt and Horde begin an attribution: "Quoting Anna (2026-01-05)"."""
    return text[:8].casefold().startswith(("quoting ", "zitat ", "citando ", "citat "))


def _separator(texts: Sequence[str], number: int) -> Head | None:
    """Recognise ``-----Original Message-----`` in any language, and the header block below it."""
    text = texts[number].strip()
    first = text[:1]
    if first in "-_=*~—–+#>" and len(text) > 3:
        if _RULE.match(text):
            following = _next(texts, number + 1)
            block = _block(texts, following) if following < len(texts) else None
            return Head(number, block.end, True) if block is not None else None
        framed = _FRAMED.match(text)
        if framed is not None:
            words = framed[1].casefold().strip(" -_=*~:")
            known = any(phrase in words for phrase in SEPARATORS)
            following = _next(texts, number + 1)
            block = _block(texts, following, loose=True) if following < len(texts) else None
            if block is not None:
                return Head(number, block.end, True)
            if (known and len(words) < 60) or (text[-1] in "-_=*~—–" and _is_framed_attribution(words)):
                return Head(number, number + 1, True)
    elif len(text) < 90 and text[-1:] in ":：":
        low = text.casefold()
        if low.startswith(LEADS) or (len(low) < 45 and low.startswith(SEPARATORS)):
            following = _next(texts, number + 1)
            block = _block(texts, following, loose=True) if following < len(texts) else None
            return Head(number, block.end if block is not None else number + 1, True)
    return None


def _is_framed_attribution(words: str) -> bool:
    """Return whether the words of ``---- Anna wrote ----`` introduce a quote."""
    return VERBS.holds(words) and (len(words.split()) <= 6 or _DATE.search(words) is not None)


def _next(texts: Sequence[str], number: int) -> int:
    """Return the number of the next line that is not blank, looking three lines ahead at most."""
    for place in range(number, min(number + 3, len(texts))):
        if texts[place].strip(" >\t"):
            return place
    return len(texts)


def _block(texts: Sequence[str], start: int, loose: bool = False) -> Head | None:
    """Recognise the header lines that Outlook and its kin put above a quoted mail, in any language.

    ``loose``: below a separator two known fields are enough.
    """
    first = texts[start]
    if ":" not in first and "：" not in first:
        return None
    kinds: set[str] = set()
    number, end, unknown = start, start, 0
    while number < min(start + 14, len(texts)):
        text = texts[number]
        if not text.strip(" >\t*"):
            if number == end and len(kinds) < 4 and number - start < 10 and kinds:
                number += 1  # some clients put an empty line between the fields
                end_blank = _next(texts, number)
                if number < len(texts) and end_blank == number and _kind(texts[number]):
                    continue
            break
        kind = _kind(text)
        if kind:
            kinds.add(kind)
            end = number + 1
        elif not kinds:
            return None
        else:
            unknown += 1
            if unknown > 3 or not (text[:1] in " \t" or ";" in text or "@" in text or _FIELD.match(text)):
                break
        number += 1
    real = kinds - {"other"}
    enough = len(real) >= (2 if loose else 3) and ("from" in real or {"sent", "subject"} <= real)
    enough = enough or (real >= {"from", "sent"} and _is_pair(texts[start:end]))
    return Head(start, end, True) if enough else None


def _is_pair(lines: Sequence[str]) -> bool:
    """Return whether two header lines alone are unmistakable: a mailbox in one, a date in the other."""
    return (
        len(lines) == 2 and any(_MAILBOX.search(line) for line in lines) and any(_DATE.search(line) for line in lines)
    )


def _unknown_block(texts: Sequence[str], start: int) -> Head | None:
    """Recognise the header lines of an unknown language by shape: a sender's mailbox, a date, two lines more."""
    if start and texts[start - 1].strip(" >\t") and not _RULE.match(texts[start - 1]):
        return None
    fields = [_FIELD.match(text) for text in texts[start : start + 4]]
    if len(fields) < 4 or not all(one is not None and len(one[1].split()) <= 3 for one in fields):
        return None
    sender, date = texts[start], texts[start + 1]
    if _MAILBOX.search(sender) is None or _DATE.search(date) is None or "://" in sender:
        return None
    return Head(start, start + 4, True)


def _kind(text: str) -> str:
    """Return which header field a line is, "" if none."""
    name, colon, _ = text.partition(":")
    if not colon:
        name, colon, _ = text.partition("：")
    if not colon or len(name) > 40:
        return ""
    return FIELDS.get(name.strip(" \t>*_|＞-\xa0").casefold(), "")


def _attribution(texts: Sequence[str], quoted: Sequence[bool], last: int, floor: int) -> Head | None:
    """Recognise ``On <date> <person> wrote:`` over one to four lines that end at line ``last``."""
    following = _next(texts, last + 1)
    into_quote = (
        following < len(texts)
        and quoted[following]
        and (not quoted[last] or _depth(texts[following]) > _depth(texts[last]))
    )
    joined, found = "", None
    for start in range(last, max(floor, last - 4) - 1, -1):
        piece = bare(texts[start])
        if start != last and (not piece or quoted[start] != quoted[last] or len(piece) > 200):
            break
        joined = f"{piece} {joined}".strip()
        if len(joined) > _MAX_HEAD:
            break
        if not into_quote and _DIGIT.search(joined) is None and _MAILBOX.search(joined) is None:
            continue
        if _is_attribution(joined, into_quote, start == last):
            found = Head(start, last + 1, False)
            if _DATE.search(joined) is not None and (_ADDRESS.search(joined) is not None or VERBS.holds(joined)):
                break
        elif found is not None:
            break
    return found


def _depth(text: str) -> int:
    return sum(1 for sign in text[:40].split(" ", 1)[0] if sign in ">＞")


def _names_a_writer(text: str) -> bool:
    """Return whether a line is a mailbox and a verb of writing: "Anna <anna@example.com> writes:"."""
    if text[-1:] not in ":：" or len(text.split()) > _MAX_NAMED or _MAILBOX.search(text) is None:
        return False
    return VERBS.holds(text) and not VERBS.behind(text).strip(" :：")


def _is_attribution(text: str, into_quote: bool, single: bool) -> bool:
    """Return whether a line introduces somebody else's words: date and address, or a verb of writing."""
    date = _DATE.search(text) is not None
    address = _ADDRESS.search(text) is not None
    if date and address and (text[-1:] in ":：" or VERBS.holds(text)):
        return into_quote or VERBS.holds(text) or len(text) < 160
    if single and _names_a_writer(text):
        return True
    verb = (date or into_quote) and VERBS.holds(text)
    if verb:
        return into_quote or (len(text) < 200 and (address or len(VERBS.behind(text).split()) <= _MAX_AFTER))
    return into_quote and (date or address) and len(text) < 200 and (single or text[-1:] in ":：")
