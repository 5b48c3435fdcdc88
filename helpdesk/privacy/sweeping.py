"""Looking through every table and imported file for traces of a person who is being erased."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, Table, cast, func, or_, select, update

from helpdesk.accounts.models import Account
from helpdesk.core import files
from helpdesk.core.db import Model, session
from helpdesk.customers import spreadsheet
from helpdesk.customers.contactpoints import ContactPoint
from helpdesk.customers.models import Customer, Import, ImportLine
from helpdesk.privacy.models import Erasure
from helpdesk.privacy.tickets import in_parts
from helpdesk.tickets import indexing
from helpdesk.tickets.models import ERASED, Message, Ticket

SHORTEST = 6
"""Letters of a trace: shorter ones stand everywhere and mean nothing."""
_NUMBER = re.compile(r"\[#(\d{1,18})\]")
_NOT_SWEPT = frozenset({Erasure.__tablename__, "alembic_version", "inbound_email_piece"})


def numbers_in(subject: str) -> set[int]:
    """The ticket numbers that the subject of one of our mails carries."""
    return {int(digits) for digits in _NUMBER.findall(subject)}


def traces_of(customers: Iterable[Customer], emails: Sequence[str]) -> list[str]:
    """What tells that a text is about these records: addresses, and phones, handles and whole names
    that nobody else has."""
    found = list(emails)
    customers = list(customers)
    ids = [one.id for one in customers]
    for one in customers:
        if " " in one.name.strip() and not _is_shared(one.name, ids):
            found.append(one.name)
        found += [point.value for point in one.contact_points if not _is_anybodys(point, ids)]
    accounts = [one.account for one in customers if one.account is not None]
    found += [one.name for one in accounts if " " in one.name and not _is_anothers(one, ids)]
    return sorted({one for one in found if len(one) >= SHORTEST}, key=lambda one: (-len(one), one))


def _is_shared(name: str, ids: Sequence[int]) -> bool:
    others = select(Customer.id).where(Customer.name == name, Customer.id.not_in(ids)).limit(1)
    staff = select(Account.id).where(Account.name == name, Account.role != "customer").limit(1)
    return session.scalar(others) is not None or session.scalar(staff) is not None


def _is_anybodys(point: ContactPoint, ids: Sequence[int]) -> bool:
    same = ContactPoint.tail == point.tail if point.tail else ContactPoint.key == point.key
    others = select(ContactPoint.id).where(same, ContactPoint.customer_id.not_in(ids)).limit(1)
    return session.scalar(others) is not None


def _is_anothers(account: Account, ids: Sequence[int]) -> bool:
    return _is_shared(account.name, ids)


def next_table(done: Sequence[str]) -> Table | None:
    """The first table that is still to be looked through."""
    return next((table for table in _swept() if table.name not in done), None)


@cache
def _swept() -> tuple[Table, ...]:
    """Every table with words in it; putting tables in order takes longer than most sweeps."""
    ordered = Model.metadata.sorted_tables
    return tuple(table for table in ordered if table.name not in _NOT_SWEPT and _columns(table))


def _columns(table: Table) -> list[Any]:
    return [
        column
        for column in table.columns
        if isinstance(column.type, String | JSON)
        and not column.primary_key
        and column.computed is None
        and type(column.type).__name__ != "Enum"
    ]


def sweep(table: Table, traces: Sequence[str]) -> int:
    """Take the traces out of a table; how many rows had one."""
    keys, columns = list(table.primary_key), _columns(table)
    if not traces:
        return 0
    some = or_(*(_holds(column, trace) for column in columns for trace in traces))
    rows = session.execute(select(*keys, *columns).where(some)).all()
    replace = without(traces)
    for row in rows:
        before = row[len(keys) :]
        values = {c.name: replace(v) for c, v in zip(columns, before, strict=True) if v is not None}
        changed = {
            column.name: values[column.name]
            for column, value in zip(columns, before, strict=True)
            if value is not None and values[column.name] != value
        }
        if changed:
            same = [key == value for key, value in zip(keys, row, strict=False)]
            session.execute(update(table).where(*same).values(changed))
    _read_again(table, [row[0] for row in rows])
    return len(rows)


def _holds(column: Any, trace: str) -> ColumnElement[bool]:
    text = func.lower(cast(column, String))
    ways = {trace.lower(), json.dumps(trace)[1:-1].lower()}
    return or_(*(text.contains(way, autoescape=True) for way in sorted(ways)))


def without(traces: Sequence[str]) -> Callable[[Any], Any]:
    """What takes the traces out of a text, and out of all texts inside of a list or mapping."""
    pattern = re.compile("|".join(map(re.escape, traces)), re.IGNORECASE)

    def replace(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(ERASED, value)
        if isinstance(value, list):
            return [replace(one) for one in value]
        if isinstance(value, dict):
            return {replace(key): replace(one) for key, one in value.items()}
        return value

    return replace


def _read_again(table: Table, ids: Sequence[int]) -> None:
    """The words of tickets that had a trace are found no more."""
    if table is Ticket.__table__:
        indexing.read_into_index(ids)
    elif table is Message.__table__ and ids:
        indexing.read_into_index(
            set(session.scalars(select(Message.ticket_id).where(Message.id.in_(ids))))
        )


def sweep_files(traces: Sequence[str]) -> None:
    """Take the lines with a trace out of the tables that were handed in, and what became of them
    out of the reports; the other lines keep their numbers."""
    if not traces:
        return
    holds = re.compile("|".join(map(re.escape, traces)), re.IGNORECASE).search
    for import_id, path in session.execute(select(Import.id, Import.path)).all():
        target = files.root() / path
        if not target.is_file():
            continue
        lines = spreadsheet.with_plain_ends(spreadsheet.decode(target.read_bytes())).split("\n")
        hers = [
            (first, last)
            for first, last in spreadsheet.records("\n".join(lines))
            if holds("\n".join(lines[first - 1 : last]))
        ]
        if not hers:
            continue
        for first, last in hers:
            lines[first - 1 : last] = [""] * (last - first + 1)
        for some in in_parts([last for _, last in hers]):
            reported = (ImportLine.import_id == import_id, ImportLine.line.in_(some))
            session.execute(update(ImportLine).where(*reported).values(message="", undo=None))
        fresh = target.with_suffix(".new")
        fresh.write_text("\n".join(lines), encoding="utf-8")
        fresh.replace(target)
