"""What agents did and how customers rated it, without luck: each share is drawn towards the
team's, and nobody is ranked where ranges overlap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from helpdesk.reports.axis import PERCENT
from helpdesk.reports.comparison import count_move, times_range
from helpdesk.reports.counting import Key, quantile
from helpdesk.reports.dimensions import Value
from helpdesk.reports.pages.scores import move_figure, spread
from helpdesk.reports.paper import (
    BLANK,
    Figure,
    Line,
    Panel,
    Report,
    Table,
    count,
    plain,
    sentence,
    share,
)
from helpdesk.reports.question import BEFORE, NOW, Question, named, values_of
from helpdesk.reports.waits import Waits
from helpdesk.surveys.scoring import csat
from helpdesk.surveys.shrinkage import FEW_ANSWERS, AgentEstimate, estimate_agents
from helpdesk.ui.times import duration

_ORDER = "In the order of names: where ranges overlap, any other order would be luck."


def agents(question: Question) -> Report:
    """Ratings, work done and speed of each agent; an agent reads the own line."""
    both = question.count("csat", "score", "agent", "team")
    scores, by_team = _by(both, 2), _by(both, 3)
    replies, resolved = question.time("first_replied", "agent"), question.count("resolved", "agent")
    standing = question.count("open", "agent")
    own = "" if question.reader.is_manager else " Your own line, beside your teams as a whole."
    return Report(
        "Agents",
        (sentence(f"Who did what, and how customers rated it.{own}"),),
        (),
        (
            agents_panel(question, scores, wide=True),
            teams_panel(question, by_team),
            Panel("Work", table=_work(question, resolved, standing, replies), wide=True),
        ),
        (
            "The estimate adds the team's average to what an agent has, the more the fewer "
            "answers there are: (k + m·M)/(n + M). The range is that of the raw share. A rating "
            "belongs to whoever had the ticket when the survey was sent.",
            "Tickets differ: queue, channel and priority explain a part of any difference. Look "
            "at the tickets before at the person.",
        ),
    )


def _by(scores: Counter[Key], place: int) -> Counter[Key]:
    """Answers by (score, what stands at this place of the keys)."""
    found: Counter[Key] = Counter()
    for key, number in scores.items():
        found[key[0], key[1], key[place]] += number
    return found


def agents_panel(question: Question, scores: Counter[Key], wide: bool = False) -> Panel:
    """The estimates of all whom the reader may see; `scores` has (score, agent) as its keys."""
    counts: dict[Value, tuple[int, int]] = {
        agent: (found.satisfied, found.n)
        for agent in values_of(scores, 2)
        if agent is not None and (found := csat(spread(scores, NOW, 1, 2, agent)))
    }
    estimates = estimate_agents(counts)
    shown = {each.agent: each for each in estimates if _may_see(question, each.agent)}
    names = question.reader.names
    lines = [_line(question, shown[agent], name) for agent, name in named(list(shown), names.agent)]
    return Panel(
        "Agents, shrunk to the team",
        table=Table(
            "Agents",
            ("Agent", "n", "Raw", "Estimate", "Range"),
            tuple(lines),
            note=_note(list(shown.values()), names.agent) if lines else "",
            empty="Nobody was rated in this period.",
        ),
        wide=wide,
    )


def teams_panel(question: Question, scores: Counter[Key]) -> Panel:
    """The same for teams, drawn towards all of them; `scores` has (score, team) as its keys."""
    counts: dict[Value, tuple[int, int]] = {
        team: (found.satisfied, found.n)
        for team in values_of(scores, 2)
        if team is not None and (found := csat(spread(scores, NOW, 1, 2, team)))
    }
    shown = {each.agent: each for each in estimate_agents(counts)}
    names = question.reader.names
    lines = [
        _line(question, shown[team], name, "team") for team, name in named(list(shown), names.team)
    ]
    table = Table(
        "Teams",
        ("Team", "n", "Raw", "Estimate", "Range"),
        tuple(lines),
        note=_note(list(shown.values()), names.team) if lines else "",
        empty="No team was rated in this period.",
    )
    return Panel("Teams, shrunk to the company", table=table, wide=True)


def _line(question: Question, found: AgentEstimate[Value], name: str, by: str = "agent") -> Line:
    low, high = found.interval.scaled(100).low, found.interval.scaled(100).high
    link = question.link("csat", **{by: found.agent})
    span = plain("too few") if found.too_few else plain(PERCENT.span(low, high))
    return Line(name, (count(found.n, link), share(found.raw), share(found.estimate), span))


def _note(found: Sequence[AgentEstimate[Value]], name: Callable[[Value], str]) -> str:
    apart = sorted(name(each.agent) for each in found if each.differs)
    few = f" Below {FEW_ANSWERS} answers no range is shown." if _few(found) else ""
    if not apart:
        return f"{_ORDER} Nobody differs from the others beyond chance.{few}"
    verb = "differs" if len(apart) == 1 else "differ"
    return f"{_ORDER} {_listed(apart)} {verb} from the others beyond chance.{few}"


def _few(found: Sequence[AgentEstimate[Value]]) -> bool:
    return any(each.too_few for each in found)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _work(
    question: Question,
    resolved: Counter[Key],
    standing: Counter[Key],
    replies: dict[Key, Waits],
) -> Table:
    keys = [*resolved, *standing, *replies]
    agents = dict.fromkeys(key[1] for key in keys if _may_see(question, key[1]))
    lines = []
    for agent, name in named(agents, question.reader.names.agent):
        first = replies.get((NOW, agent), Waits())
        done, before = resolved[NOW, agent], resolved[BEFORE, agent]
        lines.append(
            Line(
                name,
                (
                    count(done, question.link("resolved", agent=agent)),
                    count(before, question.link_before("resolved", agent=agent)),
                    move_figure(count_move(before, done, question.days)),
                    count(standing[NOW, agent], question.link("open", agent=agent)),
                    count(len(first), question.link("first_replied", agent=agent)),
                    time_figure(first, 0.5),
                    plain(times_range(first) or "too few"),
                ),
            )
        )
    return Table(
        "Work",
        (
            "Assignee now",
            "Resolved",
            "Before",
            "Change",
            "Open at the end",
            "First replies",
            "Median",
            "Range",
        ),
        tuple(lines),
        note="Counted for whoever has the ticket now. First reply in calendar time.",
    )


def time_figure(ordered: Sequence[int], part: float, href: str | None = None) -> Figure:
    """A quantile of sorted seconds, in words; a spreadsheet gets seconds."""
    value = quantile(ordered, part)
    return BLANK if value is None else Figure(duration(value), round(value), href)


def _may_see(question: Question, agent: Value) -> bool:
    """Managers see everybody, agents themselves."""
    return question.reader.is_manager or agent == question.reader.account.id
