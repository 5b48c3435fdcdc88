"""What may be done to an organization: its contract, domains, people, and who looks after it."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.exc import IntegrityError

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import record
from helpdesk.core.settings import settings
from helpdesk.core.text import one_line
from helpdesk.customers import queries
from helpdesk.customers.addresses import checked_domain
from helpdesk.customers.events import (
    CustomerChanged,
    OrganizationAdded,
    OrganizationChanged,
    OrganizationDomainChanged,
)
from helpdesk.customers.history import Value, change
from helpdesk.customers.models import Customer, Organization, OrganizationDomain
from helpdesk.customers.quality.looking import look_again, look_at_organization_again

LONGEST_NAME = 120
MOST_DOMAINS = 50
CONTRACT = (
    "contract_value", "contract_amount", "contract_currency", "contract_since", "renews_on",
)  # fmt: skip
EDITABLE = ("name", *CONTRACT, "owner_id")


def add_organization(name: str, *, by: Account) -> Organization:
    """A new one. Raises Invalid for a bad name, Conflict for one that is there."""
    plain = _named(name)
    if queries.organization_called(plain) is not None:
        raise Conflict(f"There is an organization {plain} already.")
    made = Organization(name=plain, created_at=now())
    session.add(made)
    session.flush()
    record(OrganizationAdded(made.id), by=by)
    return made


def _named(name: str) -> str:
    plain = one_line(name)
    if not 1 <= len(plain) <= LONGEST_NAME:
        raise Invalid(f"A name has 1 to {LONGEST_NAME} characters.")
    return plain


def edit_organization(
    organization: Organization, changes: Mapping[str, Value], *, by: Account
) -> list[str]:
    """Set its name, contract and owner; gives back the names of what changed.

    Raises Invalid for what cannot be so together: a start behind the renewal, or an amount in
    another currency without what it is worth in ours.
    """
    wanted = dict(changes)
    if unknown := sorted(set(wanted) - set(EDITABLE)):
        raise Invalid(f"These fields cannot be set: {', '.join(unknown)}.")
    if "name" in wanted:
        wanted["name"] = _named(str(wanted["name"]))
    for name in ("contract_value", "contract_amount"):
        if isinstance(amount := wanted.get(name), Decimal):
            wanted[name] = amount.quantize(Decimal("0.01"))
    after = {name: wanted.get(name, getattr(organization, name)) for name in CONTRACT}
    check_contract(after)
    if after["contract_amount"] is None:
        wanted["contract_currency"] = None
    changed = change(organization, wanted, by=by)
    if changed:
        record(OrganizationChanged(organization.id, changed), by=by)
        look_at_organization_again(organization.id)
    return changed


def check_contract(contract: Mapping[str, Value]) -> None:
    """Raise Invalid for what cannot be so together; None stands for what is not known."""
    since, renews = contract["contract_since"], contract["renews_on"]
    if since and renews and str(renews) < str(since):
        raise Invalid("The contract cannot renew before it starts.")
    amounts = contract["contract_value"], contract["contract_amount"]
    if any(isinstance(amount, Decimal) and amount < 0 for amount in amounts):
        raise Invalid("A contract is not worth less than nothing.")
    known = contract["contract_currency"] and contract["contract_value"] is not None
    if contract["contract_amount"] is not None and not known:
        ours = settings().currency
        raise Invalid(f"Say which currency was agreed, and what that is worth in {ours}.")


def add_domain(organization: Organization, text: str, *, by: Account) -> OrganizationDomain:
    """One more of its domains. Another organization may claim it too.

    Raises Invalid for what is no domain of anybody's own, Conflict for one that it has.
    """
    domain = checked_domain(text)
    if any(one.domain == domain for one in organization.domains):
        raise Conflict(f"{organization.name} has {domain} already.")
    if len(organization.domains) >= MOST_DOMAINS:
        raise Invalid(f"{MOST_DOMAINS} domains are enough for one organization.")
    made = OrganizationDomain(domain=domain)
    organization.domains.append(made)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(f"{organization.name} has {domain} already.") from error
    record(OrganizationDomainChanged(organization.id, domain, "added"), by=by)
    return made


def verify_domain(organization: Organization, domain_id: int, *, by: Account) -> None:
    """One of us made sure that this domain is theirs. Twice is harmless."""
    for one in organization.domains:
        if one.id == domain_id and one.verified_at is None:
            one.verified_at = now()
            record(OrganizationDomainChanged(organization.id, one.domain, "verified"), by=by)


def remove_domain(organization: Organization, domain_id: int, *, by: Account) -> None:
    """It is not theirs any more; who joined by it stays. Twice is harmless."""
    for one in list(organization.domains):
        if one.id == domain_id:
            organization.domains.remove(one)
            record(OrganizationDomainChanged(organization.id, one.domain, "removed"), by=by)


def move_person(customer: Customer, organization: Organization | None, *, by: Account) -> None:
    """They belong there from now on, or to none. Twice is harmless."""
    wanted = organization.id if organization else None
    if change(customer, {"organization_id": wanted}, by=by):
        record(CustomerChanged(customer.id, ["organization"]), by=by)
        look_again(customer.id)
