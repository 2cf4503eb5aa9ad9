"""An SMTP server that keeps what it takes and can fail at every reply."""

from __future__ import annotations

import asyncio
import base64
import threading
import warnings
from collections.abc import Callable
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD, TOKEN = "box@hotline.example", "secret word", "a-token"

# where a fault may strike: the answer to each of these, and what it may be
STEPS = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "dot")
FAULTS = ("temporary", "permanent", "closing", "drop", "garbage")


class SmtpSink:
    """``fault(step)`` names what to do instead of answering well at a step, "" for nothing; it is asked every time.

    ``letters`` are those it took over, and so would deliver; "drop" at "dot" takes the letter over and says nothing.
    """

    def __init__(
        self, *, tls: Any = None, implicit: bool = False, login: bool = False, options: dict[str, Any] | None = None
    ) -> None:
        self.letters: list[Envelope] = []
        self.fault: Callable[[str], str] = lambda step: ""
        self.tokens = {TOKEN}  # what it takes for XOAUTH2 and OAUTHBEARER
        self.connections = 0
        self.lock = threading.Lock()
        sink = self
        more: dict[str, Any] = dict(options or {})
        if tls and not implicit:
            more |= {"tls_context": tls, "require_starttls": True}
        if login:
            more |= {"authenticator": _authenticate, "auth_required": True, "auth_require_tls": False}

        class Server(_Server):
            owner = sink

        class Listening(Controller):
            def factory(self) -> SMTP:
                return Server(_Handler(sink), enable_SMTPUTF8=True, **more)

        self._controller = Listening(
            _Handler(self), hostname="127.0.0.1", port=0, ssl_context=tls if implicit else None, ready_timeout=20
        )

    def start(self) -> SmtpSink:
        # aiosmtpd cannot tell the port it chose before it listens: a free one is chosen here
        from tests.servers.ports import free_port

        self._controller.port = free_port()
        self._controller.start()
        self.port = self._controller.port
        self.connections = 0  # the controller tried it once
        return self

    def stop(self) -> None:
        self._controller.stop()


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False)


class _Server(SMTP):
    """Asks its owner before each answer."""

    owner: SmtpSink
    line_length_limit = 12288

    def __init__(self, *arguments: Any, **named: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # aiosmtpd does not see that implicit TLS protects the login
            super().__init__(*arguments, ident="sink", hostname="sink.example", **named)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.owner.connections += 1
        super().connection_made(transport)

    async def _strike(self, step: str) -> bool:
        """Do what the fault says; return True if the ordinary answer must not follow."""
        what = self.owner.fault(step)
        words = {
            "temporary": "451 4.3.0 later, for secret@reporter.example",
            "permanent": "550 5.7.1 no, for secret@reporter.example",
            "closing": "421 4.3.2 bye",
            "garbage": "what is this",
        }
        if what in words:
            await self.push(words[what])
        if what in ("drop", "closing"):
            self.transport.close()
        return bool(what)

    async def _handle_client(self) -> None:
        if not await self._strike("connect"):
            await super()._handle_client()
        else:
            self.transport.close()

    async def smtp_EHLO(self, hostname: str) -> None:
        self.command_size_limits["AUTH"] = 12288  # RFC 4954 section 4: a token is longer than other commands
        if not await self._strike("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str) -> None:
        if not await self._strike("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:
        if not await self._strike("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if not await self._strike("DATA"):
            await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, sink: SmtpSink) -> None:
        self._sink = sink

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        return await self._bearer(server, args, {f"user={USER}\1auth=Bearer {one}\1\1" for one in self._sink.tokens})

    async def auth_OAUTHBEARER(self, server: SMTP, args: list[str]) -> AuthResult:
        return await self._bearer(server, args, {f"n,a={USER},\1auth=Bearer {one}\1\1" for one in self._sink.tokens})

    async def _bearer(self, server: SMTP, args: list[str], good: set[str]) -> AuthResult:
        said = base64.b64decode(args[1]) if len(args) > 1 else b""
        if said.decode() in good:
            return AuthResult(success=True)
        await server.push("334 eyJzdGF0dXMiOiI0MDEifQ==")
        await server._reader.readline()
        return AuthResult(success=False, handled=False)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str | None:
        what = self._sink.fault("dot")
        if what in ("", "drop", "garbage"):
            with self._sink.lock:
                self._sink.letters.append(envelope)
        if what in ("drop", "closing"):
            if what == "closing":
                await server.push("421 4.3.2 bye")
            server.transport.close()
            await asyncio.sleep(0)
            return None
        return {
            "": "250 2.0.0 taken, for secret@reporter.example",
            "temporary": "451 4.3.0 later, for secret@reporter.example",
            "permanent": "550 5.7.1 no, for secret@reporter.example",
            "garbage": "what is this",
        }[what]
