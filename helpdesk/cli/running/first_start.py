"""What a start makes ready: the tables, and in a demo the story it tells."""

import importlib.util

import click
from flask_migrate import upgrade
from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.core.db import session, transaction


def migrate() -> None:
    """Bring the database up to the newest migration."""
    upgrade()


def seed() -> None:
    """Fill an empty database with the demo's company; leave one that has accounts alone."""
    if importlib.util.find_spec("helpdesk.cli.seed") is None:
        return
    with transaction(write=False):
        if session.scalar(select(Account.id).limit(1)) is not None:
            return
    click.echo("Making up a demo company …")
    importlib.import_module("helpdesk.cli.seed").seed_demo()
