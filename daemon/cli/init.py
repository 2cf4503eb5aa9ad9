"""``noticed init``: eight questions, each answer tried at once; ends in observe mode."""

from __future__ import annotations

import os
import re
import secrets
from collections import Counter
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from daemon import cli
from daemon.accounts.tls import Tls, is_loopback
from daemon.cli._asking import KEPT_IN, Account, address, ask, quoted, tls_of
from daemon.cli._common import store_settings
from daemon.config.load import DEFAULT_FILE, absolute_url, load
from daemon.errors import ConfigError, NoticedError
from daemon.mailer.smtp import SmtpMailer, SmtpSettings
from daemon.message.parse import parse
from daemon.registry import shipped
from daemon.store import Settings as StoreSettings
from daemon.store import open_store, schema

STATE = Path("/var/lib/noticed")  # as the service has it
_KIND = "_init_"  # the modules that ask of one kind of mailbox each
_KINDS = [found.name.removeprefix(_KIND) for found in iter_modules(cli.__path__) if found.name.startswith(_KIND)]
_WORKING_ZONE = "working_time: {zone: UTC,"  # in the rules that are shipped; letters leave by it
_LOOKED_AT = 50  # mails that are looked at to learn what our own mail server calls itself


@click.command(short_help="Ask eight questions, write the settings.")
@click.option(
    "--directory", type=click.Path(path_type=Path, file_okay=False), default=Path("/etc/noticed"), show_default=True
)
@click.option("--kind", type=click.Choice(_KINDS), default="imap", show_default=True, help="What the mailbox is.")
@click.option("--host", help="The mailbox's server.")
@click.option("--port", type=int, help="Its port (993, or 143 with STARTTLS; 443 of an Exchange Server).")
@click.option("--user", help="The login of the mailbox.")
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Where the password stands (graph: the application's secret, or its key and certificate as PEM).",
)
@click.option("--auth", type=click.Choice(["ntlm", "basic"]), help="ews: how the server takes the login (ntlm).")
@click.option("--tenant", help="graph: your directory, its id or a domain of it.")
@click.option("--client-id", help="graph: the application's id.")
@click.option("--login-url", help="graph: the sign-in of another cloud.")
@click.option("--graph-url", help="graph: the server of another cloud.")
@click.option("--ca-file", type=click.Path(exists=True, dir_okay=False), help="graph: an authority of your own.")
@click.option("--address", help="The mailbox's own address.")
@click.option("--authserv-id", help="The name that our mail server writes in Authentication-Results.")
@click.option("--example-number", help="One of your notice numbers.")
@click.option("--smtp-host", help="The server that sends our letters.")
@click.option("--smtp-port", type=int, help="Its port (587, or 465 with TLS from the first byte).")
@click.option("--zone", help="Your time zone, like Europe/Oslo.")
@click.option("--database", help="Where the records are kept.")
def command(directory: Path, kind: str, **given: object) -> None:
    """Ask eight questions, try each answer at once, and write the settings.  Nothing is sent or moved."""
    directory = directory.absolute()
    file = directory / "noticed.toml"
    if file.exists():
        raise ConfigError(f"{file}: is there already; move it away to begin anew")
    _make(directory)
    account: Account = import_module(f"{cli.__name__}.{_KIND}{kind}").account(given)
    own = account.address or address(given)
    authserv_id = ask(
        given, "authserv_id", "4. The name our mail server writes in Authentication-Results", str, _seen(account)
    )
    example = ask(given, "example_number", "5. One of your notice numbers (for example HLN-2026-104233)", str)
    smtp = None if account.sends else _smtp(given, account)
    zone = ask(given, "zone", "7. Your time zone", _zone, _local_zone())
    usual = f"sqlite:///{_home_of_records(directory) / 'noticed.db'}"
    database = ask(given, "database", "8. Where the records are kept", partial(_database, directory), usual)
    _write(
        directory,
        file,
        account,
        smtp,
        {"kind": kind, "address": own, "authserv_id": authserv_id, "zone": zone, "database": database},
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


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError("that is not a time zone; write one like Europe/Oslo") from None
    return text


def _local_zone() -> str:
    target = os.path.realpath("/etc/localtime")
    return target.partition("zoneinfo/")[2] or "UTC"


def _seen(account: Account) -> str | None:
    """What the topmost Authentication-Results of the newest mails is signed with, most often."""
    box = account.open_mailbox()
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


def _smtp(given: Mapping[str, object], account: Account) -> SmtpSettings:
    while True:
        host = ask(given, "smtp_host", "6. The server that sends our letters", str, account.host)
        port = int(str(given.get("smtp_port") or (25 if is_loopback(host) else 587)))
        tls = tls_of(host, port, 465)
        plain = tls is Tls.NONE
        user, password = ("", "") if plain else (account.user, account.password)
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
    directory: Path, file: Path, account: Account, smtp: SmtpSettings | None, told: dict[str, str], example: str
) -> None:
    keys = directory / "secrets"
    keys.mkdir(mode=0o700, exist_ok=True)
    for name, secret in (
        (Path(KEPT_IN).name, account.password),
        ("message.key", secrets.token_urlsafe(32)),
        ("body.key", secrets.token_urlsafe(32)),
    ):
        _private(keys / name, secret)
    if not (directory / "rules.yaml").exists():
        rules = shipped("rules.yaml").read_text(encoding="utf-8")
        rules = rules.replace(_WORKING_ZONE, _WORKING_ZONE.replace("UTC", told["zone"]))
        (directory / "rules.yaml").write_text(rules, encoding="utf-8")
    text = _TOML.format(
        kind=quoted(told["kind"]),
        address=quoted(told["address"]),
        lines=account.lines,
        tables=account.tables,
        authserv_id=quoted(told["authserv_id"]),
        smtp=_smtp_table(smtp) if smtp else "",
        number_format=number_format(example),
        zone=quoted(told["zone"]),
        database=quoted(told["database"]),
    )
    file.write_text(text, encoding="utf-8")
    for readable in (file, directory / "rules.yaml"):
        readable.chmod(0o644)  # the service is not the user who makes them; secrets stand elsewhere


def _smtp_table(smtp: SmtpSettings) -> str:
    login = f"user = {quoted(smtp.user)}\npassword_file = {quoted(KEPT_IN)}\n" if smtp.user else ""
    return f"[smtp]\nhost = {quoted(smtp.host)}\nport = {smtp.port}\ntls = {quoted(smtp.tls)}\n{login}\n"


def _private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text + "\n")


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
kind = {kind}
address = {address}
{lines}
authserv_id = {authserv_id}   # what our own mail server writes in Authentication-Results
{tables}
{smtp}[notice]
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
