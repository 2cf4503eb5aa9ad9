"""Measures reading + judging of the corpus in a process of its own: every mail is met once, the rules are warm."""

from __future__ import annotations

import email
import email.policy
import json
import sys
from pathlib import Path

from bench.house import judge_of, rule_file
from bench.make_mailbox import messages
from bench.reading import CORPUS, NUMBER_FORMAT, by_default_policy, corpus, generated, read_and_judge
from bench.timing import cpu
from daemon.decide.policy import Policy


def main(rules: Path) -> None:
    ruleset, policy = judge_of(rule_file(rules.read_text(encoding="utf-8")))
    others = generated([(reply, raw) for reply, raw, _ in messages(300, 2, attachments=False)])
    read_and_judge(others, ruleset, policy)
    theirs = Policy(NUMBER_FORMAT, "mx.hotline.example", closing=policy.closing)
    for folder in ("own",):
        if (CORPUS.parent / folder / "notices.csv").exists():
            read_and_judge(corpus(folder), ruleset, theirs)
    cases = corpus("public")
    by_default_policy(cases[:20])
    found = {
        "compat32": cpu(lambda: [email.message_from_bytes(raw) for raw, _ in cases]),
        "default": cpu(lambda: by_default_policy(cases)),
        "ours": cpu(lambda: read_and_judge(cases, ruleset, theirs)),
        "mails": len(cases),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
