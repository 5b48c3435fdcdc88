"""Weeks, months, quarters and years where the company is, and what they are compared with."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from helpdesk.core.errors import Invalid
from helpdesk.reports.periods import Period, label_of, months_of, name_of, period_from, trend

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 23)  # a Monday


def chosen(**address: str) -> Period:
    address = {name.rstrip("_"): value for name, value in address.items()}
    return period_from(address, TODAY, BERLIN)


def test_without_a_word_it_is_the_last_thirty_days_with_today() -> None:
    period = chosen()
    assert (period.first, period.last, period.days) == (date(2026, 10, 25), TODAY, 30)
    assert period.before.dates == "25 Sep – 24 Oct 2026"
    assert period.parts() == {"period": "30days"}


def test_a_week_without_a_day_is_the_last_that_is_over() -> None:
    period = chosen(period="week")
    assert (period.title, period.dates) == ("Week 47", "16–22 Nov 2026")
    assert period.note == "16–22 Nov 2026, against the week before"
    assert period.before.dates == "9–15 Nov 2026"


@pytest.mark.parametrize(
    ("kind", "on", "title", "dates", "before"),
    [
        ("month", "2026-02-10", "February 2026", "1–28 Feb 2026", "1–31 Jan 2026"),
        ("quarter", "2026-02-10", "Quarter 1, 2026", "1 Jan – 31 Mar 2026", "1 Oct – 31 Dec 2025"),
        ("year", "2025-02-10", "2025", "1 Jan – 31 Dec 2025", "1 Jan – 31 Dec 2024"),
    ],
)
def test_calendar_periods_are_compared_with_the_one_before(
    kind: str, on: str, title: str, dates: str, before: str
) -> None:
    period = chosen(period=kind, on=on)
    assert (period.title, period.dates, period.before.dates) == (title, dates, before)


def test_a_month_that_is_not_over_is_compared_with_as_many_days() -> None:
    period = chosen(period="month", on="2026-11-01")
    assert not period.is_over
    assert period.elapsed.days == 23
    assert period.before.dates == "1–23 Oct 2026"
    assert "the same days of the month before" in period.note


def test_a_long_month_so_far_never_reaches_into_the_next() -> None:
    march = period_from({"period": "month", "on": "2026-03-01"}, date(2026, 3, 31), BERLIN)
    assert march.before.dates == "1–28 Feb 2026"


def test_days_begin_at_midnight_where_the_company_is() -> None:
    day = chosen(period="custom", from_="2026-10-25", to="2026-10-25")
    assert day.start == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert day.end == datetime(2026, 10, 25, 23, tzinfo=UTC)  # a day of 25 hours


def test_an_address_leads_back_to_the_same_period() -> None:
    for kind in ("week", "month", "quarter", "year"):
        period = chosen(period=kind)
        assert chosen(**period.parts()) == period
    custom = chosen(period="custom", from_="2026-01-03", to="2026-02-01")
    assert period_from(custom.parts(), TODAY, BERLIN) == custom


def test_one_can_walk_back_and_forth_but_not_into_the_future() -> None:
    week = chosen(period="week")
    assert week.earlier is not None
    assert week.earlier.later == week
    assert week.later is not None
    assert week.later.later is None


def test_a_chart_shows_twelve_weeks_at_least_and_months_for_a_year() -> None:
    weeks = trend(chosen(period="week"))
    assert [label_of(week) for week in weeks][-2:] == ["W46", "W47"]
    assert len(weeks) == 12
    assert len(trend(chosen())) == 12
    assert len(trend(chosen(period="quarter"))) == 14
    assert [label_of(span) for span in trend(chosen(period="year", on="2026-01-01"))][
        -1
    ] == "Nov 2026"
    assert len(months_of(chosen(), 12)) == 12


def test_what_is_not_over_says_so() -> None:
    assert name_of(trend(chosen())[-1], TODAY) == "W48, 23–29 Nov 2026, so far"
    assert name_of(trend(chosen(period="week"))[-1], TODAY) == "W47, 16–22 Nov 2026"


@pytest.mark.parametrize(
    "address",
    [
        {"period": "eternity"},
        {"period": "custom", "from": "2026-01-01"},
        {"period": "custom", "from": "2026-01-02", "to": "2026-01-01"},
        {"period": "custom", "from": "1900-01-02", "to": "2026-01-01"},
        {"period": "custom", "from": "2001-01-02", "to": "2026-01-01"},
        {"period": "week", "on": "soon"},
    ],
)
def test_nonsense_is_refused_in_words(address: dict[str, str]) -> None:
    with pytest.raises(Invalid, match=r"\w+ \w+ \w+"):
        period_from(address, TODAY, BERLIN)
