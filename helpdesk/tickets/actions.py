"""What may be done to a ticket. Every door calls these."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from helpdesk.accounts.models import Account, Team
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import record
from helpdesk.core.text import one_line
from helpdesk.tickets import clocks, pauses
from helpdesk.tickets.events import (
    PriorityChanged,
    StatusChanged,
    TagsChanged,
    TicketAssigned,
    TicketClosed,
    TicketMovedToTeam,
    TicketReopened,
    TicketResolved,
)
from helpdesk.tickets.models import DONE, Priority, Status, Tag, Ticket
from helpdesk.tickets.queries import hidden_from_assignee
from helpdesk.tickets.together import once
from helpdesk.tickets.types import missing_on

SETTABLE = (Status.OPEN, Status.PENDING, Status.ON_HOLD)
MOST_TAGS = 20


def touch(ticket: Ticket) -> None:
    """The ticket changed: replies written against what was before are stale now.

    Raises Conflict for one that goes on elsewhere: it is kept as it was, for whoever undoes that.
    """
    if ticket.merged_into_id is not None:
        raise Conflict(f"#{ticket.id} was merged into #{ticket.merged_into_id}. Change that one.")
    ticket.active_at = now()
    ticket.version += 1


def assign(
    ticket: Ticket, to: Account | None, *, by: Account | None, reason: str = "by hand"
) -> None:
    """Hand the ticket to an agent, or to nobody. Raises Invalid for someone who cannot work it."""
    require_assignable(ticket.team, to)
    before, after = ticket.assignee_id, to.id if to else None
    if before == after:
        return
    ticket.assignee, ticket.assignee_id = to, after
    touch(ticket)
    record(TicketAssigned(ticket.id, before, after, reason), by=by)
    if to is not None and ticket.status is Status.NEW:
        set_status(ticket, Status.OPEN, by=by)


def require_assignable(team: Team | None, to: Account | None) -> None:
    """Raise Invalid when no ticket of this team can be given to them; to nobody all can."""
    if to is not None and not (to.is_staff and to.is_active):
        raise Invalid(f"{to.name} cannot be given tickets.")
    if to is not None and team and team.restricted:
        _require_member(team, to)


def _require_member(team: Team, agent: Account) -> None:
    if not agent.is_admin and agent not in team.members:
        raise Invalid(f"{agent.name} is not in {team.name}, which is restricted to its members.")


def move_to_team(ticket: Ticket, team: Team | None, *, by: Account | None) -> None:
    """Put the ticket into a team's queue. An assignee who may not see it there loses it."""
    before, after = ticket.team_id, team.id if team else None
    if before == after:
        return
    ticket.team, ticket.team_id = team, after
    touch(ticket)
    record(TicketMovedToTeam(ticket.id, before, after), by=by)
    clocks.refresh(ticket, why=f"moved to {team.name}" if team else "moved out of its team")
    if is_hidden_from_assignee(ticket):
        _hand_back(ticket, by=by)


def is_hidden_from_assignee(ticket: Ticket) -> bool:
    """Whether its team keeps its tickets from the very person who has it."""
    team, agent = ticket.team, ticket.assignee
    if team is None or agent is None or not team.restricted:
        return False
    return not agent.is_admin and agent not in team.members


def _hand_back(ticket: Ticket, *, by: Account | None) -> None:
    reason = f"{ticket.team.name} is restricted to its members" if ticket.team else ""
    assign(ticket, None, by=by, reason=reason)


def hand_back_unseen(*, by: Account | None) -> None:
    """Open tickets that their assignee may not see (any more) have none from now on: after a team
    became restricted, somebody left it, or an administrator became something else."""
    session.flush()
    for ticket in session.scalars(hidden_from_assignee().with_for_update(of=Ticket)):
        _hand_back(ticket, by=by)


def set_priority(ticket: Ticket, priority: Priority, *, by: Account | None) -> None:
    """How urgent it is."""
    before = ticket.priority
    if before is priority:
        return
    ticket.priority = priority
    touch(ticket)
    record(PriorityChanged(ticket.id, before, priority), by=by)
    clocks.refresh(ticket, why=f"priority changed from {before.value} to {priority.value}")


def set_status(ticket: Ticket, status: Status, *, by: Account | None) -> None:
    """Move among open, pending and on hold. New never returns; resolving and reopening are verbs
    of their own.

    Raises Conflict on a ticket that is done, Invalid for any other status.
    """
    if status not in SETTABLE:
        raise Invalid("A ticket can be set to open, pending or on hold.")
    if ticket.status in DONE:
        raise Conflict("This ticket is done. Reopen it first.")
    before = ticket.status
    if before is status:
        return
    ticket.status = status
    touch(ticket)
    record(StatusChanged(ticket.id, before, status), by=by)
    pauses.follow_status(ticket, by=by)
    clocks.refresh(ticket)


def set_tags(ticket: Ticket, names: Iterable[str], *, by: Account | None) -> None:
    """Give the ticket exactly these tags; they are lower case, spaces become dashes.

    Raises Invalid for more than 20, or for one longer than 40 characters.
    """
    wanted = tag_names(names)
    if len(wanted) > MOST_TAGS:
        raise Invalid(f"A ticket can have {MOST_TAGS} tags, these are {len(wanted)}.")
    had = {tag.name for tag in ticket.tags}
    if had == wanted:
        return
    ticket.tags = [tag_called(name) for name in sorted(wanted)]
    touch(ticket)
    record(TagsChanged(ticket.id, sorted(wanted - had), sorted(had - wanted)), by=by)
    clocks.refresh(ticket, why="tags changed")


def tag_names(names: Iterable[str]) -> set[str]:
    """What tags are called that somebody typed so. Raises Invalid for one that is too long."""
    return {tag for name in names if (tag := _tag_name(name))}


def _tag_name(name: str) -> str:
    plain = one_line(name).lower().replace(" ", "-").strip("-#,")
    if len(plain) > 40:
        raise Invalid("A tag can have 40 characters.")
    return plain


@once
def tag_called(name: str) -> Tag:
    """The tag of that name, made where there is none. Raises Conflict when somebody makes it at the
    same moment."""
    tag = session.scalar(select(Tag).where(Tag.name == name))
    if tag is None:
        tag = Tag(name=name)
        session.add(tag)
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict("Somebody made this tag at the same moment. Try again.") from error
    return tag


def resolve(ticket: Ticket, *, by: Account | None, by_customer: bool = False) -> None:
    """The matter is settled. An agent who resolves what nobody has becomes its assignee; solved by
    the customer, an empty assignee stays empty. Twice is harmless."""
    if ticket.status in DONE:
        return
    if by is not None and not by_customer:
        require_filled_in(ticket)
    if not by_customer and ticket.assignee_id is None:
        assign(ticket, by, by=by, reason="resolved it")
    before = ticket.status
    ticket.status = Status.RESOLVED
    ticket.resolved_at = now()
    ticket.waiting_since = None
    touch(ticket)
    record(
        TicketResolved(
            ticket.id, ticket.customer_id, before, ticket.assignee_id, ticket.team_id, by_customer
        ),
        by=by,
    )
    pauses.end(ticket, "resolved", by=by)
    clocks.refresh(ticket)


def require_filled_in(ticket: Ticket, *, besides: Collection[int] = ()) -> None:
    """Raise Conflict where something is missing that one of us fills in before resolving, `besides`
    apart, which are fields that will be filled in by then."""
    if missing := missing_on(ticket, besides=besides):
        raise Conflict(f"Before it is resolved, fill in: {', '.join(missing)}.")


def reopen(ticket: Ticket, *, by: Account | None, by_customer: bool = False) -> None:
    """The matter is not settled after all. Raises Conflict when it is closed for good."""
    if ticket.status is Status.CLOSED:
        raise Conflict("This ticket is closed. A new message opens a follow-up.")
    if ticket.status is not Status.RESOLVED:
        return
    pauses.keep_resolved_time(ticket, ticket.resolved_at or now(), by=by)
    ticket.status = Status.OPEN
    ticket.resolved_at = None
    ticket.reopenings += 1
    touch(ticket)
    if is_hidden_from_assignee(ticket):
        _hand_back(ticket, by=by)
    record(TicketReopened(ticket.id, ticket.customer_id, Status.RESOLVED, by_customer), by=by)
    clocks.refresh(ticket)


def close(ticket: Ticket) -> None:
    """Resolved for long enough: it is history now. Twice is harmless."""
    if ticket.status is not Status.RESOLVED:
        return
    ticket.status = Status.CLOSED
    ticket.closed_at = now()
    ticket.version += 1
    clocks.refresh(ticket)
    record(TicketClosed(ticket.id, ticket.customer_id))
