"""What began it all: entries of the journal that follow from one another.

What a rule does is recorded as following from that rule, and that from what the rule was told of.
So however many rules and other reactions fire each other, the first cause can be found; under it
each rule acts at most once on a ticket, and after some links nothing follows any more.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from helpdesk.core.clock import now
from helpdesk.core.db import ask, session
from helpdesk.core.journal import JournalEntry
from helpdesk.rules.events import RuleApplied
from helpdesk.rules.models import Outcome, RuleDecision

DEEPEST = 10
"""Rules that act because of one another; with the next one it ends."""
MOST_AN_HOUR = 30
"""Times that rules act on one ticket within an hour, whatever they are told of."""
MOST_LINKS = 60


@dataclass(frozen=True)
class Chain:
    """The first cause, and how many rules acted between it and now."""

    root: str
    depth: int = 0


def chain_of(entry_id: int) -> Chain:
    """The chain that ends with this entry of the journal."""
    depth, here = 0, entry_id
    for _ in range(MOST_LINKS):
        columns = select(JournalEntry.event, JournalEntry.cause_id)
        row = ask(columns.where(JournalEntry.id == here)).one_or_none()
        if row is None:
            break
        depth += row.event == RuleApplied.__name__
        if row.cause_id is None:
            break
        here = row.cause_id
    return Chain(f"entry:{here}", depth)


def limit(ticket_id: int, chain: Chain) -> str:
    """What keeps further rules from acting on the ticket now, or nothing."""
    if chain.depth >= DEEPEST:
        return (
            f"{DEEPEST} rules acted because of one another already; so that they do not go on for"
            " ever, it ends here"
        )
    if _acted_lately(ticket_id) >= MOST_AN_HOUR:
        return f"rules acted {MOST_AN_HOUR} times on this ticket within an hour already"
    return ""


def _acted_lately(ticket_id: int) -> int:
    statement = select(func.count()).where(
        RuleDecision.ticket_id == ticket_id,
        RuleDecision.outcome == Outcome.DONE,
        RuleDecision.at > now() - timedelta(hours=1),
    )
    return session.scalar(statement) or 0


def decided(ticket_id: int, root: str) -> set[int]:
    """Rules that decided about the ticket under this first cause already."""
    statement = select(RuleDecision.rule_id).where(
        RuleDecision.ticket_id == ticket_id, RuleDecision.cause == root
    )
    return set(session.scalars(statement))
