"""How much comes in and goes out, and what is left."""

from __future__ import annotations

from collections import Counter

from helpdesk.reports.axis import COUNT
from helpdesk.reports.charts import Chart, Series, line_chart
from helpdesk.reports.comparison import count_move
from helpdesk.reports.counting import Key
from helpdesk.reports.pages.scores import move_figure
from helpdesk.reports.paper import (
    Line,
    Panel,
    Report,
    Sentence,
    Table,
    Tile,
    Words,
    count,
    sentence,
)
from helpdesk.reports.periods import name_of
from helpdesk.reports.question import BEFORE, NOW, TREND, Question, named, values_of

Counts = dict[str, Counter[Key]]
FLOWS = ("filed", "resolved", "reopened", "open")


def volume(question: Question) -> Report:
    """Filed, resolved, reopened and open: in the period, over time, by channel, team and tag."""
    counts: Counts = {
        "filed": question.count("filed", "team", "channel", over_time=True),
        "resolved": question.count("resolved", "team", "channel", over_time=True),
        "reopened": question.count("reopened", "team", "channel", over_time=True),
        "open": question.count("open", "team", "channel", over_time=True),
    }
    tags = question.count("filed", "tag")
    return Report(
        "Volume",
        (_words(question, counts),),
        (
            flow_tile(question, "Filed", "filed", counts["filed"]),
            flow_tile(question, "Resolved", "resolved", counts["resolved"], 1),
            flow_tile(question, "Reopened", "reopened", counts["reopened"], -1),
            Tile(
                "Open at the end",
                count(sum_of(counts["open"], NOW), question.link("open")),
                (
                    sentence(
                        Words(f"{sum_of(counts['open'], BEFORE):,}", question.link_before("open")),
                        " at the end of the period before",
                    ),
                ),
            ),
        ),
        (
            Panel("Filed and resolved", _flows(question, counts)),
            Panel("Backlog", _backlog(question, counts["open"])),
            Panel("Over time", table=_over_time(question, counts), wide=True),
            Panel("By team", table=_split(question, counts, "team", 1)),
            Panel("By channel", table=_split(question, counts, "channel", 2)),
            Panel("By tag", table=_tags(question, tags), wide=True),
        ),
        (
            "A ticket that is resolved twice counts twice as a resolution. Team and channel are "
            "those the ticket has now.",
        ),
    )


def sum_of(counts: Counter[Key], slot: int) -> int:
    """Everything in a span, whatever it is split by."""
    return sum(number for key, number in counts.items() if key[0] == slot)


def flow_tile(
    question: Question, label: str, measure: str, counts: Counter[Key], good: int = 0
) -> Tile:
    """How many, and whether that is more or fewer than before."""
    before, now = sum_of(counts, BEFORE), sum_of(counts, NOW)
    return Tile(
        label,
        count(now, question.link(measure)),
        (
            count_move(before, now, question.days, good),
            sentence(
                Words(f"{before:,}", question.link_before(measure) if before else None), " before"
            ),
        ),
    )


def _words(question: Question, counts: Counts) -> Sentence:
    filed, resolved = sum_of(counts["filed"], NOW), sum_of(counts["resolved"], NOW)
    left = sum_of(counts["open"], NOW)
    if not filed and not resolved:
        return sentence("Nothing was filed and nothing resolved in this period.")
    return sentence(
        Words(f"{filed:,} filed", question.link("filed")),
        ", ",
        Words(f"{resolved:,} resolved", question.link("resolved")),
        "; ",
        Words(f"{left:,} open", question.link("open")),
        f" at the end, {left - sum_of(counts['open'], BEFORE):+,} against the end of the period "
        "before.".replace("-", "−"),
    )


def _by_slot(question: Question, counts: Counter[Key]) -> list[int]:
    return [sum_of(counts, TREND + place) for place in range(len(question.trend))]


def _flows(question: Question, counts: Counts) -> Chart:
    filed, resolved = (_by_slot(question, counts[name]) for name in ("filed", "resolved"))
    return line_chart(
        f"Filed and resolved by {question.by}",
        "How many tickets were filed, and resolved. The last one appears when it is over.",
        question.slots("filed", filed),
        [Series("Filed", _over(question, filed)), Series("Resolved", _over(question, resolved))],
        annotations=question.marks,
        unit=COUNT,
    )


def _over(question: Question, numbers: list[int]) -> list[float | None]:
    """Numbers without the last, while its week is not over: a line that falls to what came in
    since Monday looks like the end of all work. On the first day there is nothing else."""
    unfinished = question.trend[-1].last >= question.selection.period.today
    if unfinished and any(numbers[:-1]):
        return [*numbers[:-1], None]
    return list(numbers)


def _backlog(question: Question, counts: Counter[Key]) -> Chart:
    standing = _by_slot(question, counts)
    return line_chart(
        f"Open tickets at the end of each {question.by}",
        "Filed by then and not resolved by then.",
        question.slots("open", standing),
        [Series("Open", standing)],
        annotations=question.marks,
        unit=COUNT,
    )


def _over_time(question: Question, counts: Counts) -> Table:
    numbers = {name: _by_slot(question, counts[name]) for name in FLOWS}
    lines = [
        Line(
            name_of(span, question.selection.period.today),
            tuple(count(numbers[name][place], question.link_in(span, name)) for name in FLOWS),
        )
        for place, span in reversed(list(enumerate(question.trend)))
    ]
    step = question.by.capitalize()
    header = (step, "Filed", "Resolved", "Reopened", "Open at its end")
    return Table("Over time", header, tuple(lines))


def _split(question: Question, counts: Counts, dimension: str, place: int) -> Table:
    name = question.reader.names.team if dimension == "team" else str
    keys = [key[place] for flow in FLOWS for key in counts[flow] if key[0] in (BEFORE, NOW)]
    lines = []
    for value, words in named(dict.fromkeys(keys), name):
        before, now = (_one(counts["filed"], slot, place, value) for slot in (BEFORE, NOW))
        figures = [
            count(_one(counts[flow], NOW, place, value), question.link(flow, **{dimension: value}))
            for flow in FLOWS
        ]
        old = count(before, question.link_before("filed", **{dimension: value}))
        move = move_figure(count_move(before, now, question.days))
        lines.append(Line(words, (figures[0], old, move, *figures[1:])))
    header = (
        dimension.capitalize(),
        "Filed",
        "Before",
        "Change",
        "Resolved",
        "Reopened",
        "Open",
    )
    return Table(f"By {dimension}", header, tuple(lines))


def _one(counts: Counter[Key], slot: int, place: int, value: object) -> int:
    return sum(n for key, n in counts.items() if key[0] == slot and key[place] == value)


def _tags(question: Question, tags: Counter[Key]) -> Table:
    lines = []
    for tag, words in named(values_of(tags, 1), str):
        before, now = tags[BEFORE, tag], tags[NOW, tag]
        lines.append(
            Line(
                words,
                (
                    count(now, question.link("filed", tag=tag)),
                    count(before, question.link_before("filed", tag=tag)),
                    move_figure(count_move(before, now, question.days)),
                ),
            )
        )
    return Table(
        "By tag",
        ("Tag", "Filed", "Before", "Change"),
        tuple(lines),
        note="A ticket with two tags counts for both.",
        empty="No ticket of this period has a tag.",
    )
