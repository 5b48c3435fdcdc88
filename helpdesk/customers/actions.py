"""What may be done to a customer's record."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy.exc import IntegrityError

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Forbidden, Invalid
from helpdesk.core.journal import record
from helpdesk.core.security import hash_token
from helpdesk.core.text import clean, one_line
from helpdesk.customers import queries
from helpdesk.customers.addresses import checked, normalised
from helpdesk.customers.events import (
    AddressBounced,
    AddressVerified,
    CustomerAdded,
    CustomerChanged,
    CustomerLost,
    CustomerNoteAdded,
    SurveyPreferenceChanged,
)
from helpdesk.customers.history import Value, change
from helpdesk.customers.models import (
    Address,
    Customer,
    CustomerNote,
    Organization,
    SurveyPreference,
)
from helpdesk.customers.quality.looking import look_again

LONGEST_NAME = 120
LONGEST_NOTE = 20_000

# What a person or an import may set by name; everything else has a verb of its own.
EDITABLE = ("name", "phone", "language", "time_zone", "tier", "customer_since")


def add_customer(
    name: str,
    email: str,
    *,
    by: Account | None = None,
    source: str = "portal",
    organization: Organization | None = None,
) -> Customer:
    """A new record with one address; in the organization of its domain unless one is given.

    Raises Invalid for a broken address, Conflict for one that a customer has already.
    """
    return _add(name, checked(email), organization, by, source)


def _add(
    name: str, address: str, organization: Organization | None, by: Account | None, source: str
) -> Customer:
    customer = Customer(
        name=one_line(name, LONGEST_NAME) or address.partition("@")[0] or "Unknown sender",
        organization=organization or queries.organization_for_domain(address),
        created_at=now(),
        addresses=[Address(email=address, is_primary=True)] if address else [],
    )
    session.add(customer)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(f"{address} belongs to another customer already.") from error
    record(CustomerAdded(customer.id, source), by=by)
    return customer


def find_or_add(
    name: str, email: str, *, by: Account | None = None, source: str = "portal", language: str = ""
) -> Customer:
    """The customer with this address, else a new one, who reads `language`. A stranger's name and
    language never change a record.

    Raises Invalid for a broken address.
    """
    if known := queries.customer_behind(checked(email)):
        return known
    customer = add_customer(name, email, by=by, source=source)
    if language:
        customer.language = language
    return customer


def customer_who_wrote(name: str, email: str) -> Customer:
    """The customer behind the sender of a mail, else a new one, however odd the address is: that
    it stood in a mail is a fact. Without any address it is a new record each time."""
    address = one_line(normalised(email), 320)
    known = queries.customer_behind(address) if address else None
    return known or _add(name, address, None, None, "mail")


def edit(customer: Customer, changes: Mapping[str, Value], *, by: Account | None) -> list[str]:
    """Set fields of the record; gives back the names of those that changed.

    Raises Invalid for a field that cannot be set this way.
    """
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise Invalid(f"These fields cannot be set: {', '.join(unknown)}.")
    changed = change(customer, changes, by=by, source="desk" if by and by.is_staff else None)
    if changed:
        record(CustomerChanged(customer.id, changed), by=by)
        look_again(customer.id)
    return changed


def mark_lost(customer: Customer, on: date, *, by: Account | None) -> None:
    """They left on that day. Twice is harmless."""
    if customer.lost_on == on:
        return
    change(customer, {"lost_on": on}, by=by)
    record(CustomerLost(customer.id, on.isoformat()), by=by)
    look_again(customer.id)


def verify_address(address: Address, *, by: Account | None = None) -> None:
    """Somebody proved that they read mail there. Twice is harmless."""
    address.bounced_at = None
    if address.verified_at is not None:
        return
    address.verified_at = now()
    record(AddressVerified(address.customer_id, address.id), by=by)
    look_again(address.customer_id)


def mark_bounced(address: Address) -> None:
    """Mail there comes back. Twice is harmless."""
    if address.bounced_at is not None:
        return
    address.bounced_at = now()
    record(AddressBounced(address.customer_id, address.id))


def add_note(
    customer: Customer, body: str, *, by: Account, form_key: str | None = None
) -> CustomerNote:
    """What colleagues should know. The same `form_key` with the same words notes once.

    Raises Invalid for an empty or over-long note.
    """
    text = clean(body)
    if not text or len(text) > LONGEST_NOTE:
        raise Invalid(f"A note has 1 to {LONGEST_NOTE:,} characters.")
    key = hash_token(f"{customer.id}:{by.id}:{form_key}:{text}") if form_key else None
    if key and (earlier := queries.note_behind(key)):
        return earlier
    note = CustomerNote(
        customer_id=customer.id, author_id=by.id, body=text, created_at=now(), form_key=key
    )
    session.add(note)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("This note is being written already.") from error
    record(CustomerNoteAdded(customer.id, note.id), by=by)
    return note


def ask_less(customer: Customer, preference: SurveyPreference, *, by: Account) -> None:
    """What one of the staff sets for a customer, who may have said so on the telephone. Only the
    customer lets more surveys through. An unchanged wish keeps its pause.

    Raises Forbidden for a preference that lets more through.
    """
    if preference.is_more_than(customer.survey_preference):
        raise Forbidden("Only the customer can ask for surveys again, on the page of preferences.")
    if preference is not customer.survey_preference:
        set_survey_preference(customer, preference, by=by, source="desk")


def set_survey_preference(
    customer: Customer,
    preference: SurveyPreference,
    *,
    pause: timedelta | None = None,
    by: Account | None = None,
    source: str | None = None,
) -> None:
    """Which surveys they want; `pause` leaves them alone for a while. Twice is harmless."""
    before = customer.survey_preference
    customer.survey_paused_until = now() + pause if pause else None
    change(customer, {"survey_preference": preference}, by=by, source=source)
    if before is not preference:
        record(SurveyPreferenceChanged(customer.id, before, preference), by=by)
        look_again(customer.id)
