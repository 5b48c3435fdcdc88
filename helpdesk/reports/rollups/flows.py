"""What stands at the end of a day, as the sum of what every day changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Integer, and_, case, func, literal, select, union
from sqlalchemy.sql.expression import FromClause

from helpdesk.core.journal import JournalEntry
from helpdesk.reports.access import Reader
from helpdesk.reports.counting import bounds_in, conditions, slots_of
from helpdesk.reports.falling import happens, is_open_at_end
from helpdesk.reports.periods import Span
from helpdesk.reports.selection import Selection
from helpdesk.reports.subjects import Bounds, Column, Measure, Rows
from helpdesk.tickets.events import TicketReopened, TicketResolved
from helpdesk.tickets.models import Ticket


def changes(
    reader: Reader,
    measure: Measure,
    selection: Selection,
    spans: Sequence[Span],
    dimensions: Sequence[str],
) -> tuple[Rows, list[Column], Column]:
    """How many more tickets are open at the end of each span than at its beginning: the statement,
    its keys and the number. Only what was filed, resolved, closed or reopened in a span can make a
    difference; whether it does is asked at both ends, in the very words of the measure."""
    slots = slots_of(spans)
    bounds = bounds_in(slots, spans)
    before = Bounds(slots.c.start, slots.c.start, slots.c.first, slots.c.first)
    moved = _moved(slots, bounds)
    keys: list[Column] = [slots.c.slot, *(measure.columns[name] for name in dimensions)]
    number = func.sum(_one(is_open_at_end(bounds)) - _one(is_open_at_end(before)))
    statement: Rows = (
        select(*keys)
        .select_from(slots)
        .join(moved, moved.c.slot == slots.c.slot)
        .join(Ticket, Ticket.id == moved.c.ticket_id)
        .where(*conditions(reader, measure, selection, bounds))
    )
    return statement, keys, number


def _one(condition: Column) -> Column:
    return case((condition, literal(1, Integer)), else_=literal(0, Integer))


def _moved(slots: FromClause, bounds: Bounds) -> FromClause:
    """The tickets that a span may have changed, each once."""
    ticket = select(slots.c.slot, Ticket.id.label("ticket_id")).select_from(slots)
    turns = and_(
        JournalEntry.event.in_((TicketResolved.__name__, TicketReopened.__name__)),
        JournalEntry.subject_kind == "ticket",
        happens(JournalEntry.at)(bounds),
    )
    merged = and_(Ticket.merged_into_id.is_not(None), happens(Ticket.closed_at)(bounds))
    return union(
        ticket.join(Ticket, happens(Ticket.created_at)(bounds)),
        ticket.join(Ticket, happens(Ticket.resolved_at)(bounds)),
        ticket.join(Ticket, merged),
        select(slots.c.slot, JournalEntry.subject_id).select_from(slots).join(JournalEntry, turns),
    ).subquery("moved")
