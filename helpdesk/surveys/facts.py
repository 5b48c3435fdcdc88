"""What there is to know before somebody is asked, gathered for many at once, so that the rules in
`exclusions` and `budget` need no database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.accounts.models import STAFF, Account
from helpdesk.core.db import ask, session
from helpdesk.customers.models import Customer, SurveyPreference
from helpdesk.surveys import policies
from helpdesk.surveys.models import FollowUp, Invitation, Kind, State, SurveyPolicy
from helpdesk.tickets.models import Message, MessageKind, Ticket

Subject = tuple[Customer, Ticket | None]


@dataclass
class Spent:
    """How many surveys went to whom lately. Only those that were mailed count, so one that never
    went out costs nobody anything."""

    people: Counter[int]
    organizations: Counter[int]
    nps_waits: set[int]
    """Customers whom the question about us as a whole is about to reach."""
    counts_people: bool = True
    counts_organizations: bool = True
    """Whether there is a window at all: without one nothing that was sent counts."""

    def note(self, customer: Customer) -> None:
        """One more went to them."""
        if self.counts_people:
            self.people[customer.id] += 1
        if self.counts_organizations and customer.organization_id is not None:
            self.organizations[customer.organization_id] += 1


@dataclass(frozen=True)
class Facts:
    """About one customer and one ticket, or us as a whole."""

    customer: Customer
    ticket: Ticket | None
    is_staff: bool
    replies: Counter[int]
    """Public replies by the agents who wrote them."""
    had_bad_tone: bool
    is_looked_after: bool
    """Somebody still looks after an unhappy answer of theirs."""
    spent: Spent
    policy: SurveyPolicy


def gather(subjects: Sequence[Subject], at: datetime) -> list[Facts]:
    """The facts about each of them at that moment."""
    customers = [customer for customer, _ in subjects]
    tickets = [ticket.id for _, ticket in subjects if ticket]
    held = policies.policy()
    staff, replies = _staff_among(customers), _replies(tickets)
    bad = _bad_tone(t.id for c, t in subjects if t and _wants_problems(c))
    looked_after = _looked_after(customers)
    spent = _spent(customers, held, at)
    return [
        Facts(
            customer,
            ticket,
            bool(staff & {address.email for address in customer.addresses}),
            replies[ticket.id] if ticket else Counter(),
            bool(ticket and ticket.id in bad),
            customer.id in looked_after,
            spent,
            held,
        )
        for customer, ticket in subjects
    ]


def _wants_problems(customer: Customer) -> bool:
    return customer.survey_preference is SurveyPreference.PROBLEMS


def _staff_among(customers: Iterable[Customer]) -> set[str]:
    emails = [address.email for customer in customers for address in customer.addresses]
    known = select(Account.email).where(Account.email.in_(emails), Account.role.in_(STAFF))
    return set(session.scalars(known)) if emails else set()


def _replies(tickets: Sequence[int]) -> defaultdict[int, Counter[int]]:
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    statement = (
        select(Message.ticket_id, Message.author_id, func.count())
        .where(
            Message.ticket_id.in_(tickets),
            Message.kind == MessageKind.AGENT,
            Message.author_id.is_not(None),
        )
        .group_by(Message.ticket_id, Message.author_id)
    )
    for ticket_id, author_id, number in ask(statement) if tickets else ():
        found[ticket_id][author_id] = number
    return found


def _bad_tone(tickets: Iterable[int]) -> set[int]:
    wanted = list(tickets)
    negative = Message.sentiment_label == "negative"
    statement = select(Message.ticket_id).where(Message.ticket_id.in_(wanted), negative).distinct()
    return set(session.scalars(statement)) if wanted else set()


def _looked_after(customers: Iterable[Customer]) -> set[int]:
    theirs = FollowUp.customer_id.in_([customer.id for customer in customers])
    statement = select(FollowUp.customer_id).where(theirs, FollowUp.closed_at.is_(None))
    return set(session.scalars(statement))


def _spent(customers: Sequence[Customer], held: SurveyPolicy, at: datetime) -> Spent:
    people = {customer.id for customer in customers}
    organizations = {c.organization_id for c in customers if c.organization_id is not None}
    theirs = Invitation.customer_id.in_(people)
    waits = (Invitation.kind == Kind.NPS, Invitation.state == State.WAITING)
    return Spent(
        _count(Invitation.customer_id, theirs, at - policies.person_window(held)),
        _count(
            Invitation.organization_id,
            Invitation.organization_id.in_(organizations),
            at - policies.organization_window(held),
        ),
        set(session.scalars(select(Invitation.customer_id).where(theirs, *waits))),
        bool(policies.person_window(held)),
        bool(policies.organization_window(held)),
    )


def _count(
    key: InstrumentedAttribute[Any], condition: ColumnElement[bool], since: datetime
) -> Counter[int]:
    statement = select(key, func.count()).where(condition, Invitation.sent_at > since).group_by(key)
    return Counter(dict(tuple(row) for row in ask(statement)))
