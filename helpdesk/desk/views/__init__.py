"""The doors of the desk, one file per resource."""

from helpdesk.desk.views import (
    attachments,
    availability,
    changes,
    customers,
    filing,
    live,
    messages,
    queue,
    saved,
    search,
    tickets,
    tone,
)
from helpdesk.desk.views.blueprint import bp

__all__ = [
    "attachments",
    "availability",
    "bp",
    "changes",
    "customers",
    "filing",
    "live",
    "messages",
    "queue",
    "saved",
    "search",
    "tickets",
    "tone",
]
