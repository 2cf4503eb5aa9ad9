"""Finds messages of a folder by their Message-ID."""

from __future__ import annotations

from daemon.accounts.ews_xml import every, first, folder_ref, m, same_message_id, shape, text_of
from daemon.mailbox import Place
from daemon.mailbox._ews_session import Session
from daemon.mailbox._message_id import same_id

_MOST = 100


def find(session: Session, folder: str, message_id: str) -> tuple[Place, ...]:
    """Return where messages with exactly this Message-ID lie; the server's own comparison takes no notice of case."""
    try:
        same = same_message_id(message_id)
    except ValueError:
        return ()  # no message with such a character can have come through XML
    where = session.folder_id(folder)
    if where is None:
        raise session.missing(folder)
    what = shape("ItemShape", "message:InternetMessageId")
    view = m("IndexedPageItemView", MaxEntriesReturned=str(_MOST), Offset="0", BasePoint="Beginning")
    parents = m("ParentFolderIds", folder_ref(where, ""))
    [answer] = session.ask("FindItem", m("FindItem", what, view, same, parents, Traversal="Shallow"))
    if not answer.ok:
        raise session.refused("to search a folder", answer.code)
    items = every(answer.message, "m:RootFolder/t:Items/*")
    exact = [one for one in items if same_id(text_of(one, "t:InternetMessageId"), message_id)]
    ids = [first(one, "t:ItemId") for one in exact]
    return tuple(Place(folder, one.get("Id")) for one in ids if one is not None)
