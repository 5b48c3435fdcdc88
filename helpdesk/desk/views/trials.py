"""Trials of rules: what they would have done over the last month."""

from flask import Response, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import managers_only, me
from helpdesk.core.paging import keyset_rows
from helpdesk.desk.rulebook import said
from helpdesk.desk.views.blueprint import bp
from helpdesk.desk.views.rules import refused
from helpdesk.rules import queries
from helpdesk.rules.actions import Wrong
from helpdesk.rules.models import RuleTrialMatch
from helpdesk.rules.trials import past, running
from helpdesk.tickets.filters import parse
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to
from helpdesk.ui import show


@bp.post("/desk/rules/<int:rule_id>/trials")
@managers_only
def try_rule(rule_id: int) -> AnyResponse:
    rule = queries.rule_by_id(rule_id)
    try:
        trial = running.begin(rule, by=me())
    except Wrong as wrong:
        return refused(rule, wrong)
    return redirect(url_for("desk.rule_trial", rule_id=rule_id, trial_id=trial.id), 303)


@bp.get("/desk/rules/<int:rule_id>/trials/<int:trial_id>")
@managers_only
def rule_trial(rule_id: int, trial_id: int) -> Response:
    """How far it is, and the tickets, as far as the viewer may see them."""
    trial = running.trial_of(rule_id, trial_id)
    tickets, times = running.matched(trial, me())
    matches = keyset_rows(
        select(
            RuleTrialMatch.id,
            RuleTrialMatch.at,
            RuleTrialMatch.because,
            RuleTrialMatch.ticket_id,
            Ticket.subject,
        )
        .join(Ticket, Ticket.id == RuleTrialMatch.ticket_id)
        .where(RuleTrialMatch.trial_id == trial.id, visible_to(me())),
        (RuleTrialMatch.at, RuleTrialMatch.id),
        request.args.get("at"),
    )
    return show(
        "desk/rule_trial.html",
        "desk/_rule_trial.html",
        trial=trial,
        said=said(trial.version),
        tickets=tickets,
        times=times,
        matches=matches,
        of_today=past.of_today(parse(trial.version.text).clauses),
        waits=trial.version.wait is not None,
        newer_url=_beside(rule_id, trial_id, matches.newer),
        older_url=_beside(rule_id, trial_id, matches.older),
    )


def _beside(rule_id: int, trial_id: int, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return url_for("desk.rule_trial", rule_id=rule_id, trial_id=trial_id, at=cursor)
