"""Which promises were kept, and what may have led to the breaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.reports.axis import PERCENT
from helpdesk.reports.charts import Band, Chart, Series, line_chart
from helpdesk.reports.counting import Key, total
from helpdesk.reports.dimensions import Value
from helpdesk.reports.pages.volume import flow_tile
from helpdesk.reports.paper import (
    BLANK,
    Line,
    Panel,
    Report,
    Sentence,
    Table,
    Tile,
    Words,
    count,
    plain,
    sentence,
    share,
)
from helpdesk.reports.question import BEFORE, NOW, TREND, Question, named, values_of
from helpdesk.surveys.scoring import wilson
from helpdesk.tickets.policies import SlaPolicy

TARGETS = {
    "first_response": "first response",
    "next_response": "next response",
    "update": "update",
    "resolution": "resolution",
    "total_resolution": "total resolution",
}
CAUSES = {
    "nobody_had_it": "Nobody had the ticket",
    "came_back": "It had been resolved and came back",
    "handed_on": "It was handed on, three times or more",
    "in_work": "Somebody had it and did not get to it",
}


def promises(question: Question) -> Report:
    """The share of promises kept, over time, by policy and target, by team, and why not."""
    kept = question.count("promises", "kept", "policy", "target", over_time=True)
    teams = question.count("promises", "kept", "team")
    why = question.count("breaches", "why", "team")
    names = {row.id: row.name for row in session.execute(select(SlaPolicy.id, SlaPolicy.name))}
    return Report(
        "SLA",
        (_words(question, kept, why),),
        (_tile(question, kept), flow_tile(question, "Broken", "breaches", why, -1)),
        (
            Panel("Over time", _chart(question, kept)),
            Panel("Why promises were broken", table=_causes(question, why)),
            Panel("By policy and promise", table=_policies(question, kept, names), wide=True),
            Panel("By team", table=_teams(question, teams, why), wide=True),
        ),
        (
            "Counted are promises that ended in the period, each start of a clock once; one that "
            "was kept late is broken. Causes are what the journal knows of the time before: the "
            "first that holds. They are where to look, not a proof.",
        ),
        empty="" if kept else "No promise came to an end in this time.",
    )


def _pair(counts: Counter[Key], slot: int, *more: Value) -> tuple[int, int]:
    """How many were kept, of how many."""
    good = total(counts, slot, "kept", *more)
    return good, good + total(counts, slot, "broken", *more)


def _words(question: Question, kept: Counter[Key], why: Counter[Key]) -> Sentence:
    good, n = _pair(kept, NOW)
    if not n:
        return sentence("No promise came to an end in this period.")
    words = sentence(
        "We kept ",
        Words(PERCENT.show(100 * good / n), strong=True),
        " of ",
        Words(f"{n:,} promises", question.link("promises")),
        ".",
    )
    number, cause = max((total(why, NOW, cause), cause) for cause in CAUSES)
    if not number:
        return words
    link = question.link("breaches", why=cause)
    told = CAUSES[cause][0].lower() + CAUSES[cause][1:]
    return (
        *words,
        Words(" The most frequent cause of a breach: "),
        Words(f"{told}, {number:,} times", link),
        Words("."),
    )


def _tile(question: Question, kept: Counter[Key]) -> Tile:
    (good, n), (old, before) = _pair(kept, NOW), _pair(kept, BEFORE)
    found = wilson(good, n)
    if found is None:
        return Tile("Kept", BLANK, (sentence("no promise ended"),))
    return Tile(
        "Kept",
        share(good / n, question.link("promises")),
        (
            sentence(
                f"{PERCENT.span(100 * found.low, 100 * found.high)} · ",
                Words(f"{good:,}", question.link("promises", kept="kept") if good else None),
                " of ",
                Words(f"{n:,}", question.link("promises")),
            ),
            sentence(f"{PERCENT.show(100 * old / before)} before" if before else "none before"),
        ),
    )


def _chart(question: Question, kept: Counter[Key]) -> Chart:
    pairs = [_pair(kept, TREND + place) for place in range(len(question.trend))]
    ranges = [wilson(*pair) for pair in pairs]
    return line_chart(
        f"Promises kept by {question.by}, with their range",
        "The share of promises that were kept, of those that ended, in per cent.",
        question.slots("promises", [n for _, n in pairs]),
        [Series("Kept", [100 * good / n if n else None for good, n in pairs])],
        Band(
            [100 * each.low if each else None for each in ranges],
            [100 * each.high if each else None for each in ranges],
        ),
        question.marks,
        unit=PERCENT,
    )


def _causes(question: Question, why: Counter[Key]) -> Table:
    every = total(why, NOW)
    lines = []
    for cause, name in CAUSES.items():
        number, before = (total(why, slot, cause) for slot in (NOW, BEFORE))
        link, old = (ask("breaches", why=cause) for ask in (question.link, question.link_before))
        figures = (
            count(number, link),
            share(number / every if every else None),
            count(before, old),
        )
        lines.append(Line(name, figures))
    return Table("Why promises were broken", ("Cause", "Times", "Share", "Before"), tuple(lines))


def _policies(question: Question, kept: Counter[Key], names: dict[int, str]) -> Table:
    lines = []
    found = {key[2:] for key in kept if key[0] in (BEFORE, NOW)}
    for policy, target in sorted(found, key=lambda pair: (str(names.get(pair[0])), str(pair[1]))):
        name = f"{names.get(policy, 'a former policy')}, {TARGETS.get(target, target)}"
        pair, before = (_pair(kept, slot, policy, target) for slot in (NOW, BEFORE))
        narrow: dict[str, Value] = {"policy": policy, "target": target}
        lines.append(_line(question, name, pair, before, narrow))
    return Table("By policy and promise", _HEADER, tuple(lines))


def _teams(question: Question, teams: Counter[Key], why: Counter[Key]) -> Table:
    lines = []
    for team, name in named(values_of(teams, 2), question.reader.names.team):
        pair, before = (_pair(teams, slot, team) for slot in (NOW, BEFORE))
        line = _line(question, name, pair, before, {"team": team})
        causes = [
            count(total(why, NOW, cause, team), question.link("breaches", why=cause, team=team))
            for cause in CAUSES
        ]
        lines.append(Line(name, (*line.figures, *causes)))
    header = (*_HEADER, "Nobody had it", "Came back", "Handed on", "In work")
    return Table("By team", ("Team", *header[1:]), tuple(lines))


_HEADER = ("Policy", "Promises", "Kept", "Broken", "Share", "Range", "Before")


def _line(
    question: Question,
    name: str,
    pair: Sequence[int],
    before: Sequence[int],
    narrow: dict[str, Value],
) -> Line:
    good, n = pair
    found = wilson(good, n)
    return Line(
        name,
        (
            count(n, question.link("promises", **narrow)),
            count(good, question.link("promises", **narrow, kept="kept")),
            count(n - good, question.link("promises", **narrow, kept="broken")),
            share(good / n if n else None),
            plain(PERCENT.span(100 * found.low, 100 * found.high)) if found else BLANK,
            share(before[0] / before[1] if before[1] else None),
        ),
    )
