"""What administrators did."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.accounts.events import AccountEvent
from helpdesk.core.journal import Event


@dataclass(frozen=True)
class AccountDisabled(AccountEvent):
    account_id: int


@dataclass(frozen=True)
class AccountEnabled(AccountEvent):
    account_id: int


class TeamEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("team", "team_id")


@dataclass(frozen=True)
class TeamMade(TeamEvent):
    team_id: int
    name: str


@dataclass(frozen=True)
class TeamChanged(TeamEvent):
    """`joined` and `left` are ids of accounts."""

    team_id: int
    name_before: str
    name_after: str
    restricted_before: bool
    restricted_after: bool
    joined: list[int]
    left: list[int]


@dataclass(frozen=True)
class SharingChanged(Event):
    """Whether colleagues of an organization see one another's tickets."""

    subject: ClassVar[tuple[str, str]] = ("organization", "organization_id")
    organization_id: int
    before: bool
    after: bool


@dataclass(frozen=True)
class EntryRetold(Event):
    """A person had a parked entry of the journal told again."""

    subject: ClassVar[tuple[str, str]] = ("journal entry", "entry_id")
    entry_id: int
