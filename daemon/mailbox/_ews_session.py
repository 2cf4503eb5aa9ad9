"""One login on an Exchange mailbox: its folders by role and by the path of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.accounts.ews import connect
from daemon.accounts.ews_wire import Answer, Wire
from daemon.accounts.ews_xml import Xml, every, first, folder_ref, m, shape, t, text_of
from daemon.errors import ConfigError, NoticedError, PermanentError, TransientError

if TYPE_CHECKING:
    from daemon.mailbox.ews import EwsSettings

_ROLES = ("msgfolderroot", "inbox", "sentitems", "junkemail")
_INBOX = "INBOX"
_NOT_FOR_US = frozenset({"ErrorFolderNotFound", "ErrorItemNotFound", "ErrorAccessDenied"})
_PAGE = 1000  # folders in one answer
_MOST_PAGES = 100


class Session:
    """Asks in one mailbox.  Folders are looked up anew in each call, because a person may move or rename them."""

    def __init__(self, settings: EwsSettings) -> None:
        self.settings = settings
        self.wire: Wire = connect(settings)
        self.roles = self._roles()

    @property
    def name(self) -> str:
        return self.settings.name

    def ask(self, operation: str, request: Xml, expected: int = 1) -> list[Answer]:
        return self.wire.ask(operation, request, expected)

    def role(self, role: str) -> Xml:
        return folder_ref("@" + role, self.settings.address)

    def close(self) -> None:
        self.wire.close()

    def _roles(self) -> dict[str, str]:
        """Learn the ids of the special folders; by this the login is proven."""
        wanted = m("FolderIds", *(self.role(role) for role in _ROLES))
        answers = self.ask("GetFolder", m("GetFolder", shape("FolderShape"), wanted), len(_ROLES))
        told = dict(zip(_ROLES, answers, strict=True))
        unclear = [answer for answer in answers if not answer.ok and answer.code not in _NOT_FOR_US]
        if unclear:
            raise self.refused("to open its folders", unclear[0].code)
        if not told["inbox"].ok or not told["msgfolderroot"].ok:
            raise ConfigError(f"mailbox {self.name}: the login works, but it may not open the inbox of this address")
        return {role: _folder_id(answer) for role, answer in told.items() if answer.ok}

    def refused(self, doing: str, code: str) -> NoticedError:
        """What it means that the server did not do what a folder was asked for."""
        error = PermanentError if code in _NOT_FOR_US else TransientError
        return error(f"mailbox {self.name}: the server refused {doing} ({code})")

    def missing(self, folder: str) -> PermanentError:
        return PermanentError(f'mailbox {self.name}: the folder "{folder}" cannot be opened or does not exist')

    # names: "/" parts a folder's path from the top of the mailbox

    def folder_id(self, folder: str) -> str | None:
        """The server's id of ``folder``, None if there is none.  INBOX is the inbox in any language."""
        if folder.upper() == _INBOX:
            return self.roles["inbox"]
        return self.paths().get(folder.casefold(), (None, ""))[0]

    def path_of(self, role: str) -> str | None:
        """The path of a special folder, whatever the language of the mailbox."""
        wanted = self.roles.get(role)
        return next((path for found, path in self.paths().values() if found == wanted), None)

    def paths(self) -> dict[str, tuple[str, str]]:
        """Every folder's path, for comparing -> (its id, the path); Exchange takes no notice of case."""
        rows = self._folders()
        by_id = {one: (parent, name) for one, parent, name in rows}
        found = {path.casefold(): (one, path) for one in by_id if (path := _path(one, by_id))}
        own = by_id.get(self.roles["inbox"], ("", _INBOX))[1]
        for _, (one, path) in list(found.items()):
            if path.startswith(own + "/"):
                renamed = _INBOX + path[len(own) :]
                found.setdefault(renamed.casefold(), (one, renamed))
        return found

    def _folders(self) -> list[tuple[str, str, str]]:
        """(id, id of the parent, name) of all folders that people see."""
        rows: list[tuple[str, str, str]] = []
        for _ in range(_MOST_PAGES):
            view = m(
                "IndexedPageFolderView", MaxEntriesReturned=str(_PAGE), Offset=str(len(rows)), BasePoint="Beginning"
            )
            parents = m("ParentFolderIds", self.role("msgfolderroot"))
            what = shape("FolderShape", "folder:DisplayName", "folder:ParentFolderId")
            [answer] = self.ask("FindFolder", m("FindFolder", what, view, parents, Traversal="Deep"))
            if not answer.ok:
                raise self.refused("to list its folders", answer.code)
            page = every(answer.message, "m:RootFolder/t:Folders/*")
            rows += [
                (_id(one, "t:FolderId"), _id(one, "t:ParentFolderId"), text_of(one, "t:DisplayName")) for one in page
            ]
            root = first(answer.message, "m:RootFolder")
            if not page or root is None or root.get("IncludesLastItemInRange") in ("true", "1"):
                break
        return rows

    def ensure_folder(self, folder: str) -> str:
        """Return the id of ``folder``, made with all above it if it is missing."""
        found = self.folder_id(folder)
        if found is not None:
            return found
        known, parent, path = self.paths(), self.roles["msgfolderroot"], ""
        for part in folder.split("/"):
            path = f"{path}/{part}" if path else part
            there = known.get(path.casefold())
            parent = self.roles["inbox"] if path.upper() == _INBOX else there[0] if there else self._make(parent, path)
        return parent

    def _make(self, parent: str, path: str) -> str:
        name = path.rpartition("/")[2]
        new = t("Folder", t("FolderClass", "IPF.Note"), t("DisplayName", name)) if name else None
        if new is not None:
            request = m("CreateFolder", m("ParentFolderId", folder_ref(parent, "")), m("Folders", new))
            [answer] = self.ask("CreateFolder", request)
            made = _folder_id(answer) if answer.ok else self.folder_id(path)
            if made:
                return made
        raise PermanentError(f"mailbox {self.name}: a folder could not be created")


def _folder_id(answer: Answer) -> str:
    return _id(answer.message, "m:Folders/*/t:FolderId")


def _id(element: Xml, path: str) -> str:
    found = first(element, path)
    return str(found.get("Id")) if found is not None else ""


def _path(folder: str, by_id: dict[str, tuple[str, str]]) -> str:
    """The names from the top down; "" for a folder whose way up is not known."""
    names: list[str] = []
    while folder in by_id and len(names) < 50:
        folder, name = by_id[folder]
        names.append(name)
    return "/".join(reversed(names))
