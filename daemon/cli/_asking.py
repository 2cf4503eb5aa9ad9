"""How ``noticed init`` asks: from the options, else from the person, again until the answer fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from daemon.accounts.tls import Tls, is_loopback
from daemon.errors import ConfigError, NoticedError
from daemon.mailbox import Mailbox


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox as it was answered.  ``lines``: its part of the settings, ``tables``: what follows them.

    ``sends``: letters leave by it as well.
    """

    open_mailbox: Callable[[], Mailbox] = field(repr=False)
    host: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    address: str = field(repr=False)
    lines: str = field(repr=False)
    sends: bool = False
    tables: str = ""


KEPT_IN = "secrets/mailbox.password"  # where the password, or what is in its place, is stored


def ask(
    given: Mapping[str, object], name: str, question: str, check: Callable[[str], str], default: str | None = None
) -> str:
    """The answer from the options, else from the person, asked again until it fits."""
    if given.get(name) is not None:
        try:
            return check(str(given[name]))
        except ConfigError as problem:
            raise ConfigError(f"--{name.replace('_', '-')}: {problem}") from None
    return str(click.prompt(question, default=default, value_proc=_proc(check)))


def _proc(check: Callable[[str], str]) -> Callable[[str], str]:
    def checked(text: str) -> str:
        try:
            return check(text.strip())
        except NoticedError as problem:
            raise click.UsageError(str(problem)) from None

    return checked


def address_of(text: str) -> str:
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text):
        raise ConfigError("that is not one e-mail address")
    return text


def address(given: Mapping[str, object]) -> str:
    return ask(given, "address", "3. The mailbox's own address", address_of)


def login(given: Mapping[str, object]) -> tuple[str, str]:
    """The user and the password."""
    user = ask(given, "user", "2. The login of the mailbox", str)
    return user, secret(given, "   and its password")


def secret(given: Mapping[str, object], question: str) -> str:
    """What stands in the file of the options, else what the person types unseen."""
    file = given.get("password_file")
    return Path(str(file)).read_text(encoding="utf-8").strip() if file else click.prompt(question, hide_input=True)


def tried(given: Mapping[str, object], make: Callable[[], Account]) -> Account:
    """Ask until a login succeeds; with options only, fail at the first problem."""
    while True:
        account = make()
        try:
            _open(account)
        except NoticedError as problem:
            if (given.get("host") or given.get("tenant")) and given.get("password_file"):
                raise
            click.echo(f"   {problem}", err=True)
            continue
        click.echo("   The login works.")
        return account


def _open(account: Account) -> None:
    box = account.open_mailbox()
    try:
        box.open()
    finally:
        box.close()


def tls_of(host: str, port: int, implicit: int) -> Tls:
    if port == implicit:
        return Tls.IMPLICIT
    return Tls.NONE if is_loopback(host) else Tls.STARTTLS


def quoted(text: object) -> str:
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
