"""Reads a BODYSTRUCTURE (RFC 3501 section 7.4.2) into a tree of parts."""

from __future__ import annotations

from typing import Any

from daemon.mailbox._parts import Part, file_name

_DEPTH = 12


def tree(node: Any) -> Part:
    """Return the tree of a parsed BODYSTRUCTURE; ValueError if it is none."""
    try:
        return _part(node, "", 0)
    except (IndexError, TypeError):  # fewer or other items than RFC 3501 says
        raise ValueError("BODYSTRUCTURE") from None


def _part(node: Any, number: str, depth: int) -> Part:
    if not isinstance(node, tuple) or not node or depth > _DEPTH:
        raise ValueError("BODYSTRUCTURE")
    if isinstance(node[0], (list, tuple)):
        return _multipart(node, number, depth)
    kind = f"{_text(node[0])}/{_text(node[1])}".lower()
    if kind == "message/rfc822" and len(node) > 8 and isinstance(node[8], tuple):
        return Part(number, kind, _size(node), children=(_nested(node[8], number, depth),))
    parameters = _pairs(node[2])
    disposition, more = _disposition(node[7:])
    return Part(number, kind, _size(node), file_name([*more, *parameters]), disposition == "attachment")


def _multipart(node: tuple[Any, ...], number: str, depth: int) -> Part:
    parts = list(node[0]) if isinstance(node[0], list) else []
    rest = node[1:] if parts else node
    while rest and isinstance(rest[0], tuple):
        parts.append(rest[0])
        rest = rest[1:]
    prefix = f"{number}." if number else ""
    children = tuple(_part(part, f"{prefix}{index}", depth + 1) for index, part in enumerate(parts, 1))
    subtype = _text(rest[0]).lower() if rest else "mixed"
    parameters = {key.lower(): value for key, value in _pairs(rest[1] if len(rest) > 1 else None)}
    boundary = parameters.get("boundary", "")
    return Part(number, f"multipart/{subtype}", boundary=boundary.encode("latin-1", "replace"), children=children)


def _nested(node: tuple[Any, ...], number: str, depth: int) -> Part:
    """Return a mail within the mail: a multipart keeps its number, a single body is its part 1."""
    single = not isinstance(node[0], (list, tuple))
    return _part(node, f"{number}.1" if single and number else number or "1", depth + 1)


def _disposition(items: tuple[Any, ...]) -> tuple[str, list[tuple[str, str]]]:
    for item in items:
        if isinstance(item, tuple) and item and isinstance(item[0], bytes):
            word = _text(item[0]).lower()
            if word in ("attachment", "inline"):
                return word, _pairs(item[1] if len(item) > 1 else None)
    return "", []


def _pairs(flat: Any) -> list[tuple[str, str]]:
    if not isinstance(flat, tuple):
        return []
    texts = [_text(item) for item in flat]
    return list(zip(texts[::2], texts[1::2], strict=False))


def _text(item: Any) -> str:
    return item.decode("latin-1") if isinstance(item, bytes) else str(item) if item is not None else ""


def _size(node: tuple[Any, ...]) -> int:
    return node[6] if len(node) > 6 and isinstance(node[6], int) else 0
