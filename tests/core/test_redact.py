"""What a person sees of a mail holds no live URL and nothing that a terminal would act on."""

from hypothesis import given
from hypothesis import strategies as st

from daemon.redact import defang, shown

TEXTS = st.text(st.characters() | st.sampled_from([*list("htps:/."), "\x1b"]), max_size=80)


def test_scheme_and_host_are_defanged_and_the_rest_is_left() -> None:
    assert defang("https://a.b.example/x.html?y=1.2") == "hxxps://a[.]b[.]example/x.html?y=1.2"
    assert shown("see https://a.example/1.") == "see hxxps://a[.]example/1."


def test_an_address_within_another_is_defanged_as_well() -> None:
    said = shown("https://a.example/?to=HTTPS://b.example/x and https://")
    assert said == "hxxps://a[.]example/?to=HxxPS://b[.]example/x and hxxps://"


def test_a_terminal_is_told_nothing() -> None:
    assert shown("gone\x1b[2J\r\nnow\x07") == "gone [2J  now "


@given(TEXTS, TEXTS)
def test_no_text_shows_a_live_url_or_a_control(before: str, after: str) -> None:
    found = shown(f"{before}https://host.example/a{after}")
    assert "https://" not in found.lower()
    assert found.isprintable()
