"""Our own words coming back close nothing: a reply that holds a whole letter of ours without any mark of quoting."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from textwrap import wrap

import pytest

from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.decide.policy import Policy
from daemon.message.parse import parse
from daemon.notices.esp import Esp
from daemon.notices.match import Known
from daemon.notices.notice import Item, Notice
from daemon.render.check import LETTERS
from daemon.render.templates import Templates, Text
from daemon.render.values import LetterValues, NoticeValue, item
from daemon.rulefile.load import load
from daemon.rules.ruleset import RuleSet
from daemon.rules.ruleset import compile as compiled

URLS = tuple(f"https://img.host.example/{number}" for number in range(1, 6))
SENT = datetime(2026, 11, 9, 9, tzinfo=UTC)
NOTICE = Notice(
    number="HL-2026-0001",
    esp="host",
    items=tuple(Item(number, url, url, number) for number, url in enumerate(URLS, 1)),
    message_id="<hl-1@hotline.example>",
    sent_at=SENT,
    contact="abuse@host.example",
)
LANGUAGES = ("en", "de", "fr", "es", "nl", "pt", "ru", "uk", "pl", "it", "tr", "zh", "ja", "ko", "ar")
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
Content-Type: text/{kind}; charset="utf-8"
Content-Transfer-Encoding: 8bit

"""


@cache
def shipped() -> RuleSet:
    file = load((Path(__file__).parents[2] / "rules.yaml").read_text(encoding="utf-8")).file
    assert file is not None
    return compiled(file)


def answered(text: str, subject: str = "[HL-2026-0001] Reminder", kind: str = "plain", head: str = "") -> Decision:
    mail = head + HEAD.format(subject=subject, kind=kind) + text
    return decide(parse(mail.encode()), KNOWN, shipped(), POLICY)


def closed(decision: Decision) -> int:
    return sum(1 for one in decision.items if one.closes)


def letter(name: str, language: str) -> Text:
    part = NoticeValue(NOTICE.number, "2026-11-09", 7, 2, True, tuple(item(n, url) for n, url in enumerate(URLS, 1)))
    values = LetterValues(
        "Hotline",
        "notices@hotline.example",
        "Host",
        (part,),
        "abuse@host.example",
        "abuse@host.example",
        "t",
        form=True,
    )
    return Templates().render(name, language, values.mapping())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_our_own_letter_sent_back_closes_nothing(name: str, language: str) -> None:
    ours = letter(name, language)
    again = " ".join(ours.text.split())
    for text in (ours.text, f"Thank you for your mail.\n\n{ours.text}", again, "\n".join(wrap(again, 60))):
        assert closed(answered(text, ours.subject)) == 0
    assert closed(answered(ours.html or "", ours.subject, "html")) == 0
    assert closed(answered(f"<p>Thank you for your mail.</p>{ours.html}", ours.subject, "html")) == 0


def test_the_measure_is_able_to_close() -> None:
    assert closed(answered("Hello,\n\nall five pages have been removed.\n")) == 5
