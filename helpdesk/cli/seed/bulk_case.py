"""One ticket of made-up mass data while it lives. All moments in seconds since 1970, UTC."""

from dataclasses import dataclass, field

from helpdesk.cli.seed.bulk_company import Agent, Customer
from helpdesk.cli.seed.bulk_texts import Matter


@dataclass(slots=True)
class Asked:
    """The decision whether to ask about a ticket."""

    id: int
    created: int
    state: str
    reason: str | None = None
    sent: int | None = None


@dataclass(slots=True)
class Case:
    """The ticket as it stands."""

    id: int
    customer: Customer
    matter: Matter
    team_id: int
    agent: Agent
    subject: str
    upset: bool
    channel: str
    priority: str
    created: int
    active: int
    status: str = "new"
    version: int = 1
    assignee: Agent | None = None
    waiting: int | None = None
    first_reply: int | None = None
    last_reply: int | None = None
    resolved: int | None = None
    closed: int | None = None
    snippet: str = ""
    polarity: float | None = None
    label: str | None = None
    score: int | None = None
    asked: Asked | None = None
    said: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    """Everything written on it, oldest first."""
