"""The tone of messages, carried to their ticket."""

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Invalid
from helpdesk.core.journal import JournalEntry
from helpdesk.sentiment import rereading
from helpdesk.sentiment.models import Rereading
from helpdesk.tickets import conversation
from helpdesk.tickets.jobs import rescore_messages, score_messages
from helpdesk.tickets.models import Message
from helpdesk.tickets.rescoring import MESSAGES
from helpdesk.tickets.tone import correct, score_message, slope
from tests.cast import Cast, cast


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


def scored(*texts: str) -> Cast:
    people = cast()
    with transaction():
        for text in texts:
            conversation.write(people.ticket, text, people.rosa)
    score_messages()
    return people


def old_scores() -> None:
    with transaction():
        for message in session.scalars(select(Message).where(Message.scored_at.is_not(None))):
            message.analyzer, message.polarity = "older", 0.0


def test_a_ticket_knows_how_it_began_ended_and_sank(app: Flask) -> None:
    people = scored("This is terrible, I am very angry.", "Great, thank you, it works perfectly!")
    ticket = people.ticket
    tones = [message.polarity for message in ticket.messages if message.polarity is not None]
    assert (ticket.sentiment_first, ticket.sentiment) == (tones[0], tones[-1])
    assert ticket.sentiment_lowest == min(tones)
    assert ticket.sentiment_slope is not None
    assert ticket.sentiment_slope > 0


def test_the_slope_is_the_least_squares_line() -> None:
    assert slope([]) is None
    assert slope([0.4]) is None
    assert slope([0.0, 0.5, 1.0]) == 0.5
    assert slope([0.3, 0.3, 0.3]) == 0.0


def test_a_correction_reaches_the_ticket_and_is_told(app: Flask) -> None:
    people = scored("Great, thank you, it works perfectly!")
    with transaction():
        message = people.ticket.messages[-1]
        correct(message, "negative", by=people.mika)
        correct(message, "negative", by=people.mika)
    assert message.polarity is not None
    assert (message.sentiment_label, message.polarity <= -0.5) == ("negative", True)
    assert (people.ticket.sentiment_label, people.ticket.sentiment) == (
        "negative",
        message.polarity,
    )
    told = select(JournalEntry).where(JournalEntry.event == "ToneCorrected")
    (entry,) = session.scalars(told)
    assert entry.data["before"] == "positive"
    assert entry.actor_id == people.mika.id


def test_only_the_three_labels_are_taken(app: Flask) -> None:
    people = scored("Great, thank you!")
    with transaction(write=False), pytest.raises(Invalid):
        correct(people.ticket.messages[-1], "furious", by=people.mika)


def test_after_a_change_of_the_analyser_everything_is_read_again_once(app: Flask) -> None:
    people = scored("This is terrible, I am very angry.")
    old_scores()
    rescore_messages()
    rescore_messages()
    state = session.scalars(select(Rereading)).one()
    assert state.finished_at is not None
    assert state.done == state.total > 0
    last = people.ticket.messages[-1]
    session.refresh(last)
    assert last.sentiment_label == "negative"
    assert last.analyzer == state.analyzer
    assert not session.scalars(select(Message.id).where(Message.analyzer == "older")).all()


def test_reading_again_goes_on_where_it_stopped(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored("It is broken.", "It is still broken.", "Nobody answers.")
    old_scores()
    monkeypatch.setattr(rereading, "BATCH", 1)
    first = rereading.reread(MESSAGES, seconds=0)
    assert (first.done, first.finished_at) == (0, None)
    assert rereading.keep(MESSAGES, first.id, 99, []).done == 0
    state = rereading.reread(MESSAGES, seconds=20)
    assert state.done == state.total


def test_reading_again_keeps_what_a_person_said(app: Flask) -> None:
    people = scored("Great, thank you, it works perfectly!")
    with transaction():
        correct(people.ticket.messages[-1], "neutral", by=people.mika)
    old_scores()
    rescore_messages()
    last = people.ticket.messages[-1]
    session.refresh(last)
    assert (last.sentiment_label, last.polarity) == ("neutral", 0.0)
