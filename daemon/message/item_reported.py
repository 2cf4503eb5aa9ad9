# ruff: noqa: E501 - one language a line
"""Tells whether a sentence speaks of "the reported links": all that the notice lists, without a word like "all".

Only words count that fit whatever a notice lists: "the pictures in your report" may be some of it.
"""

from __future__ import annotations

import re

_NOTICE = r"(?:notice|report|list|e-?mail|mail|message|letter|complaint|request)"
_TOLD = (
    r"(?:reported|listed|mentioned|specified|submitted|notified|flagged|provided|given|sent|named|identified|indicated|"
    r"subject|said|referenced|referred|cited|quoted|noted|concerned|noticed|shared|forwarded)"
)
_TELL = (
    r"(?:mention|report|list|specify|submit|notify|flag|provide|give|send|name|identify|indicate|share|cite|forward)"
)
_LINKS = r"(?:urls|url['’]s|uris|links|hyperlinks|weblinks|addresses|items|entries)"
_ALL = (
    rf"(?:(?:the|these|those|your) |^|(?<=on )|(?<=at )|(?<=by )|(?<=under ))(?:above |afore)?-?{_TOLD} {_LINKS}(?: (?:above|below|in question))?",
    rf"(?:(?:the|these|those) |^|(?<=, )){_LINKS} (?:above|below|in question|concerned|(?:that |which )?you(?: ?['’]ve| have| had)? (?:{_TOLD}|{_TELL})(?: us| to us| with us)?(?: (?:above|below))?|(?:{_TOLD} |contained |included )?(?:in|from) (?:your|this|the) (?:first |last |above )?{_NOTICE}|{_TOLD}(?: (?:above|below|by you))?)",
    r"(?:the|your) (?:whole|entire|complete|full) (?:list|lot|batch|bunch)|the lot",
    r"every (?:single|last) one(?: of (?:them|these|those))?|each and every one",
    r"nothing (?:from|on|in|of) (?:your|the) (?:list|notice|report)",
    r"die (?:von ihnen )?(?:gemeldeten|genannten|aufgeführten|angegebenen|mitgeteilten|aufgelisteten) (?:urls|links|adressen|einträge)",
    r"les (?:urls|liens|adresses) (?:signal|mentionn|indiqu|list|cit)é?e?é?e?s(?: dans votre \w+)?",
    r"l[oa]s (?:enlaces|urls|direcciones) (?:reportad|denunciad|indicad|señalad|mencionad|notificad|listad)[oa]s",
    r"(?:i|gli) (?:link|url|indirizzi) (?:segnalati|indicati|elencati|notificati|riportati)",
    r"de (?:gemelde|genoemde|opgegeven|vermelde) (?:links|urls|url['’]s|adressen)",
    r"[oa]s (?:links|urls|endereços) (?:denunciad|indicad|reportad|mencionad|notificad|informad|listad)[oa]s",
    r"(?:zgłoszone|wskazane|podane|wymienione) (?:linki|adresy|url-e)",
    r"(?:указанные|перечисленные|названные) (?:вами )?(?:ссылки|адреса)",
)
# what follows must not tell which of them: "the reported links that we host"
_GOES_ON = r"(?= ?(?:[.,;!:()–-]|$)| (?:has|have|had|is|are|was|were|been|now|no|do|did|don['’]t|will|permanently|today|from our|and (?:the )?same|as requested|as asked|because|immediately|completely|yesterday|already|this morning|wurden|wurde|sind|waren|haben|habe|ont|sont|étaient|viennent|han|fueron|están|ya|se|sono|non|zijn|werden|hebben|foram|estão|já|não|zostały|są|były|были|удалены|заблокированы|больше|недоступны)\b)"
_PART = re.compile(
    r"\b(?:[0-9]+|one|two|three|four|five|six|some|most|many|several|half|part|few|any|majority|rest|one|uno|una|dos|tres|cuatro|algunos|algunas|parte|mitad|varios|varias|mayoría|een|twee|drie|vier|enkele|sommige|deel) (?:of|de|van) $"
)
_LISTED = re.compile(rf"\b(?:{'|'.join(_ALL)}){_GOES_ON}")
_DONE_TO = re.compile(
    rf"\b(?:removed|deleted|erased|wiped|purged|disabled|destroyed|(?:took|taken) down) (?:{'|'.join(_ALL)}) and\b"
)
_THESE = re.compile(rf"\b(?:these|those) {_LINKS}{_GOES_ON}")


def speaks_of_what_was_reported(low: str, named_before: bool) -> bool:
    """Tell whether a sentence, in lower case, speaks of all that was reported.

    "These links" are those of the notice only as long as the mail itself has named none (``named_before``).
    """
    found = _LISTED.search(low) or _DONE_TO.search(low) or (None if named_before else _THESE.search(low))
    return found is not None and _PART.search(low[: found.start()]) is None
