"""What is found of a ticket, and how the index stays in step.

Whatever changes words of a ticket through the session is noticed when it is flushed, and the ticket
is read into the index once, at the end of the same transaction. So no verb can forget it. Changes
that touch very many tickets, a customer's new name for instance, leave them to a job.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Select,
    bindparam,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.core.db import BIG_ID, Model, ask, gather, session
from helpdesk.core.paging import AnyRow
from helpdesk.core.search import Document, Index, declare, index_of
from helpdesk.customers.models import Address, Customer, Organization
from helpdesk.tickets.models import Message, MessageKind, Ticket
from helpdesk.tickets.queries import TAG_NAMES, split_tags

TABLE = declare("ticket_text")
MOST_AT_ONCE = 200
"""Tickets that are read in the transaction that changed them."""
LONGEST_TEXT = 20_000
"""Characters of one message that are looked through."""

_ADDRESSES = (
    select(func.aggregate_strings(Address.email, " "))
    .where(Address.customer_id == Ticket.customer_id)
    .correlate(Ticket)
    .scalar_subquery()
)
_HEADS = (  # materialized, or tags and addresses would be put together anew for each message
    select(
        Ticket.id,
        Ticket.subject,
        TAG_NAMES.label("tags"),
        Customer.name,
        Organization.name.label("organization"),
        _ADDRESSES.label("addresses"),
    )
    .join(Customer, Customer.id == Ticket.customer_id)
    .outerjoin(Organization, Organization.id == Ticket.organization_id)
    .where(Ticket.id.in_(bindparam("tickets", expanding=True)))
    .cte("heads")
    .prefix_with("MATERIALIZED")
)
_TEXTS = (
    select(_HEADS, Message.kind, func.substr(Message.body, 1, LONGEST_TEXT).label("text"))
    .outerjoin(Message, Message.ticket_id == _HEADS.c.id)
    .order_by(Message.id.desc())
)


class TicketToIndex(Model):
    """A ticket whose words are to be read into the index by a job, because too many changed at once
    for the transaction that changed them."""

    __tablename__ = "ticket_to_index"
    ticket_id: Mapped[int] = mapped_column(
        BIG_ID, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


def tickets_index() -> Index:
    """The index of tickets."""
    return index_of(TABLE)


def read_into_index(ticket_ids: Iterable[int]) -> None:
    """Write the words of these tickets into the index; those that are gone are forgotten."""
    left = iter(sorted(ticket_ids))
    while some := list(islice(left, MOST_AT_ONCE)):
        documents = list(_documents(some))
        gone = set(some) - {document.id for document in documents}
        tickets_index().drop(sorted(gone))
        tickets_index().put(documents)


def _documents(ticket_ids: list[int]) -> Iterator[Document]:
    heads: dict[int, AnyRow] = {}
    said = defaultdict[int, list[str]](list)
    noted = defaultdict[int, list[str]](list)
    for row in ask(_TEXTS, {"tickets": ticket_ids}):
        heads[row.id] = row
        if row.text is not None:
            (noted if row.kind == MessageKind.NOTE else said)[row.id].append(row.text)
    for row in heads.values():
        yield Document(
            row.id,
            title=" ".join((row.subject, *split_tags(row.tags))),
            people=" ".join(filter(None, (row.name, row.organization, row.addresses))),
            said=said[row.id],
            noted=noted[row.id],
        )


def _read_those_of(condition: ColumnElement[bool]) -> None:
    """The tickets that fulfil a condition: now, or by a job where they are many."""
    # Locked, or a message that comes at this moment would be read by nobody.
    some = select(Ticket.id).where(condition).order_by(Ticket.id).limit(MOST_AT_ONCE + 1)
    ids = list(session.scalars(some.with_for_update()))
    if len(ids) <= MOST_AT_ONCE:
        read_into_index(ids)
        return
    known = select(TicketToIndex.ticket_id)
    leave_to_job(select(Ticket.id).where(condition, Ticket.id.not_in(known)))


def leave_to_job(ticket_ids: Select[int]) -> None:
    """Let the job read these tickets; none of them may be waiting for it already."""
    session.execute(insert(TicketToIndex).from_select(["ticket_id"], ticket_ids))


def waiting_to_be_read() -> bool:
    """Whether tickets wait for the job, so that what is found may not be everything."""
    return session.scalar(select(select(TicketToIndex.ticket_id).exists())) or False


def read_some_waiting(limit: int = MOST_AT_ONCE) -> int:
    """Read some of the tickets that were left to the job, newest first; how many those were."""
    waiting = (
        select(TicketToIndex.ticket_id)
        .join(Ticket, Ticket.id == TicketToIndex.ticket_id)
        .order_by(TicketToIndex.ticket_id.desc())
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(waiting))
    read_into_index(ids)
    session.execute(delete(TicketToIndex).where(TicketToIndex.ticket_id.in_(ids)))
    return len(ids)


def find_under_new_names(customer_ids: set[int]) -> None:
    """The requests of these customers are found under what those are called by now."""
    _customers_changed(customer_ids)


def _customers_changed(ids: set[int]) -> None:
    _read_those_of(Ticket.customer_id.in_(ids))


def _organizations_changed(ids: set[int]) -> None:
    _read_those_of(Ticket.organization_id.in_(ids))


def init_app(_app: Flask) -> None:
    """From now on notice what changes, in whatever session."""
    if not event.contains(Session, "after_flush", _notice):
        event.listen(Session, "after_flush", _notice)


def _notice(flushing: Session, _context: Any) -> None:
    new, deleted = flushing.new, flushing.deleted  # made anew each time they are asked for
    for thing in (*new, *flushing.dirty, *deleted):
        if type(thing) not in _WATCHED:
            continue
        owner, then, names = _WATCHED[type(thing)]
        if owner == "id" and thing in new and not isinstance(thing, Ticket):
            continue  # nothing hangs on it yet
        if thing in deleted or _has_changed(thing, names):
            gather(_values(thing, owner), then)


_WATCHED: dict[type, tuple[str, Callable[[set[int]], None], tuple[str, ...]]] = {
    Message: ("ticket_id", read_into_index, ("ticket_id", "body", "kind")),
    Ticket: ("id", read_into_index, ("subject", "tags", "customer_id", "organization_id")),
    Customer: ("id", _customers_changed, ("name",)),
    Address: ("customer_id", _customers_changed, ("customer_id", "email")),
    Organization: ("id", _organizations_changed, ("name",)),
}
"""Kind of thing → the attribute with the ids to deal with, how, and which changes matter."""


def _has_changed(thing: Any, names: tuple[str, ...]) -> bool:
    attributes = inspect(thing).attrs
    return any(attributes[name].history.has_changes() for name in names)


def _values(thing: Any, name: str) -> list[int]:
    """What an attribute was and is."""
    return [value for value in inspect(thing).attrs[name].history.sum() if value is not None]
