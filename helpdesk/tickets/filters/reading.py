"""What conditions depend on, and how they look things up beside the ticket."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.accounts.models import Account
from helpdesk.core.search import Query
from helpdesk.tickets.filters.naming import Names
from helpdesk.tickets.indexing import tickets_index
from helpdesk.tickets.models import Tag, Ticket, ticket_tag

Is = ColumnElement[bool]


@dataclass(frozen=True)
class Reading:
    """Who looks, when, and where their days begin."""

    viewer: Account | None
    at: datetime
    zone: tzinfo
    names: Names
    one: bool = False
    """Asked of few tickets that are known by their numbers: what lies in other tables is looked up
    for each of them, instead of being read whole."""
    few: bool = False
    """Something else leaves few tickets: what is kept by their numbers is looked up for each."""

    def among(
        self,
        column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
        found: Select[int],
    ) -> Is:
        """The column is one of what a statement about one column finds."""
        if not self.one and not (self.few and column is Ticket.id):
            return column.in_(found)
        (key,) = found.selected_columns
        return found.where(key == column).correlate(Ticket).exists()

    def tagged(self, names: Sequence[str]) -> Is:
        """It has one of these tags; of no names, any tag at all."""
        found = select(ticket_tag.c.ticket_id)
        if names:
            # Looked up once and not beside each ticket.
            ids = [select(Tag.id).where(Tag.name == name).scalar_subquery() for name in names]
            found = found.where(or_(*(ticket_tag.c.tag_id == id_ for id_ in ids)))
        return self.among(Ticket.id, found)

    def holds(self, query: Query) -> Is:
        """Its words match."""
        index = tickets_index()
        return index.holds(query, Ticket.id) if self.one else Ticket.id.in_(index.ids(query))


def compared(column: InstrumentedAttribute[Any], op: str, value: object) -> Is:
    """The column is below or above a value."""
    compare: dict[str, Callable[[], Is]] = {
        "<": lambda: column < value,
        "<=": lambda: column <= value,
        ">": lambda: column > value,
        ">=": lambda: column >= value,
    }
    return compare[op]()
