"""What kinds of tables there are, and how lines of each are taken over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from helpdesk.accounts.models import Account
from helpdesk.customers.fields import About, record_fields
from helpdesk.customers.imports import columns as known
from helpdesk.customers.imports.companies import take_organizations
from helpdesk.customers.imports.lines import Values
from helpdesk.customers.imports.people import take_customers, take_outcomes
from helpdesk.customers.imports.purchases import take_orders
from helpdesk.customers.imports.taken import Taken

Take = Callable[[Sequence[Values], Account], list[Taken]]


@dataclass(frozen=True)
class Kind:
    """What a table of some kind looks like, and how lines of it are taken over."""

    own: known.Columns
    """The columns that every installation knows."""
    required: tuple[str, ...]
    take: Take
    about: About | None = None
    """Whose fields, made by administrators, may stand in it as well."""

    @property
    def columns(self) -> known.Columns:
        """Every column that is known now. No field takes a name from one of our own."""
        if self.about is None:
            return self.own
        return {**known.of_fields(record_fields(self.about)), **self.own}


KINDS: Mapping[str, Kind] = {
    "customers": Kind(known.CUSTOMERS, ("email",), take_customers, About.CUSTOMER),
    "organizations": Kind(
        known.ORGANIZATIONS, ("organization",), take_organizations, About.ORGANIZATION
    ),
    "orders": Kind(known.ORDERS, ("email", "reference", "ordered_at", "amount"), take_orders),
    "outcomes": Kind(known.OUTCOMES, ("email",), take_outcomes),
}
