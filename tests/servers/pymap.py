"""A pymap (pure Python IMAP server, in memory) on loopback, in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers.ports import await_greeting, free_port

USER, PASSWORD = "box", "secret word"


class Pymap:
    def __init__(self) -> None:
        self.port = free_port()
        self._log = Path(tempfile.mkdtemp(prefix="pymap")) / "log"
        command = Path(sys.executable).with_name("pymap")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    str(command), "--host", "127.0.0.1", "--port", str(self.port), "--no-tls",
                    "dict", "--demo-user", USER, "--demo-password", PASSWORD,
                ],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        await_greeting(self.port, b"* OK")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        shutil.rmtree(self._log.parent, ignore_errors=True)
