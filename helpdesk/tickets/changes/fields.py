"""Changes of what a ticket is: where it stands, how urgent it is, who has it, its tags."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.accounts.models import Account, Team
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.tickets import actions, assignment
from helpdesk.tickets.changes.kinds import Change, Doing, number_from, one_of
from helpdesk.tickets.changes.names import Names
from helpdesk.tickets.duty import Method, TeamDistribution
from helpdesk.tickets.models import DONE, Priority, Status, Ticket

STATUSES: Mapping[str, str] = {
    "open": "set to open",
    "pending": "set to waiting for the customer",
    "on_hold": "put on hold",
    "resolve": "resolve",
    "reopen": "open again",
}
ME, NOBODY, BY_TEAM = "me", "nobody", "team"
WORDS_FOR_ASSIGNEES: Mapping[str, str] = {
    ME: "assign to whoever does it",
    NOBODY: "assign to nobody",
    BY_TEAM: "give out as its team does, if nobody has it",
}


@dataclass(frozen=True)
class SetStatus(Change):
    do: ClassVar[str] = "status"
    label: ClassVar[str] = "Status"
    status: str

    @classmethod
    def read(cls, to: object) -> "SetStatus":
        return cls(one_of(to, STATUSES, "status"))

    @property
    def to(self) -> str:
        return self.status

    def check(self, names: Names, *, by_person: bool) -> None:
        """Every status can be reached by somebody."""

    def words(self, names: Names) -> str:
        return STATUSES[self.status]

    def state(self, ticket: Ticket) -> object:
        return ticket.status

    def would_change(self, ticket: Ticket, doing: Doing) -> bool:
        if self.status == "resolve":
            if ticket.status in DONE:
                return False
            if doing.by is not None:
                actions.require_filled_in(ticket, besides=doing.filled)
            return True
        if self.status == "reopen":
            if ticket.status is Status.CLOSED:
                raise Conflict("This ticket is closed. A new message opens a follow-up.")
            return ticket.status is Status.RESOLVED
        if ticket.status in DONE:
            raise Conflict("This ticket is done. Reopen it first.")
        return ticket.status.value != self.status

    def apply(self, ticket: Ticket, doing: Doing) -> None:
        if self.status == "resolve":
            actions.resolve(ticket, by=doing.by)
        elif self.status == "reopen":
            actions.reopen(ticket, by=doing.by)
        else:
            actions.set_status(ticket, Status(self.status), by=doing.by)


@dataclass(frozen=True)
class SetPriority(Change):
    do: ClassVar[str] = "priority"
    label: ClassVar[str] = "Priority"
    priority: Priority

    @classmethod
    def read(cls, to: object) -> "SetPriority":
        return cls(Priority(one_of(to, [one.value for one in Priority], "priority")))

    @property
    def to(self) -> str:
        return self.priority.value

    def check(self, names: Names, *, by_person: bool) -> None:
        """Any ticket can have any priority."""

    def words(self, names: Names) -> str:
        return f"priority {self.priority.value}"

    def state(self, ticket: Ticket) -> object:
        return ticket.priority

    def would_change(self, ticket: Ticket, doing: Doing) -> bool:
        return ticket.priority is not self.priority

    def apply(self, ticket: Ticket, doing: Doing) -> None:
        actions.set_priority(ticket, self.priority, by=doing.by)


@dataclass(frozen=True)
class MoveToTeam(Change):
    do: ClassVar[str] = "team"
    label: ClassVar[str] = "Team"
    team_id: int | None

    @classmethod
    def read(cls, to: object) -> "MoveToTeam":
        return cls(None if to is None or to == "none" else number_from(to, "team"))

    @property
    def to(self) -> int | None:
        return self.team_id

    def check(self, names: Names, *, by_person: bool) -> None:
        if self.team_id is not None and self.team_id not in names.teams:
            raise Invalid("There is no such team (any more).")

    def words(self, names: Names) -> str:
        if self.team_id is None:
            return "take out of its team"
        return f"move to {names.team(self.team_id)}"

    def state(self, ticket: Ticket) -> object:
        return ticket.team_id

    def would_change(self, ticket: Ticket, doing: Doing) -> bool:
        self._team()
        return ticket.team_id != self.team_id

    def apply(self, ticket: Ticket, doing: Doing) -> None:
        actions.move_to_team(ticket, self._team(), by=doing.by)

    def _team(self) -> Team | None:
        team = session.get(Team, self.team_id) if self.team_id is not None else None
        if self.team_id is not None and team is None:
            raise Invalid("The team is gone.")
        return team


@dataclass(frozen=True)
class Assign(Change):
    do: ClassVar[str] = "assignee"
    label: ClassVar[str] = "Assignee"
    agent: int | str
    """The id of an agent, or one of WORDS_FOR_ASSIGNEES."""

    @classmethod
    def read(cls, to: object) -> "Assign":
        if isinstance(to, str) and to in WORDS_FOR_ASSIGNEES:
            return cls(to)
        return cls(number_from(to, "agent"))

    @property
    def to(self) -> int | str:
        return self.agent

    @property
    def goes_together(self) -> bool:
        return self.agent != BY_TEAM  # which counts what everybody has by then

    def check(self, names: Names, *, by_person: bool) -> None:
        if self.agent == ME and not by_person:
            raise Invalid("A rule is nobody: choose a person in place of “me”.")
        if isinstance(self.agent, int) and self.agent not in names.agents:
            raise Invalid("There is no such agent (any more).")

    def words(self, names: Names) -> str:
        if isinstance(self.agent, int):
            return f"assign to {names.agent(self.agent)}"
        return WORDS_FOR_ASSIGNEES[self.agent]

    def state(self, ticket: Ticket) -> object:
        return ticket.assignee_id

    def would_change(self, ticket: Ticket, doing: Doing) -> bool:
        if self.agent == BY_TEAM:
            return _can_be_given_out(ticket, doing.team_id)
        agent = self._account(doing)
        team = session.get(Team, doing.team_id) if doing.team_id else None
        actions.require_assignable(team, agent)
        return ticket.assignee_id != (agent.id if agent else None)

    def apply(self, ticket: Ticket, doing: Doing) -> None:
        if self.agent == BY_TEAM:
            assignment.give(ticket)
        else:
            actions.assign(ticket, self._account(doing), by=doing.by)

    def _account(self, doing: Doing) -> Account | None:
        if self.agent == NOBODY:
            return None
        found = doing.by if self.agent == ME else session.get(Account, self.agent)
        if found is None or not found.is_staff:
            raise Invalid("The agent is gone.")
        return found


def _can_be_given_out(ticket: Ticket, team_id: int | None) -> bool:
    if ticket.assignee_id is not None or ticket.status in DONE or team_id is None:
        return False
    found = session.get(TeamDistribution, team_id)
    return found is not None and found.method is not Method.BY_HAND


@dataclass(frozen=True)
class _Tags(Change):
    tags: tuple[str, ...]

    @classmethod
    def read(cls, to: object) -> "_Tags":
        typed = to.split(",") if isinstance(to, str) else to
        if not isinstance(typed, list) or not all(isinstance(one, str) for one in typed):
            raise Invalid("Tags are words with commas between them.")
        tags = actions.tag_names(word[:200] for one in typed for word in one.split(","))
        if not tags:
            raise Invalid("Name at least one tag.")
        return cls(tuple(sorted(tags)))

    @property
    def to(self) -> list[str]:
        return list(self.tags)

    def check(self, names: Names, *, by_person: bool) -> None:
        if len(self.tags) > actions.MOST_TAGS:
            raise Invalid(f"A ticket can have {actions.MOST_TAGS} tags.")

    def state(self, ticket: Ticket) -> object:
        return sorted(tag.name for tag in ticket.tags)

    def would_change(self, ticket: Ticket, doing: Doing) -> bool:
        had = {tag.name for tag in ticket.tags}
        wanted = self._wanted(had)
        if len(wanted) > actions.MOST_TAGS:
            raise Invalid(f"A ticket can have {actions.MOST_TAGS} tags.")
        return wanted != had

    def apply(self, ticket: Ticket, doing: Doing) -> None:
        actions.set_tags(ticket, self._wanted({tag.name for tag in ticket.tags}), by=doing.by)

    @abstractmethod
    def _wanted(self, had: set[str]) -> set[str]: ...


@dataclass(frozen=True)
class AddTags(_Tags):
    do: ClassVar[str] = "add_tags"
    label: ClassVar[str] = "Add tags"

    def words(self, names: Names) -> str:
        return f"add {_tagged(self.tags)}"

    def _wanted(self, had: set[str]) -> set[str]:
        return had | set(self.tags)


@dataclass(frozen=True)
class RemoveTags(_Tags):
    do: ClassVar[str] = "remove_tags"
    label: ClassVar[str] = "Remove tags"

    def words(self, names: Names) -> str:
        return f"remove {_tagged(self.tags)}"

    def _wanted(self, had: set[str]) -> set[str]:
        return had - set(self.tags)


def _tagged(tags: Iterable[str]) -> str:
    listed = list(tags)
    return f"the tag{'s' if len(listed) > 1 else ''} {', '.join(listed)}"
