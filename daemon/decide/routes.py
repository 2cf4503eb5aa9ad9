"""Mail of others - survivors, police, the public, the press: whether it is theirs alone or an ESP's answer as well."""

from __future__ import annotations

from daemon.decide.policy import Policy
from daemon.decide.reading import Reading
from daemon.message.message import Kind
from daemon.notices.proof import Proof, Standing
from daemon.rules.verdict import ROUTED, Meaning

_MACHINE = frozenset(
    {
        *(Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED, Kind.READ_RECEIPT, Kind.FEEDBACK_REPORT, Kind.CHALLENGE),
        Kind.OUT_OF_OFFICE,
    }
)
_RATHER = frozenset({Meaning.UNRELATED, Meaning.ONBOARDING, Meaning.CONTACT_CHANGE})
_THREAD = frozenset({Proof.TOKEN, Proof.IN_REPLY_TO, Proof.REFERENCES, Proof.DSN_MESSAGE_ID})


def route(reading: Reading) -> Meaning | None:
    """Return whose mail it is by its words, the most urgent first; None where it is an ESP's or a machine's."""
    if reading.signals.kind in _MACHINE or reading.sender.standing is Standing.SPOOFED:
        return None
    found = _kinds(reading)
    return next((meaning for meaning in Meaning if meaning in found & ROUTED), None)


def _kinds(reading: Reading) -> frozenset[Meaning]:
    return frozenset(hit.meaning for hit in reading.verdict.kinds)


def is_theirs(reading: Reading, policy: Policy) -> bool:
    """Tell whether the mail belongs to others alone: no registered ESP sent it, and it hangs on no letter of ours.

    A notice number in the text does not make it an answer: police name the number of a notice that they ask about.
    """
    whose = route(reading)
    if whose is None or reading.sender.esp or reading.signals.kind is Kind.TICKET_RECEIPT or _is_ours(reading, policy):
        return False
    if whose is not Meaning.SURVIVOR and _is_rather_an_esps(reading):
        return False
    return not any(_THREAD.intersection(one.proofs) for one in reading.match.matched)


def _is_rather_an_esps(reading: Reading) -> bool:
    """Tell whether it is an advertisement, a provider who introduces itself, or a machine that wants its form used."""
    found = _kinds(reading)
    return bool(found & _RATHER) or (Meaning.WRONG_CHANNEL in found and reading.signals.automatic)


def _is_ours(reading: Reading, policy: Policy) -> bool:
    """Tell whether somebody of our own house writes, who passes on what others wrote."""
    return reading.message.from_ is not None and reading.message.from_.domain in policy.our_domains
