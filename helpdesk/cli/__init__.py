"""The commands: `flask up` runs everything, `flask web`, `worker` and `clock` one part each."""

from flask import Flask

from helpdesk.cli.admin import admin_group
from helpdesk.cli.churn import churn_group
from helpdesk.cli.doctor import doctor
from helpdesk.cli.files import files_group
from helpdesk.cli.mail import mail_group
from helpdesk.cli.reports import reports_group
from helpdesk.cli.roles import clock, web, worker
from helpdesk.cli.seed.command import seed_command
from helpdesk.cli.sentiment import sentiment_group
from helpdesk.cli.up import up


def register(app: Flask) -> None:
    """Give the application its commands."""
    groups = (admin_group, churn_group, files_group, mail_group, reports_group)
    for command in (up, web, worker, clock, doctor, *groups, seed_command, sentiment_group):
        app.cli.add_command(command)
