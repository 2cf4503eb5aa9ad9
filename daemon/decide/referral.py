"""Whom a mail that says "not with us" names instead: an ESP of the register, a domain, or a name as written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from daemon.decide.decision import Party
from daemon.message.message import Label, Labelled
from daemon.message.urls import free, host_of, refang
from daemon.notices import domains
from daemon.notices.esp import Esp

_ADDRESS = re.compile(r"[\w.+%-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63})+)")
_DOMAIN = re.compile(r"(?<![@\w.-])((?:[a-z0-9][a-z0-9-]{1,62}\.)+[a-z]{2,18})(?![\w@-])", re.IGNORECASE)
_NETWORK = re.compile(r"\bAS ?\d{3,10}\b")
_COMPANY = re.compile(
    r"\b[A-ZÀ-ÞŁŚŻА-ЯЁЇІ][\w&.-]+(?: [\w&.-]+){0,3},? (?:GmbH|AG|KG|Ltd|Limited|LLC|Inc|Corp|S\.?A\.?S|SARL|S\.?r\.?l"
    r"|S\.?p\.?A|S\.?L|S\.?A|B\.?V|N\.?V|AB|AS|ApS|Oy|Sp\. ?z ?o\.? ?o|s\.r\.o|d\.o\.o|Kft|OÜ|UAB|Ltda?|A\.?Ş|Pty)\b"
    r"|(?:ООО|ТОВ|АО|ЗАО) ?[«\"“]|(?:株式会社|有限公司|有限责任公司|주식회사|\(주\))"
)
_SHORTEST = 4


MOST = 5  # parties of one mail


def parties(
    labelled: Iterable[Labelled], sender: str, urls: Iterable[str], ours: Iterable[str], esps: Sequence[Esp], own: str
) -> tuple[Party, ...]:
    """Return the other parties that the own text names, ESPs of the register first; each of them once.

    ``sender`` is the From domain, ``urls`` those of the notice, ``ours`` our domains, ``own`` the answering ESP's key.
    """
    text = refang("\n".join(one.line.text for one in labelled if one.label is Label.OWN))
    known = {domains.registrable(sender), *(domains.registrable(host_of(url)) for url in urls)}
    known |= {domains.registrable(domain) for domain in ours}
    found = {party.key: party for party in (*_written(text, known, esps), *_named(text, esps, own)) if party.esp != own}
    esps_named = [party for party in found.values() if party.esp]
    others = [party for party in found.values() if not party.esp and (party.domain or not _has_domain(found.values()))]
    return (*esps_named, *others)[:MOST]


def _has_domain(found: Iterable[Party]) -> bool:
    """Whether somebody is named better than by a company's name: that name is theirs, then."""
    return any(party.domain or party.esp for party in found)


def _written(text: str, known: set[str], esps: Sequence[Esp]) -> Iterator[Party]:
    """Yield the owners of the addresses and domains in ``text``."""
    hosts = [found.group(1) for found in (*_ADDRESS.finditer(text), *_DOMAIN.finditer(text))]
    hosts += [host_of(address) for _, _, address in free(text)]
    for host in dict.fromkeys(hosts):
        home = domains.registrable(host)
        if home in known:
            continue
        owner = next((esp for esp in esps if any(domains.within(host, one) for one in esp.domains)), None)
        if domains.is_shared(host):
            yield Party(name=home)  # a mailbox among strangers' says nothing about who stores anything
        else:
            yield Party(owner.key) if owner else Party(domain=home)


def _named(text: str, esps: Iterable[Esp], own: str) -> Iterator[Party]:
    """Yield the ESPs of the register, the networks and the companies that ``text`` names."""
    low = text.lower()
    for esp in esps:
        name = esp.name.lower()
        if esp.key == own or len(name) < _SHORTEST or name not in low:
            continue
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", low):
            yield Party(esp.key)
    for found in (*_NETWORK.finditer(text), *_COMPANY.finditer(text)):
        yield Party(name=found.group().strip())
