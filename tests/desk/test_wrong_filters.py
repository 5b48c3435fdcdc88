"""What the queue says of a filter that is wrong, and how it is put right from there."""

import html
import re

import pytest

from helpdesk.core.db import session, transaction
from helpdesk.desk.actions import Wish, save_view
from tests.cast import Cast
from tests.visitor import Visitor


def parts(visitor: Visitor, **query: str) -> dict[str, str]:
    """What is marked, what stands in the field, and where the link to what was meant leads."""
    answer = visitor.get("/desk/queue/open", query_string=query)
    assert answer.status_code == 422
    found = {
        "marked": re.search(r"<mark>(.*?)</mark>", answer.text),
        "field": re.search(r'name="q" value="([^"]*)" aria-label="Filter"', answer.text),
        "meant": re.search(r'<a href="([^"]+)">Look for ', answer.text),
    }
    return {name: html.unescape(hit[1]) for name, hit in found.items() if hit}


def test_what_was_meant_is_offered(mika: Visitor) -> None:
    said = parts(mika, q="statsu:open card", sort="number")
    assert said == {
        "marked": "statsu:open",
        "field": "statsu:open card",
        "meant": "/desk/queue/open?q=status:open+card&sort=number",
    }
    assert mika.get(said["meant"]).status_code == 200


@pytest.mark.parametrize(
    ("added", "marked", "whole"),
    [
        ({"more": "priorty>=high"}, "priorty>=high", "is:open priorty>=high"),
        ({"more": "card", "priority": "soon"}, "priority:soon", "is:open card priority:soon"),
        ({"more": '"never'}, '"never', 'is:open "never'),
    ],
)
def test_what_is_wrong_with_an_addition_is_marked_there(
    mika: Visitor, added: dict[str, str], marked: str, whole: str
) -> None:
    said = parts(mika, q="is:open", **added)
    assert (said["marked"], said["field"]) == (marked, whole)


def test_a_wrong_list_is_not_brought_up_to_date(mika: Visitor) -> None:
    page = mika.get("/desk/queue/open?more=statsu:open").text
    assert 'data-live="/desk/live"' in page, "the list of what is right would come below it"


def test_a_wrong_filter_can_be_dropped_and_added_to_anew(mika: Visitor) -> None:
    page = mika.get("/desk/queue/open?q=statsu:open").text
    assert '<a class="button button-quiet" href="/desk/queue/open">Drop the filter</a>' in page
    assert '<input type="hidden" name="q"' not in page


def test_a_saved_view_that_is_wrong_leads_to_where_it_is_changed(
    mika: Visitor, people: Cast
) -> None:
    with transaction():
        number = save_view(Wish("Old team", "team:technical"), by=people.mika).id
    with transaction():
        people.technical.name = "Engineering"
        session.flush()
    page = mika.get(f"/desk/queue/{number}").text
    assert f'href="/desk/views/{number}">Change this view' in page
    assert 'aria-label="Filter"' not in page, "the address is not what is wrong"
