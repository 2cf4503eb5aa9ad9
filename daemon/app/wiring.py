"""Makes mailboxes, ways out, policies and the desk from the settings; nothing is connected yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module

from daemon import mailbox as mailbox_room
from daemon import mailer as mailer_room
from daemon.config.settings import Mailbox as MailboxConfig
from daemon.config.settings import Settings
from daemon.decide import decide as deciding
from daemon.decide import reading
from daemon.decide.decision import Decision
from daemon.decide.policy import Policy
from daemon.digest import page
from daemon.followups.fromfile import rules_of
from daemon.jobs.desk import Desk, Sender
from daemon.jobs.reload import InForce
from daemon.mailbox import Fetched, Mailbox
from daemon.mailer import Mailer
from daemon.message.message import Message
from daemon.message.parse import parse
from daemon.notices.keys import Keys
from daemon.notices.match import Known
from daemon.render import check
from daemon.render.templates import Templates
from daemon.rules.ruleset import RuleSet
from daemon.store.engine import Settings as StoreSettings


def open_mailbox(config: MailboxConfig) -> Mailbox:
    """The mailbox of one ``[[mailbox]]``; its backend is imported only now."""
    room: Callable[..., Mailbox] = import_module(f"{mailbox_room.__name__}.{config.common.kind}").open_mailbox
    return room(config.backend)


def open_mailer(config: MailboxConfig, settings: Settings) -> Mailer | None:
    """The way out of a mailbox; in a dry run letters are kept in the state folder.  None: it has no way out."""
    if settings.sending.dry_run:
        from daemon.mailer.capture import CaptureMailer

        return CaptureMailer(settings.paths.state / "dry-run")
    if config.out is None:
        return None
    way: Callable[..., Mailer] = import_module(f"{mailer_room.__name__}.{config.out_kind}").open_mailer
    return way(config.out)


def store_settings(settings: Settings) -> StoreSettings:
    return StoreSettings(settings.database_url, settings.keys.body_key)


def templates(settings: Settings) -> Templates:
    return Templates(settings.paths.templates)


def check_templates(settings: Settings, named: frozenset[str] = frozenset()) -> None:
    """Render every template with sample values; ConfigError tells each that is missing or broken."""
    check.check(templates(settings), named, more={"digest": page.sample()})


def policy(settings: Settings, config: MailboxConfig, rules: InForce) -> Policy:
    """What decisions about one mailbox's mail depend on."""
    ours = {one.common.address.lower() for one in settings.mailboxes}
    ours |= {one.send_from.lower() for one in settings.mailboxes}
    return Policy(
        number_format=settings.notice.number_format,
        authserv_id=config.common.authserv_id,
        received_by=config.common.received_by,
        our_addresses=frozenset(ours),
        secret=settings.keys.message_key.encode(),
        closing=rules.file.closing,
        longest_pause=timedelta(days=settings.sending.longest_pause_days),
    )


def desk(settings: Settings, rules: InForce) -> Desk:
    """What composing letters needs."""
    name = settings.sending.organisation
    return Desk(
        senders={one.common.name: Sender(one.send_from, name) for one in settings.mailboxes},
        key=settings.keys.message_key.encode(),
        rules=rules_of(rules.file, settings.sending.per_address_per_day),
        templates=templates(settings),
        organisation=name,
        form=settings.notice.form,
        plain_urls=settings.notice.url_style == "plain",
        register=rules.file.register,
        onboarding=rules.file.onboarding,
        unresponsive=rules.file.unresponsive,
    )


@dataclass(frozen=True, slots=True)
class Judge:
    """Reading and judging for one mailbox, by the rules in force; see ``jobs.intake.Judge``."""

    ruleset: RuleSet = field(repr=False)
    policy: Policy
    parse: Callable[..., Message] = parse

    @property
    def reads_apart(self) -> bool:
        return self.parse is not parse

    def read(self, fetched: Fetched) -> Message:
        return self.parse(fetched.raw, unseen_parts=fetched.unseen_parts, complete=fetched.complete)

    def ask(self, message: Message) -> Keys:
        return reading.ask(message, self.policy)

    def decide(self, message: Message, known: Known) -> Decision:
        return deciding.decide(message, known, self.ruleset, self.policy)
