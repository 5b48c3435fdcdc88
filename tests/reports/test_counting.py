"""Numbers, lists and plain Python agree on every measure."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.customers.models import Customer
from helpdesk.reports.access import Reader
from helpdesk.reports.counting import durations, rows, tally, worked
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.periods import Span, months_of, trend
from helpdesk.reports.queries import stays
from helpdesk.reports.retention import cohorts, fates
from helpdesk.surveys.models import Response
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.models import Ticket
from tests.reports.history import History, period, selection
from tests.reports.slowly import Slowly


@pytest.mark.parametrize("who", ["nora", "ada"])
def test_every_number_is_its_list_and_what_plain_python_counts(history: History, who: str) -> None:
    chosen = selection(60, 5)
    with transaction(write=False):
        reader = Reader(getattr(history.people, who))
        slowly = Slowly(reader.account, chosen.period)
        for measure in MEASURES.values():
            number = tally(reader, measure, chosen, [chosen.period])[0,]
            listed = session.execute(rows(reader, measure, chosen, measure.subject.root.id))
            expected = sorted(row.id for row in slowly.rows(measure.name))
            assert sorted(listed.scalars()) == expected, measure.name
            assert number == len(expected) > 0, measure.name


def test_weeks_are_counted_at_once_as_they_are_one_by_one(history: History) -> None:
    chosen = selection()
    with transaction(write=False):
        reader = Reader(history.people.nora)
        weeks = trend(chosen.period)
        for measure in MEASURES.values():
            at_once = tally(reader, measure, chosen, weeks)
            singly = [tally(reader, measure, chosen, [week])[0,] for week in weeks]
            assert [at_once[n,] for n in range(len(weeks))] == singly, measure.name


def test_a_split_is_the_number_of_its_narrowed_list(history: History) -> None:
    chosen = selection(90)
    with transaction(write=False):
        reader = Reader(history.people.nora)
        for measure in MEASURES.values():
            for name in [*measure.columns, *measure.changing]:
                split = tally(reader, measure, chosen, [chosen.period], name)
                for (_, value), number in split.items():
                    narrowed = chosen.narrow(**{name: value})
                    found = session.execute(
                        rows(reader, measure, narrowed, measure.subject.root.id)
                    )
                    assert len(found.all()) == number, (measure.name, name, value)


def test_tags_are_counted_and_listed_alike(history: History) -> None:
    chosen = selection()
    with transaction(write=False):
        reader, filed = Reader(history.people.nora), MEASURES["filed"]
        expected = Counter(
            tag.name
            for ticket in Slowly(reader.account, chosen.period).filed()
            for tag in ticket.tags
        )
        split = tally(reader, filed, chosen, [chosen.period], "tag")
        assert {tag: number for (_, tag), number in split.items()} == dict(expected)
        listed = session.execute(rows(reader, filed, chosen.narrow(tag="login"), Ticket.id)).all()
        assert len(listed) == expected["login"] > 0


def test_durations_are_whole_seconds_of_calendar_time(history: History) -> None:
    chosen = selection()
    with transaction(write=False):
        reader = Reader(history.people.nora)
        slowly = Slowly(reader.account, chosen.period)
        expected = sorted(
            int(ticket.first_replied_at.timestamp()) - int(ticket.created_at.timestamp())
            for ticket in slowly.first_replied()
            if ticket.first_replied_at
        )
        found = durations(reader, MEASURES["first_replied"], chosen, [chosen.period])
        assert found == {(0,): expected}


def test_business_time_leaves_out_when_nobody_works(history: History) -> None:
    chosen = selection(200)
    with transaction(write=False):
        reader = Reader(history.people.ada)
        by_id = select(BusinessHours).order_by(BusinessHours.id)
        usual, elsewhere = (each.hours for each in session.scalars(by_id))
        expected = []
        for ticket in Slowly(reader.account, chosen.period).first_replied():
            began, ended = ticket.created_at, ticket.first_replied_at
            assert ended is not None
            began, ended = began.replace(microsecond=0), ended.replace(microsecond=0)
            hours = usual if ticket.sla_policy_id is None else elsewhere
            expected.append(hours.between(began, ended).total_seconds())
        found = worked(reader, MEASURES["first_replied"], chosen, [chosen.period])
        assert found == {(0,): sorted(expected)}


def test_an_agent_counts_own_work_and_that_of_own_teams(history: History) -> None:
    chosen, mika = selection(200), history.people.mika
    with transaction(write=False):
        reader = Reader(history.people.mika)
        mine = {team.id for team in history.people.mika.teams}
        slowly = Slowly(reader.account, chosen.period)
        for measure in ("filed", "resolved", "messages"):
            tickets = [
                slowly.tickets[
                    getattr(row, "ticket_id", None) or getattr(row, "subject_id", row.id)
                ]
                for row in slowly.rows(measure)
            ]
            expected = [t for t in tickets if t.team_id in mine or t.assignee_id == mika.id]
            number = tally(reader, MEASURES[measure], chosen, [chosen.period])[0,]
            assert number == len(expected) > 0
        answers = [a for a in slowly.csat() if a.team_id in mine or a.agent_id == mika.id]
        listed = session.execute(rows(reader, MEASURES["csat"], chosen, Response.id)).all()
        assert len(listed) == len(answers) > 0


def test_a_period_without_anything_counts_nothing(history: History) -> None:
    chosen = selection().during(period(900, 890))
    with transaction(write=False):
        reader = Reader(history.people.nora)
        for name in MEASURES.keys() - {"customers", "customers_started"}:
            assert not tally(reader, MEASURES[name], chosen, [chosen.period])


@pytest.mark.parametrize("days", [30, 400])
def test_stays_tell_what_the_customers_do_one_by_one(history: History, days: int) -> None:
    with transaction():
        # Left before the first day on the record: here in no month.
        odd = session.scalars(select(Customer).where(Customer.lost_on.is_not(None))).first()
        assert odd is not None
        assert odd.lost_on is not None
        odd.customer_since = odd.lost_on + timedelta(days=70)
    chosen = selection(days)
    months = months_of(chosen.period, 12)
    until = min(chosen.period.last, chosen.period.today)
    with transaction(write=False):
        reader = Reader(history.people.ada)
        everybody = stays(reader, chosen, months, until)
        one_by_one = tally(reader, MEASURES["customers"], chosen, months, "fate")
        assert fates(everybody, [month.first for month in months]) == one_by_one
        begun = {stay: n for stay, n in everybody.items() if stay.started >= months[0].first}
        sizes = {group.month: group.size for group in cohorts(begun, until)}
        spans = [Span(month.first, min(month.last, until), month.zone) for month in months]
        started = tally(reader, MEASURES["customers_started"], chosen, spans)
        assert sizes == {months[place].first: number for (place,), number in started.items()}
