"""Finding tickets and customers."""

import re

import pytest

from helpdesk.core.db import transaction
from helpdesk.tickets import conversation
from tests.cast import Cast
from tests.desk.conftest import statements
from tests.desk.test_queue import numbers, walk
from tests.visitor import Visitor


def found(visitor: Visitor, words: str, **more: str) -> list[int]:
    answer = visitor.get("/desk/search", query_string={"q": words, **more})
    assert answer.status_code == 200, answer.location
    return numbers(answer.text)


def file(people: Cast, subject: str, body: str = "Please") -> int:
    with transaction():
        return conversation.file(people.sam, subject, body).id


@pytest.mark.parametrize("words", ["{}", "#{}", "  #{} "])
def test_a_number_leads_to_its_ticket(mika: Visitor, people: Cast, words: str) -> None:
    number = people.ids["ticket"]
    answer = mika.get("/desk/search", query_string={"q": words.format(number)})
    assert answer.location == f"/desk/tickets/{number}"


FINDS = (
    "Rosa", "rosa lin", "ROSA@harbor", "harbor cof", "charged october", "OCTOBER", "octo",
    "status:open card", "card assignee:me", "charged -november", "twice OR nothing",
    "card -november -december",
    "is:open team:billing", '"charged twice"', "customer:rosa",
)  # fmt: skip
FINDS_NOTHING = (
    "lindt-x", "harged", "charged november", "_osa", "a' OR 1=1", "9" * 40, "oc", "card -october",
    "card is:done", "NEAR(card twice)", "card*x", "1 AND (SELECT 1)", "'; DROP TABLE ticket; --",
)  # fmt: skip


def test_a_ticket_is_found_by_what_one_remembers(mika: Visitor, people: Cast) -> None:
    only = [people.ids["ticket"]]
    assert not {words for words in FINDS if found(mika, words) != only}


@pytest.mark.parametrize("typed", ["rosa@harbor.example", "rosa@harbor.exam"])
def test_an_address_is_found_while_it_is_typed(mika: Visitor, people: Cast, typed: str) -> None:
    assert people.ticket.subject in mika.get(f"/desk/search?q={typed}").text


def test_what_does_not_fit_is_not_found(mika: Visitor, people: Cast) -> None:
    assert not {words for words in FINDS_NOTHING if found(mika, words)}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("%", "nothing to look for"),
        ('charged "twice', "This quote does not end"),
        ("x" * 10_000, "10,000 characters; 2,000 are possible"),
        ("tag:a " * 300, "50 conditions"),
        ("statsu:open", "Did you mean “status”?"),
        ("team:biling charged", "Did you mean “Billing”?"),
    ],
)
def test_what_cannot_be_understood_is_said(mika: Visitor, words: str, said: str) -> None:
    answer = mika.get("/desk/search", query_string={"q": words})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_mistake_shows_where_it_is_and_what_was_meant(mika: Visitor) -> None:
    text = mika.get("/desk/search", query_string={"q": "card statsu:open"}).text
    assert "card <mark>statsu:open</mark>" in text
    assert 'href="/desk/search?q=card+status:open"' in text


def test_what_fits_best_comes_first(mika: Visitor, people: Cast) -> None:
    in_order = [
        file(people, "The late fee"),
        file(people, "A fee that was late"),
        file(people, "Question", "About the late fee"),
        file(people, "Question", "Late fees"),
        file(people, "Question", "The fee came late"),
    ]
    assert found(mika, "late fee") == in_order
    assert found(mika, "late fee", sort="newest") == in_order[::-1]


def test_words_are_marked_where_they_stand(mika: Visitor, people: Cast) -> None:
    file(people, "<b>Late</b> & co", "x " * 200 + "the LATEST <i>fee</i> " + "y " * 200)
    text = mika.get("/desk/search?q=late+fee").text
    assert "<b>&lt;b&gt;<mark>Late</mark>&lt;/b&gt; &amp; co</b>" in text
    assert "the LATEST &lt;i&gt;<mark>fee</mark>&lt;/i&gt; y" in text
    beginning = mika.get("/desk/search?q=fee+lat").text
    assert "the <mark>LATEST</mark> &lt;i&gt;<mark>fee</mark>" in beginning


def test_a_search_costs_the_same_however_much_it_finds(mika: Visitor, people: Cast) -> None:
    file(people, "Zeppelin late", "zeppelin")
    mika.get("/desk/search?q=zeppelin+la")
    with statements() as few:
        mika.get("/desk/search?q=zeppelin+la")
    with transaction():
        for n in range(60):
            conversation.file(people.sam, f"Zeppelin {n} late", "zeppelin later")
    with statements() as many:
        mika.get("/desk/search?q=zeppelin+la")
    assert len(few) <= len(many) <= 12


def test_no_words_ask_for_some(mika: Visitor) -> None:
    assert "What are you looking for?" in mika.get("/desk/search").text


def test_customers_are_found_beside_tickets(mika: Visitor, people: Cast) -> None:
    text = mika.get("/desk/search?q=sam").text
    assert f'href="/desk/customers/{people.ids["sam"]}"' in text


@pytest.mark.parametrize("sort", ["best", "newest"])
def test_many_results_are_paged(mika: Visitor, people: Cast, sort: str) -> None:
    with transaction():
        for n in range(60):
            conversation.file(people.sam, f"Payslip {n}" if n % 3 else "Other", "payslip")
    pages = walk(mika, f"/desk/search?q=payslip&sort={sort}", "next")
    assert [len(page) for page in pages] == [25, 25, 10]
    assert len({number for page in pages for number in page}) == 60


def test_one_pages_back_through_the_best(mika: Visitor, people: Cast) -> None:
    with transaction():
        for _ in range(60):
            conversation.file(people.sam, "Payslip", "payslip")
    there = walk(mika, "/desk/search?q=payslip", "next")
    last = next_page(mika.get(next_page(mika.get("/desk/search?q=payslip").text)).text)
    assert walk(mika, last, "prev") == there[::-1]


def next_page(text: str) -> str:
    found = re.search(r'<a href="([^"]+)" rel="next"', text)
    assert found is not None
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize("cursor", ["x", "1.x", "9" * 30, "1.2.3", "-1"])
def test_a_damaged_page_link_is_refused(mika: Visitor, cursor: str) -> None:
    for sort in ("best", "newest"):
        query = {"q": "card", "at": cursor, "sort": sort}
        assert mika.get("/desk/search", query_string=query).status_code == 422


def test_the_list_of_customers_begins_with_what_was_typed(mika: Visitor, people: Cast) -> None:
    text = mika.get("/desk/customers?q=carl").text
    assert "Carl Lindt" in text
    assert "Rosa Lindt" not in text
    assert "Nobody" in mika.get("/desk/customers?q=zzz").text


def test_the_list_of_customers_is_paged_by_name(mika: Visitor, people: Cast) -> None:
    import re

    from helpdesk.core.clock import now
    from helpdesk.core.db import session
    from helpdesk.customers.models import Customer

    with transaction():
        session.add_all(Customer(name=f"Same {n % 7}", created_at=now()) for n in range(120))
    seen: list[str] = []
    address: str | None = "/desk/customers"
    while address:
        text = mika.get(address).text
        seen += re.findall(r'<a href="/desk/customers/(\d+)"', text)
        after = re.search(r'<a href="([^"]+)" rel="next"', text)
        address = after[1].replace("&amp;", "&") if after else None
    assert len(seen) == len(set(seen)) == 123
    before = re.search(r'<a href="([^"]+)" rel="prev"', text)
    assert before is not None
    back = re.findall(
        r'<a href="/desk/customers/(\d+)"', mika.get(before[1].replace("&amp;", "&")).text
    )
    assert back == seen[50:100]
