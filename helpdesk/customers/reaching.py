"""Keeping phones and handles of a customer."""

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid, NotFound
from helpdesk.core.journal import record
from helpdesk.core.text import one_line
from helpdesk.customers.contactpoints import (
    LONGEST_LABEL,
    ContactPoint,
    PointKind,
    make_primary,
    point,
    to_call,
)
from helpdesk.customers.events import ContactPointsChanged
from helpdesk.customers.history import note
from helpdesk.customers.models import Customer
from helpdesk.customers.quality.looking import look_again

MOST = 30
"""Phones and handles of one person."""


def point_of(customer: Customer, point_id: int) -> ContactPoint:
    """One of this customer's. Raises NotFound for any other."""
    for one in customer.contact_points:
        if one.id == point_id:
            return one
    raise NotFound("This is no phone or handle of theirs any more.")


def add_point(
    customer: Customer, kind: PointKind, text: str, label: str = "", *, by: Account | None
) -> ContactPoint:
    """One more way to reach them; the first phone is the one to call.

    Raises Invalid for what cannot be one, Conflict for one that is there.
    """
    made = point(kind, text, label)
    if any((one.kind, one.key) == (made.kind, made.key) for one in customer.contact_points):
        raise Conflict(f"{made.value} is on the record already.")
    if len(customer.contact_points) >= MOST:
        raise Invalid(f"{MOST} phones and handles are enough for one person.")
    made.is_primary = kind is PointKind.PHONE and to_call(customer.contact_points) is None
    customer.contact_points.append(made)
    session.flush()
    _tell(customer, made, None, str(made), "added", by)
    return made


def label_point(customer: Customer, one: ContactPoint, label: str, *, by: Account) -> None:
    """Say what it is for, such as work or mobile. Twice is harmless."""
    label, before = one_line(label, LONGEST_LABEL), str(one)
    if label != one.label:
        one.label = label
        _tell(customer, one, before, str(one), "labelled", by)


def prefer_point(customer: Customer, one: ContactPoint, *, by: Account) -> None:
    """This is the number to call. Twice is harmless. Raises Invalid for a handle."""
    if one.kind is not PointKind.PHONE:
        raise Invalid("Only a phone can be the number to call.")
    before = to_call(customer.contact_points)
    make_primary(customer.contact_points, one)
    if before is not one:
        _tell(customer, one, str(before) if before else None, str(one), "preferred", by)


def verify_point(customer: Customer, one: ContactPoint, *, by: Account) -> None:
    """Somebody of us reached the person there."""
    one.verified_at = now()
    record(ContactPointsChanged(customer.id, one.id, "verified"), by=by)
    look_again(customer.id)


def remove_point(customer: Customer, point_id: int, *, by: Account) -> None:
    """They are not reached there any more. Twice is harmless."""
    one = next((held for held in customer.contact_points if held.id == point_id), None)
    if one is None:
        return
    customer.contact_points.remove(one)
    session.flush()
    note(customer, _field(one), str(one), None, by=by)
    record(ContactPointsChanged(customer.id, point_id, "removed"), by=by)
    look_again(customer.id)


def _tell(
    customer: Customer,
    one: ContactPoint,
    before: str | None,
    after: str | None,
    what: str,
    by: Account | None,
) -> None:
    note(customer, _field(one), before, after, by=by)
    record(ContactPointsChanged(customer.id, one.id, what), by=by)
    look_again(customer.id)


def _field(one: ContactPoint) -> str:
    return "phone" if one.kind is PointKind.PHONE else "handle"
