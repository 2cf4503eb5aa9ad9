"""Moves messages and sets their categories, by sets; each message is told how it ended."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.accounts.ews_wire import Answer
from daemon.accounts.ews_xml import Xml, every, field_uri, first, folder_ref, item_ids, m, t
from daemon.errors import TransientError
from daemon.mailbox import Filed, Place
from daemon.mailbox._ews_fetch import SET, VANISHED, get, item_in
from daemon.mailbox._ews_session import Session
from daemon.mailbox._state import sets

_NO_FOLDER = frozenset({"ErrorToFolderNotFound", "ErrorFolderNotFound"})
_CHANGED = frozenset({"ErrorIrresolvableConflict", "ErrorStaleObject", "ErrorInvalidChangeKey"})


def move(session: Session, ids: Sequence[str], folder: str) -> dict[str, Filed]:
    """Move messages to ``folder``.  Their ids change by it; the new ones are told."""
    ended: dict[str, Filed] = {}
    for some in sets(ids, SET):
        answers = _move_set(session, some, folder)
        if any(answers[one].code in _NO_FOLDER for one in some):  # a person removed it meanwhile
            again = [one for one in some if answers[one].code in _NO_FOLDER]
            answers.update(_move_set(session, again, folder))
        ended.update({one: _ending(answers[one], folder) for one in some})
    return ended


def _move_set(session: Session, some: Sequence[str], folder: str) -> dict[str, Answer]:
    target = m("ToFolderId", folder_ref(session.ensure_folder(folder), ""))
    request = m("MoveItem", target, item_ids(some), m("ReturnNewItemIds", "true"))
    return dict(zip(some, session.ask("MoveItem", request, len(some)), strict=True))


def _ending(answer: Answer, folder: str) -> Filed:
    if not answer.ok:
        return Filed(moved=False, vanished=answer.code in VANISHED)
    found = first(answer.message, "m:Items/*/t:ItemId")
    return Filed(moved=True, place=Place(folder, found.get("Id")) if found is not None else None)


def tag(session: Session, ids: Sequence[str], add: frozenset[str], remove: frozenset[str]) -> frozenset[str]:
    """Add and take away categories; those that people set stay.  Returns the messages that refused it.

    Raises TransientError if they change all the time.
    """
    refused: set[str] = set()
    for some in sets(ids, SET):
        for _ in range(3):
            some = _tag_set(session, some, add, remove, refused)
            if not some:
                break
        else:
            raise TransientError(f"mailbox {session.name}: messages change while their categories are set")
    return frozenset(refused)


def _tag_set(
    session: Session, some: Sequence[str], add: frozenset[str], remove: frozenset[str], refused: set[str]
) -> list[str]:
    """Set what is missing; return the messages that somebody else changed between the look and the change."""
    changes: dict[str, Xml] = {}
    for one, answer in zip(some, get(session, some, "item:Categories"), strict=True):
        item = item_in(answer) if answer.ok else None
        if item is None and answer.code not in VANISHED:
            refused.add(one)
        elif item is not None:
            now = [text.text or "" for text in every(item, "t:Categories/t:String")]
            wanted = [word for word in now if word not in remove] + sorted(add.difference(now))
            if wanted != now:
                changes[one] = _change(first(item, "t:ItemId"), wanted)
    if not changes:
        return []
    request = m("UpdateItem", m("ItemChanges", *changes.values()), **_HOW)
    answers = dict(zip(changes, session.ask("UpdateItem", request, len(changes)), strict=True))
    refused.update(one for one, answer in answers.items() if not answer.ok and answer.code not in _CHANGED | VANISHED)
    return [one for one, answer in answers.items() if answer.code in _CHANGED]


_HOW = {
    "ConflictResolution": "NeverOverwrite",
    "SendMeetingInvitationsOrCancellations": "SendToNone",
    "MessageDisposition": "SaveOnly",
    "SuppressReadReceipts": "true",
}


def _change(item_id: Xml, categories: Sequence[str]) -> Xml:
    where = field_uri("item:Categories")
    if categories:
        words = t("Item", t("Categories", *(t("String", word) for word in categories)))
        update = t("SetItemField", where, words)
    else:
        update = t("DeleteItemField", where)
    same = t("ItemId", Id=item_id.get("Id"), ChangeKey=item_id.get("ChangeKey"))
    return t("ItemChange", same, t("Updates", update))


__all__ = ["VANISHED", "move", "tag"]
