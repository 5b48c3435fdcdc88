"""What follows when something happened to a ticket: which rules act, and what keeps the others
from it.

All rules that listen are asked first, in one statement and without a lock; mostly none fits, and
that was all. When one does, the ticket is locked and they are asked in their order, each seeing
what those before it did.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from helpdesk.core.causes import NotYet
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.rules.acting import Occasion, decide, facts_of, let
from helpdesk.rules.causes import Happening
from helpdesk.rules.chains import chain_of, decided
from helpdesk.rules.force import Held, in_force
from helpdesk.rules.matching import Unit, Verdicts, in_words, verdicts_on
from helpdesk.rules.models import Outcome, RuleMiss
from helpdesk.tickets.filters import FilterError, reading_for
from helpdesk.tickets.filters.naming import Names
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import locked
from helpdesk.tickets.sending import settles_at

MOST_MISSES = 5
"""Rules that were missed by one condition, as far as one happening is remembered for."""


def consider(happening: Happening, entry_id: int) -> None:
    """Ask the rules about what happened, of which this entry of the journal tells.

    Raises NotYet for what a reply brought about that can still be taken back: rules would write to
    its customer, and nothing of what they did would go back with it.
    """
    reading = reading_for(None, one=True)
    rules = _listening(happening, reading.names)
    if not rules:
        return
    if later := settles_at(happening.ticket_id, entry_id):
        raise NotYet(later)
    wanted = [unit for rule in rules for unit in rule.units]
    verdicts = verdicts_on(happening.ticket_id, wanted, reading)
    if any(_concerns(rule, verdicts) for rule in rules):
        verdicts = _ask_in_order(rules, happening, entry_id)
    _remember_misses(rules, verdicts, happening)


def _listening(happening: Happening, names: Names) -> list[Held]:
    """Rules to which this was meant; those that cannot be asked say why."""
    found: list[Held] = []
    for rule in in_force():
        if not rule.listens(happening.kind):
            continue
        try:
            if rule.error or rule.hears(happening, names):
                found.append(rule)
        except FilterError as error:
            found.append(replace(rule, units=(), error=error.message))
    return found


def _concerns(rule: Held, verdicts: Verdicts) -> bool:
    return bool(_error(rule, verdicts)) or not verdicts.missed(rule.units)


def _error(rule: Held, verdicts: Verdicts) -> str:
    return rule.error or verdicts.error(rule.units)


def _ask_in_order(rules: Sequence[Held], happening: Happening, entry_id: int) -> Verdicts:
    """Ask again under the lock, and let those act that fit; what the last of them saw."""
    ticket = locked(happening.ticket_id)
    chain = chain_of(entry_id)
    occasion = Occasion(ticket, happening.because, chain, entry_id)
    before = decided(ticket.id, chain.root)
    left = [rule for rule in rules if rule.rule_id not in before]
    verdicts, ended_by = _ask(ticket, left), ""
    while left:
        rule = left.pop(0)
        if not _concerns(rule, verdicts):
            continue
        if ended_by:
            decide(rule, occasion, Outcome.STOPPED, f"the rule “{ended_by}” ends the list")
            continue
        outcome = let(rule, occasion, _error(rule, verdicts))
        if rule.stops and outcome in (Outcome.DONE, Outcome.NOTHING):
            ended_by = rule.name
        elif outcome is Outcome.DONE:
            verdicts = _merged(verdicts, _ask(ticket, left))
    return verdicts


def _ask(ticket: Ticket, rules: Iterable[Held]) -> Verdicts:
    wanted = [unit for rule in rules for unit in rule.units]
    return verdicts_on(ticket.id, wanted, reading_for(None, one=True))


def _merged(before: Verdicts, after: Verdicts) -> Verdicts:
    return Verdicts(before.held | after.held, before.errors | after.errors)


def _remember_misses(rules: Sequence[Held], verdicts: Verdicts, happening: Happening) -> None:
    """Keep which rules lacked a single condition of several, for whoever asks why."""
    missed = [
        [rule.version_id, in_words(unit)]
        for rule in rules
        if (unit := _nearly(rule, verdicts)) is not None
    ][:MOST_MISSES]
    ticket = session.get(Ticket, happening.ticket_id) if missed else None
    if ticket is not None:
        session.add(
            RuleMiss(
                at=now(),
                ticket_id=ticket.id,
                because=happening.because,
                missed=missed,
                facts=facts_of(ticket),
            )
        )


def _nearly(rule: Held, verdicts: Verdicts) -> Unit | None:
    missed = verdicts.missed(rule.units)
    return missed[0] if len(missed) == 1 < len(rule.units) and not rule.error else None
