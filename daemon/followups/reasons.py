"""Why a letter was not sent: a value, so that the journal can answer a team lead months later."""

from __future__ import annotations

from enum import StrEnum


class NotSent(StrEnum):
    """Every reason for silence; the word is what the journal and the rung carry."""

    NOTHING_DUE = "NOTHING_DUE"
    NOT_YET_SENT = "NOT_YET_SENT"  # the notice itself has not left: no clock runs
    CLOSED_SINCE = "CLOSED_SINCE"
    PAUSED_BY_PERSON = "PAUSED_BY_PERSON"
    PAUSED_BY_RULE = "PAUSED_BY_RULE"
    ANSWERED = "ANSWERED"  # what is still open waits for a person: refused, or not hosted there
    OUR_TURN = "OUR_TURN"  # they asked us something: our clock runs, not theirs
    ON_HOLD = "ON_HOLD"  # a person must decide something first
    ADDRESS_BOUNCED = "ADDRESS_BOUNCED"
    NO_CONTACT = "NO_CONTACT"  # nobody is known whom the step could be sent to
    OTHER_CHANNEL = "OTHER_CHANNEL"  # the ESP takes notices by a form, a portal or an API: a person sends it there
    NO_LADDER = "NO_LADDER"
    OUTSIDE_HOURS = "OUTSIDE_HOURS"
    ALREADY_TODAY = "ALREADY_TODAY"  # the address has had its grouped letter of the day
    SLOT_TAKEN = "SLOT_TAKEN"  # the last survivor-linked letter to the address is too fresh
    CAP_REACHED = "CAP_REACHED"  # automatic mails of the day, or items of the letter
    LETTER_WAITS = "LETTER_WAITS"  # an earlier letter of this notice is queued and has not left
    NEEDS_APPROVAL = "NEEDS_APPROVAL"  # a letter to a third party: held for a person
    OVERTAKEN = "OVERTAKEN"  # a later rung became due before this one left
    SENDING_STOPPED = "SENDING_STOPPED"  # the sending brake, or observe mode
