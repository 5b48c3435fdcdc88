"""Questions that wait for somebody who is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.customers.models import Customer
from helpdesk.surveys.links import token_for
from helpdesk.surveys.mailing import Choice, choices
from helpdesk.surveys.models import Invitation, State
from helpdesk.surveys.questions import Asking, asking

MOST = 10


@dataclass(frozen=True)
class OpenQuestion:
    """One that can be answered or changed now."""

    ask: Asking
    token: str
    given: str
    until: datetime | None

    @property
    def text(self) -> str:
        """The question in plain text."""
        return self.ask.text

    @property
    def url(self) -> str:
        """Its page."""
        return url_for("surveys.answer", token=self.token)

    @property
    def choices(self) -> Sequence[Choice]:
        """Every score that can be given; none for a question that is answered in words."""
        return choices(self.ask)


def open_questions(customer: Customer, ticket_id: int | None = None) -> Sequence[OpenQuestion]:
    """What a customer can answer, the newest first; about one ticket, where that is given."""
    statement = (
        select(Invitation)
        .where(
            Invitation.customer_id == customer.id,
            Invitation.state.in_((State.SENT, State.ANSWERED)),
            Invitation.expires_at > now(),
        )
        .options(joinedload(Invitation.survey), joinedload(Invitation.ticket))
        .order_by(Invitation.sent_at.desc(), Invitation.id.desc())
        .limit(MOST)
    )
    if ticket_id is not None:
        statement = statement.where(Invitation.ticket_id == ticket_id)
    return [_open(invitation) for invitation in session.scalars(statement)]


def _open(invitation: Invitation) -> OpenQuestion:
    ask, response = asking(invitation), invitation.response
    return OpenQuestion(
        ask,
        token_for(invitation),
        ask.said(response.score) if response and invitation.survey.has_scores else "",
        invitation.expires_at,
    )
