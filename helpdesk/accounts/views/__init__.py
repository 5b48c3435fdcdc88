"""Doors: signing in and out, one's own account, inviting the staff."""

from helpdesk.accounts.views import demo, invitations, own, signing_in
from helpdesk.accounts.views.blueprint import bp

__all__ = ["bp", "demo", "invitations", "own", "signing_in"]
