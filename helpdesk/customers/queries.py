"""Questions about customers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    false,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import joinedload, selectinload

from helpdesk.accounts.models import Account
from helpdesk.core.db import BIG_ID, ask, session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import by_id, is_id
from helpdesk.core.paging import AnyRow
from helpdesk.core.prefix import begins_as, begins_with
from helpdesk.core.text import one_line
from helpdesk.customers.addresses import SHARED_DOMAINS, normalised
from helpdesk.customers.contactpoints import ContactPoint, PointKind, key_of, phone_key
from helpdesk.customers.models import (
    Address,
    Customer,
    CustomerNote,
    Import,
    ImportLine,
    Organization,
    OrganizationDomain,
)

SHORTEST_START = 3
"""Characters by which phones and handles are looked for."""
MERGED_AWAY = select(Customer.id).where(Customer.merged_into_id.is_not(None))
"""Ids of records that are found under another one by now."""


def customer_behind(email: str) -> Customer | None:
    """The customer with this address, or None."""
    statement = select(Customer).join(Address).where(Address.email == normalised(email))
    return session.scalar(statement)


def points_called(start: str) -> ColumnElement[bool]:
    """Phones and handles that begin with a text, however they are written; and numbers that end
    like one."""
    return points_by(ways_to_call(start))


def ways_to_call(start: str) -> dict[str, str]:
    """What a text may be of a phone or a handle: the "handle" or "number" that it begins with, and
    the "end" of a number. Where it is too short for one of them, that is left out."""
    plain = one_line(start).lower().removeprefix("@")
    ways = {"handle": plain}
    if not any(c.isalpha() for c in plain):
        ways |= {"number": key_of(PointKind.PHONE, plain), "end": phone_key(plain)}
    return {way: text for way, text in ways.items() if len(text) >= SHORTEST_START}


def points_by(ways: Mapping[str, str | BindParameter[str]]) -> ColumnElement[bool]:
    """Phones and handles in one of these ways."""
    found = [
        begins_as(ContactPoint.key, [ways[way]]) for way in ("handle", "number") if way in ways
    ]
    if "end" in ways:
        found.append(ContactPoint.tail == ways["end"])
    return or_(false(), *found)


def customers_called(start: str) -> Select[int]:
    """Ids of customers whose name, address, phone, handle or organization begins with a text."""
    by_address = select(Address.customer_id).where(begins_with(Address.email, start.lower()))
    by_point = select(ContactPoint.customer_id).where(points_called(start))
    at = select(Organization.id).where(begins_with(Organization.name_lower, start))
    return select(Customer.id).where(
        or_(
            begins_with(Customer.name_lower, start),
            Customer.id.in_(by_address),
            Customer.id.in_(by_point),
            Customer.organization_id.in_(at),
        )
    )


def record_of(account_id: int | BindParameter[int]) -> Select[int]:
    """The id of the record of a customer who signs in: of the one it was merged into, if it was."""
    return select(func.coalesce(Customer.merged_into_id, Customer.id)).where(
        Customer.account_id == account_id
    )


def customer_of(account: Account) -> Customer | None:
    """The record of a customer who signs in, or None."""
    return session.scalar(_RECORD, {"account_id": account.id})


# Put together once: customers' pages ask it.
_RECORD = select(Customer).where(Customer.id.in_(record_of(bindparam("account_id", type_=BIG_ID))))


def customer_by_id(customer_id: int, *, to_change: bool = False) -> Customer:
    """The customer with addresses and organization; for the staff. `to_change` keeps others from
    changing the record meanwhile.

    Raises NotFound when there is none.
    """
    statement = (
        select(Customer)
        .where(Customer.id == customer_id)
        .options(
            joinedload(Customer.organization),
            joinedload(Customer.addresses),
            selectinload(Customer.contact_points),
        )
    )
    if to_change:
        statement = statement.with_for_update(of=Customer)
    known = is_id(customer_id)
    customer = session.scalars(statement).unique().one_or_none() if known else None
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer


def merged_into(customer_id: int) -> list[Customer]:
    """Records that went into this one."""
    statement = select(Customer).where(Customer.merged_into_id == customer_id)
    return list(session.scalars(statement.order_by(Customer.id)))


def note_behind(form_key: str) -> CustomerNote | None:
    """The note that was written with this key, or None."""
    return session.scalar(select(CustomerNote).where(CustomerNote.form_key == form_key))


def organization_for_domain(email: str) -> Organization | None:
    """The organization whose the domain of an address is: the only one that claims it, or of
    several the only one of which it is verified. Otherwise None."""
    domain = email.rpartition("@")[2].lower()
    return homes({domain}).get(domain)


def homes(domains: Iterable[str]) -> dict[str, Organization]:
    """To which organization somebody with an address at these domains belongs, where that is
    clear."""
    ids = home_ids(domains)
    if not ids:
        return {}
    rows = session.scalars(select(Organization).where(Organization.id.in_(set(ids.values()))))
    by_id = {row.id: row for row in rows}
    return {domain: by_id[home] for domain, home in ids.items()}


def home_ids(domains: Iterable[str]) -> dict[str, int]:
    """The same by id."""
    claims = defaultdict[str, list[AnyRow]](list)
    wanted = set(domains) - SHARED_DOMAINS
    columns = (
        OrganizationDomain.domain,
        OrganizationDomain.organization_id,
        OrganizationDomain.verified_at,
    )
    for claim in ask(select(*columns).where(OrganizationDomain.domain.in_(wanted))):
        claims[claim.domain].append(claim)
    found = {}
    for domain, several in claims.items():
        sure = [one for one in several if one.verified_at is not None] or several
        if len(sure) == 1:
            found[domain] = sure[0].organization_id
    return found


def at_domains(domains: Iterable[str]) -> ColumnElement[bool]:
    """Organizations that have one of these domains."""
    theirs = select(OrganizationDomain.organization_id).where(
        OrganizationDomain.domain.in_([domain.lower() for domain in domains])
    )
    return Organization.id.in_(theirs)


def organization_by_id(organization_id: int, *, to_change: bool = False) -> Organization:
    """One organization. `to_change` keeps others from changing it meanwhile. Raises NotFound."""
    lock = {"of": Organization} if to_change else None
    found = by_id(Organization, organization_id, with_for_update=lock)
    if found is None:
        raise NotFound("There is no such organization.")
    return found


def organizations(text: str, after: int | None = None, limit: int = 50) -> list[Organization]:
    """Organizations by name, of those whose name or domain begins with `text`, behind the one with
    the id `after`."""
    statement = select(Organization).options(joinedload(Organization.owner))
    if text:
        by_domain = select(OrganizationDomain.organization_id).where(
            begins_with(OrganizationDomain.domain, text)
        )
        by_name = begins_with(Organization.name_lower, text)
        statement = statement.where(or_(by_name, Organization.id.in_(by_domain)))
    anchor = session.get(Organization, after) if after else None
    place = (Organization.name, Organization.id)
    if anchor is not None:
        statement = statement.where(tuple_(*place) > tuple_(anchor.name, anchor.id))
    return list(session.scalars(statement.order_by(*place).limit(limit)))


def organization_called(name: str) -> Organization | None:
    """The first organization with exactly this name, in any case, or None."""
    same = select(Organization).where(Organization.name_lower == func.lower(name))
    return session.scalar(same.order_by(Organization.id).limit(1))


def people_of(organization_id: int, limit: int = 200) -> list[Customer]:
    """Who belongs to an organization, by name."""
    statement = (
        select(Customer)
        .where(Customer.organization_id == organization_id, Customer.merged_into_id.is_(None))
        .options(selectinload(Customer.addresses))
        .order_by(Customer.name, Customer.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def imports(limit: int = 20) -> list[Import]:
    """What was handed in, newest first."""
    statement = (
        select(Import).options(joinedload(Import.by)).order_by(Import.id.desc()).limit(limit)
    )
    return list(session.scalars(statement))


def import_by_id(import_id: int) -> Import:
    """One import. Raises NotFound when there is none."""
    found = by_id(Import, import_id)
    if found is None:
        raise NotFound("There is no such import.")
    return found


def outcomes_of(import_id: int) -> dict[str, int]:
    """How many lines were taken, changed, unchanged and refused."""
    rows = session.execute(
        select(ImportLine.outcome, func.count())
        .where(ImportLine.import_id == import_id)
        .group_by(ImportLine.outcome)
    )
    return {row[0]: row[1] for row in rows}


def lines_of(
    import_id: int, outcome: str | None = None, after: int = 0, limit: int = 200
) -> list[ImportLine]:
    """The report, line by line, from the line behind `after` on."""
    statement = select(ImportLine).where(ImportLine.import_id == import_id, ImportLine.line > after)
    if outcome:
        statement = statement.where(ImportLine.outcome == outcome)
    return list(session.scalars(statement.order_by(ImportLine.line).limit(limit)))
