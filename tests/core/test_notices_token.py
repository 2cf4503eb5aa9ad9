"""Our keyed token proves which letter is answered, and nobody can make one without the key."""

from hypothesis import given
from hypothesis import strategies as st

from daemon.notices.token import Token, find, make, tag, verify

KEY = b"a secret of the installation"
IDS = st.text(min_size=1, max_size=20).map(str.lower).filter(lambda text: text == text.lower() and "\n" not in text)


@given(IDS)
def test_what_was_made_is_found_again(id_: str) -> None:
    assert verify(make("notice", id_, KEY, "hotline.example"), KEY) == Token("notice", id_)


def test_the_same_letter_has_always_the_same_message_id() -> None:
    assert make("letter", "17", KEY, "h.example") == make("letter", "17", KEY, "h.example")
    assert make("letter", "17", KEY, "h.example") != make("letter", "18", KEY, "h.example")
    assert make("letter", "17", KEY, "h.example") != make("notice", "17", KEY, "h.example")


def test_it_survives_lost_brackets_changed_case_and_surrounding_text() -> None:
    made = make("notice", "HLN-2026-104233", KEY, "h.example")
    for text in (
        made.strip("<>"),
        made.upper(),
        f"see {made}, please",
        made.replace("@h.example>", ""),
        f"x+{tag('notice', 'HLN-2026-104233', KEY)}@h",
    ):
        assert verify(text, KEY) == Token("notice", "hln-2026-104233")


@given(st.binary(min_size=1, max_size=40).filter(lambda key: key != KEY))
def test_without_the_key_no_token_counts(key: bytes) -> None:
    assert verify(make("notice", "1", key, "h.example"), KEY) is None


def test_a_changed_id_or_kind_does_not_count() -> None:
    mac = tag("notice", "1", KEY).rpartition(".")[2]
    assert verify(f"<notice.2.{mac}@h.example>", KEY) is None
    assert verify(f"<letter.1.{mac}@h.example>", KEY) is None
    assert verify(f"<notice.1.{mac[:-1]}@h.example>", KEY) is None
    assert list(find(make("notice", "1", b"", "h.example"), b"")) == []
