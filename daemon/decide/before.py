"""Whether a closing is said to be older than our notice: our analysts saw the URL then, so a person looks first."""

from __future__ import annotations

from datetime import UTC

from daemon.decide import dates
from daemon.decide.reading import Reading
from daemon.message.message import Mark, Sentence

_DATED = frozenset({Mark.DATE, Mark.NUMBER})


def gone_before(reading: Reading) -> bool:
    """Tell whether the own words name a day before the notice was sent, or a day-word for one.

    Any sentence counts: "It was the uploader.  That was on 9 October." is the same statement in two.
    """
    written = reading.message.date
    sent = min((notice.sent_at for notice in reading.notices if notice.sent_at is not None), default=None)
    for sentence in reading.sentences:
        text = spelled_out(sentence)
        if dates.says_before_ours(text):
            return True
        days = dates.stated_days(text, written.astimezone(UTC).date()) if written and sent else ()
        if sent and any(day < sent.astimezone(UTC).date() for day in days):
            return True
    return False


def spelled_out(sentence: Sentence) -> str:
    """Return a sentence with its dates and numbers written out again; addresses and items stay away."""
    text = sentence.text
    for mark, value in sentence.marks:
        text = text.replace(mark.value, value if mark in _DATED else " ", 1)
    return text
