"""Taking over customers, and whether they left."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import Model, session
from helpdesk.core.journal import record, record_all
from helpdesk.customers import actions
from helpdesk.customers.consent import taken_from_table
from helpdesk.customers.contactpoints import ContactPoint
from helpdesk.customers.events import CustomerAdded, CustomerChanged
from helpdesk.customers.fields import About
from helpdesk.customers.history import Correction, Value, as_text
from helpdesk.customers.imports.companies import Organizations
from helpdesk.customers.imports.lines import (
    CustomerLine,
    OutcomeLine,
    Values,
    customer_line,
    outcome_line,
)
from helpdesk.customers.imports.more import More
from helpdesk.customers.imports.points import add_points, rows_of
from helpdesk.customers.imports.taken import (
    CHANGED,
    REFUSED,
    TAKEN,
    UNCHANGED,
    Taken,
    customers_by_email,
    kept,
    read,
    safely,
)
from helpdesk.customers.models import Address, Customer, Organization


@dataclass
class _Newcomer:
    """A customer who is to be added with the others of these lines."""

    line: CustomerLine
    organization: Organization | None
    taken: Taken
    id: int = 0

    @property
    def name(self) -> str:
        return str(self.line.facts.get("name") or self.line.email.partition("@")[0])


class _Customers:
    """Customers by address, and newcomers until they are added all at once."""

    def __init__(self, lines: Sequence[CustomerLine], by: Account) -> None:
        self.known = customers_by_email(line.email for line in lines)
        self.new: dict[str, _Newcomer] = {}
        self.added: set[str] = set()
        self.by = by
        domains = [line.email.rpartition("@")[2] for line in lines]
        domains += [domain for line in lines for domain in line.domains]
        self.organizations = Organizations((line.organization for line in lines), domains)
        self.more = More(About.CUSTOMER, [line.more for line in lines], self.known.values())

    def take(self, line: CustomerLine) -> Taken:
        """Raises HelpdeskError where the line cannot be taken."""
        taken, organization, changed = Taken(UNCHANGED, ""), None, list[str]()
        texts = self.more.checked(line.more)
        if line.organization:
            organization, changed = self.organizations.keep(
                line.organization, line.terms, line.domains, taken, self.by
            )
        if line.email in self.new:
            self.add()
        if line.email in self.added:
            self.known |= customers_by_email([line.email])
        customer = self.known.get(line.email)
        if customer is None:
            at_home = self.organizations.homes.get(line.email.rpartition("@")[2])
            newcomer = _Newcomer(line, organization or at_home, taken)
            self.new[line.email] = newcomer
            taken.outcome, taken.message = TAKEN, f"{newcomer.name} was added."
            return taken
        filled = self.more.fill(taken, customer, texts, self.by)
        return _changed(taken, customer, organization, changed, filled, line, self.by)

    def add(self) -> None:
        """Add the newcomers, with their addresses and entries in the journal."""
        if not self.new:
            return
        session.flush()
        newcomers, moment = list(self.new.values()), now()
        rows = [
            {
                "tier": None,
                "language": "en",
                "time_zone": None,
                "channel": None,
                "marketing": None,
                "customer_since": None,
                **one.line.facts,
                "name": one.name,
                "organization_id": one.organization.id if one.organization else None,
                "created_at": moment,
                "lost_on": one.line.lost_on,
            }
            for one in newcomers
        ]
        # Past the ORM, which takes as long as all the rest to put many rows in.
        people = Model.metadata.tables[Customer.__tablename__]
        added = insert(people).returning(people.c.id, sort_by_parameter_order=True)
        for one, number in zip(newcomers, session.scalars(added, rows).all(), strict=True):
            one.id = number
            one.taken.made.append(("customer", one))
        addresses = [
            {"customer_id": one.id, "email": one.line.email, "is_primary": True}
            for one in newcomers
        ]
        session.execute(insert(Model.metadata.tables[Address.__tablename__]), addresses)
        for one in newcomers:
            self.more.keep_for(one.id, self.more.checked(one.line.more))
        if stated := [row for one in newcomers for row in _statements(one, self.by)]:
            session.execute(insert(Correction), stated)
        if points := [row for one in newcomers for row in rows_of(one.id, one.line.points)]:
            session.execute(insert(ContactPoint), points)
        record_all([CustomerAdded(one.id, "import") for one in newcomers], by=self.by)
        self.added |= self.new.keys()
        self.new = {}


def _statements(one: _Newcomer, by: Account) -> Iterator[dict[str, object]]:
    """The proof of what somebody new wishes: that this table said so."""
    for name in ("channel", "marketing"):
        if name in one.line.facts:
            yield {
                "kind": "customer",
                "subject_id": one.id,
                "field": name,
                "after": as_text(one.line.facts[name]),
                "recorded_at": now(),
                "by_id": by.id,
                "source": "import",
            }


def take_customers(lines: Sequence[Values], by: Account) -> list[Taken]:
    """Customers with what hangs on them: organization, contract, whether they left."""
    meant = read(customer_line, lines)
    customers = _Customers([line for line in meant if isinstance(line, CustomerLine)], by)
    done = [line if isinstance(line, Taken) else safely(customers.take, line) for line in meant]
    customers.add()
    session.flush()
    customers.more.add()
    customers.organizations.tell(by)
    return done


def _changed(
    taken: Taken,
    customer: Customer,
    organization: Organization | None,
    changed: list[str],
    filled: list[str],
    line: CustomerLine,
    by: Account,
) -> Taken:
    if organization is not None and customer.organization is not organization:
        session.flush()
        moved: dict[str, Value] = {"organization_id": organization.id}
        changed += ["organization" for _ in kept(taken, "customer", customer, moved, by)]
    edited = filled + kept(taken, "customer", customer, taken_from_table(customer, line.facts), by)
    if edited:
        record(CustomerChanged(customer.id, edited), by=by)
    changed += edited + add_points(taken, customer, line.points, by)
    changed += _left(taken, customer, line, by)
    if not changed:
        taken.message = f"{customer.name} is known and the same."
        return taken
    taken.outcome = CHANGED
    taken.message = f"{customer.name}: {', '.join(dict.fromkeys(changed))}."
    return taken


def _left(
    taken: Taken, customer: Customer, line: CustomerLine | OutcomeLine, by: Account
) -> list[str]:
    if line.lost_on is None or customer.lost_on == line.lost_on:
        return []
    before = as_text(customer.lost_on)
    actions.mark_lost(customer, line.lost_on, by=by)
    taken.before.append(["customer", customer.id, "lost_on", before, as_text(line.lost_on)])
    return ["lost_on"]


def take_outcomes(lines: Sequence[Values], by: Account) -> list[Taken]:
    """Whether known customers left, and when."""
    meant = read(outcome_line, lines)
    good = [line for line in meant if isinstance(line, OutcomeLine)]
    customers = customers_by_email(line.email for line in good)
    return [line if isinstance(line, Taken) else _outcome(line, customers, by) for line in meant]


def _outcome(line: OutcomeLine, customers: Mapping[str, Customer], by: Account) -> Taken:
    customer = customers.get(line.email)
    if customer is None:
        return Taken(REFUSED, f"No customer has the address {line.email}.")
    if line.lost_on is not None and line.lost_on > now().date():
        return Taken(REFUSED, f"{line.lost_on} is not over yet.")
    taken = Taken(UNCHANGED, f"That is known of {customer.name}.")
    if line.lost_on is None and customer.lost_on is not None:
        kept(taken, "customer", customer, {"lost_on": None}, by)
        taken.outcome, taken.message = CHANGED, f"{customer.name} is a customer again."
    elif _left(taken, customer, line, by):
        taken.outcome, taken.message = CHANGED, f"{customer.name} left on {line.lost_on}."
    return taken
