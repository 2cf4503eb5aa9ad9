"""What came to messages that strayed, by where they lie after a full look and by what was wished for them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from daemon.jobs import second_look
from daemon.jobs.arrivals import NOT_HANDED_OVER
from daemon.jobs.history import Choice, History
from daemon.mailbox import Mailbox, Place
from daemon.notices.status import Category
from daemon.store import messages, places, reviews, wishes
from daemon.store.rows import AnyRow
from daemon.store.strays import Stray
from daemon.store.wishes import NewWish

_PASSES = 2  # full looks that find a mail nowhere, or without our tags, before that counts


@dataclass(slots=True)
class Seen:
    """Strays after a full look, by what they turned out to be."""

    box: str
    inbox: str
    history: dict[int, History]
    lying: dict[int, list[Place]]
    mails: dict[int, AnyRow]
    plain: list[int] = field(default_factory=list)  # nobody moved them
    missing: list[int] = field(default_factory=list)  # nowhere, for the first time
    gone: list[int] = field(default_factory=list)  # nowhere, and not for the first time
    copies: list[int] = field(default_factory=list)  # a second copy in the inbox, to be filed like the first
    moved: dict[int, str] = field(default_factory=dict)  # message -> the folder that a person chose
    retagged: list[int] = field(default_factory=list)  # lying somewhere, and their tags changed
    passes: dict[int, int] = field(default_factory=dict)
    unread: bool = False  # mail lies in the inbox that could not be read yet: it may be any that lies nowhere
    chosen: dict[int, Choice] = field(default_factory=dict)  # message -> what a person did with our tags

    @classmethod
    def of(cls, conn: Connection, box: Mailbox, waiting: dict[int, Stray], *, live: bool) -> Seen:
        made = wishes.of_messages(conn, waiting)
        history = {ref: History.of(made.get(ref, ()), box.name) for ref in waiting}
        seen = cls(box.name, box.inbox, history, {ref: [] for ref in waiting}, messages.get_many(conn, waiting))
        for row in places.of_messages(conn, waiting):
            if row.mailbox == box.name:
                seen.lying[row.message_ref].append(Place(row.folder, row.uid))
        seen.unread = bool(second_look.waiting(conn, box))
        # tags on a mail that could not be read may have come with it
        unread = {row.message_ref for row in reviews.with_reason(conn, NOT_HANDED_OVER)}
        for ref, stray in waiting.items():
            if live:
                seen._sort(ref, replace(stray, retagged=stray.retagged and ref not in unread))
            else:
                seen.plain.append(ref)
        return seen

    def _sort(self, ref: int, stray: Stray) -> None:
        history, folders = self.history[ref], [place.folder for place in self.lying[ref]]
        expected = history.expected(self.inbox)
        self.passes[ref] = stray.passes
        if folders and stray.retagged:
            self.retagged.append(ref)
        if not folders:
            self._nowhere(ref, stray.passes)
        elif not expected.intersection(folders) and (expected or len(set(folders)) == 1):
            self.moved[ref] = folders[-1]
        else:
            self.plain.append(ref)
            if expected and self.inbox in folders and self.inbox not in expected:
                self.copies.append(ref)

    def _nowhere(self, ref: int, passes: int) -> None:
        last = self.history[ref].last
        if self.history[ref].waits:
            self.plain.append(ref)  # the filing looks for it, and then it is settled there
        elif self.unread:
            return  # the next look tells
        elif passes + 1 < _PASSES:
            self.missing.append(ref)
        elif last is None or last.state == wishes.GONE:
            self.plain.append(ref)
        else:
            self.gone.append(ref)

    def choose(self, ref: int, choice: Choice | None) -> None:
        """Take up what a person did with our tags on a mail that lies where ``_sort`` found it."""
        if choice is None or ref in self.copies or (choice.category is None and ref not in self.plain):
            return
        if choice.category is None and self.history[ref].waits:
            return  # told again once the mail lies where we wished it
        if not choice.tags and self.passes[ref] + 1 < _PASSES:
            self.missing.append(ref)
        else:
            self.chosen[ref] = choice
        self.moved.pop(ref, None)
        if ref in self.plain:
            self.plain.remove(ref)

    def where(self, ref: int) -> str:
        """The folder in which a message lies, for good: the one expected, if it lies there as well."""
        folders = [place.folder for place in self.lying[ref]]
        expected = self.history[ref].expected(self.inbox)
        return next((one for one in folders if one in expected), folders[-1])

    def wish(self, ref: int) -> NewWish:
        shelf = self.history[ref].shelf
        assert shelf is not None
        return NewWish(self.box, ref, shelf.folder, shelf.tags)

    def category(self, ref: int) -> Category:
        return Category(self.mails[ref].category)
