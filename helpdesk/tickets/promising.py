"""What administrators decide about promises: business hours, and which policy promises what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.hours import Block, fingerprint, overlapping
from helpdesk.core.jobs import job
from helpdesk.core.journal import record
from helpdesk.tickets.arrangements import HoursKept, HoursRemoved, SlaPolicyKept, SlaPolicyRemoved
from helpdesk.tickets.calendars import public_holidays
from helpdesk.tickets.duty import AgentDuty
from helpdesk.tickets.hours import BusinessHours, Holiday, is_zone
from helpdesk.tickets.policies import SlaPolicy, policies_in_order
from helpdesk.tickets.recounts import ask_for_recount
from helpdesk.tickets.sla import Target, Targets

GONE = "0001 gone"
LONGEST_TARGET = timedelta(days=366)


@dataclass(frozen=True)
class HoursAsWritten:
    """Business hours as somebody wants them."""

    name: str
    zone: str
    week: tuple[Block, ...]
    country: str = ""
    region: str = ""
    own_days: tuple[Holiday, ...] = ()


def keep_hours(
    wanted: HoursAsWritten, hours: BusinessHours | None, *, by: Account
) -> BusinessHours:
    """Make business hours, or change them; then every open clock is counted anew.

    Raises Invalid for blocks that overlap, for none at all, for a zone or a calendar that nobody
    knows; Conflict when the name is taken.
    """
    _check(wanted)
    days = public_holidays(wanted.country, wanted.region, now().date()) if wanted.country else []
    _check_name(wanted.name, hours)
    is_new = hours is None
    if hours is None:
        hours = BusinessHours(name=wanted.name, created_at=now())
        session.add(hours)
    hours.name, hours.zone = wanted.name, wanted.zone
    hours.week = [list(block) for block in sorted(wanted.week)]
    hours.country, hours.region = wanted.country or None, wanted.region or None
    hours.public_days = [list(day) for day in days]
    hours.own_days = [[one.day.isoformat(), one.name] for one in wanted.own_days]
    hours.rules = fingerprint(wanted.zone, now().year)
    session.flush()
    record(HoursKept(hours.id, hours.name, is_new), by=by)
    if not is_new:
        ask_for_recount(f"the hours “{hours.name}” changed", by=by)
    return hours


def _check(wanted: HoursAsWritten) -> None:
    if not is_zone(wanted.zone):
        raise Invalid(
            f"There is no time zone “{wanted.zone}” (any more). Write one like Europe/Berlin."
        )
    if not wanted.week:
        raise Invalid("Write at least one block: hours that are never open promise nothing.")
    if both := overlapping(wanted.week):
        raise Invalid("Two blocks of one day overlap: " + " and ".join(map(str, both)) + ".")


def _check_name(name: str, hours: BusinessHours | None) -> None:
    taken = select(BusinessHours.id).where(BusinessHours.name == name)
    if session.scalar(taken) not in (None, hours.id if hours else None):
        raise Conflict(f"There are hours “{name}” already.")


def remove_hours(hours: BusinessHours, *, by: Account) -> None:
    """Nobody needs them any more. Raises Conflict while a policy or an agent does."""
    users = select(SlaPolicy.name).where(
        SlaPolicy.hours_id == hours.id, SlaPolicy.removed_at.is_(None)
    )
    names = session.scalars(users.order_by(SlaPolicy.position)).all()
    if names:
        raise Conflict(f"The policy “{names[0]}” counts in these hours. Give it others first.")
    shifts = select(func.count()).where(AgentDuty.hours_id == hours.id)
    if session.scalar(shifts):
        raise Conflict("Somebody works in these hours. Give them other shifts first.")
    for policy in session.scalars(select(SlaPolicy).where(SlaPolicy.hours_id == hours.id)):
        policy.hours_id = None  # of removed policies only the name matters
    session.delete(hours)
    record(HoursRemoved(hours.id, hours.name), by=by)


@dataclass(frozen=True)
class PolicyAsWritten:
    """A policy as somebody wants it."""

    name: str
    hours_id: int | None
    targets: Targets
    priorities: Sequence[str] = ()
    team_ids: Sequence[int] = ()
    tags: Sequence[str] = ()
    organization_ids: Sequence[int] = ()


def keep_policy(wanted: PolicyAsWritten, policy: SlaPolicy | None, *, by: Account) -> SlaPolicy:
    """Make a policy, the last of all, or change one; then every open clock is counted anew.

    Raises Invalid without a target, or for one that is too long.
    """
    if not wanted.targets:
        raise Invalid("Promise something: write at least one target.")
    if max(wanted.targets.values()) > LONGEST_TARGET:
        raise Invalid("A target can be a year long, not more.")
    is_new = policy is None
    if policy is None:
        last = max((one.position for one in policies_in_order()), default=0)
        policy = SlaPolicy(name=wanted.name, position=last + 1, created_at=now())
        session.add(policy)
    policy.name, policy.hours_id = wanted.name, wanted.hours_id
    for target in Target:
        length = wanted.targets.get(target)
        setattr(policy, target.value, int(length.total_seconds()) if length else None)
    policy.priorities, policy.tags = list(wanted.priorities), list(wanted.tags)
    policy.team_ids = list(wanted.team_ids)
    policy.organization_ids = list(wanted.organization_ids)
    session.flush()
    session.refresh(policy)
    record(SlaPolicyKept(policy.id, policy.name, is_new), by=by)
    ask_for_recount(f"the policy “{policy.name}” {'is new' if is_new else 'changed'}", by=by)
    return policy


def put_first(policy: SlaPolicy, *, by: Account) -> None:
    """Let it be asked before the one above it. The first stays where it is."""
    policies = list(policies_in_order())
    place = policies.index(policy)
    if place == 0:
        return
    policies.insert(place - 1, policies.pop(place))
    _number(policies)
    record(SlaPolicyKept(policy.id, policy.name, is_new=False), by=by)
    ask_for_recount(f"the policy “{policy.name}” comes earlier", by=by)


def _number(policies: Iterable[SlaPolicy]) -> None:
    for position, policy in enumerate(policies, 1):
        policy.position = position


def remove_policy(policy: SlaPolicy, *, by: Account) -> None:
    """It promises nothing from now on, and nothing of it is warned of or breached any more. Twice
    is harmless."""
    if policy.removed_at is not None:
        return
    policy.removed_at = now()
    record(SlaPolicyRemoved(policy.id, policy.name), by=by)
    ask_for_recount(f"the policy “{policy.name}” was removed", by=by)


@job(queue="slow")
def keep_hours_true() -> None:
    """Add the public holidays of years to come, and count anew where a country changed its clocks
    or its holidays."""
    with transaction():
        for hours in session.scalars(select(BusinessHours)).all():
            _keep_true(hours)


def _keep_true(hours: BusinessHours) -> None:
    at = now()
    year = int(hours.rules[:4]) if hours.rules[:4].isdigit() else at.year
    rules = fingerprint(hours.zone, year) if is_zone(hours.zone) else GONE
    if hours.rules and rules != hours.rules:  # nothing is known yet of hours that were just made
        ask_for_recount(f"the clocks of {hours.zone} changed", by=None)
    hours.rules = GONE if rules == GONE else fingerprint(hours.zone, at.year)
    if hours.country is None:
        return
    try:
        days = public_holidays(hours.country, hours.region, at.date())
    except Invalid:  # the calendar is gone: the days that are known stay
        return
    fresh = [list(day) for day in days]
    if fresh != hours.public_days:
        hours.public_days = fresh
        ask_for_recount(f"the public holidays of “{hours.name}” changed", by=None)
