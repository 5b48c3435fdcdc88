"""Where in the database something belongs to a customer, read from the tables themselves, so that a
table that is added tomorrow moves with a merge and comes back from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from sqlalchemy import Column, ColumnElement, Select, Table, and_, exists, false, or_, select, text
from sqlalchemy.schema import Index, UniqueConstraint

from helpdesk.core.db import Model
from helpdesk.customers.models import STAYS, Customer


@dataclass(frozen=True)
class Place:
    """A column that says whose a row is."""

    table: Table
    name: str

    def __str__(self) -> str:
        return f"{self.table.name}.{self.name}"

    @property
    def whose(self) -> Column[int]:
        """The id of the customer."""
        return self.table.c[self.name]

    @property
    def id(self) -> Column[int]:
        """The id of the row."""
        return self.table.c["id"]

    def of(self, customer_id: int) -> Select[int]:
        """Ids of the rows of a customer."""
        return select(self.id).where(self.whose == customer_id)

    def clashing(self, kept_id: int) -> ColumnElement[bool]:
        """Rows that the other record has already, such as an order with the same reference."""
        return or_(false(), *(self._taken(rule, kept_id) for rule in self._rules))

    @cached_property
    def _rules(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """The columns that are unique together with the customer, and under which condition."""
        return tuple(
            (tuple(c.name for c in rule.columns if c.name != self.name), _condition(rule))
            for rule in (*self.table.constraints, *self.table.indexes)
            if isinstance(rule, UniqueConstraint | Index)
            if (isinstance(rule, UniqueConstraint) or rule.unique) and self.name in rule.columns
        )

    def _taken(self, rule: tuple[tuple[str, ...], str], kept_id: int) -> ColumnElement[bool]:
        names, condition = rule
        other = self.table.alias("other")
        same = [other.c[name] == self.table.c[name] for name in names]
        holds = text(f"({condition or '1 = 1'})")  # of the innermost table, wherever it stands
        there = exists(select(other.c["id"]).where(other.c[self.name] == kept_id, *same, holds))
        return and_(holds, there)

    def parents(self, places: Mapping[str, "Place"]) -> Iterator[tuple[Column[int], "Place"]]:
        """Columns by which a row hangs on another row that belongs to a customer, and its place."""
        for key in self.table.foreign_keys:
            for place in places.values():
                if key.column is place.id and key.parent is not self.whose:
                    yield key.parent, place


def _condition(rule: UniqueConstraint | Index) -> str:
    if not isinstance(rule, Index):
        return ""
    where = rule.dialect_options["sqlite"].get("where")
    return "" if where is None else str(where)


@cache
def places() -> dict[str, Place]:
    """Every column that refers to a customer, but for those that say that they stay, by name."""
    found = [
        Place(table, key.parent.name)
        for table in Model.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is Customer.__table__.c["id"] and key.parent.info != STAYS
    ]
    return {str(place): place for place in found}
