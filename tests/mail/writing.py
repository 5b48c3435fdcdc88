"""Mails for the tests of mail, without anybody whom they are about."""

from typing import Any

from flask import Flask, current_app
from jinja2 import ChoiceLoader, DictLoader

from helpdesk.core.db import session, transaction
from helpdesk.mail import outbound
from helpdesk.mail.models import OutboundEmail

LETTER = DictLoader(
    {
        "letter.txt": '{% extends "mail/layout.txt" %}{% block content %}{{ words }}{% endblock %}',
        "letter.html": '{% extends "mail/layout.html" %}'
        "{% block content %}<p>{{ words }}</p>{% endblock %}",
    }
)


def teach(app: Flask) -> None:
    """Give an application the letter. Twice is harmless."""
    loader = app.jinja_env.loader
    if loader is not None and not isinstance(loader, ChoiceLoader):
        app.jinja_env.loader = ChoiceLoader([loader, LETTER])


def write(to: str = "rosa@harbor.example", words: str = "Hello.", **options: Any) -> int:
    """A mail that is kept; its id."""
    teach(current_app)
    with transaction():
        return outbound.write(
            to=to,
            template="letter",
            context={"words": words},
            **{"kind": "reply", "subject": "About your request", **options},
        ).id


def row(email_id: int) -> OutboundEmail:
    """The row, inside a transaction."""
    return session.get_one(OutboundEmail, email_id)


def mail(email_id: int) -> OutboundEmail:
    """The row as it is now, outside of any transaction."""
    session.rollback()
    return row(email_id)
