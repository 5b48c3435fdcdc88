"""What the palette offers while one types: actions, views, customers, tickets."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flask import url_for

from helpdesk.accounts.models import Account
from helpdesk.core.words import words_in
from helpdesk.desk.macros.queries import fitting, macros_of
from helpdesk.desk.queue import page_of_matching
from helpdesk.desk.rail import Rail
from helpdesk.desk.search import customers_like, ranked, ticket_exists, titles_of
from helpdesk.tickets.filters import Filter, parse
from helpdesk.tickets.filters.conditions import number_in

MOST = 6
"""Of each kind."""
_NEWEST = 60
"""Tickets among which the best are chosen."""


class Choice(NamedTuple):
    """One line: what it is, where it leads, and what stands beside it."""

    label: str
    url: str
    note: str = ""
    key: str = ""
    takes: bool = False
    """It is put into the composer in place of leading away."""


class Group(NamedTuple):
    """Choices of one kind."""

    label: str
    choices: Sequence[Choice]


def offered(viewer: Account, text: str, ticket: int | None = None) -> list[Group]:
    """Everything that fits, by kind; kinds without a choice are left out. On the page of a ticket
    macros are among it.

    Raises FilterError where the text looks like a filter that is none.
    """
    places = [item for section in Rail(viewer) for item in section.items]
    actions = [
        Choice("New ticket", url_for("desk.new_ticket"), key="c"),
        Choice("Save a view", url_for("desk.new_view")),
        Choice("Macros and canned replies", url_for("desk.macros")),
        Choice("Your account", url_for("accounts.profile")),
    ]
    views = [Choice(item.label, item.url, str(item.count or ""), item.key) for item in places]
    groups = [Group("Go to", _fitting(views, text)), Group("Do", _fitting(actions, text))]
    if text:
        found = (Group("Tickets", _tickets(viewer, text)), Group("Customers", _customers(text)))
        groups = [*found, *groups]
    if ticket is not None:
        groups.insert(2 if text else 0, Group("On this ticket", _macros(viewer, text, ticket)))
    return [group for group in groups if group.choices]


def _fitting(choices: Iterable[Choice], text: str) -> list[Choice]:
    """Those in whose label words begin with all words of the text."""
    wanted = words_in(text)
    if text and not wanted:
        return []
    found = [
        choice
        for choice in choices
        if all(any(w.startswith(start) for w in words_in(choice.label)) for start in wanted)
    ]
    return found[:MOST] if text else found


def _tickets(viewer: Account, text: str) -> list[Choice]:
    number = number_in(text)
    if number is not None and ticket_exists(viewer, number):
        return _named(titles_of([number], viewer))
    wanted = parse(text)
    return _named(titles_of(_numbers(wanted, viewer), viewer))


def _numbers(wanted: Filter, viewer: Account) -> list[int]:
    if not wanted:
        return []
    if not wanted.said:
        fitting = page_of_matching(wanted.where(viewer), viewer, None)
        return [line.ticket[0] for line in fitting.items[:MOST]]
    _, hits = ranked(wanted, viewer, _NEWEST)
    return [hit.number for hit in hits[:MOST]]


def _named(titles: Iterable[tuple[int, str, str]]) -> list[Choice]:
    return [
        Choice(subject, url_for("desk.ticket", number=number), f"#{number} · {customer}")
        for number, subject, customer in titles
    ]


def _macros(viewer: Account, text: str, ticket: int) -> list[Choice]:
    return [
        Choice(
            one.name,
            url_for("desk.take_macro", number=ticket, macro_id=one.id),
            f"/{one.shortcut}" if one.shortcut else "macro",
            takes=True,
        )
        for one in fitting(macros_of(viewer), text)[:MOST]
    ]


def _customers(text: str) -> list[Choice]:
    return [
        Choice(row.name, url_for("desk.customer", customer_id=row.id), row.organization or "")
        for row in customers_like(text, MOST)
    ]
