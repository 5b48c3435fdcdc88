"""What the clock wakes up for surveys."""

from sqlalchemy import Select, select, update

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job
from helpdesk.core.turns import Turn
from helpdesk.sentiment.rereading import reread
from helpdesk.surveys import (
    actions,
    cadence,
    clicks,
    experiments,
    policies,
    queries,
    reminding,
    sending,
    tone,
)
from helpdesk.surveys.models import Experiment, Invitation, State
from helpdesk.surveys.rescoring import COMMENTS

BATCH = 500
RESCORING_SECONDS = 20
TOGETHER = 100
"""Invitations written down in one transaction: few enough to keep other writers waiting for a
fraction of a second, enough to share what there is to know about all of them."""


@job(queue="mail")
def send_due() -> None:
    """Ask whoever is due: some of them in each short transaction, and one by one where one of them
    breaks, so that it is put off and stops no other. Raises ExceptionGroup of what broke."""
    turn, broken = Turn("mail"), list[Exception]()
    while turn.goes_on() and (due := _ids(queries.due_to_send(now()), TOGETHER)):
        try:
            with transaction():
                found = queries.free_to_send(now(), TOGETHER)
                sending.dispatch(found)
        except Exception:  # noqa: BLE001 - found out below whose fault it was
            broken += filter(None, map(_send, due))
        else:
            if not found:
                break  # others have them at this moment
    if broken:
        raise ExceptionGroup("Some invitations could not be sent and are put off.", broken)


def _send(invitation_id: int) -> Exception | None:
    try:
        with transaction():
            actions.send(invitation_id)
    except Exception as failure:  # noqa: BLE001 - told together, after the others were sent
        with transaction():
            actions.postpone(invitation_id)
        return failure
    return None


@job(queue="slow")
def invite_to_nps() -> None:
    """Ask how likely customers are to recommend us: everybody once in the configured interval, a
    few each day and never all at once."""
    with transaction(write=False):
        share = cadence.daily_share()
    for customer_id in _ids(cadence.due(now())):
        with transaction():
            if not cadence.ask(customer_id, share):
                return


@job(queue="slow")
def expire() -> None:
    """Close the questions that nobody answered in time."""
    while invitation_ids := _ids(queries.due_to_expire(now())):
        with transaction():
            session.execute(
                update(Invitation)
                .where(Invitation.id.in_(invitation_ids), Invitation.state == State.SENT)
                .values(state=State.EXPIRED)
            )


@job(queue="default")
def score_comments() -> None:
    """Score the comments that nobody has scored: imports, and whatever was missed."""
    for response_id in _ids(queries.unscored_comments()):
        with transaction():
            tone.score_comment(response_id)


@job(queue="slow")
def rescore_comments() -> None:
    """Read a part of the comments that another analyser scored again; the next run goes on."""
    reread(COMMENTS, RESCORING_SECONDS)


@job(queue="slow")
def record_clicks() -> None:
    """Store the clicks that were noted in Redis."""
    while lines := clicks.take(BATCH):
        with transaction():
            clicks.store(lines)


def _ids(statement: Select[int], most: int = BATCH) -> list[int]:
    with transaction(write=False):
        return list(session.scalars(statement.limit(most)))


@job(queue="mail")
def remind() -> None:
    """Remind once, row by row, whoever did not answer; where that is wanted at all."""
    with transaction(write=False):
        wanted = policies.policy().reminder_days > 0
        due = reminding.due(now())
    for invitation_id in _ids(due) if wanted else ():
        with transaction():
            reminding.remind(invitation_id)


@job(queue="slow")
def stop_experiments() -> None:
    """End the experiments whose stated rule is met."""
    for number in _ids(select(Experiment.id).where(Experiment.stopped_at.is_(None))):
        with transaction():
            experiments.stop_where_done(experiments.experiment_by_id(number))
