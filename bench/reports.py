"""How long the reports take, for the period they show unasked and for five years: anew after
something was written, and again while nothing was.

python -m bench.reports [--tickets 100000] [--db sqlite] [--url …]
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from bench import scene
from bench.surroundings import config_of, database, new_port, variables
from helpdesk import create_app
from helpdesk.accounts.models import Account, Role
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.reports.pages import PAGES
from helpdesk.tickets.models import Ticket
from tests.servers.valkey import Valkey

ANEW, AGAIN = 5, 20
Get = Callable[[str], TestResponse]
LINE = "{:<16}{:>12}{:>12}{:>12}{:>14}{:>14}"


@dataclass(frozen=True)
class Taken:
    """Times of one report in ms: medians, and the 95th percentile of those again."""

    name: str
    anew: float
    again: float
    again_p95: float
    years_anew: float
    years_again: float


def main() -> None:
    """Fill where it is empty, measure, print."""
    options = _options()
    for name in options.db:
        with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder, Valkey() as valkey:
            if options.url:
                show(name, measure(options.url, valkey.url, Path(folder), options.tickets))
            else:
                with database(name, Path(folder)) as url:
                    show(name, measure(url, valkey.url, Path(folder), options.tickets))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.reports", description=__doc__)
    parser.add_argument("--tickets", type=int, default=20_000, help="how many (20000)")
    parser.add_argument("--db", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--url", help="measure this database, filled by an earlier run")
    options = parser.parse_args()
    options.db = options.db or ["sqlite", "postgresql"]
    if options.url:
        options.db = ["sqlite" if options.url.startswith("sqlite") else "postgresql"]
    return options


def measure(url: str, redis_url: str, folder: Path, tickets: int) -> list[Taken]:
    """Every report as a manager opens it."""
    environment = variables(url, redis_url, folder, new_port())
    app = create_app(config_of({**os.environ, **environment}))
    scene.prepare(app, tickets)
    with app.app_context(), transaction(write=False):
        statement = select(Account).where(
            Account.role == Role.MANAGER, Account.disabled_at.is_(None)
        )
        manager = session.scalars(statement.order_by(Account.id).limit(1)).one()
        cookie = scene.cookie_of(app, manager)
        newest = session.scalar(select(func.max(Ticket.created_at)))
    client = app.test_client(use_cookies=False)
    client.environ_base["HTTP_COOKIE"] = cookie
    last = newest.date() if newest else now().date()
    years = f"?period=custom&from={last.replace(year=last.year - 5, day=1)}&to={last}"
    base = environment["PUBLIC_URL"]
    return [_taken(app, partial(client.get, base_url=base), name, years) for name in PAGES]


def _taken(app: Flask, get: Get, name: str, years: str) -> Taken:
    address = "/reports" if name == "overview" else f"/reports/{name}"
    _say(name)
    anew = [_opened(app, get, address, write=True) for _ in range(ANEW)]
    again = sorted(_opened(app, get, address, write=False) for _ in range(AGAIN))
    long_anew = [_opened(app, get, address + years, write=True) for _ in range(2)]
    long_again = [_opened(app, get, address + years, write=False) for _ in range(5)]
    return Taken(
        name,
        median(anew),
        median(again),
        again[int(len(again) * 0.95)],
        median(long_anew),
        median(long_again),
    )


def _opened(app: Flask, get: Get, address: str, *, write: bool) -> float:
    if write:
        _write(app)
    started = perf_counter()
    answer = get(address)
    taken = 1000 * (perf_counter() - started)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return taken


def _write(app: Flask) -> None:
    """Something is written, so that what was counted is counted anew."""
    with app.app_context(), transaction():
        first = select(func.min(Account.id)).scalar_subquery()
        session.execute(update(Account).where(Account.id == first).values(name=Account.name))


def show(name: str, taken: list[Taken]) -> None:
    """Print one database's table."""
    print(f"\n{name}: reports, ms")
    print(LINE.format("", "p50 anew", "p50 again", "p95 again", "5 years anew", "5 years again"))
    for each in taken:
        figures: Callable[[float], str] = "{:.0f}".format
        numbers = (each.anew, each.again, each.again_p95, each.years_anew, each.years_again)
        print(LINE.format(each.name, *map(figures, numbers)))


def _say(name: str) -> None:
    print(f"{name} …", file=sys.stderr)


if __name__ == "__main__":
    main()
