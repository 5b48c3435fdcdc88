"""Questions that go out, and how they are answered."""

from random import Random

from helpdesk.cli.seed import words
from helpdesk.cli.seed.cases import Case, Cases
from helpdesk.cli.seed.company import Client, Company
from helpdesk.cli.seed.history import HOUR, MINUTE, History
from helpdesk.cli.seed.people import mood
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.surveys import actions as surveys
from helpdesk.surveys import answers, cadence
from helpdesk.surveys.events import SurveyInvited, SurveySent
from helpdesk.surveys.models import Invitation, Kind, State


class Feedback:
    """What customers say when they are asked."""

    def __init__(self, company: Company, history: History, cases: Cases, random: Random) -> None:
        self.history = history
        self.cases = cases
        self.random = random
        self.clients = {client.customer_id: client for client in company.clients}
        history.on(SurveyInvited, self.plan_sending)
        history.on(SurveySent, self.plan_answer)

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
        score = self._rating(client, self.cases.by_number[invitation.ticket_id or 0])
        answers.answer(invitation_id, score, self.random.choice(words.COMMENTS[score]))

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
