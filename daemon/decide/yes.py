"""Whether an answer to our introduction is a plain yes: nothing is denied or asked, and no other address is named."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from daemon.message.message import Mark, Sentence
from daemon.rules.fold import fold
from daemon.rules.ruleset import RuleSet

_AGAINST = frozenset({"negation", "question", "condition", "hearsay"})

_WRONG = re.compile(  # in the languages that we introduce ourselves in
    r"\b(?:wrong|incorrect|outdated|falsche?r?|veraltet|mauvaise|erronée?|incorrecta|equivocada|verkeerde?|onjuist"
    r"|sbagliato|errato|errado|incorreto|błędny|niewłaściwy|nieaktualny|yanlış)\b"
    r"|неверн|неправильн|устарел|хибн|застаріл|错误|不对|不正确|有误|間違|違います|誤り|잘못|틀린|خطأ|خاطئ|غير صحيح",
    re.IGNORECASE,
)


def is_plain(sentences: Iterable[Sentence], ruleset: RuleSet, known: Collection[str]) -> bool:
    """Tell whether the mail's own sentences say nothing against it; ``known``: addresses that may be named.

    Words of any language count: a doubt too many only asks a person.
    """
    return not any(_is_against(one, ruleset, known) for one in sentences if not one.subject)


def _is_against(sentence: Sentence, ruleset: RuleSet, known: Collection[str]) -> bool:
    named = {text.lower() for mark, text in sentence.marks if mark is Mark.EMAIL}
    if named - set(known) or sentence.question or _WRONG.search(sentence.text):
        return True
    folded = fold(sentence.text)
    words = ruleset.cancellers.of(ruleset.cancellers.languages("", folded)).clauses(folded).words
    return any(kind in _AGAINST for kind, _, _ in words)
