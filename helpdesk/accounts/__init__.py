"""Who signs in: customers, agents, managers, administrators, and the teams of the staff."""

from flask import Flask

from helpdesk.accounts import sessions


def init_app(app: Flask) -> None:
    """Let people sign in and stay signed in."""
    sessions.init_app(app)
