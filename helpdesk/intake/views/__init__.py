"""The door for programs, and the pages of mail in."""

from helpdesk.intake.views import handing_in
from helpdesk.intake.views.blueprint import bp

__all__ = ["bp", "handing_in"]
