"""One mail read in the light of what we know: notice, sender, sentences and verdict, ready to be decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from daemon.decide.policy import Policy
from daemon.message import own_text, read, sentences
from daemon.message.authenticate import authenticate
from daemon.message.message import Authentication, Kind, Labelled, Message, Sentence, Signals
from daemon.message.urls import canonical, free, refang
from daemon.notices import keys as key_room
from daemon.notices import sender as sender_room
from daemon.notices.keys import Keys
from daemon.notices.match import Known, Match, match
from daemon.notices.notice import Item, Notice
from daemon.notices.sender import Sender
from daemon.rules.judge import judge
from daemon.rules.mail import MailFacts
from daemon.rules.ruleset import RuleSet
from daemon.rules.verdict import Verdict

_MOST_BODIES = 20  # sent letters that quotes are compared with
_MOST_URLS = 100


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

    @property
    def items(self) -> tuple[tuple[Notice, Item], ...]:
        return tuple((notice, item) for notice in self.notices for item in notice.items)


def ask(message: Message, policy: Policy) -> Keys:
    """Return the keys by which the store looks up what we know, before ``decide``."""
    labelled = own_text.label(message.lines)
    return _keys(message, read.signals(message, labelled, number_format=policy.number_format), policy)


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
    rough = _candidates(key_room.keys(message, policy.pattern, key=policy.secret), known)
    labelled = own_text.label(message.lines, "\n".join(notice.body for notice in rough if notice.body) or None)
    signals = read.signals(message, labelled, known.written_to, policy.number_format)
    found = match(message, labelled, signals.kind, _keys(message, signals, policy), known, policy.pattern)
    notices = tuple(known.notices[one.number] for one in found.matched)
    auth = authenticate(message, policy.authserv_id, policy.received_by)
    targets = [esp for notice in notices if (esp := known.esp(notice.esp)) is not None]
    sender = sender_room.judge(message, auth, targets, known.esps)
    subjects = tuple(notice.subject for notice in notices if notice.subject)
    split = sentences.sentences(
        message, labelled, _items(notices), policy.number_format, signals.ticket, our_subjects=subjects
    )
    urls = tuple(dict.fromkeys(item.url for notice in notices for item in notice.items))
    verdict = judge(ruleset, split, urls, _facts(message, signals, found, sender, known))
    return Reading(message, labelled, signals, auth, found, sender, notices, split, verdict)


def _candidates(keys: Keys, known: Known) -> tuple[Notice, ...]:
    """Return the notices whose text may be quoted: those that any key points to."""
    numbers = [number for one in keys.message_ids for number in known.by_message_id.get(one, ())]
    numbers += [number for token in keys.tokens for number in known.by_token.get(f"{token.kind}:{token.id}", ())]
    numbers += [sent for number in keys.numbers if (sent := known.resolve(number)) is not None]
    return tuple(known.notices[number] for number in dict.fromkeys(numbers))[:_MOST_BODIES]


def _items(notices: Iterable[Notice]) -> tuple[tuple[int, str], ...]:
    return tuple((item.position, item.url) for notice in notices for item in notice.items)


def _facts(message: Message, signals: Signals, found: Match, sender: Sender, known: Known) -> MailFacts:
    address = message.from_.address.lower() if message.from_ else ""
    return MailFacts(
        sender=address,
        esp=sender.esp if sender.is_proven else "",
        automatic=signals.automatic,
        delivery_report=signals.kind in {Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED},
        answers_our_notice=found.is_strong,
        has_attachment=bool(message.attachments),
        known_contact=address in known.register.contacts,
    )
