"""One mail in, one decision out: what closes, what waits for a person, what is only a task."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from daemon.decide.decide import decide
from daemon.decide.decision import Decision, Matched, Party, Proof, Standing
from daemon.decide.effects import Action, Current, Referral, effects
from daemon.decide.policy import Policy
from daemon.message.parse import parse
from daemon.message.urls import canonical
from daemon.notices.esp import Esp
from daemon.notices.keys import bare
from daemon.notices.match import Known
from daemon.notices.notice import Item, Notice
from daemon.notices.status import Category, Evidence, Outcome
from daemon.rulefile.blocks import Closing
from daemon.rulefile.load import load
from daemon.rules.ruleset import compile as compile_rules

RULES = """
version: 1
hedges: {en: [will, may]}
limits: {en: [partly]}
negations: {en: [not]}
hearsay: {en: [customer says]}
conditions: {en: [if]}
rules:
  gone-now: {means: removed, says: [has/have/was/were been removed, removed <url>, <url> removed, <item> removed],
    pattern: '^removed[.]?$',
    examples: [It has been removed., Removed., removed https://a.example/1, https://a.example/1 removed,
      Item 1 removed]}
  expired: {means: already_gone, says: [had expired], examples: [It had expired.]}
  no: {means: refused, says: [will not act], examples: [We will not act.]}
  ask: {means: info_needed, says: [please send us], examples: [Please send us the address.]}
  elsewhere: {means: not_hosted, says: [not hosted by us], examples: [This is not hosted by us.]}
  partly: {means: partial, says: [was limited], examples: [It was limited.]}
  later: {means: pending, says: [working on it], pause_reminders: 30 days, examples: [We are working on it.]}
  back: {means: back_online, says: [is back], examples: [The page is back.]}
  settled: {means: person, says: [matter is settled], examples: [The matter is settled.]}
  got-it: {means: acknowledged, says: [received your notice], examples: [We received your notice.]}
  form: {means: wrong_channel, says: [use our form], examples: [Please use our form.]}
  new-address: {means: contact_change, says: [new abuse address], examples: [Our new abuse address is x.]}
  sale: {means: unrelated, says: [autumn sale], examples: [Our autumn sale.]}
  police: {means: law_enforcement, says: [police department], examples: [I write for the police department.]}
"""
FILE = load(RULES).file
assert FILE is not None
RULESET = compile_rules(FILE)
POLICY = Policy(r"N-\d{4}", "mx.hotline.example", our_addresses=frozenset({"esp@hotline.example"}))
SENT = datetime(2026, 10, 12, 8, tzinfo=UTC)
ONE, TWO = "https://a.host.example/1", "https://a.host.example/2"


def notice(number: str, *urls: str) -> Notice:
    items = tuple(Item(position, url, canonical(url)) for position, url in enumerate(urls, 1))
    return Notice(number, "host", items, f"<{number}@hotline.example>", SENT, "abuse@host.example")


SINGLE, DOUBLE = notice("N-0001", ONE), notice("N-0002", ONE, TWO)
HOST = Esp("host", "Host", frozenset({"host.example"}), frozenset({"abuse@host.example"}))


def known(*notices: Notice) -> Known:
    return Known(
        notices={one.number: one for one in notices},
        by_message_id={bare(one.message_id or ""): (one.number,) for one in notices},
        by_ticket={("host", "T-1"): ("N-0001",)},
        by_url={item.canonical: (one.number,) for one in notices for item in one.items},
        esps=(HOST, Esp("other", "Otherhost", frozenset({"otherhost.example"}))),
    )


def mail(
    text: str, number: str = "N-0001", sender: str = "abuse@host.example", dmarc: str = "pass", more: str = "",
    subject: str = "", policy: Policy = POLICY,
) -> Decision:  # fmt: skip
    domain = sender.rpartition("@")[2].strip(">")
    raw = (
        f"Received: from x by mx.hotline.example; Tue, 13 Oct 2026 09:00:00 +0000\n"
        f"Authentication-Results: mx.hotline.example; dmarc={dmarc} header.from={domain}\n"
        f"From: {sender}\nTo: esp@hotline.example\nDate: Tue, 13 Oct 2026 09:00:00 +0000\n"
        f"Subject: {subject or f'Re: [{number}] notice'}\nMessage-ID: <1@{domain}>\n{more}\n{text}\n"
    )
    return decide(parse(raw.encode()), known(SINGLE, DOUBLE), RULESET, policy)


def closed(decision: Decision) -> list[str]:
    return [item.url for item in decision.items if item.closes]


def test_a_plain_proven_removal_closes_without_a_person() -> None:
    done = mail("The page has been removed.")
    assert (done.category, done.needs_human, closed(done)) == (Category.REMOVED, False, [ONE])
    assert (done.evidence, done.standing, done.rule) == (Evidence.AUTHENTICATED, Standing.AUTHENTICATED, "gone-now")
    assert done.first_response


@pytest.mark.parametrize(
    "text",
    [
        "The page has not been removed.", "The page will have been removed soon.", "Has the page has been removed?",
        "If it has been removed, tell us.", "Our customer says it has been removed.",
    ],
)  # fmt: skip
def test_a_removal_denied_hedged_asked_conditional_or_reported_never_closes(text: str) -> None:
    assert closed(mail(text)) == []


@pytest.mark.parametrize(
    ("sender", "dmarc"),
    list(
        product(
            ["abuse@host.example", "x@elsewhere.test", "abuse@host-abuse.test"], ["pass", "none", "fail", "temperror"]
        )
    )[1:],
)
def test_whoever_is_not_proven_to_speak_for_the_esp_closes_nothing(sender: str, dmarc: str) -> None:
    claim = mail("The page has been removed.", sender=sender, dmarc=dmarc)
    assert closed(claim) == []
    assert claim.needs_human
    assert claim.evidence is not Evidence.AUTHENTICATED


def test_a_forged_sender_asserts_nothing() -> None:
    forged = mail("The page has been removed.", dmarc="fail")
    assert (forged.category, forged.standing) == (Category.SPOOFED, Standing.SPOOFED)
    assert set(forged.outcomes.values()) == {Outcome.NO_CHANGE}


def test_a_claim_is_told_as_it_was_made_and_waits() -> None:
    claim = mail("The page has been removed.", dmarc="none")
    assert claim.outcomes == {ONE: Outcome.REMOVED}
    assert "not_authenticated" in claim.reasons


def test_a_weak_match_only_proposes() -> None:
    guess = mail(f"{ONE} removed", subject="Hello")
    assert not any(one.is_strong for one in guess.matched)
    assert closed(guess) == []
    assert guess.needs_human
    assert guess.evidence is Evidence.CLAIMED


def test_several_items_close_only_when_every_one_is_named() -> None:
    both = mail(f"{ONE} removed\n{TWO} removed", "N-0002")
    assert closed(both) == [ONE, TWO]
    one = mail(f"{ONE} removed", "N-0002")
    assert (closed(one), one.needs_human) == ([], True)
    unnamed = mail("The page has been removed.", "N-0002")
    assert (closed(unnamed), unnamed.needs_human, unnamed.category) == ([], True, Category.REMOVED)


def test_a_mixed_answer_closes_nothing_and_is_filled_in() -> None:
    mixed = mail(f"{ONE} removed\n{TWO} is not hosted by us", "N-0002")
    assert mixed.outcomes == {ONE: Outcome.REMOVED, TWO: Outcome.NOT_HOSTED}
    assert (closed(mixed), "mixed" in mixed.reasons) == ([], True)


@pytest.mark.parametrize(
    "text", ["It had expired on 9 October.", "It had expired the day before.", "It had expired. That was on 9 October."]
)
def test_gone_since_before_our_notice_is_looked_at(text: str) -> None:
    before = mail(text)
    assert (closed(before), "gone_before_notice" in before.reasons) == ([], True)
    assert closed(mail("It had expired before your notice reached us.")) == [ONE]
    for day in ("12", "13"):  # the day of the notice itself is no contradiction
        assert closed(mail(f"It had expired when we looked on {day} October.")) == [ONE]


def test_a_sentence_about_a_url_that_no_rule_knows_is_looked_at() -> None:
    both = f"{ONE} removed\n{TWO} removed\n\n"
    odd = mail(f"{both}As to {TWO} the colleagues upstairs were somewhat reluctant.", "N-0002")
    assert (closed(odd), odd.reasons) == ([], ("unread_sentence",))
    assert closed(mail(f"{both}Our colleagues upstairs were somewhat reluctant.", "N-0002")) == [ONE, TWO]


def test_two_notices_in_one_mail_go_to_a_person() -> None:
    two = mail("The page has been removed.", "N-0001 and N-0002")
    assert len(two.matched) == 2
    assert (closed(two), two.needs_human) == ([], True)


def test_the_settings_can_ask_for_a_person() -> None:
    strict = Policy(POLICY.number_format, POLICY.authserv_id, closing=Closing(("host",)))
    assert closed(mail("The page has been removed.", policy=strict)) == []


@pytest.mark.parametrize(
    ("text", "category", "person", "task"),
    [
        ("We received your notice.", Category.ACKNOWLEDGED, False, ""),
        ("We are working on it.", Category.IN_PROGRESS, False, ""),
        ("Please use our form.", Category.WRONG_CHANNEL, False, "other_channel"),
        ("We will not act.", Category.REFUSED, True, ""),
        ("Please send us the address.", Category.MORE_INFO_NEEDED, True, ""),
        ("This is not hosted by us.", Category.NOT_HOSTED_HERE, True, "new_target"),
        ("This is not hosted by us, ask abuse@third.example.", Category.NOT_HOSTED_HERE, False, "new_target"),
        ("This is not hosted by us but by Otherhost.", Category.NOT_HOSTED_HERE, False, "new_target"),
        ("The page is back.", Category.OTHER, True, ""),
        ("Our new abuse address is x.", Category.CONTACT_CHANGE, True, ""),
        ("Quite another matter altogether.", Category.OTHER, True, ""),
        ("", Category.OTHER, True, ""),
    ],
)
def test_each_meaning_has_its_category_and_its_queue(text: str, category: Category, person: bool, task: str) -> None:
    decision = mail(text)
    assert (decision.category, decision.needs_human, decision.task) == (category, person, task)
    assert closed(decision) == []


def test_mail_of_others_is_routed_and_moves_nothing() -> None:
    police = mail("I write for the police department.", sender="a@police.test", subject="Question")
    assert police.route is not None
    assert (police.needs_human, police.items, police.category) == (True, (), Category.OTHER)


def test_a_stranger_reports_on_no_takedown() -> None:
    stranger = mail("My page has been removed!", sender="owner@site.test", subject="Complaint")
    assert (stranger.category, stranger.needs_human, stranger.matched) == (Category.UNRELATED, True, ())


def test_bulk_mail_that_answers_nothing_is_unrelated() -> None:
    sale = mail("Our autumn sale.", sender="news@host.example", subject="News")
    assert (sale.category, sale.needs_human) == (Category.UNRELATED, False)


def test_a_new_address_in_passing_is_a_task_and_holds_nothing_back() -> None:
    postscript = mail("The page has been removed.\n\nP.S. Our new abuse address is x.")
    assert (closed(postscript), postscript.task) == ([ONE], "check_contact")


def test_the_same_facts_always_give_the_same_decision() -> None:
    assert mail(f"{ONE} removed", "N-0002") == mail(f"{ONE} removed", "N-0002")


def test_a_claim_of_one_word_or_in_the_subject_alone_is_looked_at() -> None:
    for text, subject in (("Removed.", ""), ("-- \nBo", "N-0001: the page has been removed")):
        vague = mail(text, subject=subject)
        assert vague.outcomes == {ONE: Outcome.REMOVED}
        assert (closed(vague), vague.reasons) == ([], ("vague_claim",))


def test_a_ticket_state_that_a_person_must_read_is_still_a_receipt() -> None:
    state = mail("We received your notice.\nThe matter is settled.", more="Auto-Submitted: auto-replied\n")
    assert (state.category, state.needs_human) == (Category.ACKNOWLEDGED, True)
    human = mail("We received your notice.\nThe matter is settled.")
    assert (human.category, human.needs_human) == (Category.OTHER, True)


def test_a_removal_outvoted_by_a_promise_is_looked_at() -> None:
    both = mail("The page has been removed. We are working on it.")
    assert (both.category, closed(both)) == (Category.IN_PROGRESS, [])
    assert "contradiction" in both.reasons


def test_a_removal_in_part_is_looked_at_though_it_closes_nothing() -> None:
    partly = mail("Partly it has been removed. We are working on it.")
    assert (closed(partly), partly.outcomes) == ([], {ONE: Outcome.PENDING})
    assert "unclear_claim" in partly.reasons


def test_a_deed_in_part_stays_one_beside_a_refusal_or_a_referral() -> None:
    for text, category in (
        ("We will not act.", Category.REFUSED),
        ("It is not hosted by us.", Category.NOT_HOSTED_HERE),
    ):
        both = mail(f"It was limited in your country. {text}")
        assert (both.category, both.outcomes) == (category, {ONE: Outcome.PARTIAL})
        assert {"partial"} <= set(both.reasons)


def test_a_removal_that_others_report_is_work_in_progress_for_a_person_to_check() -> None:
    reported = mail("Our customer says it has been removed.")
    assert (reported.category, reported.outcomes) == (Category.IN_PROGRESS, {ONE: Outcome.PENDING})
    assert "hearsay" in reported.reasons


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Wat bedoelt u precies?", Category.MORE_INFO_NEEDED),
        ("Skriv til desk@third.example.", Category.NOT_HOSTED_HERE),
        ("Skriv til new-desk@host.example.", Category.CONTACT_CHANGE),
        ("Intet nyt.", Category.OTHER),
        ("Never shall such acts be ours, act we not.", Category.REFUSED),
    ],
)
def test_what_no_rule_knows_is_guessed_from_its_shape_and_read_by_a_person(text: str, category: Category) -> None:
    guess = mail(text, number="N-0001")
    assert (guess.category, guess.needs_human) == (category, True)


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("This is not hosted by us.", ()),
        ("This is not hosted by us, ask abuse@third.example.", (Party(domain="third.example"),)),
        ("This is not hosted by us but by Otherhost.", (Party("other"),)),
        ("This is not hosted by us. Ask Otherhost, abuse@otherhost.example.", (Party("other"),)),
        ("This is not hosted by us but by Third Hosting GmbH.", (Party(name="Third Hosting GmbH"),)),
        ("This is not hosted by us but by Third GmbH, www.third.example.", (Party(domain="third.example"),)),
        ("This is not hosted by us. Write to someone@gmail.com.", (Party(name="gmail.com"),)),
        ("This is not hosted by us. See www.host.example.", ()),
    ],
)
def test_whoever_is_named_instead_is_proposed_once(text: str, parties: tuple[Party, ...]) -> None:
    assert mail(text).referred_to == parties


def test_a_referral_proposes_the_items_of_the_notice_that_was_proven() -> None:
    said = mail(f"{TWO} is not hosted by us, ask abuse@third.example.", "N-0002")
    task = next(one for one in effects(said, Current()) if one.action is Action.TASK)
    assert task.referral == Referral((("N-0002", 2),), (Party(domain="third.example"),))
    weak = replace(said, matched=(Matched("N-0002", "host", (Proof.URLS,)),))
    assert [one.referral.items for one in effects(weak, Current()) if one.referral] == [()]


def test_a_pause_is_never_longer_than_the_administrator_allows() -> None:
    patient = replace(POLICY, longest_pause=timedelta(hours=6))
    assert mail("We are working on it.").pause == timedelta(days=14)
    assert mail("We are working on it.", policy=patient).pause == timedelta(hours=6)
