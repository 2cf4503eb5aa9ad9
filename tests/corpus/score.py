#!/usr/bin/env python3
"""Score predictions against one half of the corpus (standard library only).

    python3 score.py public predictions.jsonl

A prediction line: {"file", "category", "notice_id", "needs_human", "auto_generated", "ticket",
"url_outcomes": {url: outcome}}.  Missing fields count as None/False/{}.  A URL is *auto-closed* when its
predicted outcome is removed or already_gone and needs_human is false.
"""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

CLOSING = {"removed", "already_gone"}
WEAK = {
    "sender_domain",
    "quoted_domain",
    "quoted_urls",
    "ticket_from_earlier_mail",
    "case_number_body",
    "date_only",
    "name_only",
    "domain_in_notice",
}


def read(p):
    return [json.loads(x) for x in Path(p).read_text(encoding="utf-8").splitlines() if x.strip()]


def score(labels, preds):
    by = {p["file"]: p for p in preds}
    r = Counter()
    bad_close, confusion, per_cat = [], Counter(), defaultdict(Counter)
    for lab in labels:
        p = by.get(lab["file"], {})
        cat = p.get("category")
        ok = cat == lab["category"]
        lenient = ok or cat in lab["also_ok"]
        r["n"] += 1
        r["strict"] += ok
        r["lenient"] += lenient
        kind = "trap" if lab["traps"] else "plain"
        r[kind] += 1
        r[kind + "_ok"] += lenient
        per_cat[lab["category"]]["n"] += 1
        per_cat[lab["category"]]["ok"] += lenient
        if not lenient:
            confusion[(lab["category"], cat)] += 1
        weak = all(e in WEAK or e.startswith("path_fragment") for e in lab["match_evidence"])
        r["match_ok"] += p.get("notice_id") == lab["notice_id"] or (weak and p.get("notice_id") is None)
        r["match_wrong"] += p.get("notice_id") not in (None, lab["notice_id"], *lab["other_notice_ids"])
        nh = bool(p.get("needs_human"))
        r["human_sent"] += nh
        r["human_due"] += lab["needs_human"]
        r["human_hit"] += nh and lab["needs_human"]
        r["auto_ok"] += bool(p.get("auto_generated")) == lab["auto_generated"]
        if lab["ticket"]:
            r["tickets"] += 1
            r["ticket_ok"] += p.get("ticket") == lab["ticket"]
        out = p.get("url_outcomes") or {}
        closed = {u for u, o in out.items() if o in CLOSING} if not nh else set()
        wrong = closed - set(lab["closable_urls"])
        r["closed"] += len(closed)
        r["false_closed"] += len(wrong)
        r["false_closed_msgs"] += bool(wrong)
        r["unasked"] += len(closed) if lab["needs_human"] else 0
        r["closable"] += len(lab["closable_urls"])
        r["closable_hit"] += len(closed & set(lab["closable_urls"]))
        easy = [] if lab["needs_human"] else lab["closable_urls"]
        r["closable_auto"] += len(easy)
        r["closable_auto_hit"] += len(closed & set(easy))
        if wrong:
            bad_close.append((lab["file"], lab["category"], sorted(wrong), lab["traps"]))
        for u, o in lab["url_outcomes"].items():
            r["urls"] += 1
            r["url_ok"] += out.get(u, "no_change") == o
    return r, bad_close, confusion, per_cat


def main():
    half, pred = sys.argv[1:3]
    labels = read(Path(__file__).resolve().parent / half / "labels.jsonl")
    r, bad, conf, per = score(labels, read(pred))
    pc = lambda a, b: f"{r[a]}/{r[b]} ({100 * r[a] / max(1, r[b]):.0f}%)"  # noqa: E731
    print(f"messages {r['n']}; category exact {pc('strict', 'n')}, with also_ok {pc('lenient', 'n')}")
    print(f"messages without traps {pc('plain_ok', 'plain')}, with traps {pc('trap_ok', 'trap')} (also_ok counted)")
    print(
        f"FALSE CLOSURES: {r['false_closed']} URLs in {r['false_closed_msgs']} messages (of {r['closed']} URLs auto-closed)"
    )
    print(f"CLOSED WITHOUT THE PERSON THAT THE LABEL ASKS FOR: {r['unasked']} URLs")
    print(
        f"rightly auto-closed {pc('closable_hit', 'closable')} of all closable URLs, "
        f"{pc('closable_auto_hit', 'closable_auto')} of those that need no human"
    )
    print(f"notice match {pc('match_ok', 'n')}, wrong notice {r['match_wrong']}; URL outcome {pc('url_ok', 'urls')}")
    print(
        f"needs_human recall {pc('human_hit', 'human_due')}, sent to a human {pc('human_sent', 'n')}; "
        f"auto flag {pc('auto_ok', 'n')}; ticket {pc('ticket_ok', 'tickets')}"
    )
    print("per category: " + ", ".join(f"{c} {v['ok']}/{v['n']}" for c, v in sorted(per.items())))
    print("worst confusions: " + ", ".join(f"{a}->{b} {n}" for (a, b), n in conf.most_common(8)))
    for f, c, u, t in bad[:60]:
        print(f"  wrongly closed {f} [{c}] {len(u)} URL(s) traps={','.join(t)}")


if __name__ == "__main__":
    main()
