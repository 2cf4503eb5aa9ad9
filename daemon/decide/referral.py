"""Whether a mail that says "not with us" names who else to turn to."""

from __future__ import annotations

import re
from collections.abc import Iterable

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


def names_target(
    labelled: Iterable[Labelled], sender: str, urls: Iterable[str], ours: Iterable[str], esps: Iterable[Esp], own: str
) -> bool:
    """Tell whether the own text names another party: an address, a domain, a network, a company, an ESP we know.

    ``sender`` is the From domain, ``urls`` those of the notice, ``ours`` our domains, ``own`` the answering ESP's key.
    """
    text = refang("\n".join(one.line.text for one in labelled if one.label is Label.OWN))
    known = {domains.registrable(sender), *(domains.registrable(host_of(url)) for url in urls)}
    known |= {domains.registrable(domain) for domain in ours}
    hosts = [found.group(1) for found in (*_ADDRESS.finditer(text), *_DOMAIN.finditer(text))]
    hosts += [host_of(address) for _, _, address in free(text)]
    if any(domains.registrable(host) not in known for host in hosts):
        return True
    return bool(_NETWORK.search(text) or _COMPANY.search(text)) or _names_esp(text, esps, own)


def _names_esp(text: str, esps: Iterable[Esp], own: str) -> bool:
    low = text.lower()
    names = (esp.name.lower() for esp in esps if esp.key != own)
    return any(len(name) >= _SHORTEST and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", low) for name in names)
