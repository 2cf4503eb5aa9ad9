"""Redirect chains: a person passes URLs on to whom the ESP named; the letter leaves once somebody can be written to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from daemon.errors import PermanentError
from daemon.followups.reasons import NotSent
from daemon.jobs import esp_changes, first_notices
from daemon.jobs.desk import Desk
from daemon.jobs.first_notices import Wish
from daemon.notices import domains, speaking
from daemon.notices.status import Status
from daemon.store import Store, chains, esps, importing, notices, referrals, reviews, state
from daemon.store.chains import DEPTH, LOOP, NEW_TARGET, WAITS
from daemon.store.esps import NewEsp, slug
from daemon.store.importing import Child, Source
from daemon.store.journal import Entry
from daemon.store.reviews import NewReview
from daemon.store.rows import AnyRow

REASONS = frozenset({NEW_TARGET, LOOP, DEPTH})
_ASKED = "asked:"
_WAITS_ON = frozenset({NotSent.NO_CONTACT, NotSent.OTHER_CHANNEL})  # a person has something to do first


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a person passes the URLs on to: an ESP of the register by its key or name, or a domain; "" as proposed."""

    target: str = ""


def pass_on(conn: Connection, row: AnyRow, choice: Choice, now: datetime, by: str) -> list[str]:
    """Open the child notices that a review item proposes; return their numbers.

    Raises PermanentError with what to say instead: nobody named, several named, a ring, a chain that is too long.
    """
    wanted: dict[str, list[int]] = {}
    for one in row.proposal or ():
        wanted.setdefault(one["notice"], []).append(int(one["position"]))
    if not wanted:
        raise PermanentError(f"item {row.id} does not say which URLs are stored elsewhere")
    esp_id = _target(conn, row, choice, now, by)
    made = [_child(conn, number, at, esp_id, choice, row, now, by) for number, at in sorted(wanted.items())]
    if not any(made):
        raise PermanentError(f"what item {row.id} is about was passed on there already")
    return [number for number in made if number]


def _target(conn: Connection, row: AnyRow, choice: Choice, now: datetime, by: str) -> int:
    named = [word.partition(":")[::2] for word in row.reasons if word.startswith(("esp:", "domain:", "name:"))]
    if choice.target:
        about = "domain" if "." in choice.target and not _known(conn, choice.target) else "esp"
        return _find(conn, about, choice.target, now, by)
    if len(named) != 1 or named[0][0] == "name":
        who = "nobody" if not named else "several parties" if len(named) > 1 else "a name without a domain"
        raise PermanentError(f"item {row.id} names {who}: say to whom with --target ESP or --target DOMAIN")
    return _find(conn, named[0][0], named[0][1], now, by)


def _known(conn: Connection, name: str) -> int | None:
    """The ESP with this key or name.  A domain is nobody's name but its own: "ab.example" is not "AB Example"."""
    is_domain = "." in name and " " not in name
    found = esps.ids_of(conn, {name, name.lower()} if is_domain else {name, name.lower(), slug(name)})
    return next(iter(found.values()), esps.named(conn, name))


def _find(conn: Connection, about: str, value: str, now: datetime, by: str) -> int:
    """The ESP; one that is not in the register becomes a stub in ``researching``, named by its domain.

    The domain may not speak for it before a second person confirms it: that somebody else named it proves nothing.
    """
    if about == "esp":
        found = _known(conn, value)
        if found is None:
            raise PermanentError(f'there is no ESP "{value[:80]}" in the register; name its domain instead')
        return esps.home_of(conn, found)
    home = domains.registrable(value)
    register = esps.register(conn)
    owner = next((esp for esp in register.esps if any(_is_home(home, one) for one in esp.domains)), None)
    if owner is not None:
        return register.ids[owner.key]
    stub = esps.named(conn, home)
    if stub is not None:
        return esps.home_of(conn, stub)
    key = home if esps.ids_of(conn, [slug(home)]) else slug(home)  # another ESP's name may give the same key
    esp_id = esps.add_one(conn, NewEsp(key, home, state="researching", source="referral"), now, by)
    if not speaking.why_not(home):
        esp_changes.propose_domain(conn, home, home, now, by)
    return esp_id


def _is_home(domain: str, of: str) -> bool:
    return domains.within(domain, of) and not domains.is_shared(of)


def _child(
    conn: Connection,
    number: str,
    positions: Sequence[int],
    esp_id: int,
    choice: Choice,
    row: AnyRow,
    now: datetime,
    by: str,
) -> str:
    """Open the child of one notice; "" if its items were passed on to this ESP before."""
    parent = notices.get(conn, number)
    if parent is None:
        raise PermanentError(f"there is no notice {number}")
    chain = chains.ancestry(conn, parent.id)
    why = chains.problem(chain, esp_id)
    path = " -> ".join(link.number for link in chain)
    if why == LOOP:
        raise PermanentError(f"the ring is closed: {path} was with this ESP before; ask both, then skip this item")
    if why == DEPTH and not choice.target:
        raise PermanentError(f"{path} was passed on {len(chain) - 1} times: name the next one with --target")
    items = referrals.items_to_pass(conn, parent.id, positions, esp_id)
    if not items:
        return ""
    new = Child(
        parent,
        referrals.next_number(conn, parent),
        esp_id,
        tuple((one.url_as_written, one.url) for one in items),
        any(one.survivor_linked for one in items),
        min(one.priority for one in items),
    )
    child = importing.add_child(conn, new, Source("referral", by, now, parent.mailbox))
    entry = Entry(now, by, "referred", parent.esp_id, parent.id, new=new.number, details={"child": child})
    referrals.mark(conn, [one.id for one in items], row.created_at, entry)
    if any(one.status == Status.DRAFT for one in notices.items_of(conn, child)):
        reviews.add(conn, NewReview(WAITS, "task", None, child, esp_id, reasons=(WAITS, _ASKED + by)), now, by)
    return new.number


def tick(store: Store, desk: Desk, now: datetime, *, second_person: bool = False) -> int:
    """Send the letters of child notices whose ESP can be written to by now; may be repeated without harm."""
    with store.read() as conn:
        if state.mode(conn) != "live":
            return 0
        waiting = reviews.with_reason(conn, WAITS)
    return sum(_write_to(store, desk, row.id, now, second_person) for row in waiting)


def _write_to(store: Store, desk: Desk, review_id: int, now: datetime, second_person: bool) -> bool:
    """Let the notice go as its first letter, asked for by whoever passed the URLs on; False if it waits on."""
    with store.write() as conn:
        row = reviews.get(conn, review_id, lock=True)
        if row is None or row.state != reviews.OPEN or row.notice_id is None:
            return False
        asked = next((word.removeprefix(_ASKED) for word in row.reasons if word.startswith(_ASKED)), "daemon")
        sent = first_notices.send(conn, [row.notice_id], desk, Wish(asked, now, second_person))
        if not sent or sent[0].why_not in _WAITS_ON:
            return False
        return reviews.decide(conn, row.id, reviews.OBSOLETE, now, "daemon")


def told(numbers: Iterable[str]) -> str:
    """What a person is told of the children that were opened."""
    return f"Passed on as {', '.join(numbers)}: the letter leaves once a contact of that ESP is known."
