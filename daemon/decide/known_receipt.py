"""Whether a mail that no rule knows is a receipt that its ESP has sent many times, word for word."""

from __future__ import annotations

from daemon.decide.reading import Reading
from daemon.message.message import Kind
from daemon.message.wording import wording
from daemon.notices.match import Known

_KINDS = frozenset({Kind.REPLY, Kind.TICKET_RECEIPT})


def is_known_receipt(reading: Reading, known: Known) -> bool:
    """Tell whether the wording was learned as a receipt of the sender's ESP, and no rule knows anything in it."""
    if reading.verdict.hits or reading.verdict.kinds or reading.signals.kind not in _KINDS:
        return False
    esp = known.esp(reading.sender.esp)
    return esp is not None and bool(esp.receipts) and wording(reading.message, reading.labelled) in esp.receipts
