"""Figures on the pages are those that plain Python works out from all rows."""

import statistics
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from helpdesk.core.db import transaction
from helpdesk.reports.access import Reader
from helpdesk.reports.pages import PAGES
from helpdesk.reports.paper import Figure, Report, Table
from helpdesk.reports.periods import Span, months_of
from helpdesk.reports.question import Question
from tests.reports.history import NOW, ZONE, History, selection
from tests.reports.slowly import Slowly

CHOSEN = selection(75, 3)


@pytest.fixture
def question(app: Flask, history: History) -> Iterator[Question]:
    """A manager asks about ten weeks."""
    with app.test_request_context(), transaction(write=False):
        yield Question(Reader(history.people.nora), CHOSEN)


def slowly(question: Question, span: Span = CHOSEN.period) -> Slowly:
    return Slowly(question.reader.account, span)


def tile(report: Report, label: str) -> Figure:
    return next(tile.figure for tile in report.tiles if tile.label == label)


def table(report: Report, title: str) -> Table:
    tables = [panel.table for panel in report.panels if panel.table]
    return next(each for each in tables if each.title == title)


def values(report: Report, title: str) -> dict[str, list[object]]:
    """The cells of a table by the name of their line."""
    return {line.name: [f.value for f in line.figures] for line in table(report, title).lines}


def percent_satisfied(scores: list[int]) -> float:
    return round(100 * sum(score >= 4 for score in scores) / len(scores), 2)


def test_satisfaction_is_the_share_of_four_and_five(question: Question) -> None:
    scores = [answer.score for answer in slowly(question).csat()]
    report = PAGES["satisfaction"].build(question)
    assert tile(report, "CSAT").value == percent_satisfied(scores)
    lines = values(report, "Answers")
    assert [lines[str(n)][0] for n in range(1, 6)] == [scores.count(n) for n in range(1, 6)]


def test_teams_keep_the_answers_of_the_moment_of_asking(question: Question) -> None:
    billing = question.reader.names.teams
    team = next(number for number, name in billing.items() if name == "Billing")
    scores = [answer.score for answer in slowly(question).csat() if answer.team_id == team]
    line = values(PAGES["satisfaction"].build(question), "By team")["Billing"]
    assert line[:2] == [len(scores), percent_satisfied(scores)]


def test_nps_is_promoters_minus_detractors(question: Question) -> None:
    scores = [answer.score for answer in slowly(question).nps()]
    net = sum((score >= 9) - (score <= 6) for score in scores)
    assert tile(PAGES["nps"].build(question), "NPS").value == round(100 * net / len(scores), 2)


def test_the_response_rate_is_of_those_asked_in_the_period(question: Question) -> None:
    asked, answered = list(slowly(question).asked()), list(slowly(question).answered())
    rate = tile(PAGES["response"].build(question), "Response rate")
    assert rate.value == round(100 * len(answered) / len(asked), 2)


def test_times_are_medians_and_p90_of_calendar_time(question: Question) -> None:
    slow = slowly(question)
    waits = [
        int(ticket.first_replied_at.timestamp()) - int(ticket.created_at.timestamp())
        for ticket in slow.first_replied()
        if ticket.first_replied_at
    ]
    works = [
        int(turn.at.timestamp()) - int(slow.tickets[turn.subject_id].created_at.timestamp())
        for turn in slow.resolved()
    ]
    report = PAGES["speed"].build(question)
    for label, seconds in (("First reply", waits), ("Resolution", works)):
        p90 = statistics.quantiles(seconds, n=10, method="inclusive")[-1]
        assert tile(report, f"{label}, median").value == round(statistics.median(seconds))
        assert tile(report, f"{label}, p90").value == round(p90)


def test_backlog_is_what_was_filed_and_not_resolved_by_then(question: Question) -> None:
    report = PAGES["volume"].build(question)
    for line, span in zip(table(report, "Over time").lines, reversed(question.trend), strict=True):
        slow = slowly(question, span)
        expected = [len(slow.rows(name)) for name in ("filed", "resolved", "reopened", "open")]
        assert [figure.value for figure in line.figures] == expected


def test_the_share_of_unhappy_messages_is_of_those_scored(question: Question) -> None:
    labels = [message.sentiment_label for message in slowly(question).messages()]
    scored = sum(label in {"positive", "neutral", "negative"} for label in labels)
    expected = round(100 * labels.count("negative") / scored, 2)
    assert tile(PAGES["sentiment"].build(question), "Unhappy").value == expected


def test_agents_are_drawn_towards_the_team(question: Question) -> None:
    answers = [answer for answer in slowly(question).csat() if answer.agent_id]
    mean = sum(answer.score >= 4 for answer in answers) / len(answers)
    lines = values(PAGES["agents"].build(question), "Agents")
    for number, name in question.reader.names.everybody.items():
        own = [answer.score >= 4 for answer in answers if answer.agent_id == number]
        if own:
            shrunk = (sum(own) + 20 * mean) / (len(own) + 20)
            assert lines[name][:3] == [
                len(own),
                round(100 * sum(own) / len(own), 2),
                round(100 * shrunk, 2),
            ]


def test_flags_and_what_they_are_worth(question: Question) -> None:
    slow = slowly(question)
    standing = list(slow.flags_open())
    firms = {flag.customer.organization for flag in standing} - {None}
    worth = sum((firm.contract_value or Decimal(0) for firm in firms if firm), Decimal(0))
    report = PAGES["churn"].build(question)
    assert tile(report, "May leave").value == len(standing)
    lines = values(report, "How flags ended")
    closed = [flag.state.value for flag in slow.flags_closed()]
    states = ("saved", "lost", "false_alarm", "cleared")
    assert [line[0] for line in lines.values()] == [closed.count(state) for state in states]
    (stake,) = (w for line in report.tiles[0].lines for w in line if "a year" in w.text)
    assert stake.text == f"{worth:,.0f}\N{NO-BREAK SPACE}EUR a year at risk"
    assert stake.href == question.link("flags_open")  # the list that it sums


def test_retention_is_those_of_the_start_who_are_there_at_the_end(question: Question) -> None:
    months = months_of(CHOSEN.period, 12)
    lines = table(PAGES["retention"].build(question), "Retention by month").lines
    for line, month in zip(lines, reversed(months), strict=False):
        slow = slowly(question, month)
        fates = [slow.fate(customer) for customer in slow.customers()]
        stayed, left, new = (fates.count(fate) for fate in ("stayed", "left", "new"))
        numbers = [figure.value for figure in line.figures[:4]]
        assert numbers == [stayed + left, left, new, stayed + new]
        share = round(100 * stayed / (stayed + left), 2) if stayed + left else None
        assert line.figures[4].value == share


def test_a_cohort_is_everybody_who_began_in_its_month(question: Question) -> None:
    lines = values(
        PAGES["retention"].build(question), "Share still here, by the month in which they began"
    )
    month = Span(date(2025, 12, 1), date(2025, 12, 31), ZONE)
    slow = slowly(question, month)
    began = list(slow.customers_started())
    gone = [c for c in began if c.lost_on and c.lost_on < date(2026, 2, 1)]
    line = lines["Dec 2025"]
    assert line[0] == len(began)
    assert line[2] == round(100 * (len(began) - len(gone)) / len(began), 2)


def test_filters_narrow_every_part_of_a_page(question: Question) -> None:
    narrowed = Question(question.reader, CHOSEN.narrow(tag="login"))
    slow = slowly(question)
    tagged = {t.id for t in slow.tickets.values() if "login" in [tag.name for tag in t.tags]}
    scores = [answer.score for answer in slow.csat() if answer.ticket_id in tagged]
    report = PAGES["overview"].build(narrowed)
    assert tile(report, "CSAT").value == percent_satisfied(scores)
    assert tile(report, "NPS").value == tile(PAGES["overview"].build(question), "NPS").value


def test_the_period_before_is_as_long(question: Question) -> None:
    before = CHOSEN.period.before
    assert before.last == CHOSEN.period.first - timedelta(days=1)
    assert before.days == CHOSEN.period.days
    scores = [answer.score for answer in slowly(question, before).csat()]
    lines = values(PAGES["satisfaction"].build(question), "Answers")
    assert lines["All"][2] == len(scores)
    assert NOW.date() > before.last
