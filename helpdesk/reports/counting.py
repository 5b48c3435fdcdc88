"""Numbers and the lists behind them, from one set of conditions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, String, Subquery, func, literal, select, union_all

from helpdesk.core.db import UTCDateTime, ask, session
from helpdesk.core.errors import Invalid
from helpdesk.reports.access import Reader
from helpdesk.reports.clocks import Clocks
from helpdesk.reports.dimensions import DIMENSIONS, FILTERS, Value
from helpdesk.reports.elapsed import second_of, seconds_between
from helpdesk.reports.periods import Span
from helpdesk.reports.selection import Selection
from helpdesk.reports.subjects import Bounds, Column, Condition, Measure, Rows
from helpdesk.reports.waits import Waits
from helpdesk.tickets.filters import Filter
from helpdesk.tickets.models import Tag, Ticket, ticket_tag

Key = tuple[Any, ...]
"""The number of a span, then a value for each dimension."""


def tally(
    reader: Reader,
    measure: Measure,
    selection: Selection,
    spans: Sequence[Span],
    *dimensions: str,
) -> Counter[Key]:
    """How many rows fall into each span, split by dimensions: {(span, value, …): rows}.

    The period of the selection does not count here; the spans do. One statement.
    """
    statement, keys = in_spans(reader, measure, selection, spans, dimensions)
    rows = session.execute(statement.add_columns(func.count()).group_by(*keys))
    return Counter({tuple(row[:-1]): row[-1] for row in rows})


def tallies(
    reader: Reader, measures: Sequence[Measure], selection: Selection, spans: Sequence[Span]
) -> dict[str, Counter[Key]]:
    """Plain tallies of many measures, by their names, in one statement."""
    found: dict[str, Counter[Key]] = {measure.name: Counter() for measure in measures}
    statements = []
    for measure in measures:
        statement, keys = in_spans(reader, measure, selection, spans, ())
        name = literal(measure.name, String).label("measure")
        statements.append(statement.add_columns(func.count().label("number"), name).group_by(*keys))
    for slot, number, name in session.execute(union_all(*statements)):
        found[name][slot,] = number
    return found


def durations(
    reader: Reader,
    measure: Measure,
    selection: Selection,
    spans: Sequence[Span],
    *dimensions: str,
    seen: bool = False,
) -> dict[Key, Waits]:
    """How long each row took, in seconds, by span and dimensions; `seen` adds the team that decides
    who may see it. One statement.

    Raises ValueError for a measure without a duration.
    """
    statement, took = _of_time(reader, measure, selection, spans, dimensions, seen)
    found: dict[Key, list[int]] = defaultdict(list)
    for *key, seconds in ask(statement.add_columns(took)):
        found[tuple(key)].append(seconds)
    return {key: Waits(values) for key, values in found.items()}


def worked(
    reader: Reader,
    measure: Measure,
    selection: Selection,
    spans: Sequence[Span],
    *dimensions: str,
    seen: bool = False,
) -> dict[Key, Waits]:
    """The same in business hours: in those of the policy that a ticket has, else in those that were
    set up first; in calendar time where nobody set up any."""
    statement, took = _of_time(reader, measure, selection, spans, dimensions, seen)
    begin, end = took.moments
    columns = second_of(begin), second_of(end), Ticket.sla_policy_id
    found: dict[Key, list[int]] = defaultdict(list)
    clocks = Clocks()
    for *key, began, ended, policy in ask(statement.add_columns(*columns)):
        found[tuple(key)].append(clocks.between(began, ended, policy))
    return {key: Waits(values) for key, values in found.items()}


def _of_time(
    reader: Reader,
    measure: Measure,
    selection: Selection,
    spans: Sequence[Span],
    dimensions: Sequence[str],
    seen: bool,
) -> tuple[Rows, seconds_between]:
    if measure.seconds is None:
        raise ValueError(f"{measure.name} measures no time")
    statement, _ = in_spans(reader, measure, selection, spans, dimensions)
    return (statement.add_columns(Ticket.team_id) if seen else statement), measure.seconds


def rows(reader: Reader, measure: Measure, selection: Selection, *columns: Any) -> Rows:
    """The rows that the number for the period of the selection counts, as these columns."""
    bounds = Bounds.of(selection.period)
    statement: Rows = select(*columns).select_from(measure.subject.root)
    return measure.subject.joins(statement).where(
        measure.falls(bounds), *conditions(reader, measure, selection, bounds)
    )


def conditions(
    reader: Reader, measure: Measure, selection: Selection, bounds: Bounds
) -> list[Condition]:
    """What a row must fulfil to be counted or listed, apart from when it happened.

    Filters of a whole report do not apply to what is the company's as a whole. Raises Invalid for
    a dimension that the measure does not have.
    """
    narrowed = [
        _is_one_of(measure, name, values, bounds)
        for name, values in selection.narrowed
        if not (measure.is_company_wide and name in FILTERS)
    ]
    fulfilled = _fulfils(reader, measure, selection.wanted) if selection.wanted else []
    return [*measure.always, *reader.sees(measure), *narrowed, *fulfilled]


def _fulfils(reader: Reader, measure: Measure, wanted: Filter) -> list[Condition]:
    """The ticket fulfils the filter; or, where no ticket is behind a row, its customer has one that
    does and that the reader may see."""
    if not measure.is_company_wide:
        return [Ticket.id.is_not(None), *wanted.conditions(reader.account)]
    theirs = select(Ticket.customer_id).where(*wanted.where(reader.account)).correlate(None)
    return [measure.subject.customer_id.in_(theirs)]


def in_spans(
    reader: Reader,
    measure: Measure,
    selection: Selection,
    spans: Sequence[Span],
    dimensions: Sequence[str],
) -> tuple[Rows, list[Column]]:
    """The rows that fall into each span, as columns: the number of the span, and the dimensions."""
    slots = slots_of(spans)
    bounds = bounds_in(slots, spans)
    tagged = "tag" in dimensions
    keys: list[Column] = [slots.c.slot]
    keys += [Tag.name if name == "tag" else measure.column(name, bounds) for name in dimensions]
    statement: Rows = (
        select(*keys).select_from(slots).join(measure.subject.root, measure.falls(bounds))
    )
    statement = measure.subject.joins(statement)
    if tagged:
        statement = statement.join(ticket_tag, ticket_tag.c.ticket_id == Ticket.id).join(
            Tag, Tag.id == ticket_tag.c.tag_id
        )
    return statement.where(*conditions(reader, measure, selection, bounds)), keys


def slots_of(spans: Sequence[Span]) -> Subquery:
    """The spans as a table, so that each is one walk along an index."""
    lines = []
    for number, span in enumerate(spans):
        bounds = Bounds.of(span)
        lines.append(
            select(
                literal(number, Integer).label("slot"),
                bounds.start.label("start"),
                bounds.end.label("end"),
                bounds.first.label("first"),
                bounds.following.label("following"),
            )
        )
    return union_all(*lines).subquery("slots")


def bounds_in(slots: Subquery, spans: Sequence[Span]) -> Bounds:
    """The bounds of each slot, as columns.

    PostgreSQL takes what lies between two columns for a ninth of a table, and read all of it for
    two days of a million tickets: it is told between which values all spans lie. SQLite walks the
    index for each slot anyway, and would walk it from end to end with that.
    """
    around = None
    if session.get_bind().dialect.name == "postgresql":
        moments = [span.start for span in spans], [span.end for span in spans]
        around = literal(min(moments[0]), UTCDateTime()), literal(max(moments[1]), UTCDateTime())
    return Bounds(slots.c.start, slots.c.end, slots.c.first, slots.c.following, around)


def _is_one_of(measure: Measure, name: str, values: Sequence[Value], bounds: Bounds) -> Condition:
    if name == "tag" and measure.subject.has_ticket:
        return _is_tagged(values)
    if not measure.has(name):
        raise Invalid(f"{measure.words.capitalize()} have no {DIMENSIONS[name].words}.")
    column = measure.column(name, bounds)
    known = column.in_([value for value in values if value is not None])
    return known if None not in values else known | column.is_(None)


def _is_tagged(values: Sequence[Value]) -> Condition:
    tagged = select(ticket_tag.c.ticket_id)
    named = Ticket.id.in_(
        tagged.join(Tag, Tag.id == ticket_tag.c.tag_id).where(
            Tag.name.in_([value for value in values if value is not None])
        )
    )
    return named if None not in values else named | Ticket.id.not_in(tagged)


def total(counts: Counter[Key], slot: int, *wanted: object) -> int:
    """The sum of a tally over one span and, dimension by dimension, over the wanted values; `...`
    stands for every value."""
    return sum(
        number
        for key, number in counts.items()
        if key[0] == slot
        and all(want is ... or want == have for want, have in zip(wanted, key[1:], strict=False))
    )


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value below which a share of the sorted values lies; None of nothing.

    Between two values by their distance (type 7 of R. J. Hyndman and Y. Fan (1996), Sample
    quantiles in statistical packages, The American Statistician 50, 361-365).
    """
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
