"""`flask reports`: whether the figures are what the journal tells."""

import sys
from zoneinfo import ZoneInfo

import click
from flask.cli import with_appcontext

from helpdesk.core.clock import now
from helpdesk.core.db import transaction
from helpdesk.core.settings import settings
from helpdesk.reports import retelling
from helpdesk.reports.periods import Span
from helpdesk.reports.rollups import keeping


@click.group("reports")
def reports_group() -> None:
    """The figures."""


@reports_group.command()
@click.option("--check", is_flag=True, help="End with 1 where a figure differs.")
@with_appcontext
def rebuild(check: bool) -> None:
    """Count every day anew, make the figures of every month once more from the journal alone, and
    compare them. With --check nothing is counted anew: what is kept is compared, too."""
    zone = ZoneInfo(settings().time_zone)
    today = now().astimezone(zone).date()
    if not check:
        _count_anew()
    with transaction(write=False):
        wrong = keeping.wrong_days()
    for name, day in wrong:
        click.echo(f"{day} {name}: kept otherwise than counted")
    with transaction(write=False):
        found = retelling.differences(Span(today, today, zone))
    for each in found:
        what = f"{each.figure} {each.split}".strip()
        click.echo(f"{each.month} {what}: shown {each.shown:,}, in the journal {each.retold:,}")
    names = ", ".join(retelling.FIGURES)
    click.echo(
        f"{len(found)} figures differ."
        if found
        else f"Every month is as the journal tells: {names}."
    )
    if (found or wrong) and check:
        sys.exit(1)


def _count_anew() -> None:
    with transaction():
        keeping.forget_all()
    keeping.count_what_is_missing()
