"""Keyset pagination: page 1 and page 10,000 cost the same."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from math import isfinite
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Row,
    Select,
    String,
    bindparam,
    literal,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from helpdesk.core.db import UTCDateTime, ask, session
from helpdesk.core.errors import Invalid

T = TypeVar("T")
# What a list is sorted by: a moment, then the id that breaks ties.
Pair: TypeAlias = tuple[
    InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    InstrumentedAttribute[int],
]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
Key: TypeAlias = datetime | int | float | str
Fetch: TypeAlias = Callable[[AnySelect, Mapping[str, object]], list[T]]

CAP = 1000


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `older` and `newer` are cursors for the pages beside it, None at the
    ends; when the list is sorted oldest first, `older` still means "further down"."""

    items: Sequence[T]
    older: str | None
    newer: str | None


class Listing(Generic[T]):
    """A list that is read page by page. A listing that is kept has its statements put together
    once, which takes longer than asking them."""

    def __init__(
        self,
        statement: AnySelect,
        by: Pair,
        fetch: Fetch[T],
        size: int = 25,
        oldest_first: bool = False,
    ) -> None:
        self.by, self.fetch, self.size, self.oldest_first = by, fetch, size, oldest_first
        self._statement = statement

    def page(self, cursor: str | None = None) -> Page[T]:
        """The page that `cursor` points at. Raises Invalid for a cursor that was not made here."""
        onward, after = _decode(cursor) if cursor else (True, None)
        return self._page(onward, self._found(onward, after), after is not None)

    def _found(self, onward: bool, after: tuple[datetime, int] | None) -> list[T]:
        if after is None:
            return self.fetch(self._first, {})
        there = {"there_at": after[0], "there_id": after[1]}
        return self.fetch(self._further if onward else self._back, there)

    def _page(self, onward: bool, found: list[T], began_elsewhere: bool) -> Page[T]:
        more, items = len(found) > self.size, found[: self.size]
        if not onward:
            items.reverse()
        if not items:
            return Page([], None, None)
        has_older = more if onward else True
        has_newer = began_elsewhere if onward else more
        return Page(
            items,
            _encode("o", self.by, items[-1]) if has_older else None,
            _encode("n", self.by, items[0]) if has_newer else None,
        )

    @cached_property
    def _first(self) -> AnySelect:
        return self._sorted(self._statement, descending=not self.oldest_first)

    @cached_property
    def _further(self) -> AnySelect:
        return self._beyond(descending=not self.oldest_first)

    @cached_property
    def _back(self) -> AnySelect:
        return self._beyond(descending=self.oldest_first)

    def _beyond(self, descending: bool) -> AnySelect:
        here, there = tuple_(*self.by), tuple_(_THERE_AT, _THERE_ID)
        beyond = here < there if descending else here > there
        return self._sorted(self._statement.where(beyond), descending)

    def _sorted(self, statement: AnySelect, descending: bool) -> AnySelect:
        order = [column.desc() if descending else column.asc() for column in self.by]
        return statement.order_by(*order).limit(self.size + 1)


_THERE_AT = bindparam("there_at", type_=UTCDateTime())
_THERE_ID = bindparam("there_id", type_=BigInteger())


def rows_listing(statement: AnySelect, by: Pair, size: int = 25) -> Listing[AnyRow]:
    """A listing of rows, latest first. They must carry both columns of `by`."""
    return Listing(statement, by, _rows, size)


def keyset_rows(
    statement: AnySelect,
    by: Pair,
    cursor: str | None = None,
    size: int = 25,
    oldest_first: bool = False,
) -> Page[AnyRow]:
    """The page of rows that `cursor` points at. The rows must carry both columns of `by`.

    Raises Invalid for a cursor that was not made here.
    """
    return Listing(statement, by, _rows, size, oldest_first).page(cursor)


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
    return Listing(statement, by, _entities, size, oldest_first).page(cursor)


def _rows(statement: AnySelect, parameters: Mapping[str, object]) -> list[AnyRow]:
    return list(ask(statement, parameters).all())


def _entities(statement: AnySelect, parameters: Mapping[str, object]) -> list[Any]:
    return list(session.scalars(statement, dict(parameters)))


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


@dataclass(frozen=True)
class Order:
    """What a list is sorted by: something that is never NULL, then the id, which breaks ties.

    `kind` is what the key is made of: datetime, int, float or str.
    """

    key: ColumnElement[Any]
    id: ColumnElement[int]
    kind: type
    descending: bool = True


def sorted_rows(
    statement: AnySelect, by: Order, cursor: str | None = None, size: int = 25
) -> Page[AnyRow]:
    """The page of rows that `cursor` points at, in whatever order. The rows carry the id as `id`;
    their key is added to them as `sort_key`.

    Raises Invalid for a cursor that was not made here.
    """
    onward, there = _decode_key(cursor, by.kind) if cursor else (True, None)
    statement = statement.add_columns(by.key.label("sort_key"))
    descending = by.descending is onward
    if there is not None:
        here, beyond = tuple_(by.key, by.id), tuple_(*map(_bound, there))
        statement = statement.where(here < beyond if descending else here > beyond)
    keys = [key.desc() if descending else key.asc() for key in (by.key, by.id)]
    found = list(ask(statement.order_by(*keys).limit(size + 1)))
    more, items = len(found) > size, found[:size]
    if not onward:
        items.reverse()
    if not items:
        return Page([], None, None)
    return Page(
        items,
        _encode_key("o", items[-1]) if more or not onward else None,
        _encode_key("n", items[0]) if (more if not onward else there is not None) else None,
    )


_TYPES: Mapping[type, TypeEngine[Any]] = {
    datetime: UTCDateTime(), int: BigInteger(), float: Double(), str: String(),
}  # fmt: skip


def _bound(value: Key) -> ColumnElement[Any]:
    return literal(value, _TYPES[type(value)])


def _encode_key(way: str, row: AnyRow) -> str:
    key = row.sort_key.isoformat() if isinstance(row.sort_key, datetime) else row.sort_key
    raw = json.dumps([way, key, row.id])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _decode_key(cursor: str, kind: type) -> tuple[bool, tuple[Key, int]]:
    try:
        raw = base64.urlsafe_b64decode(cursor[:900] + "=" * (-len(cursor[:900]) % 4))
        way, key, number = json.loads(raw)
        if kind is datetime:
            key = datetime.fromisoformat(key).astimezone(UTC)
        right = type(key) is kind and type(number) is int and way in ("o", "n")
        if not right or abs(number) >= 2**63 or (isinstance(key, int) and abs(key) >= 2**63):
            raise ValueError(cursor)
        if isinstance(key, float) and not isfinite(key):
            raise ValueError(cursor)
        if isinstance(key, str) and not key.isprintable():
            raise ValueError(cursor)
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        raise Invalid("This page link is damaged. Start again from the first page.") from error
    return way == "o", (key, number)
