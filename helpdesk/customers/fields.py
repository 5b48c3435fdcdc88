"""Fields of customers and organizations that administrators make, and what is filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, and_, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import Id, Model, session
from helpdesk.core.errors import Conflict, Invalid, NotFound
from helpdesk.core.fields import (
    FieldKind,
    Wish,
    checked_choices,
    checked_key,
    checked_kind,
    checked_name,
    normal,
    number_of,
)
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.customers.events import (
    CustomerChanged,
    OrganizationChanged,
    RecordFieldArranged,
)
from helpdesk.customers.history import note
from helpdesk.customers.models import Customer, Organization

MOST_FIELDS = 60
PREFIX = "field."
"""Before the key of a field, in filters and in the history."""


class About(StrEnum):
    CUSTOMER = "customer"
    ORGANIZATION = "organization"


class RecordField(Model):
    """Something to fill in on records. `key` is its name in filters. Retired, never deleted."""

    __tablename__ = "record_field"
    id: Mapped[Id]
    about: Mapped[About]
    key: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[str]
    kind: Mapped[FieldKind] = mapped_column(String(10))
    choices: Mapped[list[Any]]
    retired_at: Mapped[datetime | None]


class CustomerFieldValue(Model):
    """What is filled in, in its normal form; `number` is the same for comparing."""

    __tablename__ = "customer_field_value"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    field_id: Mapped[int] = mapped_column(ForeignKey("record_field.id"))
    text: Mapped[str] = mapped_column(Text)
    number: Mapped[float | None]

    __table_args__ = (
        UniqueConstraint("customer_id", "field_id"),
        Index("ix_customer_field_value_field", "field_id", "number"),
    )


class OrganizationFieldValue(Model):
    """The same of an organization."""

    __tablename__ = "organization_field_value"
    id: Mapped[Id]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    field_id: Mapped[int] = mapped_column(ForeignKey("record_field.id"))
    text: Mapped[str] = mapped_column(Text)
    number: Mapped[float | None]

    __table_args__ = (
        UniqueConstraint("organization_id", "field_id"),
        Index("ix_organization_field_value_field", "field_id", "number"),
    )


Values = type[CustomerFieldValue] | type[OrganizationFieldValue]


@dataclass(frozen=True)
class Filled:
    """A field with what stands in it."""

    field: RecordField
    text: str


def record_fields(about: About | None = None, *, retired: bool = False) -> Sequence[RecordField]:
    """Those in use, or all of them, in the order in which they were made."""
    statement = select(RecordField).order_by(RecordField.id)
    if about is not None:
        statement = statement.where(RecordField.about == about)
    if not retired:
        statement = statement.where(RecordField.retired_at.is_(None))
    return session.scalars(statement).all()


def field_by_id(field_id: int) -> RecordField:
    """Raises NotFound where there is none."""
    found = by_id(RecordField, field_id)
    if found is None:
        raise NotFound("There is no such field.")
    return found


_VALUES: Mapping[type[Customer | Organization], tuple[Any, Any]] = {
    Customer: (CustomerFieldValue, CustomerFieldValue.customer_id),
    Organization: (OrganizationFieldValue, OrganizationFieldValue.organization_id),
}
"""Where values of a kind of record are kept, and the column that says whose."""


def _values(row: Customer | Organization) -> dict[int, CustomerFieldValue | OrganizationFieldValue]:
    held, owner = _VALUES[type(row)]
    return {value.field_id: value for value in session.scalars(select(held).where(owner == row.id))}


def _about(row: Customer | Organization) -> About:
    return About.CUSTOMER if isinstance(row, Customer) else About.ORGANIZATION


def filled_on(row: Customer | Organization) -> list[Filled]:
    """Every field in use, and of retired ones those that are filled in."""
    held, owner = _VALUES[type(row)]
    found = (
        select(RecordField, held.text)
        .outerjoin(held, and_(held.field_id == RecordField.id, owner == row.id))
        .where(RecordField.about == _about(row))
        .order_by(RecordField.id)
    )
    filled = [Filled(field, text or "") for field, text in session.execute(found)]
    return [one for one in filled if one.text or one.field.retired_at is None]


def fill_in(
    row: Customer | Organization, texts: Mapping[int, str], *, by: Account, source: str = "desk"
) -> list[str]:
    """Fill in fields by their numbers; "" empties one, others are not looked at. Gives back the
    labels of what changed.

    Raises Invalid for what cannot be a value.
    """
    held, changed = _values(row), list[str]()
    for field in record_fields(_about(row)):
        if field.id not in texts:
            continue
        text, value = normal(field, texts[field.id]), held.get(field.id)
        before = value.text if value else ""
        if text == before:
            continue
        if value is None:
            value = _new(row, field)
            session.add(value)
        value.text, value.number = text, number_of(field, text)
        note(row, f"{PREFIX}{field.key}"[:40], before or None, text or None, by=by, source=source)
        changed.append(field.label)
    if changed and isinstance(row, Customer):
        record(CustomerChanged(row.id, changed), by=by)
    elif changed:
        record(OrganizationChanged(row.id, changed), by=by)
    return changed


def _new(
    row: Customer | Organization, field: RecordField
) -> CustomerFieldValue | OrganizationFieldValue:
    if isinstance(row, Customer):
        return CustomerFieldValue(customer_id=row.id, field_id=field.id)
    return OrganizationFieldValue(organization_id=row.id, field_id=field.id)


def add_field(about: About, wish: Wish, *, by: Account) -> RecordField:
    """One more thing to fill in. Raises Invalid and Conflict."""
    if (session.scalar(select(func.count()).select_from(RecordField)) or 0) >= MOST_FIELDS:
        raise Invalid(f"{MOST_FIELDS} fields are enough.")
    field = RecordField(
        about=about,
        key=checked_key(wish.key),
        label=checked_name(wish.label),
        kind=checked_kind(wish.kind),
        choices=checked_choices(wish),
    )
    session.add(field)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(f"There is a field “{field.key}” already.") from error
    record(RecordFieldArranged(field.id, f"made the field {field.label}"), by=by)
    return field


def change_field(field: RecordField, wish: Wish, *, by: Account) -> None:
    """Another label, other choices; key and kind stay, so that what is filled in keeps its
    meaning. Raises Invalid."""
    field.label = checked_name(wish.label)
    if field.kind == FieldKind.CHOICE:
        field.choices = checked_choices(wish)
    record(RecordFieldArranged(field.id, f"changed the field {field.label}"), by=by)


def retire_field(field: RecordField, *, back: bool, by: Account) -> None:
    """Nobody fills it in any more, or again; what is filled in stays."""
    field.retired_at = None if back else now()
    record(RecordFieldArranged(field.id, "brought back" if back else "retired"), by=by)
