"""Who there is in the demo: staff, teams, organizations, their people, and how each will fare."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from random import Random

from helpdesk.accounts.demo import DEMO_AGENT, DEMO_CUSTOMER, DEMO_MANAGER
from helpdesk.accounts.models import Account, Role, Team
from helpdesk.cli.seed.names import FIRST_NAMES, LAST_NAMES, ORGANIZATIONS
from helpdesk.cli.seed.promised import promise
from helpdesk.core.db import session
from helpdesk.customers.models import Address, Customer, Order, Organization

DOMAIN = "acorn-payroll.example"


class Fate(Enum):
    """How an organization fares over the eighteen months."""

    STEADY = "steady"
    PLEASED = "pleased"
    DEMANDING = "demanding"  # writes a lot, is rarely quite happy, stays
    SAVED = "saved"  # was about to leave until somebody cared
    LOST = "lost"  # left
    LEAVING = "leaving"  # is about to, just now


@dataclass(frozen=True)
class Agent:
    """Somebody of the staff; `skill` moves ratings, `pace` divides the time to a reply."""

    account_id: int
    skill: float
    pace: float


@dataclass
class Client:
    """A customer in the story."""

    customer_id: int
    name: str
    fate: Fate
    activity: float
    """Tickets a month."""
    mood: float
    """0 to 1; where it stands before fate takes a hand."""
    turn: datetime
    """When fate takes a hand."""
    since: datetime
    left: datetime | None = None


@dataclass
class Company:
    """Everybody."""

    agents: dict[str, list[Agent]]
    teams: dict[str, int]
    manager_id: int
    clients: list[Client]


_FATES = (
    [Fate.STEADY] * 44 + [Fate.PLEASED] * 18 + [Fate.DEMANDING] * 9
    + [Fate.SAVED] * 5 + [Fate.LOST] * 6 + [Fate.LEAVING] * 3
)  # fmt: skip
_MOODS = {
    Fate.STEADY: 0.78, Fate.PLEASED: 0.9, Fate.DEMANDING: 0.56,
    Fate.SAVED: 0.72, Fate.LOST: 0.72, Fate.LEAVING: 0.75,
}  # fmt: skip
_PLANS = (("Starter", 29), ("Team", 79), ("Business", 189))


def found(random: Random, start: datetime, end: datetime, size: int) -> Company:
    """The company as it stood at `start`, with everybody of the first `size` organizations."""
    agents, teams, manager_id = _staff(start)
    promise(start, end)
    clients: list[Client] = []
    fates = [Fate.LEAVING, *random.sample(_FATES, len(_FATES) - 1)]
    for number, (name, fate) in enumerate(zip(ORGANIZATIONS[:size], fates, strict=False)):
        clients += _people_of(random, number, name, fate, start, end)
    for client in clients:
        session.add_all(_orders_of(random, client, end))
    return Company(agents, teams, manager_id, clients)


def _staff(start: datetime) -> tuple[dict[str, list[Agent]], dict[str, int], int]:
    people = {
        name: _account(name, email, role, start)
        for name, email, role in (
            ("Mika Kallio", DEMO_AGENT, Role.AGENT),
            ("Ben Lund", f"ben@{DOMAIN}", Role.AGENT),
            ("Yuki Tanabe", f"yuki@{DOMAIN}", Role.AGENT),
            ("Ana Souza", f"ana@{DOMAIN}", Role.AGENT),
            ("Eli Brandt", f"eli@{DOMAIN}", Role.AGENT),
            ("Dee Marlow", f"dee@{DOMAIN}", Role.AGENT),
            ("Nora Weiss", DEMO_MANAGER, Role.MANAGER),
            ("Ada Ortiz", f"ada@{DOMAIN}", Role.ADMIN),
        )
    }
    skills = {
        "Mika Kallio": (0.08, 1.5), "Ben Lund": (0.04, 1.0), "Yuki Tanabe": (0.06, 1.2),
        "Ana Souza": (0.1, 1.1), "Eli Brandt": (-0.12, 0.6), "Dee Marlow": (0.02, 0.9),
    }  # fmt: skip
    rosters = {
        "Billing": ("Mika Kallio", "Eli Brandt"),
        "Technical": ("Ben Lund", "Yuki Tanabe", "Dee Marlow"),
        "Getting started": ("Ana Souza", "Mika Kallio"),
        "Data protection": ("Nora Weiss", "Ada Ortiz"),
    }
    teams = {
        name: Team(
            name=name,
            restricted=name == "Data protection",
            members=[people[member] for member in members],
        )
        for name, members in rosters.items()
    }
    session.add_all([*people.values(), *teams.values()])
    session.flush()
    agents = {
        name: [Agent(people[who].id, *skills.get(who, (0.0, 1.0))) for who in members]
        for name, members in rosters.items()
    }
    return agents, {name: team.id for name, team in teams.items()}, people["Nora Weiss"].id


def _account(name: str, email: str, role: Role, at: datetime) -> Account:
    return Account(
        name=name,
        email=email,
        role=role,
        session_key=f"{email} has no session",
        created_at=at,
        verified_at=at,
    )


def _people_of(
    random: Random, number: int, name: str, fate: Fate, start: datetime, end: datetime
) -> list[Client]:
    since = start + timedelta(days=random.choice((-700, -420, -200, -60, 0, 0, 90, 200)))
    if number == 0:
        since = start - timedelta(days=400)
    turn, left = _turning(random, fate, start, end)
    domain = name.lower().replace(" & ", "-").replace(" ", "-") + ".example"
    organization = Organization(
        name=name,
        domain=domain,
        contract_value=Decimal(12 * random.choice(_PLANS)[1] * random.randint(1, 6)),
        renews_on=_renewal(since.date(), end.date()),
        created_at=since,
    )
    size = 2 if number == 0 else random.choice((1, 1, 1, 1, 2, 3))
    clients = []
    for place in range(size):
        who = "Rosa Lindt" if number == place == 0 else _name(random)
        email = DEMO_CUSTOMER if number == place == 0 else _email(who, domain, place)
        customer = _customer(random, who, email, organization, since)
        if number == place == 0:
            customer.account = _account(who, email, Role.CUSTOMER, since)
        session.add(customer)
        session.flush()
        clients.append(
            Client(
                customer.id,
                who,
                fate,
                activity=random.uniform(0.16, 0.62) * (2.2 if fate is Fate.DEMANDING else 1),
                mood=min(0.98, max(0.2, random.gauss(_MOODS[fate], 0.08))),
                turn=turn,
                since=max(since, start),
                left=left,
            )
        )
    return clients


def _turning(
    random: Random, fate: Fate, start: datetime, end: datetime
) -> tuple[datetime, datetime | None]:
    if fate is Fate.LEAVING:
        return end - timedelta(days=random.randint(35, 60)), None
    turn = start + (end - start) * random.uniform(0.3, 0.75)
    left = turn + timedelta(days=random.randint(50, 90)) if fate is Fate.LOST else None
    return turn, left


def _renewal(since: date, today: date) -> date:
    day = since.replace(day=min(since.day, 28))
    year = today.year if day.replace(year=today.year) > today else today.year + 1
    return day.replace(year=year)


def _name(random: Random) -> str:
    return f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"


def _email(name: str, domain: str, place: int) -> str:
    plain = name.partition(" ")[0].lower().replace("á", "a")
    return f"{plain}{place or ''}@{domain}"


def _customer(
    random: Random, name: str, email: str, organization: Organization, since: datetime
) -> Customer:
    proven = since if random.random() < 0.93 else None
    return Customer(
        name=name,
        organization=organization,
        language=random.choice(("en", "en", "en", "de", "pt")),
        time_zone=random.choice(("Europe/Berlin", "Europe/Lisbon", "Europe/London")),
        tier=random.choice(_PLANS)[0],
        created_at=since,
        customer_since=since.date(),
        addresses=[
            Address(
                email=email,
                is_primary=True,
                verified_at=since if email == DEMO_CUSTOMER else proven,
                bounced_at=since if proven and random.random() < 0.02 else None,
            )
        ],
    )


def _orders_of(random: Random, client: Client, end: datetime) -> list[Order]:
    """A subscription a month, from the first person of each organization, until they leave."""
    plan, price = random.choice(_PLANS)
    until = client.left or end
    paying = random.random() < 0.6
    at = client.since + timedelta(days=random.randint(0, 27))
    orders: list[Order] = []
    while paying and at < until:
        orders.append(
            Order(
                customer_id=client.customer_id,
                reference=f"AP-{client.customer_id}-{len(orders) + 1:02}",
                ordered_at=at,
                amount=Decimal(price),
                currency="EUR",
                item=f"Acorn {plan}, one month",
                recorded_at=at,
            )
        )
        at += timedelta(days=30)
    return orders
