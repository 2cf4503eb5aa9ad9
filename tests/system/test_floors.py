"""The floors are kept by a machine: a break of each contract is caught, and the tree as it stands breaks none."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

BREAKS = {
    "A room may only look down": ("daemon/notices/esp.py", "from daemon.rules import verdict"),
    "The lower half is pure": ("daemon/rules/verdict.py", "import logging"),
    "Only accounts may speak HTTP": ("daemon/render/letter.py", "import httpx"),
    "Only the store and the digest's sections see the tables": (
        "daemon/jobs/outbox.py",
        "from daemon.store import tables",
    ),
    "Plug-ins do not know each other": (
        "daemon/digest/sections/needs_you.py",
        "from daemon.digest.sections import open_by_age",
    ),
}
BANNED = {
    "time.time": "import time\n\nAT = time.time()\n",
    "datetime.datetime.now": "from datetime import UTC, datetime\n\nAT = datetime.now(UTC)\n",
    "datetime.date.today": "from datetime import date\n\nON = date.today()\n",
    "urllib.request": "import urllib.request\n",
    "http.client": "import http.client\n",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The tree, to be broken."""
    shutil.copytree(ROOT / "daemon", tmp_path / "daemon", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=120, check=False)


def test_the_tree_as_it_stands_breaks_no_contract(copy: Path):
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("contract", BREAKS)
def test_a_break_of_each_contract_is_caught(copy: Path, contract: str):
    file, line = BREAKS[contract]
    text = (copy / file).read_text(encoding="utf-8")
    (copy / file).write_text(text + f"\n{line}\n", encoding="utf-8")
    done = lint(copy)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout


@pytest.mark.parametrize("name", BANNED)
def test_what_is_banned_outside_its_room_is_caught(copy: Path, name: str):
    (copy / "daemon/notices/clockwork.py").write_text(f'"""A break."""\n\n{BANNED[name]}', encoding="utf-8")
    command = [str(BIN / "ruff"), "check", "--no-cache", "--select", "TID251", "daemon/notices/clockwork.py"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert name in done.stdout
