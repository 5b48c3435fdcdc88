"""What a proposed bulk edit would do to the first of its tickets."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.accounts.models import Account
from helpdesk.tickets import changes
from helpdesk.tickets.bulk.models import BulkEdit
from helpdesk.tickets.bulk.queries import sample
from helpdesk.tickets.changes import Foreseen
from helpdesk.tickets.models import Ticket

EXAMPLES = 8


@dataclass(frozen=True)
class Example:
    """One ticket and what would happen to it, in words; `refusal` where nothing would."""

    ticket: Ticket
    does: Sequence[str]
    refusal: str


@dataclass(frozen=True)
class Sample:
    """How many of the tickets that were looked at would become what; why some are refused, with how
    many; and a few of them."""

    looked_at: int
    change: int
    unchanged: int
    refused: Sequence[tuple[str, int]]
    examples: Sequence[Example]


def foreseen(bulk: BulkEdit, viewer: Account) -> Sample:
    """A look at the first tickets; nothing is written."""
    examples = [_example(bulk, ticket, viewer) for ticket in sample(bulk, viewer)]
    reasons = Counter(one.refusal for one in examples if one.refusal)
    changed = sum(bool(one.does) for one in examples)
    return Sample(
        len(examples),
        changed,
        len(examples) - changed - reasons.total(),
        reasons.most_common(5),
        examples[:EXAMPLES],
    )


def _example(bulk: BulkEdit, ticket: Ticket, viewer: Account) -> Example:
    seen = changes.foresee(bulk.todo, ticket, by=viewer)
    refusal = next((_refusal(one) for one in seen if one.refusal), "")
    return Example(ticket, [] if refusal else [o.words for o in seen if o.would_change], refusal)


def _refusal(one: Foreseen) -> str:
    return f"{one.words}: {one.refusal}"
