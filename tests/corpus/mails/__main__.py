"""Tell, by file, how many answers are understood, and print those that are not."""

from __future__ import annotations

import sys

from tests.corpus.mails import CLOSING, Mail, files, mails
from tests.corpus.test_mails import decided


def fault(mail: Mail) -> str:
    """Return what is wrong with the decision about ``mail``, or nothing."""
    found = decided(mail)
    if mail.closes and not all(item.closes for item in found.items):
        return f"stays open ({found.category.value}, {[item.outcome.value for item in found.items]}, {found.reasons})"
    if not mail.closes and any(item.closes for item in found.items):
        return "CLOSES"
    outcomes = [item.outcome.value for item in found.items]
    if mail.outcomes and [one in CLOSING for one in outcomes] != [one in CLOSING for one in mail.outcomes]:
        return f"says {outcomes}"
    if mail.categories and found.category.value not in mail.categories:
        return f"is {found.category.value}"
    return ""


for name in [each for each in files() if not sys.argv[1:] or each.startswith(tuple(sys.argv[1:]))]:
    known = list(mails(name))
    faults = [(mail, what) for mail in known if (what := fault(mail))]
    print(f"{name}: {len(known) - len(faults)} of {len(known)}")
    for mail, what in faults:
        print(f"  {mail.place} {mail.outcomes or 'open'} {what}\n    " + mail.body.strip().replace("\n", "\n    "))
