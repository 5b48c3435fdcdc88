"""Sending what stands in the table, and nothing twice that must not go twice.

A mail's claim and its result are kept by two short transactions, and none is open while it travels;
the result of one and the claim of the next share theirs. A worker that dies in between leaves a
claim whose lease ends: a mail that may go at most once is then in doubt, any other goes again under
the same Message-ID.
"""

import logging
from collections.abc import Callable
from functools import partial

from sqlalchemy import Select, or_, select, update

from helpdesk.core.clock import now
from helpdesk.core.crash import crash_point
from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job
from helpdesk.core.journal import record
from helpdesk.core.settings import settings
from helpdesk.core.turns import Turn
from helpdesk.mail import models, throttle
from helpdesk.mail.events import MailBounced, MailInDoubt, MailParked
from helpdesk.mail.message import Unsendable, build, recipient, return_path
from helpdesk.mail.models import DECIDED_WITHIN, UNSETTLED, Delivery, OutboundEmail
from helpdesk.mail.queries import undecided_secrets
from helpdesk.mail.transport import (
    Deferred,
    NotTaken,
    Refused,
    ServerAway,
    Transport,
    Unknown,
    transport,
)

log = logging.getLogger(__name__)

RESULT = (
    "state",
    "next_try_at",
    "claimed_at",
    "accepted_at",
    "last_error",
    "text",
    "html",
    "headers",
)
"""What the outcome of a try changes."""
Verdict = Callable[[OutboundEmail], None]
EVENTS = {
    Delivery.IN_DOUBT: MailInDoubt,
    Delivery.PARKED: MailParked,
}


@job(queue="mail")
def deliver_due() -> None:
    """Send what is due, row by row; give up for now when there is no server to talk to. The next
    tick goes on where a batch ended."""
    if not _anything_due():
        return
    _take_up_lapsed()
    carrier = transport()
    turn = Turn("mail")
    try:
        _deliver(carrier, turn)
    except ServerAway as error:
        log.warning("Mail waits: %s", error)
    finally:
        carrier.close()


def _anything_due() -> bool:
    """Looked at every two seconds, so without taking the lock of a writer."""
    with transaction(write=False):
        return session.scalar(_due(*UNSETTLED).with_only_columns(OutboundEmail.id)) is not None


def _due(*states: Delivery) -> Select[OutboundEmail]:
    free = or_(OutboundEmail.state != Delivery.QUEUED, throttle.may_go())
    return (
        select(OutboundEmail)
        .where(OutboundEmail.state.in_(states), OutboundEmail.next_try_at <= now(), free)
        .order_by(OutboundEmail.next_try_at, OutboundEmail.id)
        .limit(1)
    )


def _take_up_lapsed() -> None:
    """Settle the claims whose worker never reported."""
    with transaction():
        lapsed = _due(Delivery.SENDING).limit(100).with_for_update(skip_locked=True)
        for email in session.scalars(lapsed):
            email.lapse(now())
            _tell(email)


def _deliver(carrier: Transport, turn: Turn) -> None:
    """Claim a mail, send it, write down how it went and claim the next, until none is due.

    How one went and the claim of the next are kept together: each claim is kept before its mail
    goes, and half as often something is written to the disk. Raises ServerAway, after writing that
    down too.
    """
    crash_point("before_claim")
    with transaction():
        email = _claim_next() if turn.goes_on() else None
    while email is not None:
        crash_point("after_claim")
        verdict, failure = _send(carrier, email)
        crash_point("before_result")
        goes_on = turn.goes_on() and not isinstance(failure, ServerAway)
        with transaction():
            _write_down(email, verdict, failure)
            email = _claim_next() if goes_on else None
        crash_point("after_result")
        if isinstance(failure, ServerAway):
            raise failure


def _claim_next() -> OutboundEmail | None:
    """The mail that is due first, claimed for us alone; it belongs to no session any more. One
    statement finds and claims it, as `OutboundEmail.claim` would."""
    at = now()
    first = _due(Delivery.QUEUED).with_only_columns(OutboundEmail.id)
    claim = (
        update(OutboundEmail)
        .where(OutboundEmail.id == first.with_for_update(skip_locked=True).scalar_subquery())
        .values(
            state=Delivery.SENDING,
            claimed_at=at,
            next_try_at=at + models.LEASE,
            attempts=OutboundEmail.attempts + 1,
        )
        .returning(OutboundEmail)
    )
    email = session.scalar(claim, execution_options={"synchronize_session": False})
    if email is not None:
        session.expunge(email)
        throttle.note_claim(email.to_domain)
    return email


def _send(carrier: Transport, email: OutboundEmail) -> tuple[Verdict, Exception | None]:
    """How it went, as what to do with the row. Nothing is open here."""
    try:
        carrier.send(build(email), return_path(email), recipient(email).addr_spec)
    except Unsendable as error:
        return partial(OutboundEmail.park, reason=str(error)), error
    except Refused as error:
        return partial(OutboundEmail.bounce, reason=str(error)), error
    except Unknown as error:
        return partial(OutboundEmail.lose_sight, at=now(), reason=str(error)), error
    except NotTaken as error:
        return partial(OutboundEmail.postpone, at=now(), reason=str(error)), error
    crash_point("after_send")
    return partial(OutboundEmail.accept, at=now(), keep_secrets=settings().demo), None


def _write_down(email: OutboundEmail, verdict: Verdict, failure: Exception | None) -> None:
    """The result, unless somebody else claimed the mail after our lease ended. One that was given
    up for lost meanwhile is corrected: what we know beats a doubt."""
    ours = (OutboundEmail.id == email.id, OutboundEmail.claimed_at == email.claimed_at)
    before = {name: getattr(email, name) for name in RESULT}
    verdict(email)
    after = {name: getattr(email, name) for name in RESULT}
    changes = {name: after[name] for name in RESULT if after[name] != before[name]}
    changes |= {name: after[name] for name in ("state", "next_try_at", "last_error")}
    kept = update(OutboundEmail).where(*ours).values(**changes).returning(OutboundEmail.id)
    if session.scalar(kept, execution_options={"synchronize_session": False}) is None:
        return
    if isinstance(failure, Refused):
        record(MailBounced(email.id, failure.blames_address))
    if isinstance(failure, Deferred):
        throttle.note_deferral(email.to_domain, str(failure))
    elif failure is None and email.to_domain in throttle.troubled():
        throttle.note_success(email.to_domain)
    _tell(email)


def _tell(email: OutboundEmail) -> None:
    if event := EVENTS.get(email.state):
        record(event(email.id))


@job(queue="slow")
def forget_secrets() -> None:
    """Wipe mails that nobody decided about in time: their links are still good for somebody."""
    if settings().demo:
        return
    with transaction():
        for email in session.scalars(undecided_secrets(now() - DECIDED_WITHIN).limit(500)):
            email.wipe()
