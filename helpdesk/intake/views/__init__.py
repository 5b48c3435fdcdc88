"""The door for programs, and the pages of mail in."""

from helpdesk.intake.views import formatted, handing_in, log, setup
from helpdesk.intake.views.blueprint import bp

__all__ = ["bp", "formatted", "handing_in", "log", "setup"]
