"""Doors for administrators."""

from helpdesk.admin.views import hours, organizations, people, policies, teams, work
from helpdesk.admin.views.blueprint import bp

__all__ = ["bp", "hours", "organizations", "people", "policies", "teams", "work"]
