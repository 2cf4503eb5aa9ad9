"""Checks EWS requests and answers against Microsoft's published schemas, which lie beside the project, not in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "ews-xsd"
MISSING = f"the EWS schemas are missing ({FOLDER.parent.name}/{FOLDER.name} beside the project)"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def is_there() -> bool:
    return (FOLDER / "messages.xsd").is_file()


@cache
def _schema() -> Any:
    return etree.XMLSchema(etree.parse(str(FOLDER / "messages.xsd")))


def slips(envelope: Any) -> list[str]:
    """What is wrong with a SOAP message by the schemas; [] for a right one, or where there are no schemas.

    A fault of SOAP itself is not described there.
    """
    if not is_there():
        return []
    found: list[str] = []
    for part in ("Header", "Body"):
        for element in envelope.iterfind(f"{{{SOAP}}}{part}/*"):
            if etree.QName(element).namespace != SOAP:
                alone = etree.fromstring(etree.tostring(element))
                if not _schema().validate(alone):
                    found += [f"line {one.line}: {one.message}" for one in _schema().error_log]
    return found
