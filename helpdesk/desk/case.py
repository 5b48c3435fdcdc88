"""A ticket as its page shows it: what it is, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, select

from helpdesk.accounts.models import Account, Team
from helpdesk.core.db import ask
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import is_id
from helpdesk.customers.models import Address, Customer, Organization
from helpdesk.desk.drafting import WrittenDraft, joined_to
from helpdesk.desk.prepared import prepared
from helpdesk.tickets.models import Attachment, Ticket
from helpdesk.tickets.queries import TAG_NAMES, split_tags, visible_to

_ADDRESS = (
    select(Address.email)
    .where(Address.customer_id == Ticket.customer_id)
    .order_by(Address.bounced_at.is_not(None), Address.is_primary.desc(), Address.id)
    .limit(1)
    .correlate(Ticket)
    .scalar_subquery()
)
_HAS_FILES = exists().where(Attachment.ticket_id == Ticket.id).correlate(Ticket)
_CASE = (
    select(
        Ticket.id,
        Ticket.subject,
        Ticket.status,
        Ticket.is_open,
        Ticket.priority,
        Ticket.channel,
        Ticket.version,
        Ticket.team_id,
        Ticket.assignee_id,
        Ticket.customer_id,
        Ticket.follows_id,
        Ticket.merged_into_id,
        Ticket.has_parts,
        Ticket.snoozed_until,
        Ticket.type_id,
        Ticket.created_at,
        Ticket.waiting_since,
        Ticket.due_at,
        Ticket.due_for,
        Ticket.first_replied_at,
        Ticket.resolved_at,
        Ticket.reopenings,
        Ticket.last_score,
        Ticket.sentiment.label("tone_last"),
        Ticket.sentiment_first.label("tone_first"),
        Ticket.sentiment_lowest.label("tone_lowest"),
        Ticket.sentiment_slope.label("tone_slope"),
        Team.name.label("team"),
        Account.name.label("assignee"),
        Customer.name.label("customer"),
        Customer.tier,
        Customer.flagged_at,
        Customer.health,
        Customer.sentiment,
        Customer.sentiment_n,
        Customer.customer_since,
        Customer.created_at.label("known_since"),
        Organization.name.label("organization"),
        Organization.contract_value,
        Organization.renews_on,
        _ADDRESS.label("email"),
        TAG_NAMES.label("tags"),
        _HAS_FILES.label("has_files"),
        WrittenDraft.body.label("draft"),
        WrittenDraft.is_note.label("draft_is_note"),
        WrittenDraft.revision.label("draft_revision"),
    )
    .join(Customer, Customer.id == Ticket.customer_id)
    .outerjoin(Organization, Organization.id == Customer.organization_id)
    .outerjoin(Team, Team.id == Ticket.team_id)
    .outerjoin(Account, Account.id == Ticket.assignee_id)
)


@dataclass(frozen=True)
class Case:
    """The row of a ticket with everything joined to it, and its tags."""

    row: Row[*tuple[Any, ...]]
    tags: Sequence[str]


def case_for(viewer: Account, number: int) -> Case:
    """The ticket with that number. Raises NotFound when `viewer` may not see it."""
    asked = {"number": number}
    row = ask(_case(viewer), asked).first() if is_id(number) else None
    if row is None:
        raise NotFound("There is no such ticket, or it is not yours to see.")
    return Case(row, split_tags(row.tags))


@prepared
def _case(viewer: Account) -> Select[*tuple[Any, ...]]:
    case = _CASE.outerjoin(WrittenDraft, joined_to(viewer))
    return case.where(Ticket.id == bindparam("number"), visible_to(viewer))
