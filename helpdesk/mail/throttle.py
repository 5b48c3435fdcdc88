"""Sparing the servers of those whom we write to: so many mails at once and a minute for one
domain, and a pause, each time a longer one, where its server puts mail after mail off. Mails to
others go on meanwhile, and each single mail keeps its own retries (RFC 5321, 4.5.4.1)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, select
from sqlalchemy.orm import aliased

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.settings import settings
from helpdesk.mail.models import Delivery, OutboundEmail, RecipientDomain

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
HARMLESS = 1
"""Deferrals in a row that say nothing of a domain: greylisting puts off single recipients."""


def domain_of(address: str) -> str:
    """What stands behind the @, in lower case."""
    return address.rpartition("@")[2].strip().lower()


def may_go(at: ColumnElement[datetime], at_once: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the domain of a mail takes one more at a moment, of so many at once."""
    under_way = aliased(OutboundEmail)
    paused = select(RecipientDomain.domain).where(RecipientDomain.wait_until > at)
    busy = (
        select(under_way.to_domain)
        .where(under_way.state == Delivery.SENDING, under_way.to_domain != "")
        .group_by(under_way.to_domain)
        .having(func.count() >= at_once)
    )
    return and_(OutboundEmail.to_domain.not_in(paused), OutboundEmail.to_domain.not_in(busy))


def note_claim(domain: str) -> None:
    """One goes there now; the next waits where only so many a minute may go."""
    rate = settings().mail_domain_rate
    if rate and domain:
        row = _row(domain)
        row.wait_until = max(row.wait_until, now() + timedelta(seconds=60 / rate))


def note_deferral(domain: str, reason: str) -> None:
    """Its server put a mail off; when that goes on, the others wait as well."""
    if not domain:
        return
    row = _row(domain)
    row.failures, row.last_error = row.failures + 1, reason[:500]
    if row.failures > HARMLESS:
        pause = FIRST_PAUSE * 2 ** min(row.failures - HARMLESS - 1, 20)
        row.wait_until = now() + min(pause, LONGEST_PAUSE)


def note_success(domain: str) -> None:
    """Its server takes mails again."""
    session.execute(
        delete(RecipientDomain).where(
            RecipientDomain.domain == domain, RecipientDomain.failures > 0
        )
    )


def is_troubled(domain: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether its server put something off lately."""
    return exists().where(RecipientDomain.domain == domain, RecipientDomain.failures > 0)


def _row(domain: str) -> RecipientDomain:
    row = session.get(RecipientDomain, domain, with_for_update=True)
    if row is None:
        row = RecipientDomain(domain=domain, wait_until=now(), failures=0)
        session.add(row)
        session.flush()
    return row
