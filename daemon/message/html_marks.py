"""Tells, without building a tree, whether markup may hold what a plain text cannot show.

It must never miss anything; what is not plainly written counts as such markup.
"""

from __future__ import annotations

import re

_STRUCTURE = ("<table", "<li", "<del", "<strike", "<s>", "<s ", "<font", "line-through", "color:", "bgcolor")
_HEAD = re.compile(
    r"\A\s*(?:<!doctype[^<>\"']*>)?\s*(?:<html(?:\s+(?:lang|dir|xmlns(?::\w+)?)=\"[^\"<>]*\")*\s*>)?\s*(?:<head>)?\s*"
    r"(?:<meta\s[^<>]*>\s*|<title>[^<]*</title>\s*)*(?:<style(?:\s[^<>]*)?>[^<]*</style>\s*)*"
)
_MARKED = re.compile(r"<(?:li|del|strike|s[\s/>])")
_STYLED = ("color", "background", "line-through")
_CODED_STYLE = re.compile(r"style\s*=\s*(?:\"[^\"]*&|'[^']*&|[^\s>\"']*&)")
_TAG = re.compile(r"<(?=[a-z/!?])")
_CLEAN_TAG = re.compile(r"</?[a-z][^<>\"']*+(?:\"[^\"<>]*+\"[^<>\"']*+|'[^'<>]*+'[^<>\"']*+)*+>")
_RAW = re.compile(
    r"<(?:script|style|title|textarea|xmp|iframe|noembed|noframes|noscript|plaintext|svg|math|select|template|frameset)"
)
_TABLE = re.compile(r"</?table")
_ROW = re.compile(r"<tr|</?table")


def is_structured(html: str) -> bool:
    """Return whether rows of several cells, list items, struck-out or coloured words may stand in ``html``."""
    low = html.lower()
    if not any(mark in low for mark in _STRUCTURE):
        return False
    head = _HEAD.match(low)
    body = low[head.end() :] if head is not None else low  # a style sheet is not read
    squeezed = "".join(body.split())  # as styles are read
    return (
        _MARKED.search(body) is not None
        or any(mark in squeezed for mark in _STYLED)
        or _CODED_STYLE.search(body) is not None
        or ("<t" in body and _has_row(body))
    )


def _has_row(body: str) -> bool:
    """Return whether some table row may have two cells."""
    if _RAW.search(body) is not None or len(_TAG.findall(body)) != len(_CLEAN_TAG.findall(body)):
        return True
    tables = _TABLE.findall(body)
    if any(tag == "<table" for tag in tables[1::2]) or any(tag != "<table" for tag in tables[::2]):  # one in another
        return True
    return any(row.count("<td") + row.count("<th") > 1 for row in _ROW.split(body))
