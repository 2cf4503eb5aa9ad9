"""What was wished for a message and what people made of it: where it is to lie, and which tags of ours it carries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daemon.jobs.folders import Folders, Shelf, tag
from daemon.notices.status import Category
from daemon.store import wishes
from daemon.store.rows import AnyRow


@dataclass(frozen=True, slots=True)
class History:
    """Where a message is to lie in one mailbox and what is to lie on it, by all that was wished and met so far."""

    rows: Sequence[AnyRow] = ()

    @classmethod
    def of(cls, rows: Iterable[AnyRow], mailbox: str) -> History:
        return cls([one for one in rows if one.mailbox == mailbox])

    @property
    def last(self) -> AnyRow | None:
        return self.rows[-1] if self.rows else None

    @property
    def waits(self) -> bool:
        return any(one.state == wishes.OPEN for one in self.rows)

    @property
    def returns(self) -> int:
        """How often people put it back into the inbox."""
        return sum(one.state == wishes.THEIRS and not one.folder for one in self.rows)

    @property
    def shelf(self) -> Shelf | None:
        return Shelf(self.last.folder, tuple(self.last.tags)) if self.last is not None else None

    def expected(self, inbox: str) -> frozenset[str]:
        """The folders in which it may lie without anybody having moved it; empty: nothing is known."""
        last = self.last
        if last is None or last.state == wishes.GONE:
            return frozenset()
        if last.state == wishes.OPEN:
            return frozenset({inbox, last.folder or inbox})
        return frozenset({inbox if last.state == wishes.FAILED else last.folder or inbox})

    def tags(self) -> tuple[frozenset[str], frozenset[str]]:
        """The tags that lie on it unless a person changed them, and those that a wish may have left there."""
        sure: frozenset[str] = frozenset()
        perhaps: frozenset[str] = frozenset()
        for one in self.rows:
            if one.state in {wishes.DONE, wishes.TAGGED}:
                sure, perhaps = frozenset(one.tags), frozenset()
            elif one.state == wishes.UNTAGGED:  # those of earlier wishes may be taken away
                sure, perhaps = frozenset(), perhaps.union(sure, one.tags)
            else:
                perhaps = perhaps.union(one.tags)
        return sure, perhaps


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person did with our tags: set one that means ``category``, several at once, or took all away (no tags)."""

    category: Category | None
    tags: frozenset[str]


def chosen(tags: Iterable[str], history: History, folders: Folders) -> Choice | None:
    """Tell what a person did with our tags on a mail that carries ``tags`` now; None: nothing."""
    now = folders.meanings(tags)
    sure, perhaps = (folders.meanings(words) for words in history.tags())
    new = now - sure - perhaps
    if not new and (now or not sure):
        return None
    return Choice(next(iter(new)) if len(new) == 1 else None, frozenset(tag(one.value) for one in now))
