"""What rules may know of a mail beside its words."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MailFacts:
    """Facts for ``from``, ``only_for`` and ``mail_is``; ``esp`` is the key of the ESP that the sender speaks for."""

    sender: str = field(default="", repr=False)
    esp: str = ""
    automatic: bool = False
    delivery_report: bool = False
    answers_our_notice: bool = False
    has_attachment: bool = False
    known_contact: bool = False
    familiar: frozenset[str] = frozenset()  # our own domains and those that speak for the ESP
    own_names: frozenset[str] = field(default=frozenset(), repr=False)  # what the sender calls itself, in lower case

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2].lower()
