"""Two records of one person become one, and two again.

A merge moves rows by reference and remembers each of them, so that undoing it restores exactly what
was. The record that went stays, empty, and leads to the other one. What comes later stays with whom
it belongs to: a message on a request that goes back goes back with it, and so does what the
person's own account or address filed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, literal, not_, or_, select, update

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Forbidden, Invalid
from helpdesk.core.journal import record
from helpdesk.core.text import one_line
from helpdesk.customers.consent import stricter
from helpdesk.customers.contactpoints import ContactPoint
from helpdesk.customers.events import CustomersMerged, DuplicateDismissed, MergeUndone
from helpdesk.customers.history import Value, as_text, change, from_text
from helpdesk.customers.merges import CustomerMerge, CustomerMove, Duplicate
from helpdesk.customers.models import Address, Customer, SurveyPreference
from helpdesk.customers.places import Place, places
from helpdesk.customers.quality.looking import look_again

Later = Callable[[CustomerMerge, Customer], Select[int]]
_LATER: dict[Later, str] = {}


def ask_what_came_later(place: str, later: Later) -> None:
    """Let a package above say which rows of `place` the record that went got after the merge."""
    _LATER[later] = place


def is_proven(first: Customer, second: Customer) -> bool:
    """Whether each has an address that is known to be theirs."""
    return first.is_verified and second.is_verified


def opens_requests(first: Customer, second: Customer) -> bool:
    """Whether somebody who signs in will read more requests than before."""
    return first.account_id is not None or second.account_id is not None


def merge(
    kept: Customer, gone: Customer, *, by: Account, reason: str = "", confirmed: bool = False
) -> CustomerMerge:
    """Everything of `gone` becomes `kept`'s. Both must be locked by the caller. Twice is harmless.

    Raises Forbidden for anybody but the staff; Invalid without `confirmed` where not both have a
    verified address; Conflict for a record that went elsewhere already, or twice the same one.
    """
    if not by.is_staff:
        raise Forbidden("Only the staff can merge records.")
    if gone.merged_into_id == kept.id and (earlier := last_merge(gone.id)):
        return earlier
    _refuse_oddities(kept, gone)
    proven = is_proven(kept, gone)
    if not proven and not confirmed:
        raise Invalid("Not both have a verified address. Confirm that you know who they are.")
    merged = CustomerMerge(
        kept_id=kept.id,
        gone_id=gone.id,
        reason=one_line(reason, 300),
        by_id=by.id,
        merged_at=now(),
        changes=[],
        highest={name: _highest(place) for name, place in places().items()},
    )
    opened = opens_requests(kept, gone)
    session.add(merged)
    session.flush()
    merged.changes = list(_combine(kept, gone, by))
    for name, place in places().items():
        _remember(merged.id, name, _moving(place, kept.id, gone.id))
        _move(merged.id, place, gone.id, kept.id)
    gone.merged_into_id = kept.id
    session.flush()
    _forget_what_moved(kept, gone)
    record(CustomersMerged(kept.id, gone.id, merged.id, not proven, opened), by=by)
    look_again(kept.id, gone.id)
    return merged


def _refuse_oddities(kept: Customer, gone: Customer) -> None:
    if kept.id == gone.id:
        raise Conflict("This is one and the same record.")
    for one in (kept, gone):
        if one.merged_into_id is not None:
            raise Conflict(f"{one.name} was merged into another record meanwhile.")


def _highest(place: Place) -> int:
    return session.scalar(select(func.max(place.id))) or 0


def _moving(place: Place, kept_id: int, gone_id: int) -> Select[int]:
    return place.of(gone_id).where(not_(place.clashing(kept_id)))


def _remember(merge_id: int, name: str, ids: Select[int]) -> None:
    known = select(CustomerMove.row_id).where(
        CustomerMove.merge_id == merge_id, CustomerMove.place == name
    )
    some = ids.subquery()
    fresh = select(literal(merge_id), literal(name), some.c.id).where(some.c.id.not_in(known))
    session.execute(insert(CustomerMove).from_select(["merge_id", "place", "row_id"], fresh))


def _moved(merge_id: int, name: str) -> Select[int]:
    return select(CustomerMove.row_id).where(
        CustomerMove.merge_id == merge_id, CustomerMove.place == name
    )


def _move(merge_id: int, place: Place, source: int, target: int) -> None:
    session.execute(
        update(place.table)
        .where(place.id.in_(_moved(merge_id, str(place))), place.whose == source)
        .values({place.name: target})
    )


def _forget_what_moved(*customers: Customer) -> None:
    """What was loaded before the rows moved is read anew."""
    for loaded in session:
        if any(str(place).startswith(f"{_table(loaded)}.") for place in places().values()):
            session.expire(loaded)
    for customer in customers:
        session.expire(customer)


def _table(loaded: object) -> str:
    return str(getattr(loaded, "__tablename__", ""))


def _combine(kept: Customer, gone: Customer, by: Account) -> Iterator[list[Any]]:
    """What the records themselves say together: what one does not know, the other does; where
    wishes differ, the one that asks for less counts."""
    better: dict[str, Value] = {
        name: getattr(gone, name)
        for name in ("tier", "time_zone", "channel", "organization_id")
        if getattr(kept, name) is None and getattr(gone, name) is not None
    }
    better["customer_since"] = min(
        (day for one in (kept, gone) if (day := one.customer_since)), default=None
    )
    better["marketing"] = stricter(kept.marketing, gone.marketing)
    better["survey_preference"] = max(
        kept.survey_preference, gone.survey_preference, key=list(SurveyPreference).index
    )
    for name in ("survey_paused_until", "surveyed_at"):
        known = [at for one in (kept, gone) if (at := getattr(one, name))]
        better[name] = max(known, default=None)
    before = {name: getattr(kept, name) for name in better}
    for name in change(kept, better, by=by, source="merge"):
        yield ["customer", kept.id, name, as_text(before[name]), as_text(better[name])]
    if kept.account_id is None and gone.account_id is not None:
        account_id, gone.account_id = gone.account_id, None
        session.flush()
        kept.account_id = account_id
        yield ["customer", gone.id, "account_id", str(account_id), None]
        yield ["customer", kept.id, "account_id", None, str(account_id)]
    if any(address.is_primary for address in kept.addresses):
        for address in gone.addresses:
            if address.is_primary:
                address.is_primary = False
                yield ["address", address.id, "is_primary", "True", "False"]
    if any(point.is_primary for point in kept.contact_points):
        for point in gone.contact_points:
            if point.is_primary:
                point.is_primary = False
                yield ["contact_point", point.id, "is_primary", "True", "False"]
    session.flush()


def last_merge(gone_id: int) -> CustomerMerge | None:
    """The merge by which this record went, if it still holds."""
    return session.scalar(
        select(CustomerMerge)
        .where(CustomerMerge.gone_id == gone_id, CustomerMerge.undone_at.is_(None))
        .order_by(CustomerMerge.id.desc())
        .limit(1)
    )


def undo(merged: CustomerMerge, *, by: Account) -> None:
    """Make them two again: every row that moved goes back, and what came later goes with whom it
    belongs to. Twice is harmless.

    Raises Forbidden for anybody but the staff, Conflict where the record that was kept went into
    another one since: that is to be taken back first.
    """
    if not by.is_staff:
        raise Forbidden("Only the staff can take this back.")
    if merged.undone_at is not None:
        return
    kept, gone = merged.kept, merged.gone
    if kept.merged_into_id is not None or gone.merged_into_id != kept.id:
        raise Conflict(f"{kept.name} was merged again since. Take that back first.")
    session.flush()
    _find_what_came_later(merged)
    for place in places().values():
        _move(merged.id, place, kept.id, gone.id)
    gone.merged_into_id = None
    session.flush()
    _forget_what_moved(kept, gone)
    _separate(merged, by)
    merged.undone_at, merged.undone_by_id = now(), by.id
    record(MergeUndone(kept.id, gone.id, merged.id), by=by)


def _find_what_came_later(merged: CustomerMerge) -> None:
    for later, name in _LATER.items():
        place = places()[name]
        ids = place.of(merged.kept_id).where(
            place.id > merged.highest.get(name, 0), place.id.in_(later(merged, merged.gone))
        )
        _remember(merged.id, name, ids)
    for _ in range(2):  # what hangs on what hangs: an answer to a survey about a request
        for name, place in places().items():
            for hangs, parent in place.parents(places()):
                ids = place.of(merged.kept_id).where(
                    place.id > merged.highest.get(name, 0),
                    hangs.in_(_moved(merged.id, str(parent))),
                    *_not_written_by(place, merged.kept.account_id),
                )
                _remember(merged.id, name, ids)


def _not_written_by(place: Place, account_id: int | None) -> list[ColumnElement[bool]]:
    if account_id is None or "author_id" not in place.table.c:
        return []
    author = place.table.c["author_id"]
    return [or_(author.is_(None), author != account_id)]


_KINDS: dict[str, type[Customer] | type[Address] | type[ContactPoint]] = {
    "customer": Customer,
    "address": Address,
    "contact_point": ContactPoint,
}


def _separate(merged: CustomerMerge, by: Account) -> None:
    """What the records say goes back, but for what somebody changed since."""
    for kind, row_id, name, before, after in reversed(merged.changes):
        row = session.get(_KINDS[kind], row_id)
        if row is None or as_text(getattr(row, name)) != after:
            continue
        value = from_text(name, before)
        if isinstance(row, Customer) and name != "account_id":
            change(row, {name: value}, by=by, source="merge")
        else:
            setattr(row, name, value)
        session.flush()


def dismiss(duplicate: Duplicate, *, by: Account) -> None:
    """A person looked: they are two people. It is never proposed again. Twice is harmless."""
    if duplicate.dismissed_at is None:
        duplicate.dismissed_at, duplicate.dismissed_by_id = now(), by.id
        record(DuplicateDismissed(duplicate.first_id, duplicate.second_id), by=by)
        look_again(duplicate.first_id)
