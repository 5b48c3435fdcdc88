"""Administrators write hours and policies, and are told what is wrong in clear words."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from helpdesk.admin import timewords
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.hours import Block
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets import promising
from helpdesk.tickets.conversation import file
from helpdesk.tickets.duty import AgentDuty
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.policies import SlaPolicy, policies_in_order
from helpdesk.tickets.recounts import Recount
from tests.cast import Cast
from tests.tickets.promises import HOUR, office, policy
from tests.visitor import Visitor
from tests.work import Work

WEEK = {
    "name": "Office",
    "zone": "Europe/Berlin",
    "monday": "9:00-12:00, 13:00–17:00",
    "tuesday": "9-17",
}


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", []),
        ("9:00–12:00, 13:00-17:00", [(540, 720), (780, 1020)]),
        ("9-17", [(540, 1020)]),
        ("0:00 to 24:00", [(0, 1440)]),
        ("8:30—12;12-13", [(510, 720), (720, 780)]),
    ],
)
def test_blocks_are_read_as_people_write_them(text: str, blocks: list[tuple[int, int]]) -> None:
    found = timewords.blocks_of(2, text)
    assert found == [Block(2, *block) for block in blocks]
    assert timewords.blocks_of(2, timewords.times(found)) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nine to five", "“nine to five” is no block"),
        ("9:00-12:00, 11:00-17:00", "9:00–12:00 and 11:00–17:00 overlap"),
        ("22:00-6:00", "write 22:00–24:00 here, and 0:00–6:00 on Tuesday"),
        ("9-25", "beyond 24:00"),
        ("9:00-9:00", "ends before it begins"),
        ("9:75-12", "no block"),
    ],
)
def test_blocks_that_cannot_be_say_why(text: str, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        timewords.blocks_of(0, text)
    assert words in refusal.value.message
    assert refusal.value.message.startswith("Monday: ")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("4 h", 240), ("30 min", 30), ("1 h 30", 90), ("90", 90), ("2h15m", 135), ("1 hour", 60)],
)
def test_lengths_of_time_are_read(text: str, minutes: int) -> None:
    length = timewords.span_of(text)
    assert length == timedelta(minutes=minutes)
    assert timewords.span_of(timewords.span(minutes * 60)) == length


@pytest.mark.parametrize("text", ["soon", "-4 h", "0 h", "4 x", "1.5 h", "9" * 40])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        timewords.span_of(text)


def test_days_off_are_read_line_by_line() -> None:
    (eve,) = timewords.days_of("\n 2026-12-24 Christmas Eve\n")
    assert (eve.day, eve.name) == (date(2026, 12, 24), "Christmas Eve")
    with pytest.raises(Invalid, match="does not begin with a day"):
        timewords.days_of("2026-02-30 Never")


@pytest.fixture
def ada(client: Visitor, people: Cast) -> Visitor:
    return client.sign_in(people.ada)


def hours() -> BusinessHours:
    return session.scalars(select(BusinessHours).execution_options(populate_existing=True)).one()


def test_hours_are_made_changed_and_removed(ada: Visitor) -> None:
    assert ada.post("/admin/hours", data=WEEK).status_code == 303
    made = hours()
    assert made.week == [[0, 540, 720], [0, 780, 1020], [1, 540, 1020]]
    assert "9:00–12:00, 13:00–17:00" in ada.get("/admin/hours").text
    assert "9:00–12:00, 13:00–17:00" in ada.get(f"/admin/hours/{made.id}").text
    assert ada.post(f"/admin/hours/{made.id}", data=WEEK | {"tuesday": ""}).status_code == 303
    assert hours().week == [[0, 540, 720], [0, 780, 1020]]
    assert ada.post(f"/admin/hours/{made.id}/removal").status_code == 303
    assert session.scalars(select(BusinessHours)).all() == []
    told = session.scalars(select(JournalEntry.event).order_by(JournalEntry.id)).all()
    assert told[-3:] == ["HoursKept", "HoursKept", "HoursRemoved"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("zone", "Europe/Atlantis", "There is no time zone “Europe/Atlantis” (any more)"),
        ("zone", "../../etc/passwd", "There is no time zone"),
        ("country", "XX", "No calendar of public holidays is known for “XX”"),
        ("region", "ZZ", "DE has no region “ZZ” here"),
        ("monday", "9-12, 11-17", "overlap"),
        ("own_days", "tomorrow", "does not begin with a day"),
        ("name", "", "Give it a name."),
    ],
)
def test_hours_that_cannot_be_are_refused_and_nothing_is_lost(
    ada: Visitor, field: str, value: str, words: str
) -> None:
    more = {"country": "DE"} if field == "region" else {}
    answer = ada.post("/admin/hours", data=WEEK | more | {field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert "13:00–17:00" in answer.text or field == "monday"
    assert session.scalars(select(BusinessHours)).all() == []


def test_hours_that_are_never_open_are_refused(ada: Visitor) -> None:
    answer = ada.post("/admin/hours", data={"name": "Never", "zone": "UTC"})
    assert answer.status_code == 422
    assert "at least one block" in answer.text


def test_a_country_brings_its_holidays(ada: Visitor) -> None:
    more = {"country": "de", "region": "by", "own_days": "2026-12-24 Eve"}
    assert ada.post("/admin/hours", data=WEEK | more).status_code == 303
    days = {holiday.day: holiday.name for holiday in hours().holidays}
    assert days[date(2027, 1, 6)] == "Epiphany"
    assert days[date(2026, 12, 24)] == "Eve"
    assert "2027-01-06" in ada.get(f"/admin/hours/{hours().id}").text


def test_hours_that_somebody_needs_stay(ada: Visitor, people: Cast) -> None:
    with transaction():
        kept = office()
        policy("Gold", first_response=HOUR, hours_id=kept.id)
    assert ada.post(f"/admin/hours/{kept.id}/removal").status_code == 409
    with transaction(), pytest.raises(Conflict, match="Gold"):
        promising.remove_hours(session.merge(kept), by=people.ada)


def test_years_to_come_get_their_holidays(people: Cast) -> None:
    with transaction():
        kept = office()
        kept.country = "DE"
        kept.rules = "2026 00000000"
    with time_machine.travel(date(2031, 5, 1)):
        promising.keep_hours_true()
        assert any(day.startswith("2035") for day, _ in hours().public_days)
        whys = session.scalars(select(Recount.why).order_by(Recount.id)).all()
        assert whys[0] == "the clocks of Europe/Berlin changed"
        promising.keep_hours_true()
        assert len(session.scalars(select(Recount.id)).all()) == len(whys), "once is enough"


def test_a_new_year_alone_counts_nothing_anew(people: Cast) -> None:
    with transaction():
        office()
        promising.keep_hours(
            promising.HoursAsWritten("New", "Europe/Berlin", (Block(0, 0, 60),)),
            None,
            by=people.ada,
        )
        session.delete(session.scalars(select(BusinessHours).order_by(BusinessHours.id)).first())
    with time_machine.travel(date(2031, 5, 1)):
        promising.keep_hours_true()
    assert session.scalars(select(Recount.why)).all() == []


def test_hours_whose_zone_is_gone_still_count_and_say_so(ada: Visitor, people: Cast) -> None:
    with transaction():
        policy("Gold", first_response=HOUR, business_hours=office("Europe/Atlantis"))
        number = file(people.rosa, "Help", "Please").id
    assert session.get_one(Ticket, number).due_at is not None
    words = "The time zone Europe/Atlantis does not exist any more"
    assert words in ada.get("/admin/hours").text
    promising.keep_hours_true()


GOLD = {"name": "Gold", "hours": "", "first_response": "4 h", "resolution": "2 h 30"}


def test_a_policy_is_made_changed_moved_and_removed(ada: Visitor, people: Cast, work: Work) -> None:
    with transaction():
        number = file(people.rosa, "Help", "Please").id
    made = GOLD | {
        "priorities": ["normal", "urgent"],
        "teams": [],
        "tags": "",
        "organizations": "Harbor Coffee\nharbor.example",
    }
    assert ada.post("/admin/policies", data=made).status_code == 303
    assert ada.post("/admin/policies", data=GOLD | {"name": "Silver"}).status_code == 303
    gold, silver = policies_in_order()
    assert (gold.first_response, gold.resolution) == (4 * HOUR, 2 * HOUR + 1800)
    page = ada.get("/admin/policies").text
    assert "priority normal or urgent and organization Harbor Coffee" in page
    assert 'value="2 h 30 min"' in ada.get(f"/admin/policies/{gold.id}").text
    work()
    assert session.get_one(Ticket, number, populate_existing=True).sla_policy_id == gold.id
    assert ada.post(f"/admin/policies/{silver.id}/promotion").status_code == 303
    work()
    assert session.get_one(Ticket, number, populate_existing=True).sla_policy_id == silver.id
    for one in (silver, gold):
        assert ada.post(f"/admin/policies/{one.id}/removal").status_code == 303
    work()
    ticket = session.get_one(Ticket, number, populate_existing=True)
    assert (ticket.sla_policy_id, ticket.due_at, ticket.due_for) == (None, None, None)
    assert ada.get(f"/admin/policies/{gold.id}").status_code == 404
    assert "Nothing is promised yet" in ada.get("/admin/policies").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("first_response", "soon", "“soon” is no length of time"),
        ("resolution", "99999 h", "A target can be a year long"),
        ("organizations", "Nowhere Ltd", "There is no organization “Nowhere Ltd”"),
        ("hours", "77", "Not a valid choice"),
        ("name", " ", "Give it a name."),
    ],
)
def test_a_policy_that_cannot_be_is_refused(
    ada: Visitor, field: str, value: str, words: str
) -> None:
    answer = ada.post("/admin/policies", data=GOLD | {field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalars(select(SlaPolicy)).all() == []


def test_a_policy_that_promises_nothing_is_refused(ada: Visitor) -> None:
    answer = ada.post("/admin/policies", data={"name": "Nothing", "hours": ""})
    assert answer.status_code == 422
    assert "at least one target" in answer.text


def test_assignment_is_set_for_teams_and_agents(ada: Visitor, people: Cast) -> None:
    with transaction():
        shifts_id = office().id
    billing, mika = people.ids["billing"], people.ids["mika"]
    answer = ada.post(f"/admin/assignment/teams/{billing}", data={"method": "least_loaded"})
    assert answer.status_code == 303
    data = {"available": "yes", "capacity": "5", "hours": str(shifts_id)}
    assert ada.post(f"/admin/assignment/agents/{mika}", data=data).status_code == 303
    duty = session.get_one(AgentDuty, mika)
    assert (duty.is_available, duty.capacity, duty.hours_id) == (True, 5, shifts_id)
    page = ada.get("/admin/assignment").text
    assert 'value="least_loaded" selected' in page
    assert 'value="5"' in page


@pytest.mark.parametrize("data", [{"capacity": "many"}, {"capacity": "5000"}, {"hours": "77"}])
def test_a_capacity_that_cannot_be_is_refused(
    ada: Visitor, people: Cast, data: dict[str, str]
) -> None:
    answer = ada.post(f"/admin/assignment/agents/{people.ids['mika']}", data=data)
    assert answer.status_code == 422
    assert session.get(AgentDuty, people.ids["mika"]) is None
    unknown = ada.post(f"/admin/assignment/teams/{people.ids['billing']}", data={"method": "x"})
    assert unknown.status_code == 422


def test_agents_switch_themselves_off_and_on(client: Visitor, people: Cast) -> None:
    mika = client.sign_in(people.mika)
    assert "You are given tickets by teams" in mika.get("/desk/availability").text
    assert mika.post("/desk/availability", data={"available": "no"}).status_code == 303
    assert "You are switched off" in mika.get("/desk/availability").text
    assert "off shift" in mika.get("/desk/availability").text
    mika.post("/desk/availability", data={"available": "yes"})
    assert session.get_one(AgentDuty, people.ids["mika"]).is_available
