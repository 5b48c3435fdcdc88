"""Web server and database are restarted while people hand things in: nobody who goes on trying is
refused for good, and what was acknowledged is there, once."""

import os
import signal
import socket
import threading
import time
from collections import Counter
from http.client import HTTPConnection, HTTPException
from itertools import count

import pytest

from helpdesk.core.db import transaction
from helpdesk.intake.keeping import digest
from helpdesk.intake.tokens import make_token
from tests.faults.lab import Lab, trials
from tests.faults.test_mail_in import mail, stored
from tests.servers.ports import free_port
from tests.servers.postgres import server

pytestmark = [pytest.mark.faults, pytest.mark.processes]

PEOPLE = 3


class Office:
    """A web server, and people who hand in mail after mail over HTTP, each on a connection of its
    own, until it is acknowledged."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.port = lab, free_port()
        with transaction():
            _, words = make_token("trial")
        self.headers = {
            "Host": "127.0.0.1:8000",
            "Authorization": f"Bearer {words}",
            "Content-Type": "message/rfc822",
        }
        self.web = lab.start("web", WEB_PORT=str(self.port))
        lab.wait_until(lambda: self.hand_in(mail(-1)) == 201, 30, "the server serves")
        self.taken = [digest(mail(-1))]
        self.failures: list[int] = []
        """What was answered in place of an acknowledgement; 0 for nothing."""
        self.done = threading.Event()
        self.numbers = count()
        self.threads = [threading.Thread(target=self._work) for _ in range(PEOPLE)]

    def hand_in(self, raw: bytes) -> int:
        """One try; the status, or 0 where the connection failed."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", "/inbound/mime", raw, self.headers)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()

    def _work(self) -> None:
        while not self.done.is_set():
            raw = mail(next(self.numbers))
            give_up_at = time.monotonic() + 60
            while (status := self.hand_in(raw)) not in {200, 201}:
                self.failures.append(status)
                if time.monotonic() > give_up_at:
                    return
                time.sleep(0.1)
            self.taken.append(digest(raw))

    def __enter__(self) -> "Office":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        for thread in self.threads:
            thread.join()

    def go_on(self, how_many: int) -> None:
        """Return when so many more were acknowledged."""
        enough = len(self.taken) + how_many
        self.lab.wait_until(lambda: len(self.taken) >= enough, 60, "people get on")


def test_the_web_server_is_renewed_under_load_without_an_error() -> None:
    with Lab() as lab:
        with Office(lab) as office:
            for _ in range(trials(2, 60)):
                office.go_on(10)
                os.kill(office.web, signal.SIGHUP)
            office.go_on(20)
        assert office.failures == []
        assert stored() == Counter(office.taken)


def test_a_request_that_is_under_way_is_finished_by_a_server_that_is_asked_to_stop() -> None:
    with Lab() as lab:
        office, raw = Office(lab), mail(1_000_000)
        head = "".join(f"{name}: {value}\r\n" for name, value in office.headers.items())
        head = f"POST /inbound/mime HTTP/1.1\r\n{head}Content-Length: {len(raw)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", office.port), timeout=30) as connection:
            connection.sendall(head.encode() + raw[:100])
            time.sleep(0.5)  # by then it is read
            os.kill(office.web, signal.SIGTERM)
            time.sleep(0.5)
            connection.sendall(raw[100:])
            answer = connection.recv(4096)
        assert answer.startswith(b"HTTP/1.1 201 ")
        assert digest(raw) in stored()


def test_a_database_that_crashes_under_load_loses_nothing_acknowledged() -> None:
    with server() as database, Lab(database_url=database.url) as lab:
        with Office(lab) as office:
            for _ in range(trials(1, 30)):
                office.go_on(10)
                database.crash()
                time.sleep(0.3)
                database.start()
            office.go_on(10)
        assert set(office.failures) <= {0, 503}, Counter(office.failures)
        assert stored() == Counter(office.taken)
