"""One mail read in the light of what we know: notice, sender, sentences and verdict, ready to be decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from daemon.decide import yes
from daemon.decide.forms import NOTHING, Filled, filled
from daemon.decide.own_names import own_names
from daemon.decide.policy import Policy
from daemon.message import own_text, read, sentences, tickets
from daemon.message.authenticate import authenticate
from daemon.message.message import Authentication, Kind, Labelled, Message, Sentence, Signals
from daemon.message.urls import canonical, free, refang
from daemon.notices import keys as key_room
from daemon.notices import sender as sender_room
from daemon.notices import token
from daemon.notices.keys import Keys
from daemon.notices.match import Known, Match, match
from daemon.notices.notice import Item, Notice
from daemon.notices.sender import Sender
from daemon.rules.judge import judge
from daemon.rules.mail import MailFacts
from daemon.rules.ruleset import RuleSet
from daemon.rules.verdict import CLOSING, Verdict

_MOST_BODIES = 20  # sent letters that quotes are compared with
_MOST_URLS = 100
_REPORTS = frozenset({Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED})


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything found out about one mail."""

    message: Message = field(repr=False)
    labelled: tuple[Labelled, ...] = field(repr=False)
    signals: Signals
    auth: Authentication
    match: Match
    sender: Sender
    notices: tuple[Notice, ...] = field(repr=False)  # the matched ones, best proven first
    sentences: tuple[Sentence, ...] = field(repr=False)
    verdict: Verdict = field(repr=False)
    plain_yes: bool = False  # to an introduction of ours, whose token the mail carries
    form: Filled = NOTHING

    @property
    def names_notices(self) -> bool:
        """Whether all that is said to be gone is named by notice and item: in our own form, or in one line."""
        said = {hit.sentence for hit in self.verdict.hits if hit.meaning in CLOSING and not hit.cancelled}
        return bool(said) and said <= {sentence.number for sentence in self.sentences if sentence.notice}

    @property
    def items(self) -> tuple[tuple[Notice, Item], ...]:
        return tuple((notice, item) for notice in self.notices for item in notice.items)


@dataclass(frozen=True, slots=True)
class _First:
    """What a mail tells by itself, before the store is asked."""

    message: Message = field(repr=False)
    labelled: tuple[Labelled, ...] = field(repr=False)
    signals: Signals
    keys: Keys


_KEPT = 128  # mails between being asked about and being decided; a set has fifty
_firsts: dict[tuple[int, str, bytes], _First] = {}


def ask(message: Message, policy: Policy) -> Keys:
    """Return the keys by which the store looks up what we know, before ``decide``."""
    return _first(message, policy).keys


def _first(message: Message, policy: Policy) -> _First:
    """Read a mail for the first time, or remember it: it is asked about, then decided."""
    place = (id(message), policy.number_format, policy.secret)
    found = _firsts.get(place)
    if found is None or found.message is not message:
        labelled = own_text.label(message.lines)
        signals = read.signals(message, labelled, number_format=policy.number_format)
        found = _First(message, labelled, signals, _keys(message, signals, policy))
        if len(_firsts) >= _KEPT:
            for old in list(_firsts)[: len(_firsts) - _KEPT + 1]:
                _firsts.pop(old, None)
        _firsts[place] = found
    return found


def _keys(message: Message, signals: Signals, policy: Policy) -> Keys:
    text = refang(key_room.whole_text(message))
    return key_room.keys(
        message,
        policy.pattern,
        key=policy.secret,
        ticket=signals.ticket,
        bounced=(one.recipient for one in signals.bounced),
        urls=(canonical(address) for _, _, address in free(text)[:_MOST_URLS]),
    )


def take_in(message: Message, known: Known, ruleset: RuleSet, policy: Policy) -> Reading:
    """Read ``message``: label, match, find out who speaks, split into sentences, judge."""
    first = _first(message, policy)
    labelled, signals = _again(first, known, policy)
    keys = first.keys
    if signals is not first.signals:
        keys = replace(keys, ticket=signals.ticket, bounced=tuple(one.recipient for one in signals.bounced))
    found = match(message, labelled, signals.kind, keys, known, policy.pattern)
    notices = tuple(known.notices[one.number] for one in found.matched)
    auth = authenticate(message, policy.authserv_id, policy.received_by)
    targets = [esp for notice in notices if (esp := known.esp(notice.esp)) is not None]
    sender = sender_room.judge(message, auth, targets, known.esps)
    subjects = tuple(notice.subject for notice in notices if notice.subject)
    split = sentences.sentences(
        message,
        labelled,
        _items(notices),
        policy.number_format,
        signals.ticket,
        our_subjects=subjects,
        by_notice={notice.number.upper(): {item.position: item.url for item in notice.items} for notice in notices},
    )
    form = filled(message, known, notices, len(split))
    if form.sentences and signals.kind is Kind.EMPTY:
        signals = replace(signals, kind=Kind.REPLY)
    split = (*split, *form.sentences)
    urls = tuple(dict.fromkeys(item.url for notice in notices for item in notice.items))
    facts = _facts(message, labelled, signals, found, sender, known, policy)
    verdict = judge(ruleset, split, urls, facts)
    agrees = any(one.kind == token.ONBOARD for one in keys.tokens) and _agrees(message, split, sender, ruleset, known)
    return Reading(message, labelled, signals, auth, found, sender, notices, split, verdict, agrees, form)


def _agrees(message: Message, split: tuple[Sentence, ...], sender: Sender, ruleset: RuleSet, known: Known) -> bool:
    speaks_for = known.esp(sender.esp)
    own = {message.from_.address.lower()} if message.from_ else set()
    return yes.is_plain(split, ruleset, own | (speaks_for.contacts if speaks_for else frozenset()))


def _again(first: _First, known: Known, policy: Policy) -> tuple[tuple[Labelled, ...], Signals]:
    """Label and read the mail's form again where what we know makes a difference: our letters' text, our addresses."""
    message, labelled = first.message, first.labelled
    bodies = [notice.body for notice in _candidates(first.keys, known) if notice.body]
    if bodies:
        labelled = own_text.label(message.lines, "\n".join(bodies))
    signals = first.signals
    if labelled != first.labelled or signals.kind in _REPORTS:
        signals = read.signals(message, labelled, known.written_to, policy.number_format)
    return labelled, _with_ticket(message, signals, known, policy)


def _with_ticket(message: Message, signals: Signals, known: Known, policy: Policy) -> Signals:
    """Add the ticket number in the subject that only its learned form tells; like any ticket, it only proposes."""
    if signals.ticket is not None:
        return signals
    esp = sender_room.esp_of(message.from_, known.register)
    found = tickets.of_form(message.subject, esp.ticket_forms, policy.pattern) if esp else None
    return replace(signals, ticket=found) if found else signals


def _candidates(keys: Keys, known: Known) -> tuple[Notice, ...]:
    """Return the notices whose text may be quoted: those that any key points to."""
    numbers = [number for one in keys.message_ids for number in known.by_message_id.get(one, ())]
    numbers += [number for token in keys.tokens for number in known.by_token.get(f"{token.kind}:{token.id}", ())]
    numbers += [sent for number in keys.numbers if (sent := known.resolve(number)) is not None]
    return tuple(known.notices[number] for number in dict.fromkeys(numbers))[:_MOST_BODIES]


def _items(notices: Iterable[Notice]) -> tuple[tuple[int, str], ...]:
    return tuple((item.position, item.url) for notice in notices for item in notice.items)


def _facts(
    message: Message,
    labelled: tuple[Labelled, ...],
    signals: Signals,
    found: Match,
    sender: Sender,
    known: Known,
    policy: Policy,
) -> MailFacts:
    address = message.from_.address.lower() if message.from_ else ""
    speaks_for = known.esp(sender.esp)
    return MailFacts(
        sender=address,
        esp=sender.esp if sender.is_proven else "",
        automatic=signals.automatic,
        delivery_report=signals.kind in _REPORTS,
        answers_our_notice=found.is_strong,
        has_attachment=bool(message.attachments),
        known_contact=address in known.register.contacts,
        familiar=policy.our_domains | (speaks_for.domains if speaks_for else frozenset()),
        own_names=own_names(message, labelled, speaks_for),
    )
