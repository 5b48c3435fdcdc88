"""Finding tickets by their words, and customers by what one remembers of them.

What many tickets hold is not ranked as a whole: the newest `RANKED` that match are, by where and
how the words stand in them. Newest first, everything that matches can be walked through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Integer, Row, Select, String, bindparam, select, union

from helpdesk.accounts.models import Account
from helpdesk.core.db import ask, session
from helpdesk.core.errors import Invalid
from helpdesk.core.paging import Page
from helpdesk.core.prefix import begins_as, lowered
from helpdesk.core.search import Query
from helpdesk.core.text import one_line
from helpdesk.customers.contactpoints import ContactPoint
from helpdesk.customers.models import Address, Customer, Organization
from helpdesk.customers.queries import points_by, ways_to_call
from helpdesk.desk.queue import LINES, Line, lines_of
from helpdesk.tickets.filters import Filter
from helpdesk.tickets.filters.conditions import query_of
from helpdesk.tickets.indexing import tickets_index
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

RANKED = 500
"""Matches that are ranked, the newest."""
LONGEST = 200
_MOST_CUSTOMERS = 50


class Hit(NamedTuple):
    """A ticket and how well it fits."""

    score: int
    number: int


@dataclass(frozen=True)
class Found:
    """One page of what was found. `total` is None where nobody counted to the end."""

    page: Page[Line]
    query: Query | None
    total: int | None


def ticket_exists(viewer: Account, number: int) -> bool:
    """Whether `viewer` may see a ticket with that number."""
    found = session.scalar(select(Ticket.id).where(Ticket.id == number, visible_to(viewer)))
    return found is not None


def best(wanted: Filter, viewer: Account, cursor: str | None = None) -> Found:
    """The tickets that fit best, with those words. Raises FilterError, and Invalid for a damaged
    cursor."""
    query, hits = ranked(wanted, viewer)
    start = _place(hits, cursor)
    shown = hits[start : start + LINES]
    before = hits[max(start - LINES, 0) - 1] if start > LINES else None
    page = Page(
        lines_of([hit.number for hit in shown], viewer),
        _cursor(shown[-1]) if start + LINES < len(hits) else None,
        (_cursor(before) if before else "first") if start else None,
    )
    return Found(page, query, len(hits) if len(hits) < RANKED else None)


def newest(wanted: Filter, viewer: Account, cursor: str | None = None) -> Found:
    """Everything with those words, newest first. Raises FilterError, and Invalid for a damaged
    cursor."""
    below = None if cursor is None else _number(cursor)
    query, conditions = _asked(wanted, viewer)
    ids = tickets_index().newest(query, Ticket.id, conditions, LINES + 1, below)
    older = str(ids[LINES - 1]) if len(ids) > LINES else None
    return Found(Page(lines_of(ids[:LINES], viewer), older, None), query, None)


def ranked(wanted: Filter, viewer: Account, limit: int = RANKED) -> tuple[Query, list[Hit]]:
    """The newest matches, those that fit best first; and what was asked in the end.

    The last word is taken for the beginning of one where it does not stand in enough tickets as
    it is.
    """
    index = tickets_index()
    query, conditions = _asked(wanted, viewer)
    ids = index.newest(query.whole, Ticket.id, conditions, limit)
    # Where a whole address stands somewhere, nobody means another that goes on behind it.
    enough = len(ids) >= limit or (bool(ids) and query.is_address)
    if query.has_beginning and not enough:
        whole = set(ids)
        ids = index.newest(query, Ticket.id, conditions, limit)
    else:
        query, whole = query.whole, set(ids)
    if len(ids) < 2:  # nothing to rank
        return query, [Hit(n in whole, n) for n in ids]
    titled = index.among(query.in_title, ids)
    side_by_side = index.among(query.phrase, ids) if len(query.words) > 1 else set()
    hits = [Hit(4 * (n in titled) + 2 * (n in side_by_side) + (n in whole), n) for n in ids]
    return query, sorted(hits, reverse=True)


def titles_of(numbers: Sequence[int], viewer: Account) -> list[tuple[int, str, str]]:
    """Number, subject and customer of these tickets in this order, as far as `viewer` may see
    them."""
    statement = select(Ticket.id, Ticket.subject, Customer.name)
    statement = statement.join(Customer, Customer.id == Ticket.customer_id)
    rows = ask(statement.where(Ticket.id.in_(numbers), visible_to(viewer))) if numbers else ()
    by_number = {row[0]: (row[0], row[1], row[2]) for row in rows}
    return [by_number[number] for number in numbers if number in by_number]


def _asked(wanted: Filter, viewer: Account) -> tuple[Query, list[Any]]:
    rest = Filter(tuple(clause for clause in wanted.clauses if clause not in wanted.words))
    return query_of(wanted.words, viewer, typing=True), rest.where(viewer)


def _place(hits: Sequence[Hit], cursor: str | None) -> int:
    """Where the page behind a hit begins, whether that is still there or not."""
    if cursor is None or cursor == "first":
        return 0
    score, _, number = cursor.partition(".")
    last = Hit(_number(score), _number(number))
    return sum(hit >= last for hit in hits)


def _cursor(hit: Hit) -> str:
    return f"{hit.score}.{hit.number}"


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid("This page link is damaged. Start again from the first page.")
    return int(text)


def customer_ids(text: str) -> Select[int]:
    """Ids of customers whose name, address, phone, handle or organization begins with `text`."""
    start = one_line(text, LONGEST)
    return _ids_by(lowered(start), ways_to_call(start))


def _ids_by(starts: Sequence[str | BindParameter[str]], ways: Mapping[str, Any]) -> Select[int]:
    by_organization = (
        select(Customer.id)
        .join(Organization, Organization.id == Customer.organization_id)
        .where(begins_as(Organization.name_lower, starts))
    )
    found_by = (
        select(Customer.id).where(begins_as(Customer.name_lower, starts)),
        select(Address.customer_id).where(begins_as(Address.email, starts)),
        by_organization,
        select(ContactPoint.customer_id).where(points_by(ways)),
    )
    parts = [select(part.limit(_MOST_CUSTOMERS).subquery()) for part in found_by]
    found = union(*parts).subquery()
    return select(found.c[0])


def customers_like(text: str, limit: int = 6) -> Sequence[Row[*tuple[Any, ...]]]:
    """Customers whose name, address or organization begins with `text`, by name."""
    start = one_line(text, LONGEST)
    starts = {f"start_{n}": case for n, case in enumerate(lowered(start))}
    ways = ways_to_call(start)
    statement = _customers_by(tuple(starts), frozenset(ways))
    return ask(statement, {"limit": limit, **starts, **ways}).all()


@lru_cache
def _customers_by(starts: tuple[str, ...], ways: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Put together once for each set of ways that a text may be meant; all are names of
    parameters."""
    called = {name: bindparam(name, type_=String) for name in (*starts, *ways)}
    ids = _ids_by([called[name] for name in starts], {way: called[way] for way in ways})
    return (
        select(
            Customer.id, Customer.name, Customer.flagged_at, Organization.name.label("organization")
        )
        .outerjoin(Organization, Organization.id == Customer.organization_id)
        .where(Customer.id.in_(ids), Customer.merged_into_id.is_(None))
        .order_by(Customer.name, Customer.id)
        .limit(bindparam("limit", type_=Integer))
    )
