"""Merges and splits as the desk shows them, and in sentences."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_among
from helpdesk.tickets.survivors import survivor_of

if TYPE_CHECKING:
    from helpdesk.desk.sentences import Entry

Sentence = Callable[["Entry"], str]


def _told(did: str, happened: str) -> Sentence:
    """A sentence about another ticket; `{n}` is its number, `{m}` how many messages."""

    def tell(entry: "Entry") -> str:
        count = entry.data["messages"]
        messages = "1 message" if count == 1 else f"{count} messages"
        words = {"n": f"#{entry.data['other_id']}", "m": messages}
        return entry.said(did.format(**words), happened.format(**words))

    return tell


SENTENCES: Mapping[str, Sentence] = {
    "TicketMerged": _told("merged this into {n}, with {m}", "Merged into {n}, with {m}"),
    "TicketTookIn": _told("merged {n} into this, with {m}", "{n} was merged into this, with {m}"),
    "TicketUnmerged": _told(
        "took this out of {n} again, with {m}", "Taken out of {n} again, with {m}"
    ),
    "TicketGaveBack": _told(
        "took {n} out of this again, with {m}", "{n} was taken out again, with {m}"
    ),
    "TicketSplit": _told("began {n} with {m} from here", "{n} began with {m} from here"),
    "TicketBegan": _told("began this with {m} from {n}", "Began with {m} from {n}"),
    "SplitUndone": _told("brought {m} back from {n}", "{m} came back from {n}"),
    "TicketTakenBack": _told("gave {m} back to {n}", "{m} went back to {n}"),
}


def where_to_look(viewer: Account, number: int) -> int | None:
    """The ticket in which one that was merged into `number` goes on, where `viewer` may see it."""
    goes_on = survivor_of(session.get_one(Ticket, number))
    return goes_on.id if visible_among(viewer, [goes_on.id]) else None
