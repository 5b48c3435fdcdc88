"""Doors for customers, and for everybody who comes with a mailed link."""

from flask import Blueprint

bp = Blueprint("portal", __name__, template_folder="../templates")

from helpdesk.portal.views import (  # noqa: E402 - they use bp
    filing,
    home,
    joining,
    linked,
    requests,
)

__all__ = ["bp", "filing", "home", "joining", "linked", "requests"]
