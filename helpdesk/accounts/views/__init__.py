"""Doors: signing in and out, one's own account, inviting the staff."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, template_folder="../templates")

from helpdesk.accounts.views import demo, invitations, own, signing_in  # noqa: E402 - they use bp

__all__ = ["bp", "demo", "invitations", "own", "signing_in"]
