"""``noticed init``: eight questions, each answer tried at once; ends in observe mode."""

from __future__ import annotations

import os
import re
import secrets
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from shutil import copyfile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from daemon.accounts.tls import Tls, is_loopback
from daemon.cli._common import store_settings
from daemon.config.load import DEFAULT_FILE, absolute_url, load
from daemon.errors import ConfigError, NoticedError
from daemon.mailbox.imap import ImapMailbox, ImapSettings
from daemon.mailer.smtp import SmtpMailer, SmtpSettings
from daemon.message.parse import parse
from daemon.registry import shipped
from daemon.store import Settings as StoreSettings
from daemon.store import open_store, schema

STATE = Path("/var/lib/noticed")  # as the service has it
_LOOKED_AT = 50  # mails that are looked at to learn what our own mail server calls itself


@click.command(short_help="Ask eight questions, write the settings.")
@click.option(
    "--directory", type=click.Path(path_type=Path, file_okay=False), default=Path("/etc/noticed"), show_default=True
)
@click.option("--host", help="The IMAP server.")
@click.option("--port", type=int, help="Its port (993, or 143 with STARTTLS).")
@click.option("--user", help="The login of the mailbox.")
@click.option(
    "--password-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Where the password stands."
)
@click.option("--address", help="The mailbox's own address.")
@click.option("--authserv-id", help="The name that our mail server writes in Authentication-Results.")
@click.option("--example-number", help="One of your notice numbers.")
@click.option("--smtp-host", help="The server that sends our letters.")
@click.option("--smtp-port", type=int, help="Its port (587, or 465 with TLS from the first byte).")
@click.option("--zone", help="Your time zone, like Europe/Oslo.")
@click.option("--database", help="Where the records are kept.")
def command(directory: Path, **given: object) -> None:
    """Ask eight questions, try each answer at once, and write the settings.  Nothing is sent or moved."""
    directory = directory.absolute()
    file = directory / "noticed.toml"
    if file.exists():
        raise ConfigError(f"{file}: is there already; move it away to begin anew")
    _make(directory)
    imap = _imap(given)
    address = _ask(given, "address", "3. The mailbox's own address", _address)
    authserv_id = _ask(
        given, "authserv_id", "4. The name our mail server writes in Authentication-Results", str, _seen(imap)
    )
    example = _ask(given, "example_number", "5. One of your notice numbers (for example HLN-2026-104233)", str)
    smtp = _smtp(given, imap)
    zone = _ask(given, "zone", "7. Your time zone", _zone, _local_zone())
    usual = f"sqlite:///{_home_of_records(directory) / 'noticed.db'}"
    database = _ask(given, "database", "8. Where the records are kept", partial(_database, directory), usual)
    _write(
        directory,
        file,
        imap,
        smtp,
        {"address": address, "authserv_id": authserv_id, "zone": zone, "database": database},
        example,
    )
    schema.upgrade(store_settings(load(file, os.environ).settings))
    click.echo(f"\nWritten: {file}. noticed begins in observe mode: it reads and judges, and changes nothing.")
    click.echo(f"Next: noticed --config {file} doctor, then run; when what it says is right: live")


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        writable = os.access(directory, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise ConfigError(f"{directory}: this user may not write there; use sudo, or name another with --directory")


def _home_of_records(directory: Path) -> Path:
    """Beside the settings; those of the system belong where its service may write."""
    if directory != DEFAULT_FILE.parent:
        return directory
    STATE.mkdir(mode=0o700, parents=True, exist_ok=True)
    return STATE


def _database(directory: Path, url: str) -> str:
    """The URL of a database that opens; it gets its tables at the end."""
    open_store(StoreSettings(absolute_url(url, directory)), any_schema=True).close()
    return url


def _ask(
    given: dict[str, object], name: str, question: str, check: Callable[[str], str], default: str | None = None
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


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text):
        raise ConfigError("that is not one e-mail address")
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError("that is not a time zone; write one like Europe/Oslo") from None
    return text


def _local_zone() -> str:
    target = os.path.realpath("/etc/localtime")
    return target.partition("zoneinfo/")[2] or "UTC"


def _imap(given: dict[str, object]) -> ImapSettings:
    """Ask for server, login and password until a login succeeds; with options only, fail at the first problem."""
    while True:
        host = _ask(given, "host", "1. The IMAP server", str)
        port = int(str(given.get("port") or (143 if is_loopback(host) else 993)))
        user = _ask(given, "user", "2. The login of the mailbox", str)
        password_file = given.get("password_file")
        password = (
            Path(str(password_file)).read_text(encoding="utf-8").strip()
            if password_file
            else click.prompt("   and its password", hide_input=True)
        )
        settings = ImapSettings("notices", host, user, password, port, _tls(host, port, 993))
        box = ImapMailbox(settings)
        try:
            box.open()
        except NoticedError as problem:
            if given.get("host") and password_file:
                raise
            click.echo(f"   {problem}", err=True)
            continue
        finally:
            box.close()
        click.echo("   The login works.")
        return settings


def _tls(host: str, port: int, implicit: int) -> Tls:
    if port == implicit:
        return Tls.IMPLICIT
    return Tls.NONE if is_loopback(host) else Tls.STARTTLS


def _seen(imap: ImapSettings) -> str | None:
    """What the topmost Authentication-Results of the newest mails is signed with, most often."""
    box = ImapMailbox(imap)
    names: Counter[str] = Counter()
    try:
        newest = box.changes(box.inbox, None).new[-_LOOKED_AT:]
        for fetched in box.fetch(newest):
            value = parse(fetched.raw).header("authentication-results") or ""
            if name := re.match(r"\s*([\w.-]+)", value.partition(";")[0]):
                names[name[1]] += 1
    except NoticedError:
        return None
    finally:
        box.close()
    return names.most_common(1)[0][0] if names else None


def _smtp(given: dict[str, object], imap: ImapSettings) -> SmtpSettings:
    while True:
        host = _ask(given, "smtp_host", "6. The server that sends our letters", str, imap.host)
        port = int(str(given.get("smtp_port") or (25 if is_loopback(host) else 587)))
        tls = _tls(host, port, 465)
        plain = tls is Tls.NONE
        user, password = ("", "") if plain else (imap.user, imap.password)
        settings = SmtpSettings("smtp", host, port, tls, user=user, password=password)
        mailer = SmtpMailer(settings)
        try:
            mailer.open()
        except NoticedError as problem:
            if given.get("smtp_host"):
                raise
            click.echo(f"   {problem}", err=True)
            continue
        finally:
            mailer.close()
        click.echo("   It answers.")
        return settings


def _write(
    directory: Path, file: Path, imap: ImapSettings, smtp: SmtpSettings, told: dict[str, str], example: str
) -> None:
    keys = directory / "secrets"
    keys.mkdir(mode=0o700, exist_ok=True)
    for name, secret in (
        ("mailbox.password", imap.password),
        ("message.key", secrets.token_urlsafe(32)),
        ("body.key", secrets.token_urlsafe(32)),
    ):
        _private(keys / name, secret)
    if not (directory / "rules.yaml").exists():
        copyfile(shipped("rules.yaml"), directory / "rules.yaml")
    login = f'user = {_quoted(smtp.user)}\npassword_file = "secrets/mailbox.password"\n' if smtp.user else ""
    text = _TOML.format(
        host=_quoted(imap.host),
        port=imap.port,
        tls=_quoted(imap.tls),
        user=_quoted(imap.user),
        address=_quoted(told["address"]),
        authserv_id=_quoted(told["authserv_id"]),
        number_format=number_format(example),
        zone=_quoted(told["zone"]),
        database=_quoted(told["database"]),
        smtp_host=_quoted(smtp.host),
        smtp_port=smtp.port,
        smtp_tls=_quoted(smtp.tls),
        login=login,
    )
    file.write_text(text, encoding="utf-8")
    for readable in (file, directory / "rules.yaml"):
        readable.chmod(0o644)  # the service is not the user who makes them; secrets stand elsewhere


def _private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text + "\n")


def _quoted(text: object) -> str:
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def number_format(example: str) -> str:
    """The pattern of notice numbers that look like ``example``: digits may differ, a year stays in its century."""
    parts = re.split(r"(\d+)", example.strip())
    return "".join(_digits(part) if part.isdigit() else re.escape(part) for part in parts if part)


def _digits(run: str) -> str:
    return r"20\d\d" if re.fullmatch(r"20\d\d", run) else rf"\d{{{len(run)}}}"


_TOML = """\
# The settings of noticed, for administrators.  Every value in force and its origin: noticed config show
# What words mean, ladders, folders, digests and the team stand in rules.yaml, for staff.

[[mailbox]]
name = "notices"
kind = "imap"
address = {address}
host = {host}
port = {port}
tls = {tls}
user = {user}
password_file = "secrets/mailbox.password"
authserv_id = {authserv_id}   # what our own mail server writes in Authentication-Results

[smtp]
host = {smtp_host}
port = {smtp_port}
tls = {smtp_tls}
{login}
[notice]
number_format = '{number_format}'   # a regular expression that a notice number fits

[time]
zone = {zone}

[database]
url = {database}

[keys]
message_key_file = "secrets/message.key"   # signs our Message-IDs: keep it for ever
body_key_file = "secrets/body.key"         # encrypts stored mail

[health]
listen = "127.0.0.1:9464"   # /livez, /readyz, /metrics
"""
