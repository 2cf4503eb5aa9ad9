"""Turns the bytes of a text into characters: declared charset, then UTF-8, then a guess, then cp1252."""

from __future__ import annotations

import codecs
import re

_WEB_ALIASES = {  # what web browsers read under these labels (WHATWG Encoding Standard)
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "korean": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "iso-2022-jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
    "unicode": "utf-16",
    "iso-8859-8-i": "iso-8859-8",
    "x-mac-cyrillic": "mac_cyrillic",
    "macintosh": "mac_roman",
    "x-user-defined": "cp1252",
}
_STATEFUL = (
    "iso-2022",
    "iso2022",
    "utf-7",
    "unicode-1-1",
    "hz",
    "utf-16",
    "utf-32",
    "utf16",
    "utf32",
    "cp50220",
    "unicode",
)
_NO_CHARSETS = frozenset(
    ("unicode_escape", "raw_unicode_escape", "punycode", "idna", "undefined", "mbcs", "oem", "palmos")
)
_PLAIN = frozenset(("utf-8", "ascii", "cp1252"))
_WESTERN = {"cp1252", "cp1254", "iso-8859-15", "iso8859-15", "latin-9", "iso-8859-2", "cp1250"}
_MOJIBAKE = re.compile("Ã[\x80-\xbf©€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œž]|â€|Â[\xa0-\xbf]|Ð[\x80-\xbf°±²³µ¾½¸]|Ñ[\x80-\xbf€‚ƒ]")
_MANGLED = ("Ã", "â€", "Â", "Ð", "Ñ")
_URL = re.compile(r"(\bh(?:tt|xx)ps?\S+)", re.IGNORECASE)


def decode(data: bytes, declared: str | None) -> tuple[str, str]:
    """Return the text of ``data`` and the defect met on the way ("" if none).  Never raises."""
    label = (declared or "").strip(" \"'").lower()
    if data.isascii() and not label.startswith(_STATEFUL):
        return data.decode("ascii"), ""
    text, defect = _by_ladder(data, label)
    if any(sign in text for sign in _MANGLED) and _MOJIBAKE.search(text) is not None:
        return _mended(text), "mojibake"
    return text, defect


def _by_ladder(data: bytes, label: str) -> tuple[str, str]:
    """Byte-order mark, the declared charset as browsers take it, UTF-8, a guess, cp1252."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace").lstrip("\ufeff"), ""
    name = _WEB_ALIASES.get(label, label)
    if not name or name in _WESTERN:  # UTF-8 that calls itself Latin is common, the reverse is practically impossible
        utf8 = _strict(data, "utf-8")
        if utf8 is not None:
            return utf8, "" if name in {"", "utf-8"} or label in {"us-ascii", "ascii"} else "charset_mislabelled"
    declared = _strict(data, name) if name else None
    if declared is not None:
        return declared, ""
    return _undeclared(data, name)


def _undeclared(data: bytes, name: str) -> tuple[str, str]:
    """Read bytes that their label does not fit, or that have none."""
    utf8 = _strict(data, "utf-8")
    if utf8 is not None:
        return utf8, "charset_unfit" if name else ""
    if name and _known(name):
        lenient = data.decode(name, "replace")
        if lenient.count("\ufffd") * 50 <= len(lenient):  # a few broken bytes: the label is right all the same
            return lenient, "charset_damaged"
    if name == "utf-8":
        lenient = data.decode("utf-8", "replace")
        if lenient.count("\ufffd") * 20 <= len(lenient):
            return lenient, "charset_damaged"
    foreign = sum(1 for byte in data[:4096] if byte > 127)
    guess = _guess(data) if foreign > 12 and foreign * 4 > len(data[:4096]) else ""  # few odd bytes: a Latin text
    text = _strict(data, guess) if guess else None
    return (text, "charset_guessed") if text is not None else (data.decode("cp1252", "replace"), "charset_unknown")


def _known(name: str) -> bool:
    try:
        return name.replace("-", "_") not in _NO_CHARSETS and isinstance(codecs.decode(b"", name), str)
    except (LookupError, ValueError, TypeError):
        return False


def _strict(data: bytes, name: str) -> str | None:
    """Return the text if every byte fits, else None; unknown codecs and those that are none of text fit nothing."""
    if name.replace("-", "_") in _NO_CHARSETS:
        return None
    try:
        text = data.decode(name)
        if name not in _PLAIN:
            text.encode()  # a lone surrogate, as UTF-7 can make one, is no text
        return text
    except (LookupError, ValueError, TypeError, OverflowError):
        return None


def _guess(data: bytes) -> str:
    """Return charset-normalizer's hint for the first bytes ("" for none); right often enough to be worth a try only."""
    from charset_normalizer import from_bytes

    try:
        best = from_bytes(data[:4096], steps=3, chunk_size=512, enable_fallback=False).best()
    except (ValueError, TypeError, LookupError, RecursionError):
        return ""
    return best.encoding if best is not None else ""


def _mended(text: str) -> str:
    """Undo UTF-8 read as Latin, line by line, leaving URLs as they are."""
    from ftfy import TextFixerConfig, fix_text

    config = TextFixerConfig(
        unescape_html=False, uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False,
        fix_line_breaks=False, normalization=None, remove_control_chars=False, max_decode_length=200_000,
    )  # fmt: skip
    lines = []
    for line in text.split("\n"):
        if len(line) > 10_000 or _MOJIBAKE.search(line) is None:
            lines.append(line)
        else:
            pieces = _URL.split(line)
            lines.append(
                "".join(piece if number % 2 else fix_text(piece, config) for number, piece in enumerate(pieces))
            )
    return "\n".join(lines)
