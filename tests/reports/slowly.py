"""Every figure once more, without the database's help: all rows are loaded, and plain Python counts
them. Shares no line with the reports."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from helpdesk.accounts.models import Account, Role, Team
from helpdesk.churn.models import ChurnFlag
from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import Customer
from helpdesk.reports.periods import Span
from helpdesk.surveys.models import FollowUp, Invitation, Response
from helpdesk.tickets.models import Message, Ticket


def every(model: type[Any]) -> Iterator[Any]:
    """All rows."""
    return iter(session.scalars(select(model)))


class Slowly:
    """The rows that a measure should find in a span, for a reader."""

    def __init__(self, reader: Account, span: Span) -> None:
        self.reader = reader
        self.span = span
        self.tickets = {ticket.id: ticket for ticket in every(Ticket)}
        self.closed_teams = {
            team.id for team in every(Team) if team.restricted and reader not in team.members
        }

    def rows(self, measure: str) -> list[Any]:
        """The rows themselves."""
        return list(getattr(self, measure)())

    def _in(self, moment: datetime | None) -> bool:
        return moment is not None and self.span.start <= moment < self.span.end

    def _sees(self, ticket: Ticket | None) -> bool:
        if ticket is None or self.reader.role is Role.ADMIN:
            return True
        return ticket.team_id not in self.closed_teams

    def _tickets(self, wanted: Callable[[Ticket], bool]) -> Iterator[Ticket]:
        return (t for t in self.tickets.values() if self._sees(t) and wanted(t))

    def filed(self) -> Iterator[Ticket]:
        return self._tickets(lambda ticket: self._in(ticket.created_at))

    def first_replied(self) -> Iterator[Ticket]:
        return self._tickets(lambda ticket: self._in(ticket.first_replied_at))

    def open(self) -> Iterator[Ticket]:
        turns: dict[int, list[tuple[datetime, str]]] = {}
        for entry in every(JournalEntry):
            if entry.event in {"TicketResolved", "TicketReopened"} and entry.at < self.span.end:
                turns.setdefault(entry.subject_id, []).append((entry.at, entry.event))
        for ticket in self._tickets(lambda ticket: ticket.created_at < self.span.end):
            if max(turns.get(ticket.id, [(None, "")]))[1] != "TicketResolved":
                yield ticket

    def _turns(self, event: str) -> Iterator[JournalEntry]:
        for entry in every(JournalEntry):
            if (
                entry.event == event
                and self._in(entry.at)
                and self._sees(self.tickets[entry.subject_id])
            ):
                yield entry

    def resolved(self) -> Iterator[JournalEntry]:
        return self._turns("TicketResolved")

    def reopened(self) -> Iterator[JournalEntry]:
        return self._turns("TicketReopened")

    def _answers(self, kind: str) -> Iterator[Response]:
        for answer in every(Response):
            if (
                answer.kind.value == kind
                and self._in(answer.created_at)
                and self._sees(self.tickets.get(answer.ticket_id or 0))
            ):
                yield answer

    def ces(self) -> Iterator[Response]:
        return self._answers("ces")

    def ces_asked(self) -> Iterator[Invitation]:
        return self._asked("ces")

    def ces_answered(self) -> Iterator[Invitation]:
        return (each for each in self._asked("ces") if each.state.value == "answered")

    def follow_ups(self) -> Iterator[FollowUp]:
        for each in every(FollowUp):
            if self._in(each.opened_at) and self._sees(self.tickets.get(each.ticket_id or 0)):
                yield each

    def promises(self) -> Iterator[JournalEntry]:
        """Each start of a clock once: where it was a breach first, else where it was kept first."""
        found: dict[tuple[object, ...], JournalEntry] = {}
        ended = [each for each in every(JournalEntry) if each.event in {"SlaMet", "SlaBreached"}]
        for entry in sorted(ended, key=lambda entry: (entry.event != "SlaBreached", entry.id)):
            data = entry.data
            key = entry.subject_id, data["policy_id"], data["target"], data["started_at"]
            found.setdefault(key, entry)
        for entry in found.values():
            if self._in(entry.at) and self._sees(self.tickets[entry.subject_id]):
                yield entry

    def breaches(self) -> Iterator[JournalEntry]:
        return (entry for entry in self.promises() if entry.event == "SlaBreached")

    def csat(self) -> Iterator[Response]:
        return self._answers("csat")

    def csat_comments(self) -> Iterator[Response]:
        return (answer for answer in self._answers("csat") if answer.comment)

    def nps(self) -> Iterator[Response]:
        return self._answers("nps")

    def _invitations(self, kind: str) -> Iterator[Invitation]:
        for invitation in every(Invitation):
            if invitation.kind.value == kind and self._sees(
                self.tickets.get(invitation.ticket_id or 0)
            ):
                yield invitation

    def _asked(self, kind: str) -> Iterator[Invitation]:
        for invitation in self._invitations(kind):
            bounced = invitation.mail is not None and invitation.mail.state.value == "bounced"
            if (
                self._in(invitation.sent_at)
                and not bounced
                and invitation.state.value in {"sent", "answered", "expired"}
            ):
                yield invitation

    def asked(self) -> Iterator[Invitation]:
        return self._asked("csat")

    def answered(self) -> Iterator[Invitation]:
        return (each for each in self._asked("csat") if each.state.value == "answered")

    def nps_asked(self) -> Iterator[Invitation]:
        return self._asked("nps")

    def nps_answered(self) -> Iterator[Invitation]:
        return (each for each in self._asked("nps") if each.state.value == "answered")

    def _not_asked(self, kind: str) -> Iterator[Invitation]:
        for each in self._invitations(kind):
            if each.state.value == "suppressed" and self._in(each.created_at):
                yield each

    def not_asked(self) -> Iterator[Invitation]:
        return self._not_asked("csat")

    def nps_not_asked(self) -> Iterator[Invitation]:
        return self._not_asked("nps")

    def undelivered(self) -> Iterator[Invitation]:
        for each in self._invitations("csat"):
            unsure = each.mail is not None and each.mail.state.value in {"bounced", "in_doubt"}
            if unsure and self._in(each.sent_at) and each.state.value in {"sent", "expired"}:
                yield each

    def messages(self) -> Iterator[Message]:
        for message in every(Message):
            if (
                message.kind.value == "customer"
                and self._in(message.created_at)
                and self._sees(self.tickets[message.ticket_id])
            ):
                yield message

    def flags_raised(self) -> Iterator[ChurnFlag]:
        return (flag for flag in every(ChurnFlag) if self._in(flag.raised_at))

    def flags_closed(self) -> Iterator[ChurnFlag]:
        return (flag for flag in every(ChurnFlag) if self._in(flag.closed_at))

    def flags_open(self) -> Iterator[ChurnFlag]:
        for flag in every(ChurnFlag):
            stands = flag.closed_at is None or flag.closed_at >= self.span.end
            if stands and flag.raised_at < self.span.end:
                yield flag

    def began(self, customer: Customer) -> date:
        """The first day as a customer, where the company is."""
        made = customer.created_at.astimezone(self.span.zone).date()
        return customer.customer_since or made

    def customers(self) -> Iterator[Customer]:
        for customer in every(Customer):
            left = customer.lost_on or date.max
            if self.began(customer) <= self.span.last and left >= self.span.first:
                yield customer

    def customers_started(self) -> Iterator[Customer]:
        for customer in every(Customer):
            if self.span.first <= self.began(customer) <= self.span.last:
                yield customer

    def fate(self, customer: Customer) -> str:
        """As the retention report calls it."""
        old = self.began(customer) < self.span.first
        here = customer.lost_on is None or customer.lost_on > self.span.last
        return {(1, 1): "stayed", (1, 0): "left", (0, 1): "new"}.get((old, here), "came_and_left")
