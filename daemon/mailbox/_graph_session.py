"""One mailbox in Exchange Online: its folders by role and by the path of their names, kept up by one small question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from daemon.accounts.graph import connect
from daemon.accounts.graph_http import Ask, Reply
from daemon.accounts.patience import Bell
from daemon.errors import ConfigError, PermanentError, TransientError

if TYPE_CHECKING:
    from daemon.mailbox.graph import GraphSettings

_ROLES = ("msgfolderroot", "inbox", "sentitems", "junkemail", "deleteditems")
_MOST_LEVELS = 50


@dataclass(slots=True)
class Link:
    """The newest link to the changes of a folder that means the same as an older one which is stored."""

    stored: str
    newest: str
    since: float  # by the monotonic clock


@dataclass(frozen=True, slots=True)
class _Folder:
    name: str
    parent: str


@dataclass(slots=True)
class Index:
    """The Message-IDs in a folder (as digests), kept up by a link of its own."""

    link: str = ""
    digest_of: dict[str, bytes] = field(default_factory=dict)
    ids_of: dict[bytes, set[str]] = field(default_factory=dict)


class Session:
    """Asks in one mailbox.  People may move or rename folders at any time, so names are looked up anew in each call."""

    def __init__(self, settings: GraphSettings, bell: Bell) -> None:
        self.settings, self.name = settings, settings.name
        self.graph = connect(settings, bell)
        self.links: dict[str, Link] = {}
        self.indexes: dict[str, Index] = {}
        self.painted: set[str] = set()
        self._folders: dict[str, _Folder] = {}
        self._folders_link = ""
        self.roles = self._roles()

    def close(self) -> None:
        self.graph.close()

    def ask(self, method: str, path: str, body: Any = None, prefer: str = "") -> Reply:
        return self.graph.ask(self.to(method, path, body, prefer))

    def to(self, method: str, path: str, body: Any = None, prefer: str = "") -> Ask:
        """A request for something in this mailbox."""
        return Ask(method, f"{self.graph.root}/{path}", body, prefer)

    def message(self, message_id: str, rest: str = "") -> str:
        return f"messages/{quote(message_id, safe='')}{rest}"

    def _roles(self) -> dict[str, str]:
        """Learn the ids of the special folders; by this the way in is proven."""
        replies = self.graph.batch([self.to("GET", f"mailFolders/{role}?$select=id") for role in _ROLES])
        found = {role: reply.get("id") for role, reply in zip(_ROLES, replies, strict=True) if reply.ok}
        unclear = next((one for one in replies if not (one.ok or one.is_gone or one.status == 403)), None)
        if unclear is not None:  # not "there is none": a folder that is missed would be missed until the next login
            raise TransientError(f"mailbox {self.name}: the special folders cannot be listed ({unclear.status})")
        if "inbox" in found and "msgfolderroot" in found:
            return found
        reply = replies[_ROLES.index("inbox")]
        if reply.status == 403:
            rights = "Mail.ReadWrite, with admin consent, and perhaps an access policy for this mailbox"
            raise ConfigError(f"mailbox {self.name}: the sign-in works, but not for this mailbox: grant {rights}")
        if reply.is_gone:
            raise ConfigError(
                f"mailbox {self.name}: there is no mailbox of this address in Exchange Online ({reply.status})"
            )
        raise self.graph.refused(reply, "opening the inbox")

    # names: "/" parts a folder's path from the top of the mailbox

    def folder_id(self, folder: str) -> str | None:
        """The server's id of ``folder``, None if there is none.  The inbox always has the one id."""
        if folder == self.settings.inbox:
            return self.roles["inbox"]
        return self._paths().get(folder.casefold(), (None, ""))[0]

    def needed(self, folder: str) -> str:
        found = self.folder_id(folder)
        if found is None:
            raise PermanentError(f'mailbox {self.name}: the folder "{folder}" cannot be opened or does not exist')
        return found

    def path_of(self, role: str) -> str | None:
        """The path of a special folder, whatever the language of the mailbox."""
        wanted = self.roles.get(role)
        return next((path for found, path in self._paths().values() if found == wanted), None)

    def ensure_folder(self, folder: str) -> str:
        """Return the id of ``folder``; what is missing of its path is made."""
        parent, path = self.roles["msgfolderroot"], ""
        known = self._paths()
        if folder == self.settings.inbox:
            return self.roles["inbox"]
        for name in folder.split("/"):
            path = f"{path}/{name}" if path else name
            found = known.get(path.casefold())
            parent = found[0] if found else self._make(parent, name, path)
        return parent

    def _make(self, parent: str, name: str, path: str) -> str:
        if not name.strip():
            raise PermanentError(f"mailbox {self.name}: a folder's name cannot be used")
        reply = self.ask("POST", f"mailFolders/{quote(parent, safe='')}/childFolders", {"displayName": name})
        if reply.ok:
            self._take({"displayName": name, "parentFolderId": parent, **reply.body})  # a listing may be behind
            return str(reply.get("id"))
        made = self._paths().get(path.casefold()) if reply.status == 409 else None  # somebody was faster
        if made is None:
            raise self.graph.refused(reply, "making a folder")
        return made[0]

    def _paths(self) -> Mapping[str, tuple[str, str]]:
        """Every folder's path, for comparing -> (its id, the path); Exchange takes no notice of case."""
        self._look()
        label, inbox = self.settings.inbox, self.roles["inbox"]
        found: dict[str, tuple[str, str]] = {}
        for one in self._folders:
            path = self._path(one, label, inbox)
            if path:
                found.setdefault(path.casefold(), (one, path))
        return found

    def _path(self, one: str, label: str, inbox: str) -> str:
        """The names from the top down to a folder; "" for one that hangs nowhere.  The inbox goes by our own label."""
        names: list[str] = []
        for _ in range(_MOST_LEVELS):
            if one == self.roles["msgfolderroot"]:
                return "/".join(reversed(names))
            if one == inbox:
                return "/".join(reversed([*names, label]))
            here = self._folders.get(one)
            if here is None:
                break
            names.append(here.name)
            one = here.parent
        return ""

    def _look(self) -> None:
        """Take up what happened to folders since the last look."""
        reply = self._look_since(self._folders_link)
        if reply is not None:
            return
        self._folders, self._folders_link = {}, ""
        if self._look_since("") is None:
            raise TransientError(f"mailbox {self.name}: the folders cannot be listed")

    def _look_since(self, link: str) -> Reply | None:
        start = link or f"{self.graph.root}/mailFolders/delta?$select=displayName,parentFolderId"
        last: Reply | None = None
        for reply in self.graph.pages(start):
            if reply.lost_state:
                return None
            if not reply.ok:
                raise self.graph.refused(reply, "listing the folders")
            for row in reply.get("value") or ():
                self._take(row)
            last = reply
        self._folders_link = str(last.get("@odata.deltaLink") or "") if last is not None else ""
        return last

    def _take(self, row: Mapping[str, Any]) -> None:
        found = str(row.get("id"))
        if "@removed" in row:
            self._folders.pop(found, None)
            return
        before = self._folders.get(found, _Folder("", ""))
        parent = str(row.get("parentFolderId") or before.parent)
        self._folders[found] = _Folder(str(row.get("displayName") or before.name), parent)
