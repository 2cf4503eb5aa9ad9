"""Our own form that came back, as sentences about the items it names: judged by the same rules as anything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from daemon.decide.reasons import Reason
from daemon.message.form import NAME, FormRow
from daemon.message.message import Mark, Message, Sentence, Shape
from daemon.message.split import is_question
from daemon.message.urls import canonical, refang
from daemon.notices.keys import bare
from daemon.notices.match import Known
from daemon.notices.notice import Item, Notice


@dataclass(frozen=True, slots=True)
class Filled:
    """What a mail's form says; ``outcomes`` are the numbers of the sentences that an outcome stands in."""

    sentences: tuple[Sentence, ...] = field(default=(), repr=False)
    outcomes: frozenset[int] = frozenset()
    slips: tuple[Reason, ...] = ()


NOTHING = Filled()


def filled(message: Message, known: Known, notices: Sequence[Notice], first: int) -> Filled:
    """Read the mail's forms; ``first`` is the number of the first sentence to make."""
    found: list[Sentence] = []
    outcomes: set[int] = set()
    slips = [] if message.forms else [Reason.FORM_UNREAD] if _looks_sent_back(message) else []
    by_number = {notice.number.upper(): notice for notice in notices}
    for form in message.forms:
        theirs = known.by_message_id.get(bare(form.token), ())
        if not theirs:
            slips.append(Reason.FORM_FOREIGN)
            continue
        if not form.whole:
            slips.append(Reason.FORM_ROW)
        for row in form.rows:
            if not row.is_filled:
                continue
            notice = by_number.get(row.notice.upper())
            item = _item(row, notice) if notice is not None and notice.number in theirs else None
            if item is None or notice is None:
                slips.append(Reason.FORM_ROW)
                continue
            if row.outcome:
                outcomes.add(first + len(found))
            found += _sentences(row, notice, item, first + len(found))
    return Filled(tuple(found), frozenset(outcomes), tuple(dict.fromkeys(slips)))


def _looks_sent_back(message: Message) -> bool:
    """Tell whether our form came as something that is not read: a workbook, or a CSV of another type."""
    return any(one.name.casefold().startswith(NAME) for one in message.attachments)


def _item(row: FormRow, notice: Notice) -> Item | None:
    """Return the item of a row; None if its address is not that item's: rows or cells were moved."""
    item = next((one for one in notice.items if one.position == row.item), None)
    if item is None or not row.url:
        return item
    written = refang(row.url)
    return item if written == item.url or canonical(written) == item.canonical else None


def _sentences(row: FormRow, notice: Notice, item: Item, number: int) -> Iterator[Sentence]:
    """Yield what a row says: its outcome, its day, its remark."""
    about = Sentence(
        number,
        "",
        (item.url,),
        ((Mark.URL, item.url),),
        shape=Shape.ROW,
        stands_for=((item.url,),),
        notice=notice.number,
    )
    texts = [(f"{row.outcome} {Mark.URL}", row.outcome)] if row.outcome else []
    texts += [(f"{Mark.URL} {row.remark}", row.remark)] if row.remark else []
    for text, cell in texts:
        yield replace(about, number=number, text=text, question=is_question(cell))
        number += 1
    if row.date:
        yield Sentence(number, row.date, shape=Shape.ROW)
