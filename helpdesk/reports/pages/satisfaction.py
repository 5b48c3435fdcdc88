"""How satisfied customers are with our help."""

from __future__ import annotations

from collections import Counter

from helpdesk.core.db import session
from helpdesk.reports.axis import PERCENT
from helpdesk.reports.counting import Key, rows
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.pages.agents import agents_panel
from helpdesk.reports.pages.scores import (
    csat_over_time,
    csat_table,
    csat_tile,
    spread,
)
from helpdesk.reports.paper import (
    BLANK,
    Figure,
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
from helpdesk.reports.question import BEFORE, NOW, Question, address_of, named, values_of
from helpdesk.surveys.models import Response
from helpdesk.surveys.scoring import Interval, csat, non_response_bounds, response_rate
from helpdesk.tickets.models import Ticket
from helpdesk.ui.times import day

MOST_COMMENTS = 20
TONES = {
    "positive": ("happy", "good"),
    "neutral": ("neutral", ""),
    "negative": ("unhappy", "bad"),
    "not_scored": ("not scored", ""),
    None: ("not scored yet", ""),
}
_CAVEATS = (
    "CSAT is the share of answers 4 and 5. Who answers is no random sample: the very happy and "
    "the very unhappy answer more often. The share hides how 1, 2 and 3 are spread; the first "
    "table shows it.",
)


def satisfaction(question: Question) -> Report:
    """CSAT with its range, who it comes from, how it moves, and what they wrote."""
    scores = question.count("csat", "score", "team", "agent", over_time=True)
    asked, answered = question.count("asked"), question.count("answered")
    tags = question.count("csat", "score", "tag")
    teams = named(values_of(scores, 2), question.reader.names.team)
    tagged = named(values_of(tags, 2), str)
    return Report(
        "Satisfaction",
        _sentences(scores, asked, answered),
        (
            csat_tile(question, scores, asked),
            rate_tile(question, asked, answered, "asked", "answered"),
        ),
        (
            Panel("Over time", csat_over_time(question, scores)),
            Panel("Answers", table=answers(question, scores)),
            Panel("By team", table=csat_table(question, scores, "team", teams, "By team")),
            Panel("By tag", table=csat_table(question, tags, "tag", tagged, "By tag")),
            agents_panel(question, _by_agent(scores), wide=True),
            Panel("Comments", table=comments(question, "csat", 5), wide=True),
        ),
        _CAVEATS,
    )


def _sentences(
    scores: Counter[Key], asked: Counter[Key], answered: Counter[Key]
) -> tuple[Sentence, ...]:
    found, rate = csat(spread(scores, NOW)), response_rate(asked[NOW,], answered[NOW,])
    if found is None:
        return (sentence("Nobody answered in this period, so there is no satisfaction to show."),)
    words = [
        sentence(
            "Satisfaction is ",
            Words(PERCENT.show(found.percent), strong=True),
            f" of {found.n:,} answers, {found.mean:.2f} of 5 on average; the true share lies "
            f"between {between(found.interval)} if those who answered are like all.",
        )
    ]
    if rate:
        bounds = non_response_bounds(rate.rate, found.percent / 100).scaled(100)
        words.append(
            sentence(
                f"Of {rate.asked:,} asked in this period {PERCENT.show(100 * rate.rate)} have "
                "answered. Whatever the silent ones think, satisfaction of all lies "
                f"between {between(bounds)}."
            )
        )
    return tuple(words)


def between(found: Interval) -> str:
    """``49 and 69 %``, to stand after "between"."""
    return f"{found.low:.0f} and {PERCENT.show(found.high)}"


def rate_tile(
    question: Question, asked: Counter[Key], answered: Counter[Key], of: str, who: str
) -> Tile:
    """The response rate with its range."""
    rate, before = (
        response_rate(_sum(asked, slot), _sum(answered, slot)) for slot in (NOW, BEFORE)
    )
    if rate is None:
        return Tile("Response rate", BLANK, (sentence("nobody was asked"),))
    low, high = rate.interval.scaled(100).low, rate.interval.scaled(100).high
    return Tile(
        "Response rate",
        share(rate.rate, question.link(who)),
        (
            sentence(
                f"{PERCENT.span(low, high)} · ",
                Words(f"{rate.answered:,}", question.link(who)),
                " of ",
                Words(f"{rate.asked:,} asked", question.link(of)),
            ),
            sentence(f"{PERCENT.show(100 * before.rate)} before" if before else "nobody before"),
        ),
    )


def _sum(counts: Counter[Key], slot: int) -> int:
    return sum(number for key, number in counts.items() if key[0] == slot)


def answers(question: Question, scores: Counter[Key], of: str = "csat") -> Table:
    """How often each score from 1 to 5 was given, now and before."""
    earlier, now = spread(scores, BEFORE), spread(scores, NOW)
    n = sum(now.values())
    lines = [
        Line(
            str(score),
            (
                count(now.get(score, 0), question.link(of, score=score)),
                share(now.get(score, 0) / n if n else None),
                count(earlier.get(score, 0), question.link_before(of, score=score)),
            ),
        )
        for score in range(5, 0, -1)
    ]
    every = Line(
        "All",
        (
            count(n, question.link(of)),
            share(1.0 if n else None),
            count(sum(earlier.values()), question.link_before(of)),
        ),
        is_total=True,
    )
    return Table("Answers", ("Score", "Answers", "Share", "Before"), (*lines, every))


def _by_agent(scores: Counter[Key]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for (slot, score, _team, agent), number in scores.items():
        found[slot, score, agent] += number
    return found


def comments(question: Question, kind: str, highest: int) -> Table:
    """What was written last, newest first, with its tone."""
    measure = MEASURES[kind]
    found = session.execute(
        rows(
            question.reader,
            measure,
            question.selection,
            Response.score,
            Response.comment,
            Response.sentiment_label,
            Response.created_at,
            Ticket.id.label("number"),
        )
        .where(Response.comment != "")
        .order_by(Response.created_at.desc(), Response.id.desc())
        .limit(MOST_COMMENTS)
    )
    lines = [
        Line(
            f"{row.score} of {highest}" + (f", #{row.number}" if row.number else ""),
            (
                Figure(row.comment, row.comment),
                plain(*TONES[row.sentiment_label]),
                plain(day(row.created_at)),
            ),
            address_of("desk.ticket", number=row.number) if row.number else None,
        )
        for row in found
    ]
    header = ("Answer", "Comment", "Tone", "When")
    return Table(
        "Comments",
        header,
        tuple(lines),
        note=f"The newest {MOST_COMMENTS}." if len(lines) == MOST_COMMENTS else "",
        empty="Nobody wrote a comment in this period.",
        has_words=True,
    )
