"""The register as a table: out and back in changes nothing, slips name row and column, no cell is a formula."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from daemon.jobs import esp_table
from daemon.jobs.esp_table import Outcome
from daemon.notices.esp_table import COLUMNS, bare, guarded
from daemon.store import register
from tests.jobs.registerhouse import Register

HEAD = ",".join(COLUMNS)


@pytest.fixture
def home(tmp_path: Path) -> Register:
    found = Register(tmp_path)
    found.esp("host", ("noc@host.example", "second"))
    found.esp("other")
    with found.store.write() as conn:
        register.set_value(conn, 1, "note", "=HYPERLINK(1)", found.now, "anna")
        register.set_value(conn, 1, "form", True, found.now, "anna")
        register.set_value(conn, 2, "zone", "Europe/Oslo", found.now, "anna")
    return found


def bring(home: Register, path: Path, *, write: bool = True) -> Outcome:
    new, slips = esp_table.read(path)
    with home.store.write() as conn:
        return esp_table.bring_in(conn, new, slips, home.now, "anna", write=write)


def written(tmp_path: Path, *lines: str, head: str = HEAD) -> Path:
    path = tmp_path / "esps.csv"
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_out_and_back_in_changes_nothing(home: Register, tmp_path: Path, ending: str) -> None:
    with home.store.read() as conn:
        table = esp_table.export(conn)
    path = tmp_path / f"esps.{ending}"
    path.write_bytes(esp_table.as_xlsx(table) if ending == "xlsx" else esp_table.as_csv(table).encode())
    done = bring(home, path)
    assert (done.added, done.set, done.proposed, done.slips, done.unchanged) == ([], [], [], [], 2)


def test_no_cell_is_a_formula(home: Register, tmp_path: Path) -> None:
    with home.store.read() as conn:
        table = esp_table.export(conn)
    for row in csv.reader(io.StringIO(esp_table.as_csv(table))):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    path = tmp_path / "esps.xlsx"
    path.write_bytes(esp_table.as_xlsx(table))
    assert "=HYPERLINK(1)" in str(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())


@given(st.text(st.sampled_from("=+-@\t\r'a1"), max_size=6))
def test_a_guarded_cell_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    if not text.startswith("'"):
        assert bare(guarded(text)) == text


def test_new_ones_come_in_whole_and_a_second_time_changes_nothing(home: Register, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "New Host,cdn,de,abuse@new.example=primary noc@new.example=second,new-mail.example",
        head="name,kind,language,contacts,domains",
    )
    assert bring(home, path, write=False).added == ["newhost"]
    with home.store.read() as conn:
        assert len(register.listed(conn)) == 2
    assert bring(home, path).added == ["newhost"]
    assert home.knows("newhost") == ({"abuse@new.example", "noc@new.example"}, {"new.example", "new-mail.example"})
    again = bring(home, path)
    assert (again.added, again.set, again.proposed, again.unchanged) == ([], [], [], 1)


def test_of_a_known_one_contacts_and_domains_are_only_proposed(home: Register, tmp_path: Path) -> None:
    before = home.knows()
    path = written(tmp_path, "host,fr,new@host.example,evil.example", head="key,language,contacts,domains")
    done = bring(home, path)
    assert (done.set, done.proposed) == ([("host", "language")], [("host", "contact"), ("host", "domain")])
    home.wait(days=30)
    assert home.knows() == before
    assert home.state()[1] == ["contact_change_pending"]
    assert bring(home, path).proposed == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("host,language,german", "row 2, column language: must be a language code"),
        ("host,zone,Oslo", "row 2, column zone: must be a time zone"),
        ("host,contacts,nobody", "row 2, column contacts: this is not one e-mail address"),
        ("host,contacts,a@b.example=boss", 'row 2, column contacts: "boss" is no role'),
        ("host,domains,gmail.com", "row 2, column domains: this domain cannot speak for an ESP: it is a free-mail"),
        ("host,lnguage,de", "row 1, column lnguage: is no column; is language meant?"),
        (",language,de", "row 2, column key: is empty, and so is name"),
    ],
)
def test_a_slip_names_row_and_column_and_nothing_is_written(
    home: Register, tmp_path: Path, line: str, says: str
) -> None:
    key, column, value = line.split(",")
    path = written(
        tmp_path, f"{key},{value},yes", "new,," if column != "language" else "new,de,", head=f"key,{column},form"
    )
    done = bring(home, path)
    assert any(str(slip).startswith(says) for slip in done.slips), done.slips
    with home.store.read() as conn:
        assert len(register.listed(conn)) == 2


def test_a_key_stands_once(home: Register, tmp_path: Path) -> None:
    done = bring(home, written(tmp_path, "host,de", "Host,fr", head="key,language"))
    assert [str(slip) for slip in done.slips] == ["row 3, column key: stands in row 2 already"]
