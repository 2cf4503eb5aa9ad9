"""A table of notices is read row by row, and every slip is told with its row and column."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.notices.table import Slip, read_rows

GOOD = {
    "notice_id": "N-1",
    "esp": "Examplehost",
    "esp_domain": "host.example",
    "contact_email": "abuse@host.example",
    "sent_at": "2026-10-12T08:30:00+02:00",
    "priority": "1",
    "survivor_linked": "yes",
    "urls": "https://a.example/1 hxxps://a.example/2",
}


def slips(**changes: str) -> list[Slip]:
    return read_rows([GOOD | changes]).slips


def test_a_full_row_becomes_a_notice():
    found = read_rows([GOOD])
    assert not found.slips
    (notice,) = found.notices
    assert (notice.number, notice.priority, notice.survivor_linked, len(notice.urls)) == ("N-1", 1, True, 2)
    assert notice.sent_at is not None
    assert notice.sent_at.isoformat() == "2026-10-12T06:30:00+00:00"


def test_rows_with_one_number_are_one_notice_with_more_urls():
    found = read_rows([GOOD, GOOD | {"urls": "https://a.example/3 https://a.example/2x"}])
    assert not found.slips
    assert [len(notice.urls) for notice in found.notices] == [4]


def test_one_number_for_two_esps_is_a_slip_that_names_the_first_row():
    (slip,) = read_rows([GOOD, GOOD | {"esp": "Other"}]).slips
    assert slip.row == 3
    assert "row 2" in slip.text


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("notice_id", ""),
        ("esp", ""),
        ("contact_email", "nobody"),
        ("contact_email", "a@b.example, c@d.example"),
        ("urls", ""),
        ("urls", "a.example/1"),
        ("urls", "https://"),
        ("priority", "urgent"),
        ("survivor_linked", "maybe"),
        ("sent_at", "12.10.2026"),
        ("sent_at", "2026-10-12 08:30"),
        ("url_count", "3"),
    ],
)
def test_a_wrong_cell_is_one_slip_at_its_row_and_column(column: str, value: str):
    (slip,) = slips(**{column: value})
    assert (slip.row, slip.column) == (2, column)


def test_a_time_without_zone_is_taken_in_the_zone_of_the_file():
    found = read_rows([GOOD | {"sent_at": "2026-10-12 08:30"}], ZoneInfo("Europe/Oslo"))
    assert found.notices[0].sent_at is not None
    assert found.notices[0].sent_at.hour == 6


def test_a_missing_column_is_told_once_with_what_may_be_meant():
    row = {("contactemail" if key == "contact_email" else key): value for key, value in GOOD.items()}
    (slip,) = read_rows([row, row]).slips
    assert slip.row == 1
    assert "contactemail" in slip.text


def test_a_number_that_does_not_fit_the_format_is_a_slip():
    (slip,) = read_rows([GOOD], number_format=r"HLN-\d{4}").slips
    assert slip.column == "notice_id"


@given(st.dictionaries(st.sampled_from(list(GOOD)), st.text(max_size=30)))
def test_no_cell_content_raises_or_is_quoted_back(changes: dict[str, str]):
    found = read_rows([GOOD | changes])
    assert len(found.notices) + len({slip.row for slip in found.slips}) <= 1
    for slip in found.slips:
        address = changes.get("contact_email", "")
        assert len(address) < 6 or address not in slip.text
