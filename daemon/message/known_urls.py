# ruff: noqa: E501, SIM905 - word lists read best as words
"""Finds the notices' own URLs in a text, however they are spelt, broken, wrapped or cut short."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

from daemon.message.number_words import ITEM_NOUNS
from daemon.message.urls import canonical, host_of, trimmed, unwrap

_STOP = '\\s<>"“”„«»‘’「」『』【】〈〉《》（）、。，；：！？؛،؟\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\ue000-\uf8ff|'
_TOKEN = re.compile(f"[^{_STOP}]+")
_CUT = ("...", "…", "[...]", "(...)", "[…]", "..")
_HINT = re.compile(r"[0-9/…]|\.(?=\S)")
_DIGIT_OR_DOT = re.compile(r"[\d.]")
_GOES_ON = re.compile(r"\s?(?:,|&|\+|/|,? ?\b(?:and|und|et|y|e|en|i|и|ve)\b)\s?")
_MAX_TOKENS = 4000
_MAX_PIECES = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of text that names URLs (as the notices write them); several: it fits more than one."""

    start: int
    end: int
    urls: tuple[str, ...] = field(repr=False)
    clear: bool = True  # False: an address cut so short that it fits several


@dataclass(frozen=True, slots=True)
class Index:
    """The known URLs in the forms in which they are looked up."""

    by_key: dict[str, str] = field(repr=False)  # host/path?query, lower-case -> URL
    tails: dict[str, tuple[str, ...]] = field(repr=False)  # the last one to four segments -> URLs
    hosts: dict[str, tuple[str, ...]] = field(repr=False)
    wordy: bool = False  # some path ends in letters and signs only, such as "my-page"


def _key(url: str) -> str:
    """Return host, path and query in lower case, without scheme, "www.", end slash or percent signs."""
    text = canonical(url).partition("://")[2] or url
    host, slash, path = text.partition("/")
    text = host.removeprefix("www.") + slash + (unquote(path) if "%" in path else path)
    return text.rstrip("/").casefold()


@lru_cache(maxsize=128)
def index(urls: tuple[str, ...]) -> Index:
    """Build the look-up forms of ``urls``."""
    by_key: dict[str, str] = {}
    tails: dict[str, list[str]] = {}
    hosts: dict[str, list[str]] = {}
    for url in urls:
        key = _key(url)
        by_key.setdefault(key, url)
        host, _, path = key.partition("/")
        hosts.setdefault(host, []).append(url)
        for tail in _tails(path):
            tails.setdefault(tail, []).append(url)
    wordy = any(_DIGIT_OR_DOT.search(tail) is None and _is_telling(tail) for tail in tails)
    return Index(
        by_key, {tail: tuple(dict.fromkeys(found)) for tail, found in tails.items()},
        {host: tuple(dict.fromkeys(found)) for host, found in hosts.items()}, wordy,
    )  # fmt: skip


def _tails(path: str) -> Iterator[str]:
    """Yield the ends of a path: last segment, last two, ...; a file name without its ending; a query's values."""
    segments = [segment for segment in path.split("/") if segment]
    for count in range(1, min(len(segments), 4) + 1):
        tail = "/".join(segments[-count:])
        yield tail
        name, dot, ending = tail.rpartition(".")
        if dot and 1 < len(ending) < 6 and len(name) > 1 and "?" not in tail:
            yield name
    if len(segments) > 4:
        yield "/".join(segments)
    if segments and "?" in segments[-1]:
        query = segments[-1].partition("?")[2]
        yield query
        for pair in query.split("&"):
            if "=" in pair:
                yield pair
                yield pair.partition("=")[2]
    if len(segments) > 1 and "." in segments[-1]:
        if len(segments[-1]) < 12:
            yield segments[-2]  # "4d1" for /d/4d1/a.bin
        if len(segments) > 2:
            yield "/".join(segments[-3:-1])


def find_known(text: str, urls: Sequence[str], own_host: str = "") -> list[Found]:
    """Return the places in re-fanged ``text`` that name one of ``urls``, in order and without overlap.

    ``own_host``: the sender's own domain, whose bare mention names nothing.
    """
    if not urls or not text:
        return []
    known = index(tuple(urls))
    if not known.wordy and _HINT.search(text) is None:
        return []
    tokens = []
    for token in _TOKEN.finditer(text):
        if not token[0].rstrip(".,:;!?)").isalpha():
            tokens.append(token)
        if len(tokens) >= _MAX_TOKENS:
            break
    found: list[Found] = []
    number = 0
    while number < len(tokens):
        hit, used = _at(text, tokens, number, known, own_host)
        if hit is None and found and _GOES_ON.fullmatch(text, found[-1].end, tokens[number].start()) is not None:
            hit = _next_number(tokens[number], known)
        if hit is not None:
            found.append(hit)
        number += used
    return found


def _next_number(token: re.Match[str], known: Index) -> Found | None:
    """Read a plain number behind an address as the next one: "1001, 1002 and 2003"."""
    number = token[0].rstrip(".,:;!?)")
    urls = known.tails.get(number, ()) if number.isdecimal() and len(number) > 2 else ()
    return Found(token.start(), token.start() + len(number), urls) if len(urls) == 1 else None


def _at(text: str, tokens: list[re.Match[str]], number: int, known: Index, own_host: str) -> tuple[Found | None, int]:
    """Try the word at ``number``, alone and joined with those after it; return the find and how many were used."""
    token = tokens[number]
    word = token[0]
    clean = trimmed(word.lstrip("(['\"<*_-?&"))
    if not clean or not any(sign.isalnum() for sign in clean):
        return None, 1
    start = token.start() + word.find(clean)
    end = start + len(clean)
    has_address = "." in clean or "/" in clean
    if not has_address:
        urls = _by_segment(text, start, end, clean, known)
        return (Found(start, end, urls) if urls else None), 1
    cut = next((sign for sign in _CUT if word.rstrip(".,;:)").endswith(sign.rstrip(".")) and sign in word), "")
    if "…" in clean or ".." in clean or cut:
        short = _cut_short(word, known)
        if short:
            return Found(start, token.end(), short, len(short) == 1), 1
    return _address(tokens, number, clean, start, known, own_host)


def _address(
    tokens: list[re.Match[str]], number: int, clean: str, start: int, known: Index, own_host: str
) -> tuple[Found | None, int]:
    """Look an address up: whole, unwrapped, broken over several words, by its path's end, by its host."""
    end = start + len(clean)
    plain = _key(unwrap(clean)) if "://" in clean else clean.removeprefix("www.").rstrip("/").casefold()
    if plain in known.by_key:
        return Found(start, end, (known.by_key[plain],)), 1
    for sign in ";,":
        first = clean.partition(sign)[0] if sign in clean else ""
        if first and _key(first) in known.by_key:  # "address;status", as in a CSV file
            return Found(start, start + len(first), (known.by_key[_key(first)],)), 1
    if "://" in clean and (carried := _carried(clean, known)):
        return Found(start, end, (carried,)), 1
    if "://" not in clean and "." in clean:
        spelt = _key(clean)
        if spelt in known.by_key:
            return Found(start, end, (known.by_key[spelt],)), 1
    broken = _broken(tokens, number, plain, known)
    if broken is not None:
        url, used = broken
        last = tokens[number + used - 1]
        return Found(start, last.start() + len(trimmed(last[0])), (url,)), used
    if "://" not in clean:
        tail = plain.strip("/").lstrip("./~")
        urls = known.tails.get(tail, ())
        if urls and ("/" in clean or _is_telling(tail)):
            return Found(start, end, urls, len(urls) == 1), 1
    under = tuple(url for key, url in known.by_key.items() if key.startswith(plain + "/")) if plain else ()
    host = plain.partition("/")[0]
    if plain in known.hosts and not _is_own(plain, own_host):
        return Found(start, end, known.hosts[plain]), 1
    below = tuple(url for found, urls in known.hosts.items() if found.endswith("." + plain) for url in urls)
    if below and "." in plain and "/" not in plain and not _is_own(plain, own_host):
        return Found(start, end, below), 1  # the domain that their hosts belong to
    if under and "/" in plain:
        return Found(start, end, under), 1
    if host in known.hosts and "/" in plain and not under:
        return None, 1
    return None, 1


def _carried(clean: str, known: Index) -> str:
    """Return the known URL that a link of an unknown protector carries in its query, "" if none."""
    if "http" not in clean[8:].lower():
        return ""
    inner = unquote(clean[8:4000])
    inner = inner[inner.lower().find("http") :]
    for candidate in (inner, inner.partition("&")[0], unquote(inner).partition("&")[0]):
        key = _key(candidate)
        if key in known.by_key:
            return known.by_key[key]
    return ""


def _is_own(host: str, own_host: str) -> bool:
    return bool(own_host) and (host == own_host or host.endswith("." + own_host) or own_host.endswith("." + host))


def _broken(tokens: list[re.Match[str]], number: int, plain: str, known: Index) -> tuple[str, int] | None:
    """Join an address that blanks or line ends have broken: it must be the beginning of a known one, cut anywhere."""
    if len(plain) < 5 or not any(key.startswith(plain) for key in known.by_key):
        return None
    joined = plain + ("/" if tokens[number][0].rstrip(".,;").endswith("/") else "")
    best = None
    for used in range(2, _MAX_PIECES + 1):
        if number + used > len(tokens):
            break
        joined += tokens[number + used - 1][0].casefold()
        key = trimmed(joined).rstrip("/")
        if key in known.by_key:
            best = (known.by_key[key], used)
        elif not any(full.startswith(key) for full in known.by_key):
            break
    return best


def _cut_short(word: str, known: Index) -> tuple[str, ...]:
    """Return the URLs that an address with "..." at its end or in its middle may stand for."""
    body = word.strip("()[]<>,;:'\"")
    for sign in ("[...]", "(...)", "[…]", "...", "…", ".."):
        if sign in body:
            first, _, last = body.partition(sign)
            break
    else:
        return ()
    first = first.rstrip("[(")
    last = last.strip("])./").casefold().strip(".…")
    head = first.partition("://")[2] if "://" in first else first
    head = head.casefold().removeprefix("www.")
    if len(head) + len(last) < 3:
        return ()
    if not head:
        if not any(sign.isdecimal() or sign == "/" for sign in last):
            return ()
        return tuple(url for key, url in known.by_key.items() if key.endswith(last))
    direct = [
        url
        for key, url in known.by_key.items()
        if key.startswith(head) and key.endswith(last) and len(key) >= len(head)
    ]
    if direct or "://" in first:
        return tuple(direct) if "/" in head or last else ()
    if "/" in head and last:
        amid = [url for key, url in known.by_key.items() if key.startswith(head) and f"/{last}/" in f"{key}/"]
        if amid:
            return tuple(amid)
    path = head.lstrip("/")
    return (
        tuple(url for key, url in known.by_key.items() if ("/" + path) in key and key.endswith(last))
        if len(path) > 2 and ("/" in head or any(sign.isdecimal() for sign in path))
        else ()
    )


def _is_telling(tail: str) -> bool:
    """Return whether the end of a path is special enough to name its URL standing alone."""
    digits = sum(map(str.isdecimal, tail))
    letters = sum(map(str.isalpha, tail))
    if "." in tail and len(tail) > 4 and letters:
        return True  # a file name
    return (digits > 0 and letters > 0) or digits >= 4 or (letters >= 5 and any(sign in tail for sign in "-_."))


def _by_segment(text: str, start: int, end: int, word: str, known: Index) -> tuple[str, ...]:
    """Return the URL whose last segment a lone word is; a plain number needs the word that its path puts before it."""
    tail = word.strip("#*'\"").casefold()
    urls = known.tails.get(tail, ())
    before = text[max(0, start - 24) : start].casefold().split()
    near = before[-1].strip("#:(\"'") if before else ""
    if len(urls) > 1 and near:
        urls = tuple(url for url in urls if f"/{near}/{tail}" in f"{url}/".casefold())  # "profile kt44" of several kt44
    if len(urls) != 1:
        return ()
    if not tail.isdecimal():
        return urls if _is_telling(tail) else ()
    segments = urls[0].casefold().split("/")
    kin = {part.rstrip("s") for part in segments if part.isalpha()}
    if near and near.rstrip("s") in kin and len(near) > 1:
        return urls
    if not before and len(tail) > 2 and not _is_counted(text, end):
        return urls
    return urls if len(tail) >= 4 and not _is_number_else(text, start, end, tail) else ()


def _is_counted(text: str, end: int) -> bool:
    """Return whether a number counts the things named behind it, or is a time or an amount."""
    following = text[end : end + 24].casefold().split()
    word = following[0].strip(".,;:)") if following else ""
    return text[end : end + 1] in {":", ".", ",", "%", "-"} or word in ITEM_NOUNS or word in _UNITS


_UNITS = frozenset(
    "hours days minutes stunden tage minuten heures jours horas días ore giorni uur dagen godzin часов дней годин saat gün "
    "ok error not".split()
)


def _is_number_else(text: str, start: int, end: int, digits: str) -> bool:
    """Return whether a number is rather a year, a part of a date, an amount or a ticket."""
    if len(digits) == 4 and digits[:2] in {"19", "20"}:
        return True
    return text[start - 1 : start] in {"#", "-", ":", ".", ",", "+"} or text[end : end + 1] in {"-", ":", "%"}


__all__ = ["Found", "find_known", "host_of", "index"]
