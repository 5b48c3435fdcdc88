"""How long the reports take, for the period they show unasked and for five years: anew after
something was written, and again while nothing was. What is kept is counted before.

python -m bench.reports [--tickets 100000] [--db sqlite] [--url …] [--only speed]
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
from time import perf_counter, process_time

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
from helpdesk.reports.rollups.keeping import count_what_is_missing
from helpdesk.tickets.models import Ticket
from tests.servers.valkey import Valkey

ANEW, AGAIN = 5, 20
Get = Callable[[str], TestResponse]
LINE = "{:<16}{:>12}{:>12}{:>12}{:>14}{:>14}"


@dataclass(frozen=True)
class Taken:
    """Times of one report in ms, medians; `cpu` is what this process took of the processor, without
    what PostgreSQL's own did."""

    name: str
    anew: float
    cpu: float
    again: float
    years_anew: float
    years_cpu: float


def main() -> None:
    """Fill where it is empty, measure, print."""
    options = _options()
    for name in options.db:
        with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder, Valkey() as valkey:
            if options.url:
                show(name, measure(options.url, valkey.url, Path(folder), options))
            else:
                with database(name, Path(folder)) as url:
                    show(name, measure(url, valkey.url, Path(folder), options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.reports", description=__doc__)
    parser.add_argument("--tickets", type=int, default=20_000, help="how many (20000)")
    parser.add_argument("--db", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--url", help="measure this database, filled by an earlier run")
    parser.add_argument("--only", choices=list(PAGES), action="append", help="these reports alone")
    options = parser.parse_args()
    options.db = options.db or ["sqlite", "postgresql"]
    if options.url:
        options.db = ["sqlite" if options.url.startswith("sqlite") else "postgresql"]
    return options


def measure(url: str, redis_url: str, folder: Path, options: argparse.Namespace) -> list[Taken]:
    """Every report as a manager opens it."""
    environment = variables(url, redis_url, folder, new_port())
    app = create_app(config_of({**os.environ, **environment}))
    scene.prepare(app, options.tickets)
    with app.app_context():
        _say("counting")
        count_what_is_missing()
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
    get = partial(client.get, base_url=base)
    return [_taken(app, get, name, years) for name in options.only or PAGES]


def _taken(app: Flask, get: Get, name: str, years: str) -> Taken:
    address = "/reports" if name == "overview" else f"/reports/{name}"
    _say(name)
    anew = [_opened(app, get, address, write=True) for _ in range(ANEW)]
    again = [_opened(app, get, address, write=False) for _ in range(AGAIN)]
    years_anew = [_opened(app, get, address + years, write=True) for _ in range(3)]
    return Taken(name, *_medians(anew), _medians(again)[0], *_medians(years_anew))


def _medians(taken: list[tuple[float, float]]) -> tuple[float, float]:
    return median(wall for wall, _ in taken), median(cpu for _, cpu in taken)


def _opened(app: Flask, get: Get, address: str, *, write: bool) -> tuple[float, float]:
    """ms by the clock on the wall, and of the processor."""
    if write:
        _write(app)
    started, worked = perf_counter(), process_time()
    answer = get(address)
    taken = 1000 * (perf_counter() - started), 1000 * (process_time() - worked)
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
    print(LINE.format("", "p50 anew", "cpu", "p50 again", "5 years anew", "5 years cpu"))
    for each in taken:
        figures: Callable[[float], str] = "{:.0f}".format
        numbers = (each.anew, each.cpu, each.again, each.years_anew, each.years_cpu)
        print(LINE.format(each.name, *map(figures, numbers)))


def _say(name: str) -> None:
    print(f"{name} …", file=sys.stderr)


if __name__ == "__main__":
    main()
