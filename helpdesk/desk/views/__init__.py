"""The doors of the desk, one file per resource."""

from helpdesk.desk.views import (
    attachments,
    availability,
    changes,
    customers,
    filing,
    live,
    macros,
    merging,
    messages,
    queue,
    saved,
    search,
    splitting,
    taking,
    tickets,
    tone,
    written,
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
    "macros",
    "merging",
    "messages",
    "queue",
    "saved",
    "search",
    "splitting",
    "taking",
    "tickets",
    "tone",
    "written",
]
