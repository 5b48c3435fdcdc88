"""Lists of changes on a ticket: what would happen, and letting it happen."""

from dataclasses import dataclass

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, HelpdeskError, Invalid
from helpdesk.tickets.changes.about import FillIn, SetType
from helpdesk.tickets.changes.fields import MoveToTeam
from helpdesk.tickets.changes.kinds import Change, Doing
from helpdesk.tickets.changes.names import names
from helpdesk.tickets.changes.reading import Changes
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.together import are_together


@dataclass(frozen=True)
class Foreseen:
    """What one change would do to a ticket; `refusal` says what stands in its way."""

    change: Change
    words: str
    would_change: bool
    refusal: str = ""


@dataclass(frozen=True)
class Applied:
    """What was done: each change in words, those that had an effect apart from the others."""

    did: tuple[str, ...]
    nothing_to_do: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return bool(self.did)


class Refused(Conflict):
    """One of the changes cannot be done to this ticket; whoever asked drops all of them."""

    def __init__(self, words: str, reason: str) -> None:
        super().__init__(f"{words[:1].upper()}{words[1:]}: {reason}")
        self.reason = reason


def foresee(changes: Changes, ticket: Ticket, *, by: Account | None) -> list[Foreseen]:
    """What each change would do, as the ticket is now; nothing is written."""
    known, doing = names(), _by_then(changes, ticket, by)
    return [_foreseen(change, change.words(known), ticket, doing) for change in changes]


def _by_then(changes: Changes, ticket: Ticket, by: Account | None) -> Doing:
    """What of the list is done when somebody is to be chosen, and when it is to be resolved."""
    moves = (one.team_id for one in changes if isinstance(one, MoveToTeam))
    types = (one.type_id for one in changes if isinstance(one, SetType))
    return Doing(
        by,
        team_id=next(moves, ticket.team_id),
        type_id=next(types, ticket.type_id),
        filled=[number for one in changes if isinstance(one, FillIn) for number in one.filled],
    )


def _foreseen(change: Change, words: str, ticket: Ticket, doing: Doing) -> Foreseen:
    try:
        return Foreseen(change, words, change.would_change(ticket, doing))
    except (Invalid, Conflict) as error:
        return Foreseen(change, words, False, error.message)


def apply(
    changes: Changes, ticket: Ticket, *, by: Account | None, key: str | None = None
) -> Applied:
    """Do all of them to a ticket that `by` may see and that is locked by the caller.

    `key` tells this doing from any other: what is written under the same key is written once.
    Raises Refused when one cannot be done; the caller then drops what was done before it.
    """
    known = names()
    did: list[str] = []
    nothing: list[str] = []
    for change in changes:
        before = change.state(ticket)
        try:
            change.apply(ticket, Doing(by, key, ticket.team_id))
        except HelpdeskError as error:
            raise Refused(change.words(known), error.message) from error
        if not are_together():
            session.flush()  # what the next change asks for
        (did if change.state(ticket) != before else nothing).append(change.words(known))
    return Applied(tuple(did), tuple(nothing))
