"""E-mail addresses that are on a record: which one mail goes to, and which may be taken off."""

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid, NotFound
from helpdesk.core.journal import record
from helpdesk.customers.events import AddressPreferred, AddressRemoved
from helpdesk.customers.history import note
from helpdesk.customers.models import Address, Customer
from helpdesk.customers.quality.looking import look_again


def address_of(customer: Customer, address_id: int) -> Address:
    """One of this customer's. Raises NotFound for any other."""
    for one in customer.addresses:
        if one.id == address_id:
            return one
    raise NotFound("This is no address of theirs any more.")


def prefer_address(customer: Customer, chosen: Address, *, by: Account) -> None:
    """Mail goes there from now on. Twice is harmless.

    Raises Invalid for one that is not proven, or from which mail comes back.
    """
    if chosen.verified_at is None or chosen.bounced_at is not None:
        raise Invalid("Mail can go to an address only once its owner has confirmed it.")
    if chosen.is_primary:
        return
    before = customer.email
    for one in customer.addresses:
        one.is_primary = one is chosen
    note(customer, "primary address", before, chosen.email, by=by, source="desk")
    record(AddressPreferred(customer.id, chosen.id), by=by)
    look_again(customer.id)


def why_it_stays(customer: Customer, address: Address) -> str:
    """Why an address cannot be taken off, in words; nothing where it can."""
    others = [one for one in customer.addresses if one is not address]
    if customer.account is not None and customer.account.email == address.email:
        return "They sign in with it."
    if not others:
        return "It is the last one; add another one first."
    works = address.verified_at is not None and address.bounced_at is None
    if works and not any(one.verified_at and one.bounced_at is None for one in others):
        return "It is the only one that is proven; let another one be confirmed first."
    return ""


def remove_address(customer: Customer, address_id: int, *, by: Account) -> None:
    """It is not theirs any more: links that were mailed there open nothing, and who writes from
    there is somebody new. Where it was the one that mail goes to, a proven one takes its place.
    Twice is harmless. Raises Conflict for one that has to stay.
    """
    address = next((one for one in customer.addresses if one.id == address_id), None)
    if address is None:
        return
    if reason := why_it_stays(customer, address):
        raise Conflict(f"{address.email} stays. {reason}")
    customer.addresses.remove(address)
    session.flush()
    if address.is_primary:
        _next_primary(customer)
    note(customer, "address", address.email, None, by=by, source="desk")
    record(AddressRemoved(customer.id, address_id), by=by)
    look_again(customer.id)


def _next_primary(customer: Customer) -> None:
    def distance(one: Address) -> tuple[bool, bool, int]:
        return one.bounced_at is not None, one.verified_at is None, one.id

    nearest = min(customer.addresses, key=distance, default=None)
    if nearest is not None:
        nearest.is_primary = True
