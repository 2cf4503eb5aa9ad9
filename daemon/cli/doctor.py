"""``noticed doctor``: tries everything the daemon needs, one line each, and says what to mend."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import click

from daemon.app import wiring
from daemon.app.house import letter_names
from daemon.cli._common import as_json, print_json, rule_file, settings_of
from daemon.clock import SystemClock
from daemon.config.settings import Mailbox as MailboxConfig
from daemon.config.settings import Settings
from daemon.errors import ConfigError, NoticedError, TransientError
from daemon.followups.fromfile import leads_of
from daemon.jobs import probe, reload
from daemon.message.authenticate import authenticate
from daemon.message.parse import parse
from daemon.rulefile.meanings import Meaning
from daemon.rulefile.problem import Severity
from daemon.store import esps, open_store, state
from daemon.team import roster

_LOOKED_AT = 200  # newest mails, to see whether our own server's verdict is there
_NO_MAIL = "<no-such-mail@noticed.invalid>"
_ENOUGH_SHARE = 0.5
_ENOUGH_DISK = 500_000_000  # bytes

EXIT_PROBLEM, EXIT_UNREACHABLE = 1, 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried; ``how``: ok, warning, problem, unreachable."""

    what: str
    how: str
    text: str


@click.command(short_help="Try everything the daemon needs; change nothing.")
@click.option("--live", is_flag=True, help="Also send a mail to ourselves, wait for it, read, tag and file it.")
@as_json
@click.pass_obj
def command(config: Path | None, live: bool, as_json: bool) -> int:
    """Try everything that the daemon needs: settings, database, rules, templates, every login.  Changes nothing.

    With --live each mailbox sends a mail to itself, which ends in the folder Noticed/Self-probe; nothing is deleted.
    """
    settings = settings_of(config)
    found = [Finding("settings", "ok", str(settings.file))]
    for one in (*_examine(settings), *(_probe_all(settings) if live else ())):
        found.append(one)
        if not as_json:
            _tell(found[0]) if len(found) == 2 else None
            _tell(one)
    if as_json:
        print_json([asdict(one) for one in found])
    hows = {one.how for one in found}
    return EXIT_PROBLEM if "problem" in hows else EXIT_UNREACHABLE if "unreachable" in hows else 0


def _tell(one: Finding) -> None:
    sign = {"ok": "ok     ", "warning": "WARNING", "problem": "PROBLEM", "unreachable": "DOWN   "}[one.how]
    text = one.text.removeprefix(f"{one.what}: ")
    click.echo(f"{sign}  {one.what}: {text}")


def _examine(settings: Settings) -> Iterator[Finding]:
    yield from _tried("database", lambda: _database(settings))
    yield from _tried("rules", lambda: _rules(settings))
    yield from _tried("survivors' mail", lambda: _told(settings))
    yield from _tried("templates", lambda: _templates(settings))
    for config in settings.mailboxes:
        yield from _tried(f"mailbox {config.common.name}", partial(_mailbox, config))
        yield from _tried(f"sending from {config.common.name}", partial(_sending, config, settings))
    yield from _disk(settings)


def _tried(what: str, act: Callable[[], Finding | str]) -> Iterator[Finding]:
    """Run one examination; what it raises is its finding."""
    try:
        found = act()
        yield found if isinstance(found, Finding) else Finding(what, "ok", found)
    except ConfigError as error:
        yield from (Finding(what, "problem", problem) for problem in error.problems)
    except TransientError as error:
        yield Finding(what, "unreachable", str(error))
    except NoticedError as error:
        yield Finding(what, "problem", str(error))


def _database(settings: Settings) -> str:
    store = open_store(wiring.store_settings(settings))
    try:
        with store.read() as conn:
            mode = state.mode(conn)
            known = len(esps.listed(conn))
    finally:
        store.close()
    return f"opens, schema at head, {mode} mode, {known:,} ESPs"


def _rules(settings: Settings) -> str:
    text = reload.read_file(settings.paths.rules)
    _, problems = reload.checked(text, (), letter_names(settings))
    if any(one.severity is Severity.ERROR for one in problems):
        raise reload.broken(settings.paths.rules, problems)
    return "right" + (f", {len(problems)} warnings" if problems else "")


def _told(settings: Settings) -> Finding | str:
    """Whoever is told at once of a survivor's mail; nobody is a warning."""
    file = rule_file(settings)
    route = file.routes.get(Meaning.SURVIVOR)
    told = roster.told(file.team, (one.text for one in route.tell)) if route else ()
    people = told or leads_of(file)
    if not people:
        fix = "add routes: {survivor: {tell: [...]}} or a lead of the team to rules.yaml"
        return Finding("survivors' mail", "warning", f"nobody would be told of it: {fix}")
    return f"{len(people)} {'person' if len(people) == 1 else 'persons'} would be told at once"


def _templates(settings: Settings) -> str:
    wiring.check_templates(settings)
    return f"{len(letter_names(settings))} letters, all render"


def _mailbox(config: MailboxConfig) -> Finding | str:
    box = wiring.open_mailbox(config)
    try:
        box.open()
        places = box.changes(box.inbox, None).new
        sent = box.sent_folder()
        if sent:
            box.find(sent, _NO_MAIL)  # says so if the folder of the settings is not there
        trusted = seen = 0
        for fetched in box.fetch(places[-_LOOKED_AT:]):
            seen += 1
            common = config.common
            trusted += authenticate(parse(fetched.raw), common.authserv_id, common.received_by).trusted
    finally:
        box.close()
    text = f"the login works, {len(places):,} mails in the inbox, " + ("Sent found" if sent else "no Sent folder")
    if not seen:
        return text
    share = f"; our own Authentication-Results on {trusted} of the newest {seen}"
    if trusted < seen * _ENOUGH_SHARE:
        advice = ": without them nothing closes by itself; is authserv_id what your mail server writes?"
        return Finding(f"mailbox {config.common.name}", "warning", text + share + advice)
    return text + share


def _sending(config: MailboxConfig, settings: Settings) -> Finding | str:
    what = f"sending from {config.common.name}"
    if settings.sending.dry_run:
        return Finding(what, "warning", "sending.dry_run is on: no letter leaves")
    mailer = wiring.open_mailer(config, settings)
    if mailer is None:
        return Finding(what, "warning", "there is no [smtp]: letters wait in the outbox")
    try:
        opened = getattr(mailer, "open", None)
        if opened:
            opened()
    finally:
        mailer.close()
    login = getattr(config.out, "user", "") or config.out_kind != "smtp"
    return "the server answers and takes the login" if login else "the server answers; no login is set for it"


def _probe_all(settings: Settings) -> Iterator[Finding]:
    for config in settings.mailboxes:
        what = f"self-probe of {config.common.name}"
        try:
            for step in _probe(config, settings):
                yield Finding(what, step.how, step.text)
        except NoticedError as error:
            yield Finding(what, "unreachable" if isinstance(error, TransientError) else "problem", str(error))


def _probe(config: MailboxConfig, settings: Settings) -> Iterator[probe.Step]:
    mailer = None if settings.sending.dry_run else wiring.open_mailer(config, settings)
    if mailer is None:
        yield probe.Step("warning", "not tried: no letter leaves (there is no way out, or sending.dry_run is on)")
        return
    box, clock = wiring.open_mailbox(config), SystemClock()
    key = settings.keys.message_key.encode()
    letter = probe.letter(config.common.address, config.send_from, key, clock.now())
    try:
        yield from probe.Probe(box, mailer, letter, clock).run()
    finally:
        mailer.close()
        box.close()


def _records(settings: Settings) -> Path:
    """The folder that grows: that of the records, else (they lie in a server) that of the settings."""
    scheme, _, file = settings.database_url.partition(":///")
    folder = Path(file).parent if scheme.startswith("sqlite") and file else settings.file.parent
    return folder if folder.is_dir() else settings.file.parent


def _disk(settings: Settings) -> Iterator[Finding]:
    place = _records(settings)
    free = shutil.disk_usage(place).free
    if not os.access(place, os.W_OK):
        yield Finding("disk", "warning", f"{place} cannot be written by this user")
    elif free < _ENOUGH_DISK:
        yield Finding("disk", "warning", f"only {free // 1_000_000:,} MB free at {place}")
    else:
        yield Finding("disk", "ok", f"{free // 1_000_000_000:,} GB free")
