"""How customers sound: the tone of their messages, as scored."""

from __future__ import annotations

from collections import Counter

from helpdesk.reports.axis import PERCENT
from helpdesk.reports.charts import Band, Chart, Series, Slot, line_chart
from helpdesk.reports.counting import Key
from helpdesk.reports.dimensions import LABELS, Value
from helpdesk.reports.paper import (
    BLANK,
    Line,
    Panel,
    Report,
    Table,
    Tile,
    Words,
    count,
    plain,
    sentence,
    share,
)
from helpdesk.reports.periods import label_of, name_of
from helpdesk.reports.question import BEFORE, NOW, TREND, Question, named, values_of
from helpdesk.surveys.scoring import Interval, wilson

HEADINGS = ("Happy", "Neutral", "Unhappy", "Not scored", "Not yet")
_SCORED = ("positive", "neutral", "negative")
_EVERY = (*LABELS, None)


def sentiment(question: Question) -> Report:
    """How many messages sound unhappy: now and before, over time, by team and by tag."""
    counts = question.count("messages", "label", "team", over_time=True)
    tags = question.count("messages", "label", "tag")
    return Report(
        "Sentiment",
        (
            sentence(
                "Each message of a customer is scored by its own words. Shares are of what could "
                "be scored: a text that is too short or in another language is not neutral."
            ),
        ),
        (
            _tile(question, counts, "negative", "Unhappy"),
            _tile(question, counts, "positive", "Happy"),
            _unscored(question, counts),
        ),
        (
            Panel("Over time", _chart(question, counts)),
            Panel("By team", table=_split(question, counts, "team")),
            Panel("Labels", table=_labels(question, counts), wide=True),
            Panel("By tag", table=_split(question, tags, "tag"), wide=True),
        ),
        ("The analyser can be wrong; open the messages before you conclude from a small n.",),
    )


def _number(counts: Counter[Key], slot: int, label: Value, value: object = ...) -> int:
    return sum(
        number
        for key, number in counts.items()
        if key[:2] == (slot, label) and (value is ... or key[2] == value)
    )


def _scored(counts: Counter[Key], slot: int, value: object = ...) -> int:
    return sum(_number(counts, slot, label, value) for label in _SCORED)


def _tile(question: Question, counts: Counter[Key], label: str, words: str) -> Tile:
    part, n = _number(counts, NOW, label), _scored(counts, NOW)
    found, before = wilson(part, n), _scored(counts, BEFORE)
    if found is None:
        return Tile(words, BLANK, (sentence("no message was scored"),))
    old = _number(counts, BEFORE, label)
    return Tile(
        words,
        share(part / n, question.link("messages", label=label)),
        (
            sentence(
                f"{_span(found)} · ",
                Words(f"{part:,}", question.link("messages", label=label)),
                " of ",
                Words(f"{n:,} scored", question.link("messages", label=_SCORED)),
            ),
            sentence(f"{PERCENT.show(100 * old / before)} before" if before else "none before"),
        ),
    )


def _unscored(question: Question, counts: Counter[Key]) -> Tile:
    number, waiting = (_number(counts, NOW, label) for label in ("not_scored", None))
    return Tile(
        "Not scored",
        count(number, question.link("messages", label="not_scored")),
        (
            sentence(
                Words(f"{waiting:,}", question.link("messages", label=None) if waiting else None),
                " more wait to be scored",
            ),
        ),
    )


def _chart(question: Question, counts: Counter[Key]) -> Chart:
    slots = range(TREND, TREND + len(question.trend))
    parts = [(_number(counts, slot, "negative"), _scored(counts, slot)) for slot in slots]
    found = [wilson(part, n) for part, n in parts]
    labels = [
        (n, question.link_in(span, "messages", label=_SCORED) if n else None)
        for span, (_, n) in zip(question.trend, parts, strict=True)
    ]
    return line_chart(
        f"Unhappy messages by {question.by}, with their range",
        "The share of unhappy messages among those that were scored, in per cent.",
        [
            Slot(label_of(span), n, link)
            for span, (n, link) in zip(question.trend, labels, strict=True)
        ],
        [Series("Unhappy", [100 * part / n if n else None for part, n in parts])],
        Band(
            [100 * each.low if each else None for each in found],
            [100 * each.high if each else None for each in found],
        ),
        question.marks,
        unit=PERCENT,
    )


def _labels(question: Question, counts: Counter[Key]) -> Table:
    lines = []
    for place, span in reversed(list(enumerate(question.trend))):
        figures = [
            count(
                _number(counts, TREND + place, label),
                question.link_in(span, "messages", label=label),
            )
            for label in _EVERY
        ]
        name = name_of(span, question.selection.period.today)
        lines.append(Line(name, tuple(figures)))
    return Table("Labels over time", (question.by.capitalize(), *HEADINGS), tuple(lines))


def _split(question: Question, counts: Counter[Key], dimension: str) -> Table:
    name = question.reader.names.team if dimension == "team" else str
    lines = []
    for value, words in named(values_of(counts, 2), name):
        n, before = _scored(counts, NOW, value), _scored(counts, BEFORE, value)
        part, old = (_number(counts, slot, "negative", value) for slot in (NOW, BEFORE))
        if not n and not before:
            continue
        found = wilson(part, n)
        narrow: dict[str, Value] = {dimension: value}
        lines.append(
            Line(
                words,
                (
                    count(n, question.link("messages", **narrow, label=_SCORED)),
                    count(part, question.link("messages", **narrow, label="negative")),
                    share(part / n if n else None),
                    plain(_span(found)) if found else BLANK,
                    share(old / before if before else None),
                ),
            )
        )
    header = (dimension.capitalize(), "Scored", "Unhappy", "Share", "Range", "Before")
    return Table(f"By {dimension}", header, tuple(lines))


def _span(found: Interval) -> str:
    return PERCENT.span(100 * found.low, 100 * found.high)
