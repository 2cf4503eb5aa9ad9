"""Sends by Microsoft Graph: a draft with our Message-ID first, then that draft, which can leave once only."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from daemon.accounts.graph import GraphLogin, connect
from daemon.accounts.patience import Bell
from daemon.errors import ConfigError, NoticedError, TransientError
from daemon.mailer import Envelope, Result, Sending
from daemon.mailer._recipients import named_are_meant

if TYPE_CHECKING:  # httpx and msal are loaded when the first letter leaves
    from daemon.accounts.graph_http import Ask, Graph, Reply

__all__ = ["GraphMailer", "open_mailer"]

_LOOKS = 4  # at how a letter ended whose answer was lost
_NEWEST = 50  # letters looked at in a folder for one that was sent a moment ago
_LARGEST = 3_000_000  # bytes of a letter: 4 MB of base64 is the most that Graph takes


def open_mailer(settings: GraphLogin) -> GraphMailer:
    return GraphMailer(settings)


class GraphMailer:
    """See ``Drafting``.  Used by one thread at a time."""

    def __init__(self, settings: GraphLogin) -> None:
        self.settings = settings
        self._bell = Bell()
        self._graph: Graph | None = None
        self._made = ""  # the draft that was made last, while it is certain that nothing was done with it

    def open(self) -> None:
        """Sign in and look at the drafts, to see that it works; raises as ``send`` does."""
        graph = self._connected()
        reply = graph.ask(self._to("GET", "mailFolders/drafts?$select=id"))
        if not reply.ok:
            raise self._error(reply, "opening the drafts")

    def close(self) -> None:
        graph, self._graph = self._graph, None
        if graph is not None:
            graph.close()

    def wake(self) -> None:
        """End any wait for a busy server at once; may be called from any thread."""
        self._bell.ring()

    # a draft

    def draft(self, envelope: Envelope) -> str | Sending:
        if not named_are_meant(envelope):
            return Sending(Result.REFUSED, "recipients")
        if len(envelope.raw) > _LARGEST:
            return Sending(Result.REFUSED, "413")
        reply = self._connected().ask(self._to("POST", "messages", b64encode(envelope.raw)), once=True)
        if not reply.ok:
            return self._not_stored(reply)
        made = str(reply.get("id"))
        if reply.get("internetMessageId") != envelope.message_id:
            self._name(made, envelope.message_id)
        self._made = made
        return made

    def _not_stored(self, reply: Reply) -> Sending:
        """A draft that could not be made: nothing has left, whatever the reason."""
        if reply.is_busy or reply.is_full or reply.status == 403:
            raise self._error(reply, "making a draft")
        return Sending(Result.REFUSED, str(reply.status))

    def _name(self, draft: str, message_id: str) -> None:
        """Give the draft our Message-ID: answers and the proof in Sent are known by it, so none leaves without."""
        ask = self._to("PATCH", _path(draft), {"internetMessageId": message_id})
        reply = self._connected().ask(ask)
        if not reply.ok or reply.get("internetMessageId") != message_id:
            raise TransientError(f"{self._where}: a draft did not take our Message-ID ({reply.status})")

    # sending it

    def send(self, envelope: Envelope) -> Sending:
        draft = envelope.draft or self.draft(envelope)
        if isinstance(draft, Sending):
            return draft
        if draft != self._made:  # an earlier attempt may have sent it
            found = self.look_at(envelope)
            if found is not Result.DEFERRED:
                return Sending(found, "found" if found is Result.SENT else "")
        return self._say(envelope, draft)

    def _say(self, envelope: Envelope, draft: str) -> Sending:
        from daemon.accounts.http import Lost

        self._made = ""
        try:
            reply = self._connected().ask(self._to("POST", _path(draft, "/send")), once=True)
        except Lost as error:
            if not error.said:
                raise
            return self._how_it_ended(envelope, draft, None)
        if reply.ok:
            return Sending(Result.SENT, str(reply.status))
        if reply.status == 429:
            return Sending(Result.DEFERRED, "429", reply.retry_after)
        if reply.status == 403:
            raise self._error(reply, "sending")
        if reply.is_busy or reply.is_gone or reply.status == 400:
            return self._how_it_ended(envelope, draft, reply)
        return Sending(Result.REFUSED, str(reply.status))

    def _how_it_ended(self, envelope: Envelope, draft: str, reply: Reply | None) -> Sending:
        """Nobody said how: only a copy outside the drafts proves that it left, only the draft that it has not (yet).

        A draft that is still there is tried again later, as the very same draft; if the server sends it meanwhile, that
        attempt finds it gone.
        """
        asked = reply.retry_after if reply is not None else None
        waits = self._connected().waits()
        found = Result.UNKNOWN
        for _ in range(_LOOKS):
            try:
                found = self.look_at(Envelope(envelope.message_id, "", (), b"", draft))
            except TransientError:
                found = Result.UNKNOWN
            if found is Result.SENT or not waits.again():
                break
        if found is Result.DEFERRED and reply is not None and reply.status == 400:
            return Sending(Result.REFUSED, "400")
        return Sending(found, "found" if found is Result.SENT else "", asked if found is Result.DEFERRED else None)

    def look_at(self, envelope: Envelope) -> Result:
        reply = self._connected().ask(self._to("GET", _path(envelope.draft, "?$select=isDraft,parentFolderId")))
        if reply.ok and reply.get("isDraft") is False:
            return Result.SENT
        if reply.ok:
            return Result.DEFERRED if self._is_at_rest(reply) else Result.UNKNOWN
        if not reply.is_gone:
            raise self._error(reply, "looking at a draft")
        return Result.SENT if self._is_in_sent(envelope.message_id) else Result.UNKNOWN

    def _is_at_rest(self, reply: Reply) -> bool:
        """Whether a draft lies among the drafts: not where the server is about to send it, nor thrown away."""
        drafts = self._connected().ask(self._to("GET", "mailFolders/drafts?$select=id"))
        if not drafts.ok:
            raise self._error(drafts, "opening the drafts")
        return bool(drafts.get("id") == reply.get("parentFolderId"))

    def _is_in_sent(self, message_id: str) -> bool:
        """A sent letter may have got another id: look for our Message-ID among the newest in Sent."""
        newest = f"$select=internetMessageId&$top={_NEWEST}&$orderby=receivedDateTime%20desc"
        reply = self._connected().ask(self._to("GET", f"mailFolders/sentitems/messages?{newest}"))
        return any(one.get("internetMessageId") == message_id for one in reply.get("value") or ())

    # the server

    @property
    def _where(self) -> str:
        return f"sending by {self.settings.name}"

    def _connected(self) -> Graph:
        if self._graph is None:
            self._graph = connect(self.settings, self._bell)
        return self._graph

    def _to(self, method: str, path: str, body: Any = None) -> Ask:
        from daemon.accounts.graph_http import Ask

        return Ask(method, f"{self._connected().root}/{path}", body)

    def _error(self, reply: Reply, doing: str) -> NoticedError:
        """Nothing of this is the letter's fault: an administrator must act, or a later round."""
        error = self._connected().refused(reply, doing)
        if isinstance(error, TransientError | ConfigError):
            return error
        return TransientError(f"{self._where}: the server refused {doing} ({reply.status})")


def _path(draft: str, rest: str = "") -> str:
    return f"messages/{quote(draft, safe='')}{rest}"
