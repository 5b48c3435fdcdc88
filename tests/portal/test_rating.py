"""A customer rates our help on the page of the request: the same question as in the mail."""

from helpdesk.core.db import session, transaction
from helpdesk.surveys.models import Response, State
from helpdesk.tickets.links import link_for
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import answered, asked, invitation, link, resolved, response
from tests.visitor import Visitor

QUESTION = 'class="survey panel"'


def page(client: Visitor, people: Cast, who: str = "rosas_account") -> str:
    client.sign_in(getattr(people, who))
    return client.get(f"/requests/{people.ids['ticket']}").text


def test_the_question_stands_on_the_request_and_counts_once(
    client: Visitor, people: Cast, clock: Clock
) -> None:
    invitation_id = asked(people, clock)
    shown = page(client, people)
    path = link(invitation_id, "/response")
    assert QUESTION in shown
    assert f'action="{path}"' in shown
    assert "checked" not in shown.split(QUESTION)[1].split("</form>")[0]
    client.post(path, data={"score": "2", "comment": "Slow.", "from": "portal"}, csrf=False)
    answered(invitation_id, 4, "Slow.")  # and changes it behind the link of the mail
    (given,) = session.query(Response).all()
    assert (given.score, len(given.revisions)) == (4, 1)


def test_it_is_known_that_it_was_answered_here(client: Visitor, people: Cast, clock: Clock) -> None:
    invitation_id = asked(people, clock)
    path = link(invitation_id, "/response")
    client.post(path, data={"score": "5", "from": "portal"}, csrf=False)
    (given,) = session.query(Response.id).all()
    assert response(given.id).door == "portal"
    assert invitation(invitation_id).state is State.ANSWERED


def test_what_was_answered_is_shown_and_can_be_changed(
    client: Visitor, people: Cast, clock: Clock
) -> None:
    invitation_id = asked(people, clock)
    answered(invitation_id, 5)
    shown = page(client, people)
    assert QUESTION not in shown
    assert "<strong>5 of 5</strong>" in shown
    assert f'href="{link(invitation_id)}"' in shown


def test_it_is_asked_by_the_link_of_the_request_as_well(
    client: Visitor, people: Cast, clock: Clock
) -> None:
    asked(people, clock)
    with transaction():
        path = link_for(people.ticket, people.rosa, people.rosa.email or "")
    assert QUESTION in client.get(path).text


def test_before_anybody_is_asked_nothing_stands_there(client: Visitor, people: Cast) -> None:
    resolved(people)
    assert QUESTION not in page(client, people)


def test_a_colleague_who_reads_along_is_not_asked(
    client: Visitor, people: Cast, clock: Clock
) -> None:
    asked(people, clock)
    with transaction():
        people.harbor.shares_tickets = True
    shown = page(client, people, "carls_account")
    assert "asked by" in shown
    assert QUESTION not in shown
