"""What kinds of tables there are, and how lines of each are taken over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from helpdesk.accounts.models import Account
from helpdesk.customers.imports import columns
from helpdesk.customers.imports.companies import take_organizations
from helpdesk.customers.imports.lines import Values
from helpdesk.customers.imports.people import take_customers, take_outcomes
from helpdesk.customers.imports.purchases import take_orders
from helpdesk.customers.imports.taken import Taken

Take = Callable[[Sequence[Values], Account], list[Taken]]


@dataclass(frozen=True)
class Kind:
    """What a table of some kind looks like, and how lines of it are taken over."""

    columns: columns.Columns
    required: tuple[str, ...]
    take: Take


KINDS: Mapping[str, Kind] = {
    "customers": Kind(columns.CUSTOMERS, ("email",), take_customers),
    "organizations": Kind(columns.ORGANIZATIONS, ("organization",), take_organizations),
    "orders": Kind(columns.ORDERS, ("email", "reference", "ordered_at", "amount"), take_orders),
    "outcomes": Kind(columns.OUTCOMES, ("email",), take_outcomes),
}
