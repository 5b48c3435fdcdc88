"""The first administrator, from the terminal of the machine itself."""

import click
from flask.cli import with_appcontext

from helpdesk.accounts import actions
from helpdesk.accounts.models import Role
from helpdesk.core.db import transaction
from helpdesk.core.errors import HelpdeskError


@click.group("admin")
def admin_group() -> None:
    """Administrators."""


@admin_group.command()
@click.option("--email", prompt="E-mail", help="The address to sign in with.")
@click.option("--name", prompt="Name", help="As colleagues and customers will read it.")
@click.password_option(help="Better left out: it is asked for, and not shown.")
@with_appcontext
def create(email: str, name: str, password: str) -> None:
    """Make an account that may do everything; it invites the others."""
    try:
        with transaction():
            account = actions.open_account(
                actions.checked_email(email), name, Role.ADMIN, "terminal"
            )
            actions.prove(account)
            actions.choose_password(account, password, "terminal")
    except HelpdeskError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{name} can sign in now, and invite others under Staff.")
