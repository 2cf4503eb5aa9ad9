"""The plan: from the notices that are due to letters, grouped and capped, with a reason for every silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from daemon.followups.addressee import addressee
from daemon.followups.ladder import Ladder, Step, Target
from daemon.followups.planned import Letter, Moved, Part, Plan, Rules, Traffic, slot
from daemon.followups.reasons import NotSent
from daemon.followups.slots import shut, tomorrow
from daemon.followups.standing import Standing, halted, paused


@dataclass(frozen=True, slots=True)
class _Ready:
    notice: Standing
    rung: int
    step: Step
    to: str = field(repr=False)
    since: datetime  # when the first rung that has not been dealt with became due
    missing: Target | None = None

    @property
    def slot(self) -> str:
        return slot(self.to, self.notice.esp_id if self.step.to.is_third_party else None)


_Group = tuple[bool, str, str, Target, int]


def plan(due: Sequence[Standing], rules: Rules, now: datetime, traffic: Mapping[str, Traffic]) -> Plan:
    """Decide what leaves now; every notice of ``due`` comes back in ``Plan.moved`` exactly once.

    ``traffic`` is keyed by ``planned.slot``.
    """
    moved: list[Moved] = []
    letters: list[Letter] = []
    patience = {notice.id: rules.patience(notice) for notice in due}
    groups: dict[_Group, list[_Ready]] = {}
    for notice in sorted(due, key=urgency):
        found = _judge(notice, rules, now)
        if isinstance(found, Moved):
            moved.append(found)
        else:
            groups.setdefault(_group(found), []).append(found)
    book = dict(traffic)
    for members in sorted(groups.values(), key=_turn):
        letter, settled = _settle(members, rules, now, book)
        moved.extend(settled)
        letters.extend(letter)
    return Plan(tuple(letters), tuple(replace(one, patience=patience[one.notice]) for one in moved))


def urgency(notice: Standing) -> tuple[bool, datetime | float, int]:
    """Sort key: survivor-linked first, then oldest."""
    return (not notice.survivor_linked, notice.started_at.timestamp() if notice.started_at else 0.0, notice.id)


def _turn(members: Sequence[_Ready]) -> tuple[bool, datetime]:
    """Sort key of groups: survivor-linked first, then who has waited longest; by age alone one could wait for ever."""
    return (not members[0].notice.survivor_linked, min(one.since for one in members))


def _judge(notice: Standing, rules: Rules, now: datetime) -> _Ready | Moved:
    """Return the rung that is ready to leave, or the notice put off with the reason."""
    ladder, later, rung = rules.ladder(notice), rules.next_due(notice), rules.latest_due(notice, now)
    why = halted(notice) or paused(notice, now)
    if why or notice.started_at is None:
        return _still(notice, why or NotSent.NOT_YET_SENT, later, rung if rung > notice.rung else 0)
    if rung <= notice.rung:
        return _still(notice, NotSent.NOTHING_DUE, later)
    if notice.waits:
        return _still(notice, NotSent.LETTER_WAITS, tomorrow(notice.survivor_linked, rules, now), rung)
    return _aim(notice, rung, ladder, rules, ladder.due_at(notice.rung + 1, notice.started_at))


def _aim(notice: Standing, rung: int, ladder: Ladder, rules: Rules, since: datetime) -> _Ready | Moved:
    """Find the rung's addressee; where none is known the contact is reminded again and a person is told."""
    step = ladder.step(rung)
    to = addressee(notice, step.to, rules.leads)
    if to:
        return _Ready(notice, rung, step, to, since)
    contact = addressee(notice, Target.CONTACT)
    if contact is None:
        return _still(notice, NotSent.ADDRESS_BOUNCED if notice.address else NotSent.NO_CONTACT, None, rung)
    return _Ready(notice, rung, Step(step.after, ladder.repeat_letter), contact, since, missing=step.to)


def _group(ready: _Ready) -> _Group:
    """What may share a letter: one address, one mailbox, one purpose; third parties and second contacts see one ESP."""
    notice, to = ready.notice, ready.step.to
    esp = 0 if to in (Target.CONTACT, Target.LEAD) else notice.esp_id
    return (notice.survivor_linked, ready.to.lower(), notice.mailbox, to, esp)


def _settle(
    members: list[_Ready], rules: Rules, now: datetime, book: dict[str, Traffic]
) -> tuple[list[Letter], list[Moved]]:
    """Make the one letter of a group as far as hours and caps allow; the rest is put off with its reason."""
    first = members[0]
    blocked = _blocked(first, rules, now, book.get(first.slot, Traffic()))
    if blocked:
        why, until = blocked
        return [], [_still(ready.notice, why, until, ready.rung) for ready in members]
    taken = _fitting(members, rules.caps.items)
    letter = _letter(taken, now)
    book[letter.slot] = noted(book.get(letter.slot, Traffic()), letter, now)
    gone = {ready.notice.id for ready in taken}
    left = [
        _still(one.notice, NotSent.CAP_REACHED, tomorrow(one.notice.survivor_linked, rules, now), one.rung)
        for one in members
        if one.notice.id not in gone
    ]
    return [letter], [_climbed(ready, rules, letter) for ready in taken] + left


def _blocked(first: _Ready, rules: Rules, now: datetime, traffic: Traffic) -> tuple[NotSent, datetime] | None:
    """Return why no letter of this group may be queued now, and when to look again."""
    survivor = first.notice.survivor_linked
    waits = traffic.survivor_waits if survivor else traffic.waits
    found = shut(survivor, rules, now, traffic)
    if (waits or traffic.held) and (found is None or found[0] in _SLOTS):
        return NotSent.LETTER_WAITS, tomorrow(survivor, rules, now)
    return found


_SLOTS = frozenset({NotSent.ALREADY_TODAY, NotSent.SLOT_TAKEN})  # a letter that waits tells more than these


def _fitting(members: Sequence[_Ready], limit: int) -> list[_Ready]:
    """The members whose items fit one letter, in the order given; a notice larger than any letter goes alone.

    Those that have waited longest are taken: by age alone, the oldest would keep the newer ones out for ever.
    """
    by_wait = sorted(members, key=lambda ready: ready.since)
    taken, items = {by_wait[0].notice.id}, by_wait[0].notice.chased
    for ready in by_wait[1:]:
        items += ready.notice.chased
        if items > limit:
            break
        taken.add(ready.notice.id)
    return [ready for ready in members if ready.notice.id in taken]


def _letter(taken: Sequence[_Ready], now: datetime) -> Letter:
    """The letter for ``taken``; its wording is that of the rung furthest up."""
    first, furthest = taken[0], max(taken, key=lambda ready: ready.rung)
    parts = tuple(_part(ready) for ready in taken)
    return Letter(
        key=_key(parts, first.step.to),
        template=furthest.step.letter,
        to=first.to,
        target=first.step.to,
        esp_id=first.notice.esp_id,
        mailbox=first.notice.mailbox,
        parts=parts,
        survivor_linked=first.notice.survivor_linked,
        due_at=now,
        held=first.step.to.is_third_party,
    )


def _part(ready: _Ready) -> Part:
    notice = ready.notice
    return Part(notice.id, notice.number, notice.cycle, ready.rung, notice.chased)


def _key(parts: Iterable[Part], to: Target) -> str:
    text = " ".join(f"{part.number} {part.cycle} {part.rung}" for part in parts)
    return f"followup-{to.value.replace('_', '-')}-{sha256(text.encode()).hexdigest()[:32]}"


def noted(traffic: Traffic, letter: Letter, now: datetime) -> Traffic:
    """The traffic of its slot once ``letter`` is queued."""
    if letter.held:  # it waits for a person, and has not left
        return replace(traffic, held=True)
    if letter.survivor_linked:
        return replace(traffic, automatic=traffic.automatic + 1, last_survivor=now)
    return replace(traffic, automatic=traffic.automatic + 1, grouped=traffic.grouped + 1)


def _climbed(ready: _Ready, rules: Rules, letter: Letter) -> Moved:
    """The notice after its rung was put into a letter."""
    notice = replace(ready.notice, rung=ready.rung)
    return Moved(
        notice.id,
        notice.cycle,
        ready.rung,
        rules.next_due(notice),
        NotSent.NEEDS_APPROVAL if letter.held else None,
        range(ready.notice.rung + 1, ready.rung),
        ready.missing,
    )


def _still(notice: Standing, why: NotSent, until: datetime | None, due: int = 0) -> Moved:
    return Moved(notice.id, notice.cycle, notice.rung, until, why, due=due)


def reasons(found: Plan) -> Iterator[tuple[int, NotSent]]:
    """Yield (notice, why) for all that did not get a letter."""
    return ((moved.notice, moved.why) for moved in found.moved if moved.why)
