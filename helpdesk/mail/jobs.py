"""Sending what stands in the table, and nothing twice that must not go twice.

A mail's claim and its result are kept by two short transactions, and none is open while it travels;
the result of one and the claim of the next share theirs. A worker that dies in between leaves a
claim whose lease ends: a mail that may go at most once is then in doubt, any other goes again under
the same Message-ID.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple, cast

from sqlalchemy import Integer, Select, Table, bindparam, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from helpdesk.core.clock import now
from helpdesk.core.crash import crash_point
from helpdesk.core.db import UTCDateTime, ask, session, transaction
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
NEEDED = (
    "id",
    "to_address",
    "to_name",
    "to_domain",
    "from_address",
    "from_name",
    "subject",
    "text",
    "html",
    "headers",
    "message_id",
    "at_most_once",
    "secret",
    "created_at",
    "attempts",
)
"""What the mail is built of, and a verdict about it; each column more costs time with each mail."""
ALWAYS = ("state", "next_try_at", "last_error")
"""What is written even where it looks the same: others may have written meanwhile."""
Verdict = Callable[[OutboundEmail], None]


class Claimed(NamedTuple):
    """A mail that is ours alone. It belongs to no session."""

    email: OutboundEmail
    is_troubled: bool
    """Whether the server of its domain put something off lately."""


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
        return ask(_ANYTHING, _moment(now())).first() is not None


def _due(*states: Delivery) -> Select[OutboundEmail]:
    free = or_(OutboundEmail.state != Delivery.QUEUED, throttle.may_go(_AT, _AT_ONCE))
    return (
        select(OutboundEmail)
        .where(OutboundEmail.state.in_(states), OutboundEmail.next_try_at <= _AT, free)
        .order_by(OutboundEmail.next_try_at, OutboundEmail.id)
        .limit(1)
    )


# Put together once: for each mail, that would take longer than asking.
_AT, _AT_ONCE = bindparam("at", type_=UTCDateTime()), bindparam("at_once", type_=Integer())
_ANYTHING = _due(*UNSETTLED).with_only_columns(OutboundEmail.id)
_LAPSED = _due(Delivery.SENDING).limit(100).with_for_update(skip_locked=True)
_MAILS = cast(Table, OutboundEmail.__table__)
_CLAIM = (
    update(_MAILS)
    .where(
        _MAILS.c.id
        == _due(Delivery.QUEUED)
        .with_only_columns(OutboundEmail.id)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    .values(
        state=Delivery.SENDING,
        claimed_at=_AT,
        next_try_at=bindparam("lease_ends", type_=UTCDateTime()),
        attempts=_MAILS.c.attempts + 1,
    )
    .returning(
        *(_MAILS.c[name] for name in NEEDED),
        throttle.is_troubled(_MAILS.c.to_domain).label("is_troubled"),
    )
)
"""What `OutboundEmail.claim` does, to the mail that is due first."""


def _moment(at: datetime) -> dict[str, object]:
    return {"at": at, "at_once": settings().mail_domain_at_once}


@lru_cache(maxsize=64)
def _keep(names: tuple[str, ...]) -> ReturningUpdate[Any]:
    """Write what changed, where the claim is still ours."""
    ours = _MAILS.c.id == bindparam("mail"), _MAILS.c.claimed_at == bindparam("claim")
    changes = {name: bindparam(f"new_{name}", type_=_MAILS.c[name].type) for name in names}
    return update(_MAILS).where(*ours).values(changes).returning(_MAILS.c.id)


def _take_up_lapsed() -> None:
    """Settle the claims whose worker never reported."""
    with transaction():
        for email in session.scalars(_LAPSED, _moment(now())):
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
        claimed = _claim_next() if turn.goes_on() else None
    while claimed is not None:
        crash_point("after_claim")
        verdict, failure = _send(carrier, claimed.email)
        crash_point("before_result")
        goes_on = turn.goes_on() and not isinstance(failure, ServerAway)
        with transaction():
            _write_down(claimed, verdict, failure)
            claimed = _claim_next() if goes_on else None
        crash_point("after_result")
        if isinstance(failure, ServerAway):
            raise failure


def _claim_next() -> Claimed | None:
    """The mail that is due first, claimed for us alone. One statement finds and claims it."""
    at = now()
    session.flush()
    found = ask(_CLAIM, {**_moment(at), "lease_ends": at + models.LEASE}).mappings().first()
    if found is None:
        return None
    row = dict(found)
    is_troubled = bool(row.pop("is_troubled"))
    email = OutboundEmail()
    vars(email).update(row, state=Delivery.SENDING, claimed_at=at)  # set one by one they take long
    throttle.note_claim(email.to_domain)
    return Claimed(email, is_troubled)


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


def _write_down(claimed: Claimed, verdict: Verdict, failure: Exception | None) -> None:
    """The result, unless somebody else claimed the mail after our lease ended. One that was given
    up for lost meanwhile is corrected: what we know beats a doubt."""
    email = claimed.email
    mine = {"mail": email.id, "claim": email.claimed_at}
    before = {name: getattr(email, name) for name in RESULT}
    verdict(email)
    after = {name: getattr(email, name) for name in RESULT}
    names = tuple(name for name in RESULT if name in ALWAYS or after[name] != before[name])
    changes = {f"new_{name}": after[name] for name in names}
    if ask(_keep(names), {**mine, **changes}).first() is None:
        return
    if isinstance(failure, Refused):
        record(MailBounced(email.id, failure.blames_address))
    if isinstance(failure, Deferred):
        throttle.note_deferral(email.to_domain, str(failure))
    elif failure is None and claimed.is_troubled:
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
