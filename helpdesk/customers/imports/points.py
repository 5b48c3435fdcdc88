"""Phones and handles that come with customers. A table adds them; it takes none away."""

from collections.abc import Iterator, Sequence
from typing import Any

from helpdesk.accounts.models import Account
from helpdesk.customers.contactpoints import PointKind, point
from helpdesk.customers.imports.taken import Taken
from helpdesk.customers.models import Customer
from helpdesk.customers.reaching import add_point

Points = Sequence[tuple[PointKind, str, str]]


def rows_of(customer_id: int, points: Points) -> Iterator[dict[str, Any]]:
    """Rows of the table for somebody new."""
    seen = set[tuple[PointKind, str]]()
    has_phone = False
    for kind, value, label in points:
        made = point(kind, value, label)
        if (kind, made.key) in seen:
            continue
        seen.add((kind, made.key))
        is_primary = kind is PointKind.PHONE and not has_phone
        has_phone = has_phone or is_primary
        yield {
            "customer_id": customer_id,
            "kind": kind,
            "value": made.value,
            "key": made.key,
            "tail": made.tail,
            "label": made.label,
            "is_primary": is_primary,
            "created_at": made.created_at,
        }


def add_points(taken: Taken, customer: Customer, points: Points, by: Account) -> list[str]:
    """What the record does not have yet, with how to undo it; names of what changed."""
    changed = []
    for kind, value, label in points:
        held = {(one.kind, one.key) for one in customer.contact_points}
        if (kind, point(kind, value).key) not in held:
            added = add_point(customer, kind, value, label, by=by)
            taken.made.append(("contact_point", added))
            changed.append("phone" if kind is PointKind.PHONE else "handle")
    return changed
