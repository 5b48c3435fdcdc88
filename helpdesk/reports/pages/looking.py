"""The three things to look at: what got worse beyond chance, by how many people it concerns.

Every change is put as a share of people: of answers that are unhappy, of messages that are, of
first replies that took longer than the median before, of promises that were broken; and of all
tickets of both periods, those that came in this one. A change counts when it is worse and real,
with at most one in twenty such findings false (Benjamini and Hochberg 1995). What is left of it
at the better end of its range, times the people concerned, is how many people it concerns beyond
chance: the three largest are shown.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from helpdesk.reports.comparison import counts_differ
from helpdesk.reports.counting import Key, quantile, total
from helpdesk.reports.dimensions import Value
from helpdesk.reports.pages.speed import Times, pooled
from helpdesk.reports.paper import Line, Panel, Table, count
from helpdesk.reports.question import BEFORE, NOW, Question, named, values_of
from helpdesk.surveys.changes import discoveries, two_sided
from helpdesk.surveys.scoring import Z, wilson
from helpdesk.ui.times import duration
from helpdesk.ui.words import percent

SHOWN = 3
FEWEST = 5
"""Of fewer people nothing is said."""
UNHAPPY = (1, 2, 3)
_SCORED = ("positive", "neutral", "negative")


@dataclass(frozen=True)
class Change:
    """Something that may have become worse: in words, of how many people, and where its tickets
    are. `concerned` are people beyond chance."""

    words: str
    people: int
    p_value: float
    concerned: float
    number: int
    href: str
    kind: str = ""
    is_whole: bool = False
    """About all of us: said only where no topic or team of that kind is."""


@dataclass(frozen=True)
class Found:
    """What the overview counted, to look for changes in."""

    scores: Counter[Key]
    """Answers by (score, tag)."""
    filed: Counter[Key]
    """By tag."""
    tones: Counter[Key]
    """Messages by (label, tag)."""
    replies: Times
    """By team."""
    kept: Counter[Key]
    """Promises by (kept, team)."""
    all_scores: Counter[Key]
    """Answers by score, whatever the tag."""
    all_filed: Counter[Key]


def worse(before: tuple[int, int], now: tuple[int, int]) -> tuple[float, float]:
    """By how much a share of people grew at the least (the lower end of Newcombe's range, as a
    fraction; not above zero where it may not have grown), and the p value of the change.

    Both are (people, of how many).
    """
    one, two = wilson(*before), wilson(*now)
    if one is None or two is None:
        return 0.0, 1.0
    old, new = before[0] / before[1], now[0] / now[1]
    pooled_share = (before[0] + now[0]) / (before[1] + now[1])
    error = math.sqrt(pooled_share * (1 - pooled_share) * (1 / before[1] + 1 / now[1]))
    p_value = two_sided((new - old) / error) if error else 1.0
    return new - old - math.hypot(new - two.low, one.high - old), p_value


def more(before: int, now: int, days: tuple[int, int]) -> tuple[float, float]:
    """How many more came in at the least than as many days before would have brought, and the p
    value (Przyborowski and Wilenski 1940, as `comparison.counts_differ`)."""
    both, part = before + now, days[1] / sum(days)
    if not counts_differ(before, now, days):
        return 0.0, 1.0
    error = math.sqrt(both * part * (1 - part))
    return now - both * part - Z * error, two_sided((now - both * part) / error)


def to_look_at(question: Question, found: Found) -> Panel:
    """The panel with at most three things, each with its tickets."""
    shown = the_largest(list(_changes(question, found)))
    lines = [
        Line(f"{place}. {change.words}", (count(change.number, change.href),))
        for place, change in enumerate(shown, start=1)
    ]
    return Panel(
        "Three things to look at",
        table=Table(
            "Three things to look at",
            ("What got worse", "Behind it"),
            tuple(lines),
            note="What got worse beyond chance, by how many people it concerns." if lines else "",
            empty="Nothing got worse beyond chance: no topic, no team, no promise.",
        ),
        wide=True,
    )


def the_largest(changes: Sequence[Change]) -> list[Change]:
    """Those that are real, the one that concerns most people first."""
    asked = [change for change in changes if change.people >= FEWEST]
    real = discoveries([change.p_value for change in asked])
    kept = [change for change, is_real in zip(asked, real, strict=True) if is_real]
    kept = [change for change in kept if change.concerned > 0]
    named = {change.kind for change in kept if not change.is_whole}
    kept = [change for change in kept if not (change.is_whole and change.kind in named)]
    return sorted(kept, key=lambda change: (-change.concerned, change.words))[:SHOWN]


def _changes(question: Question, found: Found) -> Iterator[Change]:
    kinds = {
        "answers": _unhappy(question, found.scores),
        "tickets": _filed(question, found.filed),
        "messages": _tones(question, found.tones),
        "waits": _waits(question, found.replies),
        "promises": _broken(question, found.kept),
    }
    for kind, changes in kinds.items():
        yield from (replace(change, kind=kind) for change in changes)
    yield from _of_all(question, found)


def _of_all(question: Question, found: Found) -> Iterator[Change]:
    """The same of everything, whatever its topic."""
    scores = found.all_scores
    before, now = (
        (sum(total(scores, slot, score) for score in UNHAPPY), total(scores, slot))
        for slot in (BEFORE, NOW)
    )
    whole = _share("More unhappy answers", before, now, question.link("csat", score=UNHAPPY))
    yield replace(whole, kind="answers", is_whole=True)
    earlier, later = found.all_filed[BEFORE,], found.all_filed[NOW,]
    least, p_value = more(earlier, later, question.days)
    told = f"More tickets: {later:,}, {earlier:,} before."
    link = question.link("filed")
    yield Change(told, later, p_value, least, later, link, "tickets", is_whole=True)


def _share(words: str, before: tuple[int, int], now: tuple[int, int], href: str) -> Change:
    least, p_value = worse(before, now)
    old = percent(before[0] / before[1]) if before[1] else "none"
    new = percent(now[0] / now[1]) if now[1] else "none"
    told = f"{words}: {new} of {now[1]:,}, {old} before."
    return Change(told, now[1], p_value, least * now[1], now[0], href)


def _unhappy(question: Question, scores: Counter[Key]) -> Iterator[Change]:
    for tag, name in named(values_of(scores, 2), str):
        before, now = (
            (
                sum(total(scores, slot, score, tag) for score in UNHAPPY),
                total(scores, slot, ..., tag),
            )
            for slot in (BEFORE, NOW)
        )
        link = question.link("csat", score=UNHAPPY, tag=tag)
        yield _share(f"More unhappy answers about {name}", before, now, link)


def _filed(question: Question, filed: Counter[Key]) -> Iterator[Change]:
    for tag, name in named(values_of(filed, 1), str):
        before, now = filed[BEFORE, tag], filed[NOW, tag]
        least, p_value = more(before, now, question.days)
        told = f"More tickets about {name}: {now:,}, {before:,} before."
        yield Change(told, now, p_value, least, now, question.link("filed", tag=tag))


def _tones(question: Question, tones: Counter[Key]) -> Iterator[Change]:
    for tag, name in named(values_of(tones, 2), str):
        before, now = (
            (
                total(tones, slot, "negative", tag),
                sum(total(tones, slot, label, tag) for label in _SCORED),
            )
            for slot in (BEFORE, NOW)
        )
        link = question.link("messages", label="negative", tag=tag)
        yield _share(f"More messages about {name} sound unhappy", before, now, link)


def _waits(question: Question, replies: Times) -> Iterator[Change]:
    for team, name in named(dict.fromkeys(key[1] for key in replies), question.reader.names.team):
        before, now = (pooled(replies, slot, 1, team) for slot in (BEFORE, NOW))
        usual, middle = quantile(before, 0.5), quantile(now, 0.5)
        if usual is None or middle is None:
            continue
        old, new = ((times.longer_than(usual), len(times)) for times in (before, now))
        least, p_value = worse(old, new)
        told = (
            f"Longer waits for the first reply, {name}: median {duration(middle)}, "
            f"{duration(usual)} before."
        )
        narrow: dict[str, Value] = {"team": team}
        link = question.link("first_replied", **narrow)
        yield Change(told, len(now), p_value, least * len(now), len(now), link)


def _broken(question: Question, kept: Counter[Key]) -> Iterator[Change]:
    for team, name in named(values_of(kept, 2), question.reader.names.team):
        before, now = (
            (total(kept, slot, "broken", team), total(kept, slot, ..., team))
            for slot in (BEFORE, NOW)
        )
        link = question.link("promises", kept="broken", team=team)
        yield _share(f"More broken promises, {name}", before, now, link)
