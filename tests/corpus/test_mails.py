"""Whole answers close what they say is gone, and nothing else."""

from datetime import UTC, datetime
from functools import lru_cache

import pytest

from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.message.parse import parse
from daemon.message.urls import canonical
from daemon.notices.esp import Esp
from daemon.notices.keys import bare
from daemon.notices.match import Known
from daemon.notices.notice import Item, Notice
from tests.corpus.mails import CLOSING, Mail, files, mails
from tests.corpus.test_paraphrases import POLICY, rules

HEAD = (
    "Received: from x by mx.hotline.example; Mon, 12 Oct 2026 13:00:00 +0000\n"
    "Authentication-Results: mx.hotline.example; dmarc=pass header.from=host.example\n"
    "From: Bo <abuse@host.example>\nTo: esp@hotline.example\nDate: Mon, 12 Oct 2026 13:00:00 +0000\n"
    "Subject: {}\nMessage-ID: <1@host.example>\nIn-Reply-To: <n@hotline.example>\nMIME-Version: 1.0\n"
    "Content-Type: text/{}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}"
)


@lru_cache(maxsize=1)
def host() -> Esp:
    return Esp("host", "Host", frozenset({"host.example"}), frozenset({"abuse@host.example"}))


def decided(mail: Mail) -> Decision:
    items = tuple(Item(place, url, canonical(url)) for place, url in enumerate(mail.urls, 1))
    sent = datetime(2026, 10, 12, 8, 30, tzinfo=UTC)
    notice = Notice("N-0007", "host", items, "<n@hotline.example>", sent, "abuse@host.example")
    known = Known({"N-0007": notice}, {bare("<n@hotline.example>"): ("N-0007",)}, esps=(host(),))
    kind = "html" if mail.body.lstrip().startswith("<") else "plain"
    subject = mail.subject.replace("{n}", "N-0007") or "Re: [N-0007] Takedown notice"
    raw = HEAD.format(subject, kind, mail.body.replace("{n}", "N-0007"))
    return decide(parse(raw.encode()), known, rules(), POLICY)


@pytest.mark.parametrize("name", files())
def test_what_is_said_to_be_gone_closes(name: str) -> None:
    wrong = [mail for mail in mails(name) if mail.closes and not all(item.closes for item in decided(mail).items)]
    assert wrong == []


@pytest.mark.parametrize("name", files())
def test_nothing_else_closes(name: str) -> None:
    wrong = [mail for mail in mails(name) if not mail.closes and any(item.closes for item in decided(mail).items)]
    assert wrong == []


@pytest.mark.parametrize("name", files())
def test_no_item_is_said_to_be_gone_that_is_not(name: str) -> None:
    for mail in mails(name):
        found = [item.outcome.value for item in decided(mail).items] if mail.outcomes and not mail.closes else []
        assert [one in CLOSING for one in found] == [one in CLOSING for one in mail.outcomes][: len(found)], mail


@pytest.mark.parametrize("name", files())
def test_the_gist_is_right(name: str) -> None:
    for mail in (mail for mail in mails(name) if mail.categories):
        assert decided(mail).category.value in mail.categories, mail


@pytest.mark.parametrize("name", files())
def test_a_person_is_asked_where_one_is_needed_and_only_there(name: str) -> None:
    for mail in (mail for mail in mails(name) if mail.person is not None):
        assert decided(mail).needs_human == mail.person, mail


@pytest.mark.parametrize("name", files())
def test_every_item_is_told_apart(name: str) -> None:
    for mail in (mail for mail in mails(name) if mail.categories and mail.outcomes):
        assert tuple(item.outcome.value for item in decided(mail).items) == mail.outcomes, mail
