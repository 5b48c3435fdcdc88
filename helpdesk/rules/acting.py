"""Doing what a rule wants to one ticket, and writing down what came of it."""

import logging
from dataclasses import dataclass

from helpdesk.core.causes import because, cause
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import HelpdeskError, Invalid
from helpdesk.core.journal import record
from helpdesk.rules.chains import Chain, limit
from helpdesk.rules.events import RuleApplied, RuleParked
from helpdesk.rules.force import Held
from helpdesk.rules.letters import why_silent
from helpdesk.rules.models import Outcome, Rule, RuleDecision
from helpdesk.tickets.changes import Applied, Refused, apply
from helpdesk.tickets.changes.texts import Reply
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.types import TicketType

log = logging.getLogger(__name__)
FAILURES = 5
"""In a row, after which a rule is parked."""


@dataclass(frozen=True)
class Occasion:
    """A ticket that is locked, and what a rule is asked because of."""

    ticket: Ticket
    because: str
    chain: Chain
    entry_id: int | None = None


class _NothingToDo(Exception):  # it is how a savepoint is left
    pass


def let(rule: Held, occasion: Occasion, error: str = "") -> Outcome:
    """Let the rule act unless something keeps it from that; `error` says why it cannot be asked."""
    if error:
        return fail(rule, occasion, error)
    team = occasion.ticket.team
    if team is not None and team.restricted and not rule.everywhere:
        reason = f"{team.name} keeps its tickets to itself, and no administrator wrote the rule"
        return decide(rule, occasion, Outcome.STOPPED, reason)
    if too_much := limit(occasion.ticket.id, occasion.chain):
        return decide(rule, occasion, Outcome.LIMITED, too_much)
    return act(rule, occasion)


def act(rule: Held, occasion: Occasion) -> Outcome:
    """Let the rule act; whatever it does is kept whole or not at all. A rule that fails spoils
    nothing else."""
    silent = ""
    try:
        with session.begin_nested():
            applied, silent = _apply(rule, occasion)
    except _NothingToDo as nothing:
        reason = str(nothing) or "all it wants was so already"
        return decide(rule, occasion, Outcome.NOTHING, reason)
    except HelpdeskError as error:
        return _unable(rule, occasion, error)
    except Exception as error:
        log.exception("Rule %s failed on ticket %s.", rule.rule_id, occasion.ticket.id)
        return fail(rule, occasion, f"{type(error).__name__}: {error}"[:300])
    _recover(rule)
    return decide(rule, occasion, Outcome.DONE, silent, applied.did)


def _apply(rule: Held, occasion: Occasion) -> tuple[Applied, str]:
    ticket = occasion.ticket
    changes = rule.to_do()
    silent = ""
    if any(isinstance(change, Reply) for change in changes) and (silent := why_silent(ticket)):
        changes = tuple(change for change in changes if not isinstance(change, Reply))
        silent = f"it did not write to the customer: {silent}"
    event = RuleApplied(ticket.id, rule.rule_id, rule.version_id, rule.name, occasion.because)
    with because(cause(), said(rule)):
        entry = record(event)
    with because(entry.id, said(rule)):
        key = f"rule-{rule.rule_id}-{occasion.chain.root}"
        applied = apply(changes, ticket, by=None, key=key)
        session.flush()
    if not applied.changed:
        raise _NothingToDo(silent)
    return applied, silent


def said(rule: Held) -> str:
    """Who does it, as the journal says."""
    return f"The rule “{rule.name}”"


def decide(
    rule: Held, occasion: Occasion, outcome: Outcome, reason: str = "", did: tuple[str, ...] = ()
) -> Outcome:
    """Write the decision down, with what the ticket was like."""
    session.add(
        RuleDecision(
            at=now(),
            rule_id=rule.rule_id,
            version_id=rule.version_id,
            ticket_id=occasion.ticket.id,
            cause=occasion.chain.root,
            entry_id=occasion.entry_id,
            because=occasion.because,
            outcome=outcome,
            reason=reason,
            facts=facts_of(occasion.ticket),
            did=list(did),
        )
    )
    session.flush()
    return outcome


def facts_of(ticket: Ticket) -> list[list[str]]:
    """What the ticket is like now, in the words of filters. Nothing that a customer wrote."""
    kind = session.get(TicketType, ticket.type_id) if ticket.type_id is not None else None
    return [
        *([["type", kind.name]] if kind else []),
        ["status", ticket.status.value],
        ["priority", ticket.priority.value],
        ["team", ticket.team.name if ticket.team else "none"],
        ["assignee", ticket.assignee.name if ticket.assignee else "none"],
        ["tag", ", ".join(tag.name for tag in ticket.tags) or "none"],
    ]


def _unable(rule: Held, occasion: Occasion, error: HelpdeskError) -> Outcome:
    """The ticket stood in its way; or the rule is wrong, and is parked when that goes on."""
    if isinstance(error, Refused) and not isinstance(error.__cause__, Invalid):
        return decide(rule, occasion, Outcome.STOPPED, error.message)
    return fail(rule, occasion, error.message)


def fail(rule: Held, occasion: Occasion, reason: str) -> Outcome:
    """It cannot be asked, or not be done, and not because of this ticket."""
    note_failure(rule, reason)
    return decide(rule, occasion, Outcome.FAILED, reason)


def note_failure(rule: Held, reason: str) -> None:
    """Once more in a row; too often, and the rule is parked for a person to look at."""
    row = session.get_one(Rule, rule.rule_id, with_for_update=True)
    row.failures += 1
    row.error = reason
    if row.failures >= FAILURES and row.parked_at is None:
        row.parked_at = now()
        record(RuleParked(row.id, rule.name, reason))


def _recover(rule: Held) -> None:
    row = session.get_one(Rule, rule.rule_id)
    if row.failures:
        row.failures, row.error = 0, None
