"""Reading what was kept, mail by mail.

Each has three steps: claim, read with nothing open, act in one transaction. A mail that ends the
process that reads it is tried a few times, behind the others, and then waits for a person.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError, OperationalError

from helpdesk.core.clock import now
from helpdesk.core.crash import crash_point
from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job
from helpdesk.core.journal import record
from helpdesk.intake.events import MailQuarantined
from helpdesk.intake.letters import open_letter, our_addresses
from helpdesk.intake.models import InboundEmail, Outcome
from helpdesk.intake.queries import raw_of
from helpdesk.intake.settling import settle

log = logging.getLogger(__name__)

BATCH_SECONDS = 60
"""After this long a batch ends; the next tick goes on."""
LEASE = timedelta(minutes=3)
"""How long a claim is good: much longer than reading the largest mail takes."""
FIRST_WAIT = timedelta(seconds=20)
"""After an attempt that failed; three times as long after each further one."""
MAX_ATTEMPTS = 5


@dataclass(frozen=True)
class Claim:
    """A mail that is ours to read until its lease ends."""

    id: int
    at: datetime | None


@job(queue="mail")
def process_due() -> None:
    """Read what is due, mail by mail."""
    ends = time.monotonic() + BATCH_SECONDS
    while time.monotonic() < ends and _anything_due() and process_next():
        pass


def _anything_due() -> bool:
    """Looked at every two seconds, so without taking the lock of a writer."""
    with transaction(write=False):
        return session.scalar(_due().with_only_columns(InboundEmail.id)) is not None


def _due() -> Select[InboundEmail]:
    return (
        select(InboundEmail)
        .where(InboundEmail.next_try_at <= now())
        .order_by(InboundEmail.next_try_at, InboundEmail.id)
        .limit(1)
    )


def process_next() -> bool:
    """Read one mail and act on it; False when none is due."""
    claim = _claim_next()
    if claim is None:
        return False
    crash_point("mail_claimed")
    try:
        _process(claim)
    except OperationalError:
        raise  # the database is away: the lease ends by itself
    except IntegrityError as error:  # another copy of it was dealt with at the same moment
        _put_off(claim, type(error).__name__, at_once=True)
    except Exception as error:
        log.exception("Mail %s could not be dealt with.", claim.id)
        _put_off(claim, f"{type(error).__name__}: {error}"[:500])
    crash_point("mail_settled")
    return True


def _claim_next() -> Claim | None:
    """The mail that is due first, claimed for us alone."""
    with transaction():
        email = session.scalar(_due().with_for_update(skip_locked=True))
        if email is None:
            return None
        if email.attempts >= MAX_ATTEMPTS:
            _give_up(email, email.reason or "Reading it ended the process each time.")
            return Claim(email.id, None)
        email.attempts += 1
        email.claimed_at, email.next_try_at = now(), now() + LEASE
        return Claim(email.id, email.claimed_at)


def _process(claim: Claim) -> None:
    if claim.at is None:
        return
    with transaction(write=False):
        raw = raw_of(session.get_one(InboundEmail, claim.id))
        ours = our_addresses()
    letter = open_letter(raw, ours)
    crash_point("mail_parsed")
    with transaction():
        if email := _still_ours(claim):
            settle(email, letter)
            email.next_try_at = email.claimed_at = None
            email.settled_at = now()
            crash_point("mail_acted")


def _still_ours(claim: Claim) -> InboundEmail | None:
    """The row, unless our lease ended and somebody else has it."""
    email = session.get(InboundEmail, claim.id, with_for_update=True)
    return email if email is not None and email.claimed_at == claim.at else None


def _put_off(claim: Claim, why: str, *, at_once: bool = False) -> None:
    """Try it again later, each time a longer while, or `at_once`; in the end not any more."""
    with transaction():
        email = _still_ours(claim)
        if email is None:
            return
        if email.attempts >= MAX_ATTEMPTS:
            _give_up(email, f"It was tried {email.attempts} times. {why}")
            return
        email.reason = why
        wait = timedelta(0) if at_once else FIRST_WAIT * 3 ** (email.attempts - 1)
        email.next_try_at = now() + wait
        email.claimed_at = None


def _give_up(email: InboundEmail, why: str) -> None:
    email.outcome, email.reason = Outcome.QUARANTINE, why
    email.next_try_at = email.claimed_at = None
    email.settled_at = now()
    record(MailQuarantined(email.id))
