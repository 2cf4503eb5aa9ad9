"""A stateful Microsoft Graph on loopback for one mailbox, with the faults that the real one shows.

Each answer follows an example that Microsoft publishes (microsoft-graph-docs, v1.0):

- delta of messages, pages, @removed: "Get incremental changes to messages in a folder" (both rounds of example 1) and
  "message: delta"; a lost token: "Microsoft Graph error responses" (410, syncStateNotFound / resyncRequired);
  at most 5,000 messages with $filter: "Get incremental changes to messages in a folder", query parameters
- delta of folders: "Get incremental changes to mail folders"; a new one: "Create child folder"
- a message and its MIME: "Get message" (examples 1 and 4), "Get MIME content of a message" (text/plain;
  405 for /mailFolders/{id}/messages/{id}/$value as reported in microsoft-graph-docs-contrib issue 5546)
- size by extended property: "Get singleValueLegacyExtendedProperty" (example 1); attachments: "List attachments"
- draft from MIME with an id of the server's own: "Create message" (example 3); "Update message"; "message: send" (202);
  "message: move" (201, another id unless "Obtain immutable identifiers for Outlook resources" is asked for)
- the newest of a folder: "List messages" ($top, $orderby)
- $batch: "Combine multiple HTTP requests using JSON batching" (20 at most, each with headers of its own, any order)
- 429 and 503: "Microsoft Graph throttling guidance"; categories: "Create outlookCategory", "List masterCategories"
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.servers.graph_store import DRAFTS, OUTBOX, SENT, Folder, Item, Store
from tests.servers.web import Asked, Told, Web

ADDRESS, TOKEN = "box@hotline.example", "a graph token 4c1"
_PLAIN = "text/plain"
_IMMUTABLE = 'IdType="ImmutableId"'


@dataclass
class Fault:
    """What happens instead at requests that match ``at`` ("METHOD /path"); ``after``: once they were carried out."""

    at: str
    status: int = 0
    code: str = "serviceNotAvailable"
    headers: dict[str, str] = field(default_factory=dict)
    how: str = ""
    after: bool = False
    times: int = 1

    def told(self) -> Told:
        if self.how:
            return Told(how=self.how)
        return failed(self.status, self.code, **self.headers)


def failed(status: int, code: str, **headers: str) -> Told:
    inner = {"date": "2026-10-12T08:00:00", "request-id": "94fb3b52-452a-4535-a601-69e0a90e3aa2"}
    text = "No, for secret@reporter.example."
    return Told.of({"error": {"code": code, "message": text, "innerError": inner}}, status, **headers)


class GraphServer:
    """``asked`` is what was asked, "METHOD /path?query"; ``left`` the letters that left."""

    def __init__(self) -> None:
        self.store = Store()
        self.tokens = {TOKEN}
        self.faults: list[Fault] = []
        self.asked: list[str] = []
        self.prefers: list[str] = []
        self.left: list[bytes] = []
        self.full = False  # the mailbox holds nothing more
        self.keeps_message_id = False  # of a draft made from MIME
        self.renews_sent = False  # a sent draft gets another immutable id, as has been reported
        self.sends_late = False  # an accepted letter stays where it is until ``deliver``
        self.colours = True  # whether the app may change the categories
        self.filter_limit = 5000
        self._late: list[Item] = []
        self._states: dict[str, tuple[str, int | None, int, str]] = {}  # token -> (folder, log from, log to, select)
        self._pages: dict[str, tuple[list[Any], str, str]] = {}
        self._tokens = count(1)
        self.web = Web(self._answer)
        self.url = self.web.url

    def stop(self) -> None:
        self.web.stop()

    def restart(self) -> None:
        self.web.cut()

    def strike(self, at: str, status: int = 0, **more: Any) -> None:
        self.faults.append(Fault(at, status, **more))

    def forget_states(self) -> None:
        """Every delta token is lost."""
        self._states.clear()
        self._pages.clear()

    def deliver(self) -> None:
        for item in self._late:
            self._leave(item)
        self._late = []

    # every request

    def _answer(self, asked: Asked) -> Told:
        if asked.headers.get("Authorization") not in {f"Bearer {token}" for token in self.tokens}:
            return failed(401, "InvalidAuthenticationToken")
        with self.store.lock:
            if asked.path == "/v1.0/$batch":
                return self._faulty("POST /$batch", lambda: self._batch(asked.json))
            path = asked.path.removeprefix("/v1.0")
            return self._one(asked.method, path, asked.query, asked.headers, asked.body)

    def _one(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Told:
        self.asked.append(f"{method} {path}" + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else ""))
        self.prefers.append(headers.get("Prefer") or "")
        return self._faulty(f"{method} {path}", lambda: self._route(method, path, query, headers, body))

    def _faulty(self, at: str, act: Any) -> Told:
        fault = next((one for one in self.faults if one.times > 0 and re.search(one.at, at)), None)
        if fault is None:
            return act()
        fault.times -= 1
        if fault.after:
            act()
        return fault.told()

    def _batch(self, given: Any) -> Told:
        asks = given["requests"]
        if len(asks) > 20:
            return failed(400, "BadRequest")
        responses = []
        for one in reversed(asks):  # the order is not promised
            parts = urlsplit(one["url"])
            body = json.dumps(one["body"]).encode() if "body" in one else b""
            headers = {key.title(): value for key, value in (one.get("headers") or {}).items()}
            told = self._one(one["method"], parts.path, dict(parse_qsl(parts.query)), headers, body)
            if told.how:
                return told  # a part cannot be cut off alone
            plain = told.headers.get("Content-Type") == _PLAIN
            content: Any = b64encode(told.body).decode() if plain else json.loads(told.body or b"null")
            responses.append({"id": one["id"], "status": told.status, "headers": told.headers, "body": content})
        return Told.of({"responses": responses})

    def _route(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Told:
        user, _, rest = path.removeprefix("/users/").partition("/")
        if unquote(user).lower() != ADDRESS:
            return failed(404, "ErrorInvalidUser")
        parts = [unquote(part) for part in rest.split("/")]
        prefer = headers.get("Prefer") or ""
        match [method, *parts]:
            case ["GET", "mailFolders", "delta"]:
                return self._folder_delta(query)
            case ["GET", "mailFolders", name]:
                found = self._folder(name)
                return Told.of(self._folder_json(found)) if found else failed(404, "ErrorItemNotFound")
            case ["POST", "mailFolders", name, "childFolders"]:
                return self._make_folder(name, json.loads(body))
            case ["GET", "mailFolders", name, "messages", "delta"]:
                return self._delta(name, query, prefer)
            case ["GET", "mailFolders", name, "messages"]:
                return self._newest(name, query, prefer)
            case ["GET", "mailFolders", _, "messages", _, "$value"]:
                return failed(405, "ErrorInvalidRequest")
            case ["POST", "messages"]:
                return self._draft(headers, body, prefer)
            case [verb, "messages", given, *what]:
                item = self.store.find(given)
                if item is None:
                    return failed(404, "ErrorItemNotFound")
                return self._message(verb, item, what, query, prefer, body)
            case [_, "outlook", "masterCategories"]:
                return self._categories(method, body)
        return failed(400, "BadRequest")

    # folders

    def _folder(self, name: str) -> Folder | None:
        return self.store.folders.get(self.store.roles.get(name, name))

    def _folder_json(self, folder: Folder) -> dict[str, Any]:
        found = {"id": folder.id, "displayName": folder.name, "totalItemCount": len(self.store.of(folder.id))}
        return found | ({"parentFolderId": folder.parent} if folder.parent else {})

    def _folder_delta(self, query: Mapping[str, str]) -> Told:
        token = query.get("$deltatoken")
        if token is not None and token not in self._states:
            return failed(410, "syncStateNotFound")
        start = self._states[token][2] if token is not None else 0
        changed = dict.fromkeys(self.store.folder_log[start:])
        value: list[Any] = []
        for one in changed:
            found = self.store.folders.get(one)
            value.append(self._folder_json(found) if found else {"id": one, "@removed": {"reason": "deleted"}})
        link = self._link("mailFolders/delta", "$deltatoken", ("", None, len(self.store.folder_log), ""))
        return Told.of({"value": value, "@odata.deltaLink": link})

    def _make_folder(self, parent: str, given: Any) -> Told:
        above = self._folder(parent)
        if above is None:
            return failed(404, "ErrorItemNotFound")
        made = self.store.make(above.id, given["displayName"])
        return Told.of(self._folder_json(made), 201) if made else failed(409, "ErrorFolderExists")

    # delta of messages

    def _link(self, path: str, kind: str, state: Any) -> str:
        token = f"T{next(self._tokens)}"
        (self._states if kind == "$deltatoken" else self._pages)[token] = state
        return f"{self.url}/v1.0/users/{ADDRESS}/{path}?{kind}={token}"

    def _delta(self, name: str, query: Mapping[str, str], prefer: str) -> Told:
        folder = self._folder(name)
        if folder is None:
            return failed(404, "ErrorItemNotFound")
        size = int(found[1]) if (found := re.search(r"odata\.maxpagesize=(\d+)", prefer)) else 10
        if "$skiptoken" in query:
            if query["$skiptoken"] not in self._pages:
                return failed(410, "resyncRequired")
            rows, select, end = self._pages[query["$skiptoken"]]
            return self._page(folder, rows, select, end, size, prefer)
        token = query.get("$deltatoken")
        if token is not None and token not in self._states:
            return failed(410, "syncStateNotFound")
        start, select = (self._states[token][2], self._states[token][3]) if token else (None, query.get("$select", ""))
        rows = list(self.store.since(folder.id, start))
        if "$filter" in query:
            rows = rows[-self.filter_limit :]
        path = f"mailFolders/{folder.id}/messages/delta"
        end = self._link(path, "$deltatoken", (folder.id, start, len(self.store.log), select))
        return self._page(folder, rows, select, end, size, prefer)

    def _newest(self, name: str, query: Mapping[str, str], prefer: str) -> Told:
        folder = self._folder(name)
        if folder is None:
            return failed(404, "ErrorItemNotFound")
        lying = sorted(self.store.of(folder.id), key=lambda item: item.received, reverse=True)
        return Told.of({"value": [self._json(item, query, prefer) for item in lying[: int(query.get("$top", "10"))]]})

    def _page(self, folder: Folder, rows: list[Any], select: str, end: str, size: int, prefer: str) -> Told:
        value = [self._row(key, item, select, prefer) for key, item in rows[:size]]
        rest = rows[size:]
        if not rest:
            return Told.of({"value": value, "@odata.deltaLink": end})
        path = f"mailFolders/{folder.id}/messages/delta"
        return Told.of({"value": value, "@odata.nextLink": self._link(path, "$skiptoken", (rest, select, end))})

    def _row(self, key: int, item: Item | None, select: str, prefer: str) -> dict[str, Any]:
        if item is None or item.key not in self.store.items:
            given = self.store.id_of(key, immutable=_IMMUTABLE in prefer)
            return {"@odata.type": "#microsoft.graph.message", "id": given, "@removed": {"reason": "deleted"}}
        return self._json(item, {"$select": select}, prefer)

    # messages

    def _json(self, item: Item, query: Mapping[str, str], prefer: str) -> dict[str, Any]:
        received = item.received.strftime("%Y-%m-%dT%H:%M:%SZ")
        full: dict[str, Any] = {
            "parentFolderId": item.folder,
            "receivedDateTime": received,
            "categories": item.categories,
            "isRead": item.is_read,
            "isDraft": item.is_draft,
            "internetMessageId": item.message_id,
        }
        select = [one for one in query.get("$select", "").split(",") if one]
        if not select or "hasAttachments" in select:
            full["hasAttachments"] = bool(item.attachments)
        if "internetMessageHeaders" in select:
            full["internetMessageHeaders"] = [
                {"name": name, "value": re.sub(r"\r\n[ \t]+", " ", str(value))} for name, value in item.parsed.items()
            ]
        if "body" in select:
            full["body"] = self._body(item, prefer)
        found = {key: value for key, value in full.items() if not select or key in select}
        found |= {"@odata.etag": 'W/"CQAAABYAAAA"', "id": self._id(item, prefer)}
        if "0x0E08" in query.get("$expand", ""):
            found["singleValueExtendedProperties"] = [{"id": "Integer 0xe08", "value": str(len(item.raw))}]
        return found

    def _id(self, item: Item, prefer: str) -> str:
        return self.store.id_of(item.key, immutable=_IMMUTABLE in prefer)

    def _body(self, item: Item, prefer: str) -> dict[str, str]:
        if 'outlook.body-content-type="text"' in prefer:
            return {"contentType": "text", "content": item.text}
        return {"contentType": "html", "content": f"<html><body><pre>{item.text}</pre></body></html>"}

    def _attachment(self, part: Any, select: str) -> dict[str, Any]:
        size = len(part.get_payload()) * 3 // 4
        full = {"name": part.get_filename(), "contentType": part.get_content_type(), "size": size, "isInline": False}
        if not select:
            full["contentBytes"] = part.get_payload()
        chosen = {key: value for key, value in full.items() if not select or key in select.split(",")}
        return {"@odata.type": "#microsoft.graph.fileAttachment", "id": "A", **chosen}

    def _message(
        self, verb: str, item: Item, what: list[str], query: Mapping[str, str], prefer: str, body: bytes
    ) -> Told:
        match [verb, *what]:
            case ["GET"]:
                return Told.of(self._json(item, query, prefer))
            case ["GET", "$value"]:
                return Told(200, item.raw, {"Content-Type": _PLAIN})
            case ["GET", "attachments"]:
                return Told.of(
                    {"value": [self._attachment(part, query.get("$select", "")) for part in item.attachments]}
                )
            case ["PATCH"]:
                return self._patch(item, json.loads(body), prefer)
            case ["POST", "move"]:
                target = self._folder(json.loads(body)["destinationId"])
                if target is None:
                    return failed(404, "ErrorItemNotFound")
                self.store.move(item, target.id)
                return Told.of(self._json(item, {}, prefer), 201)
            case ["POST", "send"]:
                return self._send(item)
        return failed(400, "BadRequest")

    def _patch(self, item: Item, given: dict[str, Any], prefer: str) -> Told:
        if "internetMessageId" in given and not item.is_draft:
            return failed(400, "ErrorInvalidPropertySet")
        item.message_id = given.get("internetMessageId", item.message_id)
        item.categories = given.get("categories", item.categories)
        item.is_read = given.get("isRead", item.is_read)
        self.store.changed(item)
        return Told.of(self._json(item, {}, prefer))

    # letters

    def _draft(self, headers: Mapping[str, str], body: bytes, prefer: str) -> Told:
        if headers.get("Content-Type") != _PLAIN:
            return failed(400, "BadRequest")
        if self.full:
            return failed(507, "ErrorQuotaExceeded")
        try:
            raw = b64decode(body, validate=True)
        except ValueError:
            return failed(400, "ErrorMimeContentInvalidBase64String")
        item = self.store.add(self.store.roles[DRAFTS], raw, draft=True)
        item.is_read = True
        if not self.keeps_message_id:
            item.message_id = f"<{item.key}@AAAA0001.prod.outlook.example>"
        return Told.of(self._json(item, {}, prefer), 201)

    def _send(self, item: Item) -> Told:
        if not item.is_draft or item in self._late:
            return failed(400, "ErrorInvalidOperation")
        if self.sends_late:
            self._late.append(item)
            self.store.move(item, self.store.roles[OUTBOX])
        else:
            self._leave(item)
        return Told(202)

    def _leave(self, item: Item) -> None:
        self.left.append(item.raw)
        item.is_draft = False
        self.store.move(item, self.store.roles[SENT])
        if f"To: {ADDRESS}".encode() in item.raw:
            self.store.add(self.store.at("INBOX").id, item.raw)
        if self.renews_sent:
            self.store.renewed(item)

    def _categories(self, method: str, body: bytes) -> Told:
        if not self.colours:
            return failed(403, "ErrorAccessDenied")
        if method == "GET":
            value = [{"id": name, "displayName": name, "color": colour} for name, colour in self.store.master.items()]
            return Told.of({"value": value})
        given = json.loads(body)
        if given["displayName"] in self.store.master:
            return failed(409, "ErrorDuplicateName")
        self.store.master[given["displayName"]] = given["color"]
        return Told.of({"id": "1", **given}, 201)
