"""What is kept of a day shows the very numbers that its rows show, whatever was changed since."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, literal, select, update

from helpdesk.core.clock import now
from helpdesk.core.db import db, session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.reports import counting
from helpdesk.reports.access import Reader
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.models import KeptCount, StaleDay
from helpdesk.reports.periods import Span, months_of
from helpdesk.reports.rollups import keeping, reading
from helpdesk.reports.rollups.plan import DAY, KEPT, WORKED
from helpdesk.reports.selection import Selection
from helpdesk.surveys.models import Invitation, Response
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.models import Message, Tag, Ticket, ticket_tag
from helpdesk.tickets.policies import SlaPolicy
from tests.conftest import Clock
from tests.reports.history import NOW, ZONE, History, selection
from tests.servers.tableaux import Tableau

READERS = ("nora", "ada", "mika")


def keep_everything() -> None:
    for step in (keeping.keep_some, keeping.fold_some):
        going = True
        while going:
            with transaction():
                going = step()


_KEPT: dict[str, tuple[History, Tableau]] = {}


@pytest.fixture
def kept(
    app: Flask, clock: Clock, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> History:
    """A history of which the last days are kept: counted once, put back after that."""
    monkeypatch.setattr(keeping, "zone_of_company", lambda: ZONE)
    # Not everything, and much at once, so that it takes little time.
    monkeypatch.setattr(keeping, "AT_ONCE", 64)
    whole = keeping.days_known

    def the_last(zone: ZoneInfo, at: datetime) -> Span | None:
        found = whole(zone, at)
        return found and replace(found, first=found.last - 63 * DAY)

    monkeypatch.setattr(keeping, "days_known", the_last)
    address = db.engine.url.render_as_string()
    if address in _KEPT and _KEPT[address][1].put_back():
        return _KEPT[address][0]
    history: History = request.getfixturevalue("history")
    keep_everything()
    _KEPT[address] = history, Tableau(now())
    return history


def differing(reader: Reader, chosen: Selection) -> set[str]:
    """The names of what reads otherwise than its rows say."""
    wrong = set()
    spans = [chosen.period.before, chosen.period, months_of(chosen.period, 2)[0]]
    for name, family in KEPT.items():
        measure = MEASURES[name.removesuffix(WORKED)]
        for each in family if reader.may_see(measure) else ():
            asked, by = (reader, measure, chosen, spans), each.dimensions
            if reading.tally(*asked, *by) != counting.tally(*asked, *by):
                wrong.add(each.name)
            live = counting.worked if each.worked else counting.durations
            read = partial(reading.durations, worked=each.worked)
            if each.timed and read(*asked, *by) != live(*asked, *by):
                wrong.add(f"{each.name}, times")
    return wrong


def test_late_news_of_tickets_changes_why_their_promises_were_broken(kept: History) -> None:
    with transaction():
        broken = JournalEntry.event == "SlaBreached", JournalEntry.at < NOW - 3 * DAY
        late = [
            {
                "event": "TicketAssigned",
                "subject_kind": "ticket",
                "subject_id": breach.subject_id,
                "at": breach.at - DAY,
                "data": {"before": None, "after": kept.people.ids["mika"]},
                "attempts": 0,
            }
            for breach in session.scalars(select(JournalEntry).where(*broken))
        ]
        session.execute(insert(JournalEntry), late)
    with transaction(write=False):
        assert differing(Reader(kept.people.nora), selection(30)) == set()


def number_of_marks() -> int:
    with transaction(write=False):
        return session.scalar(select(func.count(StaleDay.id))) or 0


def test_what_is_kept_reads_like_the_rows(kept: History) -> None:
    chosen = selection(30)
    with transaction(write=False):
        assert set(session.scalars(select(KeptCount.length))) == {"day", "week", "month"}
        last = select(func.max(KeptCount.start)).where(KeptCount.length == "day")
        # Yesterday reached into a day of UTC that is not over: changes of it are not marked.
        assert session.scalar(last) == NOW.astimezone(ZONE).date() - 2 * DAY
        for who in READERS:
            assert differing(Reader(getattr(kept.people, who)), chosen) == set(), who
        narrowed = chosen.narrow(agent=[kept.people.mika.id, None])
        assert differing(Reader(kept.people.nora), narrowed) == set()


def test_what_is_changed_afterwards_is_seen_at_once(kept: History) -> None:
    people, chosen = kept.people, selection(30)
    with transaction():
        some = select(Ticket.id).where(Ticket.id % 5 == 0)
        moved = update(Ticket).where(Ticket.id.in_(some))
        session.execute(moved.values(team_id=None, assignee_id=people.nora.id, channel="phone"))
        elsewhere = session.scalars(select(SlaPolicy.id)).one()
        tag = session.scalars(select(Tag.id).order_by(Tag.id)).first()
        tagged = select(ticket_tag.c.ticket_id).where(ticket_tag.c.tag_id == tag)
        rows = select(Ticket.id, literal(tag)).where(Ticket.id.in_(some), Ticket.id.not_in(tagged))
        session.execute(insert(ticket_tag).from_select(["ticket_id", "tag_id"], rows))
        session.execute(update(Tag).where(Tag.id != tag).values(name=Tag.name + " anew"))
        for change in (
            update(Ticket).where(Ticket.id % 7 == 0).values(resolved_at=None),
            update(Ticket).where(Ticket.id % 7 == 1).values(first_replied_at=None),
            update(Message).where(Message.id % 6 == 0).values(sentiment_label="negative"),
            delete(Message).where(Message.id % 6 == 1),
            update(Response).where(Response.id % 4 == 0).values(score=1),
            update(Invitation).where(Invitation.id % 9 == 0).values(sent_at=NOW - 30 * DAY),
            update(OutboundEmail).values(state=Delivery.BOUNCED),
            delete(JournalEntry).where(JournalEntry.id % 4 == 0),
            update(JournalEntry)
            .where(JournalEntry.event == "SlaMet", JournalEntry.id % 3 == 0)
            .values(event="SlaBreached"),
            update(Ticket).where(Ticket.id % 4 == 0).values(sla_policy_id=elsewhere),
        ):
            session.execute(change)
    with transaction(write=False):
        assert differing(Reader(people.nora), chosen) == set()
    assert number_of_marks() > 0
    keep_everything()
    assert number_of_marks() == 0
    with transaction(write=False):
        assert differing(Reader(people.nora), chosen) == set()

    with transaction():  # the week of some of them, and that of all the others
        session.execute(update(BusinessHours).values(week=[[0, 0, 600]]))
    with transaction(write=False):
        assert differing(Reader(people.nora), chosen) == set()
    keep_everything()

    with transaction():
        one = select(func.max(KeptCount.id)).where(KeptCount.length == "day").scalar_subquery()
        session.execute(update(KeptCount).where(KeptCount.id == one).values(cells="[[null,99]]"))
        name, day = session.execute(
            select(KeptCount.name, KeptCount.start).where(KeptCount.id == one)
        ).one()
        assert keeping.wrong_days() == [(name, day)]
