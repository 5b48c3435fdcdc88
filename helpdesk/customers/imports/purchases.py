"""Taking over orders of known customers."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select, tuple_

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.customers.events import OrdersImported
from helpdesk.customers.imports.lines import (
    OrderLine,
    Values,
    order_line,
)
from helpdesk.customers.imports.taken import (
    CHANGED,
    REFUSED,
    TAKEN,
    UNCHANGED,
    Taken,
    customers_by_email,
    kept,
    read,
)
from helpdesk.customers.models import Customer, Order


def take_orders(lines: Sequence[Values], by: Account) -> list[Taken]:
    """Orders of known customers."""
    meant = read(order_line, lines)
    good = [line for line in meant if isinstance(line, OrderLine)]
    customers = customers_by_email(line.email for line in good)
    keys = {(customers[line.email].id, line.reference) for line in good if line.email in customers}
    rows = session.scalars(
        select(Order).where(tuple_(Order.customer_id, Order.reference).in_(sorted(keys)))
    )
    known = {(row.customer_id, row.reference): row for row in rows}
    done = [
        line if isinstance(line, Taken) else _order(line, customers, known, by) for line in meant
    ]
    session.flush()
    concerned = {
        row.customer_id for taken in done for _, row in taken.made if isinstance(row, Order)
    }
    if concerned:
        record(OrdersImported(min(concerned), sorted(concerned)), by=by)
    return done


def _order(
    line: OrderLine,
    customers: Mapping[str, Customer],
    known: dict[tuple[int, str], Order],
    by: Account,
) -> Taken:
    customer = customers.get(line.email)
    if customer is None:
        words = f"No customer has the address {line.email}. Import the customers first."
        return Taken(REFUSED, words)
    order = known.get((customer.id, line.reference))
    if order is None:
        order = Order(
            customer_id=customer.id, reference=line.reference, recorded_at=now(), **line.facts
        )
        session.add(order)
        known[customer.id, line.reference] = order
        words = f"Order {line.reference} of {customer.name} was added."
        return Taken(TAKEN, words, [("order", order)])
    taken = Taken(UNCHANGED, f"Order {line.reference} is known and the same.")
    changed = kept(taken, "order", order, line.facts, by)
    if changed:
        taken.outcome, taken.message = CHANGED, f"Order {line.reference}: {', '.join(changed)}."
    return taken
