"""Who pays attention to a ticket: colleagues who watch it or were called to it. Events."""

from dataclasses import dataclass

from helpdesk.tickets.events import TicketEvent


@dataclass(frozen=True)
class AgentMentioned(TicketEvent):
    """Somebody called a colleague by name in a note: they watch the ticket from now on."""

    ticket_id: int
    message_id: int
    agent_id: int


@dataclass(frozen=True)
class AgentWatches(TicketEvent):
    """A colleague wants to know what happens on the ticket. `why` is "by hand", "mentioned" or,
    where they watched one that was merged into it, "merged"."""

    ticket_id: int
    agent_id: int
    why: str


@dataclass(frozen=True)
class AgentStoppedWatching(TicketEvent):
    ticket_id: int
    agent_id: int
    why: str


@dataclass(frozen=True)
class WatcherRemoved(TicketEvent):
    """Somebody from outside gets no copy of answers any more."""

    ticket_id: int
    watcher_id: int
