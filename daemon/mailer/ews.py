"""Sends by EWS: a draft with our Message-ID first, then that draft, which leaves once however often it is asked to."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from daemon.accounts.ews import EwsLogin, connect, signed_in
from daemon.errors import TransientError
from daemon.mailer import Envelope, Result, Sending
from daemon.mailer._recipients import named_are_meant

if TYPE_CHECKING:  # exchangelib is loaded when the first letter leaves
    from daemon.accounts.ews_wire import Answer, Wire
    from daemon.accounts.ews_xml import Xml

__all__ = ["EwsMailer", "open_mailer"]

_DRAFTS, _ON_ITS_WAY, _SENT = "drafts", "outbox", "sentitems"
_GONE = frozenset({"ErrorItemNotFound", "ErrorInvalidIdMalformed", "ErrorInvalidId"})
_CHANGED = frozenset({"ErrorStaleObject", "ErrorInvalidChangeKey", "ErrorIrresolvableConflict"})
_LATER = frozenset(
    {
        "ErrorQuotaExceeded",
        "ErrorSubmissionQuotaExceeded",
        "ErrorMessageThrottled",
        "ErrorInternalServerError",
        "ErrorBatchProcessingStopped",
        "ErrorItemSave",
        "ErrorFolderNotFound",
        "ErrorAccessDenied",
    }
)
T = TypeVar("T")
_LOOKS = 2  # at how a letter ended whose answer was lost


def open_mailer(settings: EwsLogin) -> EwsMailer:
    return EwsMailer(signed_in(settings))


class EwsMailer:
    """See ``Drafting``.  Used by one thread at a time."""

    def __init__(self, settings: EwsLogin) -> None:
        self.settings = settings
        self._wire: Wire | None = None

    def open(self) -> None:
        """Log in and look at the drafts, to see that it works; raises as ``send`` does."""
        self._look("<nothing@noticed.invalid>")

    def close(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def draft(self, envelope: Envelope) -> str | Sending:
        if not named_are_meant(envelope):
            return Sending(Result.REFUSED, "recipients")
        left = self._left_before(envelope)
        if left is not None:
            return left
        try:
            answer = self._create(envelope.raw)
        except TransientError:
            made = self._once_more(lambda: self._look(envelope.message_id)).get(_DRAFTS)
            if made is None:
                raise  # if it is there after all, it is found before the next attempt
            return made
        if not answer.ok:
            return Sending(_no(answer.code), answer.code)
        return _id(answer.message, "m:Items/*/t:ItemId")

    def _left_before(self, envelope: Envelope) -> str | Sending | None:
        """What an attempt that was cut short has left behind: a draft to be used, or a letter that is out."""
        found = self._once_more(lambda: self._look(envelope.message_id))
        if _SENT in found:
            return Sending(Result.SENT, "found")
        if _ON_ITS_WAY in found:
            return Sending(Result.UNKNOWN)
        return found.get(_DRAFTS)

    def send(self, envelope: Envelope) -> Sending:
        draft = envelope.draft or self.draft(envelope)
        if isinstance(draft, Sending):
            return draft
        key = self._once_more(lambda: self._change_key(draft, envelope.message_id))
        return self._say(envelope, draft, key) if key else self._how_it_ended(envelope, None)

    def look_at(self, envelope: Envelope) -> Result:
        found = self._once_more(lambda: self._look(envelope.message_id))
        if _SENT in found:
            return Result.SENT
        at_rest = found.get(_DRAFTS) == envelope.draft and _ON_ITS_WAY not in found
        return Result.DEFERRED if at_rest else Result.UNKNOWN

    def _say(self, envelope: Envelope, draft: str, key: str) -> Sending:
        try:
            answer = self._submit(draft, key)
            if answer.code in _CHANGED:  # a person, or the server itself, touched it
                answer = self._submit(draft, self._change_key(draft, envelope.message_id))
        except TransientError as error:
            return self._how_it_ended(envelope, error.retry_after)
        if answer.ok:
            return Sending(Result.SENT, answer.code)
        return self._how_it_ended(envelope, None) if answer.code in _GONE else Sending(_no(answer.code), answer.code)

    def _how_it_ended(self, envelope: Envelope, retry_after: float | None) -> Sending:
        """Nobody said how: a copy in Sent proves that it left, the draft that it did not; else nobody knows."""
        for _ in range(_LOOKS):
            try:
                found = self._look(envelope.message_id)
            except TransientError:
                continue
            if _SENT in found:
                return Sending(Result.SENT, "found")
            if _DRAFTS in found and _ON_ITS_WAY not in found:
                return Sending(Result.DEFERRED, "draft", retry_after)
            break
        return Sending(Result.UNKNOWN)

    # what is said to the server

    def _ask(self, operation: str, request: Xml, expected: int = 1) -> list[Answer]:
        if self._wire is None:
            self._wire = connect(self.settings)
        return self._wire.ask(operation, request, expected)

    def _once_more(self, act: Callable[[], T]) -> T:
        """Repeat a question once if the connection kept from earlier turns out to be dead."""
        kept = self._wire is not None and self._wire.kept
        try:
            return act()
        except TransientError as error:
            if not kept or error.retry_after is not None:
                raise
            return act()

    def _look(self, message_id: str) -> dict[str, str]:
        """Return the ids of a letter by role: among the drafts, on its way, sent."""
        from daemon.accounts.ews_xml import every, folder_ref, m, same_message_id, shape

        roles = (_DRAFTS, _ON_ITS_WAY, _SENT)
        view = m("IndexedPageItemView", MaxEntriesReturned="10", Offset="0", BasePoint="Beginning")
        where = m("ParentFolderIds", *(folder_ref("@" + role, self.settings.address) for role in roles))
        what = shape("ItemShape", "message:InternetMessageId")
        request = m("FindItem", what, view, same_message_id(message_id), where, Traversal="Shallow")
        found: dict[str, str] = {}
        for role, answer in zip(roles, self._ask("FindItem", request, len(roles)), strict=True):
            if not answer.ok and answer.code != "ErrorFolderNotFound":
                raise TransientError(f"sending by {self.settings.name}: a folder cannot be searched ({answer.code})")
            items = every(answer.message, "m:RootFolder/t:Items/*")
            found.update((role, _id(one, "t:ItemId")) for one in items if _is_of(one, message_id))
        return found

    def _create(self, raw: bytes) -> Answer:
        from daemon.accounts.ews_xml import folder_ref, m, t

        mime = t("MimeContent", b64encode(raw).decode("ascii"), CharacterSet="UTF-8")
        where = m("SavedItemFolderId", folder_ref("@" + _DRAFTS, self.settings.address))
        request = m("CreateItem", where, m("Items", t("Message", mime)), MessageDisposition="SaveOnly")
        [answer] = self._ask("CreateItem", request)
        return answer

    def _change_key(self, draft: str, message_id: str) -> str:
        """The draft's present change key, which sending it asks for; "" if it is no draft any more.

        Answers and the proof in Sent are known by our Message-ID, so no draft leaves without.
        """
        from daemon.accounts.ews_xml import first, item_ids, m, shape, text_of

        what = shape("ItemShape", "item:IsDraft", "message:InternetMessageId")
        [answer] = self._ask("GetItem", m("GetItem", what, item_ids([draft])))
        item = first(answer.message, "m:Items/*") if answer.ok else None
        if item is None and answer.code not in _GONE:
            raise TransientError(f"sending by {self.settings.name}: a draft cannot be opened ({answer.code})")
        known = first(item, "t:ItemId")
        if known is None or text_of(item, "t:IsDraft") == "false":
            return ""
        key = str(known.get("ChangeKey"))
        return key if _is_of(item, message_id) else self._name(draft, key, message_id)

    def _name(self, draft: str, key: str, message_id: str) -> str:
        """Give the draft our Message-ID (PR_INTERNET_MESSAGE_ID); return its new change key."""
        from daemon.accounts.ews_xml import field_uri, first, m, t

        where = "0x1035 String"
        value = t("Message", t("ExtendedProperty", field_uri(where), t("Value", message_id)))
        update = t("Updates", t("SetItemField", field_uri(where), value))
        changes = m("ItemChanges", t("ItemChange", t("ItemId", Id=draft, ChangeKey=key), update))
        how = {"ConflictResolution": "NeverOverwrite", "MessageDisposition": "SaveOnly"}
        [answer] = self._ask("UpdateItem", m("UpdateItem", changes, **how))
        known = first(answer.message, "m:Items/*/t:ItemId") if answer.ok else None
        if known is None:
            raise TransientError(f"sending by {self.settings.name}: a draft took no Message-ID of ours ({answer.code})")
        return str(known.get("ChangeKey"))

    def _submit(self, draft: str, key: str) -> Answer:
        from daemon.accounts.ews_xml import folder_ref, m, t

        items = m("ItemIds", t("ItemId", Id=draft, ChangeKey=key))
        saved = m("SavedItemFolderId", folder_ref("@" + _SENT, self.settings.address))
        [answer] = self._ask("SendItem", m("SendItem", items, saved, SaveItemToFolder="true"))
        return answer


def _is_of(item: Xml, message_id: str) -> bool:
    """Whether it is this very Message-ID: the server's own comparison takes no notice of case."""
    from daemon.accounts.ews_xml import text_of

    return text_of(item, "t:InternetMessageId").strip().strip("<>") == message_id.strip().strip("<>")


def _id(element: Xml, path: str) -> str:
    from daemon.accounts.ews_xml import first

    known = first(element, path)
    return str(known.get("Id")) if known is not None else ""


def _no(code: str) -> Result:
    return Result.DEFERRED if code in _LATER else Result.REFUSED
