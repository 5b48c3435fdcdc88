"""Customers get our mails in their language; what people wrote in them stays as it was written."""

import pytest
from flask import Flask

from helpdesk.core.db import session, transaction
from helpdesk.mail.models import OutboundEmail
from helpdesk.tickets import conversation
from helpdesk.tickets.mailwords import _BY_CODE, ENGLISH, mail_words
from tests.cast import Cast


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de-AT", "Antworten oder alles dazu lesen:"),
        ("fr", "Répondre, ou relire tous nos échanges :"),
        ("ja", "Answer, or read everything we wrote about this:"),
    ],
)
def test_an_answer_speaks_the_customer_s_language(
    language: str, sentence: str, people: Cast, app: Flask
) -> None:
    with transaction(), app.test_request_context():
        people.ticket.customer.language = language
        ticket = people.ticket
        conversation.reply(ticket, "Which {card}?", by=people.mika, seen=ticket.version)
    mail = session.query(OutboundEmail).filter_by(kind="reply").one()
    assert sentence in mail.text
    assert "Which {card}?" in mail.text
    assert f'<html lang="{mail_words(language).code}"' in mail.html


@pytest.mark.parametrize("code", sorted(_BY_CODE))
def test_every_language_fills_the_same_gaps(code: str) -> None:
    filled = {"n": 7, "subject": "{x}", "count": 2, "when": "9:00"}
    words = mail_words(code)
    for name, english in vars(ENGLISH).items():
        text = str(getattr(words, name))
        assert text.strip(), name
        assert text.format(**filled) is not None
        gaps = [f"{{{gap}}}" for gap in filled]
        assert [gap in text for gap in gaps] == [gap in str(english) for gap in gaps]
