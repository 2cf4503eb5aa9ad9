"""The notices that the generated mailbox answers: as ``Known`` for judging in memory, as rows for a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bench.make_mailbox import EPOCH, OUR_ADDRESS, Reply
from daemon.decide.policy import Policy
from daemon.message.urls import canonical
from daemon.notices.esp import Esp
from daemon.notices.keys import bare
from daemon.notices.match import Known
from daemon.notices.notice import Item, Notice
from daemon.notices.table import NewNotice
from daemon.rulefile.blocks import Closing, RuleFile
from daemon.rulefile.load import load
from daemon.rules.ruleset import RuleSet
from daemon.rules.ruleset import compile as compile_rules
from daemon.rules.uncollected import set_apart

NUMBER = r"NTC-\d{4}-\d{7}"
AUTHSERV = "mx1.hotline.example.org"


@dataclass(frozen=True)
class Sent:
    """One notice that some mail answers."""

    number: str
    esp: str
    domain: str
    message_id: str
    urls: tuple[str, ...]
    minutes: int

    @property
    def subject(self) -> str:
        return f"Takedown notice {self.number} ({len(self.urls)} URLs)"


def sent_for(replies: Iterable[Reply]) -> dict[str, Sent]:
    """Return the notices by number; the first mail that answers a notice tells its ESP and URLs."""
    found: dict[str, Sent] = {}
    for reply in replies:
        domain = reply.sender.rpartition("@")[2]
        urls = tuple(dict.fromkeys(_plain(url) for url in reply.urls))
        if reply.notice not in found:
            found[reply.notice] = Sent(reply.notice, domain, domain, reply.in_reply_to, urls, 7 * reply.index)
    return found


def _plain(url: str) -> str:
    return url.replace("hxxp", "http", 1).replace("[.]", ".")


def known(one: Sent, domain: str) -> Known:
    """Return what a store would know about a mail from ``domain`` that answers a notice: both ESPs, that notice."""
    items = tuple(Item(place, url, canonical(url), place) for place, url in enumerate(one.urls, 1))
    notice = Notice(
        number=one.number,
        esp=one.esp,
        items=items,
        message_id=one.message_id,
        sent_at=EPOCH + timedelta(minutes=one.minutes),
        contact=f"abuse@{one.domain}",
        subject=one.subject,
    )
    esps = [Esp(home, home, frozenset({home}), frozenset({f"abuse@{home}"})) for home in {one.domain: 0, domain: 0}]
    return Known(
        notices={one.number: notice},
        by_message_id={bare(one.message_id): (one.number,)},
        by_url={item.canonical: (one.number,) for item in items},
        recent={one.esp: (one.number,)},
        esps=tuple(esps),
    )


def rows(sent: Iterable[Sent]) -> list[NewNotice]:
    """Return the notices as an import reads them."""
    return [
        NewNotice(
            number=one.number,
            esp=one.esp,
            esp_domain=one.domain,
            contact=f"abuse@{one.domain}",
            urls=one.urls,
            message_id=one.message_id,
            sent_at=EPOCH + timedelta(minutes=one.minutes),
            subject=one.subject,
            row=place,
        )
        for place, one in enumerate(sent, 2)
    ]


def rule_file(text: str) -> RuleFile:
    """Read a rule file that is known to be right."""
    loaded = load(text)
    assert loaded.file is not None, f"{len(loaded.problems)} problems"
    return loaded.file


def judge_of(file: RuleFile) -> tuple[RuleSet, Policy]:
    """Return what judging the generated mailbox needs, set apart as the daemon does."""
    ruleset = compile_rules(file)
    set_apart()
    return ruleset, policy(file.closing)


def policy(closing: Closing) -> Policy:
    """Return the settings of the hotline that the generated mailbox belongs to."""
    return Policy(NUMBER, AUTHSERV, (AUTHSERV,), our_addresses=frozenset({OUR_ADDRESS}), closing=closing)
