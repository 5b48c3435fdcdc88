"""The palette: whatever one types leads to tickets, customers, views and actions."""

import html
import re

from helpdesk.core.db import transaction
from helpdesk.desk.actions import Wish, save_view
from helpdesk.tickets import conversation
from tests.cast import Cast
from tests.desk.conftest import statements
from tests.visitor import Visitor


def offered(visitor: Visitor, text: str) -> dict[str, str]:
    answer = visitor.get("/desk/palette", query_string={"q": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    found = re.findall(r'href="([^"]+)"><span[^>]*>(.*?)</span>', answer.text)
    return {html.unescape(label): html.unescape(url) for url, label in found}


def test_it_begins_with_where_one_can_go(mika: Visitor, people: Cast) -> None:
    with transaction():
        save_view(Wish("Late fees", "tag:late-fee"), by=people.mika)
    found = offered(mika, "")
    assert found["Mine"] == "/desk/queue/mine"
    assert found["New ticket"] == "/desk/tickets/new"
    assert "Late fees" in found


def test_it_finds_tickets_customers_views_and_actions(mika: Visitor, people: Cast) -> None:
    number = people.ids["ticket"]
    with transaction():
        save_view(Wish("Charged wrongly", "tag:charged"), by=people.mika)
    assert offered(mika, "charg")["Charged twice for October"] == f"/desk/tickets/{number}"
    assert "Charged wrongly" in offered(mika, "wrong")
    assert offered(mika, "Rosa")["Rosa Lindt"] == f"/desk/customers/{people.ids['rosa']}"
    assert offered(mika, "new tick")["New ticket"] == "/desk/tickets/new"
    assert offered(mika, f"#{number}")["Charged twice for October"] == f"/desk/tickets/{number}"
    assert "Search everything" in next(iter(offered(mika, "zzz")))


def test_a_filter_without_words_finds_tickets_as_well(
    mika: Visitor, ben: Visitor, people: Cast, secret: int
) -> None:
    assert "Charged twice for October" in offered(mika, "is:open assignee:me")
    assert "Charged twice for October" not in offered(ben, "is:open assignee:me")
    assert "Salary of Xaver" in offered(mika, "is:open")
    assert "Salary of Xaver" not in offered(ben, "is:open")


def test_what_one_may_not_see_is_not_offered(ben: Visitor, mika: Visitor, secret: int) -> None:
    assert "Salary of Xaver" in offered(mika, "xaver")
    assert "Salary of Xaver" not in offered(ben, "xaver")
    assert "Salary of Xaver" not in offered(ben, f"{secret}")


def test_a_wrong_filter_is_said(mika: Visitor) -> None:
    answer = mika.get("/desk/palette?q=statsu:open", headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Did you mean “status”?" in answer.text


def test_markup_in_names_stays_text(mika: Visitor, people: Cast) -> None:
    with transaction():
        conversation.file(people.sam, "<img src=x onerror=alert(1)>", "Please")
    answer = mika.get("/desk/palette?q=onerror", headers={"HX-Request": "true"})
    assert "&lt;img src=x" in answer.text
    assert "<img" not in answer.text


def test_without_script_it_is_the_search(mika: Visitor) -> None:
    assert mika.get("/desk/palette?q=a+b").location == "/desk/search?q=a+b"


def test_it_asks_few_questions(mika: Visitor, people: Cast) -> None:
    with statements() as asked:
        offered(mika, "late cha")
    assert len(asked) <= 12
