"""The pieces of XML that EWS requests are made of, and how their answers are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lxml import etree

M = "http://schemas.microsoft.com/exchange/services/2006/messages"
T = "http://schemas.microsoft.com/exchange/services/2006/types"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"

Xml = Any  # lxml has no types of its own


def m(tag: str, *inside: Xml | str, **attributes: str) -> Xml:
    """An element of the messages namespace: requests and what stands directly in them."""
    return _element(M, tag, inside, attributes)


def t(tag: str, *inside: Xml | str, **attributes: str) -> Xml:
    """An element of the types namespace: everything else."""
    return _element(T, tag, inside, attributes)


def _element(space: str, tag: str, inside: Iterable[Xml | str], attributes: dict[str, str]) -> Xml:
    made = etree.Element(f"{{{space}}}{tag}", attributes, nsmap={"m": M, "t": T})
    for one in inside:
        if isinstance(one, str):
            made.text = one  # ValueError: a character that XML cannot hold
        else:
            made.append(one)
    return made


def parsed(text: bytes) -> Xml:
    """Read an answer; ValueError if it is none.

    Exchange writes characters of a mail that XML forbids: they are passed over, but only in an answer that came whole.
    """
    try:
        return parsed_document(text)
    except ValueError:
        if not text.rstrip().endswith(b"Envelope>"):
            raise
    lenient = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)
    root = etree.fromstring(text, lenient)
    if root is None:
        raise ValueError("not XML")
    return root


def parsed_document(text: bytes) -> Xml:
    """Read an XML document as strictly as the standard wants; ValueError if it is none."""
    try:
        return etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError:
        raise ValueError("not XML") from None


def first(element: Xml | None, path: str) -> Xml | None:
    """The first element at ``path`` (``m:Changes/t:Create``), or None; there is nothing in nothing."""
    return None if element is None else element.find(path, {"m": M, "t": T, "s": SOAP})


def every(element: Xml, path: str) -> list[Xml]:
    return list(element.iterfind(path, {"m": M, "t": T, "s": SOAP}))


def text_of(element: Xml, path: str) -> str:
    """The text of the first element at ``path``; "" if there is none."""
    found = first(element, path)
    return (found.text or "") if found is not None else ""


def name_of(element: Xml) -> str:
    """The tag without its namespace."""
    return str(etree.QName(element).localname)


def folder_ref(folder: str, address: str) -> Xml:
    """A folder by its id, or by its role in the mailbox of ``address`` when written ``@inbox``."""
    if not folder.startswith("@"):
        return t("FolderId", Id=folder)
    return t("DistinguishedFolderId", t("Mailbox", t("EmailAddress", address)), Id=folder[1:])


def item_ids(ids: Iterable[str]) -> Xml:
    return m("ItemIds", *(t("ItemId", Id=one) for one in ids))


def fields(names: Sequence[str]) -> Xml:
    """``item:Size``, or the tag and type of an extended property: ``0x0E07 Integer``."""
    return t("AdditionalProperties", *(field_uri(name) for name in names))


def field_uri(name: str) -> Xml:
    tag, _, kind = name.partition(" ")
    return t("ExtendedFieldURI", PropertyTag=tag, PropertyType=kind) if kind else t("FieldURI", FieldURI=name)


def shape(tag: str, *names: str, more: Sequence[Xml] = ()) -> Xml:
    """Ids and the fields named, nothing else; ``more`` stands between (the order is the schema's)."""
    return m(tag, t("BaseShape", "IdOnly"), *more, *((fields(names),) if names else ()))


def same_message_id(message_id: str) -> Xml:
    """Search for a Message-ID with and without its angle brackets; ValueError if XML cannot say it."""
    bare = message_id.strip().strip("<>").strip()
    return m("Restriction", t("Or", *(_is_equal("message:InternetMessageId", one) for one in (f"<{bare}>", bare))))


def _is_equal(field: str, value: str) -> Xml:
    return t("IsEqualTo", t("FieldURI", FieldURI=field), t("FieldURIOrConstant", t("Constant", Value=value)))
