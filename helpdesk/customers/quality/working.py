"""Working through what was found: the list, what is left of it, and “looks right”."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Label, and_, func, select
from sqlalchemy.orm import aliased

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import ask, session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.core.paging import CAP, AnyRow, Order, Page, keyset_rows, sorted_rows
from helpdesk.customers.duplicates import duplicate_between
from helpdesk.customers.events import (
    OrganizationLooksRight,
    OrganizationToBeLookedAt,
    RecordLooksRight,
    RecordToBeLookedAt,
)
from helpdesk.customers.merging import dismiss
from helpdesk.customers.models import Customer, Organization
from helpdesk.customers.quality.kinds import BY_NUMBER, GROUPS, KINDS, Kind
from helpdesk.customers.quality.models import RecordFinding

SIZE = 50
_OTHER = aliased(Customer)
_OPEN = RecordFinding.dismissed_at.is_(None)
_LIST = (
    select(
        RecordFinding.id,
        RecordFinding.kind,
        RecordFinding.reason,
        RecordFinding.customer_id,
        RecordFinding.other_id,
        RecordFinding.organization_id,
        RecordFinding.dismissed_at,
        func.coalesce(Customer.name, Organization.name).label("name"),
        _OTHER.name.label("other"),
        Account.name.label("by"),
    )
    .outerjoin(Customer, Customer.id == RecordFinding.customer_id)
    .outerjoin(Organization, Organization.id == RecordFinding.organization_id)
    .outerjoin(_OTHER, _OTHER.id == RecordFinding.other_id)
    .outerjoin(Account, Account.id == RecordFinding.dismissed_by_id)
)


def chosen(words: str) -> Sequence[Kind]:
    """The kinds that a filter names: one by its number, or all of a group; or all there are."""
    if words in GROUPS:
        return [kind for kind in KINDS if kind.group == words]
    one = BY_NUMBER.get(int(words)) if words.isascii() and words.isdigit() else None
    return [one] if one else KINDS


def to_work_through(kinds: Sequence[Kind], cursor: str | None) -> Page[AnyRow]:
    """What is left of these kinds, in their order. Raises Invalid for a broken cursor."""
    numbers = [kind.number for kind in kinds]
    which = and_(_OPEN, RecordFinding.kind.between(min(numbers), max(numbers)))
    by = Order(RecordFinding.kind.expression, RecordFinding.id.expression, int, descending=False)
    return sorted_rows(_LIST.where(which), by, cursor, SIZE)


def settled(cursor: str | None) -> Page[AnyRow]:
    """What somebody said looks right, latest first. Raises Invalid for a broken cursor."""
    which = RecordFinding.dismissed_at.is_not(None)
    by = (RecordFinding.dismissed_at, RecordFinding.id)
    return keyset_rows(_LIST.where(which), by, cursor, SIZE)


def left() -> Mapping[Kind, int]:
    """How many of each kind are left, counted to `CAP` at most; none of those that are done."""
    counts = ask(select(*(_count(kind) for kind in KINDS))).one()
    return {kind: count for kind, count in zip(KINDS, counts, strict=True) if count}


def _count(kind: Kind) -> Label[int]:
    some = select(RecordFinding.id).where(_OPEN, RecordFinding.kind == kind.number).limit(CAP)
    counted = select(func.count()).select_from(some.subquery())
    return counted.scalar_subquery().label(f"kind_{kind.number}")


def finding_by_id(finding_id: int) -> RecordFinding:
    """One of them, locked. Raises NotFound where it is mended, or never was."""
    found = by_id(RecordFinding, finding_id, with_for_update=True)
    if found is None:
        raise NotFound("This is mended already, or the record is gone.")
    return found


def looks_right(finding: RecordFinding, *, by: Account) -> None:
    """Somebody looked: it stays as it is, until the data change. Twice is harmless."""
    if finding.dismissed_at is not None:
        return
    finding.dismissed_at, finding.dismissed_by_id = now(), by.id
    if finding.customer_id is not None and finding.other_id is not None:
        pair = duplicate_between(finding.customer_id, finding.other_id)
        session.add(pair)
        session.flush()
        dismiss(pair, by=by)
    title = BY_NUMBER[finding.kind].title
    if finding.organization_id is not None:
        record(OrganizationLooksRight(finding.organization_id, finding.id, title), by=by)
    elif finding.customer_id is not None:
        record(RecordLooksRight(finding.customer_id, finding.id, title), by=by)


def put_back(finding: RecordFinding, *, by: Account) -> None:
    """It is to be looked at after all. Twice is harmless."""
    if finding.dismissed_at is None:
        return
    finding.dismissed_at = finding.dismissed_by_id = None
    title = BY_NUMBER[finding.kind].title
    if finding.organization_id is not None:
        record(OrganizationToBeLookedAt(finding.organization_id, finding.id, title), by=by)
    elif finding.customer_id is not None:
        record(RecordToBeLookedAt(finding.customer_id, finding.id, title), by=by)
