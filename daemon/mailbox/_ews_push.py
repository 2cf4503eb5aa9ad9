"""Listens for notifications in a thread of its own; they only shorten a sleep, and their silence is noticed."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import closing
from time import monotonic

from daemon.accounts.ews import EwsLogin, connect
from daemon.accounts.ews_wire import Wire
from daemon.accounts.ews_xml import folder_ref
from daemon.errors import ConfigError, NoticedError

_LONGEST = 300.0  # seconds between two attempts to listen


class Listener:
    """Holds one stream at a time, a minute each; a stream that is silent beyond that is dead and made anew."""

    def __init__(self, login: EwsLogin, folder: str, news: Callable[[], None]) -> None:
        self._login, self._folder, self._news = login, folder, news
        self._ended = threading.Event()
        self._wire: Wire | None = None
        self._lock = threading.Lock()
        self.streams = 0  # begun
        self.failures = 0  # in a row
        self._thread = threading.Thread(target=self._run, name="ews-push", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop listening; never raises, and waits only as long as a broken connection takes to be let go."""
        self._ended.set()
        with self._lock:
            if self._wire is not None:
                self._wire.hush()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._listen()
                self.failures = 0
            except ConfigError:
                self.failures = 10  # a refused login is not repeated soon: it might lock the account
            except NoticedError:
                self.failures = min(self.failures + 1, 10)
            except Exception:  # noqa: BLE001 - polling is the truth: without notifications the sleeps are longer, no more
                self.failures = 10
            finally:
                self._let_go()
            if self.failures:
                self._news()  # while nobody listened something may have come
                longest = min(_LONGEST, 2.0**self.failures)
                self._ended.wait(random.uniform(0.5, 1) * longest)  # noqa: S311 - jitter

    def _listen(self) -> None:
        wire = connect(self._login)
        with self._lock:
            self._wire = wire
        begun = monotonic()
        while not self._ended.is_set() and monotonic() - begun < 600:
            self.streams += 1
            with closing(wire.listen(folder_ref(self._folder, self._login.address))) as told:
                for news in told:
                    if self._ended.is_set():
                        return
                    if news:
                        self._news()

    def _let_go(self) -> None:
        with self._lock:
            wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()
