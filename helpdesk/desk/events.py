"""What happens to saved views."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event


class ViewEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("view", "view_id")


@dataclass(frozen=True)
class ViewSaved(ViewEvent):
    view_id: int
    name: str
    text: str
    team_ids: list[int]
    for_everybody: bool


@dataclass(frozen=True)
class ViewDeleted(ViewEvent):
    view_id: int
    name: str
    text: str


@dataclass(frozen=True)
class CustomersTakenAway(Event):
    """Somebody took so many records with them as a table."""

    subject: ClassVar[tuple[str, str]] = ("account", "account_id")
    account_id: int
    customers: int
