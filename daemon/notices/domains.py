"""Domain names: who belongs to whom, and which names only look like another."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "gv", "ne", "net", "nom", "or", "org"})

# Letters and pairs of letters that the eye takes for others (a small part of Unicode TR 39's confusables).
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))
_SINGLE = str.maketrans(
    {
        "0": "o", "1": "l", "i": "l", "3": "e", "5": "s", "8": "b", "9": "g", "|": "l",
        "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "һ": "h", "і": "l", "ї": "l", "ј": "j", "к": "k",
        "м": "m", "н": "h", "о": "o", "р": "p", "ѕ": "s", "т": "t", "у": "y", "х": "x", "ԛ": "q", "ԝ": "w",
        "α": "a", "β": "b", "ε": "e", "ι": "l", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x",
        "ı": "l", "ɩ": "l", "ł": "l", "ø": "o", "đ": "d", "ß": "b", "ɡ": "g",
    }
)  # fmt: skip

FREE_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com",
        "icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "t-online.de", "mail.ru", "bk.ru",
        "yandex.ru", "yandex.com", "proton.me", "protonmail.com", "tutanota.com", "zoho.com", "mail.com", "qq.com",
        "163.com", "126.com", "naver.com", "daum.net", "orange.fr", "free.fr", "laposte.net", "wp.pl", "o2.pl",
        "onet.pl", "libero.it", "seznam.cz", "ukr.net", "i.ua", "uol.com.br", "terra.com.br", "fastmail.com",
    }
)  # fmt: skip

TICKET_SERVICES = frozenset(
    {
        "zendesk.com", "freshdesk.com", "freshservice.com", "helpscout.net", "helpscoutapp.com", "kayako.com",
        "atlassian.net", "service-now.com", "salesforce.com", "force.com", "intercom-mail.com", "front-mail.com",
        "zohodesk.com", "zohodesk.eu", "zammad.com", "gorgias.io", "happyfox.com", "groovehq.com", "desk.com",
        "hubspotemail.net", "deskpro.com", "uservoice.com", "jitbit.com", "teamwork.com", "otrs.com",
    }
)  # fmt: skip


# Under these names anybody can have a site or a mailbox of their own within minutes.
HOSTING = frozenset(
    {
        "github.io", "gitlab.io", "pages.dev", "workers.dev", "netlify.app", "vercel.app", "herokuapp.com", "web.app",
        "firebaseapp.com", "appspot.com", "azurewebsites.net", "cloudapp.net", "cloudfront.net", "amazonaws.com",
        "blogspot.com", "wordpress.com", "tumblr.com", "wixsite.com", "weebly.com", "myshopify.com", "onmicrosoft.com",
        "duckdns.org", "no-ip.org", "ddns.net", "dyndns.org", "sharepoint.com", "translate.goog", "ngrok.io",
    }
)  # fmt: skip


@lru_cache(maxsize=16384)
def clean(domain: str) -> str:
    """Return ``domain`` in lower case without a root dot, its IDNA labels decoded for comparing (RFC 5890)."""
    return ".".join(_decoded(label) for label in domain.strip().strip(".").lower().split("."))


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def within(domain: str, home: str) -> bool:
    """Tell whether ``domain`` is ``home`` or a subdomain of it."""
    domain, home = clean(domain), clean(home)
    return bool(home) and (domain == home or domain.endswith("." + home))


@lru_cache(maxsize=16384)
def registrable(domain: str) -> str:
    """Return the part that somebody registered, by a rule of thumb: two labels, three under ``co.uk`` and its like."""
    labels = clean(domain).split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if short else -2 :])


def is_public_suffix(domain: str) -> bool:
    """Tell whether anybody can register a name below this one, by the same rule of thumb."""
    labels = clean(domain).split(".")
    return len(labels) < 2 or (len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SECOND_LEVEL)


def name(domain: str) -> str:
    """Return the name that people read in a domain: its registrable part without the ending."""
    return registrable(domain).split(".")[0]


def is_shared(domain: str) -> bool:
    """Tell whether strangers have addresses under this domain, so that it speaks for nobody as a whole."""
    return clean(domain) in FREE_MAIL or registrable(domain) in TICKET_SERVICES


@lru_cache(maxsize=16384)
def skeleton(text: str) -> str:
    """Return ``text`` as the eye sees it: two names with one skeleton are easily taken for each other."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("-", "").replace("_", "")
    for pair, one in _PAIRS:
        plain = plain.replace(pair, one)
    return plain.translate(_SINGLE)


def looks_like(domain: str, genuine: str) -> bool:
    """Tell whether ``domain`` imitates ``genuine``: at most two letters off, confusable, or carrying its name."""
    if within(domain, genuine):
        return False
    theirs, ours = name(domain), name(genuine)
    if skeleton(theirs) == skeleton(ours):
        return True
    if len(ours) >= _EMBEDDED and any(ours in label for label in clean(domain).split(".")):
        return True
    return distance(theirs, ours, _allowed(ours)) <= _allowed(ours)


_EMBEDDED = 4  # shorter names stand in too many innocent words


def _allowed(genuine: str) -> int:
    """Return how many letters may differ: a short name has too many innocent neighbours."""
    return 2 if len(genuine) >= 6 else int(len(genuine) >= 4)


def distance(one: str, other: str, limit: int) -> int:
    """Return the edit distance (insert, delete, replace, swap), or ``limit + 1`` as soon as it is more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
