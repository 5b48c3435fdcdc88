"""Doors for administrators."""

from helpdesk.admin.views import (
    assignment,
    hours,
    organizations,
    people,
    policies,
    recordfields,
    teams,
    types,
    work,
)
from helpdesk.admin.views.blueprint import bp

__all__ = [
    "assignment",
    "bp",
    "hours",
    "organizations",
    "people",
    "policies",
    "recordfields",
    "teams",
    "types",
    "work",
]
