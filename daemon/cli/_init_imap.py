"""What ``noticed init`` asks of an IMAP account."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.accounts.tls import is_loopback
from daemon.cli._asking import KEPT_IN, Account, ask, login, quoted, tls_of, tried
from daemon.mailbox.imap import ImapMailbox, ImapSettings


def account(given: Mapping[str, object]) -> Account:
    return tried(given, lambda: _asked(given))


def _asked(given: Mapping[str, object]) -> Account:
    host = ask(given, "host", "1. The IMAP server", str)
    port = int(str(given.get("port") or (143 if is_loopback(host) else 993)))
    user, password = login(given)
    settings = ImapSettings("notices", host, user, password, port, tls_of(host, port, 993))
    lines = f"host = {quoted(host)}\nport = {port}\ntls = {quoted(settings.tls)}\nuser = {quoted(user)}"
    lines += f"\npassword_file = {quoted(KEPT_IN)}"
    return Account(lambda: ImapMailbox(settings), host, user, password, "", lines)
