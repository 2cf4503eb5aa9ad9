"""URLs as texts: one canonical spelling, defanging undone, protectors taken off."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.message.known_urls import find_known
from daemon.message.urls import canonical, free, refang, unwrap
from tests.counts import count


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("HTTPS://A.Example:443/x", "https://a.example/x"), ("https://a.example", "https://a.example/"), ("https://a.example/x#frag", "https://a.example/x"), ("https://a.example/x?b=2&a=1", "https://a.example/x?b=2&a=1"),
        ("hxxps://a[.]example/x", "https://a.example/x"), ("a.example/x", "http://a.example/x"), ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"), ("https://a.example/a/../b", "https://a.example/b"), ("", ""), ("not a url", "not a url"),
    ],
)  # fmt: skip
def test_one_address_has_one_spelling(written: str, expected: str) -> None:
    assert canonical(written) == expected


@pytest.mark.parametrize(
    "written",
    ["hxxps://a[.]example/x", "hxxps[:]//a.example/x", "https://a(dot)example/x", "https://a [dot] example/x", "hXXps://a{.}example/x", "https[:]//a[.]example[/]x", "hxxps://a\\.example/x", "h**ps://a.example/x", "https://a<.>example/x"],
)  # fmt: skip
def test_every_way_of_defanging_is_undone(written: str) -> None:
    assert refang(written) == "https://a.example/x"


@pytest.mark.parametrize(
    "text", ["We removed it (all of it).", "See [1] and {2}.", "xx", "http: the protocol", "a dot com boom"]
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert refang(text).split(".")[0][:6] == text.split(".")[0][:6]


@pytest.mark.parametrize(
    "wrapped",
    [
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fx&data=05%7C01", "https://urldefense.proofpoint.com/v1/url?u=https://a.example/x&k=1",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__a.example_x&d=DwM", "https://urldefense.com/v3/__https://a.example/x__;!!N", "https://urldefense.com/v3/__https:/*a.example/x__;Lw!!N",
        "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fa.example%2fx&c=E", "https://www.google.com/url?q=https://a.example/x&sa=D", "https://eu-central-1.protection.sophos.com/?d=a.example&u=aHR0cHM6Ly9hLmV4YW1wbGUveA==",
    ],
)  # fmt: skip
def test_link_protectors_are_taken_off(wrapped: str) -> None:
    assert unwrap(wrapped) == "https://a.example/x"


def test_free_addresses_end_where_the_sentence_goes_on() -> None:
    text = "See https://a.example/x, (https://b.example/y_(z)) and https://c.example/zを. www.d.example/w!"
    assert [address for _, _, address in free(text)] == [
        "https://a.example/x",
        "https://b.example/y_(z)",
        "https://c.example/z",
        "www.d.example/w",
    ]


@given(st.text(max_size=200))
@settings(max_examples=count(test=200, prove=20_000), deadline=None)
def test_no_text_makes_the_url_functions_raise(text: str) -> None:
    canonical(text)
    unwrap(text)
    free(refang(text))
    find_known(refang(text), ("https://a.example/x", "https://a.example/y/1.bin"))


@given(
    st.sampled_from(["{}", "hxxps://{}", "https://{}", "https://{}.", "({})", "<{}>", "{}:", "“{}”"]),
    st.integers(0, 30),
)
@settings(max_examples=count(test=100, prove=5_000), deadline=None)
def test_no_address_is_taken_for_its_longer_or_shorter_neighbour(form: str, number: int) -> None:
    urls = tuple(f"https://a.example/i/{place}" for place in range(31))
    found = find_known(refang("see " + form.format(f"a.example/i/{number}") + " gone"), urls)
    assert [one.urls for one in found] == [(urls[number],)]
