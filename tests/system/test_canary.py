"""A canary in bodies, subjects, addresses and URLs sings in no log, metric or journal, whatever goes wrong."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.servers.ports import free_port
from tests.system.home import Home
from tests.system.process import Daemon, get, until

CANARY = "kanarienvogel"

MAIL = f"""\
Received: from x by mx.hotline.example; Tue, 13 Oct 2026 09:00:00 +0000
Authentication-Results: mx.hotline.example; dmarc=pass header.from=alpha.example
From: {CANARY} <{CANARY}@alpha.example>
To: esp-notifications@hotline.example
Subject: Re: [HLN-2026-000001] {CANARY}
Message-ID: <%s.{CANARY}@alpha.example>
Date: Tue, 13 Oct 2026 09:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

%s
"""
BODIES = (
    f"The content has been removed. {CANARY}",
    f"Please look at https://{CANARY}.example/{CANARY} and call {CANARY}@alpha.example",
    f"{CANARY} https://a.example/1 may be gone",
)
ODD = (  # what no reader likes
    f"Subject: {CANARY}\nContent-Type: multipart/mixed; boundary={CANARY}\n\n--{CANARY}\nContent-Type: x/{CANARY}\n".encode(),
    b"\xff\xfe" + CANARY.encode() * 100,
    f"From: {CANARY}\nContent-Type: text/html; charset={CANARY}\n\n<table><tr><td>{CANARY}".encode(),
)


def test_no_word_of_a_mail_reaches_a_log_a_metric_or_the_journal(tmp_path: Path) -> None:
    listen = f"127.0.0.1:{free_port()}"
    home = Home(tmp_path)
    home.change(
        "noticed.toml",
        "[notice]",
        f'[health]\nlisten = "{listen}"\n\n[smtp]\nhost = "127.0.0.1"\nport = 1\ntls = "none"\n\n[notice]',
    )
    home.change("notices.csv", "abuse@alpha.example", f"{CANARY}@alpha.example")
    home.change("notices.csv", "https://b.example/1", f"https://{CANARY}.example/1")
    imported = home.run("notices", "import", "notices.csv")
    assert imported.code == 0
    assert home.run("live", "--yes").code == 0
    daemon = Daemon(home).ready()
    for number, body in enumerate(BODIES):
        home.deliver(f"{number}.mail", (MAIL % (number, body)).encode())
    for number, raw in enumerate(ODD):
        home.deliver(f"odd{number}.mail", raw)
    database = sqlite3.connect(home.database)
    until(lambda: database.execute("select count(*) from messages").fetchone()[0] == len(BODIES) + len(ODD))
    metrics = get(listen, "/metrics")[1] + get(listen, "/livez")[1] + get(listen, "/readyz")[1]
    assert daemon.stop() == 0
    told = [daemon.log, metrics, imported.out, imported.err, home.run("status").out, home.run("doctor").out]
    told += [str(row) for row in database.execute("select * from journal")]
    told += [str(row) for row in database.execute("select reason, reasons, proposal, note from reviews")]
    assert "recorded" in daemon.log
    assert not [at for at, text in enumerate(told) if CANARY in text.lower()]
