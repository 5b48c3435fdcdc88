"""Taking over organizations with domain and contract."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from helpdesk.accounts.models import Account
from helpdesk.accounts.queries import staff_at
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid
from helpdesk.core.journal import Event, record, record_all
from helpdesk.customers.events import (
    OrganizationAdded,
    OrganizationChanged,
    OrganizationDomainChanged,
)
from helpdesk.customers.fields import About
from helpdesk.customers.history import Value
from helpdesk.customers.imports.lines import (
    OrganizationLine,
    Values,
    organization_line,
)
from helpdesk.customers.imports.more import More
from helpdesk.customers.imports.taken import CHANGED, TAKEN, UNCHANGED, Taken, kept, read, safely
from helpdesk.customers.models import Organization, OrganizationDomain
from helpdesk.customers.organizations import CONTRACT, check_contract
from helpdesk.customers.queries import at_domains, homes


class Organizations:
    """Organizations by name, in any case, and by domain, as far as these lines need them."""

    def __init__(self, names: Iterable[str], domains: Iterable[str]) -> None:
        wanted = set(domains)
        called = Organization.name_lower.in_([func.lower(name) for name in sorted(set(names))])
        rows = session.scalars(
            select(Organization)
            .where(called | at_domains(wanted))
            .options(selectinload(Organization.domains))
            .order_by(Organization.id.desc())
        ).all()
        self.by_name = {row.name.lower(): row for row in rows} | {row.name: row for row in rows}
        self.by_domain = {one.domain: row for row in rows for one in row.domains}
        self.homes = homes(wanted)
        self.news: list[tuple[Organization, Callable[[int], Event]]] = []

    def keep(
        self,
        name: str,
        terms: Mapping[str, Value],
        domains: Sequence[str],
        taken: Taken,
        by: Account,
    ) -> tuple[Organization, list[str]]:
        """The organization of that name with these terms, new where there is none.

        Raises Invalid when a domain belongs to another one, or the contract cannot be so.
        """
        found = self.by_name.get(name) or self.by_name.get(name.lower())
        for domain in domains:
            owner = self.by_domain.get(domain)
            if owner is not None and owner is not found:
                raise Invalid(f"The domain {domain} belongs to {owner.name} already.")
        if terms:
            check_contract({each: terms.get(each, getattr(found, each, None)) for each in CONTRACT})
        if found is not None:
            changed = kept(taken, "organization", found, terms, by)
            if changed:
                self.news.append((found, lambda id_: OrganizationChanged(id_, changed)))
            return found, changed + self._join(found, domains, taken)
        found = Organization(name=name, created_at=now(), **terms)
        session.add(found)
        taken.made.append(("organization", found))
        self.by_name[name] = self.by_name[name.lower()] = found
        self.news.append((found, OrganizationAdded))
        self._join(found, domains, None)
        return found, []

    def tell(self, by: Account) -> None:
        """Write down what became of them; they have their ids by now."""
        record_all([event(row.id) for row, event in self.news], by=by)
        self.news = []

    def _join(
        self, organization: Organization, domains: Sequence[str], taken: Taken | None
    ) -> list[str]:
        """Domains that it does not have yet; `taken` remembers them, unless it goes as a whole."""
        known = {one.domain for one in organization.domains}
        fresh = [
            OrganizationDomain(domain=domain)
            for domain in dict.fromkeys(domains)
            if domain not in known
        ]
        for one in fresh:
            organization.domains.append(one)
            self.by_domain[one.domain] = self.homes[one.domain] = organization
            if taken is not None:
                taken.made.append(("organization_domain", one))
                self.news.append((organization, partial(_joined, one.domain)))
        return ["domain" for _ in fresh]


def _joined(domain: str, organization_id: int) -> Event:
    return OrganizationDomainChanged(organization_id, domain, "added")


def take_organizations(lines: Sequence[Values], by: Account) -> list[Taken]:
    """Organizations with domain and contract."""
    meant = read(organization_line, lines)
    good = [line for line in meant if isinstance(line, OrganizationLine)]
    organizations = Organizations(
        (line.name for line in good),
        (domain for line in good for domain in line.domains),
    )
    owners = staff_at(line.owner for line in good if line.owner)
    more = More(
        About.ORGANIZATION, [line.more for line in good], set(organizations.by_name.values())
    )
    done = [
        line
        if isinstance(line, Taken)
        else safely(_organization, line, organizations, owners, more, by)
        for line in meant
    ]
    session.flush()
    more.add()
    organizations.tell(by)
    return done


def _organization(
    line: OrganizationLine,
    organizations: Organizations,
    owners: Mapping[str, Account],
    more: More,
    by: Account,
) -> Taken:
    taken = Taken(UNCHANGED, f"{line.name} is known and the same.")
    terms, texts = dict(line.terms), more.checked(line.more)
    if line.owner and line.owner not in owners:
        raise Invalid(f"“{line.owner[:60]}” is nobody of us; write the address they sign in with.")
    if line.owner:
        terms["owner_id"] = owners[line.owner].id
    found, changed = organizations.keep(line.name, terms, line.domains, taken, by)
    if filled := more.fill(taken, found, texts, by):
        record(OrganizationChanged(found.id, filled), by=by)
    changed += filled
    if any(kind == "organization" for kind, _ in taken.made):
        taken.outcome, taken.message = TAKEN, f"{line.name} was added."
    elif changed:
        taken.outcome, taken.message = CHANGED, f"{line.name}: {', '.join(changed)}."
    return taken
