"""What happens to tickets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from helpdesk.core.journal import Event


class TicketEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("ticket", "ticket_id")


@dataclass(frozen=True)
class TicketFiled(TicketEvent):
    ticket_id: int
    customer_id: int
    message_id: int
    channel: str
    quiet: bool = False
    """A machine wrote it, so no machine of ours answers."""


@dataclass(frozen=True)
class CustomerWrote(TicketEvent):
    """A further message of the customer; the first one is part of TicketFiled."""

    ticket_id: int
    customer_id: int
    message_id: int


@dataclass(frozen=True)
class AgentReplied(TicketEvent):
    ticket_id: int
    customer_id: int
    message_id: int
    first: bool
    waited_seconds: int | None
    """How long the oldest unanswered customer message had waited."""


@dataclass(frozen=True)
class NoteAdded(TicketEvent):
    ticket_id: int
    message_id: int


@dataclass(frozen=True)
class AutomaticAnswerCame(TicketEvent):
    """A machine of the customer's answered: it waits for nobody and reopens nothing."""

    ticket_id: int
    customer_id: int
    message_id: int


@dataclass(frozen=True)
class ReplyCameBack(TicketEvent):
    """A mail of ours about the ticket was not delivered, or not yet."""

    ticket_id: int
    email_id: int
    hard: bool
    """For ever; else it is still being tried, or may work later."""


@dataclass(frozen=True)
class WatcherAdded(TicketEvent):
    ticket_id: int
    watcher_id: int


@dataclass(frozen=True)
class MailWentElsewhere(TicketEvent):
    """Somebody who takes no part in the ticket answered a mail about it: that became a ticket of
    its own, `follow_up_id`."""

    ticket_id: int
    follow_up_id: int


@dataclass(frozen=True)
class MailRefersTo(TicketEvent):
    """The ticket began with an answer to a mail about another one, `follow_up_id`, by somebody
    who takes no part there."""

    ticket_id: int
    follow_up_id: int


@dataclass(frozen=True)
class SenderDoubted(TicketEvent):
    """Our mail server says that the mail did not come from where it says."""

    ticket_id: int
    message_id: int


@dataclass(frozen=True)
class MailedReplyStopped(TicketEvent):
    """An agent answered by mail what was no longer the state of things: it was kept as a note."""

    ticket_id: int
    message_id: int


@dataclass(frozen=True)
class TicketAssigned(TicketEvent):
    ticket_id: int
    before: int | None
    after: int | None
    reason: str


@dataclass(frozen=True)
class TicketLeftUnassigned(TicketEvent):
    """Nobody of the team could be given it, for this reason."""

    ticket_id: int
    team_id: int
    reason: str


@dataclass(frozen=True)
class TicketMovedToTeam(TicketEvent):
    ticket_id: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class PriorityChanged(TicketEvent):
    ticket_id: int
    before: str
    after: str


@dataclass(frozen=True)
class StatusChanged(TicketEvent):
    """Among the open statuses; resolving, reopening and closing have events of their own."""

    ticket_id: int
    before: str
    after: str


@dataclass(frozen=True)
class TagsChanged(TicketEvent):
    ticket_id: int
    added: list[str]
    removed: list[str]


@dataclass(frozen=True)
class TicketResolved(TicketEvent):
    ticket_id: int
    customer_id: int
    before: str
    assignee_id: int | None
    team_id: int | None
    by_customer: bool


@dataclass(frozen=True)
class TicketReopened(TicketEvent):
    ticket_id: int
    customer_id: int
    before: str
    by_customer: bool


@dataclass(frozen=True)
class TicketClosed(TicketEvent):
    ticket_id: int
    customer_id: int


@dataclass(frozen=True)
class TicketFollowedUp(TicketEvent):
    """A reply to a closed ticket opened a new one."""

    ticket_id: int
    follow_up_id: int


@dataclass(frozen=True)
class TicketLinkRevoked(TicketEvent):
    ticket_id: int
    customer_id: int


@dataclass(frozen=True)
class MessageScored(TicketEvent):
    ticket_id: int
    customer_id: int
    message_id: int
    label: str
    polarity: float | None
    signals: list[str]


@dataclass(frozen=True)
class SlaPolicyChosen(TicketEvent):
    """Another SLA policy counts for it from now on, or none."""

    ticket_id: int
    before: int | None
    after: int | None
    name: str | None
    reason: str


@dataclass(frozen=True)
class SlaRecounted(TicketEvent):
    """Due times moved because the promise itself changed. `changes` holds target, before, after."""

    ticket_id: int
    why: str
    changes: list[dict[str, Any]]


@dataclass(frozen=True)
class SlaWarned(TicketEvent):
    """Most of the time for a target has passed."""

    ticket_id: int
    policy_id: int
    target: str
    due_at: datetime


@dataclass(frozen=True)
class SlaBreached(TicketEvent):
    """The time for a target has passed; once for each start."""

    ticket_id: int
    policy_id: int
    target: str
    started_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class SlaMet(TicketEvent):
    """A target was kept in time. `due_at` is None when it paused at the end."""

    ticket_id: int
    policy_id: int
    target: str
    started_at: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class SlaMetLate(TicketEvent):
    """What a target asked for came about after it was breached."""

    ticket_id: int
    policy_id: int
    target: str
    started_at: datetime
    due_at: datetime | None
    late_seconds: int
