"""What the daemon's own words in people's queues mean; those about what a mail says stand in ``decide.reasons``."""

from __future__ import annotations

SENTENCES = {
    # mails that could not be taken in
    "bug": "noticed met a bug of its own in this mail; read it yourself, and tell the makers.",
    "three_strikes": "Reading this mail ended the program three times; read it yourself.",
    "took_too_long": "Reading this mail took too long and was given up; read it yourself.",
    "cannot_be_fetched": "The mail server could not hand this mail over; look at it in the mailbox.",
    "mailbox_stopped": "A server numbers a folder anew at every look: its mailbox is read no more. See: noticed status",
    "in_junk": "An answer to a notice lies in the junk folder.",
    "moved_by_staff": "A person put this mail into a folder that says something else: what follows for its URLs?",
    "tagged_by_staff": "A person tagged this mail as something else: what follows for its URLs?",
    # referrals
    "referral_loop": "The ESPs name each other in a ring: no letter leads out of it; ask both of them.",
    "referral_depth": "The URLs were passed on several times already: find out yourself who stores them.",
    "referral_waits": "URLs were passed on to this ESP: the letter leaves as soon as a contact is known.",
    "child_closed": "What was passed on is gone there: does that close it for the ESP that passed it on?",
    # letters
    "letter_approval": "A letter to a third party waits for approval: noticed letters list.",
    "reply_waits": "A question is to be answered by a letter: it leaves as soon as a contact is known.",
    "letter_refused": "The mail server refused a letter for good; the address may be wrong.",
    "letter_unknown": "Nobody knows whether a letter left; look in Sent, it is never sent again by itself.",
    "letter_broken": "A letter could not be written: its template or its address must be mended.",
    "contact_missing": "A letter is due, but nobody is known to send it to: add a contact.",
    "lead_decides": "The ladder has ended without an answer: the lead decides what comes next.",
    "ladder_failed": "When the next letter of this notice is due could not be reckoned; it is tried again tomorrow.",
    # the register of ESPs
    "esp_change": "A change of an ESP's contact or domains waits for a second person: noticed esps changes.",
    "change_objected": "Our letter about a change was answered: read it, then noticed esps confirm or stop.",
    "onboarding_confirmed": "An introduction was answered, and the contact is confirmed: note what they ask for.",
    "onboarding_answer": "An introduction was answered by the ESP, but not with a plain yes: noticed onboard confirm?",
    "onboarding_claimed": "An introduction was answered, but the sender is not proven: noticed onboard confirm?",
    "onboarding_stuck": "Nobody answered an introduction: find another contact.",
    "unresponsive_found": "An ESP stays silent; is it unresponsive? A lead says: noticed esps unresponsive list",
    # the rules
    "rules_file_broken": "rules.yaml has problems; the version before stays in force. See: noticed rules check",
}
