"""Taking over customers and orders from a table, line by line, with a report.

Importing the same file twice changes nothing the second time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError

from helpdesk.accounts.models import Account
from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import HelpdeskError, Invalid
from helpdesk.core.journal import record
from helpdesk.customers import actions, queries, spreadsheet
from helpdesk.customers.addresses import checked, checked_zone
from helpdesk.customers.events import OrderRecorded
from helpdesk.customers.history import Value, change
from helpdesk.customers.models import Customer, Import, ImportLine, ImportState, Order, Organization
from helpdesk.customers.spreadsheet import Line, to_amount, to_date, to_moment

TAKEN, CHANGED, UNCHANGED, REFUSED = "taken", "changed", "unchanged", "refused"
OUTCOMES = (TAKEN, CHANGED, UNCHANGED, REFUSED)
BATCH = 200
LIMITS = {"name": actions.LONGEST_NAME, "phone": 40, "tier": 40}

CUSTOMER_COLUMNS = {
    "email": ("e-mail", "e mail", "mail", "email address", "address"),
    "name": ("customer", "full name", "contact"),
    "organization": ("company", "organisation", "account"),
    "domain": ("company domain",),
    "phone": ("telephone", "tel"),
    "language": ("locale",),
    "time_zone": ("timezone", "time zone"),
    "tier": ("plan", "segment"),
    "customer_since": ("since", "customer since", "start date"),
    "lost_on": ("lost", "churned", "end date", "lost on"),
    "contract_value": ("value", "contract", "contract value", "arr"),
    "renews_on": ("renewal", "renewal date", "renews on"),
}
ORDER_COLUMNS = {
    "email": CUSTOMER_COLUMNS["email"],
    "reference": ("order", "order id", "id", "number", "invoice"),
    "ordered_at": ("date", "ordered", "ordered at", "order date"),
    "amount": ("total", "sum", "price"),
    "currency": (),
    "item": ("product", "description"),
}


def start(kind: str, path: str, name: str, *, by: Account) -> Import:
    """An import of the stored file at `path`, waiting for its job. Raises Invalid for a file that
    is no table of that kind."""
    handed_in = Import(kind=kind, name=name, path=path, by_id=by.id, created_at=now())
    next(_lines(handed_in), None)  # speaks up when it is no such table
    session.add(handed_in)
    session.flush()
    return handed_in


def run_batch(import_id: int) -> bool:
    """Deal with the next lines; True while more are left. Twice is harmless."""
    handed_in = session.get_one(Import, import_id, with_for_update={"of": Import})
    if handed_in.state in (ImportState.DONE, ImportState.FAILED):
        return False
    handed_in.state = ImportState.RUNNING
    rest = (line for line in _lines(handed_in) if line.number > handed_in.done_to)
    batch = list(islice(rest, BATCH))
    for line in batch:
        outcome, message = _take(handed_in, line)
        session.add(
            ImportLine(import_id=import_id, line=line.number, outcome=outcome, message=message)
        )
        handed_in.done_to = line.number
    if len(batch) < BATCH:
        handed_in.state, handed_in.finished_at = ImportState.DONE, now()
    return len(batch) == BATCH


def fail(import_id: int, reason: str) -> None:
    """Stop an import that cannot go on, and say why."""
    handed_in = session.get_one(Import, import_id)
    handed_in.state, handed_in.error, handed_in.finished_at = ImportState.FAILED, reason, now()


def _lines(handed_in: Import) -> Iterator[Line]:
    kind = KINDS.get(handed_in.kind)
    if kind is None:
        raise Invalid("Tables of customers and of orders can be imported.")
    text = spreadsheet.decode(b"".join(files.read(handed_in.path)))
    return spreadsheet.lines(text, kind.columns, kind.required)


def _take(handed_in: Import, line: Line) -> tuple[str, str]:
    if line.fault:
        return REFUSED, line.fault
    try:
        with session.begin_nested():
            return KINDS[handed_in.kind].take(line.values, handed_in.by)
    except HelpdeskError as error:
        return REFUSED, error.message
    except (DataError, IntegrityError):  # this line alone; the others go on
        return REFUSED, "The database cannot keep what stands in this line."


def _take_customer(values: Mapping[str, str], by: Account) -> tuple[str, str]:
    email = checked(_needed(values, "email"))
    changes: dict[str, Value] = {name: _fitting(values, name) for name in LIMITS if name in values}
    if "language" in values:
        changes["language"] = _language(values["language"])
    if "time_zone" in values:
        changes["time_zone"] = checked_zone(values["time_zone"])
    if "customer_since" in values:
        changes["customer_since"] = to_date(values["customer_since"])
    lost_on = to_date(values["lost_on"]) if "lost_on" in values else None
    organization = _organization(values, by)
    customer = queries.customer_behind(email)
    if customer is None:
        name = values.get("name", "")
        customer = actions.add_customer(
            name, email, by=by, source="import", organization=organization
        )
        actions.edit(customer, changes, by=by)
        _leave(customer, lost_on, by)
        return TAKEN, f"{customer.name} was added."
    moved = organization is not None and customer.organization_id != organization.id
    if organization is not None and moved:
        change(customer, {"organization_id": organization.id}, by=by)
    changed = actions.edit(customer, changes, by=by) + (["organization"] if moved else [])
    changed += ["lost_on"] if _leave(customer, lost_on, by) else []
    if not changed:
        return UNCHANGED, f"{customer.name} is known and the same."
    return CHANGED, f"{customer.name}: {', '.join(changed)}."


def _leave(customer: Customer, on: date | None, by: Account) -> bool:
    if on is None or customer.lost_on == on:
        return False
    actions.mark_lost(customer, on, by=by)
    return True


def _organization(values: Mapping[str, str], by: Account) -> Organization | None:
    name = values.get("organization", "")[: actions.LONGEST_NAME]
    if not name:
        return None
    found = session.scalar(select(Organization).where(Organization.name == name).limit(1))
    facts: dict[str, Value] = {}
    if "contract_value" in values:
        facts["contract_value"] = to_amount(values["contract_value"])
    if "renews_on" in values:
        facts["renews_on"] = to_date(values["renews_on"])
    if "domain" in values and (found is None or found.domain is None):
        facts["domain"] = _free_domain(values["domain"])
    if found is not None:
        change(found, facts, by=by)
        return found
    organization = Organization(name=name, created_at=now(), **facts)
    session.add(organization)
    session.flush()
    return organization


def _free_domain(text: str) -> str:
    domain = text.lower().removeprefix("www.")
    owner = session.scalar(select(Organization.name).where(Organization.domain == domain))
    if owner is not None:
        raise Invalid(f"The domain {domain} belongs to {owner} already.")
    return domain


def _take_order(values: Mapping[str, str], by: Account) -> tuple[str, str]:
    email = checked(_needed(values, "email"))
    customer = queries.customer_behind(email)
    if customer is None:
        raise Invalid(f"No customer has the address {email}. Import the customers first.")
    reference = _needed(values, "reference")
    order = session.scalar(
        select(Order).where(Order.customer_id == customer.id, Order.reference == reference)
    )
    facts: dict[str, Value] = {
        "ordered_at": to_moment(_needed(values, "ordered_at")),
        "amount": to_amount(_needed(values, "amount")),
        "currency": _currency(values.get("currency", "EUR")),
        "item": values.get("item"),
    }
    if order is None:
        _record_order(customer, reference, facts, by)
        return TAKEN, f"Order {reference} of {customer.name} was added."
    changed = change(order, facts, by=by)
    if not changed:
        return UNCHANGED, f"Order {reference} is known and the same."
    return CHANGED, f"Order {reference}: {', '.join(changed)}."


def _record_order(
    customer: Customer, reference: str, facts: Mapping[str, Value], by: Account
) -> None:
    order = Order(customer_id=customer.id, reference=reference, recorded_at=now(), **facts)
    session.add(order)
    session.flush()
    record(OrderRecorded(customer.id, order.id), by=by)


def _fitting(values: Mapping[str, str], name: str) -> str:
    if len(values[name]) > LIMITS[name]:
        raise Invalid(f"The {name} is longer than {LIMITS[name]} characters.")
    return values[name]


def _needed(values: Mapping[str, str], name: str) -> str:
    if name not in values:
        raise Invalid(f"The {name.replace('_', ' ')} is missing.")
    return values[name]


def _currency(text: str) -> str:
    code = text.strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise Invalid(f"“{text[:20]}” is not a currency; write it like EUR.")
    return code


def _language(text: str) -> str:
    code = text.strip().replace("_", "-").partition("-")[0].lower()
    if not (len(code) in (2, 3) and code.isascii() and code.isalpha()):
        raise Invalid(f"“{text[:20]}” is not a language; write it like en or de.")
    return code


@dataclass(frozen=True)
class Kind:
    """What a table of some kind looks like, and how one line of it is taken over."""

    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    take: Callable[[Mapping[str, str], Account], tuple[str, str]]


KINDS = {
    "customers": Kind(CUSTOMER_COLUMNS, ("email",), _take_customer),
    "orders": Kind(ORDER_COLUMNS, ("email", "reference", "ordered_at", "amount"), _take_order),
}
