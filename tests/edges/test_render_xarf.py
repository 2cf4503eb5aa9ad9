"""Reports in XARF v4: each fits the published schema, is the same for the same letter, and is classified by the import only."""

from __future__ import annotations

import builtins
import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from xarf.schema_validator import schema_validator

from daemon.errors import ConfigError, PermanentError
from daemon.notices.table import read_rows
from daemon.render.xarf import MOST, Reporter, reports, slips

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
US = Reporter("Hotline", "notices@hotline.example")
ROOT = Path(__file__).parents[2]


def one(classified: str = "content/phishing", url: str = "https://img.host.example/1") -> dict[str, Any]:
    (file,) = reports(classified, "<letter.1.a@hotline.example>", [(1, url)], US, NOW)
    assert (file.name, file.content_type) == ("xarf-1.json", "application/json")
    found = json.loads(file.data)
    assert isinstance(found, dict)
    return found


def test_a_report_fits_the_published_schema() -> None:
    found = one()
    assert schema_validator.validate(found) == []
    assert (found["category"], found["type"], found["url"]) == ("content", "phishing", "https://img.host.example/1")
    assert found["source_identifier"] == "img.host.example"
    assert found["reporter"] == {"org": "Hotline", "contact": "notices@hotline.example", "domain": "hotline.example"}


def test_what_a_type_asks_for_stands_in_the_column() -> None:
    assert schema_validator.validate(one("content/remote_compromise compromise_type=malicious_redirect")) == []
    found = one("content/exposed_data data_types=credentials,financial exposure_method=paste_site")
    assert found["data_types"] == ["credentials", "financial"]


def test_a_report_that_does_not_fit_is_told_without_quoting_it() -> None:
    with pytest.raises(PermanentError, match="item 1 does not fit its schema: compromise_type is missing") as told:
        one("content/remote_compromise")
    assert "img.host" not in str(told.value)
    with pytest.raises(PermanentError, match="does not fit"):
        one("content/nothing_of_the_kind")


def test_the_same_letter_gives_the_same_reports() -> None:
    urls = [(n, f"https://img.host.example/{n}") for n in range(1, MOST + 5)]
    first = reports("content/phishing", "<a@hotline.example>", urls, US, NOW)
    assert first == reports("content/phishing", "<a@hotline.example>", urls, US, NOW)
    ids = {json.loads(file.data)["report_id"] for file in first}
    assert len(ids) == len(first) == MOST


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any) -> Any:
        if name.startswith("xarf"):
            raise ImportError(name)
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(ConfigError, match=r"pip install noticed\[xarf\]"):
        slips({})


@pytest.mark.parametrize(
    ("cell", "fine"),
    [
        ("", True),
        ("content/phishing", True),
        ("content/exposed_data  data_types=credentials", True),
        ("phishing", False),
        ("content/phishing nonsense", False),
        ("content/phishing x=1=2", False),
    ],
)
def test_the_column_of_an_import_is_checked(cell: str, fine: bool) -> None:
    row = {"notice_id": "HL-1", "esp": "Host", "contact_email": "a@host.example", "urls": "https://a.example/1"}
    found = read_rows([{**row, "xarf": cell}])
    assert [slip.column for slip in found.slips] == ([] if fine else ["xarf"])
    if fine:
        assert found.notices[0].xarf == " ".join(cell.split())


def test_every_language_of_the_letters_is_installed_with_noticed() -> None:
    files = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["data-files"]
    there = {f"share/noticed/templates/{folder.name}" for folder in (ROOT / "templates").iterdir() if folder.is_dir()}
    assert {name for name in files if name.startswith("share/noticed/templates/")} == there
