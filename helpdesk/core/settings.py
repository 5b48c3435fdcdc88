"""The configuration of the running application."""

from typing import cast

from flask import current_app

from config import Config


def settings() -> Config:
    """The frozen `Config` the current application was created with."""
    return cast(Config, current_app.extensions["helpdesk.config"])
