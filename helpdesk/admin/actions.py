"""What administrators do."""

from collections.abc import Iterable

from sqlalchemy import select

from helpdesk.accounts import sessions
from helpdesk.accounts.actions import take_role
from helpdesk.accounts.models import STAFF, Account, Role, Team
from helpdesk.admin.events import (
    AccountDisabled,
    AccountEnabled,
    EntryRetold,
    SharingChanged,
    TeamChanged,
    TeamMade,
)
from helpdesk.admin.queries import admins_locked
from helpdesk.core import journal
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Forbidden, Invalid
from helpdesk.core.journal import JournalEntry, record
from helpdesk.core.text import one_line
from helpdesk.customers.models import Organization
from helpdesk.tickets.actions import hand_back_unseen

LONGEST_NAME = 60


def disable(account: Account, *, by: Account) -> None:
    """Nobody signs in as `account` any more; what it did and what it is assigned stay.

    Raises Forbidden for oneself, Conflict for the last administrator. Twice is harmless.
    """
    _spare(account, by)
    if account.disabled_at is None:
        account.disabled_at = now()
        sessions.end_everywhere(account)
        record(AccountDisabled(account.id), by=by)


def enable(account: Account, *, by: Account) -> None:
    """They may sign in again. Twice is harmless."""
    if account.disabled_at is not None:
        account.disabled_at = None
        record(AccountEnabled(account.id), by=by)


def give_role(account: Account, role: Role, *, by: Account) -> None:
    """They work in another role from now on.

    Raises Forbidden for oneself, Conflict for the last administrator, Invalid for no role of staff.
    """
    if role not in STAFF:
        raise Invalid("Choose agent, manager or administrator.")
    if role is not account.role:
        _spare(account, by)
        take_role(account, role, by=by)
        hand_back_unseen(by=by)


def _spare(account: Account, by: Account) -> None:
    """Whoever locks themselves out, or the last who could let others in, cannot undo it."""
    if account.id == by.id:
        raise Forbidden("Ask another administrator to do this to your own account.")
    admins = admins_locked()
    if by.id not in admins:
        raise Forbidden("You are no administrator any more.")
    if not admins - {account.id}:
        raise Conflict("Nobody else could administer this helpdesk. Make another one first.")


def make_team(name: str, *, by: Account) -> Team:
    """A new team without members. Raises Invalid, or Conflict when the name is taken."""
    team = Team(name=_free_name(name), restricted=False)
    session.add(team)
    session.flush()
    record(TeamMade(team.id, team.name), by=by)
    return team


def change_team(
    team: Team, name: str, restricted: bool, member_ids: Iterable[int], *, by: Account
) -> None:
    """Name, members, and whether its tickets are theirs alone.

    Members who are not of the staff, or not there at all, are left out. Open tickets of whoever
    may not see them any more lose their assignee.
    Raises Invalid, or Conflict when the name is taken.
    """
    before = team.name, team.restricted, {member.id for member in team.members}
    wanted = select(Account).where(Account.id.in_(set(member_ids)), Account.role.in_(STAFF))
    if one_line(name) != team.name:
        team.name = _free_name(name)
    team.restricted = restricted
    team.members = list(session.scalars(wanted.order_by(Account.id)))
    after = team.name, team.restricted, {member.id for member in team.members}
    if before != after:
        event = TeamChanged(
            team.id,
            before[0],
            after[0],
            before[1],
            after[1],
            sorted(after[2] - before[2]),
            sorted(before[2] - after[2]),
        )
        record(event, by=by)
        hand_back_unseen(by=by)


def _free_name(name: str) -> str:
    name = one_line(name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(f"A team's name has 1 to {LONGEST_NAME} characters.")
    if session.scalar(select(Team.id).where(Team.name == name)) is not None:
        raise Conflict(f"There is a team “{name}” already.")
    return name


def share_tickets(organization: Organization, shares: bool, *, by: Account) -> None:
    """Whether colleagues see one another's tickets from now on. Twice is harmless."""
    before = organization.shares_tickets
    if before is not shares:
        organization.shares_tickets = shares
        record(SharingChanged(organization.id, before, shares), by=by)


def retell(entry: JournalEntry, *, by: Account) -> None:
    """Tell the reactions to a parked entry again, those that were not told."""
    journal.retry(entry)
    record(EntryRetold(entry.id), by=by)
