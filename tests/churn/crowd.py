"""A crowd of customers with a past: of those who leave, most spoke of it months before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from helpdesk.core.db import session, transaction
from helpdesk.customers.models import Address, Customer
from helpdesk.tickets.models import Message, MessageKind, Status, Ticket


@dataclass(frozen=True)
class Leaver:
    """Who left, and when."""

    customer_id: int
    at: datetime


def crowd(today: datetime, n: int, seed: int = 1, share: float = 0.5) -> list[Leaver]:
    """So many customers of two years, in the database; `share` of them left, spread over time."""
    random, leavers = Random(seed), []
    begin = today - timedelta(days=730)
    with transaction():
        for number in range(n):
            customer = Customer(
                name=f"Customer {number}",
                created_at=begin,
                addresses=[Address(email=f"c{number}@crowd.example", is_primary=True)],
            )
            session.add(customer)
            session.flush()
            gone = today - timedelta(days=random.uniform(1, 500))
            leaves = random.random() < share
            if leaves:
                customer.lost_on = gone.date()
                leavers.append(Leaver(customer.id, gone))
            last = gone if leaves else today
            for _ in range(random.randrange(1, 4)):
                moment = begin + (last - begin) * random.random()
                _write(customer, moment, ["escalation"] if random.random() < 0.2 else [])
            if random.random() < (0.8 if leaves else 0.05):
                _write(customer, last - timedelta(days=random.uniform(40, 100)), ["cancellation"])
    return leavers


def _write(customer: Customer, moment: datetime, signals: list[str]) -> None:
    ticket = Ticket(
        subject="Something",
        status=Status.CLOSED,
        customer_id=customer.id,
        created_at=moment,
        active_at=moment,
        resolved_at=moment,
        closed_at=moment,
    )
    ticket.messages = [
        Message(
            kind=MessageKind.CUSTOMER,
            customer_id=customer.id,
            body="…",
            created_at=moment,
            polarity=-0.4 if signals else 0.1,
            signals=signals,
            scored_at=moment,
        )
    ]
    session.add(ticket)
