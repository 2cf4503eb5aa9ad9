"""Runs commands of noticed, each in a process of its own that is forked from one with everything imported."""

from __future__ import annotations

import codecs
import json
import os
import resource
import sys
import traceback
from importlib import import_module
from pathlib import Path

from daemon.__main__ import main
from daemon.cli import names


def serve() -> None:
    """Answer each line of standard input (what to run) with one line: the exit code, or the pid if it goes on."""
    for name in names("daemon.cli"):
        import_module(f"daemon.cli.{name}")
    for backend in ("mailbox.imap", "mailbox.maildir", "mailer.smtp"):
        import_module(f"daemon.{backend}")
    for late in ("command", "config", "runtime.migration", "script"):
        import_module(f"alembic.{late}")
    for codec in ("utf-8-sig", "utf-16", "cp1252", "idna", "unicode-escape"):  # a plain user may not read them
        codecs.lookup(codec)
    for line in sys.stdin:
        wanted = json.loads(line)
        pid = int(wanted.get("wait", 0)) or os.fork()
        if pid == 0:
            _be(wanted)
        if wanted.get("background"):
            print(pid, flush=True)
        else:
            ended, status = os.waitpid(pid, os.WNOHANG if wanted.get("poll") else 0)
            print(os.waitstatus_to_exitcode(status) if ended else "running", flush=True)


def _be(wanted: dict[str, object]) -> None:
    """Be the command; never returns."""
    code = 99
    try:
        os.chdir(str(wanted["cwd"]))
        if wanted.get("largest"):
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(str(wanted["largest"])),) * 2)
        os.environ.clear()
        os.environ.update(wanted["env"])  # type: ignore[call-overload]
        files = Path(str(wanted["out"])), Path(str(wanted["err"]))
        for number, path in enumerate((Path(os.devnull), *files)):
            fd = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(fd, number)
        if wanted.get("plain_user") and os.getuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(os.dup(n), "r" if n == 0 else "w") for n in range(3))
        code = main(list(wanted["arguments"]))  # type: ignore[call-overload]
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
