"""Customers who may leave: flags raised, and what became of them."""

from __future__ import annotations

from collections import Counter

from helpdesk.churn.backtest.results import basis
from helpdesk.churn.models import FlagState
from helpdesk.reports.axis import COUNT
from helpdesk.reports.charts import Chart, Series, Slot, line_chart
from helpdesk.reports.comparison import count_move
from helpdesk.reports.counting import Key
from helpdesk.reports.pages.scores import move_figure
from helpdesk.reports.pages.volume import flow_tile, sum_of
from helpdesk.reports.paper import (
    Line,
    Panel,
    Report,
    Table,
    Tile,
    Words,
    amount,
    count,
    plain,
    sentence,
)
from helpdesk.reports.queries import AtRisk, at_risk, flags_by_value
from helpdesk.reports.question import BEFORE, NOW, TREND, Question, address_of
from helpdesk.ui.times import day
from helpdesk.ui.words import NOTHING, worth

LONGEST_LIST = 25
OUTCOMES = {
    FlagState.SAVED: ("Saved", 1),
    FlagState.LOST: ("Lost", -1),
    FlagState.FALSE_ALARM: ("False alarms", 0),
    FlagState.CLEARED: ("Cleared by themselves", 0),
}


def churn(question: Question) -> Report:
    """Who may leave, what that is worth, and how flags ended."""
    counts = question.counts("flags_raised", "flags_open", over_time=True)
    raised, standing = counts["flags_raised"], counts["flags_open"]
    closed = question.count("flags_closed", "state", over_time=True)
    stake = at_risk(question.reader, question.selection)
    slots = range(TREND, TREND + len(question.trend))
    return Report(
        "Churn",
        (
            sentence(
                f"{basis()}. Flags are about customers, so filters by team or tag do not apply."
            ),
        ),
        (
            leave_tile(question, standing, raised, closed, stake),
            flow_tile(question, "Flags raised", "flags_raised", raised, -1),
            *(_outcome(question, closed, state) for state in (FlagState.SAVED, FlagState.LOST)),
        ),
        (
            Panel(
                "Over time",
                line_chart(
                    f"Customers who may leave, at the end of each {question.by}",
                    "Flags that stood then, and flags raised meanwhile.",
                    question.slots("flags_open", [standing[slot,] for slot in slots]),
                    [
                        Series("May leave", [standing[slot,] for slot in slots]),
                        Series("Raised", [raised[slot,] for slot in slots]),
                    ],
                    unit=COUNT,
                ),
            ),
            Panel("Saved and lost", _endings(question, closed)),
            Panel("How flags ended", table=_outcomes(question, closed), wide=True),
            Panel("Who may leave", table=_list(question, standing[NOW,]), wide=True),
        ),
        ("What contracts are worth a year; customers of one organization count it once.",),
    )


def leave_tile(
    question: Question,
    standing: Counter[Key],
    raised: Counter[Key],
    closed: Counter[Key],
    stake: AtRisk,
) -> Tile:
    """How many may leave, what happened in the period, and what is at stake."""
    parts = [(raised[NOW,], "new", question.link("flags_raised"))]
    for state, words in ((FlagState.SAVED, "saved"), (FlagState.LOST, "lost")):
        link = question.link("flags_closed", state=state.value)
        parts.append((closed[NOW, state], words, link))
    happened = [
        Words(f"{number:,} {words}", link if number else None) for number, words, link in parts
    ]
    return Tile(
        "May leave",
        count(standing[NOW,], question.link("flags_open")),
        (
            sentence(happened[0], " · ", happened[1], " · ", happened[2]),
            sentence(_stake(stake, question.link("flags_open"))),
        ),
    )


def _stake(stake: AtRisk, link: str) -> Words:
    if stake.organizations:
        return Words(f"{worth(stake.value)} a year at risk", link)
    return Words("no contract known" if stake.customers else "nothing at risk")


def _outcome(question: Question, closed: Counter[Key], state: FlagState) -> Tile:
    label, good = OUTCOMES[state]
    before, now = closed[BEFORE, state], closed[NOW, state]
    return Tile(
        label,
        count(now, question.link("flags_closed", state=state.value)),
        (count_move(before, now, question.days, good), sentence(f"{before:,} before")),
    )


def _endings(question: Question, closed: Counter[Key]) -> Chart:
    saved, lost = (
        [closed[TREND + place, state] for place in range(len(question.trend))]
        for state in (FlagState.SAVED, FlagState.LOST)
    )
    ended = [one + other for one, other in zip(saved, lost, strict=True)]
    slots = [
        Slot(
            slot.label,
            number,
            question.link_in(span, "flags_closed", state=("saved", "lost")) if number else None,
        )
        for slot, span, number in zip(
            question.slots("flags_closed", ended), question.trend, ended, strict=True
        )
    ]
    return line_chart(
        f"Customers saved and lost by {question.by}",
        "Flags that ended with the customer staying, and with the customer leaving.",
        slots,
        [Series("Saved", saved), Series("Lost", lost)],
        annotations=question.marks,
        unit=COUNT,
    )


def _outcomes(question: Question, closed: Counter[Key]) -> Table:
    every = sum_of(closed, NOW)
    lines = []
    for state, (label, good) in OUTCOMES.items():
        before, now = closed[BEFORE, state], closed[NOW, state]
        link = question.link("flags_closed", state=state.value)
        old = question.link_before("flags_closed", state=state.value)
        move = move_figure(count_move(before, now, question.days, good))
        lines.append(Line(label, (count(now, link), count(before, old), move)))
    return Table(
        "How flags ended",
        ("Outcome", "Flags", "Before", "Change"),
        tuple(lines),
        note=f"{every:,} flags were closed in this period."
        if every
        else "No flag was closed in this period.",
    )


def _list(question: Question, standing: int) -> Table:
    lines = [
        Line(
            flag.customer,
            (
                plain(flag.organization or NOTHING),
                amount(flag.contract_value),
                plain(day(flag.renews_on) or NOTHING),
                plain(NOTHING if flag.health is None else str(flag.health)),
                plain(flag.state.value.replace("_", " ")),
                plain(day(flag.raised_at)),
            ),
            address_of("churn.flag", flag_id=flag.id),
        )
        for flag in flags_by_value(question.reader, question.selection, LONGEST_LIST)
    ]
    more = standing - len(lines)
    return Table(
        "Who may leave",
        ("Customer", "Organization", "Worth a year", "Renews", "Health now", "State", "Raised"),
        tuple(lines),
        note=f"{more:,} more behind the number above." if more > 0 else "",
        empty="Nobody was about to leave at the end of this period.",
        has_words=True,
    )
