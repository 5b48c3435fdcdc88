"""Who there is in made-up mass data: forty agents, eight teams, and as many customers as needed."""

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from sqlalchemy import select

from helpdesk.accounts.demo import DEMO_AGENT, DEMO_CUSTOMER, DEMO_MANAGER
from helpdesk.accounts.models import Account, Team
from helpdesk.cli.seed.bulk_loading import Sheet, moment
from helpdesk.cli.seed.bulk_texts import encode
from helpdesk.cli.seed.names import FIRST_NAMES, LAST_NAMES, ORGANIZATIONS
from helpdesk.core.db import session

DAY = 24 * 3600
TICKETS_A_CUSTOMER = 5
CUSTOMERS_AN_ORGANIZATION = 10
AGENTS = 40
TEAMS = (
    ("Billing", 18), ("Technical", 28), ("Getting started", 16), ("Accounts", 12),
    ("Payments", 10), ("Integrations", 8), ("Renewals", 6), ("Data protection", 2),
)  # fmt: skip
"""Name and share of the tickets, in hundredths."""
RESTRICTED = "Data protection"
SHARE_WITH_ACCOUNT = 0.3
TIERS = (None, "Starter", "Team", "Business")


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody of the staff."""

    id: int
    name: str


@dataclass(slots=True)
class Customer:
    """A customer, and what grows on the record while tickets come and go. Moments in seconds."""

    id: int
    name: str
    email: str
    organization_id: int
    account_id: int | None
    created: int
    asked: int = 0
    """When a survey was last sent."""
    score: int | None = None
    mood: float = 0.0
    scored: int = 0
    """How many messages went into the mood."""


class Company:
    """Everybody; `keep` writes the customers once their tickets are told."""

    def __init__(self, random: Random, customers: int, start: int) -> None:
        self.random, self.start = random, start
        self.accounts = Sheet(
            "account", "email", "name", "role", "session_key", "created_at", "verified_at"
        )
        self.teams = Sheet("team", "name", "restricted")
        self.members = Sheet("team_member", "team_id", "account_id", numbered=False)
        self.organizations = Sheet(
            "organization", "name", "contract_value", "renews_on", "created_at"
        )
        self.domains = Sheet("organization_domain", "organization_id", "domain")
        self.people = Sheet(
            "customer", "name", "organization_id", "account_id", "tier", "created_at",
            "customer_since", "surveyed_at", "health", "sentiment", "sentiment_n", "last_score",
        )  # fmt: skip
        self.addresses = Sheet("address", "customer_id", "email", "is_primary", "verified_at")
        self.orders = Sheet(
            "customer_order", "customer_id", "reference", "ordered_at", "amount", "currency",
            "item", "recorded_at",
        )  # fmt: skip
        self.notes = Sheet("customer_note", "customer_id", "author_id", "body", "created_at")
        self.snapshots = Sheet(
            "health_snapshot", "customer_id", "day", "risk", "points", "missing", "coverage",
            "clears", "recorded_at",
        )  # fmt: skip
        self.number_of_customers = max(customers, 1)
        self.agents: dict[int, list[Agent]] = {}
        self.customers: list[Customer] = []
        self.organization_names: dict[int, str] = {}

    @property
    def sheets(self) -> list[Sheet]:
        """All tables this fills."""
        return [
            self.accounts, self.teams, self.members, self.organizations, self.domains, self.people,
            self.addresses, self.orders, self.notes, self.snapshots,
        ]  # fmt: skip

    def found(self) -> None:
        """Hire the staff and win the customers."""
        known = set(session.scalars(select(Account.email).where(Account.email.endswith("example"))))
        self._hire(known)
        first = self.organizations.last_id + 1
        for _ in range(max(self.number_of_customers // CUSTOMERS_AN_ORGANIZATION, 1)):
            self._organize()
        organizations = range(first, self.organizations.last_id + 1)
        for number in range(self.number_of_customers):
            organization_id = organizations[number % len(organizations)]
            wanted = DEMO_CUSTOMER if number == 0 and DEMO_CUSTOMER not in known else ""
            self.customers.append(self._win(organization_id, wanted))

    def _hire(self, known: set[str]) -> None:
        team_ids = [self._team(name) for name, _ in TEAMS]
        self.agents = {team_id: [] for team_id in team_ids}
        for number in range(AGENTS):
            name = self._name()
            wanted = DEMO_AGENT if number == 0 and DEMO_AGENT not in known else ""
            agent = Agent(self._account(name, wanted, "agent"), name)
            team_id = team_ids[number % len(team_ids)]
            self.members.put(team_id, agent.id)
            self.agents[team_id].append(agent)
        if DEMO_MANAGER not in known:
            self._account("Nora Weiss", DEMO_MANAGER, "manager")
        self._bounds = list(accumulate(share / 100 for _, share in TEAMS))
        self._team_ids = team_ids

    def _team(self, name: str) -> int:
        known = session.scalar(select(Team.id).where(Team.name == name))
        return known or self.teams.add(name, int(name == RESTRICTED))

    def _name(self) -> str:
        return f"{self.random.choice(FIRST_NAMES)} {self.random.choice(LAST_NAMES)}"

    def _account(self, name: str, email: str, role: str) -> int:
        number = self.accounts.last_id + 1
        email = email or f"{role}{number}@acorn-payroll.example"
        at = moment(self.start - DAY)
        return self.accounts.add(email, name, role, f"none of {number} yet", at, at)

    def _organize(self) -> None:
        number = self.organizations.last_id + 1
        name = self.random.choice(ORGANIZATIONS)
        worth = self.random.choice((None, 348, 948, 2268, 9600))
        renews = (moment(self.start + self.random.randrange(540, 900) * DAY) or "")[:10]
        created = moment(self.start - self.random.randrange(700) * DAY)
        self.organization_names[number] = f"{name} {number}"
        self.organizations.add(f"{name} {number}", worth, renews, created)
        self.domains.add(number, f"o{number}.example")

    def _win(self, organization_id: int, email: str) -> Customer:
        name = self._name()
        email = email or f"c{self.people.last_id + 1}@o{organization_id}.example"
        has_account = self.random.random() < SHARE_WITH_ACCOUNT or email == DEMO_CUSTOMER
        account_id = self._account(name, email, "customer") if has_account else None
        created = self.start - self.random.randrange(500 * DAY)
        return Customer(self.people.next_id(), name, email, organization_id, account_id, created)

    def customer(self) -> Customer:
        """Whoever writes next; some write much, many little."""
        return self.customers[int(self.random.random() ** 1.6 * len(self.customers))]

    def team_id(self) -> int:
        """The team that a new ticket falls to."""
        return self._team_ids[min(bisect(self._bounds, self.random.random()), len(TEAMS) - 1)]

    def keep(self, end: int) -> None:
        """Write every customer as they are at the end."""
        agents = [agent.id for team in self.agents.values() for agent in team]
        for customer in self.customers:
            self._keep(customer, end)
            if self.random.random() < 0.1:
                note = "Prefers a call before noon. Payroll closes on the 25th."
                created = moment(end - self.random.randrange(300 * DAY))
                self.notes.add(customer.id, self.random.choice(agents), note, created)

    def _keep(self, customer: Customer, end: int) -> None:
        since = moment(customer.created)
        risk = max(0, min(100, round(25 - 40 * customer.mood)))
        self.people.put(
            customer.id, customer.name, customer.organization_id, customer.account_id,
            self.random.choice(TIERS), since, (since or "")[:10], moment(customer.asked or None),
            100 - risk, customer.mood if customer.scored else None, customer.scored,
            customer.score,
        )  # fmt: skip
        self.addresses.add(customer.id, customer.email, 1, since)
        for number in range(self.random.randrange(4)):
            bought = moment(end - self.random.randrange(500 * DAY))
            amount = self.random.choice((29, 79, 189))
            reference = f"A-{customer.id}-{number}"
            self.orders.add(customer.id, reference, bought, amount, "EUR", "Plan, a month", bought)
        day = (moment(end) or "")[:10]
        points, missing = _points(risk), encode(["orders"])
        self.snapshots.add(customer.id, day, risk, points, missing, 0.8, "[]", moment(end))


def _points(risk: int) -> str:
    point = {
        "family": "sentiment",
        "key": "mood",
        "value": risk,
        "counted": risk,
        "reason": "Messages sound unhappy",
        "ticket_ids": [],
    }
    return encode([point] if risk > 25 else [])
