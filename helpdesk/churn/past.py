"""What stood on record about customers at one moment.

Two times count: when something happened, and when it was recorded. What was recorded later than
the moment is not there yet, and what was corrected later still says what it said: so today, a day
of last year and the cut of a backtest are read by the same questions and nothing can leak back.

Tickets of restricted teams are left out: everybody who works here sees the health of a customer,
and would read from its moves what such a team keeps to itself.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, or_, select

from helpdesk.churn.belonging import Belonging
from helpdesk.churn.care import told_until
from helpdesk.churn.facts import FEEDBACK_DAYS
from helpdesk.core.db import ask
from helpdesk.customers.history import said_at
from helpdesk.customers.models import Customer, Order, Organization
from helpdesk.surveys.models import Kind, Response, ResponseRevision
from helpdesk.tickets.models import Message, MessageKind
from helpdesk.tickets.queries import of_restricted_teams

LOOK_BACK = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Contact:
    """A message of a customer."""

    at: datetime
    ticket_id: int
    polarity: float | None
    signals: Sequence[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response of a customer, with the score it had."""

    at: datetime
    kind: Kind
    score: int
    ticket_id: int | None


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order."""

    at: datetime
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when they are a customer, and what their organization's contract says."""

    since: date
    renews_on: date | None
    contract_value: Decimal | None


def standings(customer_ids: Sequence[int], at: datetime) -> dict[int, Standing]:
    """Those of these customers who were on record."""
    rows = ask(
        select(
            Customer.id, Customer.customer_since, Customer.created_at, Customer.organization_id
        ).where(Customer.id.in_(customer_ids), Customer.created_at <= at)
    ).all()
    said = said_at("customer", customer_ids, ("customer_since", "organization_id"), at)
    belong = {
        row.id: _number(said.get((row.id, "organization_id"), row.organization_id)) for row in rows
    }
    contracts = _contracts({one for one in belong.values() if one is not None}, at)
    found = {}
    for row in rows:
        since = said.get((row.id, "customer_since"), row.customer_since)
        contract = contracts.get(belong[row.id] or 0, (None, None))
        found[row.id] = Standing(_date(since) or row.created_at.date(), *contract)
    return found


def _contracts(
    organization_ids: set[int], at: datetime
) -> dict[int, tuple[date | None, Decimal | None]]:
    if not organization_ids:
        return {}
    rows = ask(
        select(Organization.id, Organization.renews_on, Organization.contract_value).where(
            Organization.id.in_(organization_ids), Organization.created_at <= at
        )
    )
    said = said_at("organization", organization_ids, ("renews_on", "contract_value"), at)
    return {
        row.id: (
            _date(said.get((row.id, "renews_on"), row.renews_on)),
            _sum(said.get((row.id, "contract_value"), row.contract_value)),
        )
        for row in rows
    }


def contacts(whose: Belonging, at: datetime) -> dict[int, list[Contact]]:
    """What these customers wrote in the two years before, oldest first."""
    rows = ask(
        select(
            Message.id,
            Message.customer_id,
            Message.created_at,
            Message.ticket_id,
            Message.polarity,
            Message.signals,
            Message.scored_at,
        )
        .where(
            Message.customer_id.in_(whose.ids),
            Message.kind == MessageKind.CUSTOMER,
            Message.created_at.between(at - LOOK_BACK, at),
            Message.ticket_id.not_in(of_restricted_teams(whose.ids)),
            or_(Message.recorded_at.is_(None), Message.recorded_at <= at),
        )
        .order_by(Message.created_at, Message.id)
    ).all()
    later = {row.ticket_id for row in rows if row.scored_at is not None and row.scored_at > at}
    earlier = _earlier_scores(later, at)
    found: dict[int, list[Contact]] = defaultdict(list)
    owners = whose.of("message.customer_id", rows)
    for row in rows:
        if row.id not in owners:
            continue
        known = row.scored_at is not None and row.scored_at <= at
        polarity, signals = (
            (row.polarity, row.signals) if known else earlier.get(row.id, (None, ()))
        )
        found[owners[row.id]].append(
            Contact(row.created_at, row.ticket_id, polarity, signals or ())
        )
    return found


def _earlier_scores(
    ticket_ids: set[int], at: datetime
) -> dict[int, tuple[float | None, Sequence[str]]]:
    """The tone of messages that were scored anew later, as it was known then."""
    found = {}
    for data in told_until(ticket_ids, ("MessageScored",), at):
        told = data.data
        found[told["message_id"]] = (told["polarity"], told["signals"])
    return found


def answers(whose: Belonging, at: datetime) -> dict[int, list[Answer]]:
    """Answers of the last year, oldest first; one that was changed later says what it said."""
    rows = ask(
        select(
            Response.id,
            Response.customer_id,
            Response.created_at,
            Response.updated_at,
            Response.kind,
            Response.score,
            Response.ticket_id,
        )
        .where(
            Response.customer_id.in_(whose.ids),
            Response.created_at.between(at - timedelta(days=FEEDBACK_DAYS), at),
            func.coalesce(Response.ticket_id, 0).not_in(of_restricted_teams(whose.ids)),
            or_(Response.recorded_at.is_(None), Response.recorded_at <= at),
        )
        .order_by(Response.created_at, Response.id)
    ).all()
    before = _replaced([row.id for row in rows if row.updated_at > at], at)
    found: dict[int, list[Answer]] = defaultdict(list)
    owners = whose.of("survey_response.customer_id", rows)
    for row in rows:
        if row.id in owners:
            score = before.get(row.id, row.score)
            found[owners[row.id]].append(Answer(row.created_at, row.kind, score, row.ticket_id))
    return found


def _replaced(response_ids: list[int], at: datetime) -> dict[int, int]:
    if not response_ids:
        return {}
    rows = ask(
        select(ResponseRevision.response_id, ResponseRevision.score)
        .where(ResponseRevision.response_id.in_(response_ids), ResponseRevision.replaced_at > at)
        .order_by(ResponseRevision.replaced_at.desc(), ResponseRevision.id.desc())
    )
    return {row.response_id: row.score for row in rows}


def purchases(whose: Belonging, at: datetime) -> dict[int, list[Purchase]]:
    """Orders of the two years before, oldest first, as they read then."""
    rows = ask(
        select(Order.id, Order.customer_id, Order.ordered_at, Order.amount).where(
            Order.customer_id.in_(whose.ids), Order.recorded_at <= at
        )
    ).all()
    said = said_at("order", [row.id for row in rows], ("ordered_at", "amount"), at)
    found: dict[int, list[Purchase]] = defaultdict(list)
    owners = whose.of("customer_order.customer_id", rows)
    for row in rows:
        moment = _moment(said.get((row.id, "ordered_at"), row.ordered_at))
        amount = _sum(said.get((row.id, "amount"), row.amount))
        if row.id in owners and moment and at - LOOK_BACK <= moment <= at:
            found[owners[row.id]].append(Purchase(moment, amount or Decimal(0)))
    for bought in found.values():
        bought.sort(key=lambda one: one.at)
    return found


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))


def _date(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _sum(value: Decimal | str | None) -> Decimal | None:
    return Decimal(value) if isinstance(value, str) else value
