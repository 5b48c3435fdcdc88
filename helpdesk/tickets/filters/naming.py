"""The people and teams that a filter names, looked up when it is used, so that it stays true when
somebody is renamed back and forth."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, Self

from sqlalchemy import select

from helpdesk.accounts.models import IS_STAFF, Account, Team, team_member
from helpdesk.core.db import ask
from helpdesk.core.unchanged import while_unchanged
from helpdesk.tickets.filters.clauses import Condition, FilterError
from helpdesk.tickets.filters.fields import ME, MINE, NONE, closest
from helpdesk.tickets.types import TicketField, TicketType


class Made(NamedTuple):
    """A field that administrators made."""

    id: int
    kind: str


class Known(NamedTuple):
    """Everybody and everything that a filter may name. Under equal ones it means the same."""

    agents: tuple[tuple[int, str, str], ...]
    teams: tuple[tuple[str, int], ...]
    fields: tuple[tuple[str, Made], ...]
    types: tuple[tuple[str, int], ...]


class Names:
    """Who works here, asked for at most once for each filter that is used."""

    def __init__(self, viewer: Account | None) -> None:
        self.viewer = viewer

    @classmethod
    def of(cls, known: Known) -> Self:
        """The names that somebody else has asked for."""
        names = cls(None)
        names._agents = known.agents
        names._teams, names._fields = dict(known.teams), dict(known.fields)
        names._types = dict(known.types)
        return names

    @cached_property
    def known(self) -> Known:
        """All of them at once."""
        teams, types = sorted(self._teams.items()), sorted(self._types.items())
        fields = tuple(sorted(self._fields.items()))
        return Known(tuple(self._agents), tuple(teams), fields, tuple(types))

    @cached_property
    def _agents(self) -> Sequence[tuple[int, str, str]]:
        return _agents()

    @cached_property
    def _fields(self) -> Mapping[str, Made]:
        return _fields()

    @cached_property
    def _types(self) -> Mapping[str, int]:
        return _types()

    @cached_property
    def _teams(self) -> Mapping[str, int]:
        return _teams()

    def _numbered(self, value: str, numbers: Collection[int]) -> int | None:
        """The number in a value such as #12, where there is one with it."""
        digits = value.removeprefix("#")
        is_number = value.startswith("#") and digits.isascii() and digits.isdigit()
        return int(digits[:18]) if is_number and int(digits[:18]) in numbers else None

    def agents(self, condition: Condition) -> list[int | None]:
        """Ids of the agents in a condition, None for nobody. Raises FilterError for strangers."""
        return [self._agent(value, condition) for value in condition.values]

    def _agent(self, value: str, condition: Condition) -> int | None:
        if value == NONE:
            return None
        if value == ME:
            return self._me(condition)
        if number := self._numbered(value, [id_ for id_, _, _ in self._agents]):
            return number
        found = list(self._called(value.casefold()))
        if len(found) == 1:
            return found[0]
        if found:
            names = " or ".join(sorted(name for i, name, _ in self._agents if i in found)[:3])
            raise _wrong(condition, f"“{value}” may be {names}. Write the e-mail address.")
        like = closest(value, [name for _, name, _ in self._agents])
        raise _unknown(condition, "Nobody here is called", value, like)

    def _called(self, name: str) -> Iterator[int]:
        """By the whole name or address; else by what a single word of the name begins with."""
        whole = [i for i, full, email in self._agents if name in (full.casefold(), email)]
        if whole:
            yield from whole
            return
        for i, full, email in self._agents:
            parts = [full.casefold(), *full.casefold().split(), email.partition("@")[0]]
            if any(part.startswith(name) for part in parts):
                yield i

    def _me(self, condition: Condition) -> int:
        if self.viewer is None:
            raise _wrong(condition, "Nobody in particular looks here, so there is no “me”.")
        return self.viewer.id

    def field(self, condition: Condition) -> Made:
        """A field that administrators made. Raises FilterError for an unknown one."""
        key, known = condition.name.partition(".")[2], self._fields
        if key in known:
            return known[key]
        like = closest(key, known)
        hint = f" Did you mean “field.{like}”?" if like else ""
        raise _wrong(condition, f"There is no field “{key}”.{hint}")

    def types(self, condition: Condition) -> list[int | None]:
        """Ids of the types in a condition, None for none. Raises FilterError for unknown ones."""
        return [self._type(value, condition) for value in condition.values]

    def _type(self, value: str, condition: Condition) -> int | None:
        if value == NONE:
            return None
        for name, type_id in self._types.items():
            if value.casefold() in (name.casefold(), name.casefold().replace(" ", "-")):
                return type_id
        raise _unknown(condition, "There is no type", value, closest(value, self._types))

    def teams(self, condition: Condition) -> list[int | None]:
        """Ids of the teams in a condition, None for none. Raises FilterError for unknown ones."""
        return [found for value in condition.values for found in self._team(value, condition)]

    def _team(self, value: str, condition: Condition) -> list[int | None]:
        if value == NONE:
            return [None]
        if value == MINE:
            mine = select(team_member.c.team_id).where(
                team_member.c.account_id == self._me(condition)
            )
            return [row[0] for row in ask(mine)]
        if number := self._numbered(value, self._teams.values()):
            return [number]
        for name, team_id in self._teams.items():
            if name.casefold() == value.casefold():
                return [team_id]
        raise _unknown(condition, "There is no team", value, closest(value, self._teams))


@while_unchanged
def _fields() -> Mapping[str, Made]:
    statement = select(TicketField.key, TicketField.id, TicketField.kind)
    return {row.key: Made(row.id, row.kind) for row in ask(statement)}


@while_unchanged
def _types() -> Mapping[str, int]:
    return {name: type_id for type_id, name in ask(select(TicketType.id, TicketType.name))}


@while_unchanged
def _agents() -> Sequence[tuple[int, str, str]]:
    return [(row.id, row.name, row.email) for row in ask(_AGENTS)]


@while_unchanged
def _teams() -> Mapping[str, int]:
    return {name: team_id for team_id, name in ask(select(Team.id, Team.name))}


_AGENTS = select(Account.id, Account.name, Account.email).where(IS_STAFF).order_by(Account.id)


def _wrong(condition: Condition, message: str, instead: str = "") -> FilterError:
    return FilterError(message, condition.start, condition.end, instead)


def _unknown(condition: Condition, what: str, value: str, like: str) -> FilterError:
    message = f"{what} “{value}”." + (f" Did you mean “{like}”?" if like else "")
    instead = str(Condition(condition.name, ":", (like,), condition.negated)) if like else ""
    return _wrong(condition, message, instead)
