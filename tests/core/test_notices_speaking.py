"""Which domains may speak for an ESP, what a contact's address is, and what can be set for one ESP."""

import pytest

from daemon.errors import PermanentError
from daemon.notices import esp_settings, speaking


@pytest.mark.parametrize(
    "text", ["host.example", "HOST.example.", "*.host.example", "@host.example", "a.b.co.uk", "xn--bcher-kva.example"]
)
def test_a_domain_of_its_own_may_speak(text: str) -> None:
    assert speaking.domain(text) == text.strip("*@.").lower()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("gmail.com", "free-mail"),
        ("GMX.de", "free-mail"),
        ("host.zendesk.com", "ticket service"),
        ("zendesk.com", "ticket service"),
        ("co.uk", "public suffix"),
        ("com.br", "public suffix"),
        ("someone.github.io", "hosting service"),
        ("tenant.onmicrosoft.com", "hosting service"),
        ("com", "no domain"),
        ("", "no domain"),
        ("a b.example", "not written like one"),
        ("host_.example/x", "not written like one"),
        ("192.0.2.1", "not written like one"),
    ],
)
def test_what_many_share_may_never_speak_and_the_reason_is_told(text: str, why: str) -> None:
    with pytest.raises(PermanentError, match=why):
        speaking.domain(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abuse",
        "a@b",
        "a b@host.example",
        "a@host.example, b@host.example",
        "<a@host.example>",
        "a@@host.example",
        "a@com",
    ],
)
def test_an_address_is_one_address(text: str) -> None:
    with pytest.raises(PermanentError, match="not one e-mail address"):
        speaking.address(text)
    assert speaking.address(" Abuse@Host.example ") == "abuse@host.example"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("kind", "CDN", "cdn"),
        ("language", "PT_br", "pt-br"),
        ("zone", "Europe/Oslo", "Europe/Oslo"),
        ("channel", "form", "form"),
        ("form", "yes", True),
        ("learning", "off", False),
        ("note", "by telephone only", "by telephone only"),
    ],
)
def test_a_setting_is_read_by_its_type(key: str, text: str, value: object) -> None:
    assert esp_settings.parse(key, text) == value


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("kind", "shop", "kind must be one of: host, platform"),
        ("language", "german", "language must be a language code"),
        ("zone", "Oslo", "zone must be a time zone, like Europe/Oslo"),
        ("form", "maybe", "form must be yes or no"),
        ("note", "two\nlines", "note must be one line"),
        ("langauge", "de", 'did you mean "language"'),
        ("x", "y", "there are: name, kind"),
    ],
)
def test_a_wrong_value_is_told_in_one_sentence(key: str, text: str, says: str) -> None:
    with pytest.raises(PermanentError, match=says):
        esp_settings.parse(key, text)


def test_what_is_not_set_has_its_usual_value() -> None:
    assert esp_settings.value(None, "channel") == "mail"
    assert esp_settings.value({"form": True}, "form") is True
    assert esp_settings.value({}, "learning") is True
