"""Machines do not talk to one another: two helpdesks wired to each other fall silent at once."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from helpdesk import create_app
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry, tell
from helpdesk.intake.jobs import process_next
from helpdesk.mail.message import as_bytes, build
from helpdesk.mail.models import Delivery, OutboundEmail
from tests.intake.letters import bring, letter
from tests.servers.databases import build_schema, let_go

OURS, THEIRS = "support@acorn-payroll.example", "help@other.example"


class Desk:
    """A helpdesk whose mail goes nowhere by itself."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def take(self, raws: list[bytes]) -> list[bytes]:
        """Mails come in and everything follows from them: the mails that go out."""
        with self.app.app_context():
            for raw in raws:
                bring(raw)
            while process_next():
                pass
            self._react()
            return self._sent()

    def _react(self) -> None:
        with transaction(write=False):
            untold = select(JournalEntry.id).where(JournalEntry.tell_at.is_not(None))
            entries = list(session.scalars(untold))
        for entry in entries:
            with self.app.test_request_context():
                tell(entry)

    def _sent(self) -> list[bytes]:
        with transaction():
            due = select(OutboundEmail).where(OutboundEmail.state == Delivery.QUEUED)
            mails = list(session.scalars(due))
            for email in mails:
                email.accept(now(), keep_secrets=True)
            return [as_bytes(build(email)) for email in mails]


@pytest.fixture
def desks(app: Flask, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """Two installations that know nothing of each other."""
    config: Config = app.extensions["helpdesk.config"]
    with ExitStack() as stack:
        made = []
        for number, address in enumerate((OURS, THEIRS)):
            other = create_app(
                replace(
                    config,
                    database_url=f"sqlite:///{tmp_path / f'{number}.db'}",
                    secret_key=f"the key of desk {number}, and of nobody else",
                    mail_from=address,
                    instance_path=tmp_path,
                )
            )
            build_schema(other)
            stack.callback(let_go, other)
            made.append(Desk(other))
        yield made[0], made[1]


def ping_pong(desks: tuple[Desk, Desk], first: bytes) -> int:
    """Hand every mail of the one to the other until there are no more; how many there were."""
    count, mails = 0, [first]
    for turn in range(12):
        mails = desks[turn % 2].take(mails)
        count += len(mails)
        if not mails:
            return count
    raise AssertionError(f"They go on: {count} mails so far")


@pytest.mark.databases("sqlite")
def test_two_helpdesks_that_write_to_each_other_stop(desks: tuple[Desk, Desk]) -> None:
    assert ping_pong(desks, letter(sender=THEIRS, to=OURS)) <= 2


@pytest.mark.databases("sqlite")
def test_they_stop_even_where_a_server_takes_away_what_marks_automatic_mail(
    desks: tuple[Desk, Desk],
) -> None:
    count, mails = 0, [letter(sender=THEIRS, to=OURS)]
    for turn in range(8):
        mails = [_bare(mail) for mail in desks[turn % 2].take(mails)]
        count += len(mails)
    assert count <= 2


def _bare(raw: bytes) -> bytes:
    marks = (b"auto-submitted", b"x-auto-response-suppress", b"precedence")
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(marks)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@pytest.mark.databases("sqlite")
def test_a_helpdesk_that_writes_to_itself_stops(desks: tuple[Desk, Desk]) -> None:
    mine = desks[0]
    assert ping_pong((mine, mine), letter(sender=OURS, to=OURS)) == 0


@pytest.mark.databases("sqlite")
def test_a_crowd_of_mails_in_one_name_is_answered_once(desks: tuple[Desk, Desk]) -> None:
    crowd = [letter(str(n), message_id=f"<{n}@harbor.example>") for n in range(30)]
    assert len(desks[0].take(crowd)) == 1
