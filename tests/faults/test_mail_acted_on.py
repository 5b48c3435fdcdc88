"""Workers are killed while they act on mails that came in: each mail becomes one message, whatever
died, however often the same mail came, and by whichever doors."""

from collections import Counter

import pytest
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.intake.keeping import keep
from helpdesk.intake.models import Door, InboundEmail
from helpdesk.tickets.models import Message
from tests.faults.lab import Lab, trials
from tests.faults.test_mail_in import mail
from tests.servers.postgres import postgresql

pytestmark = [pytest.mark.faults, pytest.mark.processes]

POINTS = ("mail_claimed", "mail_parsed", "mail_acted", "mail_settled")
DOORS = tuple(Door)
COPIES = 4


def bring(number: int) -> None:
    """The same mail by several ways, each of which left its traces."""
    for copy in range(COPIES):
        traces = f"Received: by way {copy}\r\nDelivered-To: {copy}@x.example\r\n".encode()
        with transaction():
            keep(traces + mail(number), DOORS[copy % len(DOORS)])


def settled() -> bool:
    with transaction(write=False):
        waiting = select(InboundEmail.id).where(InboundEmail.next_try_at.is_not(None)).limit(1)
        return session.scalar(waiting) is None


def outcomes() -> Counter[str]:
    with transaction(write=False):
        return Counter(map(str, session.scalars(select(InboundEmail.outcome))))


def messages() -> Counter[str | None]:
    """How many messages each mail became."""
    with transaction(write=False):
        return Counter(session.scalars(select(Message.mail_id)))


def test_each_mail_becomes_one_message_whatever_dies() -> None:
    with postgresql() as url, Lab(database_url=url) as lab:
        count = trials(3, 75)
        lab.start("clock")
        for number in range(count):
            bring(number)
            for point in POINTS:
                lab.start("worker", CRASH_AT=f"{point}:0.3")
            lab.pause(0.5)
        for _ in range(2):  # at the same time
            lab.start("worker")
        lab.wait_until(settled, 120, "every mail is dealt with")
        assert messages() == {f"<{number}@trial.example>": 1 for number in range(count)}
        assert outcomes() == {"ticket": count, "duplicate": count * (COPIES - 1)}
