"""The tickets of made-up mass data, told in the order in which things happen, so that rows lie in
the tables as they do after years of work: the messages of one ticket far apart."""

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from json import JSONEncoder
from math import exp, log
from random import Random

from sqlalchemy import select

from helpdesk.cli.seed.bulk_case import Case
from helpdesk.cli.seed.bulk_company import DAY, Agent, Company
from helpdesk.cli.seed.bulk_loading import Sheet, moment
from helpdesk.cli.seed.bulk_promises import Promises
from helpdesk.cli.seed.bulk_surveys import Surveys
from helpdesk.cli.seed.bulk_texts import NO_TONE, Text, Texts
from helpdesk.core.db import session
from helpdesk.core.journal import Event
from helpdesk.core.search import Document
from helpdesk.tickets import events
from helpdesk.tickets.models import Tag

HOUR, MINUTE = 3600, 60
CLOSES_AFTER = 4 * DAY
PLANS = (("A", 36), ("AC", 38), ("ACA", 16), ("ANCA", 6), ("ACACA", 4))
"""What follows the first message (Agent, Customer, Note), and in how many of 100 tickets. With the
first one that makes a little more than three messages a ticket."""
PRIORITIES = (("normal", 80), ("high", 9), ("low", 8), ("urgent", 3))
CHANNELS = (("portal", 85), ("desk", 15))


class Tickets:
    """Tells every ticket. `unclosed` is the share of those that are done which nobody has closed:
    so it looks after tickets were brought over from elsewhere."""

    def __init__(
        self, random: Random, company: Company, texts: Texts, end: int, unclosed: float
    ) -> None:
        self.random, self.company, self.texts = random, company, texts
        self.end, self.unclosed = end, unclosed
        self.sheet = Sheet(
            "ticket", "subject", "status", "priority", "channel", "customer_id",
            "organization_id", "team_id", "assignee_id", "version", "created_at", "active_at",
            "waiting_since", "asked_at", "first_replied_at", "answered_at", "last_replied_at",
            "sla_policy_id", "due_at", "due_for", "resolved_at", "closed_at", "snippet",
            "sentiment", "sentiment_label", "last_score",
        )  # fmt: skip
        self.messages = Sheet(
            "message", "ticket_id", "kind", "channel", "author_id", "customer_id", "body",
            "created_at", "polarity", "sentiment_label", "sentiment_why", "coverage", "phrases",
            "signals", "analyzer", "scored_at",
        )  # fmt: skip
        self.tags = Sheet("tag", "name")
        self.tagged = Sheet("ticket_tag", "ticket_id", "tag_id", numbered=False)
        self.journal = Sheet(
            "journal_entry", "at", "event", "subject_kind", "subject_id", "actor_id",
            "actor_name", "data",
        )  # fmt: skip
        self.promises = Promises(end)
        self.surveys = Surveys(random, texts, self.record, end)
        self.documents: list[Document] = []
        self._lives: list[tuple[int, int, Iterator[int], Case]] = []
        self._order = count()
        self._tag_ids: dict[str, int] = {}

    @property
    def sheets(self) -> list[Sheet]:
        """All tables this fills."""
        own = [self.sheet, self.messages, self.tags, self.tagged, self.journal]
        return own + self.surveys.sheets + self.promises.sheets

    def begin(self) -> None:
        """Make the tags that are not there yet, and the survey."""
        self._tag_ids = {name: tag_id for tag_id, name in session.execute(select(Tag.id, Tag.name))}
        for matter in self.texts.matters:
            for name in matter.tags:
                if name not in self._tag_ids:
                    self._tag_ids[name] = self.tags.add(name)
        self.surveys.begin()
        self.promises.begin()

    def file_at(self, created: int) -> None:
        """Let everything happen that happens before, then somebody files a ticket."""
        while self._lives and self._lives[0][0] <= created:
            _, order, life, case = heapq.heappop(self._lives)
            self._live(order, life, case)
        case = self._new_case(created)
        self._live(next(self._order), self._life(case), case)

    def _live(self, order: int, life: Iterator[int], case: Case) -> None:
        at = next(life, None)
        if at is None:
            self._keep(case)
        else:
            heapq.heappush(self._lives, (at, order, life, case))

    def finish(self) -> None:
        """Let the rest happen, as far as it happens before the end, and write what is left."""
        while self._lives:
            at, order, life, case = heapq.heappop(self._lives)
            if at <= self.end:
                self._live(order, life, case)
            else:
                self._keep(case)

    def _new_case(self, created: int) -> Case:
        choice, company = self.random.choice, self.company
        matter, team_id = choice(self.texts.matters), company.team_id()
        return Case(
            id=self.sheet.next_id(),
            customer=company.customer(),
            matter=matter,
            team_id=team_id,
            agent=choice(company.agents[team_id]),
            subject=choice(matter.subjects),
            upset=self.random.random() < 0.22,
            channel=self._drawn(CHANNELS),
            priority=self._drawn(PRIORITIES),
            created=created,
            active=created,
        )

    def _drawn(self, choices: tuple[tuple[str, int], ...]) -> str:
        left = self.random.random() * 100
        for value, share in choices:
            left -= share
            if left < 0:
                return value
        return choices[0][0]

    def _life(self, case: Case) -> Iterator[int]:
        """Its steps; between them the moments of the next one."""
        self._file(case)
        stops_at = self._stop(case)
        for number, kind in enumerate(self._drawn(PLANS)):
            if number == stops_at:
                yield self.end + 1
            at = self._after(case, 4 * HOUR if kind == "A" else 9 * HOUR)
            yield at
            case.active = at
            self._step(case, kind)
        at = self._after(case, HOUR)
        yield at
        case.active = at
        self._resolve(case)
        yield from self.surveys.life(case)
        if self.random.random() >= self.unclosed:
            yield (case.resolved or case.active) + CLOSES_AFTER
            self._close(case)
        yield from self.surveys.expiry(case)

    def _after(self, case: Case, mean: int) -> int:
        return case.active + MINUTE + int(-mean * log(1 - self.random.random()))

    def _stop(self, case: Case) -> int:
        """After how many steps it got stuck, as those of the last weeks may; -1 for never."""
        age = (self.end - case.created) / DAY
        stuck = self.random.random() < 0.6 * exp(-age / 12)
        return min(int(self.random.random() * 3), 2) if stuck else -1

    def _step(self, case: Case, kind: str) -> None:
        if kind == "A":
            self._reply(case)
        elif kind == "N":
            self._note(case)
        else:
            self._write(case)

    def _file(self, case: Case) -> None:
        text = self.random.choice(case.matter.upset if case.upset else case.matter.calm)
        message_id = self._say(case, "customer", text)
        case.waiting = case.created
        self._record(
            case, events.TicketFiled(case.id, case.customer.id, message_id, case.channel), None
        )
        self._record(case, events.TicketMovedToTeam(case.id, None, case.team_id), None)
        self._tell_tone(case, message_id, text)

    def _write(self, case: Case) -> None:
        pool = self.texts.angry if case.upset else self.texts.still
        text = self.random.choice(pool if self.random.random() < 0.4 else self.texts.thanks)
        message_id = self._say(case, "customer", text)
        case.waiting = case.waiting or case.active
        case.status = "open"
        self._record(case, events.CustomerWrote(case.id, case.customer.id, message_id), None)
        self._tell_tone(case, message_id, text)

    def _reply(self, case: Case) -> None:
        message_id = self._say(case, "agent", self.random.choice(case.matter.answers))
        first = case.first_reply is None
        waited = case.active - case.waiting if case.waiting else None
        case.first_reply, case.waiting = case.first_reply or case.active, None
        case.last_reply = case.active
        if first:
            case.assignee = case.agent
            assigned = events.TicketAssigned(case.id, None, case.agent.id, "first to reply")
            self._record(case, assigned, case.agent)
        self._record(
            case,
            events.AgentReplied(case.id, case.customer.id, message_id, first, waited),
            case.agent,
        )
        case.status = "on_hold" if self.random.random() < 0.1 else "pending"

    def _note(self, case: Case) -> None:
        message_id = self._say(case, "note", self.random.choice(self.texts.notes))
        self._record(case, events.NoteAdded(case.id, message_id), case.agent)

    def _resolve(self, case: Case) -> None:
        by_customer = self.random.random() < 0.1
        before, case.status = case.status, "resolved"
        case.resolved, case.waiting = case.active, None
        case.version += 1
        resolved = events.TicketResolved(
            case.id, case.customer.id, before, case.agent.id, case.team_id, by_customer
        )
        self._record(case, resolved, None if by_customer else case.agent)

    def _close(self, case: Case) -> None:
        case.status, case.closed = "closed", (case.resolved or case.active) + CLOSES_AFTER
        case.version += 1
        self._record(case, events.TicketClosed(case.id, case.customer.id), None)

    def _say(self, case: Case, kind: str, text: Text) -> int:
        customers = kind == "customer"
        if kind == "note":
            case.noted.append(text.body)
        else:
            case.said.append(text.body)
            case.snippet = text.snippet
        case.version += 1
        at = moment(case.active)
        return self.messages.add(
            case.id, kind, case.channel, None if customers else case.agent.id,
            case.customer.id if customers else None, text.body, at,
            *(text.tone if customers else NO_TONE), at if customers else None,
        )  # fmt: skip

    def _tell_tone(self, case: Case, message_id: int, text: Text) -> None:
        customer = case.customer
        if text.polarity is not None:
            case.polarity, case.label = text.polarity, text.label
            customer.scored += 1
            customer.mood += 0.3 * (text.polarity - customer.mood)
        scored = events.MessageScored(
            case.id, customer.id, message_id, text.label, text.polarity, text.signals
        )
        self._record(case, scored, None)

    def _record(self, case: Case, event: Event, agent: Agent | None) -> None:
        self.record(event, case.closed or case.active, case.id, agent)

    def record(self, event: Event, at: int, subject_id: int, by: Agent | None = None) -> None:
        """An entry of the journal that nobody needs to be told of any more."""
        actor_id, actor_name = (by.id, by.name) if by else (None, None)
        self.journal.add(
            moment(at), type(event).__name__, event.subject[0], subject_id, actor_id, actor_name,
            _encode(vars(event)),
        )  # fmt: skip

    def _keep(self, case: Case) -> None:
        """Write the ticket as it stands."""
        customer, assignee = case.customer, case.assignee
        self.sheet.put(
            case.id, case.subject, case.status, case.priority, case.channel, customer.id,
            customer.organization_id, case.team_id, assignee.id if assignee else None,
            case.version, moment(case.created), moment(case.active), moment(case.waiting),
            moment(case.created), moment(case.first_reply), moment(case.first_reply),
            moment(case.last_reply), *self.promises.keep(case), moment(case.resolved),
            moment(case.closed), case.snippet, case.polarity, case.label, case.score,
        )  # fmt: skip
        for name in case.matter.tags:
            self.tagged.put(case.id, self._tag_ids[name])
        self.documents.append(self._document(case))
        self.surveys.keep(case)

    def _document(self, case: Case) -> Document:
        customer = case.customer
        organization = self.company.organization_names[customer.organization_id]
        return Document(
            case.id,
            title=" ".join((case.subject, *sorted(case.matter.tags))),
            people=f"{customer.name} {organization} {customer.email}",
            said=case.said[::-1],
            noted=case.noted[::-1],
        )


def _iso(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


_encode = JSONEncoder(default=_iso, separators=(",", ":")).encode
