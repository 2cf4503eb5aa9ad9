"""The daemon as systemd runs it: started, told to stop, killed; what it notifies and logs is kept."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.system.home import COMMAND, REPO, Home, zygote

WAIT = 30.0  # seconds until something must have happened


def until(what: Callable[[], object], seconds: float = WAIT) -> None:
    """Wait until ``what()`` is true."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.02)


class Forked:
    """A process that needs not import everything anew; see ``zygote.py``.  Like ``subprocess.Popen``."""

    def __init__(self, home: Home, arguments: list[str], env: dict[str, str], log: Path) -> None:
        wanted = {"arguments": arguments, "cwd": str(home.path), "env": env, "out": str(log), "err": str(log)}
        self.pid = zygote().run({**wanted, "background": True}) or 0
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = zygote().run({"wait": self.pid, "poll": True})
        return self.returncode

    def wait(self, timeout: float) -> int:
        until(lambda: self.poll() is not None, timeout)
        assert self.returncode is not None
        return self.returncode

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


class Daemon:
    """One ``noticed run``; ``told`` is what it said to systemd."""

    def __init__(
        self, home: Home, name: str = "daemon", watchdog_seconds: float | None = None, *, forked: bool = True
    ) -> None:
        self.home, self.told = home, list[str]()
        self._log = home.path / f"{name}.log"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        path = str(home.path / f"{name}.notify")
        self._socket.bind(path)
        env = {**home.environment, "NOTIFY_SOCKET": path}
        if watchdog_seconds:
            env["WATCHDOG_USEC"] = str(int(watchdog_seconds * 1e6))
        arguments = home.arguments("run")
        self.process: Forked | subprocess.Popen[bytes]
        if forked:
            self.process = Forked(home, arguments, env, self._log)
        else:
            with self._log.open("wb") as log:
                self.process = subprocess.Popen(
                    [*COMMAND, *arguments], cwd=REPO, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )

    def heard(self, word: str) -> bool:
        """Whether it said ``word`` to systemd."""
        try:
            while True:
                self.told.extend(self._socket.recv(4096).decode().split("\n"))
        except BlockingIOError:
            return any(line.startswith(word) for line in self.told)

    def ready(self) -> Daemon:
        until(lambda: self.heard("READY=1") or self.process.poll() is not None)
        assert self.process.poll() is None, self._log.read_text()[-2000:]
        return self

    def events(self, name: str) -> list[dict[str, object]]:
        lines = [json.loads(line) for line in self._log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("event") == name]

    @property
    def log(self) -> str:
        return self._log.read_text()

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.process.pid, number)

    def stop(self) -> int:
        """End it as systemd does; return its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.end()

    def kill(self) -> None:
        self.process.kill()
        self.end()

    def end(self) -> int:
        code = self.process.wait(60)
        self._socket.close()
        return code


def get(listen: str, path: str) -> tuple[int, str]:
    """Ask the health server at "127.0.0.1:port" or "unix:/path"."""
    if listen.startswith("unix:"):
        connection = http.client.HTTPConnection("localhost", timeout=10)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(listen.removeprefix("unix:"))
    else:
        host, _, port = listen.rpartition(":")
        connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found
