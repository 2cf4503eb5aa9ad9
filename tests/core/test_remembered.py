"""What is remembered or sieved for speed changes nothing: not between mails, not for the words that are looked for."""

from __future__ import annotations

import gc
from datetime import date
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from daemon.decide import calendar_words as words
from daemon.decide import dates
from daemon.decide.policy import Policy
from daemon.decide.reading import ask
from daemon.message.message import Address
from daemon.message.parse import parse
from daemon.notices import domains
from daemon.notices.esp import Esp
from daemon.notices.register import Register
from daemon.rulefile.load import load
from daemon.rules.judge import judge
from daemon.rules.mail import MailFacts
from daemon.rules.ruleset import RuleSet, Told
from daemon.rules.ruleset import compile as compiled
from daemon.rules.specimen import sentence
from daemon.rules.uncollected import set_apart
from tests.counts import count

URL = "https://a.example/1"
RULES = """
version: 1
rules:
  tool: {means: removed, about: every_url, only_for: [examplehost], note: agreed, says: {en: [ticket closed]}}
  subject: {means: pending, in: subject, says: {en: [at work]}}
"""


PLACES = """
version: 1
rules:
  gone: {means: removed, says: {en: [removed the page]}}
hedges: {en: [perhaps]}
places: {en: [server]}
subjects: {en: [page]}
fillers: {en: [we, the, from]}
"""


def ruleset(text: str = RULES) -> RuleSet:
    found = load(text).file
    assert found is not None
    return compiled(found)


def test_a_sentence_met_in_one_esps_mail_is_judged_anew_for_the_next() -> None:
    rules, said = ruleset(), [sentence("Ticket closed.", targets=(URL,))]
    assert not judge(rules, said, (URL,), MailFacts(esp="other")).hits
    assert judge(rules, said, (URL,), MailFacts(esp="examplehost")).hits
    assert not judge(rules, said, (URL,), MailFacts(esp="other")).hits


def test_many_sentences_do_not_fill_the_memory() -> None:
    rules = ruleset()
    for number in range(5000):
        rules.remember(f"ticket closed {number}", Told())
    rules.remember("x" * 401, Told())
    assert len(rules.met) <= 4096
    assert max(map(len, rules.met)) <= 400


def test_a_removal_is_judged_alike_however_often_its_sentence_was_met() -> None:
    rules = ruleset(PLACES)
    said = [sentence("We removed the page from Pixmoor.", targets=(URL,))]
    ours, others = MailFacts(own_names=frozenset({"pixmoor"})), MailFacts()
    found = [
        [hit.cancelled for hit in judge(rules, said, (URL,), facts).hits] for facts in (ours, others, ours, others)
    ]
    assert found == [[""], ["limit"], [""], ["limit"]]


def test_two_mails_are_never_taken_for_each_other() -> None:
    policy = Policy(r"HL-\d{4}")
    for number in range(
        1000, 1000 + count(test=400, prove=4000)
    ):  # more than are remembered, each gone before the next
        raw = f"From: a@b.example\nSubject: Re: HL-{number}\n\nGone.\n".encode()
        assert ask(parse(raw), policy).numbers == (f"HL-{number}",)


_POOL = [word for row in words.MONTHS + words.WEEKDAYS + words.NUMBER_WORDS for word in row.split()]
_POOL += "ago vor il y a hace dias temu назад 3日 前 昨日 yesterday last week the day before tags zuvor 3 12 2026 1.2. ٣".split()  # noqa: SIM905
_POOL += ["two days ago", "vor zwei tagen", "il y a trois jours", "hace dos semanas", "две недели назад", "за день до"]
_READERS = tuple(reader for _, reader in dates._READERS)


@settings(max_examples=count(test=400, prove=5000))
@example("за день до")
@given(st.lists(st.sampled_from(_POOL), min_size=1, max_size=8).map(" ".join))
def test_no_sieve_holds_back_a_stated_day(text: str) -> None:
    written, plain = date(2026, 10, 14), dates.fold(text)
    every = tuple(dict.fromkeys(day for reader in _READERS for day in reader(plain, written)))
    assert dates.stated_days(text, written) == every
    assert dates.says_before_ours(text) == (dates._BEFORE_OURS.search(plain) is not None)


def test_the_register_finds_whom_a_walk_over_all_esps_would_find() -> None:
    homes = ["a.example", "mail.a.example", "gmail.com", "b.example", "zendesk.com", "xn--bcher-kva.example"]
    esps = tuple(Esp(home, home, frozenset({home}), frozenset({f"Abuse@{home}"})) for home in homes)
    register = Register(esps)
    for host in [*homes, "x.mail.a.example", "b.example.", "other.example", "bücher.example", ""]:
        for local in ("abuse", "someone"):
            address = Address("", f"{local}@{host}")
            walked = [
                esp
                for esp in esps
                if address.address.lower() in {one.lower() for one in esp.contacts}
                or any(domains.within(address.domain, home) for home in esp.domains if not domains.is_shared(home))
            ]
            assert list(register.speaking(address)) == walked


def test_bench_needs_nothing_from_outside_the_project() -> None:
    home = Path(__file__).parents[2] / "bench"
    assert not [file.name for file in home.rglob("*.py") if "shared/" in file.read_text(encoding="utf-8")]


def test_what_lasts_is_not_searched_for_garbage_again() -> None:
    rules = ruleset()
    try:
        set_apart()
        assert not any(each is rules.rules for each in gc.get_objects())
    finally:
        gc.unfreeze()
    assert any(each is rules.rules for each in gc.get_objects())
