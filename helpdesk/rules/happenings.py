"""From events to what rules listen to."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from helpdesk.churn.events import ChurnFlagRaised
from helpdesk.core.db import session
from helpdesk.core.journal import Event
from helpdesk.rules.causes import TARGETS, Happening
from helpdesk.surveys.events import SurveyAnswered
from helpdesk.surveys.models import Response
from helpdesk.tickets.changes.names import names
from helpdesk.tickets.events import (
    AgentReplied,
    CustomerWrote,
    MessageScored,
    PriorityChanged,
    SlaBreached,
    SlaWarned,
    StatusChanged,
    TagsChanged,
    TicketAssigned,
    TicketFiled,
    TicketMovedToTeam,
    TicketReopened,
    TicketResolved,
)
from helpdesk.tickets.models import Ticket

MOST_TICKETS = 50
"""Open tickets of one customer that a churn flag is told of, the newest ones."""


def happenings(event: Event) -> list[Happening]:
    """What the event means to rules; nothing where it means nothing to them."""
    return _HEARD[type(event)](event)


def _filed(event: TicketFiled) -> list[Happening]:
    return [Happening(event.ticket_id, "filed", "it was filed")]


def _wrote(event: CustomerWrote) -> list[Happening]:
    return [Happening(event.ticket_id, "customer_wrote", "the customer wrote")]


def _replied(event: AgentReplied) -> list[Happening]:
    return [Happening(event.ticket_id, "agent_replied", "an agent replied")]


def _status(event: StatusChanged | TicketResolved) -> list[Happening]:
    after = event.after if isinstance(event, StatusChanged) else "resolved"
    return [_changed(event.ticket_id, "status", "its status changed", event.before, after)]


def _reopened(event: TicketReopened) -> list[Happening]:
    return [_changed(event.ticket_id, "status", "it was opened again", event.before, "open")]


def _priority(event: PriorityChanged) -> list[Happening]:
    words = "its priority changed"
    return [_changed(event.ticket_id, "priority", words, event.before, event.after)]


def _changed(ticket_id: int, kind: str, words: str, before: str, after: str) -> Happening:
    change = f"{words} from {before} to {after}".replace("_", " ")
    return Happening(ticket_id, kind, change, (before,), (after,))


def _team(event: TicketMovedToTeam) -> list[Happening]:
    known = names()
    words = f"it went from {known.team(event.before)} to {known.team(event.after)}"
    return [Happening(event.ticket_id, "team", words, (event.before,), (event.after,))]


def _assignee(event: TicketAssigned) -> list[Happening]:
    known = names()
    before, after = (
        "nobody" if one is None else known.agent(one) for one in (event.before, event.after)
    )
    words = f"it went from {before} to {after}"
    return [Happening(event.ticket_id, "assignee", words, (event.before,), (event.after,))]


def _tags(event: TagsChanged) -> list[Happening]:
    parts = [f"got the tag {tag}" for tag in event.added[:5]]
    parts += [f"lost the tag {tag}" for tag in event.removed[:5]]
    words = f"it {', '.join(parts)}"
    return [Happening(event.ticket_id, "tags", words, tuple(event.removed), tuple(event.added))]


def _tone(event: MessageScored) -> list[Happening]:
    label = "none" if event.label == "not_scored" else event.label
    words = f"the tone of a message was read as {event.label.replace('_', ' ')}"
    return [Happening(event.ticket_id, "tone", words, (), (label,))]


def _warned(event: SlaWarned) -> list[Happening]:
    words = f"the {TARGETS.get(event.target, event.target)} was due soon"
    return [Happening(event.ticket_id, "sla_warned", words, (), (event.target,))]


def _breached(event: SlaBreached) -> list[Happening]:
    words = f"the {TARGETS.get(event.target, event.target)} was late"
    return [Happening(event.ticket_id, "sla_breached", words, (), (event.target,))]


def _rated(event: SurveyAnswered) -> list[Happening]:
    response = session.get(Response, event.response_id)
    if event.ticket_id is None or response is None:
        return []
    if not response.invitation.survey.is_low(event.after):
        return []
    words = f"the customer gave the low rating {event.after}"
    return [Happening(event.ticket_id, "survey_low", words)]


def _flagged(event: ChurnFlagRaised) -> list[Happening]:
    open_ones = (
        select(Ticket.id)
        .where(Ticket.customer_id == event.customer_id, Ticket.is_open)
        .order_by(Ticket.active_at.desc(), Ticket.id.desc())
        .limit(MOST_TICKETS)
    )
    words = f"the customer got a churn flag at risk {event.risk}"
    return [Happening(one, "flag_raised", words) for one in session.scalars(open_ones)]


_HEARD: Mapping[type[Event], Callable[[Any], list[Happening]]] = {
    TicketFiled: _filed,
    CustomerWrote: _wrote,
    AgentReplied: _replied,
    StatusChanged: _status,
    TicketResolved: _status,
    TicketReopened: _reopened,
    PriorityChanged: _priority,
    TicketMovedToTeam: _team,
    TicketAssigned: _assignee,
    TagsChanged: _tags,
    MessageScored: _tone,
    SlaWarned: _warned,
    SlaBreached: _breached,
    SurveyAnswered: _rated,
    ChurnFlagRaised: _flagged,
}
HEARD_OF: Mapping[str, tuple[type[Event], ...]] = {
    "filed": (TicketFiled,),
    "customer_wrote": (CustomerWrote,),
    "agent_replied": (AgentReplied,),
    "status": (StatusChanged, TicketResolved, TicketReopened),
    "priority": (PriorityChanged,),
    "team": (TicketMovedToTeam,),
    "assignee": (TicketAssigned,),
    "tags": (TagsChanged,),
    "tone": (MessageScored,),
    "sla_warned": (SlaWarned,),
    "sla_breached": (SlaBreached,),
    "survey_low": (SurveyAnswered,),
    "flag_raised": (ChurnFlagRaised,),
}
"""The events that a trigger of each kind hears of."""
