"""Whatever dies while a mail comes in: what was acknowledged is stored, once; what was not is
handed in again by its sender, and is stored once as well."""

import os
import smtplib
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from config import ROOT
from helpdesk.core.db import session, transaction
from helpdesk.intake.keeping import digest
from helpdesk.intake.models import InboundEmail
from tests.faults.lab import Lab, trials
from tests.intake.letters import letter
from tests.intake.test_fetching import mailbox
from tests.servers.imap import ImapServer
from tests.servers.ports import free_port
from tests.servers.postgres import postgresql

pytestmark = [pytest.mark.faults, pytest.mark.processes]

POINTS = (
    "mail_read",
    "mail_written",
    "after_commit_before_enqueue",
    "mail_kept",
    "mail_acknowledged",
)


def mail(number: int) -> bytes:
    """One like no other."""
    return letter(
        f"Trial {number}", subject=f"No. {number}", message_id=f"<{number}@trial.example>"
    )


class Sender:
    """Somebody who hands in mails and keeps each until it is acknowledged."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.book = lab.folder / "acknowledged"
        self.book.touch()

    def acknowledged(self) -> set[str]:
        return set(self.book.read_text().split())

    def hand_in(
        self, role: str, raw: bytes, *, dies_after: float | None = None, **variables: str
    ) -> bool:
        """One try, killed after so many seconds or not at all; whether it was acknowledged."""
        path = self.lab.folder / "outgoing.eml"
        path.write_bytes(raw)
        number = self.lab.start(role, MAIL=str(path), LEDGER=str(self.book), **variables)
        if dies_after is not None:
            time.sleep(dies_after)
            self.lab.kill(number)
        self.lab.wait_until(lambda: self.lab.is_gone(number), 60, "the try ends")
        return digest(raw) in self.acknowledged()


def stored() -> Counter[str]:
    """How often each mail is stored."""
    with transaction(write=False):
        return Counter(session.scalars(select(InboundEmail.sha256)))


def test_a_mail_survives_whatever_kills_whoever_takes_it() -> None:
    with Lab() as lab:
        sender = Sender(lab)
        raws = [mail(number) for number in range(trials(5, 300))]
        for number, raw in enumerate(raws):
            role = ("deliver", "post")[number % 2]
            if not sender.hand_in(role, raw, CRASH_AT=POINTS[number % len(POINTS)]):
                assert sender.hand_in(role, raw)
        assert stored() == Counter(map(digest, raws))
        assert sender.acknowledged() == set(map(digest, raws))
        _fill_the_disk(lab, sender)


def test_a_mail_survives_the_death_of_the_server_that_takes_it() -> None:
    with postgresql() as url, Lab(database_url=url) as lab:
        port = free_port()
        raws = [mail(number) for number in range(trials(5, 300))]
        server, accepted = 0, set()
        for number, raw in enumerate(raws):
            point = POINTS[number % len(POINTS)]
            for attempt in range(20):
                if not server or lab.is_gone(server):
                    crash = "" if attempt > 3 else f"{point}:0.6"
                    server = lab.start("listen", MAIL_PORT=str(port), CRASH_AT=crash)
                if send(port, raw):
                    accepted.add(digest(raw))
                    break
                time.sleep(0.05)
        assert accepted == set(map(digest, raws))
        assert stored() == Counter(accepted)


def test_a_mailbox_loses_and_doubles_nothing_whoever_reads_it_dies() -> None:
    with Lab() as lab, ImapServer() as imap:
        number = mailbox(imap)
        raws = [mail(each) for each in range(trials(4, 300))]
        for each, raw in enumerate(raws):
            imap.add(raw)
            if each % 7 == 5:
                imap.renumber()
            point = POINTS[each % len(POINTS)]
            for crash in (point, ""):
                reader = lab.start("look", MAILBOX=str(number), CRASH_AT=crash)
                lab.wait_until(partial(lab.is_gone, reader), 60, "the look ends")
        assert stored() == Counter(map(digest, raws))
        assert imap.flags() == [{r"\Seen"}] * len(raws)


def send(port: int, raw: bytes) -> bool:
    """Hand in a mail by LMTP, once; whether it was acknowledged."""
    with suppress(OSError, smtplib.SMTPException):
        server = smtplib.LMTP("127.0.0.1", port, timeout=20)
        try:
            server.sendmail("rosa@harbor.example", ["support@acorn-payroll.example"], raw)
        finally:
            server.close()
        return True
    return False


def _fill_the_disk(lab: Lab, sender: Sender) -> None:
    """A full disk acknowledges nothing and loses nothing."""
    room = sum(path.stat().st_size for path in lab.folder.glob("lab.db"))
    large = letter("x" * 70 + "\r\n" + os.urandom(400_000).hex(), message_id="<l@x.example>")
    assert not sender.hand_in("deliver", large, FULL=str(room + 100_000))
    assert digest(large) not in stored()
    assert sender.hand_in("deliver", large)
    assert stored()[digest(large)] == 1


def deliver(folder: Path, raw: bytes, **variables: str) -> int:
    """How the wrapper for mail servers ends, started in another directory."""
    environment = {
        "PATH": os.environ["PATH"],
        "HELPDESK_ENVIRONMENT": str(folder / "environment"),
        "HELPDESK_PYTHON": sys.executable,
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": "a key for the tests that nobody else has",
        "SMTP_URL": "smtp://127.0.0.1:1",
        **variables,
    }
    wrapper = [str(ROOT / "deploy" / "deliver")]
    done = subprocess.run(
        wrapper, input=raw, env=environment, cwd="/", capture_output=True, check=False
    )
    return done.returncode


def test_the_pipe_says_try_again_whatever_is_broken(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "flask.py").write_text("raise ImportError('half installed')")
    broken: dict[str, dict[str, str]] = {
        "configuration": {"SECRET_KEY": "short"},
        "import": {"PYTHONPATH": str(tmp_path / "broken")},
        "no Python": {"HELPDESK_PYTHON": "/nowhere/python"},
    }
    ends = {what: deliver(tmp_path, mail(1), **variables) for what, variables in broken.items()}
    assert ends == dict.fromkeys(broken, os.EX_TEMPFAIL)


def test_the_pipe_stores_a_mail_and_refuses_what_is_none(tmp_path: Path) -> None:
    with Lab() as lab:
        where = {"DATABASE_URL": lab.database_url, "REDIS_URL": lab.valkey.url}
        (tmp_path / "environment").write_text(
            "# settings\n" + "".join(f"{name}={value}\n" for name, value in where.items())
        )
        assert deliver(tmp_path, mail(1)) == os.EX_OK
        assert deliver(tmp_path, b"\r\n") == os.EX_DATAERR
        assert stored() == Counter([digest(mail(1))])
