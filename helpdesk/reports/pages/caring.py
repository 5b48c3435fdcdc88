"""What became of unhappy answers: whether somebody was in touch in time, and whether it helped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from helpdesk.reports.axis import PERCENT
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
from helpdesk.reports.question import BEFORE, NOW, Question, named, values_of
from helpdesk.surveys.scoring import wilson

JUDGED = ("in_time", "late", "missed")
CONTACT = {
    "in_time": "In touch in time",
    "late": "In touch too late",
    "missed": "Nobody was in touch",
    "not_due": "Not due yet",
}
AGAIN = {
    "higher": "Scored higher",
    "not_higher": "Scored the same or lower",
    "none_yet": "No further answer yet",
}


def follow_ups(question: Question) -> Report:
    """The ledger: opened, contacted in time, recovered, by team, cause and outcome."""
    contacts = question.count("follow_ups", "contact", "team")
    again = question.count("follow_ups", "again")
    causes, outcomes = (
        question.count("follow_ups", "cause"),
        question.count("follow_ups", "outcome"),
    )
    return Report(
        "Follow-ups",
        (_words(question, contacts),),
        (
            flow_tile(question, "Opened", "follow_ups", contacts, -1),
            _share_tile(question, "In touch in time", contacts, "contact", "in_time", JUDGED),
            _share_tile(question, "Recovered", again, "again", "higher", ("higher", "not_higher")),
        ),
        (
            Panel("First contact", table=_said(question, contacts, "contact", CONTACT)),
            Panel("The next answer", table=_said(question, again, "again", AGAIN)),
            Panel("By team", table=_by_team(question, contacts), wide=True),
            Panel("Causes", table=_split(question, causes, "cause", "Cause", _in_words)),
            Panel("Outcomes", table=_split(question, outcomes, "outcome", "Outcome", _in_words)),
        ),
        (
            "Every unhappy answer opens a follow-up with an owner and a due time. In time means in "
            "touch before that; what is not due yet is in neither count. Recovered means that the "
            "same customer scored higher at the next survey of that kind, of those who answered "
            "one: some would have without us, for bad luck seldom lasts.",
        ),
    )


def _words(question: Question, contacts: Counter[Key]) -> Sentence:
    missed = total(contacts, NOW, "missed")
    opened, judged = total(contacts, NOW), sum(total(contacts, NOW, each) for each in JUDGED)
    if not opened:
        return sentence("No answer asked for a follow-up in this period.")
    in_time = total(contacts, NOW, "in_time")
    answers = Words(
        f"{opened:,} unhappy answer{'' if opened == 1 else 's'}", question.link("follow_ups")
    )
    if not judged:
        return sentence(answers, "; none of them is due yet.")
    words = sentence(
        answers, f"; somebody was in touch in time with {in_time:,} of the {judged:,} that are due."
    )
    if not missed:
        return words
    link = question.link("follow_ups", contact="missed")
    waits = Words(f"{missed:,} still {'waits' if missed == 1 else 'wait'}", link)
    return (*words, Words(" "), waits, Words(" though due."))


def _share_tile(
    question: Question, label: str, counts: Counter[Key], by: str, good: str, of: tuple[str, ...]
) -> Tile:
    """The share of one value among those that are decided, with its range."""
    now, before = (
        (total(counts, slot, good), sum(total(counts, slot, each) for each in of))
        for slot in (NOW, BEFORE)
    )
    found = wilson(*now)
    if found is None:
        return Tile(label, BLANK, (sentence("none to judge yet"),))
    return Tile(
        label,
        share(now[0] / now[1]),
        (
            sentence(
                f"{PERCENT.span(100 * found.low, 100 * found.high)} · ",
                Words(f"{now[0]:,}", question.link("follow_ups", **{by: good}) if now[0] else None),
                " of ",
                Words(f"{now[1]:,}", question.link("follow_ups", **{by: of})),
            ),
            sentence(
                f"{PERCENT.show(100 * before[0] / before[1])} before"
                if before[1]
                else "none before"
            ),
        ),
    )


def _said(question: Question, counts: Counter[Key], by: str, words: dict[str, str]) -> Table:
    every = total(counts, NOW)
    lines = []
    for value, name in words.items():
        number, before = (total(counts, slot, value) for slot in (NOW, BEFORE))
        link, old = (
            ask("follow_ups", **{by: value}) for ask in (question.link, question.link_before)
        )
        figures = (
            count(number, link),
            share(number / every if every else None),
            count(before, old),
        )
        lines.append(Line(name, figures))
    title = "First contact" if by == "contact" else "The next answer"
    return Table(title, (title, "Answers", "Share", "Before"), tuple(lines))


def _by_team(question: Question, counts: Counter[Key]) -> Table:
    lines = []
    for team, name in named(values_of(counts, 2), question.reader.names.team):
        numbers = {each: total(counts, NOW, each, team) for each in CONTACT}
        judged = sum(numbers[each] for each in JUDGED)
        found = wilson(numbers["in_time"], judged)
        lines.append(
            Line(
                name,
                (
                    *(
                        count(number, question.link("follow_ups", contact=each, team=team))
                        for each, number in numbers.items()
                    ),
                    share(numbers["in_time"] / judged if judged else None),
                    plain(PERCENT.span(100 * found.low, 100 * found.high)) if found else BLANK,
                ),
            )
        )
    header = ("Team", "In time", "Late", "Missed", "Not due", "In time of those due", "Range")
    return Table("By team", header, tuple(lines))


def _in_words(value: Value) -> str:
    return "Not said yet" if value is None else str(value).replace("_", " ").capitalize()


def _split(
    question: Question, counts: Counter[Key], by: str, title: str, name: Callable[[Value], str]
) -> Table:
    values: Iterable[Value] = values_of(counts, 1)
    lines = [
        Line(
            words,
            (
                count(counts[NOW, value], question.link("follow_ups", **{by: value})),
                count(counts[BEFORE, value], question.link_before("follow_ups", **{by: value})),
            ),
        )
        for value, words in sorted(named(values, name), key=lambda pair: -counts[NOW, pair[0]])
    ]
    return Table(f"{title}s", (title, "Answers", "Before"), tuple(lines))
