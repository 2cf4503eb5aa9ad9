"""What an Exchange Server answers to each EWS operation, over a ``Store``."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from email.utils import getaddresses
from typing import Any

from daemon.accounts.ews_xml import every, first, m, name_of, t, text_of
from tests.servers.ews_store import Folder, Item, Missing, Store

_PAGE = 512
_BARE = frozenset({"GetUserConfiguration"})  # a response without response messages in it, by the schemas
_USUAL = {"item:Subject", "item:DateTimeReceived", "item:Size", "message:InternetMessageId", "message:IsRead"}
_WORDS = "%Y-%m-%dT%H:%M:%SZ"


class Exchange:
    """Answers requests; ``broken`` (operation -> code) makes each part of an operation fail."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.broken: dict[str, str] = {}
        self._broken: dict[str, str] = {}  # in this answer
        self.page = _PAGE
        self.renames_drafts = False  # gives them Message-IDs of its own
        self.by_the_schema = True  # False: as Microsoft's examples have it where the schemas differ from them
        self.asked: list[str] = []
        self.subscriptions: dict[str, tuple[str, int]] = {}
        self.most_in_one = 1000  # parts of a request that are dealt with; the rest is told to have been stopped
        self.largest_mime = 0  # of what was given away whole

    def answer(self, request: Any, broken: dict[str, str]) -> Any:
        """The response element to the request element; ``broken``: operation -> the code that each part of it gets."""
        operation = name_of(request)
        self.asked.append(operation)
        act: Callable[[str, Any], list[Any]] = getattr(self, f"_{_snake(operation)}")
        with self.store.lock:
            self._broken = broken
            parts = act(operation, request)
        if operation in _BARE and self.by_the_schema:
            [part] = parts
            return m(f"{operation}Response", *part, **part.attrib)
        return m(f"{operation}Response", m("ResponseMessages", *parts))

    def _each(
        self, operation: str, things: Iterable[Any], act: Callable[[Any], list[Any]], empty: list[Any]
    ) -> list[Any]:
        """One message for each part: what ``act`` gives, or the error that it raised (with ``empty`` in it)."""
        parts = []
        for number, thing in enumerate(things):
            try:
                if number >= self.most_in_one:
                    raise Missing("ErrorBatchProcessingStopped")
                if operation in self._broken:
                    raise Missing(self._broken[operation])
                parts.append(_success(operation, *act(thing)))
            except Missing as missing:
                parts.append(_failure(operation, missing.code, *[type_(tag) for type_, tag in empty]))
        return parts

    def _where(self, reference: Any) -> str:
        """The id of a folder named by id or by role."""
        if name_of(reference) == "FolderId":
            return self.store.folder(str(reference.get("Id"))).id
        if text_of(reference, "t:Mailbox/t:EmailAddress") not in ("", self.store.address):
            raise Missing("ErrorNonExistentMailbox")
        if reference.get("Id") not in self.store.roles:
            raise Missing("ErrorFolderNotFound")
        return self.store.roles[reference.get("Id")]

    # folders

    def _get_folder(self, operation: str, request: Any) -> list[Any]:
        wanted = every(request, "m:FolderIds/*")
        return self._each(operation, wanted, lambda one: [m("Folders", self._folder(self._where(one)))], [])

    def _folder(self, folder_id: str) -> Any:
        one = self.store.folder(folder_id)
        return _folder(one, len(self.store.of(folder_id)))

    def _find_folder(self, operation: str, request: Any) -> list[Any]:
        view = first(request, "m:IndexedPageFolderView")
        offset, most = (int(view.get("Offset")), int(view.get("MaxEntriesReturned"))) if view is not None else (0, 1000)

        def act(parent: Any) -> list[Any]:
            rows = list(self.store.below(self._where(parent)))
            page = rows[offset : offset + min(most, 1000)]
            last = offset + len(page) >= len(rows)
            marks = {} if last else {"IndexedPagingOffset": str(offset + len(page))}
            marks |= {"TotalItemsInView": str(len(rows)), "IncludesLastItemInRange": str(last).lower()}
            return [m("RootFolder", t("Folders", *(self._folder(one.id) for one in page)), **marks)]

        return self._each(operation, every(request, "m:ParentFolderIds/*"), act, [])

    def _create_folder(self, operation: str, request: Any) -> list[Any]:
        def act(new: Any) -> list[Any]:
            parent = self._where(first(request, "m:ParentFolderId")[0])
            made = self.store.add_folder(parent, text_of(new, "t:DisplayName"), text_of(new, "t:FolderClass"))
            return [m("Folders", t("Folder", t("FolderId", Id=made.id, ChangeKey="CK")))]

        return self._each(operation, every(request, "m:Folders/*"), act, [])

    # items

    def _sync_folder_items(self, operation: str, request: Any) -> list[Any]:
        state = text_of(request, "m:SyncState")
        names = _names(request)
        most = min(int(text_of(request, "m:MaxChangesReturned")), self.page)

        def act(reference: Any) -> list[Any]:
            folder = self._where(reference)
            rows = self.store.changes(folder, self.store.since(folder, state))
            page = rows[:most]
            last = len(page) == len(rows)
            now = self.store.state(folder, self.store.count if last else page[-1][0])
            told = m("Changes", *(self._change(kind, one, names) for _, kind, one in reversed(page)))
            return [m("SyncState", now), m("IncludesLastItemInRange", str(last).lower()), told]

        empty = [(m, "SyncState"), (lambda tag: m(tag, "true"), "IncludesLastItemInRange")]
        return self._each(operation, every(request, "m:SyncFolderId/*"), act, empty)

    def _change(self, kind: str, item_id: str, names: set[str]) -> Any:
        if kind == "Delete":
            return t("Delete", t("ItemId", Id=item_id, ChangeKey="CK0"))
        return t(kind, self._item(self.store.items[item_id], names))

    def _get_item(self, operation: str, request: Any) -> list[Any]:
        names = _names(request)
        mime = text_of(request, "m:ItemShape/t:IncludeMimeContent") == "true"
        most = text_of(request, "m:ItemShape/t:MaximumBodySize")

        def act(wanted: Any) -> list[Any]:
            item = self.store.item(wanted.get("Id"))
            if mime and item.broken:
                raise Missing("ErrorMimeContentConversionFailed")
            if mime:
                self.largest_mime = max(self.largest_mime, len(item.mime))
            return [m("Items", self._item(item, names, mime=mime, most=int(most or 0)))]

        return self._each(operation, every(request, "m:ItemIds/*"), act, [(m, "Items")])

    def _item(self, item: Item, names: set[str], *, mime: bool = False, most: int = 0) -> Any:
        """An item with the properties asked for, in the order of the schema."""
        parts = [t("MimeContent", b64encode(item.mime).decode(), CharacterSet="UTF-8")] if mime else []
        parts.append(t("ItemId", Id=item.id, ChangeKey=item.change_key))
        known: dict[str, Callable[[], Any]] = {
            "item:ParentFolderId": lambda: t("ParentFolderId", Id=item.folder, ChangeKey="CK"),
            "item:Subject": lambda: t("Subject", str(item.parsed["Subject"] or "")),
            "item:Body": lambda: _body(item, most),
            "item:Attachments": lambda: _attachments(item),
            "item:DateTimeReceived": lambda: t("DateTimeReceived", item.received.strftime(_WORDS)),
            "item:Size": lambda: t("Size", str(len(item.mime))),
            "item:Categories": lambda: (
                t("Categories", *(t("String", one) for one in item.categories)) if item.categories else None
            ),
            "item:IsDraft": lambda: t("IsDraft", str(item.is_draft).lower()),
            "item:InternetMessageHeaders": lambda: _headers(item),
            "message:InternetMessageId": lambda: t("InternetMessageId", item.message_id) if item.message_id else None,
            "message:IsRead": lambda: t("IsRead", str(item.is_read).lower()),
        }
        unknown = names - set(known)
        if unknown:
            raise Missing("ErrorInvalidPropertyRequest")
        parts += [made for name, make in known.items() if name in names and (made := make()) is not None]
        return t("Message", *parts)

    def _find_item(self, operation: str, request: Any) -> list[Any]:
        constants = every(request, "m:Restriction//t:Constant")
        wanted = {one.get("Value").lower() for one in constants}
        names = _names(request)

        def act(reference: Any) -> list[Any]:
            rows = [
                one for one in self.store.of(self._where(reference)) if not wanted or one.message_id.lower() in wanted
            ]
            marks = {"TotalItemsInView": str(len(rows)), "IncludesLastItemInRange": "true"}
            return [m("RootFolder", t("Items", *(self._item(one, names) for one in rows)), **marks)]

        return self._each(operation, every(request, "m:ParentFolderIds/*"), act, [])

    def _move_item(self, operation: str, request: Any) -> list[Any]:
        target = first(request, "m:ToFolderId")[0]

        def act(wanted: Any) -> list[Any]:
            try:
                folder = self._where(target)
            except Missing:
                raise Missing("ErrorToFolderNotFound") from None
            moved = self.store.move(wanted.get("Id"), folder)
            return [m("Items", t("Message", t("ItemId", Id=moved.id, ChangeKey=moved.change_key)))]

        return self._each(operation, every(request, "m:ItemIds/*"), act, [(m, "Items")])

    def _update_item(self, operation: str, request: Any) -> list[Any]:
        def act(change: Any) -> list[Any]:
            told = first(change, "t:ItemId")
            item = self.store.item(told.get("Id"))
            if request.get("ConflictResolution") != "AlwaysOverwrite" and told.get("ChangeKey") != item.change_key:
                raise Missing("ErrorIrresolvableConflict")
            for update in every(change, "t:Updates/*"):
                named = every(update, "*/t:ExtendedProperty/t:Value")
                if named:
                    item.named = named[0].text
                else:
                    item.categories = [one.text for one in every(update, "*/t:Categories/t:String")]
            self.store.change(item)
            return [
                m("Items", t("Message", t("ItemId", Id=item.id, ChangeKey=item.change_key))),
                m("ConflictResults", t("Count", "0")),
            ]

        return self._each(operation, every(request, "m:ItemChanges/*"), act, [(m, "Items")])

    def _create_item(self, operation: str, request: Any) -> list[Any]:
        where = first(request, "m:SavedItemFolderId")
        disposition = request.get("MessageDisposition")

        def act(new: Any) -> list[Any]:
            mime = b64decode(text_of(new, "t:MimeContent"))
            draft = not every(new, "t:ExtendedProperty")
            folder = self._where(where[0]) if where is not None else self.store.roles["drafts"]
            if disposition != "SaveOnly":
                self.store.outgoing.append(mime)
                folder = self._where(where[0]) if where is not None else self.store.roles["sentitems"]
            item = self.store.add(folder, mime, draft=draft, read=True)
            item.named = "<another@exchange.example>" if self.renames_drafts and draft else ""
            return [m("Items", t("Message", t("ItemId", Id=item.id, ChangeKey=item.change_key)))]

        return self._each(operation, every(request, "m:Items/*"), act, [(m, "Items")])

    def _send_item(self, operation: str, request: Any) -> list[Any]:
        saved = first(request, "m:SavedItemFolderId")

        def act(wanted: Any) -> list[Any]:
            item = self.store.item(wanted.get("Id"))
            if not wanted.get("ChangeKey"):
                raise Missing("ErrorChangeKeyRequiredForWriteOperations")
            if wanted.get("ChangeKey") != item.change_key:
                raise Missing("ErrorStaleObject")
            if not getaddresses(item.parsed.get_all("To", []) + item.parsed.get_all("Bcc", [])):
                raise Missing("ErrorInvalidRecipients")
            self.store.send(item.id, self._where(saved[0]) if saved is not None else None)
            return []

        return self._each(operation, every(request, "m:ItemIds/*"), act, [])

    # categories and notifications

    def _get_user_configuration(self, operation: str, request: Any) -> list[Any]:
        def act(name: Any) -> list[Any]:
            if name.get("Name") not in self.store.configurations:
                raise Missing("ErrorItemNotFound")
            data = b64encode(self.store.configurations[name.get("Name")]).decode()
            same = t("UserConfigurationName", t("DistinguishedFolderId", Id="calendar"), Name=name.get("Name"))
            return [m("UserConfiguration", same, t("XmlData", data))]

        return self._each(operation, [first(request, "m:UserConfigurationName")], act, [])

    def _update_user_configuration(self, operation: str, request: Any) -> list[Any]:
        def act(new: Any) -> list[Any]:
            name = first(new, "t:UserConfigurationName").get("Name")
            self.store.configurations[name] = b64decode(text_of(new, "t:XmlData"))
            return []

        return self._each(operation, every(request, "m:UserConfiguration"), act, [])

    def _subscribe(self, operation: str, request: Any) -> list[Any]:
        def act(wanted: Any) -> list[Any]:
            folder = self._where(first(wanted, "t:FolderIds")[0])
            name = f"S{len(self.subscriptions)}"
            self.subscriptions[name] = (folder, self.store.count)
            return [m("SubscriptionId", name)]

        return self._each(operation, every(request, "m:StreamingSubscriptionRequest"), act, [])

    def notification(self, subscription: str) -> Any | None:
        """What came to a subscribed folder since it was last told of, as a response; None for nothing."""
        folder, since = self.subscriptions[subscription]
        with self.store.lock:
            found = [(count, one) for count, where, one in self.store.events if where == folder and count > since]
            if not found:
                return None
            self.subscriptions[subscription] = (folder, found[-1][0])
        events = [
            t(
                "NewMailEvent",
                t("TimeStamp", "2026-10-12T08:00:00Z"),
                t("ItemId", Id=one),
                t("ParentFolderId", Id=folder),
            )
            for _, one in found
        ]
        return self.streamed(m("Notifications", t("Notification", t("SubscriptionId", subscription), *events)))

    def streamed(self, *inside: Any) -> Any:
        part = _success("GetStreamingEvents", *inside)
        return m("GetStreamingEventsResponse", m("ResponseMessages", part))


def _success(operation: str, *inside: Any) -> Any:
    return m(f"{operation}ResponseMessage", m("ResponseCode", "NoError"), *inside, ResponseClass="Success")


def _failure(operation: str, code: str, *inside: Any) -> Any:
    told = (m("MessageText", "It went wrong."), m("ResponseCode", code), m("DescriptiveLinkKey", "0"))
    return m(f"{operation}ResponseMessage", *told, *inside, ResponseClass="Error")


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


def _names(request: Any) -> set[str]:
    """The properties that a request asks for, by name or by a whole shape."""
    whole = set() if text_of(request, "*/t:BaseShape") == "IdOnly" else _USUAL
    return whole | {one.get("FieldURI") for one in every(request, "*/t:AdditionalProperties/t:FieldURI")}


def _folder(one: Folder, count: int) -> Any:
    ids = [t("FolderId", Id=one.id, ChangeKey="CK")]
    ids += [t("ParentFolderId", Id=one.parent, ChangeKey="CK")] if one.parent else []
    return t("Folder", *ids, t("FolderClass", one.kind), t("DisplayName", one.name), t("TotalCount", str(count)))


def _body(item: Item, most: int) -> Any:
    """The first text of a mail, cut to ``most`` bytes."""
    for part in item.parsed.walk():
        if part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
            text = (part.get_payload(decode=True) or b"").decode("utf-8", "replace")
            kind = "HTML" if part.get_content_subtype() == "html" else "Text"
            return t("Body", text[:most] if most else text, BodyType=kind)
    return t("Body", "", BodyType="Text")


def _attachments(item: Item) -> Any | None:
    parts = [part for part in item.parsed.walk() if part.get_content_disposition() == "attachment"]
    made = [
        t(
            "FileAttachment",
            t("AttachmentId", Id=f"{item.id}-{number}"),
            t("Name", part.get_filename() or ""),
            t("ContentType", part.get_content_type()),
            t("Size", str(len(part.get_payload(decode=True) or b""))),
        )
        for number, part in enumerate(parts)
    ]
    return t("Attachments", *made) if made else None


def _headers(item: Item) -> Any:
    rows = [t("InternetMessageHeader", str(value), HeaderName=name) for name, value in item.parsed.items()]
    return t("InternetMessageHeaders", *rows)
