"""Mails to agents, once they are due; and what comes due by itself."""

import logging
from datetime import timedelta

from sqlalchemy import delete, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job
from helpdesk.core.settings import settings
from helpdesk.mail import outbound
from helpdesk.notifications.actions import quiet_of, tell
from helpdesk.notifications.models import Kind, Notification
from helpdesk.notifications.queries import seen_by
from helpdesk.surveys.models import FollowUp

log = logging.getLogger(__name__)
MOST = 50
"""Lines of one mail; it says how many more there are."""
AT_A_TIME = 200
KEPT_FOR = timedelta(days=90)


@job(queue="default")
def mail_due() -> None:
    """One mail to everybody for whom something is due: one thing by itself, several together."""
    with transaction(write=False):
        due = select(Notification.account_id).where(Notification.mail_at <= now()).distinct()
        account_ids = list(session.scalars(due.limit(AT_A_TIME)))
    for account_id in account_ids:
        try:
            with transaction():
                mail_to(session.get_one(Account, account_id))
        except Exception:
            log.exception("Telling account %s by mail failed.", account_id)


def mail_to(who: Account) -> None:
    """Write the mail of all that is due for somebody, or put it off until their quiet ends. What
    they have read, or may not see any more, is left out."""
    due = select(Notification).where(
        Notification.account_id == who.id, Notification.mail_at <= now()
    )
    told = list(session.scalars(due.order_by(Notification.id).with_for_update(skip_locked=True)))
    until = quiet_of(who).ends(now())
    if until > now() and who.is_active:
        for one in told:
            one.mail_at = until
        return
    for one in told:
        one.mail_at = None
    wanted = [one for one in told if one.read_at is None and _is_mailed(who, one)]
    if wanted and who.is_active and who.is_staff:
        _write(who, wanted)


def _is_mailed(who: Account, one: Notification) -> bool:
    if one.kind is Kind.REPLIED and settings().mail_agents:
        return False  # that mail goes by itself, and can be answered
    seen = select(Notification.id).where(Notification.id == one.id, seen_by(who))
    return session.scalar(seen) is not None


def _write(who: Account, told: list[Notification]) -> None:
    base = settings().public_url
    lines = [(one.words, f"{base}{address_of(one)}") for one in told[:MOST]]
    subject = told[0].words if len(told) == 1 else f"{len(told)} things that concern you"
    outbound.write(
        kind="notification",
        to=who.email,
        to_name=who.name,
        subject=subject,
        template="notifications/mail/told",
        context={
            "lines": lines,
            "more": max(len(told) - MOST, 0),
            "wishes": f"{base}/notifications/preferences",
        },
        automatic=True,
    )


def address_of(one: Notification) -> str:
    """Where a notification leads."""
    return one.address or f"/desk/tickets/{one.ticket_id}"


@job(queue="default")
def tell_of_follow_ups() -> None:
    """Follow-ups whose time has come: their owner is told once for each due time."""
    with transaction():
        told = select(Notification.cause).where(Notification.kind == Kind.FOLLOW_UP)
        due = select(FollowUp).where(
            FollowUp.closed_at.is_(None),
            FollowUp.owner_id.is_not(None),
            FollowUp.due_at <= now(),
            FollowUp.due_at > now() - timedelta(days=1),
        )
        causes = set(session.scalars(told.where(Notification.created_at > now() - KEPT_FOR)))
        for each in session.scalars(due.order_by(FollowUp.due_at).limit(AT_A_TIME)):
            cause = f"follow-up {each.id} due {each.due_at:%Y-%m-%d %H:%M}"
            if cause in causes or each.owner_id is None:
                continue
            tell(
                session.get(Account, each.owner_id),
                Kind.FOLLOW_UP,
                "A follow-up of yours is due",
                cause,
                ticket_id=each.ticket_id,
                address=f"/desk/follow-ups/{each.id}",
            )


@job(queue="slow")
def forget_old() -> None:
    """Delete what was told long ago."""
    with transaction():
        old = delete(Notification).where(Notification.created_at < now() - KEPT_FOR)
        session.execute(old)
