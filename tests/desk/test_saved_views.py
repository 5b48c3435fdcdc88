"""Saved views: whose they are, what they hold, how they are shared and put in order."""

import re

import pytest
from sqlalchemy import func, select

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Forbidden, Invalid
from helpdesk.core.journal import JournalEntry
from helpdesk.desk.actions import MOST_VIEWS, Wish, move_view, save_view
from helpdesk.desk.columns import COLUMNS
from helpdesk.desk.models import SavedView
from helpdesk.desk.queries import own_views
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Priority
from tests.cast import Cast
from tests.desk.conftest import many, marked_wrong, statements
from tests.desk.test_queue import numbers
from tests.visitor import Visitor


def saved(people: Cast, text: str = "is:open tag:refund", **more: object) -> int:
    with transaction():
        return save_view(Wish("Refunds", text, **more), by=people.mika).id  # type: ignore[arg-type]  # whatever a test wants


def rail(visitor: Visitor) -> dict[str, str]:
    page = visitor.get("/desk/queue/mine").text
    found = re.findall(r"<span>([^<]+)</span><span class=\"rail-count[^\"]*\">([^<]+)</span>", page)
    return dict(found)


def test_a_filter_is_saved_as_a_view(mika: Visitor, people: Cast) -> None:
    with transaction():
        actions.set_tags(people.ticket, ["refund"], by=people.mika)
    form = {"name": " My  refunds ", "text": "IS:open tag:Refund", "sort": "-priority"}
    answer = mika.post("/desk/views", data=form)
    view = session.scalars(select(SavedView)).one()
    assert answer.location == f"/desk/queue/{view.id}"
    assert (view.name, view.text, view.sort) == ("My refunds", "is:open tag:refund", "-priority")
    page = mika.get(answer.location).text
    assert numbers(page) == [people.ids["ticket"]]
    assert 'value="-priority" selected' in page
    assert rail(mika)["My refunds"] == "1"
    assert page.count("All views") == 1 + page.count("Go to All views")
    assert (
        session.scalar(select(JournalEntry.event).order_by(JournalEntry.id.desc())) == "ViewSaved"
    )


@pytest.mark.parametrize(
    ("form", "words", "marked"),
    [
        ({"name": "", "text": ""}, "a name of 1 to 60", ["name"]),
        ({"name": "x" * 61, "text": ""}, "a name of 1 to 60", ["name"]),
        ({"name": "A", "text": "statsu:open"}, "Did you mean “status”?", ["text"]),
        ({"name": "A", "text": "team:nowhere"}, "no team “nowhere”", ["text"]),
        ({"name": "A", "text": "x" * 5000}, "5,000 characters", ["text"]),
        ({"name": "A", "text": "", "sort": "1;--"}, "cannot be sorted", []),
        ({"name": "A", "text": "", "column": "password_hash"}, "no column “password_hash”", []),
    ],
)
def test_a_view_that_cannot_be_is_refused_and_shown_again(
    mika: Visitor, form: dict[str, str], words: str, marked: list[str]
) -> None:
    answer = mika.post("/desk/views", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert marked_wrong(answer.text) == marked
    assert session.scalar(select(func.count(SavedView.id))) == 0


def test_somebody_elses_view_does_not_exist(ben: Visitor, mika: Visitor, people: Cast) -> None:
    number = saved(people)
    assert mika.get(f"/desk/queue/{number}").status_code == 200
    for address in (f"/desk/queue/{number}", f"/desk/views/{number}"):
        assert ben.get(address).status_code == 404
    assert ben.post(f"/desk/views/{number}/deletion").status_code == 404
    assert "Refunds" not in ben.get("/desk/views").text


def test_a_team_shares_a_view_and_each_sees_their_own_in_it(
    ben: Visitor, mika: Visitor, people: Cast, secret: int
) -> None:
    with transaction():
        billing = people.billing
        billing.members.append(people.ben)
        session.flush()
        view = save_view(Wish("All", "is:open", teams=[people.billing]), by=people.mika).id
    assert secret in numbers(mika.get(f"/desk/queue/{view}").text)
    page = ben.get(f"/desk/queue/{view}").text
    assert numbers(page) == [people.ids["ticket"]]
    assert (rail(mika)["All"], rail(ben)["All"]) == ("2", "1")
    form = {"name": "Mine now", "text": ""}
    assert ben.post(f"/desk/views/{view}", data=form).status_code == 403
    assert "becomes a view of your own" in ben.get(f"/desk/views/{view}").text


def test_me_is_whoever_looks(ben: Visitor, mika: Visitor, people: Cast) -> None:
    with transaction():
        view = save_view(Wish("To do", "assignee:me", for_everybody=True), by=people.ada).id
    assert numbers(mika.get(f"/desk/queue/{view}").text) == [people.ids["ticket"]]
    assert numbers(ben.get(f"/desk/queue/{view}").text) == []


def test_agents_share_with_their_own_teams(people: Cast) -> None:
    with pytest.raises(Forbidden, match="not in Technical"), transaction():
        save_view(Wish("A", "", teams=[people.technical]), by=people.mika)
    with pytest.raises(Forbidden, match="manager"), transaction():
        save_view(Wish("A", "", for_everybody=True), by=people.mika)
    with transaction():
        save_view(Wish("A", "", teams=[people.technical], for_everybody=True), by=people.nora)


def test_fifty_are_enough(people: Cast) -> None:
    with transaction():
        for n in range(MOST_VIEWS):
            save_view(Wish(f"View {n}", "is:open"), by=people.mika)
    with pytest.raises(Invalid, match="50 views"), transaction():
        save_view(Wish("One more", ""), by=people.mika)


def test_views_are_put_in_order(people: Cast) -> None:
    with transaction():
        for name in "ABC":
            save_view(Wish(name, ""), by=people.mika)
    for name, up, order in (("C", True, "ACB"), ("A", False, "CAB"), ("C", True, "CAB")):
        with transaction():
            view = next(v for v in own_views(people.mika) if v.name == name)
            move_view(view, up=up, by=people.mika)
        assert "".join(v.name for v in own_views(people.mika)) == order


def test_a_view_is_changed_and_deleted(mika: Visitor, people: Cast) -> None:
    number = saved(people)
    form = {"name": "Urgent", "text": "priority:urgent", "column": ["status", "team"]}
    assert mika.post(f"/desk/views/{number}", data=form).status_code == 303
    assert "Urgent" in rail(mika)
    for _ in range(2):
        mika.post(f"/desk/views/{number}/deletion")
    assert mika.get(f"/desk/queue/{number}").status_code == 404
    assert "Urgent" not in rail(mika)


def test_a_view_can_be_a_table_of_any_columns(mika: Visitor, people: Cast) -> None:
    with transaction():
        actions.set_priority(people.ticket, Priority.URGENT, by=None)
        conversation.file(people.sam, "<b>Other</b>", "Please")
    number = saved(people, "is:open", columns=list(COLUMNS), sort="-priority")
    page = mika.get(f"/desk/queue/{number}").text
    assert len(numbers(page)) == 2
    for words in ("Harbor Coffee", "urgent", "Billing", "Mika Kallio", "&lt;b&gt;Other&lt;/b&gt;"):
        assert words in page
    assert 'aria-sort="descending"><a href="/desk/queue/' in page
    assert "sort=priority" in page, "pressed again it is turned round"


def test_a_view_whose_team_is_gone_says_so(mika: Visitor, people: Cast) -> None:
    number = saved(people, "team:technical")
    with transaction():
        people.technical.name = "Engineering"
    answer = mika.get(f"/desk/queue/{number}")
    assert answer.status_code == 422
    assert "There is no team “technical”." in answer.text
    assert mika.get("/desk/queue/mine").status_code == 200


def test_counts_follow_what_happens(mika: Visitor, people: Cast) -> None:
    saved(people, "is:open customer:sam")
    assert rail(mika)["Refunds"] == "0"
    with transaction():
        conversation.file(people.sam, "Other", "Please")
    assert rail(mika)["Refunds"] == "1"
    many(people, 1005)
    saved(people, "is:open priority:normal customer:rosa")
    assert "999+" in rail(mika).values()


def test_pages_cost_the_same_however_many_views_and_tickets(mika: Visitor, people: Cast) -> None:
    view = saved(people, "is:open team:billing assignee:mika")
    address = f"/desk/queue/{view}?q=priority:normal&sort=customer"
    with statements() as few:
        assert mika.get(address).status_code == 200
    many(people, 60)
    with transaction():
        for n in range(20):
            save_view(
                Wish(f"View {n}", f"team:billing assignee:mika score:{n % 5 + 1}"), by=people.mika
            )
    with statements() as more:
        mika.get(address)
    assert len(more) == len(few) <= 12
    with statements() as listed:
        mika.get("/desk/views")
    assert len(listed) <= 12
