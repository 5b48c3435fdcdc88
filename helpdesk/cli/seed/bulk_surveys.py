"""The surveys of made-up mass data: who is asked, who answers, and how content they are."""

from collections.abc import Iterator
from datetime import UTC, datetime
from math import log
from random import Random
from typing import Protocol

from helpdesk.cli.seed.bulk_case import Asked, Case
from helpdesk.cli.seed.bulk_company import DAY, Agent, Customer
from helpdesk.cli.seed.bulk_loading import Sheet, moment
from helpdesk.cli.seed.bulk_texts import Text, Texts
from helpdesk.core.journal import Event
from helpdesk.surveys import events
from helpdesk.surveys.models import Kind
from helpdesk.surveys.questions import survey_in_use
from helpdesk.surveys.reasons import Reason

WAITS, EXPIRES, BUDGET = DAY, 28 * DAY, 14 * DAY
SHARE_ANSWERED = 0.3
SHARE_WITH_COMMENT = 0.45
SHARE_ABOUT_US = 0.03
"""How often a resolution is followed by the question whether they recommend us."""
HAPPY, UPSET = (0, 2, 3, 7, 25, 63), (0, 30, 22, 18, 15, 15)
"""How many of 100 answers are a 0, 1, … 5."""


class Record(Protocol):
    """Writes an entry into the journal."""

    def __call__(self, event: Event, at: int, subject_id: int, by: Agent | None = None) -> None: ...


class Surveys:
    """Asks after each resolution, and sometimes about the company as a whole."""

    def __init__(self, random: Random, texts: Texts, record: Record, end: int) -> None:
        self.random, self.texts, self.record, self.end = random, texts, record, end
        self.invitations = Sheet(
            "survey_invitation", "survey_id", "kind", "customer_id", "organization_id",
            "ticket_id", "resolved_at", "state", "reason", "email", "created_at", "send_at",
            "sent_at", "expires_at", "assignee_id", "team_id",
        )  # fmt: skip
        self.responses = Sheet(
            "survey_response", "invitation_id", "kind", "score", "comment", "created_at",
            "updated_at", "customer_id", "ticket_id", "agent_id", "team_id", "polarity",
            "sentiment_label", "sentiment_why", "coverage", "phrases", "signals", "analyzer",
            "scored_at",
        )  # fmt: skip
        self.credits = Sheet("survey_credit", "invitation_id", "agent_id", "share", numbered=False)
        self.csat_id = self.nps_id = 0

    @property
    def sheets(self) -> list[Sheet]:
        """All tables this fills."""
        return [self.invitations, self.responses, self.credits]

    def begin(self) -> None:
        """Take the questions as they are asked now."""
        self.csat_id = survey_in_use(Kind.CSAT).id
        self.nps_id = survey_in_use(Kind.NPS).id

    def life(self, case: Case) -> Iterator[int]:
        """What follows a resolution, up to an answer; between the steps their moments."""
        at, customer = case.active, case.customer
        if self.random.random() < SHARE_ABOUT_US:
            self._ask_about_us(customer, at)
        asked = case.asked = Asked(self.invitations.next_id(), at, "waiting")
        if customer.asked and at - customer.asked < BUDGET:
            asked.state, asked.reason = "suppressed", Reason.PERSON_BUDGET
            why = events.SurveySuppressed(
                customer.id, asked.id, case.id, "csat", Reason.PERSON_BUDGET
            )
            self.record(why, at, customer.id)
            return
        sends_at = at + WAITS
        send_at = datetime.fromtimestamp(sends_at, UTC)
        invited = events.SurveyInvited(customer.id, asked.id, case.id, "csat", send_at)
        self.record(invited, at, customer.id)
        yield sends_at
        self._send(case, asked, sends_at)
        if self.random.random() < SHARE_ANSWERED:
            answers_at = sends_at + min(self._wait(DAY), 2 * DAY)
            yield answers_at
            self._answer(case, asked, answers_at)

    def expiry(self, case: Case) -> Iterator[int]:
        """What nobody answered expires."""
        if case.asked and case.asked.state == "sent":
            yield case.asked.created + WAITS + EXPIRES
            case.asked.state = "expired"

    def _wait(self, mean: int) -> int:
        return int(-mean * log(1 - self.random.random()))

    def _send(self, case: Case, asked: Asked, at: int) -> None:
        asked.state, asked.sent = "sent", at
        case.customer.asked = at
        self.credits.put(asked.id, case.agent.id, 1.0)
        sent = events.SurveySent(
            case.customer.id, asked.id, case.id, "csat", case.agent.id, case.team_id
        )
        self.record(sent, at, case.customer.id)

    def _answer(self, case: Case, asked: Asked, at: int) -> None:
        asked.state = "answered"
        shares = UPSET if case.upset else HAPPY
        score = self.random.choices(range(6), shares)[0]
        case.score = case.customer.score = score
        text = self.random.choice(self.texts.comments[score])
        if self.random.random() > SHARE_WITH_COMMENT:
            text = self.texts.silence
        response_id = self.responses.add(
            asked.id, "csat", score, text.body, moment(at), moment(at), case.customer.id, case.id,
            case.agent.id, case.team_id, *_tone(text, at),
        )  # fmt: skip
        answered = events.SurveyAnswered(
            case.customer.id, response_id, asked.id, case.id, "csat", None, score
        )
        self.record(answered, at, case.customer.id)

    def _ask_about_us(self, customer: Customer, at: int) -> None:
        """The whole of it at once: it goes out and is answered with the next breath."""
        answers = self.random.random() < SHARE_ANSWERED
        sent = moment(at)
        invitation_id = self.invitations.add(
            self.nps_id, "nps", customer.id, customer.organization_id, None, None,
            "answered" if answers else "expired", None, customer.email, sent, sent, sent,
            moment(at + EXPIRES), None, None,
        )  # fmt: skip
        if not answers:
            return
        score = min(10, max(0, round(8 + 4 * customer.mood + self.random.gauss(0, 2))))
        text = self.texts.silence
        response_id = self.responses.add(
            invitation_id, "nps", score, text.body, sent, sent, customer.id, None, None, None,
            *_tone(text, at),
        )  # fmt: skip
        answered = events.SurveyAnswered(
            customer.id, response_id, invitation_id, None, "nps", None, score
        )
        self.record(answered, at, customer.id)

    def keep(self, case: Case) -> None:
        """Write the invitation as it stands."""
        asked, customer = case.asked, case.customer
        if asked is None:
            return
        sent = asked.sent
        self.invitations.put(
            asked.id, self.csat_id, "csat", customer.id, customer.organization_id, case.id,
            moment(asked.created), asked.state, asked.reason, customer.email,
            moment(asked.created), moment(asked.created + WAITS), moment(sent),
            moment(sent + EXPIRES) if sent else None, case.agent.id, case.team_id,
        )  # fmt: skip


def _tone(text: Text, at: int) -> tuple[str | int | float | None, ...]:
    return (*text.tone, moment(at)) if text.body else (None,) * 8
