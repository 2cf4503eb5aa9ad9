"""Tables of notices: read in any dialect, taken whole or not at all, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from daemon.errors import PermanentError
from daemon.followups.addressee import addressee
from daemon.followups.ladder import Target
from daemon.jobs import esp_changes, importing
from daemon.jobs.importing import Import, Outcome
from daemon.store import Store, changes, clocks, esps, overview
from daemon.store.journal import Entry
from tests.counts import count
from tests.jobs.letterhouse import DESK
from tests.memory import START
from tests.system.home import NOTICES
from tests.system.test_bad_input import COLUMNS, GOOD, workbook

WISH = Import("anna", START, mailbox="main", number_format=r"HLN-20\d\d-\d{6}")
HEAD, FIRST, SECOND = NOTICES.splitlines(keepends=True)


def imported(store: Store, tmp_path: Path, content: str | bytes, wish: Import = WISH) -> Outcome:
    path = tmp_path / "table"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return importing.import_file(store, path, wish)


def figures(store: Store) -> tuple[int, int]:
    with store.read() as conn:
        found = overview.figures(conn, START)
    return found["notices"], found["open"] + found["closed"]


def everything(store: Store) -> list[object]:
    """Every row that an import could leave behind."""
    with store.read() as conn:
        return [
            conn.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in (
                "notices",
                "notice_items",
                "takedowns",
                "esps",
                "contacts",
                "esp_domains",
                "journal",
                "imports",
            )
        ]


def test_a_table_comes_in_whole(store: Store, tmp_path: Path) -> None:
    done = imported(store, tmp_path, NOTICES).done
    assert (done.added, done.opened, done.already_there) == (2, 3, 0)
    assert figures(store) == (2, 3)


def test_the_same_table_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    imported(store, tmp_path, NOTICES)
    before = everything(store)
    done = imported(store, tmp_path, NOTICES).done
    assert (done.added, done.opened, done.already_there) == (0, 0, 2)
    assert everything(store)[:-1] == before[:-1]  # but for the line about the import itself


def test_one_wrong_row_keeps_the_whole_table_out(store: Store, tmp_path: Path) -> None:
    before = everything(store)
    outcome = imported(store, tmp_path, NOTICES.replace("HLN-2026-000002", "X-1"))
    assert outcome.refused
    assert [slip.row for slip in outcome.slips] == [3]
    assert everything(store) == before


def test_a_number_with_other_content_keeps_the_whole_table_out(store: Store, tmp_path: Path) -> None:
    imported(store, tmp_path, HEAD + SECOND)
    before = everything(store)
    outcome = imported(store, tmp_path, NOTICES.replace("https://b.example/1", "https://b.example/2"))
    assert outcome.refused
    assert everything(store) == before


def test_wrong_rows_are_left_out_when_that_is_wanted(store: Store, tmp_path: Path) -> None:
    wish = replace(WISH, skip_bad=True)
    outcome = imported(store, tmp_path, NOTICES.replace("HLN-2026-000002", "X-1"), wish)
    assert (outcome.refused, outcome.done.added, len(outcome.slips)) == (False, 1, 1)


def test_without_its_columns_a_table_is_refused_even_when_wrong_rows_may_be_left_out(
    store: Store, tmp_path: Path
) -> None:
    with pytest.raises(PermanentError, match="row 1: does not name the columns"):
        imported(store, tmp_path, FIRST + SECOND, replace(WISH, skip_bad=True))


def test_nothing_was_sent_in_the_future(store: Store, tmp_path: Path) -> None:
    late = NOTICES.replace("2026-10-12T09", "2062-10-12T09")
    assert not imported(store, tmp_path, late, replace(WISH, latest=None)).refused
    outcome = imported(store, tmp_path, late, replace(WISH, latest=START + timedelta(days=1)))
    assert outcome.refused
    assert [(slip.row, slip.column) for slip in outcome.slips] == [(3, "sent_at")]


def test_a_long_row_is_told_like_any_other_slip(store: Store, tmp_path: Path) -> None:
    outcome = imported(store, tmp_path, HEAD + FIRST.strip() + ",more\n" + SECOND, replace(WISH, skip_bad=True))
    assert [str(slip)[:30] for slip in outcome.slips] == ["row 2: has 6 cells, but 5 colu"]
    assert outcome.done.added == 1


def test_the_columns_own_name_wins_over_another_spelling(store: Store, tmp_path: Path) -> None:
    both = NOTICES.replace("notice_id,", "reference,notice_id,", 1).replace("\nHLN", "\ntheir-1,HLN")
    assert imported(store, tmp_path, both).done.added == 2


def test_a_notice_with_nine_thousand_urls_is_one_notice(tmp_path: Path) -> None:
    urls = " ".join(f"https://a.example/{number}" for number in range(9000))
    path = tmp_path / "table.csv"
    path.write_text(HEAD + FIRST.replace("https://a.example/1 https://a.example/2", urls))
    (new,), slips = importing.read(path, WISH)
    assert (len(new.urls), slips) == (9000, [])


def test_times_and_numbers_of_a_workbook_are_read_as_they_are_shown(store: Store, tmp_path: Path) -> None:
    rows = [(*COLUMNS, "priority", "survivor_linked"), (*GOOD[:3], START.replace(tzinfo=None), GOOD[4], 1, True)]
    imported(store, tmp_path, workbook(*rows), replace(WISH, zone=ZoneInfo("Europe/Oslo")))
    with store.read() as conn:
        (row,) = overview.list_notices(conn)
    assert row.sent_at == START - timedelta(hours=2)
    assert (row.priority, row.survivor_linked) == (1, True)


def test_a_table_of_many_thousand_rows_comes_in_once(store: Store, tmp_path: Path) -> None:
    many = count(test=1000, prove=100_000)
    rows = "".join(
        f"HLN-2026-{n:06},Alpha,abuse@alpha.example,2026-10-12T08:00:00Z,https://a.example/{n}\n" for n in range(many)
    )
    steps: list[int] = []
    path = tmp_path / "table.csv"
    path.write_text(HEAD + rows)
    done = importing.import_file(store, path, WISH, steps.append).done
    assert (done.added, sum(steps)) == (many, many)


_CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20)


@settings(
    max_examples=count(test=40, prove=2000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.one_of(st.binary(max_size=400), st.lists(st.lists(_CELLS, max_size=7), max_size=5)))
@example(content=b"\xff\xfe\x00")
@example(content=b"PK\x03\x04")
@example(content=b"notice_id,esp,contact_email,urls\n\x00,\x00,\x00,\x00")
def test_any_bytes_are_read_or_refused_with_a_sentence(content: bytes | list[list[str]], tmp_path: Path) -> None:
    if isinstance(content, list):
        content = (HEAD + "\n".join(",".join(cells) for cells in content)).encode()
    path = tmp_path / "any"
    path.write_bytes(content)
    try:
        new, slips = importing.read(path, WISH)
    except PermanentError as error:
        said = str(error)
    else:
        said = "any: " if new or slips else ""
    assert said.startswith("any: ")


OTHER = (
    "notice_id,esp,esp_domain,contact_email,sent_at,urls\n"
    "HLN-2026-000007,Example Host,other.example,desk@other.example,2026-10-12T06:00:00+00:00,https://a.example/7\n"
)


def speaks(store: Store) -> tuple[frozenset[str], frozenset[str]]:
    """The domains and addresses that speak for the first ESP."""
    with store.read() as conn:
        found = next(one for one in esps.register(conn).esps if one.name == "Example Host")
    return found.domains, found.contacts


def test_what_a_table_adds_to_a_known_esp_waits_for_a_second_person(store: Store, tmp_path: Path) -> None:
    imported(store, tmp_path, FIRST_OF_HOST)
    before = speaks(store)
    outcome = imported(store, tmp_path, OTHER)
    assert outcome.done.added == 1
    assert len(outcome.proposed) == 2
    assert speaks(store) == before
    with store.read() as conn:
        waiting = [(row.kind, row.new, row.proposed_by) for row in changes.listed(conn)]
    assert waiting == [("contact", "desk@other.example", "anna"), ("domain", "other.example", "anna")]


def test_the_same_table_again_proposes_nothing_new_nor_what_somebody_stopped(store: Store, tmp_path: Path) -> None:
    imported(store, tmp_path, FIRST_OF_HOST)
    first = imported(store, tmp_path, OTHER)
    with store.write() as conn:
        esp_changes.stop(conn, first.proposed[0], START, "bert")
    assert imported(store, tmp_path, OTHER).proposed == []


def test_the_address_of_a_notice_keeps_its_health_though_it_speaks_for_nobody(store: Store, tmp_path: Path) -> None:
    imported(store, tmp_path, FIRST_OF_HOST)
    imported(store, tmp_path, OTHER)
    with store.write() as conn:
        esps.set_health(conn, "desk@other.example", "hard", 0, Entry(START, "daemon", "contact"))
        (one,) = clocks.standings(conn, [2])
    assert addressee(one, Target.CONTACT) == "abuse@host.example"


def test_the_login_that_imported_confirms_nothing_of_it_under_another_name(store: Store, tmp_path: Path) -> None:
    imported(store, tmp_path, FIRST_OF_HOST)
    (number, _) = imported(store, tmp_path, OTHER).proposed
    with store.write() as conn, pytest.raises(PermanentError, match="proposed by you"):
        esp_changes.confirm(conn, number, DESK, START, "Anna Berg", login="anna")


def test_rows_of_one_table_about_a_new_esp_all_count(store: Store, tmp_path: Path) -> None:
    outcome = imported(store, tmp_path, FIRST_OF_HOST + OTHER.splitlines(keepends=True)[1])
    assert outcome.proposed == []
    assert "desk@other.example" in speaks(store)[1]


FIRST_OF_HOST = OTHER.replace("000007", "000006").replace("other.example", "host.example").replace("desk@", "abuse@")
