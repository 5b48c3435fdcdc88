"""Changes that write something: a reply to the customer, or a note."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.accounts.models import Account
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.text import clean
from helpdesk.tickets import automatic, conversation, variables
from helpdesk.tickets.changes.kinds import Change, Doing
from helpdesk.tickets.changes.names import Names
from helpdesk.tickets.models import Status, Ticket

LONGEST = 20_000
"""Characters of a text that is kept for many tickets."""


@dataclass(frozen=True)
class _Text(Change):
    text: str
    """With variables."""

    @classmethod
    def read(cls, to: object) -> "_Text":
        if not isinstance(to, str):
            raise Invalid("That is no text.")
        text = clean(to)
        if not text:
            raise Invalid("The text is empty.")
        if len(text) > LONGEST:
            raise Invalid(f"The text has {len(text):,} characters; {LONGEST:,} are possible.")
        variables.check(text)
        return cls(text)

    @property
    def to(self) -> str:
        return self.text

    @property
    def goes_together(self) -> bool:
        return False

    def check(self, names: Names, *, by_person: bool) -> None:
        """It was checked when it was read."""

    def state(self, ticket: Ticket) -> object:
        return ticket.version

    def would_change(self, ticket: Ticket, doing: Doing) -> bool:
        self.filled(ticket, doing.by)
        return True

    def filled(self, ticket: Ticket, by: Account | None) -> str:
        """The text for this ticket. Raises Invalid where something is missing."""
        return variables.filled(self.text, ticket, by)

    @abstractmethod
    def apply(self, ticket: Ticket, doing: Doing) -> None: ...


@dataclass(frozen=True)
class Reply(_Text):
    """Goes to the customer: in the name of whoever does it, else as an automatic message."""

    do: ClassVar[str] = "reply"
    label: ClassVar[str] = "Reply to the customer"

    def words(self, names: Names) -> str:
        return "reply to the customer"

    def would_change(self, ticket: Ticket, doing: Doing) -> bool:
        if ticket.status is Status.CLOSED:
            raise Conflict("This ticket is closed for good; nobody can be written to.")
        return super().would_change(ticket, doing)

    def apply(self, ticket: Ticket, doing: Doing) -> None:
        text = self.filled(ticket, doing.by)
        if doing.by is None:
            automatic.tell_customer(ticket, text, key=_key(doing, self.do))
        else:
            conversation.reply(
                ticket, text, by=doing.by, seen=ticket.version, form_key=_key(doing, self.do)
            )


@dataclass(frozen=True)
class Note(_Text):
    """Only the staff sees it."""

    do: ClassVar[str] = "note"
    label: ClassVar[str] = "Note for the team"

    def words(self, names: Names) -> str:
        return "add a note"

    def apply(self, ticket: Ticket, doing: Doing) -> None:
        text = self.filled(ticket, doing.by)
        if doing.by is None:
            automatic.note(ticket, text, key=_key(doing, self.do))
        else:
            conversation.add_note(ticket, text, by=doing.by, form_key=_key(doing, self.do))


def _key(doing: Doing, do: str) -> str | None:
    return f"{doing.key}-{do}" if doing.key else None
