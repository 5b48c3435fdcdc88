"""What a start makes ready: the tables, and in a demo the story it tells."""

import click
from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.cli.running import titles
from helpdesk.core import schema
from helpdesk.core.db import session, transaction
from helpdesk.core.settings import settings


def make_ready(*, demo: bool) -> None:
    """Bring the database up to the newest migration; fill an empty one in a demo."""
    titles.call("up: making ready")
    if schema.present() != schema.newest():
        upgrade()
    if demo:
        seed()


def seed() -> None:
    """Fill an empty database with the demo's company; leave one that has accounts alone.

    A story that was interrupted while it was told is taken away and told from the beginning:
    nothing was served before its end, so nothing else is lost.
    """
    unfinished = settings().instance_path / "demo-unfinished"
    if unfinished.exists():
        downgrade(revision="base")
        upgrade()
    elif _has_accounts():
        return
    unfinished.touch()
    _tell_story()
    unfinished.unlink()


def _has_accounts() -> bool:
    with transaction(write=False):
        return session.scalar(select(Account.id).limit(1)) is not None


def _tell_story() -> None:
    from helpdesk.cli.seed import seed_demo

    click.echo("Making up a demo company; once, and in about a minute …")
    seed_demo()
