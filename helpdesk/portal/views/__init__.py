"""Doors for customers, and for everybody who comes with a mailed link."""

from helpdesk.portal.views import addresses, data, filing, home, joining, linked, requests
from helpdesk.portal.views.blueprint import bp

__all__ = ["addresses", "bp", "data", "filing", "home", "joining", "linked", "requests"]
