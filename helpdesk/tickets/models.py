"""Tickets and what they hold."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Computed,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account, Team
from helpdesk.core.db import Id, Model
from helpdesk.customers.models import Customer, Organization
from helpdesk.mail.models import OutboundEmail
from helpdesk.sentiment.models import Scored


class Status(StrEnum):
    NEW = "new"  # nobody has touched it
    OPEN = "open"  # it is on us
    PENDING = "pending"  # waiting for the customer
    ON_HOLD = "on_hold"  # waiting for a third party
    RESOLVED = "resolved"
    CLOSED = "closed"


OPEN = (Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD)
"""`is:open`: neither resolved nor closed."""
DONE = (Status.RESOLVED, Status.CLOSED)


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class MessageKind(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    NOTE = "note"  # never reachable from the portal, mail, or a customer's programs
    AUTOMATIC = "automatic"


PUBLIC = (MessageKind.CUSTOMER, MessageKind.AGENT, MessageKind.AUTOMATIC)


def _index_of_known(name: str, column: Mapped[Any], *others: str) -> Index:
    """An index over the few rows in which a column is not NULL, by it and others."""
    known = column.is_not(None)
    return Index(name, column, *others, sqlite_where=known, postgresql_where=known)


ERASED = "[erased]"
"""What stands where a person's words stood."""

ticket_tag = Table(
    "ticket_tag",
    Model.metadata,
    Column("ticket_id", ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True),
    # The ticket stands behind the tag, so that counting those of a tag reads no row.
    Index("ix_ticket_tag_tag_id", "tag_id", "ticket_id"),
)


class Tag(Model):
    __tablename__ = "tag"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String, unique=True)


class Ticket(Model):
    """A request of a customer and everything done about it. Its id is its public number."""

    __tablename__ = "ticket"
    id: Mapped[Id]
    subject: Mapped[str]
    status: Mapped[Status] = mapped_column(default=Status.NEW)
    is_open: Mapped[bool] = mapped_column(
        Computed("status NOT IN ('resolved', 'closed')", persisted=True)
    )
    priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL)
    channel: Mapped[str] = mapped_column(default="portal")
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    """The closed ticket that this one follows up."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))  # where it goes on
    type_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_type.id"))
    snoozed_until: Mapped[datetime | None] = mapped_column()  # put aside until then
    has_parts: Mapped[bool] = mapped_column(default=False, server_default=false())  # or had once
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every change, so that a reply written against an older one is noticed."""
    reply_from: Mapped[str | None]  # the mailbox of ours that it came by, and is answered from
    filing_key: Mapped[str | None] = mapped_column(String, unique=True)
    """Given out with the empty form, so that pressing twice files once."""

    created_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]
    """When it was written down here, where that was later than it happened."""
    active_at: Mapped[datetime]  # when somebody last wrote on it or changed it
    waiting_since: Mapped[datetime | None]  # the oldest message of the customer without a reply
    first_replied_at: Mapped[datetime | None]
    last_replied_at: Mapped[datetime | None]
    """When a person last wrote to the customer."""
    asked_at: Mapped[datetime | None]
    """When the customer first wrote themselves; NULL while only an agent did, who opened it."""
    answered_at: Mapped[datetime | None]
    """When a person first replied to what the customer asked."""
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reopenings: Mapped[int] = mapped_column(default=0)

    sla_policy_id: Mapped[int | None] = mapped_column(ForeignKey("sla_policy.id"))
    due_at: Mapped[datetime | None] = mapped_column()
    """When the next thing that was promised is due; NULL when nothing is, or all of it pauses."""
    due_for: Mapped[str | None] = mapped_column(String(20))
    """The target that is due next, or that pauses; NULL when nothing is owed."""

    snippet: Mapped[str] = mapped_column(default="")  # the start of the last public message
    sentiment: Mapped[float | None]
    sentiment_label: Mapped[str | None] = mapped_column(String(12))
    """Tone of the last scored message of the customer."""
    sentiment_first: Mapped[float | None]
    sentiment_lowest: Mapped[float | None]
    sentiment_slope: Mapped[float | None]
    """How much the tone changes from one scored message to the next; NULL below two."""
    last_score: Mapped[int | None] = mapped_column()  # CSAT given for it, 1 to 5

    customer: Mapped[Customer] = relationship()
    organization: Mapped[Organization | None] = relationship()
    team: Mapped[Team | None] = relationship()
    assignee: Mapped[Account | None] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary=ticket_tag, order_by=Tag.name)
    messages: Mapped[list["Message"]] = relationship(
        back_populates="ticket", order_by="Message.id", foreign_keys="Message.ticket_id"
    )
    watchers: Mapped[list["TicketWatcher"]] = relationship(order_by="TicketWatcher.id")

    __table_args__ = (
        # What is open is small, however much is done: each list of the queue walks one of these.
        Index("ix_ticket_open", "is_open", "active_at", "id"),
        # The team at the end lets counting ask who may see a ticket without reading its row.
        Index("ix_ticket_assignee", "is_open", "assignee_id", "active_at", "id", "team_id"),
        Index("ix_ticket_team", "is_open", "team_id", "active_at", "id"),
        Index("ix_ticket_status", "status", "active_at", "id", "team_id"),
        Index("ix_ticket_customer", "customer_id", "active_at", "id"),
        # All tickets, whatever became of them, by activity.
        Index("ix_ticket_active_at", "active_at", "id"),
        Index("ix_ticket_created_at", "created_at", "id"),
        Index("ix_ticket_resolved_at", "resolved_at"),
        Index("ix_ticket_first_replied_at", "first_replied_at"),
        _index_of_known("ix_ticket_merged_into_id", merged_into_id),
        _index_of_known("ix_ticket_snoozed_until", snoozed_until),
        _index_of_known("ix_ticket_due_at", due_at, "id"),
        _index_of_known("ix_ticket_last_score", last_score, "status", "id", "team_id"),
        {"sqlite_autoincrement": True},  # a number is never given out twice
    )

    def note_question(self, at: datetime, *, by_themselves: bool) -> None:
        """The customer wrote, or an agent wrote down what they said."""
        self.waiting_since = self.waiting_since or at
        if by_themselves:
            self.asked_at = self.asked_at or at

    def note_reply(self, at: datetime) -> None:
        """A person wrote to the customer."""
        self.waiting_since = None
        self.first_replied_at = self.first_replied_at or at
        self.last_replied_at = at
        if self.asked_at:
            self.answered_at = self.answered_at or at


class Message(Scored, Model):
    """Something that was written on a ticket. A job scores the tone of customers' words."""

    __tablename__ = "message"
    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    came_to_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    """The ticket that it came to, where merging or splitting moved it away from there."""
    kind: Mapped[MessageKind]
    channel: Mapped[str] = mapped_column(default="portal")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    body: Mapped[str]
    created_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]
    """When it was written down here, where that was later than it was written."""
    outbound_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_email.id"))
    form_key: Mapped[str | None] = mapped_column(String, unique=True)
    """Given out with the empty form, so that pressing twice writes once."""

    mail_id: Mapped[str | None] = mapped_column(Text)
    """The Message-ID of the mail that it came by."""
    shown: Mapped[str | None] = mapped_column(Text)
    """What of `body` is its writer's own, where the rest is folded; NULL shows all of it."""
    folded: Mapped[str | None] = mapped_column(Text)
    """What of `body` is quoted or a signature."""
    html: Mapped[str | None] = mapped_column(Text, deferred=True)
    """As it came: it is made safe each time it is shown."""
    left_out: Mapped[list[Any] | None]
    """Files of the mail that are not kept as attachments: [name, bytes, why]."""

    ticket: Mapped[Ticket] = relationship(back_populates="messages", foreign_keys=[ticket_id])
    author: Mapped[Account | None] = relationship()
    customer: Mapped[Customer | None] = relationship()
    outbound: Mapped[OutboundEmail | None] = relationship()
    attachments: Mapped[list["Attachment"]] = relationship(order_by="Attachment.created_at")

    __table_args__ = (
        Index("ix_message_ticket", "ticket_id", "id"),
        Index("ix_message_customer", "customer_id", "created_at"),
        Index("ix_message_kind", "kind", "created_at"),
        _index_of_known("ix_message_came_to_id", came_to_id),
    )

    @property
    def is_public(self) -> bool:
        return self.kind in PUBLIC

    @property
    def own_words(self) -> str:
        """What its writer wrote, as far as we know."""
        return self.body if self.shown is None else self.shown


class Attachment(Model):
    """A file on a message, or still in a draft. Its id cannot be guessed."""

    __tablename__ = "attachment"
    id: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), index=True
    )
    message_id: Mapped[int | None] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), index=True
    )
    draft_key: Mapped[str | None] = mapped_column(String, index=True)
    """Ties an upload to the form and the person it was made for, until that form succeeds."""
    name: Mapped[str]
    path: Mapped[str] = mapped_column(index=True, info={"stored_file": "sha256"})
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content_id: Mapped[str | None] = mapped_column(Text)
    """What the HTML of its mail calls it, where it shows it."""
    created_at: Mapped[datetime]


class TicketWatcher(Model):
    """Somebody who gets a copy of every reply and may write on the ticket; never its customer."""

    __tablename__ = "ticket_watcher"
    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String, index=True)
    """In lower case."""
    name: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("ticket_id", "email"),)


class TicketLink(Model):
    """Opens one ticket for one recipient without signing in; only the hash of it is kept."""

    __tablename__ = "ticket_link"
    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str]
    """The address it was mailed to; confirming the link verifies it."""
    token_hash: Mapped[str] = mapped_column(String, unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    ticket: Mapped[Ticket] = relationship()
    customer: Mapped[Customer] = relationship()

    def is_good(self, at: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and at < self.expires_at
