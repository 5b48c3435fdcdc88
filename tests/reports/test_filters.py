"""Any filter of the filter language narrows every report, and the lists behind its numbers."""

import pytest

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Invalid
from helpdesk.reports.access import Reader
from helpdesk.reports.counting import rows, tally
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.pages import PAGES
from helpdesk.tickets.filters import parse
from tests.cast import Cast
from tests.reports.history import History, selection
from tests.reports.slowly import Slowly
from tests.visitor import Visitor

FILTERS = (
    "is:open",
    "-tag:refund channel:portal",
    "tag:login OR tag:invoice",
    "assignee:none",
    '"Charged twice" -is:open',
)


@pytest.mark.parametrize("text", FILTERS)
def test_a_filtered_number_is_its_list(history: History, text: str) -> None:
    with transaction(write=False):
        reader, chosen = Reader(history.people.nora), selection(120).wanting(parse(text))
        for measure in MEASURES.values():
            number = tally(reader, measure, chosen, [chosen.period])[0,]
            listed = session.scalars(rows(reader, measure, chosen, measure.subject.root.id))
            assert len(listed.all()) == number, measure.name


def test_a_filter_asks_of_tickets_what_plain_python_asks(history: History) -> None:
    with transaction(write=False):
        reader, chosen = Reader(history.people.nora), selection(120).wanting(parse("-tag:login"))
        slow = Slowly(reader.account, chosen.period)
        untagged = {t.id for t in slow.tickets.values() if "login" not in [g.name for g in t.tags]}
        for name in ("filed", "resolved", "csat", "asked", "messages"):
            expected = [row for row in slow.rows(name) if ticket_of(row) in untagged]
            number = tally(reader, MEASURES[name], chosen, [chosen.period])[0,]
            assert number == len(expected) > 0, name


def test_what_has_no_ticket_is_of_customers_who_have_such_a_ticket(history: History) -> None:
    with transaction(write=False):
        reader, chosen = Reader(history.people.nora), selection(120).wanting(parse("tag:login"))
        slow = Slowly(reader.account, chosen.period)
        tickets = slow._tickets(lambda ticket: "login" in [tag.name for tag in ticket.tags])
        theirs = {ticket.customer_id for ticket in tickets}
        for name in ("nps", "nps_asked", "flags_raised"):
            expected = [row for row in slow.rows(name) if row.customer_id in theirs]
            number = tally(reader, MEASURES[name], chosen, [chosen.period])[0,]
            assert number == len(expected) > 0, name


@pytest.mark.databases("sqlite")  # the conditions themselves are tried on both
def test_every_page_and_its_spreadsheet_take_a_filter(history: History, client: Visitor) -> None:
    client.sign_in(history.people.nora)
    for name in PAGES:
        address = "/reports" if name == "overview" else f"/reports/{name}"
        page = client.get(f"{address}?q=tag:login+-is:open")
        assert page.status_code == 200
        assert "Drop the filter tag:login" in page.text
        assert "q=tag%3Alogin" in page.text
        assert client.get(f"{address}.csv?q=tag:login").status_code == 200


@pytest.mark.parametrize("text", ["status:", "(tag:a", "assignee:nobody-like-that", "x" * 3000])
def test_a_filter_that_means_nothing_gets_words(people: Cast, client: Visitor, text: str) -> None:
    client.sign_in(people.nora)
    for address in ("/reports", "/reports/nps", "/reports.csv", "/reports/tickets"):
        page = client.get(address, query_string={"of": "filed", "q": text})
        assert page.status_code == 422
        assert "<h1>" in page.text


def test_a_filter_shows_nobody_more_than_they_may_see(history: History) -> None:
    with transaction(write=False):
        reader = Reader(history.people.mika)
        plain, wanted = selection(200), selection(200).wanting(parse("is:open OR -is:open"))
        for name in ("filed", "csat", "messages"):
            every, found = (
                tally(reader, MEASURES[name], each, [each.period]) for each in (plain, wanted)
            )
            assert found == every
        with pytest.raises(Invalid):
            tally(reader, MEASURES["filed"], plain.wanting(parse("team:atlantis")), [plain.period])


def ticket_of(row: object) -> int:
    """Which ticket a row of a measure is about."""
    for name in ("ticket_id", "subject_id", "id"):
        if (number := getattr(row, name, None)) is not None:
            return int(number)
    raise AssertionError(row)
