"""Agents are told what concerns them: once, as they prefer, and nothing that is not theirs."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import record
from helpdesk.mail.models import OutboundEmail
from helpdesk.notifications import actions
from helpdesk.notifications.models import Kind, Notification, QuietHours, Way
from helpdesk.notifications.quiet import Quiet
from helpdesk.tickets import actions as tickets
from helpdesk.tickets import conversation, merging
from helpdesk.tickets.events import SlaBreached
from helpdesk.tickets.mailing import add_watcher
from helpdesk.tickets.models import Priority, Ticket
from helpdesk.tickets.queries import locked
from helpdesk.tickets.watching import watch
from tests.cast import Cast
from tests.conftest import Clock
from tests.visitor import Visitor
from tests.work import Work

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")


def told(people: Cast, name: str) -> list[tuple[str, str]]:
    session.rollback()
    mine = select(Notification).where(Notification.account_id == people.ids[name])
    return [(n.kind.value, n.words) for n in session.scalars(mine.order_by(Notification.id))]


def wants(people: Cast, name: str, kind: Kind, way: Way, **hours: object) -> None:
    quiet = {"quiet_from": None, "quiet_until": None, "weekends": False, "daily_at": 480} | hours
    with transaction():
        actions.choose(getattr(people, name), {kind: way}, QuietHours(**quiet))


def mailed_to(name: str) -> list[str]:
    session.rollback()
    mails = select(OutboundEmail.subject).where(OutboundEmail.kind == "notification")
    to = OutboundEmail.to_address == f"{name}@acorn-payroll.example"
    return list(session.scalars(mails.where(to).order_by(OutboundEmail.id)))


def write(people: Cast, words: str = "Are you there?") -> None:
    with transaction():
        conversation.write(locked(people.ids["ticket"]), words, people.rosa)


def watched_by_ben(people: Cast, work: Work) -> None:
    work()
    with transaction():
        watch(locked(people.ids["ticket"]), people.ben, by=people.ben)
    work()


def test_who_is_given_a_ticket_is_told_and_who_takes_one_is_not(people: Cast, work: Work) -> None:
    work()
    with transaction():
        tickets.assign(locked(people.ids["ticket"]), people.ben, by=people.mika)
    work()
    assert [kind for kind, _ in told(people, "ben")] == ["assigned"]
    with transaction():
        tickets.assign(locked(people.ids["ticket"]), people.mika, by=people.mika)
    work()
    assert "assigned" not in [kind for kind, words in told(people, "mika") if "Ben" in words]


def test_one_cause_is_told_once(people: Cast, work: Work) -> None:
    write(people)
    work()
    work.tick()
    assert [kind for kind, _ in told(people, "mika")].count("replied") == 1


def test_no_words_of_a_customer_are_kept(people: Cast, work: Work) -> None:
    write(people, "My salary is 4,711.")
    work()
    assert all("4,711" not in words for _, words in told(people, "mika"))


def test_a_colleague_who_watches_hears_of_it(people: Cast, work: Work) -> None:
    work()
    with transaction():
        add_watcher(locked(people.ids["ticket"]), "ben@acorn-payroll.example")
    write(people)
    work()
    assert [kind for kind, _ in told(people, "ben")] == ["watched"]


def _answer_and_resolve(ticket: Ticket, people: Cast) -> None:
    conversation.reply(ticket, "Done.", by=people.mika, seen=ticket.version)
    tickets.resolve(ticket, by=people.mika)


WATCHED: dict[str, Callable[[Ticket, Cast], object]] = {
    "is with another team": lambda t, p: tickets.move_to_team(t, p.technical, by=p.mika),
    "has another priority": lambda t, p: tickets.set_priority(t, Priority.HIGH, by=p.mika),
    "has a new note": lambda t, p: conversation.add_note(t, "I know her.", by=p.mika),
    "took in another ticket": lambda t, p: merging.merge(
        conversation.file(p.rosa, "The same", "Again."), t, by=p.mika
    ),
    "goes on in another ticket": lambda t, p: merging.merge(
        t, conversation.file(p.rosa, "The same", "Again."), by=p.mika
    ),
    "was answered and is resolved": _answer_and_resolve,
}


@pytest.mark.parametrize("what", WATCHED)
def test_a_colleague_who_watches_is_told_once_what_happened(
    people: Cast, work: Work, what: str
) -> None:
    watched_by_ben(people, work)
    with transaction():
        WATCHED[what](locked(people.ids["ticket"]), people)
    work()
    work.tick()
    assert told(people, "ben") == [("watched", f"#1 {what}: Charged twice for October")]


def test_a_message_that_reopens_is_told_once(people: Cast, work: Work) -> None:
    with transaction():
        tickets.resolve(locked(people.ids["ticket"]), by=people.mika)
    watched_by_ben(people, work)
    write(people)
    work()
    ((_, words),) = told(people, "ben")
    assert words.startswith("#1 has a new message of the customer and is open again")


def test_whoever_is_called_by_name_hears_of_that_alone(people: Cast, work: Work) -> None:
    work()
    with transaction():
        conversation.add_note(locked(people.ids["ticket"]), "@Ben look here", by=people.mika)
    work()
    assert [kind for kind, _ in told(people, "ben")] == ["mentioned"]


def test_who_watches_hears_of_a_broken_promise(people: Cast, work: Work) -> None:
    watched_by_ben(people, work)
    with transaction():
        record(SlaBreached(people.ids["ticket"], 1, "first_response", now(), now()))
    work()
    assert told(people, "ben")[0][1].startswith("The first response of #1 is overdue")
    assert len(told(people, "ben")) == 1


def test_mail_goes_soon_and_not_when_it_was_read(clock: Clock, people: Cast, work: Work) -> None:
    wants(people, "mika", Kind.REPLIED, Way.AT_ONCE)
    write(people)
    work()
    with transaction():
        actions.read(people.mika)
    clock.move(minutes=2)
    work.tick()
    assert mailed_to("mika") == []
    write(people)
    work()
    clock.move(minutes=2)
    work.tick()
    work.tick()
    assert len(mailed_to("mika")) == 1


def test_quiet_hours_hold_it_and_one_mail_follows(clock: Clock, people: Cast, work: Work) -> None:
    wants(people, "mika", Kind.REPLIED, Way.AT_ONCE, quiet_from=8 * 60, quiet_until=10 * 60)
    for _ in range(3):
        write(people)
        work()
    clock.move(minutes=30)
    work.tick()
    assert mailed_to("mika") == []
    clock.move(minutes=40)
    work.tick()
    assert mailed_to("mika") == ["3 things that concern you"]


def test_what_somebody_may_not_see_any_more_is_not_mailed(
    clock: Clock, people: Cast, work: Work, client: Visitor
) -> None:
    wants(people, "ben", Kind.ASSIGNED, Way.AT_ONCE)
    with transaction():
        tickets.assign(locked(people.ids["ticket"]), people.ben, by=people.mika)
    work()
    with transaction():
        people.billing.restricted = True
    clock.move(minutes=2)
    work.tick()
    assert mailed_to("ben") == []
    assert "Charged twice" not in client.sign_in(people.ben).get("/notifications").text


def test_whoever_wants_nothing_is_told_nothing(people: Cast, work: Work) -> None:
    wants(people, "mika", Kind.REPLIED, Way.NEVER)
    write(people)
    work()
    assert "replied" not in [kind for kind, _ in told(people, "mika")]


def test_the_bell_counts_and_reading_leads_to_the_ticket(
    people: Cast, work: Work, client: Visitor
) -> None:
    work()
    with transaction():
        actions.read(people.mika)
    write(people)
    work()
    mika = client.sign_in(people.mika)
    number = session.scalars(select(Notification.id).where(Notification.kind == Kind.REPLIED)).one()
    counts = mika.get("/desk/live").json
    assert counts is not None
    assert counts["counts"]["/notifications"] == "1"
    answer = mika.post(f"/notifications/{number}/reading")
    assert answer.location == f"/desk/tickets/{people.ids['ticket']}"
    counts = mika.get("/desk/live").json
    assert counts is not None
    assert counts["counts"]["/notifications"] == "0"


def test_whoever_looks_at_a_ticket_has_read_what_is_about_it(
    people: Cast, work: Work, client: Visitor
) -> None:
    write(people)
    work()
    mika, number = client.sign_in(people.mika), people.ids["ticket"]

    def news() -> tuple[str, bool]:
        found = mika.get(f"/desk/live/tickets/{number}").json
        assert found is not None
        return found["counts"]["/notifications"], found["unread"]

    assert news()[1]
    assert mika.post("/notifications/reading", data={"ticket": "17"}).status_code == 204
    assert news()[1]
    assert mika.post("/notifications/reading", data={"ticket": number}).status_code == 204
    assert news() == ("0", False)


def test_preferences_are_kept_and_nonsense_is_refused(people: Cast, client: Visitor) -> None:
    mika = client.sign_in(people.mika)
    form = {kind.value: "daily" for kind in Kind} | {"daily_at": "07:30"}
    assert mika.post("/notifications/preferences", data=form).status_code == 303
    assert 'value="07:30"' in mika.get("/notifications/preferences").text
    for wrong in ({"sla": "loudly"}, {"quiet_from": "18:00"}, {"daily_at": "25:00"}):
        assert mika.post("/notifications/preferences", data=form | wrong).status_code == 422


def test_what_was_chosen_is_shown_again_with_what_is_wrong(people: Cast, client: Visitor) -> None:
    form = {kind.value: "never" for kind in Kind} | {"daily_at": "07:30", "quiet_from": "18:00"}
    page = client.sign_in(people.mika).post("/notifications/preferences", data=form).text
    assert "Quiet hours need a beginning and an end." in page
    assert page.count('value="never" selected') == len(Kind)
    assert 'value="18:00"' in page
    assert 'value="07:30"' in page


def test_a_zone_that_is_gone_keeps_nobody_from_being_told(
    people: Cast, work: Work, client: Visitor
) -> None:
    work()
    wants(people, "mika", Kind.REPLIED, Way.DAILY)
    with transaction():
        people.mika.time_zone = "Europe/Atlantis"
    write(people)
    work()
    assert "replied" in dict(told(people, "mika"))
    assert "By the clock of" in client.sign_in(people.mika).get("/notifications/preferences").text


@given(
    zone=st.sampled_from(ZONES),
    begin=st.integers(0, 1439),
    end=st.integers(0, 1439),
    weekends=st.booleans(),
    hours=st.integers(0, 2 * 366 * 24),
)
def test_quiet_ends_and_is_over_then(
    zone: str, begin: int, end: int, weekends: bool, hours: int
) -> None:
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    quiet = Quiet(ZoneInfo(zone), (_time(begin), _time(end)), weekends)
    until = quiet.ends(at)
    assert until >= at
    assert (until - at).days < 4
    assert quiet.ends(until) == until
    assert quiet.next_daily(at) > at


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
