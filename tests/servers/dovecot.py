"""A private Dovecot on loopback: own configuration and state, an unprivileged user, stopped by its pid."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.servers.ports import await_greeting, free_port

PASSWORD = 'pass word \\ "q"'
BINARY = shutil.which("dovecot") or ("/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else None)
# what Exchange's profile is cut down to: no MOVE, UIDPLUS, CONDSTORE, NAMESPACE, SPECIAL-USE, AUTH=PLAIN
EXCHANGE = "IMAP4 IMAP4rev1 IDLE LITERAL+"

_CONF = """
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{tls}
disable_plaintext_auth = no
auth_mechanisms = plain login{mechanisms}
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
mail_fsync = optimized
mailbox_list_index = no
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
  mailbox Versendet {{
    special_use = \\Sent
    auto = create
  }}
}}
{oauth2}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {dir}/passwd
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={dir}/home/%u allow_all_users=yes
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
{extra}
"""


# tokens are checked here, by the key that signed them; the user that a token speaks for must be the one who logs in
_OAUTH2 = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {dir}/oauth2.conf
}}
"""
_OAUTH2_CONF = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={dir}/keys/
username_attribute = sub
"""


class Dovecot:
    """``capability``: what the server says it can do, "" for all.  ``new_user`` logs in with PASSWORD.

    ``token_key``: the public key (PEM) of who signs access tokens (RS256), for XOAUTH2 and OAUTHBEARER.
    """

    def __init__(
        self,
        capability: str = "",
        *,
        cert: tuple[str, str] | None = None,
        separator: str = "/",
        prefix: str = "",
        extra: str = "",
        token_key: str = "",
    ) -> None:
        # unix socket names hold 108 bytes: the directory must be short
        self.dir = Path(tempfile.mkdtemp(prefix="dc", dir="/tmp"))
        self.port = free_port()
        self.tls_port = free_port() if cert else 0
        self.root = os.getuid() == 0
        account = pwd.getpwnam("nobody") if self.root else pwd.getpwuid(os.getuid())
        self.uid, self.gid = account.pw_uid, account.pw_gid
        import grp

        names = {"user": account.pw_name, "group": grp.getgrgid(self.gid).gr_name, "uid": self.uid, "gid": self.gid}
        more = [extra]
        if capability:
            more.append(f"imap_capability = {capability}")
        tls = f"ssl_cert = <{self.dir}/cert\nssl_key = <{self.dir}/key" if cert else ""
        for name, source in zip(("cert", "key"), cert or (), strict=False):
            shutil.copyfile(source, self.dir / name)  # the server's user may not look into the tests' folder
        self.conf = self.dir / "dovecot.conf"
        for part in ("run", "state", "home"):
            (self.dir / part).mkdir()
        self.conf.write_text(
            _CONF.format(
                dir=self.dir,
                port=self.port,
                tls_port=self.tls_port,
                ssl="yes" if cert else "no",
                tls=tls,
                extra="\n".join(more),
                separator=separator,
                prefix=prefix,
                mechanisms=" xoauth2 oauthbearer" if token_key else "",
                oauth2=_OAUTH2.format(dir=self.dir) if token_key else "",
                **names,
            )
        )
        if token_key:
            (self.dir / "oauth2.conf").write_text(_OAUTH2_CONF.format(dir=self.dir))
            (self.dir / "keys/default/RS256").mkdir(parents=True)
            (self.dir / "keys/default/RS256/default").write_text(token_key)
        # all at once: Dovecot notices a change of this file by the second only
        (self.dir / "passwd").write_text("".join(f"box{number}:{{PLAIN}}{PASSWORD}\n" for number in range(5000)))
        self._users = iter(range(5000))
        if self.root:
            subprocess.run(["chown", "-R", f"{self.uid}:{self.gid}", str(self.dir)], check=True)
        self._pid: int | None = None

    def _as_user(self) -> list[str]:
        return ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups", "--"] if self.root else []

    def new_user(self) -> str:
        """Return the name of a user with an empty mailbox."""
        return f"box{next(self._users)}"

    def start(self) -> Dovecot:
        assert BINARY
        with (self.dir / "start.log").open("ab") as log:
            subprocess.run(
                [*self._as_user(), BINARY, "-c", str(self.conf)],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                timeout=20,
            )
        await_greeting(self.port, b"* OK")
        self._pid = int((self.dir / "run" / "master.pid").read_text())
        return self

    def stop(self) -> None:
        if self._pid is None:
            return
        os.kill(self._pid, signal.SIGTERM)
        end = time.monotonic() + 10
        while time.monotonic() < end and self._alive():
            time.sleep(0.05)
        self._pid = None

    def _alive(self) -> bool:
        try:
            os.kill(self._pid or 0, 0)
        except ProcessLookupError:
            return False
        return True

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def doveadm(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._as_user(), "doveadm", "-c", str(self.conf), *arguments],
            check=True,
            capture_output=True,
            text=True,
            timeout=20,
        )
        return done.stdout

    def maildir(self, user: str) -> Path:
        return self.dir / "home" / user / "Maildir"

    def log(self) -> str:
        return (self.dir / "dovecot.log").read_text(errors="replace")
