"""Debian's dovecot on this machine, for one test: its own folder, its own users, as whoever runs the tests.

Skips, with a reason, where dovecot is not installed.
"""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from imap_tools import BaseMailBox, MailBoxUnencrypted

from tests.helpdesk.processes import free_port, wait_for
from tests.receiver import Certificate, certificate_for

USER, PASSWORD = "help@btp.test", "geheim 密码 \"'\\"
PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

_COMMON = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = {protocols}
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
{tls_listener}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
"""
_V23 = """
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%u
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
protocol imap {{
  mail_max_userip_connections = 100
}}
"""
_V24 = """
auth_allow_cleartext = yes
auth_mechanisms = plain login
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
mail_home = {folder}/home/%{{user}}
mail_uid = {uid}
mail_gid = {gid}
mail_max_userip_connections = 100
ssl = yes
ssl_server_cert_file = {certificate}
ssl_server_key_file = {certificate}
passdb passwd-file {{
  passwd_file_path = {folder}/users
  default_password_scheme = plain
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/home/%{{user}}
  }}
}}
"""


@dataclass
class Dovecot:
    """``port`` speaks plainly and offers STARTTLS, ``tls_port`` is TLS from the start, ``lmtp_port`` takes mail in."""

    folder: Path
    certificate: Certificate
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    lmtp_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.write_configuration()
        assert PROGRAM
        self.process = subprocess.Popen(
            [PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")],
            stdin=subprocess.DEVNULL,
            stdout=(self.folder / "output").open("ab"),
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        assert wait_for(lambda: self._lets_in(USER), 30), self.said

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def kill(self) -> None:
        """Nobody needs its mail any more: a second that it takes to say goodbye is saved."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    @property
    def said(self) -> str:
        names = ("output", "log")
        return "\n".join((self.folder / name).read_text() for name in names if (self.folder / name).exists())

    def client(self, user: str = USER) -> BaseMailBox:
        """Somebody who looks into the mailbox besides us."""
        return MailBoxUnencrypted("127.0.0.1", self.port, timeout=30).login_utf8(user, PASSWORD)

    def add_user(self, name: str) -> None:
        with (self.folder / "users").open("a") as users:
            users.write(f"{name}:{{PLAIN}}{PASSWORD}\n")
        # It looks at its file again only after a second or so.
        assert self.process is None or wait_for(lambda: self._lets_in(name)), self.said

    def deliver(self, raw: bytes, *, user: str = USER, folder: str = "INBOX") -> int:
        """Put a mail into the mailbox; its UID."""
        with self.client(user) as box:
            _status, said = box.append(raw, folder)
        return int(said[0].split(b"]")[0].split()[-1])

    def maildir(self, user: str = USER) -> Path:
        return self.folder / "mail" / user

    def write_configuration(self) -> None:
        assert PROGRAM
        told = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
        version = tuple(int(part) for part in told.split()[0].split(".")[:2])
        text = (_COMMON + (_V24 if version >= (2, 4) else _V23)).format(**self._values(version))
        start = f"dovecot_config_version = {told.split()[0]}\ndovecot_storage_version = {told.split()[0]}\n"
        (self.folder / "dovecot.conf").write_text(start + text if version >= (2, 4) else text)

    def _values(self, version: tuple[int, ...]) -> dict[str, object]:
        me = pwd.getpwuid(os.getuid())
        # Root may neither log people in nor own mail: Debian's package has made users for both.
        internal, login = ("dovecot", "dovenull") if me.pw_uid == 0 else (me.pw_name, me.pw_name)
        owner = pwd.getpwnam("nobody") if me.pw_uid == 0 else me
        for name in ("mail", "home"):
            made = self.folder / name
            made.mkdir(exist_ok=True)
            os.chown(made, owner.pw_uid, owner.pw_gid)
        has_lmtp = any(Path(f"/usr/{where}/dovecot/lmtp").exists() for where in ("lib", "libexec"))
        return {
            "folder": self.folder,
            "protocols": "imap lmtp" if has_lmtp else "imap",
            "internal": internal,
            "internal_group": grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name,
            "login": login,
            "uid": owner.pw_uid,
            "gid": owner.pw_gid,
            "certificate": self.certificate.path,
            "port": self.port,
            "tls_port": self.tls_port,
            "lmtp_port": self.lmtp_port,
            "tls_listener": "    ssl = yes",
        }

    def _lets_in(self, user: str) -> bool:
        try:
            self.client(user).logout()
        except (OSError, imaplib.IMAP4.error):
            return False
        return True


@pytest.fixture
def start_dovecot() -> Iterator[Callable[[], Dovecot]]:
    if PROGRAM is None:
        pytest.skip("no dovecot here: apt-get install dovecot-imapd dovecot-lmtpd")
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:
        folder = Path(name)  # a short path: sockets lie below it
        folder.chmod(0o755)
        started: list[Dovecot] = []

        def start() -> Dovecot:
            server = Dovecot(folder, certificate_for("localhost", folder))
            server.add_user(USER)
            started.append(server)
            server.start()
            return server

        yield start
        for server in started:
            server.kill()
            print(server.said)


@pytest.fixture
def dovecot(start_dovecot: Callable[[], Dovecot]) -> Dovecot:
    return start_dovecot()
