"""The list behind a number: the very rows that it counts, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func

from helpdesk.churn.models import ChurnFlag
from helpdesk.core.db import session
from helpdesk.core.paging import Page, keyset_rows
from helpdesk.customers.models import Customer, Organization
from helpdesk.reports.access import Names
from helpdesk.reports.counting import rows
from helpdesk.reports.pages.satisfaction import TONES
from helpdesk.reports.paper import BLANK, Figure, plain
from helpdesk.reports.question import Question, address_of
from helpdesk.reports.spreadsheet import Cell
from helpdesk.reports.subjects import (
    ANSWER,
    CUSTOMER,
    FLAG,
    FOLLOW_UP,
    INVITATION,
    MESSAGE,
    TICKET,
    Column,
    Measure,
    Rows,
    Subject,
)
from helpdesk.surveys.models import FollowUp, Invitation, Response
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets.models import Message, Ticket
from helpdesk.ui.times import day, duration
from helpdesk.ui.words import worth

SIZE = 50
FETCHED = 500
"""Rows of a spreadsheet that are in memory at a time."""
LONGEST_TEXT = 240


@dataclass(frozen=True)
class Detail:
    """A column of the list: heading, column of the table, how a value is shown."""

    heading: str
    column: Column
    show: Callable[[Any], Figure]


@dataclass(frozen=True)
class Item:
    """One row: a ticket, or what happened on it, or a customer."""

    number: int | None
    subject: str
    customer: str
    at: datetime
    ticket_url: str | None
    customer_url: str | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Listing:
    """A page of the list, with its headings."""

    headings: tuple[str, ...]
    items: tuple[Item, ...]
    has_ticket: bool
    older: str | None = None
    newer: str | None = None


def _text(value: str | None) -> Figure:
    return plain(value or "")


def _words(value: object) -> Figure:
    return BLANK if value is None else plain(str(value).replace("_", " "))


def _tone(label: str | None) -> Figure:
    return plain(*TONES.get(label, ("", "")))


def _tone_of_comment(label: str | None) -> Figure:
    """Most answers come without a comment, and then nothing waits to be scored."""
    return _tone(label) if label else plain("")


def _number(value: int | None) -> Figure:
    return BLANK if value is None else Figure(str(value), value)


def _reason(reason: Reason | None) -> Figure:
    return plain(reason.sentence if reason else "")


def _took(seconds: int | None) -> Figure:
    return BLANK if seconds is None else Figure(duration(seconds), seconds)


def _money(value: Any) -> Figure:
    return BLANK if value is None else Figure(worth(value), value)


def _day(value: Any) -> Figure:
    return BLANK if value is None else Figure(day(value), value)


_SAID = {"target": "Promise", "kept": "Result", "why": "Because"}
"""Dimensions of a measure that its list shows as they are."""

_DETAILS: Mapping[Subject[Any], tuple[Detail, ...]] = {
    TICKET: (Detail("Status", Ticket.status, _words), Detail("Channel", Ticket.channel, _words)),
    ANSWER: (
        Detail("Score", Response.score, _number),
        Detail("Comment", Response.comment, _text),
        Detail("Tone", Response.sentiment_label, _tone_of_comment),
    ),
    INVITATION: (
        Detail("State", Invitation.state, _words),
        Detail("Because", Invitation.reason, _reason),
    ),
    MESSAGE: (
        Detail("Message", func.substr(Message.body, 1, LONGEST_TEXT), _text),
        Detail("Tone", Message.sentiment_label, _tone),
    ),
    FLAG: (
        Detail("State", ChurnFlag.state, _words),
        Detail("Risk", ChurnFlag.risk, _number),
        Detail("Worth a year", Organization.contract_value, _money),
        Detail("Closed", ChurnFlag.closed_at, _day),
    ),
    FOLLOW_UP: (
        Detail("Score", FollowUp.score, _number),
        Detail("Comment", Response.comment, _text),
        Detail("Contacted", FollowUp.contacted_at, _day),
        Detail("Cause", FollowUp.cause, _words),
        Detail("Outcome", FollowUp.outcome, _words),
    ),
    CUSTOMER: (
        Detail("Customer since", Customer.customer_since, _day),
        Detail("Left", Customer.lost_on, _day),
    ),
}


def details_of(measure: Measure, names: Names) -> tuple[Detail, ...]:
    """The columns of the list behind a measure."""
    own = _DETAILS.get(measure.subject, ())
    took = (Detail("Took", measure.seconds, _took),) if measure.seconds is not None else ()
    people = {"team": ("Team", names.team), "agent": ("Agent", names.agent)}
    said = tuple(
        Detail(heading, measure.columns[name], _words)
        for name, heading in _SAID.items()
        if name in measure.columns
    )
    return (
        own
        + said
        + took
        + tuple(
            Detail(heading, measure.columns[name], _named(show))
            for name, (heading, show) in people.items()
            if name in measure.columns
        )
    )


def _named(name: Callable[[Any], str]) -> Callable[[Any], Figure]:
    def show(value: int | None) -> Figure:
        return plain(name(value))

    return show


def listing(question: Question, measure: Measure, cursor: str | None) -> Listing:
    """One page of what a number counts. Raises Invalid for a broken cursor."""
    details = details_of(measure, question.reader.names)
    by = (measure.subject.moment, measure.subject.root.id)
    page: Page[Row[Any]] = keyset_rows(_rows(question, measure, details), by, cursor, SIZE)  # type: ignore[arg-type]  # every moment is a column of its root
    return Listing(
        tuple(detail.heading for detail in details),
        tuple(_item(measure, row, details) for row in page.items),
        measure.subject.has_ticket,
        page.older,
        page.newer,
    )


def lines(question: Question, measure: Measure) -> Iterator[tuple[Cell, ...]]:
    """All of it, for a spreadsheet, under `headings_of`."""
    details = details_of(measure, question.reader.names)
    subject = measure.subject
    statement = _rows(question, measure, details)
    newest_first = statement.order_by(subject.moment.desc(), subject.root.id.desc())
    for row in session.execute(newest_first, execution_options={"yield_per": FETCHED}):
        item = _item(measure, row, details)
        yield (
            item.number,
            item.subject,
            item.customer,
            item.at,
            *(figure.value for figure in item.figures),
        )


def headings_of(question: Question, measure: Measure) -> tuple[str, ...]:
    """The headings of the spreadsheet."""
    details = details_of(measure, question.reader.names)
    return ("ticket", "subject", "customer", "when", *(each.heading.lower() for each in details))


def _rows(question: Question, measure: Measure, details: tuple[Detail, ...]) -> Rows:
    subject = measure.subject
    ticket: tuple[Any, ...] = (
        (Ticket.id.label("number"), Ticket.subject.label("subject")) if subject.has_ticket else ()
    )
    statement = rows(
        question.reader,
        measure,
        question.selection,
        subject.root.id,
        subject.moment,
        Customer.id.label("customer_id"),
        Customer.name.label("customer"),
        *ticket,
        *(detail.column.label(f"detail_{place}") for place, detail in enumerate(details)),
    )
    if subject is not CUSTOMER:
        statement = statement.join(Customer, Customer.id == subject.customer_id)
    if subject is FLAG:
        statement = statement.outerjoin(Organization, Organization.id == Customer.organization_id)
    return statement


def _item(measure: Measure, row: Row[Any], details: tuple[Detail, ...]) -> Item:
    number = row.number if measure.subject.has_ticket else None
    return Item(
        number,
        (row.subject or "") if number else "",
        row.customer,
        getattr(row, str(measure.subject.moment.key)),
        address_of("desk.ticket", number=number) if number else None,
        address_of("desk.customer", customer_id=row.customer_id),
        tuple(detail.show(getattr(row, f"detail_{place}")) for place, detail in enumerate(details)),
    )
