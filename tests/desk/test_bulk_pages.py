"""Bulk edits through the pages: chosen in the queue, looked at, done, taken back."""

import re

from helpdesk.core.db import session, transaction
from helpdesk.tickets import actions
from helpdesk.tickets.bulk.models import BulkEdit, BulkState
from helpdesk.tickets.models import Status
from tests.cast import Cast
from tests.visitor import Visitor
from tests.work import Work


def proposed(visitor: Visitor, **form: str) -> str:
    answer = visitor.post("/desk/bulk", data=form)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def priority(people: Cast) -> str:
    return people.ticket.priority.value


def test_what_is_ticked_in_the_queue_is_changed_and_taken_back(
    mika: Visitor, people: Cast, work: Work
) -> None:
    number = people.ids["ticket"]
    assert "/desk/bulk/selection" in mika.get("/desk/queue/open").text
    chosen = mika.post("/desk/bulk/selection", data={"ticket": [str(number), "zzz"]})
    assert chosen.location == f"/desk/bulk/new?tickets={number}"
    assert f"#{number}" in mika.get(chosen.location).text
    there = proposed(mika, tickets=str(number), **{"do-priority": "high"})
    look = mika.get(there).text
    assert "1 would change" in look
    assert priority(people) == "normal"
    assert mika.post(f"{there}/start").status_code == 303
    running = mika.get(there).text
    assert 'hx-trigger="every 2s"' in running
    piece = mika.get(there, headers={"HX-Request": "true"}).text
    assert piece.lstrip().startswith("<div")
    work()
    assert priority(people) == "high"
    assert '<dt>Changed</dt><dd class="number">1</dd>' in mika.get(there).text
    assert f"in bulk edit {there.rsplit('/', 1)[1]}" in mika.get(f"/desk/tickets/{number}").text
    assert mika.post(f"{there}/undoing").status_code == 303
    work()
    assert priority(people) == "normal"
    assert "As before again" in mika.get(there).text
    assert there in mika.get("/desk/bulk").text


def test_all_that_fit_the_filter_are_meant(mika: Visitor, people: Cast) -> None:
    page = mika.get("/desk/queue/mine?q=priority:normal").text
    found = re.search(r'name="whole" value="([^"]+)"', page)
    assert found is not None
    chosen = mika.post("/desk/bulk/selection", data={"everything": "1", "whole": found[1]})
    assert "Change 1 ticket" in mika.get(chosen.location).text
    there = proposed(mika, q=found[1], **{"do-add_tags": "seen"})
    bulk = session.get_one(BulkEdit, int(there.rsplit("/", 1)[1]))
    assert bulk.text == "is:open assignee:me -is:snoozed priority:normal"


def test_the_search_offers_no_everything_without_a_filter(mika: Visitor, people: Cast) -> None:
    assert 'name="everything"' not in mika.get("/desk/search?q=charged").text
    assert mika.post("/desk/bulk/selection", data={"everything": "1"}).status_code == 422


def test_wrong_choices_are_shown_again(mika: Visitor, people: Cast) -> None:
    number = str(people.ids["ticket"])
    answer = mika.post("/desk/bulk", data={"tickets": number})
    assert answer.status_code == 422
    assert "Choose at least one change" in answer.text
    answer = mika.post("/desk/bulk", data={"tickets": number, "do-reply": "{{x}} kept"})
    assert answer.status_code == 422
    assert "{{x}} kept</textarea>" in answer.text
    assert mika.get("/desk/bulk/new?q=statsu:open").status_code == 422
    assert mika.get("/desk/bulk/new?q=%00").status_code in (200, 422)
    assert mika.get("/desk/bulk/new").status_code == 422
    assert mika.post("/desk/bulk/selection").status_code == 422
    assert mika.get("/desk/bulk/new?q=is:open&macro=999").status_code == 422
    assert session.query(BulkEdit).count() == 0


def test_replies_ask_once_more(mika: Visitor, people: Cast, work: Work) -> None:
    number = str(people.ids["ticket"])
    there = proposed(mika, tickets=number, **{"do-reply": "Hello {{customer.first_name}}"})
    assert "Yes, write to the customers of 1 ticket" in mika.get(there).text
    refused = mika.post(f"{there}/start")
    assert refused.status_code == 422
    assert "Tick the box" in refused.text
    work()
    assert session.query(BulkEdit).one().state is BulkState.PROPOSED
    assert mika.post(f"{there}/start", data={"confirmed": "yes"}).status_code == 303


def test_others_do_not_see_it_and_hidden_tickets_are_not_named(
    mika: Visitor, ben: Visitor, people: Cast, secret: int, work: Work
) -> None:
    with transaction():
        actions.resolve(session.merge(people.ticket), by=people.mika)
    there = proposed(mika, q="", **{"do-status": "pending"})
    mika.post(f"{there}/start")
    work()
    assert ben.get(there).status_code == 404
    with transaction():
        people.mika.teams = []
    page = mika.get(there).text
    assert "Charged twice" in page, "it could not be changed"
    assert "Salary of Xaver" not in page


def test_what_would_be_refused_is_seen_before(mika: Visitor, people: Cast) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    there = proposed(mika, tickets=str(people.ids["ticket"]), **{"do-status": "pending"})
    page = mika.get(there).text
    assert "1 × set to waiting for the customer: This ticket is done" in page
    assert people.ticket.status is Status.RESOLVED
