"""Questions about tickets. What someone may not see does not exist for them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from helpdesk.accounts.models import Account, Role, Team, team_member
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import is_id
from helpdesk.core.security import hash_token
from helpdesk.customers.models import Customer, Organization
from helpdesk.customers.queries import record_of
from helpdesk.tickets.models import (
    PUBLIC,
    Attachment,
    Message,
    Status,
    Tag,
    Ticket,
    TicketLink,
    ticket_tag,
)


def visible_to(viewer: Account) -> ColumnElement[bool]:
    """The condition under which `viewer` may see a ticket: in lists, search, counts, exports alike.

    Staff see all but other people's restricted teams; a customer sees her own, and her
    colleagues' where the organization shares, but not what a restricted team works on.
    """
    if not viewer.is_active:
        return false()
    if viewer.is_admin:
        return true()
    if viewer.is_staff:
        mine = select(team_member.c.team_id).where(team_member.c.account_id == viewer.id)
        closed_to_me = select(Team.id).where(Team.restricted, Team.id.not_in(mine))
        return or_(Ticket.team_id.is_(None), Ticket.team_id.not_in(closed_to_me))
    her = record_of(viewer.id)
    shared = (
        select(Organization.id)
        .join(Customer, Customer.organization_id == Organization.id)
        .where(Customer.id.in_(her), Organization.shares_tickets)
    )
    restricted = select(Team.id).where(Team.restricted)
    unrestricted = or_(Ticket.team_id.is_(None), Ticket.team_id.not_in(restricted))
    return or_(Ticket.customer_id.in_(her), and_(Ticket.organization_id.in_(shared), unrestricted))


def ticket_for(viewer: Account, number: int, *, to_change: bool = False) -> Ticket:
    """The ticket with that number. `to_change` keeps others from changing it meanwhile.

    Raises NotFound when there is none or `viewer` may not see it.
    """
    statement = select(Ticket).where(Ticket.id == number, visible_to(viewer))
    if to_change:
        statement = statement.with_for_update(of=Ticket)
        statement = statement.execution_options(populate_existing=True)
    ticket = session.scalar(statement) if is_id(number) else None
    if ticket is None:
        word = "ticket" if viewer.is_staff else "request"  # each reads their own word
        raise NotFound(f"There is no such {word}, or it is not yours to see.")
    return ticket


def visible_among(viewer: Account, numbers: Collection[int]) -> set[int]:
    """Those of these tickets that `viewer` may see."""
    statement = select(Ticket.id).where(Ticket.id.in_(numbers), visible_to(viewer))
    return set(session.scalars(statement)) if numbers else set()


def locked(ticket_id: int) -> Ticket:
    """The ticket as it stands, kept from others' changes until this transaction ends; for reactions
    and jobs. What was read of it before may be old by now."""
    return session.get_one(
        Ticket, ticket_id, with_for_update={"of": Ticket}, populate_existing=True
    )


def conversation(
    ticket: Ticket,
    *,
    with_notes: bool,
    since_id: int = 0,
    of: ColumnElement[bool] | None = None,
) -> list[Message]:
    """Its messages, or those `of` it that fulfil a condition, oldest first; notes are for the staff
    alone."""
    mine = Message.ticket_id == ticket.id if of is None else of
    statement = (
        select(Message)
        .where(mine, Message.id > since_id)
        .options(
            joinedload(Message.author),
            joinedload(Message.customer),
            joinedload(Message.outbound),
            selectinload(Message.attachments),
        )
        .order_by(Message.id)
    )
    if not with_notes:
        statement = statement.where(Message.kind.in_(PUBLIC))
    return list(session.scalars(statement))


def attachment_for(viewer: Account, attachment_id: str) -> Attachment:
    """A file on a message that `viewer` may see. Raises NotFound otherwise."""
    statement = (
        select(Attachment)
        .join(Message, Message.id == Attachment.message_id)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(Attachment.id == attachment_id, visible_to(viewer))
    )
    if not viewer.is_staff:
        statement = statement.where(Message.kind.in_(PUBLIC))
    attachment = session.scalar(statement) if attachment_id.isprintable() else None
    if attachment is None:
        raise NotFound("There is no such file, or it is not yours to see.")
    return attachment


def link_behind(token: str, at: datetime) -> TicketLink:
    """The good ticket link with this token. Raises NotFound when revoked, expired or made up."""
    statement = select(TicketLink).where(TicketLink.token_hash == hash_token(token))
    link = session.scalar(statement)
    if link is None or not link.is_good(at):
        raise NotFound(
            "This link is no longer good. Sign in with your address to see your requests."
        )
    return link


def due_to_close(at: datetime, after: timedelta) -> Select[int]:
    """Ids of tickets that were resolved longer than `after` ago."""
    return select(Ticket.id).where(
        Ticket.status == Status.RESOLVED, Ticket.resolved_at <= at - after
    )


def hidden_from_assignee() -> Select[Ticket]:
    """Open tickets of restricted teams whose assignee is neither a member nor an administrator."""
    member = exists().where(
        team_member.c.team_id == Ticket.team_id, team_member.c.account_id == Ticket.assignee_id
    )
    return (
        select(Ticket)
        .join(Team, Team.id == Ticket.team_id)
        .join(Account, Account.id == Ticket.assignee_id)
        .where(Ticket.is_open, Team.restricted, Account.role != Role.ADMIN, ~member)
        .order_by(Ticket.id)
    )


def of_restricted_teams(customer_ids: Sequence[int]) -> Select[int]:
    """Ids of those tickets of these customers that a team keeps to itself."""
    restricted = select(Team.id).where(Team.restricted)
    return select(Ticket.id).where(
        Ticket.customer_id.in_(customer_ids), Ticket.team_id.in_(restricted)
    )


def unscored_messages() -> Select[int]:
    """Ids of customers' messages that no analyser has read, newest first."""
    return (
        select(Message.id)
        .where(Message.kind == "customer", Message.scored_at.is_(None))
        .order_by(Message.id.desc())
    )


TAG_NAMES = (
    select(func.aggregate_strings(Tag.name, "\n"))
    .select_from(ticket_tag)
    .join(Tag, Tag.id == ticket_tag.c.tag_id)
    .where(ticket_tag.c.ticket_id == Ticket.id)
    .correlate(Ticket)
    .scalar_subquery()
)
"""A column for statements about tickets: the names of the tags, for `split_tags`."""


def split_tags(names: str | None) -> list[str]:
    """The names that the column `TAG_NAMES` held, in order."""
    return sorted(names.split("\n")) if names else []
