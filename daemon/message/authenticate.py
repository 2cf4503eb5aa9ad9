"""Reads what our own mail server said about the sender (Authentication-Results, RFC 8601), and nobody else's word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from daemon.message.message import Authentication, Message

NO_ID = "@none"  # Microsoft 365 writes no authserv-id
_METHOD = re.compile(r"^\s*([a-z][a-z0-9-]{0,30})(?:/\d+)?\s*=\s*([a-z]{1,20})\b", re.IGNORECASE)
_PROPERTY = re.compile(
    r"\b((?:header|smtp|policy|body|arc)\.[a-z0-9_-]{1,30}|reason|action)\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE
)
_BY = re.compile(r"(?:^|\s)by\s+([^\s;()]+)", re.IGNORECASE)
_DOMAIN_TAG = re.compile(r"(?:^|;)\s*d\s*=\s*([^\s;]+)", re.IGNORECASE)


def authenticate(message: Message, authserv_id: str, received_by: Sequence[str] = ()) -> Authentication:
    """Return the verdict of our own server's topmost block; ``trusted`` is False when there is none.

    Only a block above the first Received line of a foreign host counts: below it anybody may have written it.
    ``received_by`` are the names of our own hosts ("*.mail.example" for all below a domain); without it the newest
    Received line is taken for ours.
    """
    block = next(_own_blocks(message, authserv_id, received_by), None)
    if block is None:
        return Authentication()
    results, properties = _results(block)
    return Authentication(
        dmarc=results.get("dmarc", ""),
        spf=results.get("spf", ""),
        dkim=results.get("dkim", ""),
        arc=results.get("arc", ""),
        arc_sealer=_sealer(message, properties) if results.get("arc") == "pass" else "",
        header_from=_domain(properties.get("header.from", "")),
        trusted=True,
    )


def _own_blocks(message: Message, authserv_id: str, received_by: Sequence[str]) -> Iterator[list[str]]:
    """Yield the statements of every block of ours that stands where only our server can write."""
    left = {name.lower() for name in received_by}
    passed = 0
    for name, value in message.headers:
        if name == "received":
            passed += 1
            if not _is_ours(value, left, passed, bool(received_by)):
                return
        elif name == "authentication-results":
            statements = [piece.strip() for piece in _without_comments(value).split(";")]
            if _is_id(statements[0], authserv_id):
                yield statements if authserv_id == NO_ID else statements[1:]


def _is_ours(received: str, left: set[str], passed: int, named: bool) -> bool:
    """Return whether a Received line is a hop of our own; a host counts once, so that nobody can add to the chain."""
    if not named:
        return passed == 1
    found = _BY.search(received)
    host = found[1].lower().rstrip(".") if found is not None else ""
    if host in left:
        left.discard(host)
        return True
    return any(name.startswith("*.") and host.endswith(name[1:]) for name in left)


def _is_id(first: str, authserv_id: str) -> bool:
    """Return whether the first statement is our authserv-id (with or without a version), or is missing as expected."""
    if authserv_id == NO_ID:
        return _METHOD.match(first) is not None
    return first.partition(" ")[0].strip().strip('"').lower() == authserv_id.lower()


def _without_comments(value: str) -> str:
    """Drop parenthesised comments, nested ones too; a lone bracket hides nothing."""
    if "(" not in value:
        return value
    kept, depth = [], 0
    for sign in value:
        if sign == "(":
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
        elif not depth or sign == ";":  # an unclosed comment must not swallow the statements after it
            depth = 0 if sign == ";" else depth
            kept.append(sign)
    return "".join(kept)


def _results(statements: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return method -> result and the properties of DMARC and ARC; for DKIM one pass is enough."""
    results: dict[str, str] = {}
    properties: dict[str, str] = {}
    for statement in statements[:100]:
        found = _METHOD.match(statement)
        if found is None:
            continue
        method, result = found[1].lower(), found[2].lower()
        if method not in results or (method == "dkim" and result == "pass"):
            results[method] = result
        if method in {"dmarc", "arc"}:
            for name, value in _PROPERTY.findall(statement):
                properties.setdefault(name.lower(), value.strip('"'))
    return results, properties


def _sealer(message: Message, properties: dict[str, str]) -> str:
    """Return the domain of the newest ARC seal (RFC 8617 section 4.1.3)."""
    for name in ("arc.header.d", "header.ds", "arc.chain"):
        if properties.get(name):
            return _domain(properties[name].split(":")[0])
    seals = message.all_headers("arc-seal")
    best, sealer = -1, ""
    for seal in seals[:50]:
        number = re.search(r"(?:^|;)\s*i\s*=\s*(\d{1,3})", seal)
        domain = _DOMAIN_TAG.search(seal)
        if number is not None and domain is not None and int(number[1]) > best:
            best, sealer = int(number[1]), _domain(domain[1])
    return sealer


def _domain(text: str) -> str:
    return text.rpartition("@")[2].strip(" .\"'<>").lower()
