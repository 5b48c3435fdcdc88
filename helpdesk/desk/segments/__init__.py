"""Segments: groups of customers named by a text in the filter language, always as of now.

    read_segment("tier:gold health<40 contacted>30d").where(viewer)

Fields and values are checked by the grammar of `tickets.filters`; only what they mean is said here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, and_, or_

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.settings import settings
from helpdesk.customers.fields import PREFIX
from helpdesk.customers.models import Customer
from helpdesk.desk.segments.conditions import MEANINGS, Reading, called
from helpdesk.desk.segments.fields import BY_NAME
from helpdesk.desk.segments.filled import filled, made_fields
from helpdesk.tickets.filters.clauses import Clause, Either, FilterError, Words, joined
from helpdesk.tickets.filters.fields import custom
from helpdesk.tickets.filters.grammar import read

__all__ = ["FilterError", "Group", "read_segment"]
Is = ColumnElement[bool]


@dataclass(frozen=True)
class Group:
    """What customers must fulfil: every clause. An empty one is fulfilled by all of them."""

    clauses: tuple[Clause, ...] = ()
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return joined(self.clauses)

    def where(self, viewer: Account) -> list[Is]:
        """The conditions. What is asked of requests is asked of those that `viewer` may see."""
        reading = Reading(viewer, now(), _zone(viewer))
        return [Customer.merged_into_id.is_(None), *_conditions(self.clauses, reading)]


def read_segment(text: str) -> Group:
    """The customers that a text means. Raises FilterError, which says what is wrong where."""
    made = {f"{PREFIX}{key}": custom(f"{PREFIX}{key}") for key in _made(text)}
    return Group(read(text, {**BY_NAME, **made}), text)


def _made(text: str) -> Iterable[str]:
    """Keys of the fields that administrators made, where a text may name one."""
    return made_fields() if PREFIX in text.lower() else ()


def _conditions(clauses: tuple[Clause, ...], reading: Reading) -> list[Is]:
    return [_condition(clause, reading) for clause in clauses]


def _condition(clause: Clause, reading: Reading) -> Is:
    plain = replace(clause, negated=False)
    if isinstance(plain, Words):
        found: Is = called(plain.text)
    elif isinstance(plain, Either):
        found = or_(*(and_(*_conditions(option, reading)) for option in plain.options))
    else:
        found = MEANINGS.get(plain.name, filled)(plain, reading)
    return found.is_not(True) if clause.negated else found


def _zone(viewer: Account) -> tzinfo:
    try:
        return ZoneInfo(viewer.time_zone or settings().time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
