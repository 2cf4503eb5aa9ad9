"""The readable part of an evidence bundle, as text and as HTML with the same content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from daemon.jobs.case_found import RECEIPTS, RETURNS, Found, moment
from daemon.jobs.case_tables import CLOCKS, clock, proofs_of
from daemon.redact import defang, shown
from daemon.store.rows import AnyRow

_MOST_SHOWN = 200  # notices that the summary tells of


@dataclass(frozen=True, slots=True)
class Summary:
    """What a reader outside wants to know first."""

    found: Found

    def sections(self) -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        """(title, column titles, rows), in the order in which somebody outside wants to know."""
        found = self.found
        proofs = proofs_of(found.journal)
        yield "In short", ("What", "How many"), self._counts()
        shown_ids = {row.id for row in found.notices[:_MOST_SHOWN]}
        clocks = [clock(row, found) for row in found.items if row.notice_id in shown_ids]
        yield "URLs (defanged) and their clocks", CLOCKS, clocks
        sends = [
            (
                row.template or row.kind,
                row.to_address,
                row.message_id,
                row.state,
                moment(row.sent_at),
                proofs.get(row.id, ""),
            )
            for row in found.letters
        ]
        yield "What was sent", ("Letter", "To", "Message-ID", "State", "Sent (UTC)", "Proof"), sends
        for title, kinds in (("Returned and delayed letters", RETURNS), ("Receipts and absence notes", RECEIPTS)):
            yield title, _MAILS, [_mail(row, found) for row in found.mails if row.kind in kinds]
        rest = [row for row in found.mails if row.kind not in (*RETURNS, *RECEIPTS)]
        yield "Answers", _MAILS, [_mail(row, found) for row in rest]
        yield "The ESP in the register", ("What", "State", "From", "Until", "By", "And"), found.register

    def _counts(self) -> list[tuple[str, str]]:
        found = self.found
        still = sum(1 for row in found.items if row.is_open)
        sent = sum(1 for row in found.letters if row.state == "sent")
        sealed = [row for row in found.journal if row["hash"]]
        return [
            ("Notices", f"{len(found.notices):,}"),
            ("URLs", f"{len(found.items):,}"),
            ("of them open", f"{still:,}"),
            ("Letters that left", f"{sent:,}"),
            ("Mails that came", f"{len(found.mails):,}"),
            ("Journal rows", f"{len(found.journal):,}"),
            ("Hash of the last one", sealed[-1]["hash"] if sealed else "-"),
        ]

    @property
    def title(self) -> str:
        about, esp = self.found.about, self.found.about.esp
        what = esp.name if about.whole else f"notice {self.found.notices[0].number} at {esp.name}"
        return f"Record of {what}"

    @property
    def lead(self) -> str:
        as_of = moment(self.found.as_of) or "nothing is on record"
        more = len(self.found.notices) - _MOST_SHOWN
        rest = f" The first {_MOST_SHOWN} notices are shown; the tables have {more:,} more." if more > 0 else ""
        how = "Times are UTC, hours are elapsed hours. No URL can be clicked."
        return f"As of the last thing on record: {as_of}. {how}{rest}"

    def text(self) -> str:
        parts = [shown(self.title), "=" * len(self.title), "", self.lead, ""]
        for title, heads, rows in self.sections():
            parts += [title, "-" * len(title)]
            parts += [" | ".join(shown(cell) for cell in row) for row in (heads, *rows)] if rows else ["none"]
            parts.append("")
        return "\n".join(parts)

    def html(self) -> str:
        body = [f"<h1>{escape(shown(self.title))}</h1>", f"<p>{escape(self.lead)}</p>"]
        for title, heads, rows in self.sections():
            body.append(f"<h2>{escape(title)}</h2>")
            body.append(_html_table(title, heads, rows) if rows else "<p>none</p>")
        head = f'<meta charset="utf-8"><title>{escape(shown(self.title))}</title><style>{_STYLE}</style>'
        return (
            f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>\n' + "\n".join(body) + "\n</body></html>\n"
        )


_MAILS = ("Received (UTC)", "From", "Kind", "Category", "Sender", "Evidence", "Notices")
_STYLE = (
    "body{font:15px sans-serif}table{border-collapse:collapse}td,th{border:1px solid;padding:3px 6px;text-align:left}"
)


def _mail(row: AnyRow, found: Found) -> tuple[str, ...]:
    said = (row.kind, row.category, row.standing or "", row.evidence or "")
    return moment(row.received_at), defang(row.from_domain), *said, " ".join(found.numbers.get(row.id, ()))


def _html_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    lines = ["<tr>" + "".join(f"<td>{escape(shown(cell))}</td>" for cell in row) + "</tr>" for row in rows]
    return f"<table><caption>{escape(title)}</caption><tr>{top}</tr>\n" + "\n".join(lines) + "\n</table>"
