"""`python -m bench`: fill, serve, measure, print."""

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from bench import bulk_edits, counts, health, measuring, scene, weight
from bench.client import Client
from bench.scene import Scene
from bench.surroundings import (
    PROCESSES,
    Server,
    config_of,
    database,
    megabytes,
    new_port,
    variables,
)
from bench.table import show
from helpdesk import create_app
from tests.servers.valkey import Valkey

AT_ONCE = 8
LIST, SEARCH = "floor: list", "floor: search"
INSERT, KEEP = "floor: insert", "floor: file"
RARE, FILE, REPLY = "search, rare word", "file a ticket", "reply"


@dataclass
class Result:
    """Everything measured on one database."""

    database: str
    tickets: int
    messages: int
    pages: list[dict[str, Any]] = field(default_factory=list)
    """name, p50 and p95 in ms, n, ratio of p50 to its floor, processor time of the web server in
    ms, its ratio to the floor, queries, requests a second."""
    deep: float = 0.0
    """The deep page beside page 1."""
    weight: dict[str, int] = field(default_factory=dict)
    health: dict[str, float] = field(default_factory=dict)
    """Customers, minutes for a night of 200,000 of them, ms for one after an event."""
    bulk: dict[str, float] = field(default_factory=dict)
    """Seconds for each 1,000 tickets to be proposed, changed and as before again, and the longest
    transaction of these, in ms."""
    counts: dict[str, float] = field(default_factory=dict)
    """Median and p95 of counting ten saved views, in ms."""
    memory: dict[str, float] = field(default_factory=dict)
    """MB of the two web processes, idle after the run: shared pages in each ("rss"), once ("pss"),
    and of the process that looks after them."""


def main() -> None:
    """Run what the command line asks for."""
    options = _options()
    results = []
    for name in options.db:
        with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder, Valkey() as valkey:
            if options.url:
                results.append(run(options, options.url, valkey.url, Path(folder)))
            else:
                with database(name, Path(folder)) as url:
                    results.append(run(options, url, valkey.url, Path(folder)))
        if not options.json:
            show(results[-1])
    if options.json:
        print(json.dumps([asdict(result) for result in results], indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000, help="how many (100000)")
    parser.add_argument("--db", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--seconds", type=float, default=7, help="for each page (7)")
    parser.add_argument("--json", action="store_true", help="for machines to read")
    parser.add_argument("--server", default="", help="another worker class of gunicorn: sync")
    parser.add_argument("--url", help="measure this database, filled by an earlier run")
    options = parser.parse_args()
    options.db = options.db or ["sqlite", "postgresql"]
    if options.url:
        options.db = ["sqlite" if options.url.startswith("sqlite") else "postgresql"]
    return options


def run(options: argparse.Namespace, url: str, redis_url: str, folder: Path) -> Result:
    """Fill the database at `url` if it is empty, and measure on it."""
    pages, floor = (variables(url, redis_url, folder, new_port()) for _ in range(2))
    app = create_app(config_of({**os.environ, **pages}))
    started = time.monotonic()
    scene.prepare(app, options.tickets)
    _say(f"{url.partition(':')[0]}: filled in {time.monotonic() - started:.0f} s; measuring …")
    place = scene.set_up(app)
    with (
        Server("pages", pages, options.server) as server,
        Server("floor", floor, options.server) as floor_server,
    ):
        result = Result(url.partition(":")[0].partition("+")[0], place.tickets, place.messages)
        measure(result, place, server, floor_server, options.seconds)
        count_questions(result, app, place)
        weigh(result, place, server)
    result.health = health.measure(app)
    result.counts = counts.measure(app)
    result.bulk = bulk_edits.measure(app)
    return result


def measure(
    result: Result, place: Scene, server: Server, floor_server: Server, seconds: float
) -> None:
    """Times of every page and of the floor, then rates."""
    with (
        Client(server.port, place.agent_cookie) as client,
        Client(floor_server.port, place.agent_cookie) as floor_client,
    ):
        cpu, floor_cpu = server.cpu, floor_server.cpu
        bare = [path.removeprefix("/desk") for path in place.pages[RARE]]
        visits = {
            LIST: (measuring.opening(floor_client, ["/list"]), LIST, floor_cpu),
            SEARCH: (measuring.opening(floor_client, bare), SEARCH, floor_cpu),
            INSERT: (measuring.inserting(floor_client), INSERT, floor_cpu),
            KEEP: (measuring.keeping(floor_server.port, place.filers), KEEP, floor_cpu),
        }
        for name, paths in place.pages.items():
            status = 303 if name == "search by number" else 200
            floor = SEARCH if name == RARE else LIST
            visits[name] = (measuring.opening(client, paths, status), floor, cpu)
        visits[FILE] = (measuring.filing(server.port, place.filers), KEEP, cpu)
        visits[REPLY] = (measuring.replying(client, place.answered), INSERT, cpu)
        taken = measuring.take_turns(visits, seconds)
    first, deep = taken["resolved, page 1"], taken[f"resolved, page {place.depth:,}"]
    result.deep = deep.ratio(first)
    for name, page in taken.items():
        result.pages.append(
            {
                "name": name,
                "p50": page.p50,
                "p95": page.p95,
                "n": page.n,
                "ratio": page.ratio(taken[page.floor]),
                "cpu": page.cpu,
                "cpu_ratio": page.cpu / taken[page.floor].cpu,
                "queries": None,
                "rate": _rate(name, place, server, floor_server, seconds),
            }
        )


def _rate(
    name: str, place: Scene, server: Server, floor_server: Server, seconds: float
) -> float | None:
    if name in (SEARCH, INSERT, KEEP, FILE, REPLY, "search by number"):
        return None
    port = floor_server.port if name == LIST else server.port
    paths = ["/list"] if name == LIST else place.pages[name]
    return measuring.rate(port, place.agent_cookie, paths, AT_ONCE, min(seconds / 2, 4))


def count_questions(result: Result, app: Flask, place: Scene) -> None:
    """Queries of every page that is only read."""
    for page in result.pages:
        if page["name"] in place.pages:
            paths = place.pages[page["name"]]
            page["queries"] = weight.questions(app, place.agent_cookie, paths[0])


def weigh(result: Result, place: Scene, server: Server) -> None:
    """Bytes of a first visit, and memory at rest."""
    with Client(server.port, place.agent_cookie) as client:
        found = weight.weigh(client, place.pages["queue, page 1"][0])
    result.weight = {**asdict(found), "total": found.total}
    time.sleep(2)
    workers = server.process_ids
    if len(workers) == PROCESSES:
        result.memory = {kind.lower(): megabytes(workers, kind) for kind in ("Rss", "Pss")}


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
