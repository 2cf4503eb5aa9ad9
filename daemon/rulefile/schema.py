"""The field table as a JSON Schema, so that editors complete and explain while typing."""

from __future__ import annotations

from typing import Any

from daemon.rulefile.fields import Block, Choice, Count, Listed, Named, Phrases, Prose, Shape, Text, Truth
from daemon.rulefile.table import ROOT

Schema = dict[str, Any]
_TEXT: Schema = {"type": ["string", "number", "boolean"]}  # every scalar of the file is read as text


def schema() -> Schema:
    """Return the schema of the whole file (JSON Schema draft 7, which editors know)."""
    made = _of(ROOT)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "rules.yaml of noticed", **made}


def _of(shape: Shape) -> Schema:
    if isinstance(shape, Block):
        return _block(shape)
    if isinstance(shape, Named):
        return {"type": "object", "additionalProperties": _of(shape.of)}
    if isinstance(shape, Listed):
        items: Schema = {"type": "array", "items": _of(shape.of), "minItems": 1}
        return {"anyOf": [items, {"const": shape.word}]} if shape.word else items
    if isinstance(shape, Phrases):
        phrases: Schema = {"type": "array", "items": _TEXT, "minItems": 1}
        return {"anyOf": [phrases, {"type": "object", "additionalProperties": phrases}]}
    return _single(shape)


def _single(shape: Shape) -> Schema:
    if isinstance(shape, Choice):
        if shape.values == ("1",):
            return {"enum": [1, "1"]}
        return {"enum": [str(value) for value in shape.values]}
    if isinstance(shape, Count):
        return {"type": "integer", "minimum": shape.least, "maximum": shape.most}
    if isinstance(shape, Truth):
        return {"type": "boolean"}
    return (
        {"type": "string"}
        if isinstance(shape, Prose)
        else dict(_TEXT)
        if isinstance(shape, Text)
        else {"type": "string"}
    )


def _block(shape: Block) -> Schema:
    properties = {
        key: {**_of(field.shape), "description": field.doc} for key, field in shape.fields.items() if key != "*"
    }
    own = shape.fields.get("*")
    made: Schema = {
        "type": "object",
        "properties": properties,
        "additionalProperties": _of(own.shape) if own is not None else False,
    }
    required = [key for key, field in shape.fields.items() if field.required]
    return {**made, "required": required} if required else made
