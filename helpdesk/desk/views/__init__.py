"""The doors of the desk, one file per resource."""

from helpdesk.desk.views import (
    attachments,
    changes,
    customers,
    filing,
    messages,
    queue,
    saved,
    search,
    tickets,
)
from helpdesk.desk.views.blueprint import bp

__all__ = [
    "attachments",
    "bp",
    "changes",
    "customers",
    "filing",
    "messages",
    "queue",
    "saved",
    "search",
    "tickets",
]
