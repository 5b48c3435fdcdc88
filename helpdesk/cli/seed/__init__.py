"""Demo data: a small believable company with eighteen months behind it."""

from datetime import datetime, timedelta
from random import Random

from flask import current_app

from helpdesk.churn import reactions as churn_reactions
from helpdesk.cli.seed.company import Client, Company, found
from helpdesk.cli.seed.history import History
from helpdesk.cli.seed.letters import expect_letters
from helpdesk.cli.seed.names import ORGANIZATIONS
from helpdesk.cli.seed.promised import look
from helpdesk.cli.seed.records import SINCE as ASKED
from helpdesk.cli.seed.records import keep_records
from helpdesk.cli.seed.rosa import tell_rosas_story
from helpdesk.cli.seed.routine import SINCE, administrator, settle_routine
from helpdesk.cli.seed.story import Story
from helpdesk.core.clock import now
from helpdesk.core.db import transaction
from helpdesk.core.journal import Event, Reaction
from helpdesk.notifications import reactions as notifications
from helpdesk.portal import reactions as portal_reactions
from helpdesk.reactions import REACTIONS
from helpdesk.rules.reactions import ask_rules
from helpdesk.surveys.jobs import expire

SPAN = timedelta(days=540)
LEFT_OUT = {
    churn_reactions.review_customer,  # everybody is reviewed by the calendar instead
    portal_reactions.acknowledge,  # nobody waits for these any more
}
LATELY = {
    ask_rules,
    notifications.tell_assignee,
    notifications.tell_owner,
    notifications.tell_watchers,
    notifications.tell_of_promise,
    notifications.tell_flag_owner,
}
"""Told of the last two weeks alone: before, there were no rules, and nobody reads old news."""


def seed_demo(
    seed: int = 2026, span: timedelta = SPAN, organizations: int = len(ORGANIZATIONS)
) -> None:
    """Fill an empty database with a history of `span` up to now.

    Takes about a minute at full length; the same seed at the same moment gives the same.
    """
    end = now().replace(second=0, microsecond=0)
    start = (end - span).replace(hour=0, minute=0)
    random = Random(seed)
    told = {
        kind: tuple(_told(reaction, end) for reaction in reactions if reaction not in LEFT_OUT)
        for kind, reactions in REACTIONS.items()
    }
    # The history tells its events itself; nothing is left for workers to tell.
    kept = current_app.extensions["helpdesk.reactions"]
    current_app.extensions["helpdesk.reactions"] = {}
    try:
        with transaction():
            company = found(random, start, end, organizations)
        history = History(end, told)
        story = Story(company, history, random)
        story.plan(start)
        tell_rosas_story(story)
        expect_letters(history, company.clients[0])
        history.at(max(start, end - SINCE), lambda: settle_routine(company.teams))
        # Dice of their own, so that whatever stands in records moves nothing else.
        dice = Random(f"records {seed}")
        asked_at = max(start, end - ASKED)
        history.at(
            asked_at, lambda: keep_records(_known(company, asked_at), dice, by=administrator())
        )
        history.run()
        with transaction():
            look(now())
        with transaction():
            story.care.review_all()
        expire()
    finally:
        current_app.extensions["helpdesk.reactions"] = kept


def _known(company: Company, at: datetime) -> list[Client]:
    """Those who were customers by then."""
    return [client for client in company.clients if client.since <= at]


def _told(reaction: Reaction, end: datetime) -> Reaction:
    """The reaction, or one that leaves alone what is long past."""
    if reaction not in LATELY:
        return reaction

    def told_lately(event: Event) -> None:
        if now() >= end - SINCE:
            reaction(event)

    return told_lately
