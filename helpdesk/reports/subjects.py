"""What rows there are to count: tickets, turns of their story, answers, decisions to ask, messages,
flags, customers; and what a measure of them is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Date, Select, literal
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.churn.models import ChurnFlag
from helpdesk.core.db import UTCDateTime
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import Customer
from helpdesk.mail.models import OutboundEmail
from helpdesk.reports.elapsed import seconds_between
from helpdesk.reports.periods import Span
from helpdesk.surveys.models import FollowUp, Invitation, Response
from helpdesk.tickets.models import Message, Ticket

T = TypeVar("T")
Column: TypeAlias = "ColumnElement[Any] | InstrumentedAttribute[Any]"
Condition: TypeAlias = ColumnElement[bool]
Rows: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Bounds:
    """A span as columns of a statement: moments for what happens, days for what is dated."""

    start: Column
    end: Column
    first: Column
    following: Column
    """The day after the last one."""
    around: tuple[Column, Column] | None = None
    """Beginning and end of all spans of a statement, as values, where bounds are columns and the
    database would not know how little lies between them."""

    @classmethod
    def of(cls, span: Span) -> Bounds:
        """The bounds of one span, as values."""
        start, end = (literal(moment, UTCDateTime()) for moment in (span.start, span.end))
        following = span.last + timedelta(days=1)
        return cls(start, end, literal(span.first, Date), literal(following, Date))


@dataclass(frozen=True)
class Subject(Generic[T]):
    """What one row of a list is. `joins` brings in its ticket (and its customer), which every
    subject but a flag and a customer has, or may have."""

    root: type[T]
    moment: Column
    joins: Callable[[Rows], Rows]
    customer_id: Column
    has_ticket: bool = True
    may_lack_ticket: bool = False


@dataclass(frozen=True)
class Measure:
    """Something to count: rows of a subject that fall into a span and fulfil conditions.

    `columns` are its dimensions; `seconds` how long it took, for a measure of time. Those that
    stand for the company as a whole have neither team nor agent.
    """

    name: str
    words: str
    """What is counted, in the plural, for headings."""
    subject: Subject[Any]
    falls: Callable[[Bounds], Condition]
    always: tuple[Condition, ...] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)
    seconds: seconds_between | None = None
    changing: Mapping[str, Callable[[Bounds], Column]] = field(default_factory=dict)
    """Dimensions that depend on the span."""

    @property
    def is_company_wide(self) -> bool:
        """Whether no team and no agent can claim it, so that no filter applies."""
        return "agent" not in self.columns

    def column(self, name: str, bounds: Bounds) -> Column:
        """The column that stands for a dimension."""
        return self.changing[name](bounds) if name in self.changing else self.columns[name]

    def has(self, name: str) -> bool:
        """Whether it can be split by this dimension."""
        return name in self.columns or name in self.changing


TICKET = Subject(Ticket, Ticket.created_at, lambda rows: rows, Ticket.customer_id)
TURN = Subject(
    JournalEntry,
    JournalEntry.at,
    lambda rows: rows.join(Ticket, Ticket.id == JournalEntry.subject_id),
    Ticket.customer_id,
)
ANSWER = Subject(
    Response,
    Response.created_at,
    lambda rows: rows.outerjoin(Ticket, Ticket.id == Response.ticket_id),
    Response.customer_id,
    may_lack_ticket=True,
)
INVITATION = Subject(
    Invitation,
    Invitation.created_at,
    lambda rows: rows.outerjoin(Ticket, Ticket.id == Invitation.ticket_id).outerjoin(
        OutboundEmail, OutboundEmail.id == Invitation.email_id
    ),
    Invitation.customer_id,
    may_lack_ticket=True,
)
MESSAGE = Subject(
    Message,
    Message.created_at,
    lambda rows: rows.join(Ticket, Ticket.id == Message.ticket_id),
    Ticket.customer_id,
)
FLAG = Subject(
    ChurnFlag, ChurnFlag.raised_at, lambda rows: rows, ChurnFlag.customer_id, has_ticket=False
)
FOLLOW_UP = Subject(
    FollowUp,
    FollowUp.opened_at,
    lambda rows: rows.join(Response, Response.id == FollowUp.response_id).outerjoin(
        Ticket, Ticket.id == FollowUp.ticket_id
    ),
    FollowUp.customer_id,
    may_lack_ticket=True,
)
CUSTOMER = Subject(Customer, Customer.created_at, lambda rows: rows, Customer.id, has_ticket=False)
