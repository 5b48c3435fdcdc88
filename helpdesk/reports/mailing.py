"""Reports by mail: of the week or month that is over, to whoever asked for them.

What is shown is what that person may see at the moment of sending. The mail is a row first: the
same transaction that writes it moves the subscription on, so that nothing goes twice and an hour
without a worker loses nothing; of several weeks without one, the last is sent.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app, url_for
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Forbidden, HelpdeskError, NotFound
from helpdesk.core.journal import record
from helpdesk.core.settings import settings
from helpdesk.mail import outbound
from helpdesk.reports.access import Reader
from helpdesk.reports.dimensions import FILTERS
from helpdesk.reports.events import (
    ReportMailed,
    ReportMailStopped,
    ReportSubscribed,
    ReportUnsubscribed,
)
from helpdesk.reports.models import Rhythm, Subscription
from helpdesk.reports.pages import PAGES
from helpdesk.reports.paper import Report, Sentence
from helpdesk.reports.periods import PeriodKind
from helpdesk.reports.question import Question
from helpdesk.reports.selection import selection_from

HOUR = 7
"""When reports go out, on Mondays and on the first of a month, where the reader is."""
MOST = 20
"""Subscriptions of one person."""
PERIODS = {Rhythm.WEEKLY: PeriodKind.WEEK, Rhythm.MONTHLY: PeriodKind.MONTH}


def subscribe(page: str, rhythm: Rhythm, asked: MultiDict[str, str], by: Account) -> Subscription:
    """Have a report mailed to oneself. Asking twice is asking once.

    Raises NotFound for a page that is not there, Forbidden for figures that are not the asker's to
    see, Invalid for a filter that is none, and Conflict beyond `MOST`.
    """
    subscription = Subscription(
        account_id=by.id,
        page=page,
        rhythm=rhythm,
        asked={name: asked.getlist(name) for name in (*FILTERS, "q") if asked.get(name)},
        next_at=next_after(now(), rhythm, zone_of(by)),
        made_at=now(),
    )
    chosen = question_of(subscription, by).selection
    # As the filters were understood, so that the same wish is the same however it was written.
    narrowed = {
        name: value for name, value in chosen.parts().items() if name not in chosen.period.parts()
    }
    subscription.asked = narrowed
    mine = select(Subscription).where(
        Subscription.account_id == by.id, Subscription.next_at.is_not(None)
    )
    for other in session.scalars(mine.with_for_update()):
        if (other.page, other.rhythm, other.asked) == (page, rhythm, narrowed):
            return other
    every = select(func.count()).select_from(Subscription).where(Subscription.account_id == by.id)
    if session.scalars(every).one() >= MOST:
        raise Conflict(f"You have {MOST} reports mailed already: stop one first.")
    session.add(subscription)
    session.flush()
    record(ReportSubscribed(subscription.id, by.id, page, rhythm.value), by=by)
    return subscription


def unsubscribe(subscription_id: int, by: Account) -> None:
    """Have it mailed no longer. Raises NotFound for one that is not one's own."""
    subscription = session.get(Subscription, subscription_id)
    if subscription is None or subscription.account_id != by.id:
        raise NotFound("There is no such report in your mail.")
    session.delete(subscription)
    record(ReportUnsubscribed(subscription.id, by.id, subscription.page), by=by)


def subscriptions_of(account: Account) -> list[Subscription]:
    """What somebody has mailed, the newest first."""
    own = select(Subscription).where(Subscription.account_id == account.id)
    return list(session.scalars(own.order_by(Subscription.id.desc())))


def due(at: datetime, limit: int = 100) -> list[int]:
    """What is to be sent by then, what waited longest first."""
    ids = select(Subscription.id).where(Subscription.next_at <= at)
    return list(session.scalars(ids.order_by(Subscription.next_at).limit(limit)))


def send(subscription_id: int) -> None:
    """Write its mail down, where it is due still; or stop it, with the reason."""
    subscription = session.get(Subscription, subscription_id, with_for_update=True)
    if subscription is None or subscription.next_at is None or subscription.next_at > now():
        return
    account = subscription.account
    try:
        if not (account.is_active and account.is_staff):
            raise Forbidden("This account no longer reads reports.")
        question = question_of(subscription, account)
        report = PAGES[subscription.page].build(question)
    except HelpdeskError as why:
        subscription.next_at, subscription.stopped_because = None, why.message[:500]
        record(ReportMailStopped(subscription.id, account.id, why.message[:200]))
        return
    email = outbound.write(
        kind="report",
        to=account.email,
        to_name=account.name,
        subject=f"{report.title}: {question.selection.period.title}",
        template="reports/mail/report",
        context=_context(report, question, subscription),
        automatic=True,
    )
    subscription.last_at = now()
    subscription.next_at = next_after(now(), subscription.rhythm, zone_of(account))
    record(ReportMailed(subscription.id, account.id, email.id))


def put_off(subscription_id: int) -> None:
    """Try one that broke again in an hour."""
    subscription = session.get(Subscription, subscription_id, with_for_update=True)
    if subscription is not None and subscription.next_at is not None:
        subscription.next_at = max(now(), subscription.next_at) + timedelta(hours=1)


def question_of(subscription: Subscription, account: Account) -> Question:
    """What it asks now. Raises NotFound, Forbidden and Invalid in words."""
    page = PAGES.get(subscription.page)
    if page is None:
        raise NotFound("There is no such report.")
    reader = Reader(account)
    if page.company_wide and not reader.is_manager:
        raise Forbidden("These figures are for managers.")
    asked: MultiDict[str, str] = MultiDict(subscription.asked)
    selection = selection_from(asked, FILTERS, PERIODS[subscription.rhythm])
    reader.check(selection)
    selection.wanted.check(account)
    return Question(reader, selection)


def next_after(moment: datetime, rhythm: Rhythm, zone: ZoneInfo) -> datetime:
    """The next Monday, or first of a month, at seven there; always later than `moment`."""
    day = moment.astimezone(zone).date()
    while True:
        if _is_day(day, rhythm):
            found = datetime.combine(day, time(HOUR), zone).astimezone(moment.tzinfo)
            if found > moment:
                return found
        day += timedelta(days=1)


def _is_day(day: date, rhythm: Rhythm) -> bool:
    return day.weekday() == 0 if rhythm is Rhythm.WEEKLY else day.day == 1


def zone_of(account: Account) -> ZoneInfo:
    """Where somebody is; where the company is, if that is not known."""
    try:
        return ZoneInfo(account.time_zone or settings().time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(settings().time_zone)


def _context(report: Report, question: Question, subscription: Subscription) -> dict[str, object]:
    """What the templates of the mail hold; links lead to the same days for ever."""
    address = "reports.overview" if subscription.page == "overview" else "reports.page"
    name = {} if subscription.page == "overview" else {"name": subscription.page}
    lasting = question.selection.lasting.parts()
    return {
        "report": report,
        "period": question.selection.period,
        "chart": next((panel.chart for panel in report.panels if panel.chart), None),
        "tables": [panel.table for panel in report.panels[:3] if panel.table],
        "url": _absolute(url_for(address, **name, **lasting)),  # type: ignore[arg-type]  # lists too
        "stop_url": _absolute(url_for("reports.mailed")),
        "absolute": _absolute,
        "said": _said,
        "rhythm": "week" if subscription.rhythm is Rhythm.WEEKLY else "month",
    }


def _absolute(path: str) -> str:
    """An address of ours as it stands in a mail."""
    base = current_app.extensions["helpdesk.config"].public_url
    return f"{base.rstrip('/')}{path}" if path.startswith("/") else path


def _said(sentence: Sentence) -> str:
    return "".join(words.text for words in sentence)
