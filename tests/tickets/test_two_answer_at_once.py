"""Two agents answer one ticket at the same moment: nothing is lost and nothing goes twice."""

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.mail.models import OutboundEmail
from helpdesk.tickets import conversation
from helpdesk.tickets.conversation import StaleReply
from helpdesk.tickets.models import Message, MessageKind
from helpdesk.tickets.queries import ticket_for
from tests.cast import Cast
from tests.faults.lab import trials
from tests.together import together

pytestmark = pytest.mark.faults
TRIALS = trials(short=12, full=200)
"""At each of them two agents press at once, and one presses twice."""


def test_one_goes_out_and_the_other_is_asked_to_look(app: Flask, people: Cast) -> None:
    for trial in range(TRIALS):
        with transaction():
            ticket = conversation.file(people.rosa, f"Trial {trial}", "Please help.")
            number, seen = ticket.id, ticket.version
        stopped: list[str] = []

        def answer(
            name: str,
            press: int,
            *,
            trial: int = trial,
            number: int = number,
            seen: int = seen,
            stopped: list[str] = stopped,
        ) -> None:
            del press
            try:
                with transaction():
                    agent = getattr(people, name)
                    conversation.reply(
                        ticket_for(agent, number, to_change=True),
                        f"{name} answers.",
                        by=agent,
                        seen=seen,
                        form_key=f"{trial} {name}",
                    )
            except StaleReply:
                stopped.append(name)

        together(
            app,
            lambda answer=answer: answer("mika", 1),  # type: ignore[misc]  # bound to this trial
            lambda answer=answer: answer("mika", 2),  # type: ignore[misc]
            lambda answer=answer: answer("ben", 1),  # type: ignore[misc]
        )
        session.rollback()
        replies = session.scalars(
            select(Message).where(Message.ticket_id == number, Message.kind == MessageKind.AGENT)
        ).all()
        assert len(replies) == 1
        winner = "mika" if replies[0].author_id == people.ids["mika"] else "ben"
        assert stopped == (["ben"] if winner == "mika" else ["mika", "mika"])
        entries = session.scalars(
            select(JournalEntry.event).where(
                JournalEntry.subject_kind == "ticket", JournalEntry.subject_id == number
            )
        ).all()
        assert entries.count("AgentReplied") == 1
        mails = select(OutboundEmail.id).where(
            OutboundEmail.kind == "reply", OutboundEmail.subject.contains(f"[#{number}]")
        )
        assert len(session.scalars(mails).all()) == 1
        assert ticket_for(people.mika, number).assignee_id == people.ids[winner]
