"""The life of an ESP in the register: where it stands, what stands beside that, and what may follow what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from daemon.errors import PermanentError
from daemon.notices.esp import EspState


class Event(StrEnum):
    """What can happen to an ESP.  Who may let it happen is decided by the callers, never here."""

    RESEARCH = "research"
    INTRODUCE = "introduce"  # our introduction is on its way
    CHASE = "chase"  # a reminder of it
    CONFIRM = "confirm"  # an authenticated reply with our token, or a person who rang them up
    AGREE = "agree"  # the channel is agreed
    ACTIVATE = "activate"
    DECLINE = "decline"
    GIVE_UP = "give_up"  # nobody answered the introduction
    SUSPEND = "suspend"  # every contact bounces
    RESTORE = "restore"
    PROPOSE_CHANGE = "propose_change"
    END_CHANGE = "end_change"  # applied, objected to, or stopped
    WATCH = "watch"
    FIND_UNRESPONSIVE = "find_unresponsive"  # confirmed by a lead
    ESCALATE = "escalate"
    ANSWER = "answer"  # leaves the register of those that do not answer
    MERGE = "merge"
    RETIRE = "retire"
    REVIVE = "revive"


_S = EspState
BESIDE = frozenset({_S.CONTACT_SUSPENDED, _S.CONTACT_CHANGE_PENDING, _S.WATCH, _S.UNRESPONSIVE, _S.ESCALATED})
SILENT = frozenset({_S.WATCH, _S.UNRESPONSIVE, _S.ESCALATED})
ENDED = frozenset({_S.MERGED, _S.RETIRED})
LINE = frozenset(EspState) - BESIDE
_STRANGE = frozenset({_S.SEEN, _S.RESEARCHING, _S.DECLINED, _S.NO_CONTACT})
_MET = frozenset({_S.INTRODUCED, _S.CHASING})
_KNOWN = frozenset({_S.CONTACT_CONFIRMED, _S.CHANNEL_AGREED, _S.ACTIVE})


@dataclass(frozen=True, slots=True)
class Life:
    """``line``: how far the acquaintance has come; ``beside``: what is wrong or waits at the same time."""

    line: EspState = EspState.SEEN
    beside: frozenset[EspState] = frozenset()

    @property
    def shown(self) -> EspState:
        """The one word for it: what needs somebody most."""
        if self.line in ENDED:
            return self.line
        return next((one for one in _WEIGHT if one in self.beside), self.line)

    @property
    def is_suspended(self) -> bool:
        return EspState.CONTACT_SUSPENDED in self.beside


_WEIGHT = (_S.CONTACT_CHANGE_PENDING, _S.CONTACT_SUSPENDED, _S.ESCALATED, _S.UNRESPONSIVE, _S.WATCH)

_ON_THE_LINE: Mapping[Event, tuple[frozenset[EspState], EspState]] = {
    Event.RESEARCH: (_STRANGE - {_S.RESEARCHING}, _S.RESEARCHING),
    Event.INTRODUCE: (_STRANGE, _S.INTRODUCED),
    Event.CHASE: (_MET, _S.CHASING),
    Event.CONFIRM: (_STRANGE | _MET, _S.CONTACT_CONFIRMED),
    Event.AGREE: (frozenset({_S.CONTACT_CONFIRMED}), _S.CHANNEL_AGREED),
    Event.ACTIVATE: (frozenset({_S.CHANNEL_AGREED}), _S.ACTIVE),
    Event.DECLINE: (_MET | _KNOWN, _S.DECLINED),
    Event.GIVE_UP: (_MET | {_S.SEEN, _S.RESEARCHING}, _S.NO_CONTACT),
    Event.MERGE: (LINE - {_S.MERGED}, _S.MERGED),
    Event.RETIRE: (LINE - ENDED, _S.RETIRED),
    Event.REVIVE: (frozenset({_S.RETIRED}), _S.RESEARCHING),
}
_COMES: Mapping[Event, tuple[frozenset[EspState], EspState]] = {  # what it takes the place of, what comes
    Event.SUSPEND: (frozenset(), _S.CONTACT_SUSPENDED),
    Event.PROPOSE_CHANGE: (frozenset(), _S.CONTACT_CHANGE_PENDING),
    Event.WATCH: (frozenset(), _S.WATCH),
    Event.FIND_UNRESPONSIVE: (frozenset({_S.WATCH}), _S.UNRESPONSIVE),
    Event.ESCALATE: (frozenset({_S.UNRESPONSIVE}), _S.ESCALATED),
}
_GOES: Mapping[Event, frozenset[EspState]] = {
    Event.RESTORE: frozenset({_S.CONTACT_SUSPENDED}),
    Event.END_CHANGE: frozenset({_S.CONTACT_CHANGE_PENDING}),
    Event.ANSWER: SILENT,
}


def step(now: Life, event: Event) -> Life:
    """Return where ``event`` leads; PermanentError in one sentence where it may not happen."""
    if event in _ON_THE_LINE:
        allowed, new = _ON_THE_LINE[event]
        if now.line not in allowed:
            raise _refused(now, event)
        return Life(new, frozenset() if new in ENDED else now.beside)
    if now.line in ENDED:
        raise _refused(now, event)
    if event in _GOES:
        if not now.beside & _GOES[event]:
            raise _refused(now, event)
        return Life(now.line, now.beside - _GOES[event])
    before, comes = _COMES[event]
    rivals = SILENT if comes in SILENT else frozenset({comes})
    if now.beside & rivals != before:
        raise _refused(now, event)
    return Life(now.line, (now.beside - rivals) | {comes})


def may(now: Life, event: Event) -> bool:
    """Tell whether ``event`` may happen."""
    try:
        step(now, event)
    except PermanentError:
        return False
    return True


def _refused(now: Life, event: Event) -> PermanentError:
    return PermanentError(f"an ESP that is {_said(now)} cannot {_DEEDS[event]}")


def _said(now: Life) -> str:
    words = [now.line, *(one for one in _WEIGHT if one in now.beside)]
    return " and ".join(word.value.replace("_", " ") for word in words)


_DEEDS: Mapping[Event, str] = {
    Event.RESEARCH: "go back to research",
    Event.INTRODUCE: "be introduced to us",
    Event.CHASE: "be reminded of an introduction",
    Event.CONFIRM: "have its contact confirmed",
    Event.AGREE: "agree on a channel",
    Event.ACTIVATE: "become active",
    Event.DECLINE: "decline",
    Event.GIVE_UP: "be given up as having no contact",
    Event.SUSPEND: "have its contact suspended",
    Event.RESTORE: "have its contact restored",
    Event.PROPOSE_CHANGE: "get another change proposed",
    Event.END_CHANGE: "end a change",
    Event.WATCH: "be watched for silence",
    Event.FIND_UNRESPONSIVE: "be found unresponsive",
    Event.ESCALATE: "be escalated",
    Event.ANSWER: "leave the register of those that do not answer",
    Event.MERGE: "be merged",
    Event.RETIRE: "be retired",
    Event.REVIVE: "be revived",
}
