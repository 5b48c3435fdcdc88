"""What each field of a segment asks of customers. Values are always parameters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.accounts.models import Account
from helpdesk.core.prefix import begins_with, lowered
from helpdesk.customers.models import (
    Address,
    Channel,
    Customer,
    Order,
    Organization,
    SurveyPreference,
)
from helpdesk.customers.queries import at_domains, customers_called
from helpdesk.tickets.filters import moments
from helpdesk.tickets.filters.clauses import Condition
from helpdesk.tickets.filters.fields import NONE
from helpdesk.tickets.models import Message, MessageKind, Ticket
from helpdesk.tickets.queries import visible_to

Is = ColumnElement[bool]
Column = ColumnElement[Any] | InstrumentedAttribute[Any]
FEELS = 0.25
"""From here on, up or down, the mean tone of a customer is more than neutral."""


@dataclass(frozen=True)
class Reading:
    """Who looks, when, and where their days begin."""

    viewer: Account
    at: datetime
    zone: tzinfo


Meaning = Callable[[Condition, Reading], Is]


def called(start: str) -> Is:
    """Whose name, address or organization begins with a text."""
    return Customer.id.in_(customers_called(start))


def _among(column: Column, *, lower: bool = False) -> Meaning:
    def meaning(clause: Condition, _reading: Reading) -> Is:
        named = [v.lower() if lower else v for v in clause.values if v != NONE]
        found: list[Is] = [func.lower(column).in_(named) if lower else column.in_(named)]
        if NONE in clause.values:
            found.append(column.is_(None))
        return or_(*found)

    return meaning


def compared(column: Column, op: str, value: object) -> Is:
    """A column beside a value, by the sign between them."""
    return {
        "<": column < value, "<=": column <= value, ">": column > value, ">=": column >= value,
        ":": column == value,
    }[op]  # fmt: skip


def _number(column: Column, kind: Callable[[str], Any] = int) -> Meaning:
    def meaning(clause: Condition, _reading: Reading) -> Is:
        return or_(
            *(
                column.is_(None) if value == NONE else compared(column, clause.op, kind(value))
                for value in clause.values
            )
        )

    return meaning


def _flag(clause: Condition, _reading: Reading) -> Is:
    flagged = Customer.flagged_at.is_not(None)
    return or_(*(not_(flagged) if value == NONE else flagged for value in clause.values))


def _value(clause: Condition, _reading: Reading) -> Is:
    """What they ordered, ever. The sums are made once for all who ordered; who never did has 0."""
    wanted = [Decimal(value) for value in clause.values]
    spent = func.sum(Order.amount)
    sums = select(Order.customer_id).group_by(Order.customer_id)
    found = Customer.id.in_(sums.having(or_(*(compared(spent, clause.op, w) for w in wanted))))
    if any(_holds(Decimal(0), clause.op, value) for value in wanted):
        ordered = select(Order.customer_id)
        return or_(found, Customer.id.not_in(ordered))
    return found


def _holds(left: Decimal, op: str, right: Decimal) -> bool:
    holds = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
    return holds.get(op, left == right)


def _of_organization(meaning: Meaning) -> Meaning:
    """A condition about the organization; nobody's is like one that says nothing."""

    def found(clause: Condition, reading: Reading) -> Is:
        theirs = select(Organization.id).where(meaning(clause, reading))
        belongs = Customer.organization_id.in_(theirs)
        if NONE in clause.values:
            return or_(belongs, Customer.organization_id.is_(None))
        return belongs

    return found


def _organization(clause: Condition, _reading: Reading) -> Is:
    named = [value for value in clause.values if value != NONE]
    theirs = select(Organization.id).where(
        or_(
            false(),
            *(begins_with(Organization.name_lower, value) for value in named),
            at_domains(named),
        )
    )
    found: list[Is] = [Customer.organization_id.in_(theirs)]
    if NONE in clause.values:
        found.append(Customer.organization_id.is_(None))
    return or_(*found)


def _owner(clause: Condition, _reading: Reading) -> Is:
    """Whose organization somebody of us looks after; nobody's has no owner either."""
    named = [value for value in clause.values if value != NONE]
    called = (
        func.lower(Account.name).startswith(start, autoescape=True)
        for value in named
        for start in lowered(value)
    )
    owners = select(Account.id).where(or_(false(), *called))
    theirs = select(Organization.id).where(Organization.owner_id.in_(owners))
    found: list[Is] = [Customer.organization_id.in_(theirs)]
    if NONE in clause.values:
        owned = select(Organization.id).where(Organization.owner_id.is_not(None))
        found.append(Customer.organization_id.in_(owned).is_not(True))
    return or_(*found)


def _day(column: Column) -> Meaning:
    """A day of the record, as the days of the reader are."""

    def meaning(clause: Condition, reading: Reading) -> Is:
        def day(at: datetime) -> date:
            return at.astimezone(reading.zone).date()

        if clause.op != ":":
            edges = moments.edges(clause.values[0], reading.at, reading.zone)
            at = edges.end if clause.op in ("<=", ">") else edges.first
            return column < day(at) if clause.op in ("<", "<=") else column >= day(at)
        found: list[Is] = []
        for value in clause.values:
            if value == NONE:
                found.append(column.is_(None))
                continue
            span = moments.span(value, reading.at, reading.zone)
            found.append(and_(column >= day(span.first), column < day(span.end)))
        return or_(*found)

    return meaning


def _wrote(reading: Reading, *conditions: Is) -> Is:
    """Whether they wrote, on a request that the reader may see."""
    return exists(
        select(Message.id)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(
            Message.customer_id == Customer.id,
            Message.kind == MessageKind.CUSTOMER,
            visible_to(reading.viewer),
            *conditions,
        )
        .correlate(Customer)
    )


def _contacted(clause: Condition, reading: Reading) -> Is:
    """When they last wrote: since a moment, or not since."""
    if clause.op != ":":
        edges = moments.edges(clause.values[0], reading.at, reading.zone)
        at = edges.end if clause.op in ("<=", ">") else edges.first
        since = _wrote(reading, Message.created_at >= at)
        return and_(_wrote(reading), not_(since)) if clause.op in ("<", "<=") else since
    return or_(*(_last_within(value, reading) for value in clause.values))


def _last_within(value: str, reading: Reading) -> Is:
    if value == NONE:
        return not_(_wrote(reading))
    span = moments.span(value, reading.at, reading.zone)
    within = and_(Message.created_at >= span.first, Message.created_at < span.end)
    return and_(_wrote(reading, within), not_(_wrote(reading, Message.created_at >= span.end)))


def _sentiment(clause: Condition, _reading: Reading) -> Is:
    mean = Customer.sentiment
    words: dict[str, Is] = {
        NONE: mean.is_(None),
        "negative": mean <= -FEELS,
        "positive": mean >= FEELS,
        "neutral": and_(mean > -FEELS, mean < FEELS),
    }
    return or_(*(words[value] for value in clause.values))


def _surveys(clause: Condition, _reading: Reading) -> Is:
    return Customer.survey_preference.in_([SurveyPreference(value) for value in clause.values])


def _channel(clause: Condition, _reading: Reading) -> Is:
    wanted = [Channel(value) for value in clause.values if value != NONE]
    unsaid = Customer.channel.is_(None) if NONE in clause.values else false()
    return or_(Customer.channel.in_(wanted), unsaid)


def _marketing(clause: Condition, _reading: Reading) -> Is:
    words: dict[str, Is] = {
        NONE: Customer.marketing.is_(None),
        "yes": Customer.marketing.is_(True),
        "no": Customer.marketing.is_(False),
    }
    return or_(*(words[value] for value in clause.values))


def _address(clause: Condition, _reading: Reading) -> Is:
    def has(*conditions: Is) -> Is:
        return exists().where(Address.customer_id == Customer.id, *conditions)

    words: dict[str, Is] = {
        NONE: not_(has()),
        "verified": has(Address.verified_at.is_not(None)),
        "unverified": and_(has(), not_(has(Address.verified_at.is_not(None)))),
        "bounced": and_(has(), not_(has(Address.bounced_at.is_(None)))),
    }
    return or_(*(words[value] for value in clause.values))


MEANINGS: Mapping[str, Meaning] = {
    "tier": _among(Customer.tier, lower=True),
    "health": _number(Customer.health),
    "flag": _flag,
    "value": _value,
    "contract": _of_organization(_number(Organization.contract_value, Decimal)),
    "renews": _of_organization(_day(Organization.renews_on)),
    "owner": _owner,
    "contacted": _contacted,
    "organization": _organization,
    "language": _among(Customer.language, lower=True),
    "score": _number(Customer.last_score),
    "sentiment": _sentiment,
    "channel": _channel,
    "marketing": _marketing,
    "surveys": _surveys,
    "since": _day(Customer.customer_since),
    "left": _day(Customer.lost_on),
    "address": _address,
}
