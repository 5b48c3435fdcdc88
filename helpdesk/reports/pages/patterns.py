"""Signs that somebody helps the scores along, each with its tickets: to be looked at, not to be
counted against anybody."""

from __future__ import annotations

from helpdesk.reports.paper import Figure, Line, Panel, Report, Table, plain, sentence
from helpdesk.reports.question import Question, address_of
from helpdesk.surveys import gaming
from helpdesk.ui.times import day


def patterns(question: Question) -> Report:
    """What can be seen on tickets in the period, one table for each way."""
    period = question.selection.period
    found = gaming.patterns(question.reader.account, period.start)
    panels = []
    for pattern in found:
        signs = [sign for sign in pattern.signs if sign.at < period.end]
        lines = tuple(
            Line(
                f"#{sign.ticket_id}",
                (
                    Figure(sign.subject, sign.subject),
                    plain(sign.who),
                    plain(sign.what),
                    plain(day(sign.at)),
                ),
                address_of("desk.ticket", number=sign.ticket_id),
            )
            for sign in signs
        )
        table = Table(
            pattern.name,
            ("Ticket", "Subject", "Who", "What", "When"),
            lines,
            note=pattern.explanation,
            empty="Nothing of this kind in this period.",
            has_words=True,
        )
        panels.append(Panel(pattern.name, table=table, wide=True))
    return Report(
        "Patterns",
        (
            sentence(
                "Ways to help a score along that leave a trace. Most of what stands here has a "
                "good reason: open the ticket and ask before you conclude."
            ),
        ),
        (),
        tuple(panels),
        (f"The newest {gaming.MOST} of each are listed.",),
    )
