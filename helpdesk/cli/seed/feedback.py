"""Questions that go out, and how they are answered."""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from helpdesk.accounts.models import Account, Role
from helpdesk.cli.seed import words
from helpdesk.cli.seed.cases import Case, Cases
from helpdesk.cli.seed.company import Client, Company
from helpdesk.cli.seed.history import HOUR, MINUTE, History
from helpdesk.cli.seed.people import mood, person
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.surveys import actions as surveys
from helpdesk.surveys import answers, cadence, follow_ups
from helpdesk.surveys.events import FollowUpOpened, SurveyInvited, SurveySent
from helpdesk.surveys.models import Cause, FollowUp, Invitation, Kind, Outcome, State
from helpdesk.tickets import actions
from helpdesk.tickets.models import Status, Ticket

BUSY = timedelta(days=12)


class Feedback:
    """What customers say when they are asked."""

    def __init__(self, company: Company, history: History, cases: Cases, random: Random) -> None:
        self.history = history
        self.cases = cases
        self.random = random
        self.habits = Random("habits")  # dice of their own move nothing else
        self.clients = {client.customer_id: client for client in company.clients}
        history.on(SurveyInvited, self.plan_sending)
        history.on(SurveySent, self.plan_answer)
        history.on(FollowUpOpened, self.plan_following)

    def plan_sending(self, event: SurveyInvited) -> None:
        """The question goes out at its time."""
        at = max(event.send_at, now()) + MINUTE
        self.history.at(at, lambda: surveys.send(event.invitation_id))

    def plan_answer(self, event: SurveySent) -> None:
        """Some answer; the very pleased and the very cross more often than the others."""
        client = self.clients[event.customer_id]
        pleased = mood(client)
        if self.random.random() < 0.55 + 0.4 * abs(pleased - 0.6):
            later = now() + self.random.expovariate(1) * 16 * HOUR + 5 * MINUTE
            self.history.at(later, lambda: self._answer(event.invitation_id))

    def _answer(self, invitation_id: int) -> None:
        invitation = session.get_one(Invitation, invitation_id)
        if invitation.state is not State.SENT or not invitation.is_open(now()):
            return
        client = self.clients[invitation.customer_id]
        if invitation.kind is Kind.NPS:
            score = self._clip(round(self.random.gauss(mood(client) * 11, 1.4)), 0, 10)
            kind = "promoter" if score > 8 else "passive" if score > 6 else "detractor"
            answers.answer(invitation_id, score, self.random.choice(words.NPS_COMMENTS[kind]))
            return
        case = self.cases.by_number[invitation.ticket_id or 0]
        score = self._rating(client, case)
        answers.answer(invitation_id, score, self.random.choice(words.COMMENTS[score]))
        if score <= 2 and self.habits.random() < 0.3:
            self.history.at(now() + 3 * HOUR, lambda: self._give_away(case))

    def _give_away(self, case: Case) -> None:
        """Who got the low score lets a colleague have the ticket."""
        ticket = session.get_one(Ticket, case.number)
        others = [one for one in self.cases.company.agents[case.topic.team] if one != case.agent]
        if others and ticket.assignee is not None and ticket.status is not Status.CLOSED:
            other = person(self.habits.choice(others).account_id)
            actions.assign(ticket, other, by=ticket.assignee)

    def plan_following(self, event: FollowUpOpened) -> None:
        """Somebody is in touch, mostly in time, and says some days later what became of it; of late
        nobody gets to the end of it."""
        contact = now() + self.random.triangular(2, 60, 20) * HOUR
        closing = contact + self.random.triangular(2, 120, 24) * HOUR
        self.history.at(contact, lambda: self._be_in_touch(event.follow_up_id))
        if now() < self.history.end - BUSY:
            self.history.at(closing, lambda: self._close(event.follow_up_id))

    def _be_in_touch(self, number: int) -> None:
        found = session.get_one(FollowUp, number)
        follow_ups.note_contact(found, by=self._somebody(found))

    def _close(self, number: int) -> None:
        found = session.get_one(FollowUp, number)
        cause = self.random.choice(list(Cause))
        outcome = self.random.choice((Outcome.SOLVED, Outcome.EXPLAINED, Outcome.MADE_GOOD))
        told = self.random.choice(words.BECAME)
        follow_ups.close(found, cause, outcome, told, by=self._somebody(found))

    def _somebody(self, found: FollowUp) -> Account:
        agents = select(Account).where(Account.role == Role.AGENT).order_by(Account.id)
        return found.owner or session.scalars(agents.limit(1)).one()

    def _rating(self, client: Client, case: Case) -> int:
        felt = mood(client) + case.agent.skill - 0.05 * case.late - 0.1 * case.rounds
        felt -= 0.15 * case.reopened + 0.25 * (case.topic is words.INCIDENT)
        return self._clip(round(1.6 + 4 * self.random.gauss(felt, 0.14)), 1, 5)

    def _clip(self, value: int, low: int, high: int) -> int:
        return max(low, min(high, value))

    def ask_for_nps(self) -> None:
        """The day's share of customers is asked about us as a whole."""
        share = cadence.daily_share()
        for customer_id in list(session.scalars(cadence.due(now()).limit(share))):
            cadence.ask(customer_id, share)
