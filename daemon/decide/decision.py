"""What was decided about one mail, with the reasons a person may ask for years later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from daemon.message.message import BouncedRecipient, Kind
from daemon.notices.proof import Matched, Proof, Standing
from daemon.notices.status import Category, Evidence, Outcome
from daemon.rules.verdict import Meaning, Verdict

__all__ = ["Decision", "ItemDecision", "Matched", "Party", "Proof", "Standing"]


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """What is asserted about one item of a matched notice.  ``closes``: the gate lets it close without a person."""

    notice: str
    position: int
    url: str = field(repr=False)
    outcome: Outcome
    closes: bool = False
    rule: str = ""
    line: int = 0
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class Party:
    """Who is said to store a URL instead: an ESP of the register by its key, else a domain, else a name as written."""

    esp: str = ""
    domain: str = field(default="", repr=False)
    name: str = field(default="", repr=False)

    @property
    def key(self) -> tuple[str, str]:
        """What makes two mentions one party."""
        return (
            ("esp", self.esp) if self.esp else ("domain", self.domain) if self.domain else ("name", self.name.lower())
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """The whole answer to "what does this mail change?".

    ``needs_human``: it closes nothing by itself and waits in the review queue.  ``task``: a person has something to do,
    but no status waits for it.  ``reasons`` and ``task`` are words of a closed list (``decide.reasons``).
    """

    category: Category
    matched: tuple[Matched, ...]
    items: tuple[ItemDecision, ...]
    standing: Standing
    evidence: Evidence
    needs_human: bool
    automatic: bool
    kind: Kind
    reasons: tuple[str, ...] = ()
    task: str = ""
    rule: str = ""  # the rule that gave the category, if one did
    rules_version: str = ""
    ticket: str | None = field(default=None, repr=False)
    wording: str = field(default="", repr=False)  # of a mail that may be a receipt, see ``message.wording``
    meanings: tuple[Meaning, ...] = ()  # the kinds of mail found, for effects that are not about a URL
    bounced: tuple[BouncedRecipient, ...] = ()
    returns_on: datetime | None = None
    pause: timedelta | None = None  # reminders wait this long
    reply_with: str = ""  # a template to answer an info_needed with
    referred_to: tuple[Party, ...] = ()  # who is named instead, where an item is not hosted by the ESP
    route: Meaning | None = None  # whose mail it is by its words: survivor, law_enforcement ...
    routed: bool = False  # it is theirs alone, no ESP's answer: it changes nothing and only a person answers it
    first_response: bool = False  # a person or a real outcome answered: the first-response clock stops
    answerable: bool = True
    plain_yes: bool = False  # it carries the token of an introduction of ours, and says nothing against it
    speaks_for: str = ""  # the key of the ESP that the sender is proven to be of, whichever notice the mail answers
    verdict: Verdict | None = field(default=None, repr=False)

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        return {item.url: item.outcome for item in self.items}
