"""Dovecot on loopback, where it is installed: the IMAP server that most mail lies behind."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from tests.servers.ports import free_port

PROGRAM = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
REQUIRED = os.environ.get("HELPDESK_REQUIRE_ALL") == "1"
"""Then it fails where it is not installed, instead of being left out."""

_SETTINGS = """
protocols = imap
listen = 127.0.0.1
base_dir = {base}
state_dir = {base}
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail
first_valid_uid = 0
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
"""


class Dovecot:
    """One account whose INBOX tests fill, by the same names as `tests.servers.imap`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="helpdesk-dovecot-"))
        self.user, self.password, self.port = "support", "a-password", free_port()
        self.count = 0

    def __enter__(self) -> Self:
        assert PROGRAM is not None
        self.folder.chmod(0o755)
        for name in ("base", "home", "mail/new", "mail/cur", "mail/tmp"):
            (self.folder / name).mkdir(parents=True)
        owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        if os.getuid() == 0:
            for path in (self.folder / "home", *sorted((self.folder / "mail").rglob("*"))):
                shutil.chown(path, owner.pw_uid, owner.pw_gid)
            shutil.chown(self.folder / "mail", owner.pw_uid, owner.pw_gid)
        self.owner = owner
        config = self.folder / "dovecot.conf"
        config.write_text(_SETTINGS.format(**self._values()))
        self.server = subprocess.Popen([PROGRAM, "-F", "-c", config], start_new_session=True)
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.send_signal(signal.SIGTERM)
        try:
            self.server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _values(self) -> dict[str, object]:
        root = os.getuid() == 0
        name = self.owner.pw_name
        return {
            "base": self.folder / "base",
            "folder": self.folder,
            "port": self.port,
            "password": self.password,
            "uid": self.owner.pw_uid,
            "gid": self.owner.pw_gid,
            "internal": "dovecot" if root else name,
            "internal_group": "dovecot" if root else str(self.owner.pw_gid),
            "login": "dovenull" if root else name,
        }

    def _wait(self) -> None:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(f"Dovecot does not answer: {(self.folder / 'log').read_text()}")

    def add(self, raw: bytes) -> None:
        """A mail comes in, as delivery agents hand it over: written aside and then moved."""
        self.count += 1
        name = f"{time.time():.6f}.{self.count}.test"
        aside = self.folder / "mail" / "tmp" / name
        aside.write_bytes(raw)
        shutil.chown(aside, self.owner.pw_uid, self.owner.pw_gid)
        aside.rename(self.folder / "mail" / "new" / name)

    def renumber(self) -> None:
        """What an index that was lost and rebuilt does: another UIDVALIDITY, other numbers."""
        for path in (self.folder / "mail").glob("dovecot*"):
            path.unlink(missing_ok=True)

    def flags(self) -> list[set[str]]:
        """The marks of each mail, as they stand in the names of the files."""
        found = [
            *(self.folder / "mail" / "cur").iterdir(),
            *(self.folder / "mail" / "new").iterdir(),
        ]
        return [{r"\Seen"} if "S" in one.name.partition(":2,")[2] else set() for one in found]
