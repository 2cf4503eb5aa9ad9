"""Sending on one kept TLS connection beside one per letter; letters rendered and sent on loopback."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Sheet
from bench.timing import interleaved
from daemon.accounts.tls import Tls
from daemon.mailer import Envelope, Result
from daemon.mailer.smtp import SmtpMailer, SmtpSettings
from daemon.render.letter import Head, build
from daemon.render.templates import Templates
from daemon.render.values import samples
from tests.servers.certificates import Authority
from tests.servers.ports import await_greeting, free_port

_SERVER = """
import asyncio, ssl, sys
from aiosmtpd.smtp import SMTP
class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 2.0.0 kept"
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(sys.argv[2], sys.argv[3])
async def main():
    make = lambda: SMTP(Sink(), hostname="sink.example", tls_context=tls, enable_SMTPUTF8=True)
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
asyncio.run(main())
"""
_FROM = "notices@hotline.example"
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
_LETTERS = 300
_ALONE = 60  # letters that get a connection each


def run(sheet: Sheet, options: Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as (port, ca_file):
        settings = SmtpSettings("bench", "127.0.0.1", port, Tls.STARTTLS, ca_file, helo="hotline.example")
        letters = list(_letters(_LETTERS))
        took = interleaved(
            {
                "kept": lambda: _send(sheet, settings, letters[:_ALONE], keep=True),
                "alone": lambda: _send(sheet, settings, letters[:_ALONE], keep=False),
                "rendered": lambda: _send(sheet, settings, list(_letters(_LETTERS)), keep=True),
                "written": lambda: list(_letters(_LETTERS)),
            },
            options.runs,
        )
    sheet.cost("one kept TLS connection", took["kept"], _ALONE, "letter")
    sheet.cost("a TLS connection for each", took["alone"], _ALONE, "letter")
    sheet.mark("a connection each : one kept", took["alone"] / took["kept"], least=4)
    sheet.cost("rendering alone", took["written"], _LETTERS, "letter")
    sheet.mark("letters rendered and sent a second", _LETTERS / took["rendered"], least=500)


@contextmanager
def _server(folder: Path) -> Iterator[tuple[int, str]]:
    """An SMTP server in a process of its own, so that it does not share our interpreter."""
    authority = Authority(folder)
    cert, key = authority.issue()
    script = folder / "sink.py"
    script.write_text(_SERVER)
    port = free_port()
    process = subprocess.Popen([sys.executable, str(script), str(port), cert, key])
    try:
        await_greeting(port, b"220")
        time.sleep(0.1)
        yield port, authority.ca_file
    finally:
        process.terminate()
        process.wait(10)


def _letters(count: int) -> Iterator[Envelope]:
    """Render reminders, as the outbox does at the moment they leave."""
    templates, values = Templates(), samples()[0]
    for number in range(count):
        text = templates.render("reminder-1", "en", values)
        to, ident = f"abuse@host{number % 211}.example", f"<followup.{number}@hotline.example>"
        raw = build(Head(ident, _FROM, to, NOW, "Hotline"), text)
        yield Envelope(ident, _FROM, (to,), raw)


def _send(sheet: Sheet, settings: SmtpSettings, letters: list[Envelope], *, keep: bool) -> None:
    mailer = SmtpMailer(settings)
    try:
        for letter in letters:
            if mailer.send(letter).result is not Result.SENT:
                sheet.check("every letter is taken", holds=False)
            if not keep:
                mailer.close()
    finally:
        mailer.close()
