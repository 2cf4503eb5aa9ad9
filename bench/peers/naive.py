"""The script a competent engineer writes in an afternoon: one mail at a time, done properly.

Fetch RFC822, parse with the standard library, rules in order, one SQLite transaction, MOVE.
"""

from __future__ import annotations

import email
import email.policy
import html
import re
import sys
from email.message import EmailMessage

from imapclient import IMAPClient

from bench.peers import rules
from bench.peers import store as db


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = part.get_content()
    except (LookupError, ValueError):
        return ""
    if part.get_content_subtype() == "html":
        text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return text


def main(port: int, user: str, password: str, database: str) -> int:
    store = db.open_store(database)
    box = IMAPClient("127.0.0.1", port, ssl=False, timeout=300)
    box.login(user, password)
    for folder in rules.FOLDERS:
        box.create_folder(folder)
    box.select_folder("INBOX")
    done = 0
    for uid in box.search("ALL"):
        raw = box.fetch([uid], ["RFC822"])[uid][b"RFC822"]
        message = email.message_from_bytes(raw, policy=email.policy.default)
        text = text_of(message)
        folder = rules.classify(message, text)
        notice = rules.NOTICE.search(f"{message['Subject']} {text}")
        seen = db.Seen(
            uid,
            str(message["Message-ID"]),
            str(message["From"]),
            str(message["Subject"]),
            str(message["Date"]),
            len(raw),
        )
        with store:
            db.save(store, seen, folder or "", notice and notice[0], rules.URL.findall(text))
        if folder:
            box.move([uid], folder)
        done += 1
    return done


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:5])
