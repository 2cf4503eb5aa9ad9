"""The blocks of rules.yaml as typed values; what is not written in the file has the default given here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time, timedelta

from daemon.rulefile.meanings import Meaning

ALL_DAYS = frozenset(range(7))


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The word groups of one language: in a phrase ``<name>`` stands for any of the group's words."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, pattern or example and where it stands in the file (line and column count from 1)."""

    text: str = field(repr=False)
    line: int = 0
    column: int = 0
    language: str = ""  # a label only: every phrase is tried on every mail
    groups: Groups | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """What words mean.  The order in the file plays no part."""

    name: str
    means: Meaning
    says: tuple[Phrase, ...] = ()
    and_says: tuple[Phrase, ...] = ()
    but_not: tuple[Phrase, ...] = ()
    where: str = "anywhere"  # the key "in": anywhere, subject, body
    from_: tuple[str, ...] = field(default=(), repr=False)  # addresses or domains, lower-case
    only_for: tuple[str, ...] = ()  # keys of ESPs
    mail_is: tuple[str, ...] = ()
    about: str = "urls_mentioned"  # or every_url
    bare: bool = False  # counts only with nothing but subjects and fillers beside it
    instead_of: tuple[Phrase, ...] = ()  # names of rules
    completes: tuple[Phrase, ...] = ()  # names of rules
    alone: Meaning | None = None  # what it means where the mail says nothing else of any URL
    but_not_of: tuple[Phrase, ...] = ()  # names of rules whose but_not holds for this one too
    pause_reminders: timedelta | None = None
    reply_with: str = ""
    mode: str = "live"  # live, watch, off
    examples: tuple[Phrase, ...] = ()
    not_examples: tuple[Phrase, ...] = ()
    note: str = field(default="", repr=False)
    pattern: Phrase | None = None
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class FileTest:
    """A whole mail with what it must give: URL -> meaning, or "no_change"."""

    name: str
    urls: tuple[str, ...] = field(repr=False)
    body: str = field(repr=False)
    expect: Mapping[str, str] = field(repr=False)
    subject: str = field(default="", repr=False)
    sender: str = field(default="", repr=False)  # the key "from"
    esp: str = ""
    kinds: tuple[str, ...] = ()  # meanings of kind that must be found as well
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """What takes the effect of a closing phrase away, and what looks like that and does not."""

    hedges: tuple[Phrase, ...] = ()
    guesses: tuple[Phrase, ...] = ()  # seems, probably: harmless beside a removal that is stated elsewhere
    limits: tuple[Phrase, ...] = ()
    negations: tuple[Phrase, ...] = ()
    hearsay: tuple[Phrase, ...] = ()
    reversals: tuple[Phrase, ...] = ()
    conditions: tuple[Phrase, ...] = ()
    questions: tuple[Phrase, ...] = ()
    presence: tuple[Phrase, ...] = ()  # "it is online": a reversal, unless its part of the sentence denies it
    places: tuple[Phrase, ...] = ()  # what a removal may have been made from; none in a language: it is not asked
    introductions: tuple[Phrase, ...] = ()  # "our customer writes": what follows is said by another
    pointers: tuple[Phrase, ...] = ()  # "this applies": goes on about what the sentence before it said
    exceptions: tuple[Phrase, ...] = ()  # "except": cancels unless the sentence names the URLs that are left
    harmless: tuple[Phrase, ...] = ()  # look like one of the above and are none
    clauses: tuple[Phrase, ...] = ()  # words at which a new clause starts
    subjects: tuple[Phrase, ...] = ()  # what a removal must speak of; none in a language: it need not
    fillers: tuple[Phrase, ...] = ()  # what names nothing that a removal could speak of


WORD_LISTS = tuple(one.name for one in fields(Words))


@dataclass(frozen=True, slots=True)
class Closing:
    """Makes the gate stricter, never looser."""

    require_person_for: tuple[str, ...] = ()  # "survivor-linked", "all", or keys of ESPs
    max_per_mail: int = 200


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Our working hours; a send outside them waits for the next start, survivor-linked ones excepted."""

    zone: str = "UTC"
    days: frozenset[int] = frozenset(range(5))  # Monday is 0
    start: time = time(8)
    end: time = time(16)
    holidays: tuple[str, ...] = ()  # country codes, with a region after "-" ("DE-BY")


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: ``after`` counts from the sending of the notice."""

    after: timedelta
    letter: str
    to: str = "contact"  # contact, second_contact, upstream, registrar, partner, lead, authority


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in the order of time; after the last one ``repeat`` applies for ever (None: no repeating)."""

    name: str
    steps: tuple[Step, ...] = ()
    repeat: timedelta | None = None
    repeat_letter: str = "repeat"
    first_response: timedelta | None = None  # without any answer for so long: overdue
    removal: timedelta | None = None  # without a removal for so long: overdue
    earliest: timedelta | None = None  # the first step may be moved within these two by what is learned of an ESP
    latest: timedelta | None = None
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class EspLadder:
    """What differs for an ESP, or a kind of ESP; what is not given is as usual."""

    use: Phrase | None = None  # the name of a ladder
    add: timedelta | None = None  # how much later each rung is
    working_time: WorkingTime | None = None  # a deadline outside it moves to its next start; zone "": as registered


@dataclass(frozen=True, slots=True)
class Followups:
    """All ladders by name ("normal", "survivor-linked", others), and the ESPs and kinds of ESP that differ."""

    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    for_esp: Mapping[str, EspLadder] = field(default_factory=dict)
    for_kind: Mapping[str, EspLadder] = field(default_factory=dict)
    our_answer: timedelta = timedelta(hours=24)  # how long a question of an ESP may wait for us


@dataclass(frozen=True, slots=True)
class Onboarding:
    """The letters to a new ESP; ``after`` counts from the introduction."""

    steps: tuple[Step, ...] = (Step(timedelta(days=4), "intro-reminder"), Step(timedelta(days=10), "intro-reminder"))
    give_up: timedelta = timedelta(days=21)  # without an answer to the introduction
    a_day: int = 20  # introductions and their reminders


@dataclass(frozen=True, slots=True)
class Register:
    """How the register of ESPs is changed."""

    change_waits: timedelta = timedelta(days=5)  # from the letter to the old address until a change holds


@dataclass(frozen=True, slots=True)
class Unresponsive:
    """When an ESP that does not answer is watched, and when it is found unresponsive."""

    watch_notices: int = 3
    watch_urls: int = 10
    watch_after: timedelta = timedelta(days=14)
    unresponsive_after: timedelta = timedelta(days=30)
    whole_ladders: int = 2


@dataclass(frozen=True, slots=True)
class Route:
    """Who is told at once of mail that is not an ESP's reply: names of the team, or addresses."""

    tell: tuple[Phrase, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Digest:
    """Who gets which digest when (in the zone of ``working_time``)."""

    name: str
    to: tuple[str, ...] = field(repr=False)
    days: frozenset[int] = frozenset({0})  # Monday is 0
    at: time = time(7)
    sections: tuple[str, ...] = ()  # empty: all
    esps: tuple[str, ...] = ()  # empty: all


@dataclass(frozen=True, slots=True)
class Member:
    """One of the team."""

    name: str
    address: str = field(default="", repr=False)
    login: str = ""
    lead: bool = False
    days: frozenset[int] = ALL_DAYS
    calendar: str = ""  # an ICS file beside rules.yaml


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rules.yaml without a problem that matters; ``version`` is the first 12 hex digits of the text's SHA-256."""

    version: str
    words: Words = Words()
    groups: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict, repr=False)  # word groups by name
    rules: tuple[Rule, ...] = ()
    tests: tuple[FileTest, ...] = ()
    closing: Closing = Closing()
    working_time: WorkingTime = WorkingTime()
    followups: Followups = Followups()
    folders: Mapping[str, str] = field(default_factory=dict)  # meaning or category, "review", "other" ... -> folder
    routes: Mapping[Meaning, Route] = field(default_factory=dict)
    onboarding: Onboarding = Onboarding()
    register: Register = Register()
    unresponsive: Unresponsive = Unresponsive()
    digests: Mapping[str, Digest] = field(default_factory=dict)
    team: Mapping[str, Member] = field(default_factory=dict)
