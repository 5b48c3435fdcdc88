"""Taking back what an import did, as far as nobody has built on it since."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, func, select
from sqlalchemy.exc import IntegrityError

from helpdesk.core.clock import now
from helpdesk.core.db import ask, session
from helpdesk.core.errors import Conflict
from helpdesk.core.journal import record
from helpdesk.customers.contactpoints import ContactPoint
from helpdesk.customers.events import ImportUndone
from helpdesk.customers.fields import PREFIX, fill_in, filled_on
from helpdesk.customers.history import (
    KINDS,
    Correction,
    Record,
    Value,
    as_text,
    change,
    from_text,
)
from helpdesk.customers.imports.more import FIELD
from helpdesk.customers.models import (
    Customer,
    Import,
    ImportLine,
    ImportState,
    Order,
    Organization,
    OrganizationDomain,
)
from helpdesk.customers.places import places
from helpdesk.customers.reaching import remove_point

UNDONE, KEPT = "undone", "kept"
BATCH = 500
_CAME_ALONG = frozenset({"address", "contact_point", "customer_field_value"})
"""Tables with what a line itself brings; whoever changes it later leaves a correction."""
_WORDS = {
    "asked_address": "addresses to confirm",
    "churn_flag": "flags",
    "customer": "merged records",
    "customer_file": "files",
    "customer_note": "notes",
    "customer_order": "orders",
    "customer_visit": "visits",
    "legal_hold": "a hold",
    "survey_follow_up": "follow-ups",
    "survey_invitation": "surveys",
    "survey_response": "answers",
}
"""What hangs on a person, by its table; everything else is a request or belongs to one."""


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
    made = [_unmake(str(kind), int(id_), handed_in) for kind, id_ in reversed(how["made"])]
    reasons = [reason for reason in made if reason]
    changed = sorted(how["changed"], key=lambda one: (one[0], one[1]))
    for (kind, record_id), fields in groupby(changed, key=lambda one: (one[0], one[1])):
        take_back = _unfill if str(kind).endswith(FIELD) else _unchange
        reasons += take_back(str(kind), int(record_id), list(fields), handed_in)
    line.outcome = KEPT if reasons else UNDONE
    line.message = f"Kept: {'; '.join(reasons)}." if reasons else "Taken back."


def _unmake(kind: str, record_id: int, handed_in: Import) -> str:
    """Delete a record that it made; why not, where somebody has built on it."""
    if kind == "organization_domain":
        session.execute(delete(OrganizationDomain).where(OrganizationDomain.id == record_id))
        return ""
    if kind == "contact_point":
        held = session.get(ContactPoint, record_id)
        if held is not None:
            whose = session.get_one(Customer, held.customer_id)
            remove_point(whose, record_id, by=handed_in.by)
        return ""
    row = _found(kind, record_id)
    if row is None:
        return ""
    if reason := _built_on(row) or _changed_since(row, handed_in):
        return reason
    try:
        with session.begin_nested():
            session.delete(row)
    except IntegrityError:
        return f"something hangs on {_called(row)} by now"
    # Numbers of rows that are gone may be given out again: what was noted of this one goes too.
    session.execute(delete(Correction).where(*_about(kind, record_id)))
    return ""


def _found(kind: str, record_id: int) -> Record | None:
    if kind == "customer":
        return session.get(Customer, record_id)
    if kind == "organization":
        return session.get(Organization, record_id)
    return session.get(Order, record_id)


def _called(row: Record) -> str:
    return row.reference if isinstance(row, Order) else row.name


def _built_on(row: Record) -> str:
    """What happened with a record since, in words."""
    if isinstance(row, Organization):
        people = exists().where(Customer.organization_id == row.id)
        return f"{row.name} has people by now" if session.scalar(select(people)) else ""
    if isinstance(row, Order):
        return ""
    if row.account_id is not None:
        return f"{row.name} signs in by now"
    if row.surveyed_at is not None:
        return f"{row.name} was asked by now"
    if row.is_verified:
        return f"{row.name} proved an address by now"
    session.flush()
    hanging = ask(_hanging(), {"customer": row.id}).one()._mapping
    found = next((str(table) for table, there in hanging.items() if there), "")
    return f"{row.name} has {_WORDS.get(found, 'requests')} by now" if found else ""


@cache
def _hanging() -> Select[*tuple[Any, ...]]:
    """By table, whether something there belongs to a person."""
    theirs = {place.table.name: place.whose for place in places().values()}
    return select(
        *(
            exists().where(whose == bindparam("customer")).label(table)
            for table, whose in theirs.items()
            if table not in _CAME_ALONG
        )
    )


def _changed_since(row: Record, handed_in: Import) -> str:
    """What on a record that it made was changed since, in words; not what was changed back."""
    rows = session.scalars(
        select(Correction)
        .where(*_about(KINDS[type(row)], row.id))
        .order_by(Correction.field, Correction.id)
    )
    by_field = [(field, list(told)) for field, told in groupby(rows, lambda one: one.field)]
    changed = [_plain(field) for field, told in by_field if not _is_as_it_came(told, handed_in)]
    return f"{_called(row)} was changed since: {', '.join(changed)}" if changed else ""


def _is_as_it_came(told: list[Correction], handed_in: Import) -> bool:
    """Whether a field says what it said at first. Of wishes the line itself is told as well."""
    first, last = told[0], told[-1]
    by_itself = first.source == "import" and first.recorded_at <= (handed_in.finished_at or now())
    came_with = first.after if by_itself and first.before is None else first.before
    return last.after in (first.before, came_with)


def _plain(field: str) -> str:
    return field.removeprefix(PREFIX).removesuffix("_id").replace("_", " ")


def _about(kind: str, record_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Correction.kind == kind, Correction.subject_id == record_id


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
