"""What tells an administrator how the daemon is, and tells nobody anything else."""

from __future__ import annotations

import io
import json
import logging
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.errors import ConfigError, TransientError
from daemon.health import logs, server, watchdog
from daemon.health.metrics import Metrics
from daemon.health.watchdog import Rounds
from tests.servers.ports import free_port
from tests.system.process import get

CANARY = "canary-3391 someone@esp.example https://esp.example/x"


@pytest.fixture(params=["tcp", "tcp6", "unix"])
def listen(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return {
        "tcp": f"127.0.0.1:{free_port()}",
        "tcp6": f"[::1]:{free_port()}",
        "unix": f"unix:{tmp_path / 'h'}",
    }[request.param]


@pytest.fixture
def well() -> list[bool]:
    return [True]


@pytest.fixture
def serving(listen: str, well: list[bool]) -> Iterator[str]:
    metrics = Metrics()
    stop = server.serve(
        listen, lambda: (well[0], "ok" if well[0] else "late: outbox"), lambda: (True, "ready"), metrics.text
    )
    yield listen
    stop()


def test_each_question_has_its_answer(serving: str, well: list[bool]):
    assert get(serving, "/livez") == (200, "ok\n")
    assert get(serving, "/readyz") == (200, "ready\n")
    assert get(serving, "/metrics")[1].startswith("# HELP noticed_")
    assert get(serving, "/")[0] == 404
    assert get(serving, "/livez?x=1")[0] == 404
    well[0] = False
    assert get(serving, "/livez") == (503, "late: outbox\n")


def test_an_address_in_use_is_told_and_left_to_its_owner(serving: str):
    with pytest.raises(ConfigError, match="is taken by another program"):
        server.serve(serving, lambda: (True, ""), lambda: (True, ""), lambda: b"")
    assert get(serving, "/livez")[0] == 200


@pytest.mark.parametrize("listen", ["0.0.0.0:9464", "192.0.2.1:80", "here", "127.0.0.1:x", "hotline.example:80"])
def test_only_this_machine_is_ever_answered(listen: str):
    with pytest.raises(ConfigError, match="this machine only"):
        server.serve(listen, lambda: (True, ""), lambda: (True, ""), lambda: b"")


@pytest.mark.parametrize("listen", ["127.0.0.1:99999", "unix:/nonexistent/folder/h", "unix:/" + "x" * 200])
def test_an_address_that_cannot_be_used_is_told(listen: str):
    with pytest.raises(ConfigError, match="cannot be used"):
        server.serve(listen, lambda: (True, ""), lambda: (True, ""), lambda: b"")


def test_a_file_that_is_no_socket_is_not_taken_away(tmp_path: Path):
    file = tmp_path / "h"
    file.write_text("important")
    with pytest.raises(ConfigError, match="taken by another program"):
        server.serve(f"unix:{file}", lambda: (True, ""), lambda: (True, ""), lambda: b"")
    assert file.read_text() == "important"


def test_a_caller_that_says_nothing_keeps_nobody_from_an_answer(serving: str):
    silent = []
    for _ in range(20):
        one = socket.socket(
            socket.AF_UNIX if serving.startswith("unix:") else socket.AF_INET6 if "[" in serving else socket.AF_INET
        )
        host, _, port = serving.rpartition(":")
        one.connect(serving.removeprefix("unix:") if serving.startswith("unix:") else (host.strip("[]"), int(port)))
        silent.append(one)
    assert get(serving, "/livez")[0] == 200
    for one in silent:
        one.close()


# logs


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    out = io.StringIO()
    logs.configure(out)
    yield out
    root.handlers[:], root.level = before[0], before[1]
    logging.captureWarnings(capture=False)


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_an_event_is_one_json_line_with_its_ids(written: io.StringIO):
    logging.getLogger("noticed.x").info("filed", extra={"ids": {"mailbox": "notices", "count": 3}})
    (line,) = lines(written)
    assert (line["event"], line["mailbox"], line["count"], line["level"]) == ("filed", "notices", 3, "info")


def test_what_a_library_says_never_reaches_the_log(written: io.StringIO):
    for level in (logging.DEBUG, logging.WARNING, logging.CRITICAL):
        logging.getLogger("imapclient.x").log(level, "got %s", CANARY)
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("sqlalchemy").exception(CANARY)
        logging.getLogger("noticed").exception("bug", extra={"ids": {"text": ["a", CANARY], "loop": "outbox"}})
    said = written.getvalue()
    assert "canary" not in said
    assert [line.get("error") for line in lines(written)] == [None, None, "ValueError", "ValueError"]
    assert lines(written)[-1]["loop"] == "outbox"


def test_an_exception_tells_its_kind_and_place_not_its_text(written: io.StringIO):
    try:
        raise TransientError(CANARY)
    except TransientError as error:
        logging.getLogger("noticed.loops").warning("round_failed", exc_info=error)
    (line,) = lines(written)
    assert line["error"] == "TransientError"
    assert any("test_health.py" in place for place in line["where"])  # type: ignore[attr-defined]
    assert "canary" not in written.getvalue()


# the watchdog


def test_a_loop_that_hangs_is_late_and_the_others_are_not():
    rounds = Rounds()
    rounds.expect("mail", 10, now=0)
    rounds.expect("outbox", 100, now=0)
    assert rounds.late(10) == ()
    assert rounds.late(11) == ("mail",)
    rounds.finished("mail", 11)
    assert rounds.late(21) == ()
    assert rounds.late(200) == ("mail", "outbox")


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield heard


def test_systemd_hears_what_is_said(systemd: socket.socket):
    assert watchdog.notify("READY=1\nSTATUS=reading")
    assert systemd.recv(100) == b"READY=1\nSTATUS=reading"


def test_an_abstract_socket_is_heard_as_well(monkeypatch: pytest.MonkeyPatch):
    name = f"noticed-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind("\0" + name)
        heard.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name)
        assert watchdog.notify("WATCHDOG=1")
        assert heard.recv(100) == b"WATCHDOG=1"


def test_without_systemd_nothing_is_said_and_nothing_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not watchdog.notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    assert not watchdog.notify("READY=1")


@pytest.mark.parametrize(
    ("usec", "pid", "seconds"),
    [("20000000", "", 10.0), ("20000000", "own", 10.0), ("20000000", "1", None), ("", "", None), ("soon", "", None)],
)
def test_the_watchdog_is_fed_twice_as_often_as_asked(
    usec: str, pid: str, seconds: float | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WATCHDOG_USEC", usec)
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()) if pid == "own" else pid)
    assert watchdog.interval() == seconds


def test_rounds_are_told_from_many_threads():
    rounds = Rounds()
    for name in range(50):
        rounds.expect(str(name), 1, now=0)
    threads = [threading.Thread(target=rounds.finished, args=(str(name), 5.0)) for name in range(50)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert rounds.late(5.5) == ()


# metrics


def test_the_metrics_that_operations_rely_on_are_there():
    text = Metrics().text().decode()
    for name in (
        "noticed_mailbox_last_success_timestamp_seconds",
        "noticed_mailbox_oldest_unprocessed_seconds",
        "noticed_messages_total",
        "noticed_decisions_total",
        "noticed_review_queue",
        "noticed_review_oldest_seconds",
        "noticed_sent_total",
        "noticed_outbox_queue",
        "noticed_open_takedowns",
        "noticed_rule_hits_total",
        "noticed_rules_file_is_active",
        "noticed_job_last_success_timestamp_seconds",
    ):
        assert f"# TYPE {name} " in text.replace(
            "# TYPE " + name.removesuffix("_total") + " counter", f"# TYPE {name} "
        )
