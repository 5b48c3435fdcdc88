"""Pages of reports."""

from helpdesk.reports.views import mailed, marking, pages
from helpdesk.reports.views.blueprint import bp

__all__ = ["bp", "mailed", "marking", "pages"]
