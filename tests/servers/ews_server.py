"""An Exchange Server's EWS end on this machine: logs in, checks every message against the schemas, fails on request."""

from __future__ import annotations

import base64
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from lxml import etree

from daemon.accounts.ews_xml import SOAP, T, every, first, m, name_of, t, text_of
from tests.counts import PROVE
from tests.servers.ews_says import Exchange
from tests.servers.ews_schema import slips
from tests.servers.ews_store import Missing, Store

USER, PASSWORD, TOKEN = "HOTLINE\\box", "a secret word", "token-1"
FAULTS = (
    "cut", "cut-after", "hang", "hang-after", "503", "503-after", "504", "504-after", "429", "busy", "401", "garbage",
    "truncated", "fewer",
)  # fmt: skip
ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors"


def patience(fault: str) -> float:
    """The deadline, in seconds, for a client that meets ``fault``: short only where nothing else ends the waiting."""
    return 1.5 if "hang" in fault or fault == "drip" else 30.0


def cells(steps: Sequence[str]) -> list[tuple[str, str]]:
    """Every fault at every step; those that only a deadline ends at the last step alone, but for a proof."""
    found = [(step, fault) for step in steps for fault in FAULTS]
    return [one for one in found if PROVE or "hang" not in one[1] or one[0] == steps[-1]]


class EwsServer:
    """``fault(operation)`` names what to do instead of answering well, "" for nothing; it is asked every time.

    ``slips`` holds what was wrong, by the schemas, in any request or answer; ``twist`` may change an answer.
    """

    def __init__(self, store: Store | None = None, auth: str = "basic", tls: Any = None) -> None:
        self.store = store or Store()
        self.exchange = Exchange(self.store)
        self.auth, self.tls = auth, tls
        self.tokens = {TOKEN}
        self.fault: Callable[[str], str] = lambda operation: ""
        self.twist: Callable[[Any], None] = lambda envelope: None
        self.replace = (b"", b"")  # bytes of each answer that become others, after it was checked
        self.retry_after = ""
        self.back_off = 0  # milliseconds
        self.stream_minute = 60.0  # seconds that a minute of notifications lasts
        self.streams_are_dead = False
        self.slips: list[str] = []
        self.requests: list[bytes] = []
        self.headers: dict[str, Any] = {}  # of the last request of each operation
        self.cookie = ""  # that answers set
        self.connections = 0
        self.port = 0
        self._ended = threading.Event()
        self._http: ThreadingHTTPServer | None = None

    def start(self) -> EwsServer:
        """Listen; after a stop, at the same port again."""
        owner = self
        self._ended = threading.Event()

        class Bound(_Handler):
            server_ = owner

        self._http = _Server(("127.0.0.1", self.port), Bound)
        self._http.owner = self  # type: ignore[attr-defined]
        if self.tls is not None:
            self._http.socket = self.tls.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and cut every connection."""
        self._ended.set()
        with self.store.come:
            self.store.come.notify_all()
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()
            self._http.cut()  # type: ignore[attr-defined]
            self._http = None

    def restart(self) -> None:
        """Cut every connection, but for the one that is being answered, and forget who listens."""
        if self._http is not None:
            self._http.cut()  # type: ignore[attr-defined]
        self.exchange.subscriptions.clear()

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def wait(self) -> None:
        """Say nothing until the server stops, or for long."""
        self._ended.wait(30)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, *args: Any) -> None:
        self.sockets: list[Any] = []
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.owner.connections += 1  # type: ignore[attr-defined]
        self.sockets.append(request)
        super().process_request(request, client_address)

    def cut(self) -> None:
        for one in self.sockets:
            try:
                one.shutdown(2)
            except OSError:
                pass

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that the other side cut is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_: EwsServer
    _ntlm: Any = None
    _known = False

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path.lower() != "/ews/exchange.asmx":
            self._status(404)
        elif self._may_enter():
            self._serve(text)

    # the login

    def _may_enter(self) -> bool:
        given = self.headers.get("Authorization", "")
        scheme, _, value = given.partition(" ")
        if self.server_.auth == "oauth" and scheme == "Bearer" and value in self.server_.tokens:
            return True
        if self.server_.auth == "basic" and scheme == "Basic":
            return base64.b64decode(value).decode() == f"{USER}:{PASSWORD}" or self._refuse()
        if self.server_.auth == "ntlm":
            return (self._known and not given) or self._negotiate(scheme, value)
        return self._refuse()

    def _refuse(self, challenge: str = "") -> bool:
        self.send_response(401)
        names = {"basic": 'Basic realm="x"', "oauth": "Bearer", "ntlm": "NTLM"}
        self.send_header("WWW-Authenticate", challenge or names[self.server_.auth])
        self.send_header("Content-Length", "0")
        self.end_headers()
        return False

    def _negotiate(self, scheme: str, value: str) -> bool:
        """NTLM, three messages over one connection."""
        if scheme != "NTLM":
            return self._refuse()
        import spnego

        if self._ntlm is None:
            self._ntlm = spnego.server(protocol="ntlm")
        try:
            told = self._ntlm.step(base64.b64decode(value))
        except spnego.exceptions.SpnegoError:
            self._ntlm = None
            return self._refuse()
        if self._ntlm.complete:
            self._ntlm, self._known = None, True
            return True
        return self._refuse("NTLM " + base64.b64encode(told).decode())

    # the request

    def _serve(self, text: bytes) -> None:
        server = self.server_
        server.requests.append(text)
        envelope = etree.fromstring(text)
        wrong = slips(envelope)
        server.slips += [f"request: {one}" for one in wrong]
        request = first(envelope, "s:Body")[0]
        operation = name_of(request)
        server.headers[operation] = self.headers
        fault = "400" if wrong else server.fault(operation)
        if fault in ("cut", "hang", "503", "504", "429", "400", "401", "busy"):
            self._fail(fault)
        elif operation == "GetStreamingEvents":
            self._stream(request)
        elif fault.startswith("Error"):
            self._answer(self._carry_out(request, operation, {operation: fault}), "")
        else:
            self._answer(self._carry_out(request, operation, self.server_.exchange.broken), fault)

    def _carry_out(self, request: Any, operation: str, broken: dict[str, str]) -> Any:
        try:
            return self.server_.exchange.answer(request, broken)
        except Missing as missing:
            raise AssertionError(f"{operation}: {missing.code}") from None

    def _fail(self, fault: str) -> None:
        if fault == "hang":
            self.server_.wait()
        if fault in ("cut", "hang"):
            self._hang_up()
        elif fault == "401":
            self._refuse()
        elif fault == "busy":
            self._say(_busy(self.server_.back_off), 500)
        else:
            self._status(int(fault))

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(2)
        except OSError:
            pass

    def _status(self, code: int) -> None:
        self.send_response(code)
        if self.server_.retry_after:
            self.send_header("Retry-After", self.server_.retry_after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, response: Any, fault: str) -> None:
        """Say what was carried out, or fail after it was."""
        if fault in ("cut-after", "hang-after"):
            self._fail(fault.removesuffix("-after"))
        elif fault.endswith("-after"):
            self._status(int(fault.removesuffix("-after")))
        elif fault == "garbage":
            self._raw(b"<html>nothing</html>", 200)
        elif fault == "drip":
            self._drip()
        elif fault == "fewer":
            parts = first(response, "m:ResponseMessages")
            parts.remove(parts[-1])
            self._say(_envelope(response), 200)
        else:
            text = self._checked(response)
            self._raw(text[: len(text) // 2] if fault == "truncated" else text, 200)

    def _checked(self, response: Any) -> bytes:
        envelope = _envelope(response)
        self.server_.twist(envelope)
        text = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
        self.server_.slips += [f"answer: {one}" for one in slips(etree.fromstring(text))]
        return text.replace(*self.server_.replace) if self.server_.replace[0] else text

    def _say(self, envelope: Any, status: int) -> None:
        self._raw(etree.tostring(envelope, xml_declaration=True, encoding="utf-8"), status)

    def _raw(self, text: bytes, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        if self.server_.cookie:
            self.send_header("Set-Cookie", self.server_.cookie)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _drip(self) -> None:
        """One byte now and then, for ever: every read gets something."""
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while not self.server_.ended:
            self.wfile.write(b" ")
            time.sleep(0.05)

    # notifications

    def _stream(self, request: Any) -> None:
        server = self.server_
        [subscription] = [one.text for one in every(request, "m:SubscriptionIds/t:SubscriptionId")]
        minutes = int(text_of(request, "m:ConnectionTimeout"))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._chunk(server.exchange.streamed(m("ConnectionStatus", "OK")))
        if server.streams_are_dead:
            server.wait()
        end = time.monotonic() + minutes * server.stream_minute
        while not server.ended and time.monotonic() < end:
            with server.store.come:
                server.store.come.wait(min(1.0, max(0.0, end - time.monotonic())))
            told = server.exchange.notification(subscription)
            if told is not None:
                self._chunk(told)
        self._chunk(server.exchange.streamed(m("ConnectionStatus", "Closed")))
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, response: Any) -> None:
        text = self._checked(response)
        self.wfile.write(f"{len(text):x}\r\n".encode() + text + b"\r\n")
        self.wfile.flush()


def _envelope(response: Any) -> Any:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"s": SOAP})
    version = {"MajorVersion": "15", "MinorVersion": "1", "MajorBuildNumber": "2507", "MinorBuildNumber": "39"}
    header = etree.SubElement(envelope, f"{{{SOAP}}}Header")
    header.append(t("ServerVersionInfo", **version, Version="V2017_07_11"))
    etree.SubElement(envelope, f"{{{SOAP}}}Body").append(response)
    return envelope


def _busy(milliseconds: int) -> Any:
    """The fault of a server that throttles, as Exchange says it."""
    text = f"""<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault>
<faultcode xmlns:a="{T}">a:ErrorServerBusy</faultcode><faultstring xml:lang="en-US">Try again later.</faultstring>
<detail><e:ResponseCode xmlns:e="{ERRORS}">ErrorServerBusy</e:ResponseCode><e:Message xmlns:e="{ERRORS}">Later.</e:Message>
<t:MessageXml xmlns:t="{T}"><t:Value Name="BackOffMilliseconds">{milliseconds}</t:Value></t:MessageXml>
</detail></s:Fault></s:Body></s:Envelope>"""
    return etree.fromstring(text)


def ntlm_users(folder: Path) -> Iterator[None]:
    """Let the NTLM end know our user, by the file that pyspnego reads."""
    file = folder / "ntlm-users"
    domain, _, user = USER.partition("\\")
    file.write_text(f"{domain}:{user}:{PASSWORD}\n", encoding="utf-8")
    before = os.environ.get("NTLM_USER_FILE")
    os.environ["NTLM_USER_FILE"] = str(file)
    yield
    if before is None:
        del os.environ["NTLM_USER_FILE"]
    else:
        os.environ["NTLM_USER_FILE"] = before
