"""What joins tickets and takes them apart: merges and splits. Events."""

from dataclasses import dataclass

from helpdesk.tickets.events import TicketEvent


@dataclass(frozen=True)
class TicketMerged(TicketEvent):
    """It goes on in another one. `messages` is how many went there."""

    ticket_id: int
    other_id: int
    customer_id: int
    messages: int


@dataclass(frozen=True)
class TicketTookIn(TicketEvent):
    """Another one goes on in this one."""

    ticket_id: int
    other_id: int
    messages: int


@dataclass(frozen=True)
class TicketUnmerged(TicketEvent):
    """It stands for itself again. `messages` came back."""

    ticket_id: int
    other_id: int
    customer_id: int
    messages: int


@dataclass(frozen=True)
class TicketGaveBack(TicketEvent):
    """Another one that went on in this one stands for itself again."""

    ticket_id: int
    other_id: int
    messages: int


@dataclass(frozen=True)
class TicketSplit(TicketEvent):
    """Some of its messages began a ticket of their own."""

    ticket_id: int
    other_id: int
    messages: int


@dataclass(frozen=True)
class TicketBegan(TicketEvent):
    """It began with messages of another ticket."""

    ticket_id: int
    customer_id: int
    other_id: int
    messages: int


@dataclass(frozen=True)
class SplitUndone(TicketEvent):
    """Messages that had begun the other ticket are on this one again."""

    ticket_id: int
    other_id: int
    messages: int


@dataclass(frozen=True)
class TicketTakenBack(TicketEvent):
    """The messages that it began with went back to where they came from."""

    ticket_id: int
    other_id: int
    messages: int
