"""Mail of others changes nothing, is answered by nobody but a person, and never takes an ESP's answer along."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.decide.effects import Action, ContactNow, Current, TakedownNow, effects
from daemon.decide.policy import Policy
from daemon.jobs.folders import Folders
from daemon.message.parse import parse
from daemon.message.urls import canonical
from daemon.notices.esp import Esp
from daemon.notices.keys import bare
from daemon.notices.match import Known
from daemon.notices.notice import Item, Notice
from daemon.notices.status import Category, Evidence, Outcome, Status
from daemon.rulefile.load import load
from daemon.rules.ruleset import compile as compile_rules
from tests.counts import count

RULES = """
version: 1
rules:
  gone-now: {means: removed, says: [has been removed], examples: [It has been removed.]}
  no: {means: refused, says: [will not act], examples: [We will not act.]}
  ask: {means: info_needed, says: [please send us], reply_with: more-info, examples: [Please send us the address.]}
  later: {means: pending, says: [working on it], pause_reminders: 3 days, examples: [We are working on it.]}
  got-it: {means: acknowledged, says: [received your notice], examples: [We received your notice.]}
  sale: {means: unrelated, says: [autumn sale], examples: [Our autumn sale.]}
  hello: {means: onboarding, says: [new provider], examples: [We are a new provider.]}
  family: {means: survivor, says: [my daughter], examples: [My daughter.]}
  police: {means: law_enforcement, says: [police department], examples: [I write for the police department.]}
  asks: {means: access_request, says: [my own data], examples: [Send me my own data.]}
  found: {means: public_report, says: [found a page], examples: [I found a page.]}
  paper: {means: press, says: [a journalist], examples: [I am a journalist.]}
"""
FILE = load(RULES).file
assert FILE is not None
RULESET = compile_rules(FILE)
POLICY = Policy(r"N-\d{4}", "mx.hotline.example", our_addresses=frozenset({"esp@hotline.example"}))
URL = "https://a.host.example/1"
NOTICE = Notice(
    "N-0001",
    "host",
    (Item(1, URL, canonical(URL)),),
    "<N-0001@hotline.example>",
    datetime(2026, 10, 12, 8, tzinfo=UTC),
    "abuse@host.example",
)
KNOWN = Known(
    notices={NOTICE.number: NOTICE},
    by_message_id={bare(NOTICE.message_id or ""): (NOTICE.number,)},
    by_ticket={("host", "T-1"): (NOTICE.number,)},
    by_url={NOTICE.items[0].canonical: (NOTICE.number,)},
    esps=(Esp("host", "Host", frozenset({"host.example"}), frozenset({"abuse@host.example"})),),
)
STRANGER, ESP = "someone@mail.test", "abuse@host.example"
ROUTES = {
    "My daughter is on that page.": "survivor",
    "I write for the police department.": "law_enforcement",
    "Send me my own data.": "access_request",
    "I found a page.": "public_report",
    "I am a journalist.": "press",
}
ANSWERS = [
    "The page has been removed.", "We will not act.", "Please send us the address.", "We are working on it.",
    "We received your notice.", "Nothing else.", URL, "Item 1", "Ticket T-1", "N-0001",
]  # fmt: skip


def mail(
    text: str, sender: str = STRANGER, subject: str = "A question", dmarc: str = "pass", more: str = ""
) -> Decision:
    domain = sender.rpartition("@")[2]
    raw = (
        f"Received: from x by mx.hotline.example; Tue, 13 Oct 2026 09:00:00 +0000\n"
        f"Authentication-Results: mx.hotline.example; dmarc={dmarc} header.from={domain}\n"
        f"From: {sender}\nTo: esp@hotline.example\nDate: Tue, 13 Oct 2026 09:00:00 +0000\n"
        f"Subject: {subject}\nMessage-ID: <1@{domain}>\n{more}\n{text}\n"
    )
    return decide(parse(raw.encode()), KNOWN, RULESET, POLICY)


def now(status: Status) -> Current:
    contact = ContactNow("abuse@host.example")
    return Current((TakedownNow("N-0001", 1, 7, status),), (contact,), contact_of=(("N-0001", contact.address),))


@pytest.mark.parametrize(("text", "route"), ROUTES.items())
def test_mail_of_others_goes_to_their_folder_and_to_a_person(text: str, route: str) -> None:
    one = mail(text)
    assert (one.route, one.routed, one.category, one.needs_human) == (route, True, Category.OTHER, True)
    assert one.reasons == (route,)
    assert Folders().shelf(one).folder.startswith("Noticed/")
    assert Folders({route: "Others/Here"}).shelf(one).folder == "Others/Here"


@settings(max_examples=count(150, 5000), deadline=None)
@given(
    st.sampled_from(list(ROUTES)),
    st.lists(st.sampled_from(ANSWERS), max_size=5),
    st.sampled_from(["A question", "Re: [N-0001] notice", "N-0001", URL]),
    st.sampled_from(["pass", "none", "fail", "temperror"]),
    st.sampled_from(["", "Auto-Submitted: auto-generated\n"]),
    st.sampled_from(list(Status)),
    st.booleans(),
)
def test_a_routed_mail_changes_no_takedown_no_clock_and_gets_no_letter(
    whose: str, said: list[str], subject: str, dmarc: str, more: str, status: Status, first: bool
) -> None:
    text = "\n\n".join([whose, *said] if first else [*said, whose])
    one = mail(text, subject=subject, dmarc=dmarc, more=more)
    assert one.routed
    assert {change.action for change in effects(one, now(status))} == {Action.REVIEW}
    assert set(one.outcomes.values()) <= {Outcome.NO_CHANGE}
    assert (one.reply_with, one.pause, one.first_response, one.answerable, one.task) == ("", None, False, False, "")
    assert (one.evidence, one.ticket) == (Evidence.NONE, None)


@settings(max_examples=count(100, 3000), deadline=None)
@given(
    st.sampled_from(list(ROUTES)),
    st.lists(st.sampled_from(ANSWERS), max_size=4),
    st.sampled_from([(ESP, ""), (STRANGER, "In-Reply-To: <N-0001@hotline.example>\n")]),
)
def test_an_answer_of_an_esp_is_never_routed_away_but_shown_with_both(
    whose: str, said: list[str], writer: tuple[str, str]
) -> None:
    sender, more = writer
    one = mail("\n\n".join([*said, whose]), sender, "Re: [N-0001] notice", more=more)
    assert not one.routed
    assert (one.needs_human, ROUTES[whose] in one.reasons) == (True, True)
    assert not any(item.closes for item in one.items)
    assert one.reply_with == ""
    assert Folders({ROUTES[whose]: "Others/Here"}).shelf(one).folder != "Others/Here"


def test_a_survivor_who_hangs_on_our_thread_is_the_first_reason() -> None:
    both = mail("We will not act. My daughter.", subject="Re: N-0001", more="In-Reply-To: <N-0001@hotline.example>\n")
    assert (both.reasons[0], both.routed) == ("survivor", False)
    assert not both.first_response


def test_a_survivor_is_never_taken_for_an_advertisement_and_the_police_is_not_seen_in_one() -> None:
    assert mail("Our autumn sale. My daughter.").routed
    esps_letter = mail("Our autumn sale. My daughter.", ESP, "News")
    assert (esps_letter.needs_human, esps_letter.reasons[0]) == (True, "survivor")
    advertisement = mail("Our autumn sale, also for the police department.")
    assert (advertisement.routed, advertisement.category) == (False, Category.UNRELATED)


def test_a_provider_who_introduces_itself_is_not_routed_away() -> None:
    new = mail("We are a new provider and work with the police department.")
    assert (new.routed, new.category, new.needs_human) == (False, Category.ONBOARDING, True)
    assert "law_enforcement" in new.reasons


@pytest.mark.parametrize("more", ["Auto-Submitted: auto-replied\nSubject: Out of office\n", ""])
def test_machines_are_nobodys_family(more: str) -> None:
    absent = "Auto-Submitted: auto-replied\n"
    away = mail("I am out of the office: my daughter is ill.", subject="Out of office", more=absent + more)
    assert (away.route, away.routed) == (None, False)
