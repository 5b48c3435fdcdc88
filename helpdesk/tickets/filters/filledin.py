"""What is filled in on tickets, as filters ask for it: numbers as numbers, days as days, everything
else by its letters."""

import math
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import and_, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.core.fields import FieldKind
from helpdesk.core.prefix import is_one_of
from helpdesk.tickets.filters import moments
from helpdesk.tickets.filters.clauses import Condition, FilterError
from helpdesk.tickets.filters.fields import NONE
from helpdesk.tickets.filters.reading import Is, Reading, compared
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.types import TicketFieldValue

_text: InstrumentedAttribute[Any] = TicketFieldValue.text
_number: InstrumentedAttribute[Any] = TicketFieldValue.number


def filled(clause: Condition, reading: Reading) -> Is:
    """The condition. Raises FilterError for a field that is not there, and for what is no number or
    no day where those are filled in."""
    known = reading.names.field(clause)
    held = select(TicketFieldValue.ticket_id).where(
        TicketFieldValue.field_id == known.id, TicketFieldValue.text != ""
    )
    asked = _ASKED.get(known.kind, _said)
    named = [value for value in clause.values if value != NONE]
    found = [reading.among(Ticket.id, held.where(asked(clause, named, reading)))] if named else []
    if NONE in clause.values:
        found.append(not_(reading.among(Ticket.id, held)))
    return or_(*found)


def _said(clause: Condition, values: list[str], _reading: Reading) -> Is:
    if clause.op != ":":
        return compared(_text, clause.op, values[0])
    return is_one_of(TicketFieldValue.text, values)


def _counted(clause: Condition, values: list[str], _reading: Reading) -> Is:
    numbers = [_number_of(value, clause) for value in values]
    if clause.op != ":":
        return compared(_number, clause.op, numbers[0])
    return _number.in_(numbers)


def _number_of(text: str, clause: Condition) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        message = f"“{clause.name}” is a number, such as {clause.name}>=100, not “{text[:40]}”."
        raise FilterError(message, clause.start, clause.end)
    return value


def _dated(clause: Condition, values: list[str], reading: Reading) -> Is:
    """Days are kept as they are written, so that their order is that of their letters."""
    try:
        checked = [moments.checked(value) for value in values]
    except ValueError as why:
        raise FilterError(str(why), clause.start, clause.end) from None
    zone = reading.zone
    if clause.op == ":":
        spans = [moments.span(value, reading.at, zone) for value in checked]
        ends = [(_day(span.first, zone), _day(span.end, zone)) for span in spans]
        return or_(*(and_(_text >= first, _text < end) for first, end in ends))
    edges = moments.edges(checked[0], reading.at, zone)
    at = edges.end if clause.op in ("<=", ">") else edges.first
    return compared(_text, "<" if clause.op in ("<", "<=") else ">=", _day(at, zone))


def _day(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).date().isoformat()


_ASKED: dict[str, Callable[[Condition, list[str], Reading], Is]] = {
    FieldKind.NUMBER: _counted,
    FieldKind.DATE: _dated,
}
