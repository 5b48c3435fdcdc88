"""A support helpdesk and feedback system.

Importing the package loads nothing, so that a part of it can be used alone: reading the tone of
a text needs neither a web server nor a database.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config import Config
    from helpdesk.core.web import Helpdesk


def create_app(config: "Config") -> "Helpdesk":
    """The application, ready to serve: see `helpdesk.app`."""
    from helpdesk.app import create_app as put_together

    return put_together(config)
