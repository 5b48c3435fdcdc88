"""What is filled in on customers and their organizations, as segments ask for it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.core.db import ask
from helpdesk.core.prefix import is_one_of
from helpdesk.core.unchanged import while_unchanged
from helpdesk.customers.fields import (
    PREFIX,
    About,
    CustomerFieldValue,
    OrganizationFieldValue,
    RecordField,
)
from helpdesk.customers.models import Customer
from helpdesk.desk.segments.conditions import Reading, compared
from helpdesk.tickets.filters.clauses import Condition
from helpdesk.tickets.filters.fields import NONE

Is = ColumnElement[bool]


@while_unchanged
def made_fields() -> Mapping[str, tuple[int, bool]]:
    """Number, and whether it is about organizations, of each field by its key."""
    rows = ask(select(RecordField.key, RecordField.id, RecordField.about))
    return {row.key: (row.id, row.about == About.ORGANIZATION) for row in rows}


def filled(clause: Condition, _reading: Reading) -> Is:
    """What is filled in: numbers as numbers, everything else by its letters."""
    field_id, of_organizations = made_fields()[clause.name.removeprefix(PREFIX)]
    table = OrganizationFieldValue if of_organizations else CustomerFieldValue
    whose = OrganizationFieldValue.organization_id if of_organizations else None
    held = select(whose or CustomerFieldValue.customer_id).where(
        table.field_id == field_id, table.text != ""
    )
    column = Customer.organization_id if of_organizations else Customer.id
    if clause.op != ":":
        value = clause.values[0]
        among: InstrumentedAttribute[Any] = table.text
        limit: object = value
        with suppress(ValueError):
            among, limit = table.number, float(value.replace(",", "."))
        return column.in_(held.where(compared(among, clause.op, limit)))
    named = [value for value in clause.values if value != NONE]
    found: list[Is] = [column.in_(held.where(is_one_of(table.text, named)))]
    if NONE in clause.values:
        found.append(column.in_(held).is_not(True))
    return or_(*found)
