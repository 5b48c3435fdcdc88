"""A manager's Monday on one page: what changed, whether it is real, and where to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from helpdesk.churn.models import FlagState
from helpdesk.reports.axis import PERCENT
from helpdesk.reports.comparison import counts_differ, medians_differ
from helpdesk.reports.counting import Key, quantile, total
from helpdesk.reports.pages.agents import agents_panel
from helpdesk.reports.pages.leaving import leave_tile
from helpdesk.reports.pages.looking import UNHAPPY, Found, to_look_at
from helpdesk.reports.pages.nps import words as nps_words
from helpdesk.reports.pages.scores import csat_over_time, csat_tile, nps_tile, spread
from helpdesk.reports.pages.speed import Times, pooled, time_tile
from helpdesk.reports.paper import Panel, Report, Sentence, Words, sentence
from helpdesk.reports.queries import AtRisk, at_risk
from helpdesk.reports.question import BEFORE, NOW, Question, values_of
from helpdesk.surveys.changes import csat_change
from helpdesk.surveys.scoring import csat, nps_of
from helpdesk.ui.times import duration
from helpdesk.ui.words import worth

LEAST_CAUSE = 3
"""A tag is named as a cause from so many unhappy answers, and a quarter of them, on."""

_PLAIN = ("asked", "filed", "open")
_FLAGS = ("flags_raised", "flags_open")


def overview(question: Question) -> Report:
    """Satisfaction, NPS, speed, who may leave, and the agents; managers' figures for managers."""
    is_manager = question.reader.is_manager
    scores = question.count("csat", "score", "agent", over_time=True)
    counts = question.counts(*_PLAIN, *(_FLAGS if is_manager else ()))
    replies, resolutions = question.time("first_replied", "team"), question.time("resolved")
    found = Found(
        question.count("csat", "score", "tag"),
        question.count("filed", "tag"),
        question.count("messages", "label", "tag"),
        replies,
        question.count("promises", "kept", "team"),
        scores,
        counts["filed"],
    )
    tiles = [csat_tile(question, scores, counts["asked"])]
    sentences = [_about_satisfaction(question, scores, found.scores)]
    times = [
        time_tile(question, "First reply", "first_replied", replies),
        time_tile(question, "Resolution", "resolved", resolutions),
    ]
    if is_manager:
        promoting = question.count("nps", "score")
        closed = question.count("flags_closed", "state")
        stake = at_risk(question.reader, question.selection)
        raised, standing = counts["flags_raised"], counts["flags_open"]
        tiles += [nps_tile(question, promoting), *times]
        tiles.append(leave_tile(question, standing, raised, closed, stake))
        sentences += [_about_nps(promoting), *_about_leaving(question, standing, closed, stake)]
    else:
        tiles += times
    sentences += [*_about_speed(question, replies), _about_volume(question, counts)]
    return Report(
        "Overview",
        (_joined(sentences),),
        tuple(tiles),
        (
            to_look_at(question, found),
            Panel("Satisfaction over time", csat_over_time(question, scores)),
            agents_panel(question, scores),
        ),
        (
            "Real means beyond chance: such a change would come by luck less than once in twenty "
            "times. Times are calendar time, nights and weekends included.",
            "The three things are what got worse and is real among all topics and teams, with at "
            "most one in twenty such findings false; first what concerns most people beyond "
            "chance: the change at the better end of its range, times the people.",
        ),
        main_grid=True,
    )


def _joined(sentences: list[Sentence]) -> Sentence:
    """One paragraph of them."""
    words: list[Words] = []
    for each in sentences:
        words += [Words(" "), *each] if words else each
    return tuple(words)


def _about_satisfaction(question: Question, scores: Counter[Key], tagged: Counter[Key]) -> Sentence:
    before, now = (csat(spread(scores, slot)) for slot in (BEFORE, NOW))
    if now is None:
        return sentence("Nobody rated our help in this period.")
    value = Words(PERCENT.show(now.percent), question.link("csat"), strong=True)
    if before is None:
        return sentence("Satisfaction is ", value, "; there is nothing to compare it with.")
    change = csat_change(before, now)
    if change.verdict != "real":
        moved = sentence("Satisfaction is ", value, ", and did not change beyond chance.")
    else:
        verb, noun = ("fell", "fall") if change.difference < 0 else ("rose", "rise")
        moved = sentence(f"Satisfaction {verb} to ", value, f", and the {noun} is real.")
    return (*moved, *_cause(question, scores, tagged))


def _cause(question: Question, scores: Counter[Key], tagged: Counter[Key]) -> Iterator[Words]:
    """The tag that most of the unhappy answers have, where there is one."""
    unhappy = question.narrowed(score=UNHAPPY)
    every = sum(total(scores, NOW, score) for score in UNHAPPY)
    found = [
        (sum(total(tagged, NOW, score, tag) for score in UNHAPPY), str(tag))
        for tag in values_of(tagged, 2)
    ]
    number, tag = max(found, default=(0, ""))
    if number >= LEAST_CAUSE and number * 4 >= every:
        yield Words(" ")
        yield Words(f"{number} of {every} unhappy answers", unhappy.link("csat", tag=tag))
        yield Words(f" are about {tag}.")


def _about_nps(promoting: Counter[Key]) -> Sentence:
    return nps_words(nps_of(spread(promoting, BEFORE)), nps_of(spread(promoting, NOW)))


def _about_leaving(
    question: Question, standing: Counter[Key], closed: Counter[Key], stake: AtRisk
) -> Iterator[Sentence]:
    number, lost = standing[NOW,], closed[NOW, FlagState.LOST]
    if number:
        who = f"{number:,} customer{'' if number == 1 else 's'}"
        stakes = f" worth {worth(stake.value)} a year" if stake.value else ""
        yield sentence(Words(who, question.link("flags_open")), f"{stakes} may leave.")
    if lost:
        link = question.link("flags_closed", state=FlagState.LOST.value)
        yield sentence(Words(f"{lost:,} left", link), " after a flag.")


def _about_speed(question: Question, replies: Times) -> Iterator[Sentence]:
    before, now = pooled(replies, BEFORE), pooled(replies, NOW)
    old, new = quantile(before, 0.5), quantile(now, 0.5)
    if old is not None and new is not None and medians_differ(before, now):
        verb = "longer" if new > old else "less long"
        yield sentence(
            f"Customers wait {verb} for the first reply: ",
            Words(duration(new), question.link("first_replied")),
            f" against {duration(old)}.",
        )


def _about_volume(question: Question, counts: dict[str, Counter[Key]]) -> Sentence:
    filed, before, left = counts["filed"][NOW,], counts["filed"][BEFORE,], counts["open"][NOW,]
    real = counts_differ(before, filed, question.days)
    more = f", {'more' if filed > before else 'fewer'} than before" if real else ""
    return sentence(
        Words(tickets(filed), question.link("filed") if filed else None),
        f" {'was' if filed == 1 else 'were'} filed{more}; ",
        Words(f"{left:,}", question.link("open") if left else None),
        f" {'is' if left == 1 else 'are'} open.",
    )


def tickets(number: int) -> str:
    """``1 ticket``, ``109 tickets``."""
    return f"{number:,} ticket{'' if number == 1 else 's'}"
