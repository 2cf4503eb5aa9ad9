"""The field table of rules.yaml: it drives loading, checking, ``help`` and the JSON Schema."""

from __future__ import annotations

from daemon.rulefile.fields import (
    Block,
    Choice,
    Count,
    Days,
    Field,
    Hours,
    Length,
    Listed,
    Named,
    Pattern,
    Phrases,
    Prose,
    Text,
    Truth,
    When,
)
from daemon.rulefile.meanings import ROUTED, Meaning

MARKS = ("url", "item", "notice", "ticket", "email", "date", "number", "esp")
FACTS = ("answers_our_notice", "auto_submitted", "delivery_report", "from_known_contact", "has_attachment")
KINDS = ("host", "platform", "cdn", "registrar")
PRESETS = ("normal", "survivor-linked", "eu-tco", "nl-covenant", "australia", "take-it-down")
RECEIVERS = ("contact", "second_contact", "upstream", "registrar", "partner", "lead", "authority")

_WORDS = Named(Listed(Text("phrase")), keys="language")

STEP = Block(
    {
        "after": Field(Length(), "How long after the sending of the notice this letter is due.", required=True),
        "letter": Field(Text("letter"), "The template, without its ending.", required=True),
        "to": Field(
            Choice(RECEIVERS),
            "Who gets it; the ESP's contact if not given.  A letter to a third party waits for a person's approval.",
        ),
    }
)

INTRODUCTION = Block(
    {
        "after": Field(Length(), "How long after the introduction left this reminder is due.", required=True),
        "letter": Field(Text("letter"), "The template, without its ending.", required=True),
    }
)

LADDER = Block(
    {
        "steps": Field(Listed(STEP), "The letters in the order of time.", required=True),
        "repeat": Field(Length(), 'After the last step, how often the letter "repeat" goes out, for ever.'),
        "repeat_letter": Field(Text("letter"), 'The template of the repeated letter; "repeat" if not given.'),
        "first_response": Field(Length(), "Overdue when nothing at all was answered for so long."),
        "removal": Field(Length(), "Overdue when a URL was not removed for so long."),
        "earliest": Field(Length(), "What is learned of an ESP may move the first step forward, not before this."),
        "latest": Field(Length(), "What is learned of an ESP may put the first step off, not beyond this."),
    }
)

WORKING_TIME: dict[str, Field] = {
    "days": Field(Days(), "Working days, like mon-fri."),
    "hours": Field(Hours(), 'Working hours, like "08:00-16:00".'),
    "holidays": Field(Listed(Text("country")), "Countries whose public holidays count, like NO or DE-BY."),
}

ESP_LADDER = Block(
    {
        "use": Field(Text("ladder"), "The name of a ladder."),
        "add": Field(Length(), "How much later each step is."),
        "working_time": Field(
            Block({"zone": Field(Text("zone"), "The time zone; the register's if not given."), **WORKING_TIME}),
            "Their working hours: a step that comes due outside them is due when they begin.",
        ),
    }
)

FOLLOWUPS = Block(
    {
        "normal": Field(LADDER, "The ladder of every notice that has no other.", required=True),
        "survivor-linked": Field(LADDER, "The ladder of notices that concern a known survivor."),
        "high": Field(LADDER, "The ladder of notices of priority 1."),
        "low": Field(LADDER, "The ladder of notices of priority 3."),
        "for_esp": Field(Named(ESP_LADDER, keys="esp"), "ESPs with another ladder, more time or hours of their own."),
        "for_kind": Field(Named(ESP_LADDER, keys="kind"), "The same for host, platform, cdn or registrar."),
        "our_answer": Field(Length(), "How long a question of an ESP may wait for us; 24 h if not given."),
        "*": Field(LADDER, 'A ladder of your own, used by "for_esp" or "for_kind".'),
    }
)

RULE = Block(
    {
        "means": Field(Choice(tuple(Meaning)), "What it means when this rule matches.", required=True),
        "says": Field(Phrases(), "Phrases, or language and phrases; any one of them is enough."),
        "and_says": Field(Phrases(), "One of these must be in the same sentence as well."),
        "but_not": Field(
            Phrases(), "None of these may be in the same sentence; for a removal, in its part of the sentence."
        ),
        "in": Field(Choice(("anywhere", "subject", "body")), "Where to look; anywhere if not given."),
        "from": Field(Listed(Text("sender")), "Only mail from these addresses or domains."),
        "only_for": Field(Listed(Text("esp")), "Only for these ESPs."),
        "mail_is": Field(Listed(Text("fact")), "Facts about the mail; all of them must hold."),
        "about": Field(
            Choice(("urls_mentioned", "every_url")),
            "Which URLs it is about; urls_mentioned if not given.  To close every_url needs only_for and note.",
        ),
        "bare": Field(
            Truth(), "true: a phrase counts only where nothing but subjects and fillers stands beside it; for removals."
        ),
        "instead_of": Field(Listed(Text("rule")), "Rules that this one silences when both match."),
        "completes": Field(Listed(Text("rule")), "Rules whose steps this one completes when it is said after them."),
        "alone": Field(
            Choice(tuple(Meaning)[9:]), "What it means instead where the mail says nothing else of any URL."
        ),
        "but_not_of": Field(Listed(Text("rule")), 'Rules whose "but_not" holds for this one too.'),
        "pause_reminders": Field(Length(), "How long reminders wait after such an answer."),
        "reply_with": Field(Text("letter"), "The template to answer with; only with info_needed."),
        "mode": Field(Choice(("live", "watch", "off")), "watch: recorded and reported, without effect."),
        "examples": Field(Phrases("example"), "Sentences that this rule must catch; every phrase must be used by one."),
        "not_examples": Field(Phrases("example"), "Sentences that this rule must not catch."),
        "note": Field(Prose(), "Why the rule exists."),
        "pattern": Field(Pattern(), "For experts: a regular expression in RE2 syntax."),
    }
)

TEST = Block(
    {
        "urls": Field(Listed(Text()), "The URLs of the notice, in the order of their numbers.", required=True),
        "body": Field(Prose(), "The text of the mail."),
        "subject": Field(Text(), "The subject of the mail."),
        "from": Field(Text("sender"), "The sender's address."),
        "esp": Field(Text("esp"), "The ESP that answers."),
        "kinds": Field(Listed(Choice(tuple(Meaning)[9:])), "Kinds of mail that must be found as well."),
        "expect": Field(
            Named(Choice((*tuple(Meaning)[:9], "no_change")), keys="url"), "What each URL must get.", required=True
        ),
    }
)

DIGEST = Block(
    {
        "to": Field(Listed(Text("address")), "Who gets it.", required=True),
        "when": Field(When(), "The day and time, like mon 07:00.", required=True),
        "sections": Field(Listed(Text(), word="all"), "The sections, or all."),
        "esps": Field(Listed(Text("esp"), word="all"), "Only about these ESPs."),
    }
)

MEMBER = Block(
    {
        "address": Field(Text("address"), "Where mail reaches this person.", required=True),
        "login": Field(Text(), "The name used for decisions."),
        "lead": Field(Truth(), "true for team leads."),
        "days": Field(Days(), "The days this person works."),
        "calendar": Field(Text(), "An ICS file with shifts and absences, beside this file."),
    }
)

ROOT = Block(
    {
        "version": Field(Choice(("1",)), "The version of this file's form: 1.", required=True),
        "hedges": Field(_WORDS, "A sentence part with one of these never closes a URL: will, might, soon."),
        "guesses": Field(
            _WORDS, "seems, probably: like hedges, but they take nothing back that another sentence states."
        ),
        "limits": Field(_WORDS, "Words that limit: partly, some of, temporarily. With one of these nothing closes."),
        "negations": Field(_WORDS, "Words of denial; a sentence part with one of these never closes a URL."),
        "hearsay": Field(_WORDS, "Words that report what others say; a sentence with one of these never closes a URL."),
        "reversals": Field(
            _WORDS, "Words that take a removal back: restored, uploaded again. A sentence with one never closes a URL."
        ),
        "conditions": Field(_WORDS, "if, unless, as soon as: a sentence with one of these never closes a URL."),
        "questions": Field(_WORDS, "Words that make a question even without a question mark."),
        "presence": Field(
            _WORDS, "it is online: takes a removal back like reversals do, unless its part of the sentence denies it."
        ),
        "places": Field(
            _WORDS,
            "What a removal may be from: the server, the web. From anything else it closes nothing, where a list is.",
        ),
        "introductions": Field(
            _WORDS, 'our customer writes, his answer: before a colon or "below", what follows is said by another.'
        ),
        "pointers": Field(
            _WORDS, "this applies, only: a sentence that begins so and limits takes back what was said before it."
        ),
        "exceptions": Field(_WORDS, "except, apart from: then the sentence must name the URLs it speaks of."),
        "harmless": Field(
            _WORDS, "Words that look like one of the above and are none: no longer, if you have questions."
        ),
        "clauses": Field(_WORDS, "Words at which a new part of a sentence starts: and, but, because."),
        "subjects": Field(
            _WORDS,
            "What a removal must speak of in its sentence: a file, it, a URL. A language without any needs none.",
        ),
        "fillers": Field(
            _WORDS,
            "Words beside a removal that name nothing: today, by us. With nothing else beside it, it needs no subject.",
        ),
        "groups": Field(
            Named(Phrases(), keys="group"),
            "Words of one kind under a name; <name> in a phrase stands for any of those in the phrase's language.",
        ),
        "rules": Field(Named(RULE), "What words mean, by name.", required=True),
        "tests": Field(Named(TEST, keys="title"), "Whole mails with what they must give."),
        "closing": Field(
            Block(
                {
                    "require_person_for": Field(
                        Listed(Text("closing")),
                        "survivor-linked, all, or ESPs whose closings always wait for a person.",
                    ),
                    "max_per_mail": Field(Count(1, 200), "A mail that would close more URLs waits for one click."),
                }
            ),
            "Makes closing stricter, never looser.",
        ),
        "working_time": Field(
            Block(
                {
                    "zone": Field(Text("zone"), "The time zone, like Europe/Oslo.", required=True),
                    **WORKING_TIME,
                }
            ),
            "When letters leave; survivor-linked ones leave at any time.",
        ),
        "followups": Field(FOLLOWUPS, "Which letter goes out when an ESP stays silent."),
        "folders": Field(Named(Text(), keys="folder"), "Where mail is filed, by meaning."),
        "routes": Field(
            Named(
                Block(
                    {
                        "tell": Field(
                            Listed(Text("told")), "Who is told at once: names of the team, or addresses.", required=True
                        )
                    }
                ),
                keys="route",
            ),
            "Who is told of mail that is not an ESP's reply.",
        ),
        "onboarding": Field(
            Block(
                {
                    "steps": Field(Listed(INTRODUCTION), "The reminders of the introduction."),
                    "give_up": Field(Length(), "After so long without an answer the ESP has no contact."),
                    "a_day": Field(Count(1, 1000), "How many introductions and reminders leave on one day at most."),
                }
            ),
            "Getting to know a new ESP.",
        ),
        "register": Field(
            Block(
                {
                    "change_waits": Field(
                        Length(), "How long the old address may object before a new contact or domain holds."
                    ),
                }
            ),
            "How the register of ESPs is changed.",
        ),
        "unresponsive": Field(
            Block(
                {
                    "watch_notices": Field(Count(1, 10_000), "Unanswered notices from which an ESP is watched."),
                    "watch_urls": Field(Count(1, 1_000_000), "Or unanswered URLs from which it is watched."),
                    "watch_after": Field(Length(), "And how long there was no answer of a person or an outcome."),
                    "unresponsive_after": Field(Length(), "After how long a lead is asked to find it unresponsive."),
                    "whole_ladders": Field(Count(1, 1000), "Or after how many notices whose ladder has run out."),
                }
            ),
            "ESPs that do not answer.",
        ),
        "digests": Field(Named(DIGEST), "Who gets which digest when."),
        "team": Field(Named(MEMBER), "Who works here."),
    }
)

ROUTES = tuple(sorted(ROUTED))
