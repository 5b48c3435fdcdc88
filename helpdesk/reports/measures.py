"""What can be counted. One measure gives both the number and the list behind it: the same rows,
the same conditions, so that they cannot disagree."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.churn.models import ChurnFlag
from helpdesk.core.errors import NotFound
from helpdesk.core.journal import JournalEntry
from helpdesk.mail.models import OutboundEmail
from helpdesk.reports.caring import answered_again, contact
from helpdesk.reports.elapsed import seconds_between
from helpdesk.reports.falling import (
    age_at_end,
    began,
    fate,
    happens,
    is_flag_open_at_end,
    is_open_at_end,
    was_here,
)
from helpdesk.reports.promised import OF_PROMISE, ends, kept, why_broken
from helpdesk.reports.subjects import (
    ANSWER,
    CUSTOMER,
    FLAG,
    FOLLOW_UP,
    INVITATION,
    MESSAGE,
    TICKET,
    TURN,
    Measure,
)
from helpdesk.surveys.models import MAILED, UNSURE, FollowUp, Invitation, Kind, Response, State
from helpdesk.surveys.queries import was_asked
from helpdesk.tickets.events import TicketReopened, TicketResolved
from helpdesk.tickets.kept import BROKEN
from helpdesk.tickets.models import Message, MessageKind, Ticket

_OF_TICKET = {"team": Ticket.team_id, "agent": Ticket.assignee_id, "channel": Ticket.channel}
_OF_ANSWER = {
    "team": Response.team_id,
    "agent": Response.agent_id,
    "score": Response.score,
    "label": Response.sentiment_label,
}
_OF_ASKED = {"team": Invitation.team_id, "agent": Invitation.assignee_id}
_ABOUT_EASE = Invitation.kind == Kind.CES
_ABOUT_HELP, _ABOUT_US = Invitation.kind == Kind.CSAT, Invitation.kind == Kind.NPS
_SUPPRESSED = Invitation.state == State.SUPPRESSED
_ANSWERED = Invitation.state == State.ANSWERED
_SENT = happens(Invitation.sent_at)
_DECIDED = happens(Invitation.created_at)

MEASURES: Mapping[str, Measure] = {
    each.name: each
    for each in (
        Measure("filed", "tickets filed", TICKET, happens(Ticket.created_at), (), _OF_TICKET),
        Measure(
            "first_replied",
            "tickets with their first reply",
            TICKET,
            happens(Ticket.first_replied_at),
            (),
            _OF_TICKET,
            seconds_between(Ticket.created_at, Ticket.first_replied_at),
        ),
        Measure(
            "open",
            "tickets open at the end",
            TICKET,
            is_open_at_end,
            (),
            _OF_TICKET,
            changing={"age": age_at_end},
        ),
        Measure(
            "resolved",
            "resolutions",
            TURN,
            happens(JournalEntry.at),
            (JournalEntry.event == TicketResolved.__name__,),
            _OF_TICKET,
            seconds_between(Ticket.created_at, JournalEntry.at),
        ),
        Measure(
            "reopened",
            "reopenings",
            TURN,
            happens(JournalEntry.at),
            (JournalEntry.event == TicketReopened.__name__,),
            _OF_TICKET,
        ),
        Measure(
            "csat",
            "answers about our help",
            ANSWER,
            happens(Response.created_at),
            (Response.kind == Kind.CSAT,),
            _OF_ANSWER,
        ),
        Measure(
            "csat_comments",
            "answers with a comment",
            ANSWER,
            happens(Response.created_at),
            (Response.kind == Kind.CSAT, Response.comment != ""),
            _OF_ANSWER,
        ),
        Measure(
            "nps",
            "answers whether they would recommend us",
            ANSWER,
            happens(Response.created_at),
            (Response.kind == Kind.NPS,),
            {"score": Response.score, "label": Response.sentiment_label},
        ),
        Measure(
            "ces",
            "answers how easy it was",
            ANSWER,
            happens(Response.created_at),
            (Response.kind == Kind.CES,),
            _OF_ANSWER,
        ),
        Measure(
            "ces_asked", "customers asked", INVITATION, _SENT, (_ABOUT_EASE, was_asked()), _OF_ASKED
        ),
        Measure(
            "ces_answered",
            "of those asked, answered by now",
            INVITATION,
            _SENT,
            (_ABOUT_EASE, was_asked(), _ANSWERED),
            _OF_ASKED,
        ),
        Measure(
            "asked", "customers asked", INVITATION, _SENT, (_ABOUT_HELP, was_asked()), _OF_ASKED
        ),
        Measure(
            "answered",
            "of those asked, answered by now",
            INVITATION,
            _SENT,
            (_ABOUT_HELP, was_asked(), _ANSWERED),
            _OF_ASKED,
        ),
        Measure(
            "not_asked",
            "decisions not to ask",
            INVITATION,
            _DECIDED,
            (_ABOUT_HELP, _SUPPRESSED),
            {**_OF_TICKET, "reason": Invitation.reason},
        ),
        Measure(
            "undelivered",
            "surveys bounced or in doubt",
            INVITATION,
            _SENT,
            (_ABOUT_HELP, Invitation.state.in_(MAILED), OutboundEmail.state.in_(UNSURE)),
            _OF_ASKED,
        ),
        Measure("nps_asked", "customers asked", INVITATION, _SENT, (_ABOUT_US, was_asked())),
        Measure(
            "nps_answered",
            "of those asked, answered by now",
            INVITATION,
            _SENT,
            (_ABOUT_US, was_asked(), _ANSWERED),
        ),
        Measure(
            "nps_not_asked",
            "decisions not to ask",
            INVITATION,
            _DECIDED,
            (_ABOUT_US, _SUPPRESSED),
            {"reason": Invitation.reason},
        ),
        Measure(
            "messages",
            "messages of customers",
            MESSAGE,
            happens(Message.created_at),
            (Message.kind == MessageKind.CUSTOMER,),
            {**_OF_TICKET, "label": Message.sentiment_label},
        ),
        Measure("flags_raised", "flags raised", FLAG, happens(ChurnFlag.raised_at)),
        Measure(
            "flags_closed",
            "flags closed",
            FLAG,
            happens(ChurnFlag.closed_at),
            (),
            {"state": ChurnFlag.state},
        ),
        Measure("flags_open", "customers at risk of leaving", FLAG, is_flag_open_at_end),
        Measure("customers", "customers", CUSTOMER, was_here, changing={"fate": fate}),
        Measure(
            "promises",
            "promises that came to an end",
            TURN,
            ends,
            (),
            {**_OF_TICKET, **OF_PROMISE, "kept": kept},
        ),
        Measure(
            "breaches",
            "broken promises",
            TURN,
            ends,
            (JournalEntry.event == BROKEN,),
            {**_OF_TICKET, **OF_PROMISE, "why": why_broken},
        ),
        Measure(
            "follow_ups",
            "unhappy answers looked after",
            FOLLOW_UP,
            happens(FollowUp.opened_at),
            (),
            {
                "team": Response.team_id,
                "agent": FollowUp.owner_id,
                "cause": FollowUp.cause,
                "outcome": FollowUp.outcome,
                "again": answered_again,
            },
            changing={"contact": contact},
        ),
        Measure("customers_started", "new customers", CUSTOMER, began),
    )
}


def measure_called(name: str) -> Measure:
    """The measure of that name. Raises NotFound."""
    if name not in MEASURES:
        raise NotFound("There is no such list.")
    return MEASURES[name]
