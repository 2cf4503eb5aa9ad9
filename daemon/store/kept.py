"""A read mail as bytes to keep: headers, text, reports and our own form, never an attachment's content; and back."""

from __future__ import annotations

import json
from dataclasses import astuple, fields
from datetime import datetime
from typing import Any

from daemon.errors import PermanentError
from daemon.message.form import Form, FormRow
from daemon.message.message import Address, Attachment, Line, Message, Shape

VERSION = 1


def pack(message: Message) -> bytes:
    """``message`` as JSON; lone surrogates of broken mail survive."""
    values = {name: _plain(getattr(message, name)) for name in _NAMES if name not in _APART}
    if message.forms:
        values["forms"] = [[one.token, [astuple(row) for row in one.rows], one.whole] for one in message.forms]
    values["lines"] = [_plain_line(line) for line in message.lines]
    values["headers"] = message.headers
    text = json.dumps({"v": VERSION, **values}, ensure_ascii=True, separators=(",", ":"))
    return text.encode("ascii")


_NAMES = tuple(field.name for field in fields(Message))
_APART = frozenset({"lines", "headers", "forms"})
_DIFFERS = tuple(field.name for field in fields(Line) if field.name != "text")
_PLAIN_LINE = Line("")


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Line):
        return _plain_line(value)
    if isinstance(value, Address):
        return [value.name, value.address]
    if isinstance(value, Attachment):
        return [value.name, value.content_type, value.size]
    return value.isoformat() if isinstance(value, datetime) else value


def _plain_line(line: Line) -> Any:
    """Most lines are only text; of the others, what differs from such a line."""
    values = {name: value for name in _DIFFERS if (value := getattr(line, name)) != getattr(_PLAIN_LINE, name)}
    return {"text": line.text, **values} if values else line.text


def unpack(kept: bytes) -> Message:
    """The Message that ``pack`` was given; PermanentError if it is of a newer kind."""
    values = json.loads(kept)
    if values.pop("v", None) != VERSION:
        raise PermanentError("a stored mail was written by a newer noticed")
    values["date"] = datetime.fromisoformat(values["date"]) if values["date"] else None
    values["from_"] = Address(*values["from_"]) if values["from_"] else None
    for name in ("reply_to", "to"):
        values[name] = tuple(Address(*one) for one in values[name])
    values["attachments"] = tuple(Attachment(*one) for one in values["attachments"])
    values["headers"] = tuple((name, value) for name, value in values["headers"])
    values["lines"] = tuple(_line(one) for one in values["lines"])
    values["forms"] = tuple(
        Form(token, tuple(FormRow(*row) for row in rows), whole) for token, rows, whole in values.get("forms", ())
    )
    for name in ("in_reply_to", "references", "defects"):
        values[name] = tuple(values[name])
    return Message(**values)


def _line(value: Any) -> Line:
    if isinstance(value, str):
        return Line(value)
    value["text"] = value.get("text", "")
    value["shape"] = Shape(value.get("shape", Shape.TEXT))
    values: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in value.items()}
    return Line(**values)
