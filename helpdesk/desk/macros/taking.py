"""A macro in the composer of a ticket: what it would do, and its reply, to be read over."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.desk.macros.models import Macro
from helpdesk.tickets import changes, variables
from helpdesk.tickets.changes import Foreseen
from helpdesk.tickets.changes.fields import SetStatus
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import ticket_for


@dataclass(frozen=True)
class Taken:
    """A macro that somebody took up for a ticket and has not sent yet."""

    macro: Macro
    foreseen: Sequence[Foreseen]
    """All that it does besides writing the reply."""
    text: str
    missing: Sequence[str]
    """What of the ticket its reply asks for and the ticket does not tell, in words."""

    @property
    def sets_status(self) -> bool:
        """Whether it says itself what becomes of the ticket after the reply."""
        return any(isinstance(one.change, SetStatus) for one in self.foreseen)


def take(macro: Macro, number: int, *, by: Account) -> Taken:
    """What a macro would do to this ticket; nothing is written. Raises NotFound."""
    ticket: Ticket = ticket_for(by, number)
    before, after = changes.around_reply(macro.todo)
    with session.no_autoflush:
        foreseen = changes.foresee(before + after, ticket, by=by)
        filled = variables.fill(macro.text, ticket, by)
    missing = [variables.VARIABLES[name].words for name in filled.missing]
    return Taken(macro, foreseen, filled.text, missing)
