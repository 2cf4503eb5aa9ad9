"""How a mail is judged: scope, what cancels, who wins, what silences - each on a small rules file of its own."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from daemon.message.message import Mark, Sentence
from daemon.rulefile.load import load
from daemon.rules.judge import judge
from daemon.rules.mail import MailFacts
from daemon.rules.ruleset import RuleSet
from daemon.rules.ruleset import compile as compiled
from daemon.rules.specimen import sentence
from daemon.rules.verdict import Meaning, Verdict
from tests.core.paraphrases import LANGUAGES
from tests.core.rulebook import closes, judged, shipped_file
from tests.counts import count

A, B, C = "https://a.example/1", "https://a.example/2", "https://a.example/3"

RULES = """
version: 1
hedges: {en: [will, should]}
limits: {en: [temporarily]}
negations: {en: [not, "no", never]}
hearsay: {en: [customer says]}
conditions: {en: [if, once]}
exceptions: {en: [except]}
harmless: {en: [no longer, not only, if you have]}
clauses: {en: [and, but, please]}
rules:
  removed:
    means: removed
    says: {en: [has/have been removed, removed <url>, is ... gone, is no longer available]}
    but_not: {en: [the ticket has been removed]}
  gone: {means: already_gone, says: {en: [was not found]}}
  partial: {means: partial, says: {en: [may still be cached]}}
  pending: {means: pending, says: {en: [is under review]}}
  refused: {means: refused, says: {en: [we refuse]}}
  moved: {means: not_hosted, says: {en: [is not ours]}}
  ask: {means: info_needed, says: {en: [which page]}, reply_with: more-info}
  receipt: {means: acknowledged, says: {en: [we received]}, pause_reminders: 2 days}
  tool: {means: removed, about: every_url, only_for: [examplehost], note: agreed, says: {en: [ticket closed]}}
  closed: {means: person, says: {en: [case done]}}
  better: {means: removed, says: {en: [all wiped]}, instead_of: [closed], completes: [asked, removed]}
  asked: {means: pending, says: {en: [we asked the owner]}}
  watched: {means: refused, mode: watch, says: {en: [never ever]}}
  sleeping: {means: refused, mode: "off", says: {en: [zzz]}}
  robots: {means: acknowledged, mail_is: [auto_submitted]}
  boss: {means: person, from: [chief@host.example, other.example], says: {en: [boss here]}}
  subject: {means: pending, in: subject, says: {en: [working]}}
  exact: {means: refused, pattern: '^no[.!]$'}
  read: {means: pending, alone: acknowledged, says: {en: [somebody reads]}}
  both: {means: pending, says: {en: [tomorrow]}, and_says: {en: [promise]}}
"""


def rules(text: str = RULES) -> RuleSet:
    loaded = load(text)
    assert loaded.file is not None, loaded.problems
    return compiled(loaded.file)


def say(*texts: str, urls: tuple[str, ...] = (A,), facts: MailFacts | None = None, **of: object) -> Verdict:
    sentences = [replace(sentence(text, place, urls), **of) for place, text in enumerate(texts)]
    return judge(rules(), sentences, urls, facts or MailFacts())


def meanings(verdict: Verdict) -> list[Meaning | None]:
    return [found.meaning for found in verdict.urls.values()]


def test_a_plain_statement_about_a_notice_of_one_url_closes_it() -> None:
    assert meanings(say("The page has been removed.")) == [Meaning.REMOVED]


@pytest.mark.parametrize(
    ("text", "cancelled"),
    [
        ("The page has not, we think, and should have been removed", "hedge"),
        ("If it has been removed, fine.", "condition"),
        ("The customer says it has been removed.", "hearsay"),
        ("It has been removed?", "question"),
        ("It has been removed temporarily.", "limit"),
        ("It has been removed never.", "negation"),
        ("All have been removed except one.", "exception"),
        ("The ticket has been removed.", "but_not"),
    ],
)
def test_what_cancels_is_named(text: str, cancelled: str) -> None:
    verdict = say(text)
    assert meanings(verdict) == [None]
    assert [hit.cancelled for hit in verdict.hits] == [cancelled]


def test_a_word_in_another_clause_cancels_nothing() -> None:
    assert meanings(say("We will write again and the page has been removed.")) == [Meaning.REMOVED]
    assert meanings(say("The page has been removed, please do not hesitate to call.")) == [Meaning.REMOVED]


def test_conditions_and_hearsay_count_for_the_whole_sentence() -> None:
    assert meanings(say("If he answers and the page has been removed, fine.")) == [None]
    assert meanings(say("The page has been removed, but the customer says so.")) == [None]


def test_a_phrase_may_hold_its_own_negation() -> None:
    assert meanings(say("The page is no longer available.")) == [Meaning.REMOVED]
    assert meanings(say("The page was not found.")) == [Meaning.ALREADY_GONE]


def test_what_the_dots_let_through_still_cancels() -> None:
    assert meanings(say("The page is gone.")) == [Meaning.REMOVED]
    assert meanings(say("The page is not really gone.")) == [None]


def test_a_sentence_reaches_the_urls_that_it_names() -> None:
    assert meanings(say(f"{B} has been removed.", urls=(A, B))) == [None, Meaning.REMOVED]


def test_an_unnamed_closing_about_several_urls_goes_to_a_person() -> None:
    verdict = say("The page has been removed.", urls=(A, B))
    assert meanings(verdict) == [None, None]
    assert verdict.doubts == ("item_not_named",)


def test_an_unnamed_open_meaning_reaches_all_urls() -> None:
    assert meanings(say("Your report is under review.", urls=(A, B))) == [Meaning.PENDING, Meaning.PENDING]


def test_all_reaches_every_url() -> None:
    verdict = say("All pages have been removed.", urls=(A, B), every=True)
    assert meanings(verdict) == [Meaning.REMOVED, Meaning.REMOVED]
    assert verdict.doubts == ()


def test_a_statement_about_another_url_closes_nothing() -> None:
    verdict = say("https://other.example/x has been removed.")
    assert meanings(verdict) == [None]
    assert verdict.doubts == ("item_not_named",)


def test_an_address_that_fits_several_urls_closes_none() -> None:
    verdict = say("It has been removed.", urls=(A, B), ambiguous=(A, B))
    assert meanings(verdict) == [None, None]
    assert "ambiguous_address" in verdict.doubts


def listed(*items: str, head: str = "These have been removed:", urls: tuple[str, ...] = (A, B)) -> Verdict:
    heading = sentence(head, 0, urls)
    below = [replace(sentence(text, place, urls), under=(0,)) for place, text in enumerate(items, 1)]
    return judge(rules(), [heading, *below], urls, MailFacts())


def test_a_heading_governs_its_list() -> None:
    assert meanings(listed(A, urls=(A, B, C))) == [Meaning.REMOVED, None, None]


def test_a_denial_in_a_list_item_takes_it_out_and_leaves_it_to_come() -> None:
    verdict = listed(A, f"{B} (not yet)")
    assert meanings(verdict) == [Meaning.REMOVED, Meaning.PENDING]


def test_a_heading_that_denies_closes_nothing_below() -> None:
    assert meanings(listed(f"removed {A}", head="If you agree:")) == [None, None]


def test_who_names_a_url_beats_who_does_not() -> None:
    verdict = say("Your report is under review.", f"{A} has been removed.", urls=(A, B))
    assert meanings(verdict) == [Meaning.REMOVED, Meaning.PENDING]


def test_refused_and_person_count_even_when_unnamed() -> None:
    verdict = say("We refuse.", f"{A} has been removed.", urls=(A, B))
    assert meanings(verdict) == [Meaning.REFUSED, Meaning.REFUSED]
    assert verdict.urls[A].contradiction


def test_the_most_cautious_meaning_wins_and_a_closing_beside_it_is_a_contradiction() -> None:
    verdict = say("The page has been removed.", "It may still be cached.")
    assert meanings(verdict) == [Meaning.PARTIAL]
    assert verdict.urls[A].contradiction
    assert "contradiction" in verdict.doubts


def test_gone_is_more_cautious_than_removed_and_no_contradiction() -> None:
    verdict = say("The page has been removed.", "It was not found.")
    assert meanings(verdict) == [Meaning.ALREADY_GONE]
    assert verdict.doubts == ()


def test_a_cancelled_removal_beside_a_live_one_is_a_doubt() -> None:
    assert "unclear_claim" in say("The page has been removed.", "The page has been removed, the customer says.").doubts


def test_every_url_needs_its_esp() -> None:
    assert meanings(say("Ticket closed", urls=(A, B))) == [None, None]
    host = MailFacts(esp="examplehost")
    assert meanings(say("Ticket closed", urls=(A, B), facts=host)) == [Meaning.REMOVED, Meaning.REMOVED]


def test_instead_of_silences_whatever_the_order() -> None:
    for texts in (("Case done.", "All wiped."), ("All wiped.", "Case done.")):
        verdict = say(*texts)
        assert meanings(verdict) == [Meaning.REMOVED]
        assert [hit.cancelled for hit in verdict.hits if hit.rule == "closed"] == ["instead_of"]


def test_a_rule_completes_only_what_was_told_before_it() -> None:
    verdict = say("We asked the owner to delete it.", "Customer says it is gone.", "All wiped.")
    assert meanings(verdict) == [Meaning.REMOVED]
    assert [hit.cancelled for hit in verdict.hits if hit.rule in {"asked", "removed"}] == ["completed", "completed"]
    assert "unclear_claim" not in verdict.doubts
    for texts in (("All wiped.", "We asked the owner to delete it."), ("We asked the owner, all wiped.",)):
        assert meanings(say(*texts)) == [Meaning.PENDING]


def test_a_rule_completes_nothing_on_urls_that_it_does_not_speak_of() -> None:
    verdict = say("We asked the owner.", f"All wiped: {A}.", urls=(A, B))
    assert meanings(verdict) == [Meaning.REMOVED, Meaning.PENDING]


def test_a_rule_means_something_else_where_nothing_else_is_said_and_no_item_is_set_apart() -> None:
    verdict = say("Somebody reads it.")
    assert meanings(verdict) == [None]
    assert [hit.meaning for hit in verdict.kinds] == [Meaning.ACKNOWLEDGED]
    assert meanings(say(f"Somebody reads {B}.", urls=(A, B))) == [None, Meaning.PENDING]
    assert meanings(say("Somebody reads it.", "All wiped.")) == [Meaning.PENDING]


def test_what_a_removal_must_not_hold_counts_in_its_part_of_the_sentence_only() -> None:
    assert meanings(say("The ticket has been removed.")) == [None]
    assert meanings(say("The ticket has been removed, and the page is gone.")) == [Meaning.REMOVED]


def test_a_watched_rule_is_recorded_without_effect_and_a_switched_off_one_not_at_all() -> None:
    verdict = say("Never ever.", "zzz")
    assert meanings(verdict) == [None]
    assert [(hit.rule, hit.cancelled) for hit in verdict.hits] == [("watched", "watch")]


def test_struck_out_words_say_nothing() -> None:
    assert meanings(say("The page has been removed.", struck=True)) == [None]


def test_rules_ask_for_facts_sender_place_and_company() -> None:
    assert [hit.rule for hit in say("x", facts=MailFacts(automatic=True)).kinds] == ["robots"]
    assert meanings(say("boss here", facts=MailFacts(sender="chief@host.example"))) == [Meaning.PERSON]
    assert meanings(say("boss here", facts=MailFacts(sender="x@sub.other.example"))) == [Meaning.PERSON]
    assert meanings(say("boss here", facts=MailFacts(sender="x@notother.example"))) == [None]
    assert meanings(say("working")) == [None]
    assert meanings(say("working", subject=True)) == [Meaning.PENDING]
    assert meanings(say("tomorrow")) == [None]
    assert meanings(say("tomorrow, we promise")) == [Meaning.PENDING]
    assert meanings(say("No.")) == [Meaning.REFUSED]


def test_pauses_and_answers_come_with_the_verdict() -> None:
    verdict = say("We received it.", "Which page?")
    assert verdict.pause is not None
    assert verdict.pause.days == 2
    assert verdict.reply_with == "more-info"


def test_two_things_said_in_one_sentence_go_to_their_own_urls() -> None:
    marks = ((Mark.ITEM, "1"), (Mark.ITEM, "2"))
    text = f"{Mark.ITEM.value} has been removed and {Mark.ITEM.value} is under review"
    said = Sentence(0, text, names=(A, B), marks=marks, stands_for=((A,), (B,)))
    assert meanings(judge(rules(), [said], (A, B), MailFacts())) == [Meaning.REMOVED, Meaning.PENDING]


def test_what_is_denied_of_one_url_in_a_sentence_closes_only_the_other() -> None:
    marks = ((Mark.ITEM, "1"), (Mark.ITEM, "2"))
    text = f"{Mark.ITEM.value} has been removed and {Mark.ITEM.value} should be so"
    said = Sentence(0, text, names=(A, B), marks=marks, stands_for=((A,), (B,)))
    assert meanings(judge(rules(), [said], (A, B), MailFacts())) == [Meaning.REMOVED, None]


def test_the_url_that_a_sentence_excepts_is_never_what_a_clause_of_it_speaks_of() -> None:
    text = f"all but {Mark.ITEM.value} have been removed, that is under review"
    said = Sentence(0, text, names=(B,), marks=((Mark.ITEM, "1"),), stands_for=((A,),))
    verdict = judge(rules(), [said], (A, B), MailFacts())
    assert not [hit for hit in verdict.hits if A in hit.urls and hit.meaning is Meaning.REMOVED]


@pytest.mark.parametrize(
    "text",
    [
        "All but one have been removed.",
        "All but the last have been removed.",
        "Everything but the video has been removed.",
        "All links except one have been deleted.",
    ],
)
def test_an_exception_that_names_nothing_closes_nothing(text: str) -> None:
    verdict = judged(text, (A, B, C))
    closed = [url for url, found in verdict.urls.items() if found.meaning is Meaning.REMOVED]
    assert verdict.doubts or closed == []


def test_a_part_that_names_no_url_speaks_of_what_its_sentence_names_up_to_the_semicolon() -> None:
    marks = ((Mark.ITEM, "1"), (Mark.ITEM, "2"))
    text = f"{Mark.ITEM.value} stays, but we refuse ; {Mark.ITEM.value} has been removed"
    said = Sentence(0, text, names=(A, B), marks=marks, stands_for=((A,), (B,)))
    assert meanings(judge(rules(), [said], (A, B), MailFacts())) == [Meaning.REFUSED, Meaning.REMOVED]


@pytest.mark.parametrize(
    "text",
    [
        "Telephone support has been removed.",
        "The restriction has been deleted.",
        "Our abuse phone line is no longer available.",
        "The option you mention is no longer available in our panel.",
        "The notification was removed.",
        "Your ticket was deleted.",
        "Mr. Smith is no longer available under this address.",
        "Our copy in the evidence store was deleted.",
        "The clip's comments are gone.",
        "The file extension was removed.",
        "The page number has been removed.",
    ],
)
def test_a_removal_that_speaks_of_something_else_closes_nothing(text: str) -> None:
    assert not closes(text)


@pytest.mark.parametrize("text", ["Removed.", "Removed, thanks.", "Confirmed and removed.", "Result: deleted"])
def test_a_removal_without_a_subject_speaks_of_what_was_reported(text: str) -> None:
    assert closes(text)


def _shown(verdict: Verdict) -> object:
    urls = {url: (found.meaning, found.contradiction) for url, found in verdict.urls.items()}
    hits = sorted((hit.rule, hit.meaning, hit.sentence, hit.urls, hit.cancelled) for hit in verdict.hits)
    return urls, hits, verdict.doubts


def test_the_order_in_the_file_plays_no_part() -> None:
    chance = random.Random(5)
    file = shipped_file()
    texts = [
        "\n".join(chance.choice(table[kind]).format(n=chance.choice(table["n"])) for kind in chance.sample(KINDS, 3))
        for table in LANGUAGES.values()
        for _ in range(count(test=1, prove=20))
    ]
    before = [_shown(judged(text)) for text in texts]
    for _ in range(count(test=1, prove=5)):
        shuffled = list(file.rules)
        chance.shuffle(shuffled)
        mixed = [replace(rule, says=tuple(chance.sample(rule.says, len(rule.says)))) for rule in shuffled]
        ruleset = compiled(replace(file, rules=tuple(mixed)))
        assert [_shown(judged(text, ruleset=ruleset)) for text in texts] == before


KINDS = ["stated", "negated", "hedged", "reported", "hypothetical", "questioned"]


def test_a_file_that_lists_no_subjects_asks_for_none() -> None:
    own = compiled(load("version: 1\nrules: {r: {means: removed, says: [wiped], examples: [It was wiped.]}}").file)  # type: ignore[arg-type]
    assert meanings(judged("The thing over there was wiped.", (A,), own)) == [Meaning.REMOVED]


BARE = """
version: 1
subjects: {any: [<url>/<item>], en: [page/server]}
fillers: {en: [the/our/by/us/today/done/has/been/on]}
negations: {en: [not]}
rules:
  gone: {means: removed, says: {en: [has been wiped, we ... wiped]}, but_not: {en: [newsletter page]}, examples: {en: [x]}}
  bare: {means: removed, bare: true, but_not_of: [gone], says: {en: [wiped]}, examples: {en: [x]}}
"""


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("Wiped.", True),
        ("Done, wiped today.", True),
        ("The page: wiped.", True),
        ("Today has been wiped by us.", True),  # nothing but fillers
        ("The parcel: wiped.", False),
        ("The parcel has been wiped.", False),
        ("Today we parcels wiped.", False),  # what the dots let through is asked as well
        ("Has been wiped the parcel.", False),  # and what follows
        ("The newsletter page: wiped.", False),  # the but_not of the other rule
        ("Not wiped.", False),
    ],
)
def test_a_bare_word_counts_with_nothing_beside_it_but_subjects_and_fillers(text: str, closes: bool) -> None:
    own = compiled(load(BARE).file)  # type: ignore[arg-type]
    assert (meanings(judged(text, (A,), own)) == [Meaning.REMOVED]) is closes


@pytest.mark.parametrize(
    "text",
    [
        "Der Filter für diese Seite wurde entfernt.",
        "Le courriel contenant le fichier a été supprimé.",
        "El filtro de esta página ha sido eliminado.",
        "Het filter voor deze pagina is verwijderd.",
        "O filtro desta página foi removido.",
        "Il filtro di questa pagina è stato rimosso.",
        "Filtr tej strony został usunięty.",
        "Фильтр этой страницы удалён.",
        "Фільтр цієї сторінки видалено.",
        "该页面的过滤器已移除。",
        "このページのフィルターを削除しました。",
        "이 페이지의 필터를 제거했습니다.",
    ],
)
def test_a_removal_speaks_of_what_heads_its_words(text: str) -> None:
    assert meanings(judged(text, (A,))) != [Meaning.REMOVED]


@pytest.mark.parametrize(
    "text",
    [
        "Auf Ihren Hinweis hin haben wir die Seite von unserem Server entfernt.",
        "Suite à votre message, le fichier de ce client a été supprimé.",
        "По вашему запросу файл удалён с нашего сервера.",
        "您举报的文件已从服务器删除。",
        "ご通報のページを削除しました。",
    ],
)
def test_what_stands_beside_takes_nothing_from_what_heads_it(text: str) -> None:
    assert meanings(judged(text, (A,))) == [Meaning.REMOVED]
