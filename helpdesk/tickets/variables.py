"""Words in a text that stand for something of a ticket: `Hello {{customer.first_name|there}}`.

Only the names in VARIABLES mean anything, each is looked up by a function of its own, and what was
put in is never looked at again: a text is not a program. What follows the bar stands in where there
is nothing to say.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from helpdesk.accounts.models import Account
from helpdesk.core.errors import Invalid
from helpdesk.core.settings import settings
from helpdesk.tickets.filters.fields import closest
from helpdesk.tickets.models import Ticket

_BRACES = re.compile(r"\{\{([^{}]*)\}\}")
LONGEST_FALLBACK = 200


@dataclass(frozen=True)
class Variable:
    """What a name stands for, in words and as a function; the agent is None where nobody is."""

    words: str
    value: Callable[[Ticket, Account | None], str]


def _first(name: str) -> str:
    return name.split(maxsplit=1)[0] if name.strip() and "@" not in name else ""


VARIABLES: Mapping[str, Variable] = {
    "customer.first_name": Variable(
        "the customer’s first name", lambda ticket, _agent: _first(ticket.customer.name)
    ),
    "customer.name": Variable(
        "the customer’s whole name", lambda ticket, _agent: ticket.customer.name
    ),
    "customer.organization": Variable(
        "the customer’s company",
        lambda ticket, _agent: ticket.organization.name if ticket.organization else "",
    ),
    "ticket.number": Variable("the ticket’s number", lambda ticket, _agent: str(ticket.id)),
    "ticket.subject": Variable("the ticket’s subject", lambda ticket, _agent: ticket.subject),
    "ticket.team": Variable(
        "the team that has it", lambda ticket, _agent: ticket.team.name if ticket.team else ""
    ),
    "agent.first_name": Variable(
        "your first name", lambda _ticket, agent: _first(agent.name) if agent else ""
    ),
    "agent.name": Variable("your name", lambda _ticket, agent: agent.name if agent else ""),
    "company.name": Variable("our company", lambda _ticket, _agent: settings().company_name),
}


def check(text: str) -> None:
    """Raise Invalid, saying which and in what line, for a variable that there is not, and for
    braces that are none."""
    for found in _BRACES.finditer(text):
        _check_one(found[1], text.count("\n", 0, found.start()) + 1)
    rest = _BRACES.sub(lambda found: " " * len(found[0]), text)
    for braces in ("{{", "}}"):
        if (at := rest.find(braces)) >= 0:
            line = rest.count("\n", 0, at) + 1
            raise Invalid(f"Line {line}: “{braces}” has no partner. Write {{{{ticket.number}}}}.")


def _check_one(inner: str, line: int) -> None:
    name, _bar, fallback = inner.partition("|")
    name = name.strip()
    if name not in VARIABLES:
        like = closest(name, VARIABLES)
        hint = f" Did you mean {{{{{like}}}}}?" if like else f" There are {', '.join(VARIABLES)}."
        raise Invalid(f"Line {line}: there is no {{{{{name[:60]}}}}}.{hint}")
    if len(fallback) > LONGEST_FALLBACK:
        raise Invalid(f"Line {line}: the words after the bar can have {LONGEST_FALLBACK} letters.")


@dataclass(frozen=True)
class Filled:
    """A text with its variables put in; `missing` names those that had nothing to say."""

    text: str
    missing: tuple[str, ...]


def fill(text: str, ticket: Ticket, agent: Account | None) -> Filled:
    """The text for this ticket, written by this agent. What is missing keeps its braces, so that
    whoever reads it over sees the gap."""
    missing: dict[str, None] = {}

    def put(found: re.Match[str]) -> str:
        name, bar, fallback = found[1].partition("|")
        variable = VARIABLES.get(name.strip())
        if variable is None:
            return found[0]
        if value := variable.value(ticket, agent) or fallback.strip():
            return value
        if bar:
            return ""
        missing[name.strip()] = None
        return found[0]

    return Filled(_BRACES.sub(put, text), tuple(missing))


def filled(text: str, ticket: Ticket, agent: Account | None) -> str:
    """The text for this ticket, to be sent without anybody reading it over.

    Raises Invalid where something is missing and no words stand in for it.
    """
    found = fill(text, ticket, agent)
    if found.missing:
        name = found.missing[0]
        words = VARIABLES[name].words
        raise Invalid(f"#{ticket.id} does not tell {words}. Write {{{{{name}|words instead}}}}.")
    return found.text


def unfilled(text: str) -> str:
    """The first variable that still stands in a text, as it stands there; or nothing."""
    for found in _BRACES.finditer(text):
        if found[1].partition("|")[0].strip() in VARIABLES:
            return found[0]
    return ""
