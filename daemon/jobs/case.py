"""The evidence bundle about one notice or one ESP: what was sent and answered, the clocks, and the journal's proof."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from daemon.errors import PermanentError
from daemon.jobs.case_found import Found, moment
from daemon.jobs.case_summary import Summary
from daemon.jobs.case_tables import as_csv, tables
from daemon.message.parse import parse
from daemon.redact import shown
from daemon.store import Store, case, kept

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # every file has it: the same records give the same bytes
_CHAIN = """How the journal proves itself
Each row of journal.jsonl carries "hash": the SHA-256, in hex, of the hash of the row before it in the whole journal
("prev_hash") followed by the row as JSON: its own fields without id, prev_hash and hash, those that are null left out,
keys sorted, no blanks, ASCII only.  "seq" is its place in the chain.  A row that was altered no longer gives its hash;
noticed audit verify walks the whole chain.
"""


def write(store: Store, found: Found, out: IO[bytes], *, texts: bool = False) -> int:
    """Write the bundle as a ZIP file; the same records give the same bytes.  Returns how many files it holds."""
    files = dict(_files(found))
    if texts:
        files |= dict(_texts(store, found))
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode("ascii")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            packed.writestr(entry, files[name])
    return len(files)


def _files(found: Found) -> Iterator[tuple[str, bytes]]:
    summary = Summary(found)
    yield "summary.txt", summary.text().encode()
    yield "summary.html", summary.html().encode()
    for name, (heads, rows) in tables(found).items():
        yield f"{name}.csv", as_csv(heads, rows)
    lines = "".join(case.as_json(row) + "\n" for row in found.journal)
    yield "journal.jsonl", lines.encode("ascii")
    yield "journal.txt", _CHAIN.encode("ascii")


def _texts(store: Store, found: Found) -> Iterator[tuple[str, bytes]]:
    """The words of letters and mails, URLs defanged; attachments were never kept."""
    with store.read() as conn:
        for row in found.letters:
            raw = case.raw_of(conn, row.id)
            if raw is not None:
                yield f"texts/letter-{row.id}.txt", _words(parse(raw))
        for row in found.mails:
            body = case.body_of(conn, row.id)
            if body is not None:
                yield f"texts/mail-{row.id}.txt", _opened(store, body)


def _opened(store: Store, body: bytes) -> bytes:
    try:
        return _words(kept.unpack(store.cipher.open(body)))
    except PermanentError as problem:
        return f"The text cannot be shown: {problem}\n".encode()


def _words(message: Any) -> bytes:
    sender = message.from_.address if message.from_ else ""
    head = [f"From: {sender}", f"Date: {moment(message.date)}", f"Subject: {message.subject}", ""]
    lines = [*head, *(line.text for line in message.lines)]
    return "".join(f"{shown(line).rstrip()}\n" for line in lines).encode("utf-8", "replace")
