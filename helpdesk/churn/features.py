"""The facts about customers at one moment, read for many of them in a handful of queries.

Only what had happened, and had been recorded, by that moment goes in.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlalchemy import Row, or_, select

from helpdesk.churn.facts import FEEDBACK_DAYS, Facts
from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import Customer, Order, Organization
from helpdesk.surveys.models import Kind, Response
from helpdesk.tickets.models import Message, MessageKind, Ticket

WEIGHT_OF_LAST = 0.3
"""Of each further message in the exponentially weighted mean of tone."""
LOOK_BACK = timedelta(days=730)
MONTH = timedelta(days=30)
QUARTER = timedelta(days=90)


@dataclass(frozen=True)
class Contact:
    """A message of a customer."""

    at: datetime
    ticket_id: int
    polarity: float | None
    signals: Sequence[str]


@dataclass(frozen=True)
class Answer:
    """A response of a customer."""

    at: datetime
    kind: Kind
    score: int
    ticket_id: int | None


def facts_of(customer_ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    """What was known about each of these customers at `at`."""
    contacts, answers = _contacts(customer_ids, at), _answers(customer_ids, at)
    orders, reopenings = _orders(customer_ids, at), _reopenings(customer_ids, at)
    problems, tenures = _open_tickets(customer_ids, at), _tenures(customer_ids, at)
    return {
        customer_id: _facts(
            at,
            contacts[customer_id],
            answers[customer_id],
            orders[customer_id],
            reopenings[customer_id],
            problems[customer_id],
            *tenures[customer_id],
        )
        for customer_id in customer_ids
        if customer_id in tenures
    }


def tone(polarities: Iterable[float]) -> float | None:
    """The exponentially weighted mean of the tone of messages, oldest first; None without any."""
    mean: float | None = None
    for polarity in polarities:
        mean = polarity if mean is None else mean + WEIGHT_OF_LAST * (polarity - mean)
    return mean


def _facts(
    at: datetime,
    contacts: list[Contact],
    answers: list[Answer],
    orders: list[datetime],
    reopenings: list[int],
    open_tickets: list[int],
    tenure_days: int,
    days_to_renewal: int | None,
) -> Facts:
    csat = [answer for answer in answers if answer.kind is Kind.CSAT]
    nps = [answer for answer in answers if answer.kind is Kind.NPS]
    recent = [contact for contact in contacts if contact.at > at - MONTH]
    scored = [contact for contact in contacts if contact.polarity is not None]
    now_tone, tone_before = _tone_until(scored, at), _tone_until(scored, at - MONTH)
    signs = sorted([c.at for c in contacts] + [a.at for a in answers] + orders)
    cancelling, escalating = _with(contacts, "cancellation", at), _with(contacts, "escalation", at)
    return Facts(
        last_csat=csat[-1].score if csat else None,
        last_nps=nps[-1].score if nps else None,
        nps_before=nps[-2].score if len(nps) > 1 else None,
        contacts_30d=len(recent),
        usual_contacts_30d=_usual(contacts, at, tenure_days),
        reopened_90d=len(reopenings),
        escalations_90d=len(escalating),
        sentiment=now_tone,
        sentiment_n=len(scored),
        sentiment_change=_change(now_tone, tone_before),
        silent_days=(at - signs[-1]).total_seconds() / 86400 if signs else None,
        usual_gap_days=_usual_gap(signs),
        cancellations_90d=len(cancelling),
        days_to_renewal=days_to_renewal,
        open_problems=len(open_tickets),
        tenure_days=tenure_days,
        evidence={
            "last_csat": _tickets(csat[-1:]),
            "contacts_30d": _distinct(c.ticket_id for c in recent),
            "reopened_90d": _distinct(reopenings),
            "escalations_90d": _distinct(c.ticket_id for c in escalating),
            "cancellations_90d": _distinct(c.ticket_id for c in cancelling),
            "sentiment": _distinct(c.ticket_id for c in scored[-3:]),
            "open_problems": tuple(open_tickets),
        },
    )


def _tone_until(scored: list[Contact], moment: datetime) -> float | None:
    return tone(c.polarity for c in scored if c.at <= moment and c.polarity is not None)


def _change(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before


def _with(contacts: list[Contact], signal: str, at: datetime) -> list[Contact]:
    return [c for c in contacts if c.at > at - QUARTER and signal in c.signals]


def _usual(contacts: list[Contact], at: datetime, tenure_days: int) -> float | None:
    """Mean contacts in the earlier spans of 30 days, up to a year back; None before 60 days."""
    spans = min(tenure_days, 365) // 30 - 1
    if spans < 1:
        return None
    start = at - MONTH * (spans + 1)
    return sum(start < c.at <= at - MONTH for c in contacts) / spans


def _usual_gap(signs: list[datetime]) -> float | None:
    """Median days between signs of life on different days; None with fewer than three gaps."""
    days = sorted({sign.date() for sign in signs})
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return median(gaps) if len(gaps) >= 3 else None


def _tickets(answers: list[Answer]) -> tuple[int, ...]:
    return tuple(a.ticket_id for a in answers if a.ticket_id is not None)


def _distinct(ticket_ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(ticket_ids))


def _contacts(customer_ids: Sequence[int], at: datetime) -> dict[int, list[Contact]]:
    rows = session.execute(
        select(
            Message.customer_id,
            Message.created_at,
            Message.ticket_id,
            Message.polarity,
            Message.signals,
        )
        .where(
            Message.customer_id.in_(customer_ids),
            Message.kind == MessageKind.CUSTOMER,
            Message.created_at.between(at - LOOK_BACK, at),
        )
        .order_by(Message.created_at, Message.id)
    )
    found: dict[int, list[Contact]] = defaultdict(list)
    for customer_id, moment, ticket_id, polarity, signals in rows:
        found[customer_id].append(Contact(moment, ticket_id, polarity, signals or ()))
    return found


def _answers(customer_ids: Sequence[int], at: datetime) -> dict[int, list[Answer]]:
    rows = session.execute(
        select(
            Response.customer_id,
            Response.created_at,
            Response.kind,
            Response.score,
            Response.ticket_id,
        )
        .where(
            Response.customer_id.in_(customer_ids),
            Response.created_at.between(at - timedelta(days=FEEDBACK_DAYS), at),
        )
        .order_by(Response.created_at, Response.id)
    )
    found: dict[int, list[Answer]] = defaultdict(list)
    for customer_id, moment, kind, score, ticket_id in rows:
        found[customer_id].append(Answer(moment, kind, score, ticket_id))
    return found


def _orders(customer_ids: Sequence[int], at: datetime) -> dict[int, list[datetime]]:
    rows = session.execute(
        select(Order.customer_id, Order.ordered_at)
        .where(
            Order.customer_id.in_(customer_ids),
            Order.ordered_at.between(at - LOOK_BACK, at),
            Order.recorded_at <= at,
        )
        .order_by(Order.ordered_at)
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for customer_id, moment in rows:
        found[customer_id].append(moment)
    return found


def _reopenings(customer_ids: Sequence[int], at: datetime) -> dict[int, list[int]]:
    rows = session.execute(
        select(Ticket.customer_id, Ticket.id)
        .join(JournalEntry, JournalEntry.subject_id == Ticket.id)
        .where(
            Ticket.customer_id.in_(customer_ids),
            JournalEntry.subject_kind == "ticket",
            JournalEntry.event == "TicketReopened",
            JournalEntry.at.between(at - QUARTER, at),
        )
        .order_by(JournalEntry.id)
    )
    return _grouped(rows)


def _open_tickets(customer_ids: Sequence[int], at: datetime) -> dict[int, list[int]]:
    rows = session.execute(
        select(Ticket.customer_id, Ticket.id)
        .where(
            Ticket.customer_id.in_(customer_ids),
            Ticket.created_at <= at,
            or_(Ticket.is_open, Ticket.resolved_at > at),
        )
        .order_by(Ticket.id)
    )
    return _grouped(rows)


def _grouped(rows: Iterable[Row[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for customer_id, value in rows:
        found[customer_id].append(value)
    return found


def _tenures(customer_ids: Sequence[int], at: datetime) -> dict[int, tuple[int, int | None]]:
    rows = session.execute(
        select(Customer.id, Customer.customer_since, Customer.created_at, Organization.renews_on)
        .outerjoin(Organization, Organization.id == Customer.organization_id)
        .where(Customer.id.in_(customer_ids))
    )
    today = at.date()
    return {
        customer_id: (_days(since or created.date(), today), _until(renews, today))
        for customer_id, since, created, renews in rows
    }


def _days(since: date, today: date) -> int:
    return max((today - since).days, 0)


def _until(renews: date | None, today: date) -> int | None:
    return (renews - today).days if renews else None
