"""Whoever takes a mail is killed at any moment, while mails keep coming: what was acknowledged is
stored, once, and what was not is handed in again until it is."""

import random
import threading
import time
from collections import Counter
from functools import partial

import pytest

from helpdesk.intake.keeping import digest
from tests.faults.lab import Lab, trials
from tests.faults.test_mail_in import Sender, mail, send, stored
from tests.intake.test_fetching import mailbox
from tests.servers.imap import ImapServer
from tests.servers.ports import free_port
from tests.servers.postgres import Server, server

pytestmark = [pytest.mark.faults, pytest.mark.processes]

SENDERS = 4
AT_ONCE = 4
"""Mails in a folder at one look."""


class Crowd:
    """Senders who hand in mail after mail, each again and again until it is acknowledged."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.accepted: list[str] = []
        self.offered: set[str] = set()
        self.done = threading.Event()
        self.threads = [threading.Thread(target=self._send, args=(n,)) for n in range(SENDERS)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def finish(self) -> None:
        """Nobody begins another; everybody ends the one that they are at."""
        self.done.set()
        for thread in self.threads:
            thread.join()

    def _send(self, number: int) -> None:
        while not self.done.is_set():
            raw = mail(number)
            self.offered.add(digest(raw))
            give_up_at = time.monotonic() + 90
            while not send(self.port, raw):
                if time.monotonic() > give_up_at:
                    return
                time.sleep(0.02)
            self.accepted.append(digest(raw))
            number += SENDERS


def kill_the_server(lab: Lab, kills: int, database: Server | None = None) -> Crowd:
    """So many deaths of the server while a crowd sends; the last one lives. Each third time the
    `database` crashes as well, before or after the server."""
    port = free_port()
    crowd = Crowd(port)
    listener = lab.start("listen", MAIL_PORT=str(port))
    crowd.start()
    try:
        for kill in range(kills):
            before = len(crowd.accepted)
            lab.pause(0.4)
            if database and kill % 3 == 1:
                database.crash()
                lab.pause(0.3)
            lab.kill(listener)
            lab.wait_until(partial(lab.is_gone, listener), 30, "the server is dead")
            listener = lab.start("listen", MAIL_PORT=str(port))
            if database and kill % 3 == 1:
                lab.pause(0.3)
                database.start()
            lab.wait_until(lambda least=before: len(crowd.accepted) > least, 60, "mail goes on")  # type: ignore[misc]  # bound in each round
    finally:
        crowd.finish()
    return crowd


def kill_those_who_hand_in(lab: Lab, kills: int) -> list[bytes]:
    """Pipes and web requests that die at any moment; each mail is handed in once more."""
    sender, dice = Sender(lab), random.Random(5)
    raws = [mail(1_000_000 + number) for number in range(kills)]
    for number, raw in enumerate(raws):
        role = ("deliver", "post")[number % 2]
        if not sender.hand_in(role, raw, dies_after=dice.random() * 0.06):
            assert sender.hand_in(role, raw)
    return raws


def kill_the_reader(lab: Lab, imap: ImapServer, kills: int) -> list[bytes]:
    """Looks into a mailbox that die at any moment, and one that does not."""
    number, dice = mailbox(imap), random.Random(3)
    raws: list[bytes] = []
    for kill in range(kills):
        new = [mail(2_000_000 + len(raws) + each) for each in range(AT_ONCE)]
        for raw in new:
            imap.add(raw)
        raws += new
        if kill % 9 == 2:
            imap.renumber()
        reader = lab.start("look", MAILBOX=str(number))
        time.sleep(dice.random() * 0.4)
        lab.kill(reader)
        lab.wait_until(partial(lab.is_gone, reader), 30, "the reader is dead")
    reader = lab.start("look", MAILBOX=str(number))
    lab.wait_until(partial(lab.is_gone, reader), 900, "the last look ends")
    return raws


def test_what_was_acknowledged_is_there_once_whoever_is_killed_at_any_moment() -> None:
    with Lab() as lab, ImapServer() as imap:
        crowd = kill_the_server(lab, trials(2, 300))
        assert set(crowd.accepted) == crowd.offered
        others = kill_those_who_hand_in(lab, trials(4, 600))
        others += kill_the_reader(lab, imap, trials(3, 300))
        assert stored() == Counter([*crowd.offered, *map(digest, others)])
        assert all(flags == {r"\Seen"} for flags in imap.flags())


@pytest.mark.skipif(trials(0, 1) < 1, reason="`make faults` runs it, and a sample stands beside it")
def test_it_is_in_front_of_a_database_that_crashes_as_well() -> None:
    with server() as database, Lab(database_url=database.url) as lab:
        crowd = kill_the_server(lab, trials(2, 300), database)
        assert set(crowd.accepted) == crowd.offered
        assert stored() == Counter(crowd.offered)
