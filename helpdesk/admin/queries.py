"""Questions of administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from helpdesk.accounts.models import STAFF, Account, Role, Team
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import Organization
from helpdesk.customers.queries import at_domains
from helpdesk.customers.queries import organizations as organizations_called_like
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.policies import SlaPolicy


def staff() -> Sequence[Account]:
    """Everybody who works here with their teams, the disabled ones last."""
    statement = (
        select(Account)
        .where(Account.role.in_(STAFF))
        .options(selectinload(Account.teams))
        .order_by(Account.disabled_at.is_not(None), Account.name, Account.id)
    )
    return session.scalars(statement).all()


def colleague(account_id: int) -> Account:
    """One of the staff. Raises NotFound."""
    account = by_id(Account, account_id)
    if account is None or not account.is_staff:
        raise NotFound("Nobody of that number works here.")
    return account


def admins_locked() -> set[int]:
    """Ids of the administrators who can sign in, kept from others' changes until this transaction
    ends: two who disable each other at the same moment do so one after the other."""
    statement = (
        select(Account)
        .where(Account.role == Role.ADMIN, Account.disabled_at.is_(None))
        .order_by(Account.id)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    )
    return {account.id for account in session.scalars(statement)}


def open_tickets_of(account: Account) -> int:
    """How many open tickets are assigned to somebody."""
    statement = select(func.count()).where(Ticket.is_open, Ticket.assignee_id == account.id)
    return session.scalar(statement) or 0


def teams() -> Sequence[Team]:
    """Every team with its members."""
    statement = select(Team).options(selectinload(Team.members)).order_by(Team.name)
    return session.scalars(statement).all()


def team_by_id(team_id: int) -> Team:
    """Raises NotFound."""
    team = by_id(Team, team_id)
    if team is None:
        raise NotFound("There is no such team.")
    return team


def organizations(words: str, most: int = 50) -> Sequence[Organization]:
    """Those whose name or domain begins with `words`, by name; without words those that share."""
    if words:
        return organizations_called_like(words, limit=most)
    sharing = select(Organization).where(Organization.shares_tickets)
    order = (Organization.name, Organization.id)
    return session.scalars(sharing.order_by(*order).limit(most)).all()


@dataclass(frozen=True)
class Backlog:
    """Entries of the journal whose reactions were not told yet, and since when the oldest waits."""

    count: int
    since: datetime | None


def overdue() -> Backlog:
    """What should have been told by now."""
    statement = select(func.count(), func.min(JournalEntry.tell_at)).where(
        JournalEntry.tell_at <= now()
    )
    count, since = session.execute(statement).one()
    return Backlog(count, since)


def parked_entries() -> Select[JournalEntry]:
    """Entries that were told often enough in vain."""
    return select(JournalEntry).where(JournalEntry.parked_at.is_not(None))


def parked_entry(entry_id: int) -> JournalEntry:
    """Raises NotFound when it is not parked (any more)."""
    entry = by_id(JournalEntry, entry_id)
    if entry is None or entry.parked_at is None:
        raise NotFound("This entry is not parked any more.")
    return entry


def all_hours() -> Sequence[BusinessHours]:
    """All business hours, by name."""
    return session.scalars(select(BusinessHours).order_by(BusinessHours.name)).all()


def hours_by_id(hours_id: int) -> BusinessHours:
    """Raises NotFound."""
    hours = by_id(BusinessHours, hours_id)
    if hours is None:
        raise NotFound("There are no such hours.")
    return hours


def policy_by_id(policy_id: int) -> SlaPolicy:
    """One that counts. Raises NotFound."""
    policy = by_id(SlaPolicy, policy_id)
    if policy is None or policy.removed_at is not None:
        raise NotFound("There is no such policy.")
    return policy


def conditions_of(policy: SlaPolicy) -> list[str]:
    """For which tickets it counts, in words; none where it counts for all."""
    team_names = select(Team.name).where(Team.id.in_(policy.team_ids)).order_by(Team.name)
    teams_named = session.scalars(team_names).all() if policy.team_ids else ()
    parts = (
        ("priority", policy.priorities),
        ("team", teams_named or ["a former team"] * bool(policy.team_ids)),
        ("tag", policy.tags),
        ("organization", names_of(policy.organization_ids)),
    )
    return [f"{what} {' or '.join(names)}" for what, names in parts if names]


def names_of(organization_ids: Sequence[int]) -> Sequence[str]:
    """Names of these organizations."""
    if not organization_ids:
        return ()
    statement = select(Organization.name).where(Organization.id.in_(organization_ids))
    return session.scalars(statement.order_by(Organization.name)).all()


def organizations_called(names: Sequence[str]) -> list[int]:
    """Ids of the organizations with these names or domains. Raises Invalid for one that is not
    there."""
    found: list[int] = []
    for name in filter(None, map(str.strip, names)):
        named = (Organization.name == name) | at_domains([name])
        ids = session.scalars(select(Organization.id).where(named)).all()
        if not ids:
            raise Invalid(
                f"There is no organization “{name[:60]}”. Write names or domains in full."
            )
        found += ids
    return sorted(set(found))
