"""From clauses to conditions that databases understand. Values are always parameters."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, false, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.accounts.models import Account
from helpdesk.core.ids import is_id
from helpdesk.core.prefix import begins_with
from helpdesk.core.search import Query, Word
from helpdesk.core.words import words_in
from helpdesk.customers.models import Customer, Organization
from helpdesk.customers.queries import at_domains, customers_called
from helpdesk.tickets.filters import moments
from helpdesk.tickets.filters.clauses import Clause, Condition, Either, Words
from helpdesk.tickets.filters.fields import NONE
from helpdesk.tickets.filters.filledin import filled
from helpdesk.tickets.filters.reading import Is, Reading, compared
from helpdesk.tickets.indexing import tickets_index
from helpdesk.tickets.models import OPEN, Priority, Status, Ticket

_OPEN = frozenset(status.value for status in OPEN)


def conditions(clauses: Sequence[Clause], reading: Reading) -> list[Is]:
    """What a ticket must fulfil. Raises FilterError for people and teams that are not there."""
    # What is open is small, however many of the tickets that are done have a tag as well.
    reading = replace(reading, few=reading.few or any(map(_asks_for_open, clauses)))
    said = tuple(clause for clause in clauses if isinstance(clause, Words))
    if all(clause.negated for clause in said):  # there is nothing that they could narrow
        return [_condition(clause, reading) for clause in clauses]
    wanted = [_condition(clause, reading) for clause in clauses if clause not in said]
    return [*wanted, _has_words(said, reading)]


def _asks_for_open(clause: Clause) -> bool:
    if not isinstance(clause, Condition) or clause.negated:
        return False
    return (clause.name, clause.values) == ("is", ("open",)) or (
        clause.name == "status" and _OPEN.issuperset(clause.values)
    )


def _condition(clause: Clause, reading: Reading) -> Is:
    if isinstance(clause, Words):
        unnegated = replace(clause, negated=False)
        held = tickets_index().holds(query_of((unnegated,), reading.viewer), Ticket.id)
        return not_(held)
    if isinstance(clause, Either):
        found = or_(*(and_(*conditions(option, reading)) for option in clause.options))
    else:
        found = FIELDS.get(clause.name, filled)(clause, reading)
    # Not `NOT x`: where nothing is known, x is neither true nor false.
    return found.is_not(True) if clause.negated else found


def _has_words(said: tuple[Words, ...], reading: Reading) -> Is:
    found = reading.holds(query_of(said, reading.viewer))
    number = number_in(said[0].text) if len(said) == 1 else None
    return or_(Ticket.id == number, found) if number else found


def query_of(said: Sequence[Words], viewer: Account | None, *, typing: bool = False) -> Query:
    """What the index is asked for these words, one of which at least must not be negated; notes
    are for the staff alone. `typing` takes the last one for the beginning of a word."""
    words = [_word(one) for one in said if not one.negated]
    last = said[-1]
    if typing and not last.negated and not (last.exact and last.text.isalnum()):
        words[-1] = replace(words[-1], begins=True)
    is_staff = viewer is None or viewer.is_staff
    without = tuple(_word(one) for one in said if one.negated)
    return Query(tuple(words), "all" if is_staff else "public", without)


def _word(said: Words) -> Word:
    return Word(tuple(words_in(said.text)))


def number_in(text: str) -> int | None:
    """The ticket number that `text` is, with or without #."""
    digits = text.strip().removeprefix("#")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0
    return number if is_id(number) else None


def _status(clause: Condition, _reading: Reading) -> Is:
    found = _one_of(Ticket.status, [Status(value) for value in clause.values])
    # Said twice, because the indexes of what is open begin with that.
    return and_(Ticket.is_open, found) if _OPEN.issuperset(clause.values) else found


def _state(clause: Condition, _reading: Reading) -> Is:
    return or_(*(_STATES[value]() if value in _STATES else _one(value) for value in clause.values))


def _one(status: str) -> Is:
    return Ticket.status == Status(status)


def _assignee(clause: Condition, reading: Reading) -> Is:
    return _one_of(Ticket.assignee_id, reading.names.agents(clause))


def _team(clause: Condition, reading: Reading) -> Is:
    return _one_of(Ticket.team_id, reading.names.teams(clause))


def _one_of(column: InstrumentedAttribute[Any], values: Sequence[object]) -> Is:
    """The column is one of the values, where None is one of them."""
    known = [value for value in values if value is not None]
    found: list[Is] = [column.is_(None)] if len(known) < len(values) else []
    if len(known) == 1:
        found.append(column == known[0])
    elif known:
        found.append(column.in_(known))
    return or_(*found) if found else false()


def _tag(clause: Condition, reading: Reading) -> Is:
    named = [value for value in clause.values if value != NONE]
    found: list[Is] = [reading.tagged(named)] if named else []
    if NONE in clause.values:
        found.append(not_(reading.tagged(())))
    return or_(*found)


_PRIORITIES = list(Priority)


def _priority(clause: Condition, _reading: Reading) -> Is:
    if clause.op == ":":
        return _one_of(Ticket.priority, [Priority(value) for value in clause.values])
    place = _PRIORITIES.index(Priority(clause.values[0]))
    chosen = [one for n, one in enumerate(_PRIORITIES) if _holds(n, clause.op, place)]
    return _one_of(Ticket.priority, chosen)


def _holds(one: int, op: str, other: int) -> bool:
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[op]


def _customer(clause: Condition, reading: Reading) -> Is:
    return or_(
        *(reading.among(Ticket.customer_id, customers_called(value)) for value in clause.values)
    )


def _organization(clause: Condition, reading: Reading) -> Is:
    named = [value for value in clause.values if value != NONE]
    called = or_(
        *(begins_with(Organization.name_lower, value) for value in named),
        at_domains(named),
    )
    at = select(Organization.id).where(called)
    found: list[Is] = [reading.among(Ticket.organization_id, at)]
    if NONE in clause.values:
        found.append(Ticket.organization_id.is_(None))
    return or_(*found) if named else found[-1]


def _channel(clause: Condition, _reading: Reading) -> Is:
    return _one_of(Ticket.channel, clause.values)


def _sentiment(clause: Condition, _reading: Reading) -> Is:
    if clause.op != ":":
        return compared(Ticket.sentiment, clause.op, float(clause.values[0]))
    return or_(*(_tone(value) for value in clause.values))


def _tone(value: str) -> Is:
    if value == NONE:
        return or_(Ticket.sentiment_label.is_(None), Ticket.sentiment_label == "not_scored")
    if value[-1].isdigit():
        return Ticket.sentiment == float(value)
    return Ticket.sentiment_label == value


def _score(clause: Condition, _reading: Reading) -> Is:
    if clause.op != ":":
        return compared(Ticket.last_score, clause.op, int(clause.values[0]))
    scores = [None if value == NONE else int(value) for value in clause.values]
    return _one_of(Ticket.last_score, scores)


_SOON = timedelta(hours=1)


def _sla(clause: Condition, reading: Reading) -> Is:
    return or_(*(_promise(value, reading.at) for value in clause.values))


def _promise(value: str, at: datetime) -> Is:
    if value == NONE:
        return Ticket.due_for.is_(None)
    if value == "paused":
        return and_(Ticket.due_for.is_not(None), Ticket.due_at.is_(None))
    if value == "breached":
        return Ticket.due_at <= at
    soon = at + _SOON
    return (
        and_(Ticket.due_at > at, Ticket.due_at <= soon)
        if value == "breaching"
        else (Ticket.due_at > soon)
    )


def _flag(clause: Condition, reading: Reading) -> Is:
    may_leave = select(Customer.id).where(Customer.flagged_at.is_not(None))
    flagged = reading.among(Ticket.customer_id, may_leave)
    return or_(*(not_(flagged) if value == NONE else flagged for value in clause.values))


def _moment(column: InstrumentedAttribute[Any]) -> Callable[[Condition, Reading], Is]:
    def when(clause: Condition, reading: Reading) -> Is:
        if clause.op == ":":
            return or_(*(_within(column, value, reading) for value in clause.values))
        edges = moments.edges(clause.values[0], reading.at, reading.zone)
        at = edges.end if clause.op in ("<=", ">") else edges.first
        return column < at if clause.op in ("<", "<=") else column >= at

    return when


def _within(column: InstrumentedAttribute[Any], value: str, reading: Reading) -> Is:
    if value == NONE:
        return column.is_(None)
    span = moments.span(value, reading.at, reading.zone)
    return and_(column >= span.first, column < span.end)


def _number(clause: Condition, _reading: Reading) -> Is:
    if clause.op != ":":
        return compared(Ticket.id, clause.op, int(clause.values[0]))
    return _one_of(Ticket.id, [int(value) for value in clause.values])


_STATES: dict[str, Callable[[], Is]] = {
    "open": lambda: Ticket.is_open.is_(True),
    "done": lambda: Ticket.is_open.is_(False),
    "waiting": lambda: Ticket.waiting_since.is_not(None),
    "unassigned": lambda: Ticket.assignee_id.is_(None),
    "snoozed": lambda: Ticket.snoozed_until.is_not(None),
    "merged": lambda: Ticket.merged_into_id.is_not(None),
}

FIELDS: dict[str, Callable[[Condition, Reading], Is]] = {
    "status": _status,
    "is": _state,
    "assignee": _assignee,
    "team": _team,
    "type": lambda clause, reading: _one_of(Ticket.type_id, reading.names.types(clause)),
    "tag": _tag,
    "priority": _priority,
    "customer": _customer,
    "organization": _organization,
    "channel": _channel,
    "sla": _sla,
    "sentiment": _sentiment,
    "score": _score,
    "flag": _flag,
    "created": _moment(Ticket.created_at),
    "updated": _moment(Ticket.active_at),
    "resolved": _moment(Ticket.resolved_at),
    "number": _number,
}
"""What each field asks of a ticket."""
