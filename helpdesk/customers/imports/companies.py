"""Taking over organizations with domain and contract."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid
from helpdesk.customers.history import Value
from helpdesk.customers.imports.lines import (
    OrganizationLine,
    Values,
    organization_line,
)
from helpdesk.customers.imports.taken import CHANGED, TAKEN, UNCHANGED, Taken, kept, read, safely
from helpdesk.customers.models import Organization


class Organizations:
    """Organizations by name and by domain, as far as these lines need them."""

    def __init__(self, names: Iterable[str], domains: Iterable[str]) -> None:
        rows = session.scalars(
            select(Organization)
            .where(Organization.name.in_(set(names)) | Organization.domain.in_(set(domains)))
            .order_by(Organization.id.desc())
        ).all()
        self.by_name = {row.name: row for row in rows}
        self.by_domain = {row.domain: row for row in rows if row.domain}

    def keep(
        self, name: str, terms: Mapping[str, Value], taken: Taken, by: Account
    ) -> tuple[Organization, list[str]]:
        """The organization of that name with these terms, new where there is none.

        Raises Invalid when the domain belongs to another one.
        """
        found = self.by_name.get(name)
        terms = dict(terms)
        if found is not None and found.domain is not None:
            terms.pop("domain", None)
        domain = str(terms["domain"]) if "domain" in terms else None
        owner = self.by_domain.get(domain) if domain else None
        if owner is not None and owner is not found:
            raise Invalid(f"The domain {domain} belongs to {owner.name} already.")
        if found is not None:
            return found, kept(taken, "organization", found, terms, by)
        found = Organization(name=name, created_at=now(), **terms)
        session.add(found)
        taken.made.append(("organization", found))
        self.by_name[name] = found
        if domain:
            self.by_domain[domain] = found
        return found, []


def take_organizations(lines: Sequence[Values], by: Account) -> list[Taken]:
    """Organizations with domain and contract."""
    meant = read(organization_line, lines)
    good = [line for line in meant if isinstance(line, OrganizationLine)]
    organizations = Organizations(
        (line.name for line in good),
        (str(line.terms["domain"]) for line in good if "domain" in line.terms),
    )
    done = [
        line if isinstance(line, Taken) else safely(_organization, line, organizations, by)
        for line in meant
    ]
    session.flush()
    return done


def _organization(line: OrganizationLine, organizations: Organizations, by: Account) -> Taken:
    taken = Taken(UNCHANGED, f"{line.name} is known and the same.")
    _, changed = organizations.keep(line.name, line.terms, taken, by)
    if taken.made:
        taken.outcome, taken.message = TAKEN, f"{line.name} was added."
    elif changed:
        taken.outcome, taken.message = CHANGED, f"{line.name}: {', '.join(changed)}."
    return taken
