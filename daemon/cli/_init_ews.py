"""What ``noticed init`` asks of a mailbox on an Exchange Server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from daemon.accounts.tls import Tls, is_loopback
from daemon.cli._asking import KEPT_IN, Account, address, ask, login, quoted, tried
from daemon.mailbox.ews import EwsSettings, open_mailbox

_HTTPS = 443


def account(given: Mapping[str, object]) -> Account:
    return tried(given, lambda: _asked(given))


def _asked(given: Mapping[str, object]) -> Account:
    """The address is asked before the login is tried: it says which mailbox to open."""
    host = ask(given, "host", "1. The Exchange server", str)
    port = int(str(given.get("port") or _HTTPS))
    user, password = login(given)
    own = address(given)
    tls = Tls.NONE if is_loopback(host) and port != _HTTPS else Tls.IMPLICIT
    auth: Literal["ntlm", "basic"] = "basic" if given.get("auth") == "basic" else "ntlm"
    settings = EwsSettings("notices", host, own, user, password, auth, port=port, tls=tls)
    lines = f"host = {quoted(host)}\nport = {port}\ntls = {quoted(tls)}\nuser = {quoted(user)}"
    lines += f"\nauth = {quoted(auth)}\npassword_file = {quoted(KEPT_IN)}"
    return Account(lambda: open_mailbox(settings), host, user, password, own, lines, sends=True)
