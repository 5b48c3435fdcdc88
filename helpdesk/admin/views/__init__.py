"""Doors for administrators."""

from helpdesk.admin.views import organizations, people, teams, work
from helpdesk.admin.views.blueprint import bp

__all__ = ["bp", "organizations", "people", "teams", "work"]
