"""The reader of a mailbox is killed in front of a real IMAP server, at named points and at any
moment, and the server numbers its mails anew: nothing is lost, and nothing comes twice."""

import random
import time
from collections import Counter
from functools import partial

import pytest

from helpdesk.intake.keeping import digest
from tests.faults.lab import Lab, trials
from tests.faults.test_mail_in import POINTS, mail, stored
from tests.intake.test_fetching import mailbox
from tests.servers.dovecot import PROGRAM, REQUIRED, Dovecot

pytestmark = [
    pytest.mark.faults,
    pytest.mark.processes,
    pytest.mark.skipif(not (PROGRAM or REQUIRED), reason="Dovecot (dovecot-imapd) is not there"),
]


def test_dovecot_is_read_without_loss_and_without_doubles() -> None:
    with Lab() as lab, Dovecot() as imap:
        number, dice = mailbox(imap), random.Random(11)
        raws: list[bytes] = []
        for kill in range(trials(5, 300)):
            new = [mail(3 * kill + each) for each in range(3)]
            for raw in new:
                imap.add(raw)
            raws += new
            if kill % 20 == 3:
                imap.renumber()
            if kill % 2:
                reader = lab.start("look", MAILBOX=str(number))
                time.sleep(dice.random() * 0.2)
                lab.kill(reader)
            else:
                crash = POINTS[kill // 2 % len(POINTS)]
                reader = lab.start("look", MAILBOX=str(number), CRASH_AT=crash)
            lab.wait_until(partial(lab.is_gone, reader), 60, "the look ends")
        for _ in range(2):
            reader = lab.start("look", MAILBOX=str(number))
            lab.wait_until(partial(lab.is_gone, reader), 120, "the last look ends")
        assert stored() == Counter(map(digest, raws))
        assert imap.flags() == [{r"\Seen"}] * len(raws)
