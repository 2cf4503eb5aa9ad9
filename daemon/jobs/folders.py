"""Which folder and tags a decided mail gets: by meaning, as staff set it in ``folders:`` of rules.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from daemon.decide.decision import Decision
from daemon.notices.status import Category
from daemon.rulefile.meanings import Meaning

REVIEW, SET_ASIDE = "review", "set_aside"
STAY = ""  # in the inbox: what needs a person is left there, everything else leaves

_USUAL = {
    Category.REMOVED: "Noticed/Removed",
    Category.ALREADY_GONE: "Noticed/Removed",
    Category.REFUSED: "Noticed/Refused",
    Category.NOT_HOSTED_HERE: "Noticed/Not hosted here",
    Category.MORE_INFO_NEEDED: "Noticed/Information needed",
    Category.ACKNOWLEDGED: "Noticed/Receipts",
    Category.IN_PROGRESS: "Noticed/In progress",
    Category.WRONG_CHANNEL: "Noticed/Other channel",
    Category.CONTACT_CHANGE: "Noticed/Contacts",
    Category.ONBOARDING: "Noticed/Contacts",
    Category.OUT_OF_OFFICE: "Noticed/Automatic",
    Category.BOUNCE_HARD: "Noticed/Bounces",
    Category.BOUNCE_SOFT: "Noticed/Bounces",
    Category.UNRELATED: "Noticed/Unrelated",
    Category.SPOOFED: "Noticed/Suspicious",
    Category.UNREADABLE: "Noticed/Unreadable",
    Category.OTHER: "Noticed/Other",
}
_ROUTES = {
    Meaning.SURVIVOR: "Noticed/Survivors and families",
    Meaning.LAW_ENFORCEMENT: "Noticed/Police and law",
    Meaning.ACCESS_REQUEST: "Noticed/Access requests",
    Meaning.PUBLIC_REPORT: "Noticed/Public reports",
    Meaning.PRESS: "Noticed/Press",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a mail is to lie, and the keywords it gets (RFC 9051 atoms of at most 24 characters)."""

    folder: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Folders:
    """``named``: category, meaning, "review", "set_aside" or "unmatched" -> folder; what is not named goes as usual."""

    named: Mapping[str, str] = field(default_factory=dict)

    def shelf(self, decision: Decision) -> Shelf:
        """Return where ``decision`` sends its mail."""
        tags: tuple[str, ...] = (tag(decision.category.value),)
        if decision.route is not None:
            tags = (*tags, tag(decision.route.value))
        if decision.routed and decision.route is not None:
            return Shelf(self.route(decision.route), (*tags, tag(REVIEW)))
        if decision.needs_human:
            return Shelf(self.named.get(REVIEW, STAY), (*tags, tag(REVIEW)))
        return Shelf(self._folder(decision), tags)

    def _folder(self, decision: Decision) -> str:
        words = [decision.category.value, *(one.value for one in decision.meanings if one not in _ROUTES)]
        if not decision.matched:
            words.append("unmatched")
        return next((self.named[word] for word in words if word in self.named), _USUAL[decision.category])

    def route(self, whose: Meaning) -> str:
        """Return where mail of others goes: their own folder, whoever has to answer it."""
        return self.named.get(whose.value, _ROUTES[whose])

    def decided(self, category: Category) -> Shelf:
        """Return where a mail goes once a person has decided what it means."""
        return Shelf(self.named.get(category.value, _USUAL[category]), (tag(category.value),))

    def category(self, folder: str, now: Category) -> Category | None:
        """Return what a mail put into ``folder`` by a person means; ``now``, its category so far, where that fits."""
        fitting = [one for one in Category if self.decided(one).folder == folder]
        return now if now in fitting else next(iter(fitting), None)

    def agrees(self, folder: str, category: Category | None) -> bool:
        """Tell whether ``folder`` is where mail of ``category`` goes."""
        return category is not None and self.decided(category).folder == folder

    def meanings(self, tags: Iterable[str]) -> frozenset[Category]:
        """Return the categories that ``tags`` name, whatever else is among them; case does not matter."""
        return frozenset(found for one in tags if (found := _MEANS.get(one.lower())) is not None)

    def aside(self) -> Shelf:
        """Return where mail goes that could not be read."""
        return Shelf(self.named.get(SET_ASIDE, STAY), (tag(SET_ASIDE),))

    def ours(self, sent: str | None) -> str:
        """Return where the copy of a letter of ours goes: to what was sent, if the mailbox has such a folder."""
        return sent or "Noticed/Sent"

    @property
    def all(self) -> tuple[str, ...]:
        """Every folder that mail may be filed into, to be watched."""
        whole = {one.value: folder for one, folder in (*_USUAL.items(), *_ROUTES.items())}
        usual = [folder for word, folder in whole.items() if word not in self.named]
        return tuple(dict.fromkeys(folder for folder in (*self.named.values(), *usual) if folder))


def tag(word: str) -> str:
    """The keyword for a word: ``$NoticedNotHostedHere``."""
    return "$Noticed" + "".join(part.capitalize() for part in word.split("_"))


_MEANS = {tag(one.value).lower(): one for one in Category}
