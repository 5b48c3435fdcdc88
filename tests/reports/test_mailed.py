"""Reports by mail: once, at seven, with what the reader may see at that moment."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from helpdesk.accounts.models import Account, Role
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Forbidden, Invalid, NotFound
from helpdesk.core.journal import JournalEntry
from helpdesk.mail.models import OutboundEmail
from helpdesk.reports import mailing
from helpdesk.reports.jobs import mail_reports
from helpdesk.reports.models import Rhythm, Subscription
from tests.cast import Cast
from tests.conftest import Clock
from tests.reports.history import History
from tests.visitor import Visitor

NOTHING = MultiDict[str, str]()


def subscribe(who: Account, page: str = "overview", asked: MultiDict[str, str] = NOTHING) -> int:
    with transaction():
        reader = session.merge(who)
        return mailing.subscribe(page, Rhythm.WEEKLY, asked, by=reader).id


def mails() -> list[OutboundEmail]:
    with transaction(write=False):
        found = select(OutboundEmail).where(OutboundEmail.kind == "report")
        return list(session.scalars(found.order_by(OutboundEmail.id)))


def test_a_report_goes_on_monday_at_seven_and_once(history: History, clock: Clock) -> None:
    subscribe(history.people.nora)
    mail_reports()
    assert mails() == []
    clock.move(days=7)
    mail_reports()
    mail_reports()
    (mail,) = mails()
    assert mail.to_address == history.people.nora.email
    assert "Overview: Week" in mail.subject
    assert "<svg" in mail.html
    assert "Satisfaction" in mail.text
    assert "http://localhost/reports?" in mail.text
    assert 'href="/' not in mail.html
    clock.move(days=7)
    mail_reports()
    assert len(mails()) == 2


def test_weeks_without_a_worker_are_one_mail(history: History, clock: Clock) -> None:
    subscribe(history.people.nora, "volume")
    clock.move(days=40)
    mail_reports()
    mail_reports()
    assert len(mails()) == 1


def test_what_may_no_longer_be_seen_is_not_sent(history: History, clock: Clock) -> None:
    number = subscribe(history.people.nora, "churn")
    with transaction():
        session.get_one(Account, history.people.nora.id).role = Role.AGENT
    clock.move(days=8)
    mail_reports()
    assert mails() == []
    with transaction(write=False):
        kept = session.get_one(Subscription, number)
        assert kept.next_at is None
        assert kept.stopped_because
        told = select(func.count()).where(JournalEntry.event == "ReportMailStopped")
        assert session.scalar(told) == 1


def test_whoever_left_gets_none(history: History, clock: Clock) -> None:
    subscribe(history.people.nora)
    with transaction():
        session.get_one(Account, history.people.nora.id).disabled_at = now()
    clock.move(days=8)
    mail_reports()
    assert mails() == []


def test_an_agent_gets_only_own_figures(history: History, clock: Clock) -> None:
    subscribe(history.people.mika, "agents")
    clock.move(days=8)
    mail_reports()
    (mail,) = mails()
    assert history.people.ben.name not in mail.text + mail.html


def test_asking_twice_is_asking_once(people: Cast) -> None:
    first, second = subscribe(people.nora), subscribe(people.nora)
    assert first == second
    assert subscribe(people.nora, asked=MultiDict({"q": "is:open"})) != first


@pytest.mark.parametrize(
    ("page", "q", "error"),
    [("nps", "", Forbidden), ("nothing", "", NotFound), ("volume", "status:", Invalid)],
)
def test_what_cannot_be_is_refused(people: Cast, page: str, q: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        subscribe(people.mika, page, MultiDict({"q": q}))


def test_one_stops_only_ones_own(people: Cast, client: Visitor) -> None:
    number = subscribe(people.nora)
    client.sign_in(people.mika)
    assert client.post(f"/reports/mailed/{number}/removal").status_code == 404
    client.sign_in(people.nora)
    assert "Overview" in client.get("/reports/mailed").text
    assert client.post(f"/reports/mailed/{number}/removal").status_code == 303
    with transaction(write=False):
        assert session.get(Subscription, number) is None


def test_the_page_takes_a_wish_and_refuses_nonsense(people: Cast, client: Visitor) -> None:
    client.sign_in(people.nora)
    good = {"page": "volume", "rhythm": "monthly", "q": "is:open"}
    assert client.post("/reports/mailed", data=good).status_code == 303
    for wrong in ({"q": "status:"}, {"page": "nowhere"}, {"rhythm": "hourly"}, {"q": "\0"}):
        answer = client.post("/reports/mailed", data=good | wrong)
        assert answer.status_code in {303, 422}
        assert "\0" not in answer.text


seconds = st.integers(1_600_000_000, 2_000_000_000)
moments = seconds.map(lambda number: datetime.fromtimestamp(number, UTC))
zones = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia"])


@given(moments, st.sampled_from(Rhythm), zones)
def test_the_next_time_is_later_and_at_seven(moment: datetime, rhythm: Rhythm, zone: str) -> None:
    found = mailing.next_after(moment, rhythm, ZoneInfo(zone))
    there = found.astimezone(ZoneInfo(zone))
    assert found > moment
    assert (found - moment).days <= 31
    assert there.hour == 7
    assert there.weekday() == 0 if rhythm is Rhythm.WEEKLY else there.day == 1
