"""Who speaks: only a proven, registered domain is authenticated; imitation is seen; the rest is a claim."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.message.message import Address, Authentication
from daemon.message.parse import parse
from daemon.notices import domains
from daemon.notices.esp import Esp
from daemon.notices.proof import Standing
from daemon.notices.register import Register
from daemon.notices.sender import esp_of, judge

HOST = Esp("pixnook", "Pixnook", frozenset({"pixnook.example"}), frozenset({"abuse@pixnook.example"}))
OTHER = Esp("quarry", "Quarryline", frozenset({"quarryline.example", "quarry-mail.example"}), frozenset())
FREE = Esp("bo", "Bo's box", frozenset({"gmail.com"}), frozenset({"bo.hosting@gmail.com"}))
REGISTER = (HOST, OTHER, FREE)
PASS = Authentication(dmarc="pass", spf="pass", dkim="pass", header_from="", trusted=True)


def standing(sender: str, auth: Authentication = PASS, targets: tuple[Esp, ...] = (HOST,), more: str = "") -> Standing:
    message = parse(f"From: {sender}\nSubject: x\n{more}\n\nDone.\n".encode())
    return judge(message, auth, targets, REGISTER).standing


def test_a_registered_domain_with_our_own_pass_is_authenticated() -> None:
    assert standing("Desk <abuse@pixnook.example>") is Standing.AUTHENTICATED
    assert standing("Desk <desk@support.pixnook.example>") is Standing.AUTHENTICATED


@pytest.mark.parametrize("dmarc", ["none", "temperror", "permerror", "", "bestguesspass", "softfail"])
def test_anything_less_than_a_pass_is_a_claim(dmarc: str) -> None:
    assert standing("abuse@pixnook.example", replace(PASS, dmarc=dmarc)) is Standing.CLAIMED


def test_without_a_block_of_our_own_everything_is_a_claim() -> None:
    assert standing("abuse@pixnook.example", replace(PASS, trusted=False)) is Standing.CLAIMED
    assert standing("abuse@pixnook.example", replace(PASS, trusted=False, dmarc="fail")) is Standing.CLAIMED


def test_a_pass_for_another_domain_proves_nothing() -> None:
    assert standing("abuse@pixnook.example", replace(PASS, header_from="bulk.test")) is Standing.CLAIMED
    assert standing("abuse@pixnook.example", more="From: b@bulk.test\n") is Standing.CLAIMED


def test_an_esp_speaks_only_for_its_own_notices() -> None:
    assert standing("noc@quarryline.example") is Standing.CLAIMED
    assert standing("noc@quarryline.example", targets=(OTHER,)) is Standing.AUTHENTICATED
    assert standing("abuse@pixnook.example", targets=()) is Standing.CLAIMED


def test_a_forged_registered_domain_is_spoofed_unless_a_list_broke_it() -> None:
    failed = replace(PASS, dmarc="fail")
    assert standing("abuse@pixnook.example", failed) is Standing.SPOOFED
    assert standing("noc@quarryline.example", failed) is Standing.SPOOFED
    assert standing("abuse@pixnook.example", replace(failed, arc="pass")) is Standing.CLAIMED
    assert standing("me@elsewhere.test", failed) is Standing.CLAIMED


@pytest.mark.parametrize(
    "domain",
    [
        "pixnok.example", "pixnoook.example", "plxnook.example", "p1xnook.example", "pixn00k.test", "pixnook.test",
        "pixnook-abuse.example", "abuse-pixnook.test", "pixnook.example.bulk.test", "рixnook.example",
        "pxinook.example",
    ],
)  # fmt: skip
def test_a_look_alike_of_the_notices_esp_is_spoofed_even_with_a_pass_of_its_own(domain: str) -> None:
    assert standing(f"abuse@{domain}") is Standing.SPOOFED


@pytest.mark.parametrize("domain", ["halden-group.example", "freemail.test", "support.zendesk.com", "nookbook.example"])
def test_an_unrelated_domain_is_only_a_claim(domain: str) -> None:
    assert standing(f"abuse@{domain}") is Standing.CLAIMED


def test_a_registered_address_in_the_display_name_is_a_trick() -> None:
    assert standing('"Pixnook <abuse@pixnook.example>" <x@outlet.test>', targets=()) is Standing.SPOOFED
    assert standing('"abuse@pixnook.example" <abuse@pixnook.example>') is Standing.AUTHENTICATED
    assert standing("Pixnook Abuse <pixnook.abuse@fastpost.test>", targets=()) is Standing.CLAIMED


def test_of_a_shared_domain_only_the_contact_itself_may_speak() -> None:
    assert esp_of(Address("", "bo.hosting@gmail.com"), Register((FREE,))) == FREE
    assert esp_of(Address("", "someone.else@gmail.com"), Register((FREE,))) is None
    assert standing("someone.else@gmail.com", targets=(FREE,)) is Standing.CLAIMED
    assert esp_of(Address("", "x@mail.quarryline.example"), Register(REGISTER)) == OTHER
    assert esp_of(None, Register(REGISTER)) is None


def test_names_are_read_as_people_read_them() -> None:
    assert domains.name("mail.pixnook.co.uk") == "pixnook"
    assert domains.name("a.b.pixnook.example") == "pixnook"
    assert domains.within("PIXNOOK.example.", "pixnook.example")
    assert not domains.within("notpixnook.example", "pixnook.example")
    assert domains.clean("xn--bcher-kva.example") == "bücher.example"
    assert not domains.looks_like("abd.example", "abc.example")  # three letters have too many neighbours


@given(st.text("abcd", max_size=8), st.text("abcd", max_size=8))
def test_the_edit_distance_is_symmetric_and_stops_at_its_limit(one: str, other: str) -> None:
    assert domains.distance(one, other, 2) == domains.distance(other, one, 2)
    assert (domains.distance(one, other, 8) == 0) == (one == other)
    assert domains.distance(one, other, 2) <= 3
