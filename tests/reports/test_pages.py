"""The pages: every report opens, and every number on it opens exactly what it counts."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from helpdesk.core.db import session, transaction
from helpdesk.reports.access import Reader
from helpdesk.reports.counting import rows
from helpdesk.reports.dimensions import DIMENSIONS
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.pages import PAGES
from helpdesk.reports.pages.staying import staying
from helpdesk.reports.question import Question
from helpdesk.reports.selection import selection_from
from tests.cast import Cast
from tests.conftest import Clock
from tests.reports.history import History
from tests.visitor import Visitor

ADDRESSES = ["/reports", *(f"/reports/{name}" for name in PAGES if name != "overview")]
NUMBER = re.compile(r"[\d,]+")


class Links(HTMLParser):
    """The texts of all links, with where they lead; but for the names of lines."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.href: str | None = None
        self.naming = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.naming = self.naming or tag == "th"
        if tag == "a" and not self.naming:
            self.href = dict(attrs).get("href")
            self.found.append((self.href or "", ""))

    def handle_endtag(self, tag: str) -> None:
        self.naming = self.naming and tag != "th"
        self.href = None if tag == "a" else self.href

    def handle_data(self, data: str) -> None:
        if self.href is not None:
            href, text = self.found[-1]
            self.found[-1] = (href, text + data)


def drill_downs(page: str) -> dict[str, int]:
    """Lists that a page links to, each with the number that it promises."""
    found = {}
    for href, text in Links(page).found:
        number = re.fullmatch(r"(?:n )?([\d,]+)(?: (?!h$|d$|min$|s$)[a-z ]+)?", text.strip())
        if href.startswith("/reports/tickets?") and number:
            found[href] = int(number[1].replace(",", ""))
    return found


def heading(page: str) -> int:
    """The number in the heading of a list."""
    found = re.search(r"<h1>([\d,]+)\b", page)
    assert found
    return int(found[1].replace(",", ""))


def listed(reader: Reader, address: str) -> int:
    """How many rows the list at that address holds."""
    asked = MultiDict(parse_qsl(urlsplit(address).query, keep_blank_values=True))
    measure, chosen = MEASURES[asked.pop("of")], selection_from(asked, DIMENSIONS)
    return len(session.scalars(rows(reader, measure, chosen, measure.subject.root.id)).all())


@pytest.mark.parametrize("more", ["", "&team={team}", "&q=-tag:login+channel:portal"])
def test_every_number_opens_exactly_what_it_counts(
    app: Flask, history: History, client: Visitor, more: str
) -> None:
    client.sign_in(history.people.nora)
    more = more.format(team=history.people.ids["billing"])
    seen: dict[str, str] = {}
    for address in ADDRESSES:
        page = client.get(f"{address}?period=custom&from=2025-12-01&to=2026-02-20{more}")
        assert page.status_code == 200
        promised = drill_downs(page.text)
        assert promised or address.endswith("patterns"), address
        with app.test_request_context(), transaction(write=False):
            reader = Reader(history.people.nora)
            for href, number in promised.items():
                assert href in seen or listed(reader, href) == number, (address, href)
                seen[href] = address
    by_measure = {href.partition("&")[0]: href for href in seen}
    for href in by_measure.values():  # and that list stands on its page
        with app.test_request_context(), transaction(write=False):
            number = listed(Reader(history.people.nora), href)
        assert heading(client.get(href).text) == number, href


@pytest.mark.parametrize("asked", ["period=30days", "period=custom&from=2025-10-01&to=2025-12-10"])
def test_every_share_of_a_cohort_opens_those_who_are_still_here(
    app: Flask, history: History, client: Visitor, asked: str
) -> None:
    chosen = selection_from(MultiDict(parse_qsl(asked)))
    with app.test_request_context(), transaction(write=False):
        reader = Reader(history.people.nora)
        table = staying(Question(reader, chosen)).panels[-1].table
        assert table is not None
        opened = 0
        for line in table.lines:
            size, *cells = line.figures
            for cell in cells:
                here = listed(reader, cell.href) if cell.href else 0
                assert isinstance(size.value, int)
                assert cell.value in (None, round(100 * here / size.value, 2)), line.name
                opened += bool(cell.href)
        assert opened > len(table.lines)
    address = f"/reports/tickets?of=customers_started&{asked}&here_after=2001-05-31"
    assert "still here after: 31 May 2001" in client.sign_in(history.people.nora).get(address).text


@pytest.mark.databases("sqlite")  # the counting itself is tried on both
def test_the_spreadsheet_behind_a_number_has_a_line_for_each(
    history: History, client: Visitor
) -> None:
    client.sign_in(history.people.nora)
    for measure in MEASURES:
        question = f"of={measure}&period=custom&from=2025-12-01&to=2026-02-20"
        number = heading(client.get(f"/reports/tickets?{question}").text)
        csv = client.get(f"/reports/tickets.csv?{question}")
        assert csv.data.count(b"\r\n") - 1 == number > 0, measure


@pytest.mark.parametrize(
    "question", ["", "?period=custom&from=2019-01-01&to=2019-01-31", "?period=year&on=2026-01-01"]
)
def test_pages_stand_when_there_is_next_to_nothing(
    clock: Clock, people: Cast, client: Visitor, question: str
) -> None:
    client.sign_in(people.nora)
    for address in ADDRESSES:
        page = client.get(address + question)
        assert page.status_code == 200
        assert ">nan" not in page.text
        assert client.get(f"{address}.csv{question}").status_code == 200


def test_figures_as_a_spreadsheet_run_no_formula(history: History, client: Visitor) -> None:
    client.sign_in(history.people.nora)
    page = client.get("/reports/tickets?of=filed&period=year&on=2026-01-01&format=csv")
    assert page.headers["Content-Type"].startswith("text/csv")
    assert b"\"'=cmd" in page.data
    assert b',"=cmd' not in page.data


@pytest.mark.parametrize(
    "question",
    [
        "period=fortnight",
        "period=custom",
        "period=custom&from=2026-02-30&to=2026-03-01",
        "period=custom&from=2026-03-01&to=2026-02-01",
        "period=custom&from=1500-01-01&to=2026-02-01",
        "period=custom&from=2001-01-01&to=2026-02-01",
        "period=week&on=yesterday",
        "team=billing",
        "team=99999999999999999999999",
        "agent=-1",
        "tag=%00%3Cscript%3E",
        "&".join(f"tag=t{n}" for n in range(40)),
    ],
)
def test_nonsense_in_the_address_gets_words(people: Cast, client: Visitor, question: str) -> None:
    client.sign_in(people.nora)
    page = client.get(f"/reports?{question}")
    assert page.status_code == 422
    assert "<h1>" in page.text


def test_a_tag_may_hold_any_sign(people: Cast, client: Visitor) -> None:
    client.sign_in(people.nora)
    for tag in ("c%23", "50%25/ähnlich", "none", "a'b%22"):
        page = client.get(f"/reports?tag={tag}")
        assert page.status_code == 200
        assert "tag: " in page.text


@pytest.mark.parametrize(
    "of",
    [
        "score=11",
        "label=sad",
        "reason=because",
        "fate=died",
        "here_after=May",
        "here_after=2026-05-01",
    ],
)
def test_nonsense_in_a_drill_down_gets_words(people: Cast, client: Visitor, of: str) -> None:
    client.sign_in(people.nora)
    assert client.get(f"/reports/tickets?of=csat&{of}").status_code == 422
    assert client.get("/reports/tickets?of=csat&fate=left").status_code == 422
    assert client.get("/reports/tickets?of=everything").status_code == 404


def test_an_agent_sees_own_figures_and_those_of_own_teams(
    history: History, client: Visitor
) -> None:
    mika, ben = history.people.mika, history.people.ben
    client.sign_in(mika)
    assert client.get(f"/reports?team={mika.teams[0].id}").status_code == 200
    assert client.get(f"/reports?team={ben.teams[0].id}").status_code == 403
    assert client.get(f"/reports?agent={ben.id}").status_code == 403
    for name in ("nps", "churn", "retention"):
        assert client.get(f"/reports/{name}").status_code == 403
        assert client.get(f"/reports/{name}.csv").status_code == 403
    for measure in ("nps", "flags_open", "customers"):
        assert client.get(f"/reports/tickets?of={measure}").status_code == 403
    page = client.get("/reports/agents?period=custom&from=2025-10-01&to=2026-02-20").text
    assert mika.name in page
    assert ben.name not in page


@pytest.mark.databases("sqlite")  # the counting itself is tried on both
def test_every_page_an_agent_may_open_agrees_with_its_lists(
    app: Flask, history: History, client: Visitor
) -> None:
    client.sign_in(history.people.mika)
    for name, page in PAGES.items():
        if not page.company_wide:
            address = "/reports" if name == "overview" else f"/reports/{name}"
            shown = client.get(f"{address}?period=custom&from=2025-12-01&to=2026-02-20")
            assert shown.status_code == 200
            with app.test_request_context(), transaction(write=False):
                reader = Reader(history.people.mika)
                for href, number in drill_downs(shown.text).items():
                    assert listed(reader, href) == number, (name, href)


def test_customers_and_strangers_see_no_report(app: Flask, people: Cast, client: Visitor) -> None:
    for address in [*ADDRESSES, "/reports/tickets?of=filed", "/reports.csv"]:
        assert client.sign_in(people.rosas_account).get(address).status_code == 403
        client.sign_out()
        assert client.get(address).status_code == 303
