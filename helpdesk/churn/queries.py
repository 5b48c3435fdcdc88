"""Questions about health and flags."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from helpdesk.churn.models import OPEN, OUTCOMES, ChurnFlag, FlagState, HealthSnapshot
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import by_id
from helpdesk.customers.models import Customer
from helpdesk.customers.queries import MERGED_AWAY


def snapshots_of(customer_ids: Sequence[int], day: date) -> dict[int, HealthSnapshot]:
    """The health of that day, by customer, where there is one."""
    statement = select(HealthSnapshot).where(
        HealthSnapshot.customer_id.in_(customer_ids), HealthSnapshot.day == day
    )
    return {snapshot.customer_id: snapshot for snapshot in session.scalars(statement)}


def health_of(customer_id: int) -> HealthSnapshot | None:
    """The last known health with its reasons, or None before the first review."""
    statement = (
        select(HealthSnapshot)
        .where(HealthSnapshot.customer_id == customer_id)
        .order_by(HealthSnapshot.day.desc())
        .limit(1)
    )
    return session.scalar(statement)


def open_flag(customer_id: int) -> ChurnFlag | None:
    """The flag that stands, or None."""
    statement = select(ChurnFlag).where(
        ChurnFlag.customer_id == customer_id, ChurnFlag.closed_at.is_(None)
    )
    return session.scalar(statement)


def open_flags(customer_ids: Sequence[int]) -> dict[int, ChurnFlag]:
    """The flags that stand, by customer."""
    statement = select(ChurnFlag).where(
        ChurnFlag.customer_id.in_(customer_ids), ChurnFlag.closed_at.is_(None)
    )
    return {flag.customer_id: flag for flag in session.scalars(statement)}


def last_dealt_with(customer_id: int, since: datetime) -> ChurnFlag | None:
    """The last flag that a person closed since then, or None."""
    statement = (
        select(ChurnFlag)
        .where(
            ChurnFlag.customer_id == customer_id,
            ChurnFlag.state.in_(OUTCOMES),
            ChurnFlag.closed_at >= since,
        )
        .order_by(ChurnFlag.closed_at.desc())
        .limit(1)
    )
    return session.scalar(statement)


def flags_of(customer_id: int) -> list[ChurnFlag]:
    """Every flag of a customer, newest first."""
    statement = (
        select(ChurnFlag)
        .where(ChurnFlag.customer_id == customer_id)
        .options(joinedload(ChurnFlag.owner))
        .order_by(ChurnFlag.raised_at.desc())
    )
    return list(session.scalars(statement))


def flag_by_id(flag_id: int, *, to_change: bool = False) -> ChurnFlag:
    """One flag; `to_change` keeps others from changing it meanwhile. Raises NotFound when there is
    none."""
    flag = by_id(ChurnFlag, flag_id)
    if flag is None:
        raise NotFound("There is no such flag.")
    if to_change:
        # The customer first, as a review does: in the other order the two could wait for each
        # other for ever.
        session.get(Customer, flag.customer_id, with_for_update={"of": Customer})
        session.refresh(flag, with_for_update={"of": ChurnFlag})
    return flag


def flags(states: tuple[FlagState, ...] = OPEN) -> Select[ChurnFlag]:
    """Flags in these states with customer, organization and owner, for a list."""
    return (
        select(ChurnFlag)
        .where(ChurnFlag.state.in_(states), ChurnFlag.customer_id.not_in(MERGED_AWAY))
        .options(
            joinedload(ChurnFlag.customer).joinedload(Customer.organization),
            joinedload(ChurnFlag.owner),
        )
    )


def without_snapshot(day: date) -> Select[int]:
    """Ids of customers who are still with us and have no health for that day."""
    seen = exists().where(HealthSnapshot.customer_id == Customer.id, HealthSnapshot.day == day)
    staying = (Customer.lost_on.is_(None), Customer.merged_into_id.is_(None))
    return select(Customer.id).where(*staying, ~seen).order_by(Customer.id)


def worklist(most: int) -> list[ChurnFlag]:
    """Open flags, those with most to lose first: risk times what they are worth a year. Whose worth
    nobody knows counts like the middle of those that are known."""
    rows = list(session.scalars(flags().order_by(ChurnFlag.risk.desc()).limit(2000)).unique())
    known = sorted(float(worth) for one in rows if (worth := _contract(one)) is not None)
    middle = known[len(known) // 2] if known else 1.0

    def stake(flag: ChurnFlag) -> float:
        worth = _contract(flag)
        risk = 100 - flag.customer.health if flag.customer.health is not None else flag.risk
        return risk * (middle if worth is None else float(worth))

    return sorted(rows, key=lambda flag: (-stake(flag), flag.raised_at, flag.id))[:most]


def _contract(flag: ChurnFlag) -> Decimal | None:
    organization = flag.customer.organization
    return organization.contract_value if organization else None
