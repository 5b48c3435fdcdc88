"""What it costs that open pages stay true: 200 agents have the queue open, each of which asks every
five seconds what is new, while others do 20 requests a second of work that changes it.

python -m bench.agents [--agents 200] [--work 20] [--seconds 20] [--db sqlite]
"""

import argparse
import re
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from bench.client import Answer, Client
from bench.scene import cookie_of, prepare
from bench.surroundings import Server, config_of, database, new_port, variables
from helpdesk import create_app
from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import db, session, transaction
from tests.servers.valkey import Valkey

EVERY = 5.0
"""Seconds between two questions of one page, as ui/static/js/live.js asks."""
_ETAG = re.compile(rb"\r\netag: ([^\r]+)", re.IGNORECASE)


@dataclass
class Tally:
    """Milliseconds of what was answered, and what went wrong."""

    took: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    broken: int = 0

    def count(self, answer: Answer) -> None:
        """Take down an answer."""
        self.took.append(answer.took)
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1

    @property
    def errors(self) -> int:
        """What a restricted team keeps to itself is not there, which is no error."""
        wrong = {status: n for status, n in self.statuses.items() if status >= 400}
        return self.broken + sum(n for status, n in wrong.items() if status != 404)

    def __str__(self) -> str:
        cuts = quantiles(self.took, n=100)
        same = self.statuses.get(304, 0)
        return (
            f"{len(self.took)} answers, p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms,"
            f" {self.errors} errors" + (f", {same} times nothing new" if same else "")
        )


def main() -> None:
    """Run on each database that the command line asks for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--db", nargs="*", default=["sqlite", "postgresql"])
    options.add_argument("--agents", type=int, default=200)
    options.add_argument("--work", type=float, default=20)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--tickets", type=int, default=5_000)
    chosen = options.parse_args()
    for name in chosen.db:
        with (
            tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder,
            Valkey() as valkey,
            database(name, Path(folder)) as url,
        ):
            environment = variables(url, valkey.url, Path(folder), new_port())
            app = create_app(config_of(environment))
            prepare(app, chosen.tickets)
            cookies = hire(app, chosen.agents)
            with app.app_context():
                db.engine.dispose()
            with Server("helpdesk", environment) as server:
                crowd = Crowd(server.port, cookies, proof_of(app), chosen.tickets)
                print(f"{name}: {crowd.work_on(chosen.work, chosen.seconds, server.cpu)}")


def hire(app: Flask, count: int) -> list[str]:
    """Cookies of so many agents."""
    with app.app_context(), transaction():
        agents = [
            Account(
                name=f"Agent {n}",
                email=f"agent{n}@bench.example",
                role="agent",
                session_key="key",
                created_at=now(),
                verified_at=now(),
            )
            for n in range(count)
        ]
        session.add_all(agents)
        session.flush()
        return [cookie_of(app, agent) for agent in agents]


def proof_of(app: Flask) -> str:
    """What a form of a session by `cookie_of` carries against forgery."""
    signer = URLSafeTimedSerializer(str(app.config["SECRET_KEY"]), salt="wtf-csrf-token")
    return str(signer.dumps("7" * 40))


class Crowd:
    """Agents with the queue open, and what some of them do."""

    def __init__(self, port: int, cookies: list[str], proof: str, tickets: int) -> None:
        self.port, self.cookies, self.proof, self.tickets = port, cookies, proof, tickets
        self.watched, self.worked = Tally(), Tally()
        self.stop = threading.Event()

    def work_on(self, rate: float, seconds: float, cpu: Callable[[], float]) -> str:
        """Go on for so long, and tell how it was."""
        threads = [
            threading.Thread(target=self._watch, args=(cookie, n * EVERY / len(self.cookies)))
            for n, cookie in enumerate(self.cookies)
        ]
        workers = max(int(rate / 2), 1)
        threads += [
            threading.Thread(target=self._work, args=(n, workers / rate)) for n in range(workers)
        ]
        for thread in threads:
            thread.start()
        time.sleep(EVERY)  # all have asked once
        self.watched, self.worked = Tally(), Tally()
        spent = cpu()
        time.sleep(seconds)
        spent = cpu() - spent
        watched, worked = self.watched, self.worked
        self.stop.set()
        for thread in threads:
            thread.join()
        share = 100 * spent / seconds
        return (
            f"{len(self.cookies)} agents with the queue open, {rate:.0f} requests a second\n"
            f"  what is new: {watched}\n  work: {worked}\n"
            f"  processor: {share:.0f} % of one core in the web processes"
        )

    def _watch(self, cookie: str, first: float) -> None:
        tag = ""
        self.stop.wait(first)
        with Client(self.port, cookie) as client:
            while not self.stop.is_set():
                known = f"If-None-Match: {tag}\r\n" if tag else ""
                answer = self._ask(
                    "watched", client, client.request("GET", "/desk/live/queue/open", known)
                )
                if answer and (found := _ETAG.search(answer.head)):
                    tag = found[1].decode()
                self.stop.wait(EVERY)

    def _work(self, number: int, pause: float) -> None:
        random = Random(number)
        with Client(self.port, self.cookies[number]) as client:
            due = time.monotonic() + random.random() * pause
            while not self.stop.wait(max(due - time.monotonic(), 0)):
                self._ask("worked", client, self._something(client, random))
                due += pause

    def _something(self, client: Client, random: Random) -> bytes:
        path = f"/desk/tickets/{random.randint(1, self.tickets)}"
        what = random.choice(("look", "list", "priority", "note"))
        if what == "look":
            return client.request("GET", path)
        if what == "list":
            return client.request("GET", "/desk/queue/open")
        body = f"csrf_token={self.proof}&"
        if what == "priority":
            body += f"priority={random.choice(('low', 'normal', 'high', 'urgent'))}"
        else:
            body += f"kind=note&body=Note+{random.random()}"
        head = "Content-Type: application/x-www-form-urlencoded\r\n"
        head += f"Content-Length: {len(body)}\r\n"
        place = "priority" if what == "priority" else "notes"
        return client.request("POST", f"{path}/{place}", head) + body.encode()

    def _ask(self, tally: str, client: Client, request: bytes) -> Answer | None:
        # The tally is looked up when the answer is there: a new one begins after the warm-up.
        with suppress(ConnectionError, OSError):
            answer = client.send(request)
            getattr(self, tally).count(answer)
            return answer
        client.close()
        getattr(self, tally).broken += 1
        return None


if __name__ == "__main__":
    main()
