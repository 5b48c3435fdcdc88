"""Where agents work: queue, ticket, customer."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Give every page of the desk its rail."""
