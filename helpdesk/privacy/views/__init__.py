"""Pages about what is kept about people."""

from helpdesk.privacy.views import erasing, handing_out, keeping
from helpdesk.privacy.views.blueprint import bp

__all__ = ["bp", "erasing", "handing_out", "keeping"]
