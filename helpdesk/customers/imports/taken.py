"""What became of a line, and what it takes to undo it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.core.errors import HelpdeskError
from helpdesk.customers.history import Record, Value, as_text, change
from helpdesk.customers.imports.lines import (
    Values,
)
from helpdesk.customers.models import Address, Customer

TAKEN, CHANGED, UNCHANGED, REFUSED = "taken", "changed", "unchanged", "refused"
Parsed = TypeVar("Parsed")


class HasId(Protocol):
    """A record that was added."""

    @property
    def id(self) -> int: ...


@dataclass
class Taken:
    """What became of a line, and what it takes to undo it."""

    outcome: str
    message: str
    made: list[tuple[str, HasId]] = field(default_factory=list)
    """Records it made, by kind."""
    before: list[list[object]] = field(default_factory=list)
    """Fields it changed: kind, id, field, value before, value after."""
    how: dict[str, object] | None = None
    """How to undo it, as plain values; known once its records have their ids."""

    def note_how(self) -> None:
        """Keep how to undo it, if it did anything."""
        if self.made or self.before:
            made = [[kind, row.id] for kind, row in self.made]
            self.how = {"made": made, "changed": self.before}


def read(parse: Callable[[Values], Parsed], lines: Sequence[Values]) -> list[Parsed | Taken]:
    """Each line as it was meant, or refused with the reason."""
    found: list[Parsed | Taken] = []
    for values in lines:
        try:
            found.append(parse(values))
        except HelpdeskError as error:
            found.append(Taken(REFUSED, error.message))
    return found


def kept(
    taken: Taken, kind: str, row: Record, values: Mapping[str, Value], by: Account
) -> list[str]:
    """Change a record and remember how to undo that; the names of what changed."""
    if all(getattr(row, name) == value for name, value in values.items()):
        return []
    before = {name: getattr(row, name) for name in values}
    changed = change(row, values, by=by, source="import")
    for name in changed:
        after = as_text(values[name])
        taken.before.append([kind, row.id, name, as_text(before[name]), after])
    return changed


def customers_by_email(emails: Iterable[str]) -> dict[str, Customer]:
    """The customers with these addresses, by address."""
    rows = session.scalars(
        select(Address)
        .join(Address.customer)
        .options(contains_eager(Address.customer).selectinload(Customer.contact_points))
        .where(Address.email.in_(set(emails)))
    )
    return {address.email: address.customer for address in rows}


def safely(take: Callable[..., Taken], *arguments: object) -> Taken:
    """What became of a line, refused where that is what taking it over said."""
    try:
        return take(*arguments)
    except HelpdeskError as error:
        return Taken(REFUSED, error.message)
