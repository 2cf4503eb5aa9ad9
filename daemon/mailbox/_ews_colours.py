"""Gives our categories their colours in Outlook, through the mailbox's master list of categories."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from daemon.accounts.ews_xml import Xml, m, parsed_document, t, text_of
from daemon.mailbox._colours import colour
from daemon.mailbox._ews_session import Session

_SPACE = "CategoryList.xsd"
_UNUSED = "1601-01-01T00:00:00.000"
_USES = ("Notes", "Journal", "Contacts", "Tasks", "Calendar", "Mail", "")


def paint(session: Session, tags: Iterable[str]) -> None:
    """Add those of ``tags`` that the list does not hold.  Without a list, or the right to it, nothing is coloured.

    Raises TransientError; what people have set is never changed.
    """
    name = m("UserConfigurationName", session.role("calendar"), Name="CategoryList")
    asked = m("GetUserConfiguration", name, m("UserConfigurationProperties", "XmlData"))
    [answer] = session.ask("GetUserConfiguration", asked)
    data = text_of(answer.message, "m:UserConfiguration/t:XmlData") if answer.ok else ""
    if not data:
        return
    try:
        root = parsed_document(b64decode(data))
    except ValueError:
        return
    known = {(one.get("name") or "").casefold() for one in root}
    missing = [tag for tag in sorted(tags) if tag.casefold() not in known]
    if missing:
        root.extend(_category(tag) for tag in missing)
        _store(session, root)


def _category(tag: str) -> Xml:
    used = {f"lastTimeUsed{kind}": _UNUSED for kind in _USES}
    guid = "{" + str(uuid5(NAMESPACE_URL, f"noticed:{tag}")).upper() + "}"
    marks = {"name": tag, "color": str(colour(tag)), "keyboardShortcut": "0", "usageCount": "0"}
    return etree.Element(
        f"{{{_SPACE}}}category", {**marks, **used, "lastSessionUsed": "0", "guid": guid, "renameOnFirstUse": "0"}
    )


def _store(session: Session, root: Xml) -> None:
    data = b64encode(etree.tostring(root, xml_declaration=True, encoding="utf-8")).decode("ascii")
    name = t("UserConfigurationName", session.role("calendar"), Name="CategoryList")
    session.ask(
        "UpdateUserConfiguration", m("UpdateUserConfiguration", m("UserConfiguration", name, t("XmlData", data)))
    )
