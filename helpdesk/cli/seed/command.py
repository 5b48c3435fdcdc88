"""`flask seed`: the demo's history, or mass data for benches."""

import click
from flask.cli import with_appcontext

from helpdesk.cli.seed import seed_demo
from helpdesk.cli.seed.bulk import fill, has_tickets


@click.command("seed")
@click.option("--tickets", type=click.IntRange(1, 50_000_000), help="Mass data instead: how much.")
@click.option("--seed", default=1, show_default=True, help="Another number, other mass data.")
@click.option("--add", is_flag=True, help="Even though there are tickets already.")
@with_appcontext
def seed_command(tickets: int | None, seed: int, add: bool) -> None:
    """Fill the database: with the demo's eighteen months, or with mass data (--tickets)."""
    if has_tickets() and not (add and tickets):
        raise click.ClickException(_there_are_tickets(tickets))
    if tickets is None:
        seed_demo()
        return
    written = fill(tickets, seed, say=click.echo)
    click.echo(", ".join(f"{count:,} {table}" for table, count in written.items() if count))


def _there_are_tickets(tickets: int | None) -> str:
    hint = "--add adds to them" if tickets else "the demo's history needs an empty database"
    return f"There are tickets in this database; {hint}."
