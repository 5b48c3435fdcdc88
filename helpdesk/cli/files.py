"""`flask files check`: whether every file that a row names is there, as it came."""

import click
from flask.cli import with_appcontext

from helpdesk.core import inventory
from helpdesk.core.clock import now
from helpdesk.core.db import transaction


@click.group("files")
def files_group() -> None:
    """Files that people sent."""


@files_group.command()
@with_appcontext
def check() -> None:
    """Compare rows and files: one line for each that is amiss, and an end that says so. Files
    without a row are left by processes that died; a job deletes them after a day."""
    with transaction(write=False):
        found = list(inventory.take_stock(now() - inventory.YOUNG))
    for finding in found:
        click.echo(f"{finding.what}: {finding.path}")
    click.echo(f"{len(found)} amiss.")
    if found:
        raise click.exceptions.Exit(1)
