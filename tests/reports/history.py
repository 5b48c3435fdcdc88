"""A history of some three hundred tickets, drawn from a seed, straight into the tables: what the
reports are checked against, row by row, in plain Python."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from helpdesk.accounts.models import Role, Team
from helpdesk.churn.models import ChurnFlag, FlagState
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import Customer, Organization
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.reports.periods import Period, PeriodKind
from helpdesk.reports.selection import Selection
from helpdesk.surveys.models import (
    Cause,
    FollowUp,
    Invitation,
    Kind,
    Outcome,
    Response,
    State,
    Survey,
    Trigger,
)
from helpdesk.surveys.questions import survey_in_use
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets.models import Message, MessageKind, Status, Tag, Ticket
from tests.cast import Cast, account
from tests.tickets.promises import office, policy

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
"""Not UTC, so that a day that begins at the wrong moment is noticed."""
LABELS = ("positive", "neutral", "negative", "not_scored", None)


@dataclass(frozen=True)
class History:
    """What stands in the database, and whom it is about."""

    people: Cast


class Drawing:
    """Draws and stores; everything happens in the 200 days before NOW."""

    def __init__(self, people: Cast, seed: int = 7, tickets: int = 300) -> None:
        self.random = random.Random(seed)
        self.people = people
        # Ids are given out here, so that everything goes into the database at once at the end.
        self.ids = count(1000)
        with transaction():
            self._stage()
            with session.no_autoflush:
                for _ in range(tickets):
                    self._ticket()
                for customer in self.customers:
                    self._relation(customer)

    def _stage(self) -> None:
        draw = self.random
        secret = Team(name="Legal", restricted=True)
        staff = [account(name, Role.AGENT) for name in ("Cy Fox", "Dee Moss", "Eli Park")]
        session.add_all([secret, *staff])
        self.tags = [Tag(name=name) for name in ("refund", "login", "invoice")]
        firms = [
            Organization(name=f"Firm {n}", created_at=NOW, contract_value=Decimal(1000 * n))
            for n in range(1, 7)
        ]
        self.customers = [
            Customer(
                name=f"Customer {n}",
                organization=draw.choice([*firms, None]),
                created_at=self._at(400),
                customer_since=draw.choice([None, NOW.date() - timedelta(draw.randint(1, 500))]),
                lost_on=draw.choice([None, None, NOW.date() - timedelta(draw.randint(1, 200))]),
            )
            for n in range(60)
        ]
        session.add_all([*self.tags, *self.customers])
        office("America/New_York")
        self.policy = policy("Elsewhere", business_hours=office("Asia/Tokyo"))
        self.surveys: dict[Kind, Survey] = {
            kind: survey_in_use(kind) for kind in (Kind.CSAT, Kind.NPS, Kind.CES)
        }
        session.flush()
        self.agents = [self.people.ids["mika"], self.people.ids["ben"], *(a.id for a in staff)]
        self.teams = [self.people.ids["billing"], self.people.ids["technical"], secret.id, None]

    def _at(self, days: float) -> datetime:
        return NOW - timedelta(seconds=self.random.uniform(0, days * 86_400))

    def _later(self, moment: datetime, hours: float) -> datetime:
        return moment + timedelta(seconds=self.random.uniform(60, hours * 3600))

    def _ticket(self) -> None:
        draw = self.random
        filed = self._at(200)
        ticket = Ticket(
            id=next(self.ids),
            subject=draw.choice(("Charged twice", "=cmd|' /C calc'!A0", "Cannot sign in")),
            channel=draw.choice(("portal", "desk")),
            customer_id=draw.choice(self.customers).id,
            team_id=draw.choice(self.teams),
            assignee_id=draw.choice([*self.agents, None]),
            created_at=filed,
            active_at=filed,
            status=Status.OPEN,
            reopenings=0,
            tags=draw.sample(self.tags, draw.randint(0, 2)),
        )
        ticket.sla_policy_id = self.policy.id if ticket.id % 3 == 0 else None
        session.add(ticket)
        self._messages(ticket)
        replied = self._later(filed, 60)
        if draw.random() < 0.9 and replied < NOW:
            ticket.first_replied_at = replied
        moment = self._later(filed, 400)
        while moment < NOW:
            moment = self._turn(ticket, moment)

    def _turn(self, ticket: Ticket, moment: datetime) -> datetime:
        """Resolved or reopened in turn, until chance leaves it as it is."""
        if ticket.resolved_at is None:
            ticket.resolved_at, ticket.status = moment, Status.RESOLVED
            self._journal("TicketResolved", ticket, moment)
            self._invitation(ticket, moment)
            self._promises(ticket, moment)
        else:
            ticket.resolved_at, ticket.status = None, Status.OPEN
            ticket.reopenings += 1
            self._journal("TicketReopened", ticket, moment)
        stays = self.random.random() < (0.75 if ticket.resolved_at else 0.3)
        return NOW if stays else self._later(moment, 500)

    def _journal(self, event: str, ticket: Ticket, at: datetime, **data: object) -> None:
        session.add(
            JournalEntry(
                id=next(self.ids),
                at=at,
                event=event,
                subject_kind="ticket",
                subject_id=ticket.id,
                data=data,
                attempts=0,
            )
        )

    def _promises(self, ticket: Ticket, moment: datetime) -> None:
        """One that is kept or broken, some twice over; in between the ticket may be handed on."""
        draw = self.random
        for _ in range(draw.randint(0, 3)):
            after = draw.choice([*self.agents, None])
            self._journal("TicketAssigned", ticket, self._later(ticket.created_at, 9), after=after)
        promise = {"policy_id": 1, "target": "resolution", "started_at": str(ticket.created_at)}
        for event in draw.choice(
            (("SlaMet",), ("SlaBreached",), ("SlaMet", "SlaMet"), ("SlaMet", "SlaBreached"))
        ):
            self._journal(event, ticket, min(self._later(moment, 90), NOW), **promise)

    def _messages(self, ticket: Ticket) -> None:
        at = ticket.created_at
        for _ in range(self.random.randint(1, 3)):
            label = self.random.choice(LABELS)
            session.add(
                Message(
                    ticket_id=ticket.id,
                    kind=self.random.choice((MessageKind.CUSTOMER, MessageKind.AGENT)),
                    body="…",
                    created_at=at,
                    sentiment_label=label,
                )
            )
            at = min(self._later(at, 48), NOW)

    def _invitation(self, ticket: Ticket, resolved_at: datetime) -> None:
        draw = self.random
        state = draw.choice((State.ANSWERED,) * 5 + (State.SENT, State.EXPIRED, State.SUPPRESSED))
        invitation = self._asked(Kind.CSAT, ticket.customer_id, resolved_at, state)
        invitation.ticket_id, invitation.resolved_at = ticket.id, resolved_at
        if state is not State.SUPPRESSED:
            invitation.team_id, invitation.assignee_id = ticket.team_id, ticket.assignee_id
        if state is State.ANSWERED:
            self._answer(invitation, draw.choices(range(1, 6), (3, 1, 2, 5, 9))[0])
        if draw.random() < 0.2:
            eased = self._asked(Kind.CES, ticket.customer_id, resolved_at, State.ANSWERED)
            eased.ticket_id, eased.team_id = ticket.id, ticket.team_id
            eased.resolved_at = resolved_at + timedelta(seconds=1)
            self._answer(eased, draw.randint(1, 5))

    def _asked(self, kind: Kind, customer_id: int, at: datetime, state: State) -> Invitation:
        draw = self.random
        suppressed = state is State.SUPPRESSED
        invitation = Invitation(
            id=next(self.ids),
            survey_id=self.surveys[kind].id,
            kind=kind,
            customer_id=customer_id,
            state=state,
            reason=draw.choice(list(Reason)) if suppressed else None,
            created_at=at,
            send_at=at,
            sent_at=None if suppressed else min(self._later(at, 30), NOW),
        )
        if not suppressed and draw.random() < 0.2:
            invitation.mail = self._mail(at)
        session.add(invitation)
        return invitation

    def _mail(self, at: datetime) -> OutboundEmail:
        return OutboundEmail(
            kind="survey",
            to_address="somebody@firm.example",
            subject="How did we do?",
            text="…",
            html="…",
            headers={},
            message_id=f"<{self.random.random()}@acorn-payroll.example>",
            state=self.random.choice((Delivery.ACCEPTED, Delivery.BOUNCED, Delivery.IN_DOUBT)),
            created_at=at,
            next_try_at=None,
        )

    def _answer(self, invitation: Invitation, score: int) -> None:
        draw = self.random
        at = min(self._later(invitation.sent_at or NOW, 100), NOW)
        answer = next(self.ids)
        if score <= 2:
            self._follow_up(invitation, answer, score, at)
        session.add(
            Response(
                id=answer,
                invitation_id=invitation.id,
                kind=invitation.kind,
                score=score,
                comment=draw.choice(("", "Thank you", "Still broken", "+1")),
                created_at=at,
                updated_at=at,
                customer_id=invitation.customer_id,
                ticket_id=invitation.ticket_id,
                agent_id=invitation.assignee_id,
                team_id=invitation.team_id,
                sentiment_label=draw.choice(LABELS),
            )
        )

    def _follow_up(self, invitation: Invitation, answer: int, score: int, at: datetime) -> None:
        draw = self.random
        contacted = draw.choice([None, self._later(at, 80)])
        session.add(
            FollowUp(
                response_id=answer,
                customer_id=invitation.customer_id,
                ticket_id=invitation.ticket_id,
                trigger=Trigger.LOW_SCORE,
                score=score,
                owner_id=draw.choice([*self.agents, None]),
                opened_at=at,
                due_at=at + timedelta(hours=48),
                contacted_at=contacted if contacted and contacted < NOW else None,
                cause=draw.choice([None, Cause.SLOW, Cause.PRICE]),
                outcome=draw.choice([None, Outcome.SOLVED]),
            )
        )

    def _relation(self, customer: Customer) -> None:
        """Asked about us as a whole, and flags: one that is over, and maybe one that stands."""
        draw = self.random
        state = draw.choice((State.ANSWERED, State.ANSWERED, State.SENT, State.SUPPRESSED))
        invitation = self._asked(Kind.NPS, customer.id, self._at(150), state)
        if state is State.ANSWERED:
            self._answer(invitation, draw.randint(0, 10))
        raised = self._at(150)
        over = (FlagState.SAVED, FlagState.LOST, FlagState.FALSE_ALARM, FlagState.CLEARED)
        if draw.random() < 0.5:
            closed = min(self._later(raised, 900), NOW)
            self._flag(customer, raised, draw.choice(over), closed)
            raised = closed
        if draw.random() < 0.3:
            self._flag(customer, raised, FlagState.RAISED, None)

    def _flag(
        self, customer: Customer, raised: datetime, state: FlagState, closed: datetime | None
    ) -> None:
        session.add(
            ChurnFlag(
                customer_id=customer.id,
                state=state,
                risk=self.random.randint(50, 100),
                points=[],
                raised_at=raised,
                closed_at=closed,
            )
        )


def days_ago(days: int) -> date:
    """A day before NOW."""
    return NOW.date() - timedelta(days=days)


def period(first: int = 60, last: int = 0) -> Period:
    """From so many days ago to so many days ago."""
    return Period(days_ago(first), days_ago(last), ZONE, PeriodKind.CUSTOM, NOW.date())


def selection(first: int = 60, last: int = 0) -> Selection:
    """Everything in that period."""
    return Selection(period(first, last))
