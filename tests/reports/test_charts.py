"""Charts are drawn from values alone: safe, readable without colour, with a table beside."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from helpdesk.reports.charts import (
    PERCENT,
    POINTS,
    Annotation,
    Band,
    Bar,
    Chart,
    Series,
    Slot,
    bar_chart,
    line_chart,
    row_chart,
    sparkline,
)

NASTY = """<script>alert(1)</script>"'&\u202e"""
gappy = st.lists(st.none() | st.floats(allow_nan=True, allow_infinity=True), max_size=70)
modest = st.lists(st.none() | st.floats(-1e6, 1e6), max_size=40)


def test_a_line_says_its_values_ranges_and_counts() -> None:
    chart = _weeks([88.0, 78.0], n=[140, 148])
    assert [mark.spoken for mark in chart.marks] == [
        "W1: 88\u00a0%, 83–93\u00a0%, n 140",
        "W2: 78\u00a0%, 73–83\u00a0%, n 148",
    ]


def test_the_table_beside_it_holds_the_same() -> None:
    table = _weeks([88.0, None], n=[140, 0]).table
    assert table.header == ("Period", "CSAT", "Range", "n")
    assert [(row.name, row.cells) for row in table.rows] == [
        ("W1", ("88\u00a0%", "83–93\u00a0%", "140")),
        ("W2", ("–", "–", "0")),
    ]


def test_a_higher_value_stands_higher_and_a_later_one_further_right() -> None:
    first, second = _weeks([78.0, 88.0]).marks
    assert second.y < first.y
    assert second.x > first.x


def test_a_missing_value_breaks_the_line_and_its_band() -> None:
    chart = _weeks([80.0, 81.0, None, 82.0, 83.0])
    assert chart.lines[0].count("M") == 2
    assert len(chart.bands) == 2
    assert len(chart.marks) == 4


def test_a_value_between_gaps_is_a_dot_with_a_whisker() -> None:
    chart = _weeks([None, 80.0, None])
    (mark,) = chart.marks
    assert chart.lines == ("",)
    assert mark.dot
    assert mark.whisker is not None
    assert mark.whisker[1] < mark.y < mark.whisker[0]


def test_only_the_last_value_of_a_line_has_a_dot() -> None:
    assert [mark.dot for mark in _weeks([80.0, 81.0, 82.0]).marks] == [False, False, True]


def test_two_lines_are_told_apart_by_names_and_dashes() -> None:
    chart = line_chart(
        "Volume", "", [Slot("W1"), Slot("W2")], [Series("filed", [4, 5]), Series("solved", [3, 6])]
    )
    html = str(escape(chart))
    assert [key.text for key in chart.legend] == ["filed", "solved"]
    assert html.count('class="chart-line chart-line-2"') == 2
    assert chart.marks[0].spoken == "W1, filed: 4"


def test_a_third_line_is_refused() -> None:
    with pytest.raises(ValueError, match="one line or two"):
        line_chart("", "", [Slot("W1")], [Series("x", [1])] * 3)


def test_lists_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="each slot"):
        line_chart("", "", [Slot("W1")], [Series("x", [1, 2])])
    with pytest.raises(ValueError, match="no slot 1"):
        line_chart("", "", [Slot("W1")], [Series("x", [1])], annotations=[Annotation(1, "x")])


@pytest.mark.parametrize("href", ["javascript:alert(1)", "//evil.example", "https://x", "/\\x"])
def test_a_link_that_leaves_the_site_is_refused(href: str) -> None:
    with pytest.raises(ValueError, match="not a link within"):
        line_chart("", "", [Slot("W1", href=href)], [Series("x", [1])])
    with pytest.raises(ValueError, match="not a link within"):
        bar_chart("", "", [Bar("x", 1, href=href)])


def test_a_value_opens_what_is_behind_it() -> None:
    chart = bar_chart("Volume", "", [Bar("W1", 3, href="/desk/tickets?week=1&team=2")])
    assert str(escape(chart)).count('href="/desk/tickets?week=1&amp;team=2"') == 2


def test_an_annotation_keeps_clear_of_the_edge_it_is_near() -> None:
    slots = [Slot(f"W{week}") for week in range(9)]
    notes = [Annotation(0, "launch"), Annotation(8, "incident")]
    chart = line_chart("", "", slots, [Series("x", range(9))], annotations=notes)
    assert [note.anchor for note in chart.notes] == ["start", "end"]
    assert chart.notes[0].y != chart.notes[1].y


def test_bars_stand_on_zero_and_fall_below_it() -> None:
    up, down = bar_chart("", "", [Bar("Jan", 10), Bar("Feb", -20)], POINTS).marks
    assert up.box is not None
    assert down.box is not None
    assert up.box.y + up.box.height == pytest.approx(down.box.y)
    assert down.box.height == pytest.approx(2 * up.box.height)


def test_a_bar_shows_its_range_as_a_whisker() -> None:
    chart = bar_chart("", "", [Bar("Jan", 50, 40, 60, n=9)], PERCENT)
    (mark,) = chart.marks
    assert mark.whisker is not None
    assert mark.whisker[0] > mark.y > mark.whisker[1]
    assert mark.spoken == "Jan: 50\u00a0%, 40–60\u00a0%, n 9"


def test_lying_bars_keep_every_name_and_their_proportion() -> None:
    chart = row_chart("", "", [Bar("over budget", 40), Bar("bounced", 10), Bar("spam", None)])
    widths = [mark.box.width for mark in chart.marks if mark.box]
    assert [tick.text for tick in chart.grid] == ["over budget", "bounced", "spam"]
    assert widths == pytest.approx([widths[0], widths[0] / 4, 0])
    assert chart.marks[2].spoken == "spam: no value"


def test_lying_bars_refuse_what_is_below_zero() -> None:
    with pytest.raises(ValueError, match="from zero up"):
        row_chart("", "", [Bar("x", -1)])


def test_a_sparkline_tells_where_it_began_and_ended() -> None:
    chart = sparkline("Health", [80, None, 60])
    assert chart.description == "from 80 to 60"
    assert sparkline("Health", []).description == "no values"


@pytest.mark.parametrize(
    "chart",
    [
        line_chart("t", "d", [], [Series("x", [])]),
        line_chart("t", "d", [Slot("W1")], [Series("x", [None])]),
        bar_chart("t", "d", []),
        bar_chart("t", "d", [Bar("x", None)]),
        row_chart("t", "d", []),
    ],
)
def test_without_data_a_chart_says_so(chart: Chart) -> None:
    assert "Nothing to show for this period" in str(escape(chart))


def test_what_people_wrote_is_never_markup() -> None:
    slots, bars = [Slot(NASTY)], [Bar(NASTY, 1)]
    for chart in (
        line_chart(
            NASTY, NASTY, slots, [Series(NASTY, [1])] * 2, annotations=[Annotation(0, NASTY)]
        ),
        bar_chart(NASTY, NASTY, bars, axis=NASTY),
        row_chart(NASTY, NASTY, bars, axis=NASTY),
        sparkline(NASTY, [1]),
    ):
        assert "<script" not in str(escape(chart))
        _parsed(chart)


def test_nothing_is_styled_or_scripted_in_place() -> None:
    html = "".join(str(escape(chart)) for chart in _all_kinds())
    assert not re.search(r"\s(style|fill|stroke|on\w+)=", html)
    assert "<style" not in html


def test_every_chart_has_a_name_and_a_description_for_screen_readers() -> None:
    for chart in _all_kinds():
        root = _parsed(chart)
        ids = {element.get("id"): element.text for element in root.iter() if element.get("id")}
        (picture,) = [
            e for e in root.iter() if f"{chart.key}-desc" in (e.get("aria-labelledby") or "")
        ]
        assert picture.get("role") == "img"
        assert ids[f"{chart.key}-title"] == chart.title
        assert ids[f"{chart.key}-desc"] == chart.description


def test_nothing_inside_a_picture_takes_the_keyboard() -> None:
    for chart in _all_kinds():
        for picture in (e for e in _parsed(chart).iter() if e.get("role") == "img"):
            inner = [e for e in picture.iter() if e is not picture]
            assert not any(e.get("tabindex") or e.get("href") for e in inner)


def test_every_value_is_reached_with_the_keyboard_and_named() -> None:
    points = [e for e in _parsed(_weeks([80.0, 81.0])).iter() if e.get("class") == "chart-point"]
    assert [point.get("tabindex") for point in points] == ["0", "0"]
    assert all(point.get("aria-label") == point.findtext("title") for point in points)


def test_a_year_of_days_is_left_to_the_table() -> None:
    chart = _weeks([float(day % 100) for day in range(365)])
    html = str(escape(chart))
    assert "tabindex" not in html
    assert html.count("<tr>") == 366


@given(gappy)
def test_no_value_can_break_a_drawing(values: list[float | None]) -> None:
    slots = [Slot(str(place)) for place in range(len(values))]
    bars = [Bar(str(place), value) for place, value in enumerate(values)]
    for chart in (
        line_chart("t", "d", slots, [Series("x", values)], Band(values, values)),
        bar_chart("t", "d", bars, POINTS),
        sparkline("t", values),
    ):
        html = str(escape(chart))
        assert "nan" not in html
        assert "inf" not in html


@given(modest)
def test_every_mark_lies_within_the_drawing(values: list[float | None]) -> None:
    slots = [Slot(str(place)) for place in range(len(values))]
    bars = [Bar(str(place), value) for place, value in enumerate(values)]
    for chart in (
        line_chart("t", "d", slots, [Series("x", values)]),
        bar_chart("t", "d", bars, POINTS),
    ):
        assert len(chart.marks) == sum(value is not None for value in values)
        for mark in chart.marks:
            assert chart.left - 0.01 <= mark.x <= chart.right + 0.01
            assert 0 <= mark.y <= chart.bottom + 0.01
            assert math.isfinite(mark.text_y)


def _weeks(values: list[float | None] | list[float], n: list[int] | None = None) -> Chart:
    slots = [Slot(f"W{i + 1}", n[i] if n else None) for i in range(len(values))]
    lows = [None if value is None else value - 5 for value in values]
    highs = [None if value is None else value + 5 for value in values]
    return line_chart(
        "Satisfaction", "By week", slots, [Series("CSAT", values)], Band(lows, highs), unit=PERCENT
    )


def _all_kinds() -> list[Chart]:
    return [
        _weeks([80.0, None, 82.0]),
        bar_chart("Volume", "By week", [Bar("W1", 3, 2, 4, n=3, href="/desk")]),
        row_chart("Why not asked", "By reason", [Bar("bounced", 3)]),
        sparkline("Health", [1, 2]),
    ]


def _parsed(chart: Chart) -> ET.Element:
    return ET.fromstring(f"<div>{escape(chart)}</div>")
