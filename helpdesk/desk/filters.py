"""What narrows the queue: each filter stands in the address and shows as a chip."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from flask import url_for
from sqlalchemy import ColumnElement, select

from helpdesk.accounts.models import Account
from helpdesk.core.errors import Invalid
from helpdesk.core.text import one_line
from helpdesk.desk.people import People
from helpdesk.tickets.models import Priority, Tag, Ticket, ticket_tag

NOBODY = "none"


@dataclass(frozen=True)
class Filters:
    """As they stand in the address; an empty one filters nothing."""

    team: str = ""
    """A team's id, or "none"."""
    assignee: str = ""
    """An agent's id, "me" or "none"."""
    priority: str = ""
    tag: str = ""

    @classmethod
    def from_address(cls, arguments: Mapping[str, str]) -> "Filters":
        """Read the address. Raises Invalid for values that cannot be."""
        found = cls(**{f.name: one_line(arguments.get(f.name, ""))[:60] for f in fields(cls)})
        _check_id("team", found.team, NOBODY)
        _check_id("agent", found.assignee, NOBODY, "me")
        if found.priority and found.priority not in list(Priority):
            raise Invalid(f"There is no priority “{found.priority}”.")
        return found

    def conditions(self, viewer: Account) -> list[ColumnElement[bool]]:
        """What a ticket must fulfil."""
        wanted: list[ColumnElement[bool]] = []
        if self.team:
            wanted.append(_is(Ticket.team_id, self.team))
        if self.assignee:
            who = str(viewer.id) if self.assignee == "me" else self.assignee
            wanted.append(_is(Ticket.assignee_id, who))
        if self.priority:
            wanted.append(Ticket.priority == Priority(self.priority))
        if self.tag:
            wanted.append(_has_tag(self.tag))
        return wanted

    def parts(self) -> dict[str, str]:
        """The filters that are set, by name, as an address carries them."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name))}

    def without(self, name: str) -> "Filters":
        """The same without one of them."""
        return replace(self, **{name: ""})

    def chips(self, people: People) -> list[tuple[str, dict[str, str]]]:
        """Each filter in words, with the parts of an address that drops it."""
        return [
            (f"{name}: {_words(name, value, people)}", self.without(name).parts())
            for name, value in self.parts().items()
        ]


def address(endpoint: str, parts: Mapping[str, str], **more: str) -> str:
    """The address of a list narrowed by `parts`."""
    rest = {name: value for name, value in {**parts, **more}.items() if name != "view"}
    path = url_for(endpoint, view=more["view"]) if "view" in more else url_for(endpoint)
    return f"{path}?{urlencode(rest)}" if rest else path


def _words(name: str, value: str, people: People) -> str:
    if value == NOBODY or not value.isdigit() or name == "tag":
        return {NOBODY: "nobody" if name == "assignee" else "none"}.get(value, value)
    known = people.teams if name == "team" else people.agents
    return known.get(int(value), "unknown")


def _is(column: object, value: str) -> ColumnElement[bool]:
    wanted: ColumnElement[bool] = column == (None if value == NOBODY else int(value))  # type: ignore[assignment]  # a mapped column compares to a condition
    return wanted


def _has_tag(name: str) -> ColumnElement[bool]:
    tagged = (
        select(ticket_tag.c.ticket_id)
        .join(Tag, Tag.id == ticket_tag.c.tag_id)
        .where(Tag.name == name.lower())
    )
    return Ticket.id.in_(tagged)


def _check_id(what: str, value: str, *words: str) -> None:
    if value and value not in words and not (value.isascii() and value.isdigit()):
        raise Invalid(f"There is no {what} “{value}”.")
    if len(value) > 18:
        raise Invalid(f"There is no such {what}.")
