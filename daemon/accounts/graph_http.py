"""Microsoft Graph over HTTP: immutable ids in every request, sets in $batch, patience with a server that is busy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from daemon.accounts.graph import GraphLogin
from daemon.accounts.http import Answer, Lost, Web
from daemon.accounts.patience import Bell, Waits, retry_after
from daemon.accounts.tokens import Tokens, Use, source
from daemon.errors import ConfigError, NoticedError, PermanentError, TransientError

AT_ONCE = 20  # requests in one $batch: the most that Graph takes
_BUSY = frozenset({429, 500, 502, 503, 504, 509})
_IDS = 'IdType="ImmutableId"'
_MOST_PAGES = 100_000
_LOST_STATE = frozenset({"syncstatenotfound", "resyncrequired", "errorinvalidsyncstatedata"})
_FULL = frozenset({"errorquotaexceeded", "quotalimitreached"})


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; ``path`` begins after the version (``/users/...``)."""

    method: str
    path: str = field(repr=False)
    body: Any = field(default=None, repr=False)
    prefer: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; ``body`` is JSON as it was read, or the text or bytes that came in its place."""

    status: int
    body: Any = field(default=None, repr=False)
    codes: frozenset[str] = frozenset()  # of an error and those within it, in lower case
    retry_after: float | None = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_busy(self) -> bool:
        """Later; whether the request was carried out is not known, except that 429 says it was not."""
        return self.status in _BUSY

    @property
    def is_gone(self) -> bool:
        """What was asked for is not there (any more), or never was an id."""
        return self.status == 404 or bool(
            self.codes & {"erroritemnotfound", "errorinvalididmalformed", "errorinvalidid"}
        )

    @property
    def lost_state(self) -> bool:
        """A delta token that the server no longer knows."""
        return self.status == 410 or bool(self.codes & _LOST_STATE)

    @property
    def is_full(self) -> bool:
        return self.status == 507 or bool(self.codes & _FULL)

    def get(self, name: str) -> Any:
        return self.body.get(name) if isinstance(self.body, dict) else None


class Graph:
    """Asks for one mailbox; used by one thread at a time.  ``root`` is the path of the mailbox."""

    def __init__(self, login: GraphLogin, bell: Bell) -> None:
        self.where = f"mailbox {login.name}"
        self.root = "/users/" + quote(login.address, safe="")
        self._version = login.url.rstrip("/") + "/v1.0"
        self._web = Web(login.url, self.where, ca_file=login.ca_file, seconds=login.call_seconds)
        self._patience, self.bell = login.patience(), bell
        self._tokens = login.token or self._source(login)

    def _source(self, login: GraphLogin) -> Tokens:
        if login.oauth is None:
            raise ConfigError(f"{self.where}: a source of access tokens is missing: write a table [mailbox.oauth]")
        return source(login.oauth, Use.GRAPH, login.address, self.where, login.url.rstrip("/"))

    def close(self) -> None:
        self._web.close()

    def is_ours(self, link: str) -> bool:
        """Whether a link leads to the server that our token is for."""
        return link.startswith(self._version + "/")

    def waits(self) -> Waits:
        return Waits(self._patience, self.bell)

    def ask(self, ask: Ask, *, once: bool = False, spare: bool = False) -> Reply:
        """Ask until there is an answer that is not "later".

        ``once``: never repeat what may have been carried out; "later" is returned.  ``spare``: return it when patience
        ends, too.  Raises TransientError when patience ends or no answer comes, ConfigError when we are not let in.
        """
        waits = self.waits()
        while True:
            try:
                reply = self._let_in(ask)
            except Lost:
                if once or not waits.again():
                    raise
                continue
            if not reply.is_busy or once:
                return reply
            if not waits.again(reply.retry_after):
                if spare:
                    return reply
                raise busy(self.where, reply)

    def _let_in(self, ask: Ask) -> Reply:
        """Ask with a token; one that the server refuses is replaced once."""
        for fresh in (False, True):
            token = self._tokens()
            reply = _reply(self._say(ask, token))
            refused = reply.status == 401 or any(one.get("status") == 401 for one in _responses(reply))
            if not refused:
                return reply
            forget = getattr(self._tokens, "forget", None)
            if forget is not None and not fresh:
                forget(token)
        raise ConfigError(f"{self.where}: the server does not take our access token; is it meant for this server?")

    def _say(self, ask: Ask, token: str) -> Answer:
        url = ask.path if ask.path.startswith(("https://", "http://")) else self._version + ask.path
        headers = {"Authorization": f"Bearer {token}", **_headers(ask)}
        content = (
            ask.body if isinstance(ask.body, bytes) else b"" if ask.body is None else json.dumps(ask.body).encode()
        )
        return self._web.ask(ask.method, url, headers=headers, content=content)

    def batch(self, asks: Sequence[Ask], *, once: bool = False, spare: bool = False) -> list[Reply]:
        """Ask all, 20 in one call, and return the replies in the same order; see ``ask``."""
        done: dict[int, Reply] = {}
        left = dict(enumerate(asks))
        waits = self.waits()
        while True:
            for some in _sets(list(left.items())):
                done.update(self._batch(some, once=once))
            left = {number: left[number] for number in left if done[number].is_busy}
            asked = max((found for n in left if (found := done[n].retry_after) is not None), default=None)
            if not left or once:
                break
            if not waits.again(asked):
                if spare:
                    break
                raise busy(self.where, done[next(iter(left))])
        return [done[number] for number in range(len(asks))]

    def _batch(self, some: Sequence[tuple[int, Ask]], *, once: bool) -> dict[int, Reply]:
        requests = [_request(number, ask) for number, ask in some]
        reply = self.ask(Ask("POST", "/$batch", {"requests": requests}), once=once)
        if not reply.ok:
            if reply.is_busy:  # nobody knows of any
                return {number: reply for number, _ in some}
            raise self.refused(reply, "asking for a set")
        found = {one["id"]: _part(one) for one in _responses(reply)}
        lost = Reply(504)  # an answer that is missing tells nothing
        return {number: found.get(str(number), lost) for number, _ in some}

    def pages(self, path: str, prefer: str = "") -> Iterator[Reply]:
        """Yield the pages of a listing; the last one has the delta link, if the listing has one."""
        seen: set[str] = set()
        for _ in range(_MOST_PAGES):
            reply = self.ask(Ask("GET", path, prefer=prefer))
            yield reply
            following = reply.get("@odata.nextLink")
            if not isinstance(following, str):
                return
            if following in seen:
                break
            seen.add(following)
            path = following
        raise TransientError(f"{self.where}: a listing does not come to an end")

    def refused(self, reply: Reply, doing: str) -> NoticedError:
        """The error that an answer means which is neither good nor "later"."""
        if reply.is_busy:
            return busy(self.where, reply)
        if reply.is_full:
            return TransientError(f"{self.where}: the mailbox is full; nothing can be stored in it")
        if reply.status == 403:
            return ConfigError(f"{self.where}: the application has no permission for {doing}; see docs/mailboxes.md")
        return PermanentError(f"{self.where}: the server refused {doing} ({reply.status})")


def busy(where: str, reply: Reply) -> TransientError:
    return TransientError(f"{where}: the server is busy ({reply.status})", reply.retry_after)


def _headers(ask: Ask) -> dict[str, str]:
    """Every request wants immutable ids for itself: the header of a batch does not speak for its parts."""
    found = {"Prefer": f"{_IDS}, {ask.prefer}" if ask.prefer else _IDS}
    if ask.body is not None:
        found["Content-Type"] = "text/plain" if isinstance(ask.body, bytes) else "application/json"
    return found


def _request(number: int, ask: Ask) -> dict[str, Any]:
    found = {"id": str(number), "method": ask.method, "url": ask.path, "headers": _headers(ask)}
    return found if ask.body is None else {**found, "body": ask.body}


def _reply(answer: Answer) -> Reply:
    kind = answer.headers.get("content-type", "")
    body: Any = answer.body
    if "json" in kind:
        try:
            body = json.loads(answer.body)
        except ValueError:
            raise Lost("the server's answer could not be read", said=True) from None
    return Reply(answer.status, body, _codes(body), answer.retry_after)


def _part(one: Mapping[str, Any]) -> Reply:
    headers = {str(key).lower(): str(value) for key, value in (one.get("headers") or {}).items()}
    asked = retry_after(headers.get("retry-after"), headers.get("date"))
    body = one.get("body")
    return Reply(int(one.get("status") or 504), body, _codes(body), asked)


def _responses(reply: Reply) -> list[Mapping[str, Any]]:
    found = reply.get("responses")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _codes(body: Any) -> frozenset[str]:
    """The error codes of an answer: the outer one, and those within it."""
    found: set[str] = set()
    error = body.get("error") if isinstance(body, dict) else None
    for _ in range(8):
        if not isinstance(error, dict):
            break
        found.add(str(error.get("code") or "").lower())
        error = error.get("innerError") or error.get("innererror")
    return frozenset(found - {""})


def _sets(pairs: list[tuple[int, Ask]]) -> Iterator[list[tuple[int, Ask]]]:
    for start in range(0, len(pairs), AT_ONCE):
        yield pairs[start : start + AT_ONCE]
