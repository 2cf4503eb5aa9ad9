"""The one transaction of a set of mails: messages, decisions, what they change, wishes, journal, and what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from daemon.decide.decision import Decision
from daemon.decide.effects import Action, Change, effects
from daemon.jobs import answers, proof, replying
from daemon.jobs.arrivals import Arrival, Copy, Fate, Recorded, Set
from daemon.jobs.folders import Folders, tag
from daemon.mailbox import Place
from daemon.notices.status import Outcome
from daemon.rulefile.meanings import Meaning
from daemon.store import esps, journal, messages, outbox, places, reviews, standing, state, strays, wishes
from daemon.store.journal import Entry
from daemon.store.messages import Identity, NewDecision, NewMessage
from daemon.store.moves import Because, Moves
from daemon.store.places import Bound
from daemon.store.reviews import NewReview
from daemon.store.wishes import NewWish

MOST_RESETS = 5  # in a row, until the mailbox is read no more
RESETS = "the server voids the ids of a folder at every look"


def record(conn: Connection, batch: Set, folders: Folders, numbers: dict[str, int], now: datetime) -> Recorded:
    """Write a whole set in this transaction; ``numbers``: the rows of the notices that its decisions name."""
    return _Recording(conn, batch, folders, numbers, now).run()


class _Recording:
    def __init__(self, conn: Connection, batch: Set, folders: Folders, numbers: dict[str, int], now: datetime) -> None:
        self.conn, self.batch, self.folders, self.numbers, self.now = conn, batch, folders, numbers, now
        switches = state.some(conn, state.MODE, state.PAUSE_CLOSING)
        self.live = switches.get(state.MODE) == "live"
        self.closing_paused = state.PAUSE_CLOSING in switches
        self.done = Recorded()
        self.entries: list[Entry] = []
        self.wishes: list[NewWish] = []
        self.decisions: list[NewDecision] = []
        self.tied: list[tuple[int, int, tuple[str, ...]]] = []
        self.bound: list[Bound] = []
        self.strays: set[int] = set()
        self.speakers: dict[str, int] = {}  # key of an ESP that a sender is proven to be of -> row
        self.twins: dict[str, int] = {}  # Message-ID -> an earlier mail that has it, with other words

    def run(self) -> Recorded:
        batch, conn = self.batch, self.conn
        self._release()
        first = self._unique()
        self.speakers = esps.ids_of(conn, {one.decision.speaks_for for one in first.values() if one.decision} - {""})
        moves = self._open_moves(first.values())
        refs = self._refs(first, moves)
        there = messages.known(conn, (one.identity for one in batch.arrivals if one.identity not in refs))
        for arrival in batch.arrivals:
            ref = refs.get(arrival.identity)
            if ref is not None and first[arrival.identity] is arrival:
                self._take(arrival, ref, moves)
            else:  # the same mail twice in one set, or another process was faster
                self._bind(arrival.place, there[arrival.identity] if ref is None else ref)
                self.done.copies += 1
        for copy in batch.copies:
            self._take_copy(copy)
        self._write(moves)
        return self.done

    def _release(self) -> None:
        """Forget places where nothing lies any more; why is told after a full look at the mailbox."""
        spots = [(place.folder, place.uid) for place in self.batch.gone]
        if self.batch.whole is not None:  # renumbered: what is not listed does not lie there
            uids = (place.uid for place in self.batch.whole)
            spots += places.stale(self.conn, self.batch.mailbox, self.batch.folder, uids)
        self.strays = places.messages_at(self.conn, self.batch.mailbox, spots)
        places.release(self.conn, self.batch.mailbox, spots)

    def _refs(self, first: Mapping[Identity, Arrival], moves: Moves) -> Mapping[Identity, int]:
        """Record the messages; return the rows of those that shall have their effects now."""
        if self.batch.again:
            rows = {self.batch.again[identity]: self._row(one, moves) for identity, one in first.items()}
            messages.judged_again(self.conn, rows, self.now)
            return self.batch.again
        self.twins = messages.twins(self.conn, (one.identity[0] for one in first.values()))
        return messages.record(self.conn, [self._row(one, moves) for one in first.values()], self.now)

    def _unique(self) -> dict[Identity, Arrival]:
        first: dict[Identity, Arrival] = {}
        for arrival in self.batch.arrivals:
            first.setdefault(arrival.identity, arrival)
        return first

    def _row(self, one: Arrival, moves: Moves) -> NewMessage:
        decision, message = one.decision, one.message
        best = decision.matched[0] if decision and decision.matched else None
        notice = moves.standing.notice(best.number) if best else None
        return NewMessage(
            identity=one.identity,
            mailbox=self.batch.mailbox,
            received_at=one.received_at,
            state=self._state(one),
            fingerprint_version=one.fingerprint_version,
            from_domain=message.from_.domain if message and message.from_ else "",
            kind=decision.kind.value if decision else "reply",
            category=decision.category.value if decision else "other",
            automatic=decision.automatic if decision else False,
            esp_id=self._speaker(decision) if notice is None or (decision and decision.routed) else notice.esp_id,
            ticket=decision.ticket if decision else None,
            wording=decision.wording if decision else "",
            notice_id=self.numbers.get(best.number) if best else None,
            size=one.size,
            body=one.body,
            twin_of=self.twins.get(one.identity[0]),
        )

    def _speaker(self, decision: Decision | None) -> int | None:
        return self.speakers.get(decision.speaks_for) if decision is not None else None

    def _state(self, one: Arrival) -> str:
        if one.fate is Fate.ASIDE:
            return messages.SET_ASIDE
        if one.fate is Fate.RECORDED or not self.live:
            return messages.RECORDED
        return messages.DECIDED if one.fate in {Fate.JUDGED, Fate.OURS} else messages.OUTSIDE

    def _open_moves(self, new: Iterable[Arrival]) -> Moves:
        decided = [one.decision for one in new if one.decision is not None]
        matched = {self.numbers[m.number] for d in decided for m in d.matched if m.number in self.numbers}
        bounced = {found.recipient for d in decided for found in d.bounced}
        return Moves(self.conn, self.now, standing.load(self.conn, matched, bounced))

    def _take(self, arrival: Arrival, ref: int, moves: Moves) -> None:
        """Record one new mail with everything that follows from it."""
        self._bind(arrival.place, ref)
        self._note_tags(arrival, ref)
        if arrival.fate is Fate.ASIDE:
            self._set_aside(arrival, ref)
        elif arrival.fate is Fate.OURS:
            self._take_ours(arrival, ref)
        elif arrival.decision is None:
            self.done.recorded += 1
            self._note("recorded", ref, new=arrival.fate.value)
        else:
            self._decide(arrival, arrival.decision, ref, moves)

    def _note_tags(self, arrival: Arrival, ref: int) -> None:
        """Tags of ours that it came with (an older database put them there, say) are nobody's decision now."""
        tags = tuple(sorted(tag(one.value) for one in self.folders.meanings(arrival.flags)))
        if tags:
            folder = "" if self.batch.inbox else arrival.place.folder
            wishes.note_tagged(self.conn, NewWish(self.batch.mailbox, ref, folder, tags), self.now)

    def _take_ours(self, arrival: Arrival, ref: int) -> None:
        """A letter of ours came back to us as a copy: it has left, whatever was known of it."""
        self.done.recorded += 1
        letter = self.batch.ours[arrival.identity]
        self._note("recorded", ref, new=arrival.fate.value, outbox_id=letter.id)
        if letter.state == outbox.UNKNOWN:
            proof.left(self.conn, letter, self.now, "copy_came", was=outbox.UNKNOWN)
        if self.live:
            self.wishes.append(NewWish(self.batch.mailbox, ref, self.folders.ours(self.batch.sent_folder)))

    def _set_aside(self, arrival: Arrival, ref: int) -> None:
        self.done.set_aside += 1
        self._note("set_aside", ref, new=arrival.reason)
        reviews.add(self.conn, NewReview(arrival.reason, message_ref=ref), self.now)
        if self.live and self.batch.inbox:
            shelf = self.folders.aside()
            self.wishes.append(NewWish(self.batch.mailbox, ref, shelf.folder, shelf.tags))

    def _decide(self, arrival: Arrival, decision: Decision, ref: int, moves: Moves) -> None:
        acting = self.live and arrival.fate is not Fate.JUNK
        self._note_decision(arrival, decision, ref, acting)
        for matched in decision.matched:
            if matched.number in self.numbers:
                self.tied.append((ref, self.numbers[matched.number], tuple(proof.value for proof in matched.proofs)))
        if acting:
            self._act(decision, ref, moves)
            if len(decision.matched) == 1 and (notice := self.numbers.get(decision.matched[0].number)):
                replying.asked(self.conn, decision, notice, ref, self.now)
        elif self.live and any(matched.is_strong for matched in decision.matched):
            first = self.numbers.get(decision.matched[0].number)
            reviews.add(self.conn, NewReview("in_junk", message_ref=ref, notice_id=first), self.now)
        elif self.live and decision.route is Meaning.SURVIVOR:
            why = (Meaning.SURVIVOR.value, "in_junk")
            reviews.add(self.conn, NewReview(why[0], message_ref=ref, reasons=why), self.now)
        if self.live and arrival.keys is not None:
            tokens = arrival.keys.tokens
            answers.about_the_register(self.conn, tokens, decision, ref, self.now, acting=acting)
        if self.live and arrival.fate is Fate.JUDGED:
            shelf = self.folders.shelf(decision)
            self.wishes.append(NewWish(self.batch.mailbox, ref, shelf.folder, shelf.tags))
        self._count(arrival, decision)

    def _count(self, arrival: Arrival, decision: Decision) -> None:
        category = decision.category.value
        self.done.by_category[category] = self.done.by_category.get(category, 0) + 1
        if not self.live:
            self.done.recorded += 1
        elif arrival.fate is Fate.JUDGED:
            self.done.decided += 1
        else:
            self.done.outside += 1

    def _act(self, decision: Decision, ref: int, moves: Moves) -> None:
        """Carry out what the decision changes."""
        changes = effects(decision, moves.current(decision))
        if self.closing_paused and any(change.closes for change in changes):
            changes = _without_closings(changes)
        self.done.closed += sum(change.closes for change in changes)
        self.done.review += sum(change.action is Action.REVIEW for change in changes)
        why = Because(self.now, "rules", ref, decision.rules_version, self._speaker(decision))
        moves.apply(changes, why, proposal(decision, moves))

    def _note_decision(self, arrival: Arrival, decision: Decision, ref: int, acting: bool) -> None:
        self.decisions.append(as_row(decision, ref, self.now, live=acting))
        best = decision.matched[0].number if decision.matched else ""
        details = {
            "standing": decision.standing.value,
            "evidence": decision.evidence.value,
            "person": decision.needs_human,
            "matched": len(decision.matched),
            "rule": decision.rule,
            "rules": decision.rules_version,
            "fate": arrival.fate.value,
            "twin": self.twins.get(arrival.identity[0], 0),
        }
        action = "decided" if acting else "judged"
        self._note(action, ref, new=decision.category.value, notice_id=self.numbers.get(best), details=details)

    def _take_copy(self, copy: Copy) -> None:
        self.done.copies += 1
        self._bind(copy.place, copy.message_ref)
        if copy.strays:
            self.strays.add(copy.message_ref)
        elif copy.shelf is not None and self.live and copy.message_ref not in {one.message_ref for one in self.wishes}:
            self.wishes.append(NewWish(self.batch.mailbox, copy.message_ref, copy.shelf.folder, copy.shelf.tags))
            self._note("copy", copy.message_ref)

    def _bind(self, place: Place, ref: int) -> None:
        if place.folder:  # a mail judged again may lie nowhere any more
            self.bound.append(Bound(ref, self.batch.mailbox, place.folder, place.uid))

    def _note(self, action: str, ref: int, **values: Any) -> None:
        actor = "rules" if action in {"decided", "judged"} else "daemon"
        self.entries.append(Entry(self.now, actor, action, message_ref=ref, **values))

    def _write(self, moves: Moves) -> None:
        conn, batch = self.conn, self.batch
        places.bind(conn, self.bound, self.now)
        strays.note(conn, batch.mailbox, self.strays, self.now)
        retagged = batch.retagged.union(one.message_ref for one in batch.copies if one.retagged)
        strays.note_retagged(conn, batch.mailbox, retagged, self.now)
        messages.record_decisions(conn, self.decisions)
        messages.tie(conn, self.tied)
        moves.flush()
        wishes.make(conn, self.wishes, self.now)
        journal.append(conn, [*self.entries, *moves.entries])
        if not self.live and self.decisions:
            state.put(conn, observed_key(batch.mailbox), True, self.now)
        if batch.after is not None:
            self._store_state(batch, batch.after)

    def _store_state(self, batch: Set, after: str) -> None:
        """Note what was seen.  A server that never ends giving out its ids anew is left alone, and a person is told."""
        stops = batch.resets >= MOST_RESETS
        resets = 0 if stops else batch.resets
        places.store_state(self.conn, batch.mailbox, batch.folder, after, self.now, resets)
        if stops:
            state.pause(self.conn, state.mailbox(batch.mailbox), RESETS, self.now, "daemon")
            reviews.add(self.conn, NewReview("mailbox_stopped", "alert"), self.now)


def observed_key(mailbox: str) -> str:
    """The mark that mail was judged while observing: it is judged again once the mode is live."""
    return f"observed.{mailbox}"[:80]


def _without_closings(changes: Sequence[Change]) -> tuple[Change, ...]:
    """What is left of ``changes`` while closing is paused: the closings wait in one review item."""
    first = next(change for change in changes if change.closes)
    kept = [change for change in changes if not change.closes]
    if not any(change.action is Action.REVIEW for change in kept):
        kept.append(Change(Action.REVIEW, notice=first.notice, new="closing_block", reasons=("closing_block",)))
    return tuple(kept)


def proposal(decision: Decision, moves: Moves) -> list[dict[str, Any]]:
    """What a review item puts before a person: the asserted outcomes, by item."""
    ids = {(one.notice, one.position): one.takedown for some in moves.standing.items.values() for one in some}
    return [{**item, "takedown": ids.get((item["notice"], item["position"]))} for item in _items(decision)]


def _items(decision: Decision) -> list[dict[str, Any]]:
    return [
        {
            "notice": item.notice,
            "position": item.position,
            "outcome": item.outcome.value,
            "closes": item.closes,
            "rule": item.rule,
            "line": item.line,
            "sentence": item.sentence,
        }
        for item in decision.items
        if item.outcome is not Outcome.NO_CHANGE
    ]


def as_row(decision: Decision, ref: int, now: datetime, *, live: bool, by: str = "rules") -> NewDecision:
    """The decision as it is stored: words, numbers and ids only."""
    items = _items(decision)
    verdict = decision.verdict
    if verdict is not None:
        losers = {
            (item.notice, item.position): [[hit.rule, hit.line, hit.cancelled] for hit in verdict.urls[item.url].losers]
            for item in decision.items
            if item.url in verdict.urls
        }
        items = [{**item, "losers": losers.get((item["notice"], item["position"]), [])} for item in items]
    return NewDecision(
        message_ref=ref,
        at=now,
        by=by,
        category=decision.category.value,
        needs_human=decision.needs_human,
        evidence=decision.evidence.value,
        standing=decision.standing.value,
        rules_version=decision.rules_version,
        items=items,
        reasons=decision.reasons,
        rule=decision.rule,
        task=decision.task,
        live=live,
    )


__all__ = ["Recorded", "as_row", "observed_key", "proposal", "record"]
