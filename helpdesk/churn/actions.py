"""Reviewing a customer's health, and working the flag that it raises."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.churn import weights
from helpdesk.churn.events import (
    ChurnFlagCleared,
    ChurnFlagMoved,
    ChurnFlagPlanned,
    ChurnFlagRaised,
    HealthChanged,
)
from helpdesk.churn.facts import Facts
from helpdesk.churn.features import facts_of
from helpdesk.churn.models import OUTCOMES, ChurnFlag, FlagState, HealthSnapshot
from helpdesk.churn.points import Assessment, assess, flag_state
from helpdesk.churn.queries import last_dealt_with, open_flag, open_flags, snapshots_of
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import record
from helpdesk.core.settings import settings
from helpdesk.core.text import clean
from helpdesk.customers.actions import mark_lost
from helpdesk.customers.models import Customer

WORTH_TELLING = 10
"""Points of health that a change must have to enter the journal."""
DUE = timedelta(days=3)
"""In so many days somebody should have dealt with a flag."""
DEALT_WITH = timedelta(days=90)
"""For so long a reason that a person has dealt with raises no new flag."""


def review(customer_ids: Sequence[int]) -> None:
    """Take a fresh look at these customers: health, snapshot of the day, flag. Twice is harmless;
    customers who have left are passed over."""
    staying = select(Customer).where(
        Customer.id.in_(customer_ids),
        Customer.lost_on.is_(None),
        Customer.merged_into_id.is_(None),
    )
    customers = list(session.scalars(staying.order_by(Customer.id).with_for_update(of=Customer)))
    ids, at, held = [customer.id for customer in customers], now(), weights.current()
    facts, snapshots, flags = facts_of(ids, at), snapshots_of(ids, at.date()), open_flags(ids)
    for customer in customers:
        if customer.id not in facts:  # recorded later than now: a clock was set back
            continue
        found = assess(facts[customer.id], held)
        _carry(customer, facts[customer.id], found)
        _keep_snapshot(customer, snapshots.get(customer.id), found, at)
        _decide_flag(customer, flags.get(customer.id), found, at)


def _carry(customer: Customer, facts: Facts, found: Assessment) -> None:
    """What lists show and sort by stands on the customer."""
    before = customer.health
    customer.health, customer.last_score = found.health, facts.last_csat
    customer.sentiment, customer.sentiment_n = facts.sentiment, facts.sentiment_n
    if before is None or abs(before - found.health) >= WORTH_TELLING:
        keys = [point.key for point in found.points if point.value]
        record(HealthChanged(customer.id, before, found.health, keys))


def _keep_snapshot(
    customer: Customer, snapshot: HealthSnapshot | None, found: Assessment, at: datetime
) -> None:
    if snapshot is None:
        snapshot = HealthSnapshot(customer_id=customer.id, day=at.date())
        session.add(snapshot)
    snapshot.risk, snapshot.coverage = found.risk, found.coverage.share
    snapshot.points = [
        asdict(point) | {"ticket_ids": list(point.ticket_ids)} for point in found.points
    ]
    snapshot.missing, snapshot.clears = list(found.coverage.words), list(found.clears)
    snapshot.recorded_at = at


def _decide_flag(
    customer: Customer, flag: ChurnFlag | None, found: Assessment, at: datetime
) -> None:
    config = settings()
    stands = flag_state(
        found.risk, flag is not None, config.churn_raise_at, config.churn_clear_below
    )
    if stands and flag is None:
        _raise(customer, found, at)
    elif not stands and flag is not None and flag.state is not FlagState.WORKING:
        _clear(customer, flag, found, at)


def _raise(customer: Customer, found: Assessment, at: datetime) -> None:
    if customer.erased_at is not None:  # there is nobody any more whom one could keep
        return
    earlier = last_dealt_with(customer.id, at - DEALT_WITH)
    if earlier is not None and not _causes(found) - _causes_of(earlier):
        return
    flag = ChurnFlag(
        customer_id=customer.id,
        state=FlagState.RAISED,
        risk=found.risk,
        points=[asdict(point) | {"ticket_ids": list(point.ticket_ids)} for point in found.points],
        raised_at=at,
        due_at=at + DUE,
    )
    session.add(flag)
    session.flush()
    customer.flagged_at = at
    keys = [point.key for point in found.points if point.counted > 0]
    reason = f"risk {found.risk} reached {settings().churn_raise_at}"
    record(ChurnFlagRaised(customer.id, flag.id, found.risk, keys, reason))


def _causes(found: Assessment) -> set[tuple[str, tuple[int, ...]]]:
    return {(point.key, tuple(point.ticket_ids)) for point in found.points if point.counted > 0}


def _causes_of(flag: ChurnFlag) -> set[tuple[str, tuple[int, ...]]]:
    return {(point["key"], tuple(point["ticket_ids"])) for point in flag.points}


def _clear(customer: Customer, flag: ChurnFlag, found: Assessment, at: datetime) -> None:
    flag.state, flag.closed_at = FlagState.CLEARED, at
    customer.flagged_at = None
    reason = f"risk {found.risk} is below {settings().churn_clear_below}"
    record(ChurnFlagCleared(customer.id, flag.id, found.risk, reason))


def plan(flag: ChurnFlag, owner: Account | None, due_at: datetime | None, *, by: Account) -> None:
    """Who looks after it, and until when. Twice is harmless.

    Raises Conflict once it is closed, Invalid for somebody who does not work here.
    """
    if not flag.is_open:
        raise Conflict("This flag is closed already.")
    if owner is not None and not (owner.is_staff and owner.is_active):
        raise Invalid(f"{owner.name} cannot look after customers.")
    before, after = flag.owner_id, owner.id if owner else None
    if (before, flag.due_at) == (after, due_at):
        return
    flag.owner_id, flag.due_at = after, due_at
    record(ChurnFlagPlanned(flag.customer_id, flag.id, before, after, due_at), by=by)


def acknowledge(flag: ChurnFlag, *, by: Account) -> None:
    """Somebody has seen it and looks after it. Twice is harmless."""
    if flag.state is not FlagState.RAISED:
        return
    flag.acknowledged_at = now()
    _move(flag, FlagState.ACKNOWLEDGED, by)


def work(flag: ChurnFlag, *, by: Account) -> None:
    """Somebody does something about it. Twice is harmless; raises Conflict once it is closed."""
    if not flag.is_open:
        raise Conflict("This flag is closed already.")
    if flag.state is FlagState.WORKING:
        return
    flag.acknowledged_at = flag.acknowledged_at or now()
    _move(flag, FlagState.WORKING, by)


def close(flag: ChurnFlag, outcome: FlagState, note: str, *, by: Account) -> None:
    """Saved, lost, or a false alarm. Lost ends the customer's record as of today.

    Raises Conflict once it is closed, Invalid for anything that is no outcome.
    """
    if outcome not in OUTCOMES:
        raise Invalid("A flag is closed as saved, lost or a false alarm.")
    if not flag.is_open:
        raise Conflict("This flag is closed already.")
    flag.note, flag.closed_at = clean(note)[:2000], now()
    flag.customer.flagged_at = None
    _move(flag, outcome, by)
    if outcome is FlagState.LOST:
        mark_lost(flag.customer, now().date(), by=by)


def settle_lost(customer_id: int) -> None:
    """They have left: what was raised for them is decided. Twice is harmless."""
    flag = open_flag(customer_id)
    if flag is not None:
        flag.closed_at = now()
        flag.customer.flagged_at = None
        _move(flag, FlagState.LOST, None)


def _move(flag: ChurnFlag, state: FlagState, by: Account | None) -> None:
    before, flag.state = flag.state, state
    flag.owner_id = flag.owner_id or (by.id if by else None)
    record(ChurnFlagMoved(flag.customer_id, flag.id, before, state), by=by)
