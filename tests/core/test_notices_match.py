"""Which notice a mail answers: the ladder of proofs, and no notice rather than a wrong one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from daemon.message import own_text
from daemon.message.message import Kind
from daemon.message.parse import parse
from daemon.message.urls import canonical
from daemon.notices.esp import Esp
from daemon.notices.keys import bare, keys, number_pattern, numbers
from daemon.notices.match import Known, Match, match
from daemon.notices.notice import Item, Notice
from daemon.notices.proof import Proof
from daemon.notices.token import make, tag

PATTERN = number_pattern(r"HLN-20\d\d-\d{6}")
KEY = b"key"


WORDS = ("one", "two", "three", "four", "five", "six", "seven")
PLEAS = "\n".join(f"Plea {word}: what every letter of ours says." for word in WORDS)


def notice(number: str, esp: str = "host", day: int = 12, urls: tuple[str, ...] = ()) -> Notice:
    urls = urls or (f"https://files.{esp}.example/{number[-1]}/a", f"https://files.{esp}.example/{number[-1]}/b")
    items = tuple(Item(position, url, canonical(url)) for position, url in enumerate(urls, 1))
    listed = "\n".join(f"  {item.position}. {item.url}" for item in items)
    body = f"Dear desk,\nnotice number {number}\nplease take these down:\n{listed}\nand answer line by line.\n" + PLEAS
    sent = datetime(2026, 10, day, 8, tzinfo=UTC)
    return Notice(number, esp, items, f"<{number}.abc@hotline.example>", sent, f"abuse@{esp}.example", body=body)


A, B = notice("HLN-2026-104231"), notice("HLN-2026-104232", day=15)
C = notice("HLN-2026-104239", "other")


def known(*notices: Notice, **more: object) -> Known:
    every = notices or (A, B, C)
    return replace(
        Known(
            notices={one.number: one for one in every},
            by_message_id={bare(one.message_id or ""): (one.number,) for one in every},
            by_url={item.canonical: (one.number,) for one in every for item in one.items},
            esps=tuple(Esp(key, key.title(), frozenset({f"{key}.example"})) for key in ("host", "other")),
        ),
        **more,  # type: ignore[arg-type]
    )


def found(
    text: str, head: str = "", subject: str = "Re: your mail", sender: str = "desk@host.example",
    kind: Kind = Kind.REPLY, what: Known | None = None, ticket: str | None = None,
) -> Match:  # fmt: skip
    what = what or known()
    raw = f"From: {sender}\nDate: Fri, 16 Oct 2026 10:00:00 +0000\nSubject: {subject}\n{head}\n{text}\n"
    message = parse(raw.encode())
    urls = [item.canonical for one in what.notices.values() for item in one.items if item.url in text]
    collected = keys(message, PATTERN, key=KEY, ticket=ticket, urls=urls)
    return match(message, own_text.label(message.lines), kind, collected, what, PATTERN)


def one(got: Match) -> tuple[str, tuple[Proof, ...]]:
    (only,) = got.matched
    return only.number, only.proofs


@pytest.mark.parametrize(
    ("head", "proof"),
    [
        (f"In-Reply-To: {A.message_id}\n", Proof.IN_REPLY_TO),
        (f"In-Reply-To: {(A.message_id or '').strip('<>')}\n", Proof.IN_REPLY_TO),
        (f"In-Reply-To: {(A.message_id or '')[:-1]}\n", Proof.IN_REPLY_TO),
        (f"References: <x@y.example>\n {A.message_id}\n", Proof.REFERENCES),
        (f"In-Reply-To: {make('notice', A.number, KEY, 'h.example')}\n", Proof.TOKEN),
        (f"To: esp+{tag('notice', A.number, KEY)}@hotline.example\n", Proof.TOKEN),
    ],
)
def test_our_message_id_or_token_ties_a_mail_however_broken_its_brackets(head: str, proof: Proof) -> None:
    what = known(by_token={f"notice:{A.number.lower()}": (A.number,)})
    number, proofs = one(found("Done.", head, what=what))
    assert number == A.number
    assert proof in proofs


def test_a_token_made_without_our_key_ties_nothing() -> None:
    what = known(by_token={f"notice:{A.number.lower()}": (A.number,)})
    assert found("Done.", f"In-Reply-To: {make('notice', A.number, b'theirs', 'h.example')}\n", what=what) == Match()


def test_a_number_counts_in_subject_own_text_and_quote_each_by_its_weight() -> None:
    assert one(found("Done.", subject=f"Re: [{A.number}] x")) == (A.number, (Proof.NUMBER_SUBJECT,))
    assert one(found(f"{A.number} is done.")) == (A.number, (Proof.NUMBER_BODY,))
    assert one(found(f"Done.\n\n> notice number {A.number}\n> please")) == (A.number, (Proof.QUOTED_NOTICE,))


def test_a_number_is_found_in_odd_spellings_and_not_inside_another() -> None:
    assert numbers("hln–2026‑104231", PATTERN) == (A.number,)
    assert numbers("HLN-2026-\n> 104231", PATTERN) == (A.number,)
    assert numbers("ＨＬＮ-２０２６-１０４２３１ HLN-٢٠٢٦-104231", PATTERN) == (A.number,)
    assert numbers("HLN-2026-104231-R1", PATTERN) == ("HLN-2026-104231-R1",)
    assert numbers("XHLN-2026-104231 HLN-2026-1042311", PATTERN) == ()


def test_a_notice_quoted_as_a_whole_is_known_without_its_number() -> None:
    quote = "\n".join(f"> {line}" for line in A.body.splitlines() if A.number not in line)
    assert one(found(f"Done.\n\n{quote}")) == (A.number, (Proof.QUOTED_NOTICE,))


def test_the_same_letter_about_other_urls_is_not_this_notice() -> None:
    quote = "\n".join(f"> {line}" for line in A.body.replace("/1/", "/7/").splitlines() if A.number not in line)
    assert found(f"Done.\n\n{quote}") == Match()


def test_what_the_mail_itself_names_outweighs_what_hangs_on_from_before() -> None:
    head = f"References: {B.message_id} {A.message_id}\nIn-Reply-To: {A.message_id}\n"
    assert one(found(f"Done.\n\n> notice number {B.number}", head))[0] == A.number
    newest = found("Done.", f"References: {A.message_id} {B.message_id}\n")
    assert one(newest) == (B.number, (Proof.REFERENCES,))


def test_one_mail_may_answer_two_notices() -> None:
    both = found("Done.", subject=f"{A.number} and {B.number}")
    assert {one.number for one in both.matched} == {A.number, B.number}


def test_an_answer_to_a_letter_about_many_counts_for_those_that_it_names() -> None:
    what = known(by_message_id={"grouped@hotline.example": (A.number, B.number)})
    head = "In-Reply-To: <grouped@hotline.example>\n"
    assert one(found(f"{B.number} is done.", head, what=what))[0] == B.number
    assert len(found("All done.", head, what=what).matched) == 2


def test_an_unknown_number_or_that_of_another_esps_notice_matches_nothing() -> None:
    unknown = found("Done.", subject="Re: HLN-2026-999999")
    assert unknown == Match(foreign=("HLN-2026-999999",))
    assert found("Done.", subject=f"Re: {C.number}") == Match(foreign=(C.number,))
    assert one(found("Done.", subject=f"Re: {C.number}", sender="x@elsewhere.test"))[0] == C.number


def test_a_learned_ticket_and_a_url_only_propose() -> None:
    what = known(by_ticket={("host", "AB-77"): (A.number,)})
    by_ticket = found("Done.", ticket="ab-77", what=what)
    assert (one(by_ticket), by_ticket.is_strong) == ((A.number, (Proof.TICKET,)), False)
    assert found("Done.", ticket="ab-77", what=what, sender="x@elsewhere.test") == Match()
    by_url = found(f"{B.items[0].url} is done.")
    assert (one(by_url), by_url.is_strong) == ((B.number, (Proof.URLS,)), False)


def test_the_end_of_a_path_proposes_the_one_notice_that_has_it() -> None:
    short = notice("HLN-2026-104233", urls=("https://cdn.host.example/o/k1.bin", "https://cdn.host.example/o/k2.bin"))
    twin = notice("HLN-2026-104234", urls=("https://cdn.host.example/o/k3.bin",))
    what = known(short, twin, recent={"host": (short.number, twin.number)})
    by_end = found("o/k1.bin and k2.bin are deleted.", what=what)
    assert (one(by_end), by_end.is_strong) == ((short.number, (Proof.URLS,)), False)
    assert found("k1.bin and k3.bin are deleted.", what=what) == Match()
    assert found("xk1.bin is deleted.", what=what) == Match()


def test_two_candidates_are_none_and_a_later_notice_cannot_be_meant() -> None:
    assert found(f"{A.items[0].url} and {B.items[0].url}") == Match()
    later = notice("HLN-2026-104238", day=20)
    assert found(f"{later.items[0].url} is done.", what=known(later)) == Match()


def test_a_report_about_our_letter_is_tied_by_what_it_returns() -> None:
    text = f"The following message could not be delivered.\n\nMessage-ID: {A.message_id}\nSubject: x"
    bounce = found(text, sender="mailer-daemon@mx.example", kind=Kind.BOUNCE)
    assert one(bounce)[1][0] is Proof.DSN_MESSAGE_ID
