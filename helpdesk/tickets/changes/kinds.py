"""What one change is: something to do to a ticket that was not chosen yet.

Each kind says what is wrong with it before it is kept (`check`), tells itself in words, says what
stands in its way on a ticket, and is done by the same verbs as by hand.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.accounts.models import Account
from helpdesk.core.errors import Invalid
from helpdesk.core.ids import is_id
from helpdesk.tickets.changes.names import Names
from helpdesk.tickets.filters.fields import closest
from helpdesk.tickets.models import Ticket

To = str | int | list[str] | None
"""What a change leads to, as it is kept in JSON."""


@dataclass(frozen=True)
class Doing:
    """Who does it: a person, or nobody in particular. `key` lets what is written be written once,
    however often it is tried. By then the team `team_id` has the ticket, `type_id` is its type, and
    the fields `filled` are filled in."""

    by: Account | None
    key: str | None = None
    team_id: int | None = None
    type_id: int | None = None
    filled: Collection[int] = ()


class Change(ABC):
    """One change. Subclasses are frozen dataclasses with one field."""

    do: ClassVar[str]
    """Its name in JSON."""
    label: ClassVar[str]

    @classmethod
    @abstractmethod
    def read(cls, to: object) -> "Change":
        """The change that a value from JSON or from a form means. Raises Invalid."""

    @property
    @abstractmethod
    def to(self) -> To:
        """What it leads to, for JSON."""

    @property
    def goes_together(self) -> bool:
        """Whether it can be done to many tickets before anything of it is written: it asks for
        nothing but the ticket and what `tickets.together` holds beside it."""
        return True

    @abstractmethod
    def check(self, names: Names, *, by_person: bool) -> None:
        """Raise Invalid when it can never be done, by nobody in particular for instance."""

    @abstractmethod
    def words(self, names: Names) -> str:
        """What it does, in a few words: “priority high”."""

    @abstractmethod
    def state(self, ticket: Ticket) -> object:
        """What of the ticket it is about: it had an effect when this is another afterwards."""

    @abstractmethod
    def would_change(self, ticket: Ticket, doing: Doing) -> bool:
        """Whether it would have an effect. Raises Invalid or Conflict when it would be refused."""

    @abstractmethod
    def apply(self, ticket: Ticket, doing: Doing) -> None:
        """Do it. Raises Invalid or Conflict; twice is harmless."""


def one_of(value: object, choices: Collection[str], what: str) -> str:
    """`value` if it is one of the choices; else Invalid, which says what was probably meant."""
    if isinstance(value, str) and value in choices:
        return value
    shown = value if isinstance(value, str) else type(value).__name__
    like = closest(shown, choices) if isinstance(value, str) else ""
    hint = f"Did you mean “{like}”?" if like else f"Choose {', '.join(choices)}."
    raise Invalid(f"There is no {what} “{shown[:60]}”. {hint}")


def number_from(value: object, what: str) -> int:
    """The id in a value from JSON or a form. Raises Invalid."""
    if isinstance(value, int) and not isinstance(value, bool) and is_id(value):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 18:
        return int(value)
    raise Invalid(f"That is no {what}. Choose one from the list.")
