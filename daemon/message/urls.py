"""URLs as texts: canonical spelling, undoing of defanging and of link protectors, free extraction."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from binascii import Error as BinasciiError
from functools import lru_cache
from urllib.parse import parse_qs, unquote

import ada_url

# every alternative starts with a plain sign, so that the engine skips what holds none of them
_BROKEN_DOT = r"\s?(?i:\.|dot|punkt|punto|point|ponto|точка)\s?[\])}>]\s?"
_DOT = re.compile(
    rf"\[(?:{_BROKEN_DOT}|\.(?=\w))|\({_BROKEN_DOT}|\{{{_BROKEN_DOT}|<{_BROKEN_DOT}|\\\.|\.(?<=\w.)\](?=\w)"
)
_BARE_DOT = re.compile(r"(?<=\w)\s(?:dot|DOT)\s(?=\w)")
_SCHEME = re.compile(
    r"[hHxXmM](?<!\w.)(?:(?<=[hH])(?i:xxp|\*\*p|__p|txp|xtp|ttp)|(?<=[xX])(?i:xxp)|(?<=[mM])(?i:eow))"
    r"([sS]?)(\s?[\[({]\s?:\s?[\])}]\s?|\s?:\s?|\s?[\[({]\s?:\s?//\s?[\])}])\s?(//|\\\\|/\s/)?"
)
_SLASH = re.compile(r"\[/\]|\(slash\)|\[slash\]", re.IGNORECASE)
_COLON = re.compile(r"\[:\]|\(colon\)", re.IGNORECASE)
_TRAIL = ".,;:!?'\"’”»>)]}*_`|،؛。，；：！？、」』】）》…"
_FREE = re.compile(
    r"(?:https?://|www\d?\.(?=[a-z0-9]))[^\s<>\"'“”‘’„»«`{}|\\^\u3000-\u303f\uff00-\uffef\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af]+",
    re.IGNORECASE,
)
_HOST_ENDS = re.compile("[/?#]")
_MAX_UNWRAP = 5
_MAX_ADDRESS = 4096


@lru_cache(maxsize=8192)
def canonical(url: str) -> str:
    """Return the WHATWG spelling of ``url`` without its fragment; the query is kept.  Never raises.

    What is no URL even with "http://" before it comes back stripped, as it was.
    """
    text = refang(url.strip())
    for candidate in (text, f"http://{text}"):
        if "://" not in candidate:
            continue
        try:
            href = ada_url.normalize_url(candidate)
        except (ValueError, UnicodeError):
            continue
        return str(href).partition("#")[0]
    return text


def refang(text: str) -> str:
    """Undo the ways in which people break addresses so that no program links them."""
    spelt_out = (" dot " in text or " DOT " in text) and ("/" in text or "http" in text or "xx" in text)
    if not (
        spelt_out or "[" in text or "(" in text or "{" in text or "xx" in text or "XX" in text or "\\" in text
        or "**" in text or "<." in text or "meow" in text or "__p" in text or "htxp" in text or "hxtp" in text
    ):  # fmt: skip
        return text
    text = _SLASH.sub("/", _COLON.sub(":", _dotted(text)))
    if spelt_out:
        text = _BARE_DOT.sub(".", text)
    return _SCHEME.sub(_plain_scheme, text)


def _dotted(text: str) -> str:
    """Undo broken dots; the blanks around a bracketed one go with it."""
    pieces: list[str] = []
    end = 0
    for found in _DOT.finditer(text):
        start = found.start()
        if start > end and found[0][0] in "[({<" and found[0] != "[." and text[start - 1].isspace():
            start -= 1
        pieces += (text[end:start], ".")
        end = found.end()
    return "".join(pieces) + text[end:] if pieces else text


def _plain_scheme(found: re.Match[str]) -> str:
    """Return the ordinary scheme; a lone "http:" without slashes stays as it is."""
    if found[3] is None and "//" not in found[2]:
        return found[0]
    return f"http{found[1].lower()}://"


def unwrap(url: str) -> str:
    """Return the address that a link protector's URL leads to, as far as it can be read from the URL itself."""
    for _ in range(_MAX_UNWRAP):
        inner = _unwrap_once(url)
        if not inner or inner == url:
            return url
        url = inner
    return url


def _unwrap_once(url: str) -> str:
    """Take off one layer: Outlook, Proofpoint, Barracuda, Mimecast, Google, Sophos, Trend Micro, Cisco, others."""
    low = url[:200].lower()
    host = low.partition("://")[2].partition("/")[0]
    query = url.partition("?")[2].partition("#")[0]
    if "safelinks.protection.outlook" in host:
        return _first(query, "url")
    if "urldefense" in host:
        return _proofpoint(url, query)
    if "linkprotect.cudasvc.com" in host:
        return _first(query, "a")
    if host.endswith(("google.com", "google.de")) and "/url?" in low:
        return _first(query, "q") or _first(query, "url")
    if "protection.sophos.com" in host:
        return _base64(_first(query, "u"))
    if "mimecast" in host:
        return _first(query, "url") or _first(query, "u")
    if "secure-web.cisco.com" in host:
        return unquote(url.rpartition("/")[2]) if "http" in url.rpartition("/")[2][:5].lower() else ""
    if any(
        name in host
        for name in ("trendmicro", "fireeye", "trustwave", "avanan", "checkpoint", "l.facebook.com", "steamcommunity")
    ):
        return _embedded(url, query)
    return ""


def _first(query: str, name: str) -> str:
    """Return the first value of a query parameter if it is a web address."""
    try:
        value = (parse_qs(query, max_num_fields=50).get(name) or [""])[0]
    except ValueError:
        return ""
    return value if name == "u" or value[:4].lower() == "http" else ""


def _embedded(url: str, query: str) -> str:
    """Return a whole address carried as any parameter's value or behind "/v1/url?o=" and the like."""
    try:
        values = [value for found in parse_qs(query, max_num_fields=50).values() for value in found]
    except ValueError:
        values = []
    inside = [value for value in values if value[:4].lower() == "http"]
    if inside:
        return inside[0]
    later = re.search(r"_{2,3}(https?://?.+?)_{2,3}", url)
    return later[1] if later is not None else ""


def _base64(value: str) -> str:
    try:
        return urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode("utf-8", "replace")
    except (BinasciiError, ValueError):
        return ""


def _proofpoint(url: str, query: str) -> str:
    """Read Proofpoint's three forms."""
    if "/v3/" in url:
        return _proofpoint_v3(url)
    try:
        wrapped = (parse_qs(query, max_num_fields=20).get("u") or [""])[0]
    except ValueError:
        return ""
    if "/v2/" in url:
        return unquote(wrapped.replace("-", "%").replace("_", "/"))
    return unquote(wrapped)


def _proofpoint_v3(url: str) -> str:
    """Read ``/v3/__URL__;BASE64!!...``: each ``*`` stands for a byte of the Base64 part, ``**X`` for a run of them."""
    found = re.search(r"/v3/__(.+?)__;([^!]*)", url)
    if found is None:
        return ""
    spare = _base64(found[2])
    text, place, index = [], 0, 0
    runs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    body = found[1]
    while index < len(body):
        if body[index] != "*":
            text.append(body[index])
        elif body[index + 1 : index + 2] == "*" and body[index + 2 : index + 3]:
            length = runs.find(body[index + 2]) + 2
            text.append(spare[place : place + length])
            place, index = place + length, index + 2
        else:
            text.append(spare[place : place + 1])
            place += 1
        index += 1
    whole = "".join(text)
    return re.sub(r"^(https?):/(?!/)", r"\1://", whole)


def free(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return (start, end, address) of every address with a scheme or "www." in re-fanged ``text``, at most 500."""
    if "://" not in text and "www" not in text.lower():
        return ()
    found = []
    for hit in _FREE.finditer(text):
        address = hit[0]
        for sign in ";,":
            if sign in address and "=" not in address.partition(sign)[2]:
                address = address.partition(sign)[0]  # "address;status", as in a CSV file
        address = trimmed(address)
        if len(address) > 8:
            found.append((hit.start(), hit.start() + len(address), address))
        if len(found) >= 500:
            break
    return tuple(found)


def trimmed(address: str) -> str:
    """Cut punctuation that belongs to the sentence; a closing bracket stays if it was opened inside."""
    if len(address) > _MAX_ADDRESS:
        address = address[:_MAX_ADDRESS]
    while address and address[-1] in _TRAIL:
        last = address[-1]
        if last in ")]" and address.count("(["[last == "]"]) >= address.count(last):
            break
        address = address[:-1]
    return address


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, "" if it has none."""
    rest = url.partition("://")[2] or url
    return _HOST_ENDS.split(rest, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].lower()
