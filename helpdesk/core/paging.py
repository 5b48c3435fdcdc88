"""Keyset pagination: page 1 and page 10,000 cost the same."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import Row, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from helpdesk.core.db import UTCDateTime, ask, session
from helpdesk.core.errors import Invalid

T = TypeVar("T")
# What a list is sorted by: a moment, then the id that breaks ties.
Pair: TypeAlias = tuple[
    InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    InstrumentedAttribute[int],
]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]

CAP = 1000


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `older` and `newer` are cursors for the pages beside it, None at the
    ends; when the list is sorted oldest first, `older` still means "further down"."""

    items: Sequence[T]
    older: str | None
    newer: str | None


def keyset_rows(
    statement: AnySelect,
    by: Pair,
    cursor: str | None = None,
    size: int = 25,
    oldest_first: bool = False,
) -> Page[Row[*tuple[Any, ...]]]:
    """The page of rows that `cursor` points at. The rows must carry both columns of `by`.

    Raises Invalid for a cursor that was not made here.
    """
    return _page(statement, by, cursor, size, oldest_first, lambda s: list(ask(s)))


def keyset(
    statement: Select[T],
    by: Pair,
    cursor: str | None = None,
    size: int = 25,
    oldest_first: bool = False,
) -> Page[T]:
    """The page of entities that `cursor` points at.

    Raises Invalid for a cursor that was not made here.
    """
    return _page(statement, by, cursor, size, oldest_first, lambda s: list(session.scalars(s)))


def _page(
    statement: AnySelect,
    by: Pair,
    cursor: str | None,
    size: int,
    oldest_first: bool,
    fetch: Callable[[AnySelect], list[Any]],
) -> Page[Any]:
    onward, after = _decode(cursor) if cursor else (True, None)
    descending = onward != oldest_first
    if after is not None:
        statement = statement.where(_beyond(by, after, descending))
    order = [column.desc() if descending else column.asc() for column in by]
    found = fetch(statement.order_by(*order).limit(size + 1))
    more, items = len(found) > size, found[:size]
    if not onward:
        items.reverse()
    if not items:
        return Page([], None, None)
    has_older = more if onward else True
    has_newer = after is not None if onward else more
    return Page(
        items,
        _encode("o", by, items[-1]) if has_older else None,
        _encode("n", by, items[0]) if has_newer else None,
    )


def _beyond(by: Pair, after: tuple[datetime, int], descending: bool) -> ColumnElement[bool]:
    here = tuple_(*by)
    there = tuple_(literal(after[0], UTCDateTime()), literal(after[1]))
    return here < there if descending else here > there


def _encode(way: str, by: Pair, item: object) -> str:
    moment, last = (getattr(item, column.key) for column in by)
    raw = json.dumps([way, moment.isoformat(), last])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[bool, tuple[datetime, int]]:
    try:
        raw = base64.urlsafe_b64decode(cursor[:200] + "=" * (-len(cursor[:200]) % 4))
        way, at, last = json.loads(raw)
        moment, number = datetime.fromisoformat(at), int(last)
        if moment.tzinfo is None or way not in ("o", "n") or abs(number) >= 2**63:
            raise ValueError(cursor)
        moment = moment.astimezone(UTC)  # here, where it may lie before all time
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        raise Invalid("This page link is damaged. Start again from the first page.") from error
    return way == "o", (moment, number)
