"""What is kept of a day shows the very numbers that its rows show, whatever was changed since."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import delete, func, insert, select, update

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.reports import counting
from helpdesk.reports.access import Reader
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.models import KeptCount, StaleDay
from helpdesk.reports.periods import trend
from helpdesk.reports.rollups import keeping, reading
from helpdesk.reports.rollups.plan import KEPT
from helpdesk.reports.selection import Selection
from helpdesk.surveys.models import Invitation, Response
from helpdesk.tickets.models import Message, Tag, Ticket, ticket_tag
from tests.reports.history import NOW, History, period, selection


def keep_everything() -> None:
    for step in (keeping.keep_some, keeping.fold_some):
        going = True
        while going:
            with transaction():
                going = step()


@pytest.fixture
def kept(history: History) -> History:
    keep_everything()
    return history


def questions(history: History) -> Iterator[tuple[Reader, Selection]]:
    """Whoever may ask, and what they may narrow it to."""
    people = history.people
    for chosen in (selection(60, 5), selection(190)):
        for who in (people.nora, people.ada, people.mika):
            yield Reader(who), chosen
        yield Reader(people.nora), chosen.narrow(agent=[people.mika.id, None])


def differing(history: History) -> set[str]:
    """The names of what reads otherwise than its rows say."""
    wrong = set()
    with transaction(write=False):
        for reader, chosen in questions(history):
            spans = [chosen.period.before, chosen.period, *trend(chosen.period)]
            for name, family in KEPT.items():
                measure = MEASURES[name]
                if not reader.may_see(measure):
                    continue
                for each in family:
                    asked = (reader, measure, chosen, spans, *each.dimensions)
                    if reading.tally(*asked) != counting.tally(*asked):
                        wrong.add(each.name)
                    if each.timed and reading.durations(*asked) != counting.durations(*asked):
                        wrong.add(f"{each.name}, times")
    return wrong


def test_what_is_kept_reads_like_the_rows(kept: History) -> None:
    lengths = select(KeptCount.length).distinct()
    with transaction(write=False):
        assert set(session.scalars(lengths)) == {"day", "week", "month"}
        assert session.scalar(select(func.count(StaleDay.id))) == 0
    assert differing(kept) == set()
    with transaction(write=False):
        assert keeping.wrong_days() == []
