"""Our own words coming back close nothing: a reply that holds a whole letter of ours without any mark of quoting."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.decide.policy import Policy
from daemon.message.parse import parse
from daemon.notices.esp import Esp
from daemon.notices.match import Known
from daemon.notices.notice import Item, Notice
from daemon.render.check import LETTERS
from daemon.render.templates import Templates
from daemon.render.values import LetterValues, NoticeValue, item
from daemon.rulefile.load import load
from daemon.rules.ruleset import RuleSet
from daemon.rules.ruleset import compile as compiled

URLS = tuple(f"https://img.host.example/{number}" for number in (1, 2, 3))
SENT = datetime(2026, 11, 9, 9, tzinfo=UTC)
NOTICE = Notice(
    number="HL-2026-0001",
    esp="host",
    items=tuple(Item(number, url, url, number) for number, url in enumerate(URLS, 1)),
    message_id="<hl-1@hotline.example>",
    sent_at=SENT,
    contact="abuse@host.example",
)
KNOWN = Known(
    notices={NOTICE.number: NOTICE},
    by_message_id={"hl-1@hotline.example": (NOTICE.number,)},
    esps=(Esp("host", "Host", frozenset({"host.example"}), frozenset({"abuse@host.example"})),),
)
POLICY = Policy(
    number_format=r"HL-\d{4}-\d{4}",
    authserv_id="mx.hotline.example",
    our_addresses=frozenset({"notices@hotline.example"}),
)
HEAD = """Received: from mail.host.example by mx.hotline.example; Mon, 16 Nov 2026 09:00:00 +0000
Authentication-Results: mx.hotline.example; dmarc=pass header.from=host.example; dkim=pass header.d=host.example
From: Abuse <abuse@host.example>
To: notices@hotline.example
Subject: Re: {subject}
Date: Mon, 16 Nov 2026 09:00:00 +0000
Message-ID: <answer@host.example>
In-Reply-To: <hl-1@hotline.example>
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 8bit

"""


@cache
def shipped() -> RuleSet:
    file = load((Path(__file__).parents[2] / "rules.yaml").read_text(encoding="utf-8")).file
    assert file is not None
    return compiled(file)


def answered(text: str, subject: str = "[HL-2026-0001] Reminder") -> Decision:
    return decide(parse((HEAD.format(subject=subject) + text).encode()), KNOWN, shipped(), POLICY)


def closed(decision: Decision) -> int:
    return sum(1 for one in decision.items if one.closes)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ru", "zh"])
@pytest.mark.parametrize("name", LETTERS)
def test_our_own_letter_sent_back_closes_nothing(name: str, language: str) -> None:
    part = NoticeValue(NOTICE.number, "2026-11-09", 7, 2, True, tuple(item(n, url) for n, url in enumerate(URLS, 1)))
    values = LetterValues(
        "Hotline", "notices@hotline.example", "Host", (part,), "abuse@host.example", "abuse@host.example", "t"
    )
    letter = Templates().render(name, language, values.mapping())
    assert closed(answered(letter.text, letter.subject)) == 0
    assert closed(answered(f"Thank you for your mail.\n\n{letter.text}", letter.subject)) == 0


def test_the_measure_is_able_to_close() -> None:
    assert closed(answered("Hello,\n\nall three pages have been removed.\n")) == 3
