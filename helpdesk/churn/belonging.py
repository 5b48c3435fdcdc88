"""To whom something belonged at one moment, where records were merged or taken apart since.

A merge counts from when it was made: the day before it there were two customers, each with their
own requests, and the features of that day are theirs. Where nobody was merged since, which is
nearly always, this costs one question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from helpdesk.core.db import ask
from helpdesk.core.paging import AnyRow
from helpdesk.customers.merges import CustomerMerge, CustomerMove


@dataclass(frozen=True)
class Belonging:
    """`ids` are the customers whose rows may have belonged to the `wanted` ones then."""

    wanted: frozenset[int]
    ids: Sequence[int]
    changes: Sequence[tuple[datetime, int, int]] = field(default=())
    """When a merge was made or taken back after the moment, its id, and whose its rows were before
    that; latest first."""

    def of(self, place: str, rows: Iterable[AnyRow]) -> dict[int, int]:
        """The row's id → whose it was then, for those rows that belonged to a wanted customer. The
        rows carry `id` and `customer_id`."""
        then = {row.id: row.customer_id for row in rows}
        for _, merge_id, owner in self.changes:
            moved = select(CustomerMove.row_id).where(
                CustomerMove.merge_id == merge_id, CustomerMove.place == place
            )
            for (row_id,) in ask(moved):
                if row_id in then:
                    then[row_id] = owner
        return {row_id: owner for row_id, owner in then.items() if owner in self.wanted}


def belonging(customer_ids: Sequence[int], at: datetime) -> Belonging:
    """How it was at `at` for these customers; those who had been merged away by then are not among
    the wanted ones."""
    wanted, ids = set(customer_ids), set(customer_ids)
    changes = dict[tuple[datetime, int], int]()
    fresh = set(ids)
    while fresh:
        partners = set[int]()
        for row in ask(_MERGES.where(_touches(fresh))):
            if row.merged_at > at:
                changes[row.merged_at, row.id] = row.gone_id
                partners |= {row.kept_id, row.gone_id}
            elif row.undone_at is None or row.undone_at > at:
                wanted.discard(row.gone_id)
            if row.undone_at is not None and row.undone_at > at:
                changes[row.undone_at, row.id] = row.kept_id
                partners |= {row.kept_id, row.gone_id}
        fresh = partners - ids
        ids |= partners
    ordered = sorted(((when, id_, owner) for (when, id_), owner in changes.items()), reverse=True)
    return Belonging(frozenset(wanted), sorted(ids), ordered)


_MERGES = select(
    CustomerMerge.id,
    CustomerMerge.kept_id,
    CustomerMerge.gone_id,
    CustomerMerge.merged_at,
    CustomerMerge.undone_at,
)


def _touches(ids: set[int]) -> ColumnElement[bool]:
    return or_(CustomerMerge.kept_id.in_(ids), CustomerMerge.gone_id.in_(ids))
