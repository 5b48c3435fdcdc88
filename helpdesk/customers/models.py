"""One record for a person, and what hangs on it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Computed, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.db import Id, Model
from helpdesk.core.prefix import BYTEWISE
from helpdesk.customers.contactpoints import ContactPoint, call, to_call

STAYS = {"merge": "stays"}
"""For `info` of a column that refers to a customer and tells of that record as it was: a merge
leaves it alone."""


class SurveyPreference(StrEnum):
    ALL = "all"
    PROBLEMS = "problems"  # only if it went wrong
    NONE = "none"

    def is_more_than(self, other: "SurveyPreference") -> bool:
        """Whether this one lets more surveys through."""
        order = list(SurveyPreference)
        return order.index(self) < order.index(other)


class Channel(StrEnum):
    """How a person wishes to be reached."""

    EMAIL = "email"
    PHONE = "phone"
    MESSENGER = "messenger"
    PORTAL = "portal"


class Organization(Model):
    """A company whose people write to us."""

    __tablename__ = "organization"
    id: Mapped[Id]
    name: Mapped[str]
    name_lower: Mapped[str] = mapped_column(
        BYTEWISE, Computed("lower(name)", persisted=True), index=True, deferred=True
    )
    """For finding names by their beginning."""
    shares_tickets: Mapped[bool] = mapped_column(default=False)
    """Whether colleagues see one another's tickets; set by an administrator."""
    contract_value: Mapped[Decimal | None]
    """What the contract is worth a year, in the company's currency: what reports count."""
    contract_amount: Mapped[Decimal | None]
    contract_currency: Mapped[str | None] = mapped_column(String(3))
    """What was agreed a year, where that is in another currency."""
    contract_since: Mapped[date | None]
    renews_on: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Who of us looks after them."""
    created_at: Mapped[datetime]

    owner: Mapped[Account | None] = relationship()
    domains: Mapped[list["OrganizationDomain"]] = relationship(
        order_by="OrganizationDomain.id", cascade="all, delete-orphan"
    )
    customers: Mapped[list["Customer"]] = relationship(back_populates="organization")

    __table_args__ = (Index("ix_organization_name", "name"),)

    @property
    def domain(self) -> str | None:
        """The first of its domains."""
        return self.domains[0].domain if self.domains else None

    @domain.setter
    def domain(self, domain: str | None) -> None:
        known = next((one for one in self.domains if one.domain == domain), None)
        rest = [one for one in self.domains[1:] if one is not known]
        fresh = OrganizationDomain(domain=domain) if domain and known is None else known
        self.domains[:] = [*([fresh] if fresh else []), *rest]


class OrganizationDomain(Model):
    """A domain at which people of an organization have addresses, in lower case. Two organizations
    may claim one; then nobody joins by it until it is known whose it is."""

    __tablename__ = "organization_domain"
    id: Mapped[Id]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    domain: Mapped[str] = mapped_column(BYTEWISE, index=True)
    verified_at: Mapped[datetime | None]
    """When one of us made sure that it is theirs alone."""

    __table_args__ = (UniqueConstraint("organization_id", "domain"),)


class Customer(Model):
    """A person we help. What higher packages know about them and lists must show or sort by
    (`health`, `flagged_at`, `sentiment`, `last_score`) stands here, written by those packages."""

    __tablename__ = "customer"
    id: Mapped[Id]
    name: Mapped[str]
    name_lower: Mapped[str] = mapped_column(
        BYTEWISE, Computed("lower(name)", persisted=True), index=True, deferred=True
    )
    """For finding names by their beginning."""
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), unique=True)
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str | None]
    tier: Mapped[str | None]
    created_at: Mapped[datetime]
    customer_since: Mapped[date | None]
    lost_on: Mapped[date | None]
    """When they left, as recorded by a person or an import."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    """The record that this one was found to be the same person as; see `merging`."""
    erased_at: Mapped[datetime | None]
    """When the person was erased; what is left stands for nobody."""

    channel: Mapped[Channel | None]
    """How they wish to be reached; None where they never said."""
    marketing: Mapped[bool | None]
    """Whether they let us advertise; None where nobody asked, which is a no to every sender."""
    survey_preference: Mapped[SurveyPreference] = mapped_column(default=SurveyPreference.ALL)
    survey_paused_until: Mapped[datetime | None]
    surveyed_at: Mapped[datetime | None]
    """When a survey was last mailed, for the contact budget."""

    health: Mapped[int | None]
    flagged_at: Mapped[datetime | None] = mapped_column()
    sentiment: Mapped[float | None]
    """Exponentially weighted mean of the tone of their messages, −1 to 1."""
    sentiment_n: Mapped[int] = mapped_column(default=0)
    last_score: Mapped[int | None]
    """Their last CSAT, 1 to 5."""

    organization: Mapped[Organization | None] = relationship(back_populates="customers")
    account: Mapped[Account | None] = relationship()
    addresses: Mapped[list["Address"]] = relationship(
        back_populates="customer", order_by="Address.id", cascade="all, delete-orphan"
    )
    contact_points: Mapped[list[ContactPoint]] = relationship(
        order_by=ContactPoint.id, cascade="all, delete-orphan"
    )

    __table_args__ = (
        Index("ix_customer_name", "name"),
        # From when to when somebody was a customer: counted by reports, for everybody at once.
        Index(
            "ix_customer_lives",
            "customer_since",
            "lost_on",
            "created_at",
            sqlite_where=text("merged_into_id IS NULL"),
            postgresql_where=text("merged_into_id IS NULL"),
        ),
        Index(
            "ix_customer_flagged_at",
            "flagged_at",
            sqlite_where=flagged_at.is_not(None),
            postgresql_where=flagged_at.is_not(None),
        ),
    )

    @property
    def email(self) -> str | None:
        """The address to write to: the primary one, else the first that does not bounce."""
        good = [a for a in self.addresses if a.bounced_at is None] or self.addresses
        return next((a.email for a in good if a.is_primary), good[0].email if good else None)

    @property
    def phone(self) -> str | None:
        """The number to call: the primary one, else the first."""
        point = to_call(self.contact_points)
        return point.value if point else None

    @phone.setter
    def phone(self, number: str | None) -> None:
        call(self.contact_points, number)

    @property
    def is_verified(self) -> bool:
        """Whether one of their addresses is proven to be theirs."""
        return any(a.verified_at for a in self.addresses)


class Address(Model):
    """An e-mail address of a customer, in lower case. Nobody shares one."""

    __tablename__ = "address"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str] = mapped_column(BYTEWISE, unique=True)
    is_primary: Mapped[bool] = mapped_column(default=False)
    verified_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship(back_populates="addresses")


class Order(Model):
    """Something a customer bought."""

    __tablename__ = "customer_order"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    reference: Mapped[str]
    ordered_at: Mapped[datetime]
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    item: Mapped[str | None]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("customer_id", "reference"),
        Index("ix_customer_order_customer_ordered", "customer_id", "ordered_at"),
        # What somebody ordered, ever, is summed from the index alone.
        Index("ix_customer_order_customer_amount", "customer_id", "amount"),
    )


class CustomerNote(Model):
    """What the staff should know about a customer; never shown to them on the portal."""

    __tablename__ = "customer_note"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    body: Mapped[str]
    created_at: Mapped[datetime]
    form_key: Mapped[str | None] = mapped_column(String, unique=True)
    """Given out with the empty form, so that pressing twice notes once."""

    author: Mapped[Account] = relationship()


class ImportState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


class Import(Model):
    """A table of customers or orders that somebody handed in; taken over by a job, in pieces, so
    that a crash costs nothing and an hour of lines holds up nobody."""

    __tablename__ = "customer_import"
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    path: Mapped[str] = mapped_column(info={"stored_file": None})
    state: Mapped[ImportState] = mapped_column(default=ImportState.WAITING)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    done_to: Mapped[int] = mapped_column(default=0)
    """The last line of the file that was dealt with."""
    error: Mapped[str | None]
    trial: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it only says what would happen."""
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """Columns of the file that somebody said are which field; empty for those not to be read."""

    by: Mapped[Account] = relationship()
    lines: Mapped[list["ImportLine"]] = relationship(order_by="ImportLine.line")

    __table_args__ = (Index("ix_customer_import_state", "state"),)


class ImportLine(Model):
    """What became of one line: taken, changed, unchanged or refused, and why; and, once it was to
    be undone, undone or kept."""

    __tablename__ = "customer_import_line"
    import_id: Mapped[int] = mapped_column(
        ForeignKey("customer_import.id", ondelete="CASCADE"), primary_key=True
    )
    line: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(12))
    message: Mapped[str]
    undo: Mapped[dict[str, Any] | None]
    """What it made and changed, so that it can be taken back; NULL where it did nothing."""
