"""The tone of messages, carried to their ticket."""

from flask import Flask

from helpdesk.core.db import session, transaction
from helpdesk.tickets import conversation
from helpdesk.tickets.jobs import score_messages
from helpdesk.tickets.tone import score_message
from tests.cast import cast


def test_the_ticket_shows_the_tone_of_the_last_message_in_whatever_order_they_are_scored(
    app: Flask,
) -> None:
    people = cast()
    with transaction():
        conversation.write(people.ticket, "This is terrible, I am very angry.", people.rosa)
        conversation.write(people.ticket, "Great, thank you, it works perfectly!", people.rosa)
    score_messages()
    assert people.ticket.sentiment_label == "positive"
    with transaction():
        *_, last = people.ticket.messages
        for message in people.ticket.messages:
            message.scored_at = message.polarity = None
        session.flush()
        score_message(last.id)
    with transaction():
        for message in people.ticket.messages[:-1]:
            score_message(message.id)
    assert people.ticket.sentiment_label == "positive"
