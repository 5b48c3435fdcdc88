"""Taking back what an import did, as far as nobody has built on it since."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import IntegrityError

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict
from helpdesk.core.journal import record
from helpdesk.customers.contactpoints import ContactPoint
from helpdesk.customers.events import ImportUndone
from helpdesk.customers.fields import fill_in, filled_on
from helpdesk.customers.history import Record, Value, as_text, change, from_text
from helpdesk.customers.imports.more import FIELD
from helpdesk.customers.models import (
    Customer,
    CustomerNote,
    Import,
    ImportLine,
    ImportState,
    Order,
    Organization,
    OrganizationDomain,
)

UNDONE, KEPT = "undone", "kept"
BATCH = 500
_SMALL: dict[str, type[ContactPoint] | type[OrganizationDomain]] = {
    "contact_point": ContactPoint,
    "organization_domain": OrganizationDomain,
}
"""Rows on which nothing can hang."""


def undo(handed_in: Import) -> None:
    """Begin to take it back; a job goes on. Twice is harmless.

    Raises Conflict for what is not over, or was a trial.
    """
    if handed_in.state in (ImportState.UNDOING, ImportState.UNDONE):
        return
    if handed_in.state not in (ImportState.DONE, ImportState.FAILED) or handed_in.trial:
        raise Conflict("Only an import that is over can be undone.")
    handed_in.state = ImportState.UNDOING


def undo_batch(import_id: int) -> bool:
    """Take the last lines back that are not yet; True while more are left. Twice is harmless."""
    handed_in = session.get_one(Import, import_id, with_for_update={"of": Import})
    if handed_in.state is not ImportState.UNDOING:
        return False
    open_lines = (
        select(ImportLine)
        .where(ImportLine.import_id == import_id, ImportLine.outcome.in_(("taken", "changed")))
        .order_by(ImportLine.line.desc())
        .limit(BATCH)
    )
    lines = list(session.scalars(open_lines))
    for line in lines:
        _take_back(line, handed_in)
    if len(lines) < BATCH:
        handed_in.state, handed_in.finished_at = ImportState.UNDONE, now()
        record(
            ImportUndone(import_id, _count(import_id, UNDONE), _count(import_id, KEPT)),
            by=handed_in.by,
        )
    return len(lines) == BATCH


def _count(import_id: int, outcome: str) -> int:
    lines = select(func.count()).where(
        ImportLine.import_id == import_id, ImportLine.outcome == outcome
    )
    return session.scalar(lines) or 0


def _take_back(line: ImportLine, handed_in: Import) -> None:
    how = line.undo or {"made": [], "changed": []}
    reasons = [reason for made in reversed(how["made"]) if (reason := _unmake(*made))]
    changed = sorted(how["changed"], key=lambda one: (one[0], one[1]))
    for (kind, record_id), fields in groupby(changed, key=lambda one: (one[0], one[1])):
        take_back = _unfill if str(kind).endswith(FIELD) else _unchange
        reasons += take_back(str(kind), int(record_id), list(fields), handed_in)
    line.outcome = KEPT if reasons else UNDONE
    line.message = f"Kept: {'; '.join(reasons)}." if reasons else "Taken back."


def _unmake(kind: str, record_id: int) -> str:
    """Delete a record that it made; why not, where somebody has built on it."""
    if kind in _SMALL:
        small = _SMALL[kind]
        session.execute(delete(small).where(small.id == record_id))
        return ""
    row = _found(kind, record_id)
    if row is None:
        return ""
    if isinstance(row, Customer) and (reason := _built_on(row)):
        return reason
    name = row.reference if isinstance(row, Order) else row.name
    try:
        with session.begin_nested():
            session.delete(row)
    except IntegrityError:
        return f"something hangs on {name} by now"
    return ""


def _found(kind: str, record_id: int) -> Record | None:
    if kind == "customer":
        return session.get(Customer, record_id)
    if kind == "organization":
        return session.get(Organization, record_id)
    return session.get(Order, record_id)


def _built_on(customer: Customer) -> str:
    """What happened with a customer since, in words."""
    if customer.account_id is not None:
        return f"{customer.name} signs in by now"
    if customer.surveyed_at is not None:
        return f"{customer.name} was asked by now"
    hanging = {"notes": CustomerNote.customer_id, "orders": Order.customer_id}
    for what, column in hanging.items():
        if session.scalar(select(exists().where(column == customer.id))):
            return f"{customer.name} has {what} by now"
    return ""


def _unfill(kind: str, record_id: int, fields: list[list[Any]], handed_in: Import) -> list[str]:
    """The same for fields that administrators made."""
    row = _found(kind.removesuffix(FIELD), record_id)
    if row is None or isinstance(row, Order):
        return []
    filled = {one.field.key: one for one in filled_on(row)}
    reasons, back = [], dict[int, str]()
    for _, _, key, before, after in fields:
        held = filled.get(key)
        if held is not None and held.text == after and held.field.retired_at is None:
            back[held.field.id] = before or ""
        else:
            reasons.append(f"{key.replace('_', ' ')} was changed again")
    fill_in(row, back, by=handed_in.by, source="import")
    return reasons


def _unchange(kind: str, record_id: int, fields: list[list[Any]], handed_in: Import) -> list[str]:
    row = _found(kind, record_id)
    if row is None:
        return []
    reasons, back = [], dict[str, Value]()
    for _, _, name, before, after in fields:
        if as_text(getattr(row, name)) == after:
            back[name] = from_text(name, before)
        else:
            reasons.append(f"{name.replace('_', ' ')} was changed again")
    change(row, back, by=handed_in.by, source="import")
    return reasons
