"""One ticket from filing to resolution, and sometimes back."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from sqlalchemy import select

from helpdesk.accounts.models import Team
from helpdesk.cli.seed import words
from helpdesk.cli.seed.company import Agent, Client, Company
from helpdesk.cli.seed.history import DAY, HOUR, History, Step
from helpdesk.cli.seed.people import at_work, has_turned, mood, person
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.customers.models import Customer
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import DONE, Priority, Status, Ticket


@dataclass
class Case:
    """One ticket as the story has it."""

    client: Client
    topic: words.Topic
    agent: Agent
    upset: bool
    late: float
    """How many times the usual wait."""
    filling: dict[str, str] = field(default_factory=dict)
    number: int = 0
    rounds: int = 0
    """How often the answer did not help."""
    reopened: bool = False


class Cases:
    """Everything that is written on tickets."""

    def __init__(self, company: Company, history: History, random: Random) -> None:
        self.company = company
        self.history = history
        self.random = random
        self.by_number: dict[int, Case] = {}

    def filing(self, client: Client, topic: words.Topic | None = None, pressed: float = 1) -> Step:
        """The step in which the customer opens a ticket; `pressed` makes the staff slower."""
        return lambda: self.file(client, topic, pressed)

    def file(self, client: Client, topic: words.Topic | None, pressed: float) -> None:
        """The customer opens a ticket, and somebody will answer."""
        topic = topic or self._topic()
        unhappy = 1 - mood(client)
        case = Case(
            client,
            topic,
            agent=self.random.choice(self.company.agents[topic.team]),
            upset=self.random.random() < unhappy * (1.6 if topic is words.INCIDENT else 0.9),
            late=self._lateness(topic, unhappy) * pressed,
            filling=self._filling(client),
        )
        texts = topic.upset if case.upset else topic.calm
        customer = session.get_one(Customer, client.customer_id)
        subject = self._say(case, self.random.choice(topic.subjects))
        body = self._say(case, self.random.choice(texts))
        if case.upset and has_turned(client) and self.random.random() < 0.35:
            body += "\n\n" + self.random.choice(words.CANCELLING)
        ticket = conversation.file(customer, subject, body, channel=self._channel())
        case.number = ticket.id
        self.by_number[ticket.id] = case
        self._sort(ticket, case)
        self.history.at(self._when_answered(case), lambda: self.reply(case))
        if case.late > 3 and case.upset:
            self.history.at(now() + 2 * DAY, lambda: self._nag(case))

    def _topic(self) -> words.Topic:
        month = now().month
        weights = [4 if month in topic.months else 2 for topic in words.TOPICS]
        weights[-1] = 1
        return self.random.choices(words.TOPICS, weights)[0]

    def _channel(self) -> str:
        return self.random.choices(("portal", "e-mail"), (3, 1))[0]

    def _filling(self, client: Client) -> dict[str, str]:
        return {
            "name": client.name,
            "month": f"{now():%B}",
            "year": str(now().year + 1),
            "amount": f"{self.random.choice((29, 49, 79, 189))}.00",
            "people": str(self.random.randint(4, 60)),
            "number": str(self.random.randint(120, 9000)),
        }

    def _say(self, case: Case, text: str) -> str:
        return text.format(**case.filling)

    def _sort(self, ticket: Ticket, case: Case) -> None:
        team = session.get_one(Team, self.company.teams[case.topic.team])
        actions.move_to_team(ticket, team, by=None)
        actions.set_tags(ticket, case.topic.tags, by=None)
        if self.random.random() < 0.6:
            agent = person(case.agent.account_id)
            actions.assign(ticket, agent, by=agent, reason="took it")
        if case.upset:
            urgent = case.topic is words.INCIDENT
            actions.set_priority(ticket, Priority.URGENT if urgent else Priority.HIGH, by=None)

    def _lateness(self, topic: words.Topic, unhappy: float) -> float:
        if topic is words.INCIDENT:
            return self.random.uniform(2, 9)
        return self.random.lognormvariate(0, 0.7) * (1 + unhappy)

    def _when_answered(self, case: Case) -> datetime:
        return at_work(self.random, now() + case.late * 3 * HOUR / case.agent.pace)

    def reply(self, case: Case) -> None:
        """The agent answers; sometimes with a note first, sometimes only to hold the line."""
        ticket = session.get_one(Ticket, case.number)
        if ticket.status in DONE:
            return
        agent = person(case.agent.account_id)
        if self.random.random() < 0.12:
            conversation.add_note(ticket, self.random.choice(words.NOTES), by=agent)
        holding = case.late > 2 and self.random.random() < 0.4
        text = self.random.choice(words.HOLDING if holding else case.topic.answers)
        conversation.reply(
            ticket, self._letter(case, text, agent.name), by=agent, seen=ticket.version
        )
        if holding:
            self.history.at(at_work(self.random, now() + DAY), lambda: self.reply(case))
            return
        if self.random.random() < 0.5:
            actions.set_status(ticket, Status.PENDING, by=agent)
        self._plan_what_they_say(case)

    def _letter(self, case: Case, text: str, agent: str) -> str:
        greeting = self.random.choice(words.GREETINGS)
        lines = [greeting, text, self.random.choice(words.CLOSINGS)]
        letter = "\n\n".join(line for line in lines if line)
        first = case.client.name.partition(" ")[0]
        return self._say(case, letter.replace("{name}", first)) + f"\n\n{agent}\nAcorn Payroll"

    def _plan_what_they_say(self, case: Case) -> None:
        fails = self.random.random() < (0.45 if case.upset else 0.2) / (1 + case.rounds)
        later = now() + self.random.uniform(0.5, 20) * HOUR
        if fails and case.rounds < 2:
            case.rounds += 1
            self.history.at(later, lambda: self._still(case))
        elif self.random.random() < 0.55:
            self.history.at(later, lambda: self._thank(case))
        else:
            self.history.at(at_work(self.random, now() + 2 * DAY), lambda: self._resolve(case))

    def _still(self, case: Case) -> None:
        self._write(case, words.ANGRY if case.upset and case.rounds > 1 else words.STILL)
        wait = case.late * 3 * HOUR / case.agent.pace
        self.history.at(at_work(self.random, now() + wait), lambda: self.reply(case))

    def _nag(self, case: Case) -> None:
        ticket = session.get_one(Ticket, case.number)
        if ticket.first_replied_at is None:
            self._write(case, words.ANGRY)

    def _thank(self, case: Case) -> None:
        self._write(case, words.THANKS)
        self.history.at(at_work(self.random, now() + HOUR), lambda: self._resolve(case))

    def _write(self, case: Case, texts: tuple[str, ...]) -> None:
        ticket = session.get_one(Ticket, case.number)
        if ticket.status is Status.CLOSED:
            return
        text = self.random.choice(texts)
        if has_turned(case.client) and case.upset and self.random.random() < 0.3:
            text += " " + self.random.choice(words.CANCELLING)
        conversation.write(ticket, text, ticket.customer, channel="e-mail")

    def _resolve(self, case: Case) -> None:
        ticket = session.get_one(Ticket, case.number)
        if ticket.status in DONE:
            return
        by_customer = self.random.random() < 0.08
        agent = None if by_customer else person(case.agent.account_id)
        actions.resolve(ticket, by=agent, by_customer=by_customer)
        again = 0.3 if case.upset and has_turned(case.client) else 0.04
        if not case.reopened and self.random.random() < again:
            case.reopened = True
            self.history.at(now() + self.random.uniform(1, 3) * DAY, lambda: self._reopen(case))

    def _reopen(self, case: Case) -> None:
        self._write(case, words.REOPENED)
        self.history.at(at_work(self.random, now() + 4 * HOUR), lambda: self.reply(case))

    def close_resolved(self) -> None:
        """Close what has been resolved for four days."""
        before = now() - 4 * DAY
        done = select(Ticket).where(Ticket.status == Status.RESOLVED, Ticket.resolved_at < before)
        for ticket in session.scalars(done):
            actions.close(ticket)
