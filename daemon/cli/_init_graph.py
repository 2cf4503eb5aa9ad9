"""What ``noticed init`` asks of a mailbox in Exchange Online."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from daemon.accounts.oauth import OAuthSettings
from daemon.cli._asking import KEPT_IN, Account, address, ask, quoted, secret, tried
from daemon.errors import ConfigError
from daemon.mailbox.graph import GraphSettings, open_mailbox


def account(given: Mapping[str, object]) -> Account:
    return tried(given, lambda: _asked(given))


def _asked(given: Mapping[str, object]) -> Account:
    """The application signs in for itself, by a secret or a certificate."""
    tenant = ask(given, "tenant", "1. Your directory in Entra (its id or a domain of it)", str)
    client = ask(given, "client_id", "2. The application's id", str)
    key = secret(given, "   and its secret")
    own = address(given)
    kind = "certificate_key" if "PRIVATE KEY" in key else "client_secret"
    login, ca_file = str(given.get("login_url") or ""), str(given.get("ca_file") or "") or None
    oauth = OAuthSettings("microsoft", tenant, client, login=login, ca_file=ca_file)
    oauth = replace(oauth, client_secret=key) if kind == "client_secret" else replace(oauth, certificate_key=key)
    url = str(given.get("graph_url") or "") or GraphSettings.url
    settings = GraphSettings("notices", own, oauth, url=url)
    slips = [f"{name}: {text}" for one in (settings, oauth) for name, text in one.slips()]
    if slips:
        raise ConfigError(*slips)
    lines = f"url = {quoted(url)}" if url != GraphSettings.url else "# sent and inbox are found by their roles"
    tables = {"provider": "microsoft", "tenant": tenant, "client_id": client, f"{kind}_file": KEPT_IN}
    more = {name: value for name, value in (("login", login), ("ca_file", ca_file)) if value}
    table = "".join(f"{name} = {quoted(value)}\n" for name, value in {**tables, **more}.items())
    return Account(
        lambda: open_mailbox(settings), "", "", key, own, lines, sends=True, tables=f"\n[mailbox.oauth]\n{table}"
    )
