"""What a single text must be: an address, an ESP, a zone ...; each check gives (code, message, fix) or None."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from zoneinfo import available_timezones

from daemon.notices.status import Category
from daemon.rulefile.meanings import Meaning
from daemon.rulefile.near import did_you_mean, nearest
from daemon.rulefile.table import FACTS, KINDS, MARKS, ROUTES


@dataclass(frozen=True, slots=True)
class Known:
    """What exists outside the file; ``None`` means unknown, so that nothing is said about it."""

    esps: Collection[str] | None = None
    letters: Collection[str] | None = None
    facts: Collection[str] = FACTS


Slip = tuple[str, str, str]
Check = Callable[[str, Known], Slip | None]

_DOMAIN = r"(?:[\w-]{1,63}\.){1,10}[\w-]{2,63}"
_ADDRESS = re.compile(rf"[^@\s<>,;:\"()\[\]]{{1,64}}@{_DOMAIN}")
_SENDER = re.compile(rf"(?:[^@\s<>,;:\"()\[\]]{{1,64}}@|@|\*\.)?{_DOMAIN}")
_NAME = re.compile(r"[^\W_][\w.-]{0,63}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_REGION = re.compile(r"[-_][A-Za-z0-9]{2,8}")
_CODES = """
any aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io
is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr
ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si
sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh
yi yo za zh zu
"""
LANGUAGES = frozenset(_CODES.split())  # ISO 639-1, and "any" for words of every language
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
FOLDER_KEYS = tuple(sorted({*Category, *Meaning, "review", "set_aside", "unmatched"}))
OWN_WORDS = ("survivor-linked", "all")


def address(text: str, _known: Known) -> Slip | None:
    if _ADDRESS.fullmatch(text):
        return None
    return ("R215", f'"{text}" is not an e-mail address.', "Write it as name@domain.example, without a display name.")


def told(text: str, known: Known) -> Slip | None:
    """Check one who is told: an address, or a name, which must be one of the team (checked with the whole file)."""
    return address(text, known) if "@" in text else name(text, known)


def sender(text: str, _known: Known) -> Slip | None:
    if _SENDER.fullmatch(text):
        return None
    return ("R215", f'"{text}" is neither an e-mail address nor a domain.', "Write name@host.example or host.example.")


def esp(text: str, known: Known) -> Slip | None:
    if known.esps is None:
        if _SLUG.fullmatch(text):
            return None
        return ("R218", f'"{text}" cannot be the key of an ESP.', "Keys are lower-case, like examplehost.")
    if text in known.esps:
        return None
    return ("R218", f'"{text}" is not an ESP of the register.', did_you_mean(text, known.esps) or "See: noticed esps")


def letter(text: str, known: Known) -> Slip | None:
    if known.letters is None:
        if _NAME.fullmatch(text):
            return None
        return ("R217", f'"{text}" cannot be the name of a template.', "Write its name without path and ending.")
    if text in known.letters:
        return None
    return ("R217", f'There is no template "{text}".', did_you_mean(text, known.letters) or "Put it into templates/.")


def zone(text: str, _known: Known) -> Slip | None:
    if text in available_timezones():
        return None
    found = nearest(text, available_timezones())
    return (
        "R216",
        f'"{text}" is not a time zone.',
        f'Did you mean "{found}"?' if found else "Write it like Europe/Oslo.",
    )


def country(text: str, _known: Known) -> Slip | None:
    if _COUNTRY.fullmatch(text):
        return None
    return ("R219", f'"{text}" is not a country code.', "Write two capital letters, like NO; with a region, DE-BY.")


def kind(text: str, _known: Known) -> Slip | None:
    if text in KINDS:
        return None
    return ("R209", f'"{text}" is not a kind of ESP.', did_you_mean(text, KINDS) or f"One of: {', '.join(KINDS)}.")


def fact(text: str, known: Known) -> Slip | None:
    if text in known.facts:
        return None
    return ("R209", f'"{text}" is not one of the values of "mail_is".', did_you_mean(text, sorted(known.facts)))


def closing(text: str, known: Known) -> Slip | None:
    if text in OWN_WORDS:
        return None
    if nearest(text, OWN_WORDS):
        return ("R209", f'"{text}" is not one of the values here.', did_you_mean(text, OWN_WORDS))
    return esp(text, known)


def name(text: str, _known: Known) -> Slip | None:
    if _NAME.fullmatch(text):
        return None
    return ("R220", f'"{text}" cannot be a name.', "Use letters, digits, - and _ only, at most 64.")


def title(text: str, _known: Known) -> Slip | None:
    return None if 0 < len(text) <= 200 else ("R220", "This name is too long.", "Use at most 200 characters.")


def language(text: str, _known: Known) -> Slip | None:
    if text == "any" or (text[:2] in LANGUAGES and (len(text) == 2 or _REGION.fullmatch(text[2:]))):
        return None
    return ("R207", f'"{text}" is not a language code.', "Write two letters, like en, de or no.")


def folder(text: str, _known: Known) -> Slip | None:
    if text in FOLDER_KEYS:
        return None
    return ("R201", f'"{text}" is not a meaning that mail can be filed by.', did_you_mean(text, FOLDER_KEYS))


def route(text: str, _known: Known) -> Slip | None:
    if text in ROUTES:
        return None
    return ("R201", f'"{text}" is not a kind of mail that is routed.', did_you_mean(text, ROUTES))


def url(text: str, _known: Known) -> Slip | None:
    if re.fullmatch(r"\w{2,10}://\S+|\S+\.\S+", text):
        return None
    return ("R221", f'"{text}" is not a URL.', "Write it as in the list of urls above.")


def anything(_text: str, _known: Known) -> Slip | None:
    return None


def group(text: str, _known: Known) -> Slip | None:
    if text in MARKS:
        return (
            "R225",
            f'"{text}" is a sign already: <{text}> stands for what the mail holds there.',
            "Choose another.",
        )
    if re.fullmatch(r"[a-z][a-z0-9_-]*", text):
        return None
    return ("R225", f'"{text}" cannot be the name of a group.', "Use small letters, digits and _ only.")


CHECKS: dict[str, Check] = {
    "": anything,
    "phrase": anything,
    "rule": anything,
    "ladder": anything,
    "address": address,
    "told": told,
    "sender": sender,
    "esp": esp,
    "letter": letter,
    "zone": zone,
    "country": country,
    "fact": fact,
    "kind": kind,
    "closing": closing,
    "name": name,
    "title": title,
    "language": language,
    "folder": folder,
    "group": group,
    "route": route,
    "url": url,
}
