"""An IMAP server written byte by byte: it behaves unless a twist says otherwise, so that every trap can be set."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

USER, PASSWORD = "box@hotline.example", "secret word"
PAUSE = 0.15  # seconds between two segments, so that they arrive as two


@dataclass
class Mail:
    raw: bytes
    flags: str = ""
    date: str = "12-Oct-2026 10:00:00 +0200"


class Line:
    """One connection, seen from the server."""

    def __init__(self, sock: socket.socket, server: FaultyImap) -> None:
        self.sock, self.server = sock, server
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = sock.makefile("rb")

    def send(self, *segments: bytes) -> None:
        """Send each piece as a segment of its own."""
        for number, segment in enumerate(segments):
            if number:
                time.sleep(PAUSE)
            self.sock.sendall(segment)

    def read(self) -> bytes:
        line = self.file.readline()
        if not line:
            raise ConnectionError
        return line.rstrip(b"\r\n")

    def hang_up(self) -> None:
        raise ConnectionError


Twist = Callable[[Line, str, str], bool | None]


@dataclass
class FaultyImap:
    """``twists``: command -> what to do instead; it returns False to let the ordinary answer follow.

    A twist is called with the connection, the tag and the rest of the command.  ``greeting`` is one, too (command "").
    """

    mails: dict[int, Mail] = field(default_factory=dict)
    capability: str = "IMAP4rev1 IDLE MOVE UIDPLUS AUTH=PLAIN"
    permanent: str = r"\Deleted \Seen \*"
    validity: int = 7
    next_uid: int = 1
    twists: dict[str, Twist] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._lines: list[Line] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._socket.close()
        for line in self._lines:
            line.sock.close()

    def add(self, raw: bytes, **more: str) -> int:
        uid = self.next_uid
        self.mails[uid] = Mail(raw, **more)
        self.next_uid += 1
        return uid

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            line = Line(sock, self)
            self._lines.append(line)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: Line) -> None:
        try:
            if not self._twisted("", line, "", ""):
                line.send(f"* OK [CAPABILITY {self.capability}] ready\r\n".encode())
            while True:
                self._command(line, line.read().decode("latin-1"))
        except (OSError, ValueError):
            try:
                line.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            line.sock.close()

    def _command(self, line: Line, text: str) -> None:
        tag, _, rest = text.partition(" ")
        word, _, rest = rest.partition(" ")
        if word.upper() == "UID":
            second, _, rest = rest.partition(" ")
            word = f"UID {second}"
        word = word.upper()
        self.commands.append(word)
        if self._twisted(word, line, tag, rest):
            return
        getattr(self, "do_" + word.lower().replace(" ", "_"), self._unknown)(line, tag, rest)

    def _twisted(self, word: str, line: Line, tag: str, rest: str) -> bool:
        twist = self.twists.get(word)
        return twist is not None and twist(line, tag, rest) is not False

    def ok(self, line: Line, tag: str, *untagged: str) -> None:
        line.send("".join([*(f"* {text}\r\n" for text in untagged), f"{tag} OK done\r\n"]).encode("latin-1"))

    def _unknown(self, line: Line, tag: str, _rest: str) -> None:
        line.send(f"{tag} BAD what\r\n".encode())

    def do_capability(self, line: Line, tag: str, _rest: str) -> None:
        self.ok(line, tag, f"CAPABILITY {self.capability}")

    def do_authenticate(self, line: Line, tag: str, _rest: str) -> None:
        line.send(b"+ \r\n")
        line.read()
        self.ok(line, tag)

    def do_login(self, line: Line, tag: str, _rest: str) -> None:
        self.ok(line, tag)

    def do_noop(self, line: Line, tag: str, _rest: str) -> None:
        self.ok(line, tag)

    def do_list(self, line: Line, tag: str, rest: str) -> None:
        name = rest.split(" ", 1)[-1].strip('"')
        self.ok(line, tag, rf'LIST (\HasNoChildren) "/" "{name if name != "*" else "INBOX"}"')

    def do_status(self, line: Line, tag: str, rest: str) -> None:
        marks = f"MESSAGES {len(self.mails)} UIDNEXT {self.next_uid} UIDVALIDITY {self.validity}"
        self.ok(line, tag, f"STATUS {rest.split(' ', 1)[0]} ({marks})")

    def do_create(self, line: Line, tag: str, _rest: str) -> None:
        self.ok(line, tag)

    do_subscribe = do_create

    def do_select(self, line: Line, tag: str, _rest: str) -> None:
        self.ok(
            line, tag, r"FLAGS (\Deleted \Seen)", f"OK [PERMANENTFLAGS ({self.permanent})] kept",
            f"{len(self.mails)} EXISTS", "0 RECENT", f"OK [UIDVALIDITY {self.validity}] valid",
            f"OK [UIDNEXT {self.next_uid}] next",
        )  # fmt: skip

    def do_uid_search(self, line: Line, tag: str, rest: str) -> None:
        found = sorted(self.mails) if rest.startswith(("ALL", "HEADER")) else self._named(rest.removeprefix("UID "))
        self.ok(line, tag, " ".join(["SEARCH", *map(str, found)]))

    def _named(self, text: str) -> list[int]:
        """The UIDs of a sequence set; ``n:*`` names the last message in any case."""
        found: set[int] = set()
        for part in text.split()[0].split(","):
            low, _, high = part.partition(":")
            last = max(self.mails, default=0)
            ends = sorted((int(low), last if high == "*" else int(high or low)))
            found |= {uid for uid in self.mails if ends[0] <= uid <= ends[1]}
        return sorted(found)

    def do_uid_fetch(self, line: Line, tag: str, rest: str) -> None:
        for uid in self._named(rest):
            line.send(self.fetched(uid, rest))
        self.ok(line, tag)

    def fetched(self, uid: int, items: str, body: bytes | None = None) -> bytes:
        """The answer about one mail: its first 64 KiB, or its Message-ID, or its structure."""
        mail = self.mails[uid]
        head = f"* {sorted(self.mails).index(uid) + 1} FETCH (UID {uid}"
        if "HEADER.FIELDS" in items:
            found = re.search(rb"(?im)^message-id:[^\r\n]*\r\n", mail.raw)
            text = (found[0] if found else b"") + b"\r\n"
            return f"{head} BODY[HEADER.FIELDS (MESSAGE-ID)] {{{len(text)}}}\r\n".encode() + text + b")\r\n"
        raw = mail.raw[:65536] if body is None else body
        facts = f'FLAGS ({mail.flags}) INTERNALDATE "{mail.date}" RFC822.SIZE {len(mail.raw)} BODY[]<0> '
        return f"{head} {facts}{{{len(raw)}}}\r\n".encode() + raw + b")\r\n"

    def do_uid_move(self, line: Line, tag: str, rest: str) -> None:
        moved = self._named(rest)
        numbers = [sorted(self.mails).index(uid) + 1 for uid in moved]
        told = [f"OK [COPYUID 9 {','.join(map(str, moved))} {','.join(str(uid + 100) for uid in moved)}] moved"]
        for uid in moved:
            del self.mails[uid]
        self.ok(line, tag, *(told if moved else []), *(f"{number} EXPUNGE" for number in reversed(numbers)))

    def do_uid_store(self, line: Line, tag: str, _rest: str) -> None:
        self.ok(line, tag)

    def do_idle(self, line: Line, tag: str, _rest: str) -> None:
        line.send(b"+ idling\r\n")
        line.read()
        self.ok(line, tag)

    def do_logout(self, line: Line, tag: str, _rest: str) -> None:
        self.ok(line, tag, "BYE bye")
        line.hang_up()
