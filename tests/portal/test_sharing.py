"""What colleagues see of one another where their organization shares."""

import pytest

from helpdesk.core.db import session, transaction
from helpdesk.tickets.actions import move_to_team
from helpdesk.tickets.models import Message
from tests.cast import Cast
from tests.visitor import Visitor


def share(people: Cast) -> None:
    with transaction():
        people.harbor.shares_tickets = True


def test_a_colleague_sees_the_ticket_where_the_organization_shares(
    people: Cast, client: Visitor
) -> None:
    client.sign_in(people.carls_account)
    path = f"/requests/{people.ids['ticket']}"
    assert client.get(path).status_code == 404
    share(people)
    assert client.get(path).status_code == 200


def test_what_a_restricted_team_works_on_is_shared_with_nobody(
    people: Cast, client: Visitor
) -> None:
    share(people)
    with transaction():
        people.technical.restricted = True
        move_to_team(people.ticket, people.technical, by=None)
    path = f"/requests/{people.ids['ticket']}"
    assert client.sign_in(people.carls_account).get(path).status_code == 404
    assert client.sign_in(people.rosas_account).get(path).status_code == 200


@pytest.mark.databases("sqlite")
def test_a_colleagues_words_stay_his_in_a_follow_up(people: Cast) -> None:
    from helpdesk.tickets import actions, conversation

    share(people)
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
        actions.close(people.ticket)
        follow_up = conversation.write(
            people.ticket, "It is back.", people.carl, by=people.carls_account
        )
        number = follow_up.id
    message = session.query(Message).filter_by(ticket_id=number).one()
    assert message.customer_id == people.ids["carl"]
    assert message.ticket.customer_id == people.ids["rosa"]
