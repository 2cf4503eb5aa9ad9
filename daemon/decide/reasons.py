"""The closed list of reasons why a person must see a mail, each with a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Reason(StrEnum):
    """Why a mail waits in the review queue."""

    # who speaks, and about which notice
    SPOOFED = "spoofed"
    NOT_AUTHENTICATED = "not_authenticated"
    OTHER_DOMAIN = "other_domain"
    NO_NOTICE = "no_notice"
    WEAK_MATCH = "weak_match"
    SEVERAL_NOTICES = "several_notices"
    FOREIGN_NUMBER = "foreign_number"
    # what is said
    MIXED = "mixed"
    CONTRADICTION = "contradiction"
    GONE_BEFORE_NOTICE = "gone_before_notice"
    ITEM_NOT_NAMED = "item_not_named"
    AMBIGUOUS_ADDRESS = "ambiguous_address"
    UNCLEAR_CLAIM = "unclear_claim"
    UNREAD_SENTENCE = "unread_sentence"
    HEARSAY = "hearsay"
    VAGUE_CLAIM = "vague_claim"
    NOTHING_MATCHED = "nothing_matched"
    PERSON_RULE = "person_rule"
    FORM_WORD = "form_word"
    FORM_ROW = "form_row"
    FORM_FOREIGN = "form_foreign"
    FORM_UNREAD = "form_unread"
    BACK_ONLINE = "back_online"
    REFUSED = "refused"
    INFO_NEEDED = "info_needed"
    PARTIAL = "partial"
    NO_TARGET = "no_target"
    # what kind of mail it is
    CONTACT_CHANGE = "contact_change"
    ONBOARDING = "onboarding"
    UNREADABLE = "unreadable"
    PARTIAL_READ = "partial_read"
    EMPTY = "empty"
    CALENDAR = "calendar"
    REFUSED_BY_POLICY = "refused_by_policy"
    GIVEN_UP = "given_up"
    MAILBOX_FULL = "mailbox_full"
    CHALLENGE = "challenge"
    FORWARDED = "forwarded"
    # mail of others, by the names of the routes
    SURVIVOR = "survivor"
    LAW_ENFORCEMENT = "law_enforcement"
    ACCESS_REQUEST = "access_request"
    PUBLIC_REPORT = "public_report"
    PRESS = "press"
    # what the settings ask for
    CLOSING_BLOCK = "closing_block"
    TOO_MANY = "too_many"


class Task(StrEnum):
    """What a person has to do although no status waits for it."""

    REPAIR_CONTACT = "repair_contact"
    OTHER_CHANNEL = "other_channel"
    NEW_TARGET = "new_target"
    CHECK_CONTACT = "check_contact"


SENTENCES: dict[Reason, str] = {
    Reason.SPOOFED: "The sender claims to speak for the ESP but does not.",
    Reason.NOT_AUTHENTICATED: "Our mail server did not prove that the sender speaks for this ESP.",
    Reason.OTHER_DOMAIN: "The sender's domain is not registered for the ESP that the notice went to.",
    Reason.NO_NOTICE: "No notice could be found that this mail answers.",
    Reason.WEAK_MATCH: "The notice is only a guess from weak signs.",
    Reason.SEVERAL_NOTICES: "The mail answers several notices at once.",
    Reason.FOREIGN_NUMBER: "The mail names a notice that went to another ESP, or that we do not know.",
    Reason.MIXED: "The mail says different things about different URLs, or not about all of them.",
    Reason.CONTRADICTION: "The mail says two things about one URL that cannot both be true.",
    Reason.GONE_BEFORE_NOTICE: "It is said to have been gone before our notice, but our analysts saw it then.",
    Reason.ITEM_NOT_NAMED: "A removal is stated, but not which URLs it is about.",
    Reason.AMBIGUOUS_ADDRESS: "A shortened address fits more than one URL.",
    Reason.UNCLEAR_CLAIM: "A removal is mentioned, but denied, conditional, asked, planned or passed on from others.",
    Reason.UNREAD_SENTENCE: "A sentence about one of the URLs says something that no rule knows.",
    Reason.HEARSAY: "They pass on that others say it was removed.",
    Reason.VAGUE_CLAIM: "The answer is too short or vague to say what was done to which URL.",
    Reason.NOTHING_MATCHED: "No rule knows what this mail says.",
    Reason.PERSON_RULE: "A rule says that a person must read this.",
    Reason.FORM_WORD: "An outcome filled into our form is not known to any rule.",
    Reason.FORM_ROW: "A row of our form is none of those that we sent, or its address is another item's.",
    Reason.FORM_FOREIGN: "The form that came back did not go with a letter of ours that we know.",
    Reason.FORM_UNREAD: "Our form came back in a file that is not read; only text/csv up to 256 KB is.",
    Reason.BACK_ONLINE: "Something that was closed is said to be reachable again.",
    Reason.REFUSED: "They will not act.",
    Reason.INFO_NEEDED: "They ask us something before they act.",
    Reason.PARTIAL: "Something was done, but the URL may still be reachable or come back.",
    Reason.NO_TARGET: "They do not store it, and do not say who does.",
    Reason.CONTACT_CHANGE: "A new contact is announced; contacts are never changed by a mail alone.",
    Reason.ONBOARDING: "A provider introduces itself or asks to be registered.",
    Reason.UNREADABLE: "The mail is encrypted, locked or only to be read in a portal.",
    Reason.PARTIAL_READ: "Part of the mail was too large to be read.",
    Reason.EMPTY: "The mail has no words of its own.",
    Reason.CALENDAR: "The mail is a calendar item.",
    Reason.REFUSED_BY_POLICY: "Our letter was refused by a filter; the address may be fine.",
    Reason.GIVEN_UP: "Delivery was given up after temporary errors only.",
    Reason.MAILBOX_FULL: "The mailbox is full, and the letter was finally turned away.",
    Reason.CHALLENGE: "The other side wants us to prove that we are people before it delivers our letter.",
    Reason.FORWARDED: "Somebody passes on what others wrote; the first writer is not proven.",
    Reason.SURVIVOR: "A survivor or the family may be writing: a person answers, never a form letter.",
    Reason.LAW_ENFORCEMENT: "Police, a prosecutor or a lawyer may be writing.",
    Reason.ACCESS_REQUEST: "Somebody may be asking for data: the law sets a time limit for the answer.",
    Reason.PUBLIC_REPORT: "Somebody may be reporting something to us.",
    Reason.PRESS: "A journalist may be writing.",
    Reason.CLOSING_BLOCK: "The closing settings ask for a person here.",
    Reason.TOO_MANY: "The mail would close more URLs than one mail may.",
}

TASKS: dict[Task, str] = {
    Task.REPAIR_CONTACT: "Find a contact that works: our letter came back.",
    Task.OTHER_CHANNEL: "They want a form, a portal or another address to be used.",
    Task.NEW_TARGET: "Somebody else stores it: send the notice there.",
    Task.CHECK_CONTACT: "The contact seems to have left: look whether the address is still right.",
}

# What the ESP itself said clearly: the status is set at once, the person decides what to do next.
STANDS: frozenset[Reason] = frozenset({Reason.REFUSED, Reason.INFO_NEEDED, Reason.PARTIAL, Reason.NO_TARGET})


def blocks(reasons: Iterable[str]) -> bool:
    """Tell whether every status waits for the person, instead of only the next step."""
    return any(reason not in STANDS for reason in reasons)


def sentence(word: str) -> str:
    """Return the sentence for a reason or a task; a word of a later version is shown as it is."""
    if word in set(Reason):
        return SENTENCES[Reason(word)]
    return TASKS[Task(word)] if word in set(Task) else word
