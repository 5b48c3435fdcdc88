"""Eighteen months at a small company: who writes when, how they are answered, how they rate it.

Drawn from a seed: the same seed on the same day tells the same story.
"""

from datetime import datetime, timedelta
from random import Random

from helpdesk.cli.seed import words
from helpdesk.cli.seed.care import Care
from helpdesk.cli.seed.cases import Cases
from helpdesk.cli.seed.company import Client, Company
from helpdesk.cli.seed.feedback import Feedback
from helpdesk.cli.seed.history import DAY, HOUR, History
from helpdesk.cli.seed.people import TURNING, is_calm
from helpdesk.cli.seed.promised import look
from helpdesk.core.clock import now

INCIDENT_AGO = timedelta(days=70)
INCIDENT_LASTS = timedelta(days=2)
BUSY_WEEK = timedelta(days=8)
SEASONS = {12: 1.4, 1: 1.7, 2: 1.2, 7: 0.8, 8: 0.7}
"""How much more or less is written, by month: payrolls close in winter, people rest in summer."""


class Story:
    """What happens by the calendar; the rest follows from it."""

    def __init__(self, company: Company, history: History, random: Random) -> None:
        self.company = company
        self.history = history
        self.random = random
        self.cases = Cases(company, history, random)
        self.feedback = Feedback(company, history, self.cases, random)
        self.care = Care(company, history, random)

    def plan(self, start: datetime) -> None:
        """Everything that does not follow from something else."""
        for client in self.company.clients:
            self._plan_client(client)
        self._plan_incident()
        self._plan_busy_week()
        self.history.every(DAY, start + 10 * HOUR, self.feedback.ask_for_nps)
        self.history.every(28 * DAY, start + 6 * HOUR, self.care.review_all)
        self.history.every(7 * DAY, self.history.end - 168 * DAY, self.care.review_all)
        self.history.every(7 * DAY, start + 7 * DAY, self.cases.close_resolved)
        self.history.every(4 * HOUR, start, lambda: look(now()))

    def _plan_client(self, client: Client) -> None:
        until = client.left or self.history.end
        at = client.since
        while True:
            at += timedelta(days=self.random.expovariate(1.0) * 30 / self._activity(client, at))
            if at >= until:
                break
            self.history.at(self._daytime(at), self.cases.filing(client))
        if client.left:
            self.history.at(client.left, lambda: self.care.leave(client))

    def _activity(self, client: Client, at: datetime) -> float:
        turned = client.fate in TURNING and at > client.turn
        return (
            client.activity
            * self._growth(at)
            * SEASONS.get(at.month, 1.0)
            * (3.2 if turned and not is_calm(client, at) else 1)
        )

    def _growth(self, at: datetime) -> float:
        """The company grows: eight times as much is written at the end as at the start."""
        return 1.6 - 1.4 * ((self.history.end - at) / timedelta(days=540))

    def _daytime(self, at: datetime) -> datetime:
        return at.replace(hour=self.random.randint(7, 18), minute=self.random.randint(0, 59))

    def _plan_incident(self) -> None:
        start = (self.history.end - INCIDENT_AGO).replace(hour=7, minute=10)
        staying = [c for c in self.company.clients if c.left is None or c.left > start]
        for client in self.random.sample(staying, min(len(staying), 34)):
            at = start + self.random.random() * INCIDENT_LASTS
            self.history.at(at, self.cases.filing(client, words.INCIDENT))

    def _plan_busy_week(self) -> None:
        """Payday is near and one agent is on leave: just now more comes in than goes out."""
        staying = [client for client in self.company.clients if client.left is None]
        for client in self.random.sample(staying, min(len(staying), 58)):
            at = self.history.end - BUSY_WEEK * self.random.random()
            self.history.at(self._daytime(at), self.cases.filing(client, pressed=9.0))
