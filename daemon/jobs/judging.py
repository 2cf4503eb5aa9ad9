"""Reading and judging as the mail walk asks for it: the pure rooms with the settings and the rules in force."""

from __future__ import annotations

from dataclasses import dataclass

from daemon.decide.decide import decide
from daemon.decide.decision import Decision
from daemon.decide.policy import Policy
from daemon.decide.reading import ask
from daemon.mailbox import Fetched
from daemon.message.message import Message
from daemon.message.parse import parse
from daemon.notices.keys import Keys
from daemon.notices.match import Known
from daemon.rules.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class RuleJudge:
    """See ``intake.Judge``.  A reload of the rules makes a new one."""

    ruleset: RuleSet
    policy: Policy

    def read(self, fetched: Fetched) -> Message:
        return parse(fetched.raw, unseen_parts=fetched.unseen_parts, complete=fetched.complete)

    def ask(self, message: Message) -> Keys:
        return ask(message, self.policy)

    def decide(self, message: Message, known: Known) -> Decision:
        return decide(message, known, self.ruleset, self.policy)
