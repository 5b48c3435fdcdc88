"""Workers are killed while they store the files of mails: each file is there whole, once, and what
a dead one left behind is swept."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpdesk.core import files, inventory
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.intake.keeping import keep
from helpdesk.intake.models import Door
from helpdesk.tickets.models import Attachment
from tests.faults.lab import Lab, trials
from tests.faults.test_mail_acted_on import settled
from tests.mail.incoming import file_part, multipart, text_part

pytestmark = [pytest.mark.faults, pytest.mark.processes]

POINTS = ("file_written", "mail_acted", "mail_settled")
FILES = 3


def bring(number: int) -> None:
    parts = [file_part(os.urandom(30_000), f"{number}-{each}.bin") for each in range(FILES)]
    raw = multipart(text_part(f"Trial {number}"), *parts)
    with transaction():
        keep(raw.replace(b"<1@harbor", f"<{number}@harbor".encode()), Door.PIPE)


def test_the_files_of_a_mail_are_whole_whoever_dies() -> None:
    with Lab() as lab:
        count = trials(3, 100)
        lab.start("clock")
        for number in range(count):
            bring(number)
            workers = [lab.start("worker", CRASH_AT=f"{point}:0.4") for point in POINTS]
            lab.pause(0.5)
            for worker in workers:  # or hundreds of them would wait for one file of a database
                lab.kill(worker)
        lab.start("worker")
        lab.wait_until(settled, 300, "every mail is dealt with")
        later = now() + timedelta(seconds=1)
        with transaction(write=False):
            assert session.scalar(select(func.count()).select_from(Attachment)) == count * FILES
            left = list(inventory.take_stock(later))
        assert {finding.what for finding in left} <= {"no row"}
        for finding in left:
            files.remove(finding.path)
