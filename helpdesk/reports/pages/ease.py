"""How easy it was to get help: the customer effort score."""

from __future__ import annotations

from helpdesk.reports.axis import PERCENT
from helpdesk.reports.pages.satisfaction import answers, between, comments, rate_tile
from helpdesk.reports.pages.scores import csat_over_time, csat_table, csat_tile, spread
from helpdesk.reports.paper import Panel, Report, Sentence, Words, sentence
from helpdesk.reports.question import NOW, Question, named, values_of
from helpdesk.surveys.scoring import csat


def ease(question: Question) -> Report:
    """The share of answers 4 and 5 to how easy it was, with its range, by team and tag."""
    scores = question.count("ces", "score", "team", over_time=True)
    asked, answered = question.count("ces_asked"), question.count("ces_answered")
    tags = question.count("ces", "score", "tag")
    teams = named(values_of(scores, 2), question.reader.names.team)
    by_tag = csat_table(question, tags, "tag", named(values_of(tags, 2), str), "By tag", "ces")
    return Report(
        "Effort",
        (_words(spread(scores, NOW)),),
        (
            csat_tile(question, scores, asked, "ces", "CES"),
            rate_tile(question, asked, answered, "ces_asked", "ces_answered"),
        ),
        (
            Panel("Over time", csat_over_time(question, scores, "ces", "How easy it was")),
            Panel("Answers", table=answers(question, scores, "ces")),
            Panel("By team", table=csat_table(question, scores, "team", teams, "By team", "ces")),
            Panel("By tag", table=by_tag),
            Panel("Comments", table=comments(question, "ces", 5), wide=True),
        ),
        (
            "CES asks how easy it was to get help, from 1 to 5; counted is the share of 4 and 5. "
            "It is asked where a survey rule says so.",
        ),
    )


def _words(scores: dict[int, int]) -> Sentence:
    found = csat(scores)
    if found is None:
        return sentence("Nobody was asked and answered how easy it was in this period.")
    return sentence(
        "It was easy for ",
        Words(PERCENT.show(found.percent), strong=True),
        f" of {found.n:,} who answered, {found.mean:.2f} of 5 on average; the true share lies "
        f"between {between(found.interval)}.",
    )
