"""Finding tickets and customers."""

import pytest

from helpdesk.core.db import transaction
from helpdesk.tickets import conversation
from tests.cast import Cast
from tests.desk.test_queue import numbers
from tests.visitor import Visitor


def found(visitor: Visitor, words: str) -> list[int]:
    answer = visitor.get("/desk/search", query_string={"q": words})
    assert answer.status_code == 200, answer.location
    return numbers(answer.text)


@pytest.mark.parametrize("words", ["{}", "#{}", "  #{} "])
def test_a_number_leads_to_its_ticket(mika: Visitor, people: Cast, words: str) -> None:
    number = people.ids["ticket"]
    answer = mika.get("/desk/search", query_string={"q": words.format(number)})
    assert answer.location == f"/desk/tickets/{number}"


@pytest.mark.parametrize(
    "words",
    ["Rosa", "rosa li", "ROSA@harbor", "harbor cof", "charged october", "OCTOBER", "octo"],
)
def test_a_ticket_is_found_by_what_one_remembers(mika: Visitor, people: Cast, words: str) -> None:
    assert found(mika, words) == [people.ids["ticket"]]


@pytest.mark.parametrize(
    "words",
    ["lindt-x", "harged", "charged november", "%", "_osa", "'", '"', "a' OR 1=1", "\x00", "9" * 40],
)
def test_what_does_not_fit_is_not_found(mika: Visitor, people: Cast, words: str) -> None:
    assert found(mika, words) == []


def test_no_words_ask_for_some(mika: Visitor) -> None:
    assert "What are you looking for?" in mika.get("/desk/search").text


def test_customers_are_found_beside_tickets(mika: Visitor, people: Cast) -> None:
    text = mika.get("/desk/search?q=sam").text
    assert f'href="/desk/customers/{people.ids["sam"]}"' in text


def test_many_results_are_paged(mika: Visitor, people: Cast) -> None:
    with transaction():
        for n in range(30):
            conversation.file(people.sam, f"Payslip {n}", "Please")
    first = mika.get("/desk/search?q=payslip").text
    assert len(numbers(first)) == 25
    assert 'rel="next"' in first


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
