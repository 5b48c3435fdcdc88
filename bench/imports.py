"""How long it takes to take over a table of each kind, and the same table once more.

python -m bench.imports [--lines 100000] [--db sqlite]
"""

import argparse
import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from sqlalchemy import func, select

from bench.surroundings import config_of, database, new_port, variables
from helpdesk import create_app
from helpdesk.accounts.models import Account, Role
from helpdesk.core import files
from helpdesk.core.db import Model, db, session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.customers import imports
from helpdesk.customers.models import Import, ImportLine
from tests.cast import account
from tests.servers.valkey import Valkey

KINDS = ("customers", "organizations", "orders", "outcomes")


@dataclass(frozen=True)
class Took:
    """One reading of a table: seconds by the clock, seconds of the processor, what became of it."""

    what: str
    seconds: float
    processor: float
    outcomes: dict[str, int]
    entries: int
    """Entries in the journal that it led to."""


def main() -> None:
    """Fill an empty database by imports, and print how long each took."""
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000, help="how many (100000)")
    parser.add_argument("--db", choices=["sqlite", "postgresql"], action="append")
    options = parser.parse_args()
    for name in options.db or ["sqlite", "postgresql"]:
        with (
            tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder,
            Valkey() as valkey,
            database(name, Path(folder)) as url,
        ):
            for took in measure(url, valkey.url, Path(folder), options.lines):
                found = ", ".join(f"{count:,} {what}" for what, count in took.outcomes.items())
                print(
                    f"{name}: {took.what}: {took.seconds:.1f} s, {took.processor:.1f} s of the "
                    f"processor; {found}; {took.entries:,} entries in the journal",
                    flush=True,
                )


def measure(url: str, redis_url: str, folder: Path, lines: int) -> Iterator[Took]:
    """Each table twice."""
    app = create_app(config_of({**os.environ, **variables(url, redis_url, folder, new_port())}))
    with app.app_context():
        Model.metadata.create_all(db.engine)
        with transaction():
            session.add(account("Nora Ek", Role.MANAGER))
        for kind in KINDS:
            text = "\n".join(_table(kind, lines))
            for place in ("first", "second"):
                yield _take(f"{lines:,} {kind}, the {place} time", kind, text)


def _take(what: str, kind: str, text: str) -> Took:
    with transaction():
        nora = session.scalars(select(Account)).one()
        stored = files.store(io.BytesIO(text.encode()), f"{kind}.csv")
        number = imports.start(kind, stored.path, f"{kind}.csv", by=nora).id
        before = session.scalar(select(func.count(JournalEntry.id))) or 0
    started, processor = perf_counter(), process_time()
    with transaction(write=False):
        rest = imports.lines(session.get_one(Import, number))
    more = True
    while more:
        with transaction():
            more = imports.run_batch(number, rest)
    seconds, processor = perf_counter() - started, process_time() - processor
    with transaction(write=False):
        outcomes = select(ImportLine.outcome, func.count()).group_by(ImportLine.outcome)
        found = session.execute(outcomes.where(ImportLine.import_id == number))
        after = session.scalar(select(func.count(JournalEntry.id))) or 0
        return Took(what, seconds, processor, {row[0]: row[1] for row in found}, after - before)


def _table(kind: str, lines: int) -> Iterator[str]:
    random = Random(7)
    if kind == "customers":
        yield "email,name,organization,phone,tier,language,customer_since,contract_value"
        for number in range(lines):
            firm = number // 4
            yield (
                f"person{number}@firm{firm}.example,Person {number},Firm {firm},"
                f"+49 30 {number:07},{random.choice(('gold', 'silver', ''))},de,"
                f"{2015 + number % 10}-03-{1 + number % 28:02},{1000 + firm % 90}"
            )
        return
    if kind == "organizations":
        yield "organization,domain,contract_value,contract_since,renews_on,owner"
        for number in range(lines):
            yield (
                f"Company {number},company{number}.example,{1000 + number % 90},2024-02-01,"
                f"2027-0{1 + number % 9}-01,nora@acorn-payroll.example"
            )
        return
    if kind == "outcomes":
        yield "email,lost_on,outcome"
        for number in range(lines):
            left = f"2026-0{1 + number % 9}-11,left" if number % 5 == 0 else ",stayed"
            yield f"person{number}@firm{number // 4}.example,{left}"
        return
    yield "email,reference,ordered_at,amount,currency,item"
    for number in range(lines):
        person = random.randrange(lines)
        yield (
            f"person{person}@firm{person // 4}.example,R{number},2026-0{1 + number % 9}-11,"
            f"{random.randrange(5, 900)}.50,EUR,Box"
        )


if __name__ == "__main__":
    main()
