"""The commands: `flask up` runs everything, `flask web`, `worker` and `clock` one part each."""

from collections.abc import Mapping
from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

COMMANDS: Mapping[str, str] = {
    "admin": "admin:admin_group",
    "backup": "backup:backup",
    "churn": "churn:churn_group",
    "clock": "roles:clock",
    "doctor": "doctor:doctor",
    "files": "files:files_group",
    "mail": "mail:mail_group",
    "reports": "reports:reports_group",
    "seed": "seed.command:seed_command",
    "sentiment": "sentiment:sentiment_group",
    "up": "up:up",
    "web": "roles:web",
    "worker": "roles:worker",
}
"""By name, the module in this package and what the command is called there."""


class Commands(AppGroup):
    """Imports a command when it is called for: none of the others is needed to serve a page."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), name)
        return command


def register(app: Flask) -> None:
    """Give the application its commands, beside those that it has: `flask db` is Migrate's."""
    known = app.cli.commands
    app.cli = Commands(app.name)
    app.cli.commands.update(known)
