"""The register of ESPs, found by address, by domain and by looks: a mail's sender is one of thousands of ESPs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from daemon.message.message import Address
from daemon.notices import domains
from daemon.notices.esp import Esp


class Register:
    """All ESPs; what only few mails ask for is made ready when first asked."""

    def __init__(self, esps: tuple[Esp, ...]) -> None:
        self.esps = esps

    @cached_property
    def by_key(self) -> dict[str, Esp]:
        return {esp.key: esp for esp in self.esps}

    @cached_property
    def _by_contact(self) -> dict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for place, esp in enumerate(self.esps):
            for contact in esp.contacts:
                found[contact.lower()].append(place)
        return dict(found)

    @cached_property
    def contacts(self) -> frozenset[str]:
        """Every address that any ESP is written to at, lower-case."""
        return frozenset(self._by_contact).union(*(esp.others for esp in self.esps))

    @cached_property
    def _by_home(self) -> dict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for place, esp in enumerate(self.esps):
            for home in {domains.clean(home) for home in esp.domains if not domains.is_shared(home)} - {""}:
                found[home].append(place)
        return dict(found)

    def speaking(self, address: Address) -> Sequence[Esp]:
        """Return the ESPs that ``address`` may speak for, in the register's order."""
        places = set(self._by_contact.get(address.address.lower(), ()))
        domain = domains.clean(address.domain)
        while domain:
            places.update(self._by_home.get(domain, ()))
            domain = domain.partition(".")[2]
        return [self.esps[place] for place in sorted(places)]

    @cached_property
    def _by_looks(self) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for home in {home for esp in self.esps for home in esp.domains if not domains.is_shared(home)}:
            found[domains.skeleton(domains.name(home))].add(domains.name(home))
        return dict(found)

    def looks_like_one(self, domain: str) -> bool:
        """Tell whether the eye takes ``domain`` for an ESP's, although its name is another."""
        mine = domains.name(domain)
        return bool(self._by_looks.get(domains.skeleton(mine), set()) - {mine})


_newest = Register(())


def register_of(esps: tuple[Esp, ...]) -> Register:
    """Return the register of ``esps``; that of the last asked is kept, since many mails share one."""
    global _newest  # noqa: PLW0603 - one value, replaced whole
    found = _newest
    if found.esps is not esps:
        _newest = found = Register(esps)
    return found
